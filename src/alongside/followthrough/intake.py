"""Take in what somebody tells us themselves: on this site, on paper, by phone, or by a partner who brings it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies.models import Agency, User
from alongside.core.care.patterns import Sign
from alongside.followthrough import actions
from alongside.followthrough.actions import Intake, Received
from alongside.followthrough.models import Withheld
from alongside.followthrough.writing import NotNow

# An officer first: whoever is complained about may look into the crime.
APART = (Withheld.OFFICER, Withheld.CRIME)


def why_apart(signs: Iterable[Sign]) -> str:
    """Why words are not handled here, by the signs that they show; nothing, where they may be."""
    holds = {sign.hold for sign in signs}
    return next((str(reason) for reason in APART if reason in holds), "")


@transaction.atomic
def take(
    agency: Agency, said: Intake, *, key: str, withheld: str = "", email: str = "", by: User | None = None
) -> Received:
    """Write it down, once for each key, and keep the address apart. Raises NotNow where its codes were all given out.

    What is set apart keeps no address: nothing follows from here of which we could write.
    """
    received = actions.receive(agency, said, key=key, withheld=withheld, by=by)
    if not received.code:
        raise NotNow(_("You sent this before, and it is written down once. You have its code already."))
    if email and received.new and not withheld:
        actions.leave_contact(received.concern, email=email, language=said.language)
    return received
