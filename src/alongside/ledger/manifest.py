"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from alongside.core.manifest import Command, Manifest, MenuLine, NeedKind

MANIFEST = Manifest(
    workspace_menu=(
        MenuLine("ledger:key", _("Key of the public ledger"), 285, ("records_officer",), "records"),
    ),
    public=("ledger:ledger", "ledger:entries", "ledger:file"),
    data=("ledger.tables.HEADS",),
    commands=(Command("ledger", "ledger.commands", reads_files_only=("verify",)),),
    needs=(
        NeedKind(
            "ledger.lost_key",
            "ledger.needs.lost_key",
            title=_("The key of the public ledger was lost"),
            counted=ngettext_lazy("%(n)d key to confirm", "%(n)d keys to confirm", "n"),
            button=_("Look at the new key"),
            view="ledger:key",
            roles=("records_officer",),
        ),
        NeedKind(
            "ledger.not_signed",
            "ledger.needs.not_signed",
            title=_("Days of the public ledger are not signed"),
            counted=ngettext_lazy(
                "%(n)d ledger that is not signed", "%(n)d ledgers that are not signed", "n"
            ),
            button=_("Look why"),
            view="ledger:key",
            roles=("records_officer",),
        ),
    ),
    keys={"ledger": "ledger.keys.uses"},
    takes={"ledger.jsonl": "ledger.queries.lines"},
    checks={"ledger": "ledger.checks.look"},
    ledger={
        "ledger.begun": _("The ledger was begun"),
        "ledger.sealed": _("The day was signed"),
        "ledger.key_changed": _("The key was changed; the old one signed the new one"),
        "ledger.key_lost": _("The key was lost; a new one signs from here on"),
        "ledger.key_confirmed": _("The agency stands by its new key"),
        "ledger.restored": _("The site was restored from a backup"),
    },
)
