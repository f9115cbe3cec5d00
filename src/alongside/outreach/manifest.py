"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _

from alongside.core.manifest import Manifest, MenuLine

MANIFEST = Manifest(
    workspace_menu=(
        MenuLine("outreach:mail", _("Mail"), 240, ("coordinator", "information_officer"), "agency"),
        MenuLine("outreach:work", _("Background work"), 250, ("administrator",), "agency"),
    ),
    letters={"outreach.own": "outreach.letters.own"},
    checks={"mail": "outreach.health.mail"},
)
