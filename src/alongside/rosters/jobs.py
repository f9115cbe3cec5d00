"""What happens by the clock: whoever was asked is reminded once."""

from django.db.models import Q

from alongside.gatherings.models import Gathering, Status
from alongside.jobs.registry import every, job
from alongside.rosters import actions
from alongside.rosters.models import INVITEES
from alongside.rosters.timing import REMIND_BEFORE


@job("rosters.remind", attempts=3)
@every(minutes=30)
def remind() -> None:
    """Once to everybody who was asked and has not said no."""
    soon = Gathering.objects.filter(status__in=[Status.DRAFT, Status.PUBLISHED]).to_begin(
        within=REMIND_BEFORE
    )
    waiting = Q()
    for kind in INVITEES:
        waiting |= Q(pk__in=kind.objects.asked().filter(reminded_at=None).values("gathering"))
    for gathering in soon.filter(waiting).order_by("pk"):
        actions.remind(gathering)


@job("rosters.forget_words", attempts=3)
@every(day_at="03:55")
def forget_words() -> None:
    """Delete what partners wanted to talk about, and why somebody was away, once it is long over."""
    actions.forget_words()
