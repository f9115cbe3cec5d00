"""What people agree to, word for word, and which wording it was."""

from django.utils.translation import gettext_lazy as _

VERSION = "2026-11-30"

WALL = _(
    "What you tell us is not used for enforcement or targeting. It is released only under legal process or "
    "public records law, and each release is counted in public."
)
CONTACT = _(
    "We use your address only for this, and keep it apart from everything else you tell us. We keep it as long as "
    "what you told us is open, and delete it %(days)s days after the last day on which we ask you whether it is so. "
    "You can have it deleted sooner."
)
PARTNER = _(
    "The public sees only your organization’s name, its kind and its areas, and only while you are listed. "
    "Your contact person is seen by staff alone."
)
