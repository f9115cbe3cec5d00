"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.manifest import Command, Manifest, Purpose

MANIFEST = Manifest(
    commands=(Command("agency", "agencies.commands"),),
    bearers=(
        Purpose("invitation", _("An invitation to make an account"), "agencies.actions.behind_invitations"),
    ),
    details={"ended": pgettext_lazy("detail", "links and passes ended")},
)
