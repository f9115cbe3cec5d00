"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.manifest import Manifest, RecordKind, Rows

MANIFEST = Manifest(
    public=("media:picture",),
    readers={"picture": "media.drawing.PICTURE"},
    records=(
        RecordKind(
            "media.photos",
            pgettext_lazy("records", "Photos"),
            _("Pictures of places, taken on a walk."),
            (
                Rows(
                    "media.Picture",
                    since="received_at",
                    keys=("origin", "came_by"),
                    ids={"picture": "public_id"},
                ),
            ),
            counted=_("the day on which it was taken, where nobody has cleared it"),
            clock="media.jobs.sweep",
        ),
    ),
)
