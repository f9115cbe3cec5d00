"""How often places may be asked for: whoever asks and takes none, again and again, would read the others' answers.

A form is answered by what is so at that moment, as it must be. So each asking that leaves nothing behind is counted,
and after some of them in a day the answer is the same, however many places are left. Nobody goes without a place for
it: whoever is willing to wait in line gets theirs at once where there are any. docs/methods/places.md
"""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from alongside.core import doors, networks
from alongside.core.errors import Refusal
from alongside.gatherings.models import Gathering, Rsvp

A_DAY = 24 * 60 * 60
REFUSALS = 20
"""So often a network is refused at one gathering in a day for what places there are."""
CHANGES = 12
"""So often one answer asks for places in a day."""


class AskedTooOften(Refusal):
    """One answer asks for more places, gives them back, and asks again."""


def is_unseen(request: HttpRequest, gathering: Gathering) -> bool:
    """Whether this network was refused so often that it is told no more of what places there are."""
    return doors.count_of(_refused(request, gathering)) >= REFUSALS


def was_refused(request: HttpRequest, gathering: Gathering) -> None:
    """Count that it was."""
    doors.counted(_refused(request, gathering), A_DAY)


def _refused(request: HttpRequest, gathering: Gathering) -> str:
    return f"refused:{gathering.key}:{networks.household(doors.address(request))}"


def asks(rsvp: Rsvp) -> None:
    """Count that an answer asks for places, whether it gets them or not."""
    if doors.counted(f"asks:{rsvp.key}", A_DAY) > CHANGES:
        raise AskedTooOften(
            _(
                "This answer was changed very often today, and asks for no more places until tomorrow. You can still "
                "come with fewer people, or say that you cannot come."
            )
        )
