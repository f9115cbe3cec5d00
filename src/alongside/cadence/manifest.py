"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _

from alongside.core.manifest import Manifest, MenuLine

MANIFEST = Manifest(
    workspace_menu=(
        MenuLine("cadence:handovers", _("Handing over"), 200, ("coordinator", "commander"), "places"),
    ),
)
