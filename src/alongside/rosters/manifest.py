"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _

from alongside.core.manifest import Manifest, Part, Way

MANIFEST = Manifest(
    workspace_menu=(
        Way("rosters:coming", _("Who comes"), 30, ("coordinator", "commander", "officer"), "walks"),
        Way("rosters:mine", _("My invitations"), 40, group="walks"),
    ),
    public=("rosters:answer", "rosters:partner"),
    hears={"gatherings.on_change": "rosters.actions.tell_what_changed"},
    parts=(Part("this week", 20, made_by="rosters.parts.asked", template="rosters/_can_you_come.html"),),
)
