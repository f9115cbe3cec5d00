"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _

from alongside.core.manifest import THIS_WEEK, Manifest, MenuLine, Panel, Purpose

MANIFEST = Manifest(
    workspace_menu=(
        MenuLine("rosters:coming", _("Who comes"), 30, ("coordinator", "commander", "officer"), "walks"),
        MenuLine("rosters:mine", _("My invitations"), 40, group="walks"),
    ),
    public=("rosters:answer", "rosters:partner"),
    bearers=(
        Purpose("roster", _("An answer to a roster"), "rosters.actions.behind_posts"),
        Purpose("partner-roster", _("A partner’s answer"), "rosters.actions.behind_invitations"),
    ),
    proposes={"scribe": "rosters.queries.scribes_of"},
    hears={
        "gatherings.on_change": "rosters.actions.tell_what_changed",
        "people.on_let_go": "rosters.letters.forget",
    },
    panels=(Panel(THIS_WEEK, 20, made_by="rosters.panels.asked", template="rosters/_can_you_come.html"),),
)
