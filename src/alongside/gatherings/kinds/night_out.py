"""The first Tuesday of August, on every block at once."""

from django.utils.translation import gettext_lazy as _

from alongside.gatherings.kind import Kind

NIGHT_OUT = Kind(
    "night_out",
    _("National Night Out"),
    at=60,
    titles=r"national night out|\bn\.?n\.?o\b|noche nacional",
    guessed=10,
)
