"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _

from alongside.core.manifest import Command, Manifest

MANIFEST = Manifest(
    public=("ledger:ledger", "ledger:entries", "ledger:file"),
    data=("ledger.tables.HEADS",),
    commands=(Command("ledger", "ledger.commands", reads_files_only=("verify",)),),
    keys={"ledger": "ledger.keys.uses"},
    checks={"ledger": "ledger.checks.look"},
    ledger={
        "ledger.begun": _("The ledger was begun"),
        "ledger.sealed": _("The day was signed"),
        "ledger.key_changed": _("The key was changed; the old one signed the new one"),
        "ledger.key_lost": _("The key was lost; a new one signs from here on"),
        "ledger.restored": _("The site was restored from a backup"),
    },
)
