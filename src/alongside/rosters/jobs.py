"""What happens by the clock: whoever was asked is reminded once."""

from datetime import timedelta

from django.db.models import Q

from alongside.core import clock
from alongside.gatherings.models import Gathering, Status
from alongside.jobs.registry import every, job
from alongside.rosters import actions
from alongside.rosters.models import INVITEES


@job("rosters.remind", attempts=3)
@every(minutes=30)
def remind() -> None:
    """Once to everybody who was asked and has not said no."""
    today = clock.now().date()
    soon = Gathering.objects.filter(
        on__gte=today - timedelta(days=1),
        on__lte=today + timedelta(days=3),
        status__in=[Status.DRAFT, Status.PUBLISHED],
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
