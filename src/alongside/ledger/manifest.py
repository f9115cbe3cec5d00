"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _

from alongside.core.manifest import Manifest

MANIFEST = Manifest(
    keys={"ledger": "ledger.keys.uses"},
    ledger={
        "ledger.begun": _("The ledger was begun"),
        "ledger.sealed": _("The day was signed"),
        "ledger.key_changed": _("The key was changed; the old one signed the new one"),
        "ledger.key_lost": _("The key was lost; a new one signs from here on"),
        "ledger.restored": _("The site was restored from a backup"),
    },
)
