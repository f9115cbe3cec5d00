"""What happens by the clock: offers run out, people are reminded, and what residents told us is forgotten."""

from datetime import timedelta

from alongside.core import clock
from alongside.gatherings import actions, reminders
from alongside.gatherings.models import Gathering, Rsvp
from alongside.jobs.registry import every, job


@job("gatherings.expire_offers", attempts=3)
@every(minutes=5)
def expire_offers() -> None:
    """Places that nobody took in time go to the next in line; each gathering in a transaction of its own."""
    late = Rsvp.objects.overdue(clock.now()).values("gathering").distinct()
    for gathering in Gathering.objects.filter(pk__in=late):
        actions.expire_offers(gathering)


@job("gatherings.remind", attempts=3)
@every(minutes=15)
def remind() -> None:
    """It is soon: a mail to those who come, each in a transaction of its own, each once."""
    reminders.send_due()


@job("gatherings.forget", attempts=3)
@every(day_at="03:40")
def forget() -> None:
    """Delete names, needs and contacts on the agency's day. Every agency, by the clock and for nobody's eyes."""
    yesterday = clock.now().date() - timedelta(days=1)
    remembered = Rsvp.objects.filter(forgotten_at__isnull=True).values("gathering")
    for gathering in Gathering.objects.filter(pk__in=remembered, on__lte=yesterday).select_related("agency"):
        actions.forget(gathering)
