"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _

from alongside.core.manifest import Manifest, Way

MANIFEST = Manifest(
    workspace_menu=(
        Way("outreach:mail", _("Mail"), 240, ("coordinator", "information_officer"), "agency"),
        Way("outreach:work", _("Background work"), 250, ("administrator",), "agency"),
    ),
    checks={"mail": "outreach.health.mail"},
    erases={"outreach.Mail": "outreach.jobs.erase"},
)
