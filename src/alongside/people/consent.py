"""What people agree to, word for word, and which wording it was."""

from django.utils.translation import gettext_lazy as _

VERSION = "2026-11"

WALL = _(
    "What you tell us is not used for enforcement or targeting. It is released only under legal process or "
    "public records law, and each release is counted in public."
)
CONTACT = _(
    "We use your address only for this, keep it apart from everything else you tell us, and delete it on the "
    "day shown. You can have it deleted sooner."
)
PARTNER = _(
    "The public sees only your organization’s name, its kind and its areas, and only while you are listed. "
    "Your contact person is seen by staff alone."
)
