"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _

from alongside.core.manifest import THIS_WEEK, Manifest, MenuLine, Panel

MANIFEST = Manifest(
    workspace_menu=(
        MenuLine("outreach:mail", _("Mail"), 240, ("coordinator", "information_officer"), "agency"),
        MenuLine("outreach:work", _("Background work"), 250, ("administrator",), "agency"),
    ),
    letters={"outreach.own": "outreach.letters.own"},
    panels=(Panel(THIS_WEEK, 5, made_by="outreach.panels.down", template="outreach/_down.html"),),
    checks={"mail": "outreach.health.mail"},
)
