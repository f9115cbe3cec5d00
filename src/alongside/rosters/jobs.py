"""What happens by the clock: who was asked hears of changes, is reminded once, and old links are deleted."""

from datetime import timedelta

from django.db.models import F, Q

from alongside.core import clock
from alongside.gatherings.models import Gathering, Status
from alongside.jobs.registry import every, job
from alongside.rosters import actions, partnering
from alongside.rosters.models import PartnerInvitation, Post


@job("rosters.tell_changes", attempts=3)
@every(minutes=5)
def notify_of_changes() -> None:
    """Whoever was asked hears that it moved or is off; each gathering in a transaction of its own."""
    for gathering in _changed():
        actions.notify_of_changes(gathering)
        partnering.notify_of_changes(gathering)


def _changed() -> list[Gathering]:
    """Gatherings of which somebody who was asked has not heard the latest."""
    since = clock.now().date() - timedelta(days=1)
    unheard = Q(told_of=None) | ~Q(told_of=F("gathering__changed_at"))
    posts = Post.objects.asked().filter(unheard, gathering__on__gte=since).values("gathering")
    partners = PartnerInvitation.objects.asked().filter(unheard, gathering__on__gte=since).values("gathering")
    return list(Gathering.objects.filter(Q(pk__in=posts) | Q(pk__in=partners)).order_by("pk"))


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
    waiting = Q(pk__in=Post.objects.asked().filter(reminded_at=None).values("gathering")) | Q(
        pk__in=PartnerInvitation.objects.asked().filter(reminded_at=None).values("gathering")
    )
    for gathering in soon.filter(waiting).order_by("pk"):
        actions.remind(gathering)
        partnering.remind(gathering)


@job("rosters.forget_links", attempts=3)
@every(day_at="03:50")
def forget_links() -> None:
    """Delete the links that open nothing any more."""
    actions.forget_links()
