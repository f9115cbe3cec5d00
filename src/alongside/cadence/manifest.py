"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.manifest import Manifest, MenuLine, RecordKind, Rows

MANIFEST = Manifest(
    workspace_menu=(
        MenuLine("cadence:handovers", _("Handing over"), 140, ("coordinator", "commander"), "follow"),
    ),
    details={
        "first": pgettext_lazy("detail", "first day"),
        "last": pgettext_lazy("detail", "last day"),
        "promises": pgettext_lazy("detail", "promises"),
    },
    records=(
        RecordKind(
            "cadence.pauses",
            pgettext_lazy("records", "Pauses"),
            _("Weeks or months that we left out, each with its public reason."),
            (Rows("cadence.Pause", since="said_at"),),
        ),
    ),
)
