"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.manifest import Manifest, RecordKind, Rows

MANIFEST = Manifest(
    records=(
        RecordKind(
            "voices.marks",
            pgettext_lazy("records", "Marks of devices"),
            _("By which each device is counted once. They say nothing of whose it is."),
            (Rows("voices.Voice", since="spoken_at", keys=("matter__about",), agency="matter__agency"),),
            clock="voices.jobs.forget",
            by_days=False,
        ),
    ),
)
