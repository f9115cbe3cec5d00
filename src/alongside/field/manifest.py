"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _

from alongside.core.manifest import THIS_WEEK, Manifest, MenuLine, Panel

MANIFEST = Manifest(
    workspace_menu=(MenuLine("field:desk", _("What was heard"), 50, ("coordinator", "commander"), "walks"),),
    public=(
        "field:phone",
        "field:phone-worker",
        "field:phone-manifest",
        "field:way",
        "field:kit",
        "field:items",
        "field:photos",
        "field:partner-look-back",
        "field:recap",
    ),
    panels=(Panel(THIS_WEEK, 40, made_by="field.panels.to_settle", template="field/_to_settle.html"),),
    hears={
        "followthrough.on_erase": "field.actions.nobody_must_look",
        "followthrough.on_release": "field.actions.nobody_must_look",
        "gatherings.on_change": "field.origins.follow",
    },
)
