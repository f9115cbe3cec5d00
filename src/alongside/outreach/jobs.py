"""What outreach does in the background."""

from contextlib import suppress
from datetime import timedelta

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.core.errors import phrase, said_by
from alongside.core.origins import Origin
from alongside.jobs.actions import TryLater
from alongside.jobs.registry import MAIL, OUTSIDE, every, job
from alongside.outreach import actions, returns
from alongside.outreach.models import Mail
from alongside.outreach.subscriptions import actions as subscriptions
from alongside.outreach.subscriptions.models import Happening
from alongside.outside import mailbox
from alongside.outside.errors import Away, Resting
from alongside.outside.smtp import Temporary


def give_up(*, mail_id: int) -> None:
    for mail in Mail.objects.waiting().filter(pk=mail_id):
        actions.mark_failed(mail, mail.error or phrase("It could not be delivered."))


# Ten attempts over some three hours: longer than greylisting, shorter than a night.
@job("outreach.deliver", attempts=10, backoff=timedelta(seconds=30), lane=MAIL, when_dead=give_up)
def deliver(*, mail_id: int) -> None:
    """Bring one mail to the mail server. A mail that is no longer waiting was sent by an attempt that died.

    Where others to the same address come before it, they hand the line on to it.
    """
    try:
        actions.deliver(mail_id)
    except Resting as not_asked:
        raise TryLater(said_by(not_asked), after=not_asked.until - clock.now(), counts=False) from not_asked
    except (Temporary, Away) as not_now:
        raise TryLater(said_by(not_now)) from not_now


@job("outreach.sweep")
@every(minutes=10)
def sweep() -> None:
    """Mail that was written while no mail server was set up, and mail that has grown old."""
    actions.sweep()


@job("outreach.read_returns", attempts=1, lane=OUTSIDE, limit=timedelta(minutes=20))
@every(minutes=5)
def read_returns() -> None:
    """Mail that came back says which addresses are dead.

    A mailbox that does not answer is asked at the next look; that it does not, the workspace says by itself.
    """
    box = mailbox.box()
    if box is not None:
        with suppress(Away):
            mailbox.read(box, returns.look_after, at_most=200)


@job("outreach.look_again")
def look_again(*, at: int, key_of_what: str) -> None:
    """Something was called off, moved or answered: what waits about it and is true no longer is withdrawn."""
    actions.look_at(at, Origin.of(key_of_what))


@job("outreach.look_at_all")
@every(hours=1)
def look_at_all() -> None:
    """A day is over, an offer has ended: what waits and is true no longer is withdrawn."""
    actions.look_at_all()


@job("outreach.erase")
@every(hours=6)
def erase() -> None:
    """Addresses are kept as long as the agency says, and no longer."""
    actions.erase()


@job("outreach.tell_news")
@every(minutes=15)
def tell_news() -> None:
    """What happened since is told to those who follow it: at each agency that has something due.

    Some hundreds of readers a time: what else is due, such as an offer of a place, comes between.
    """
    due = Happening.objects.everywhere().due().values("agency").distinct()
    for agency in Agency.objects.filter(pk__in=due):
        subscriptions.bring(agency)


@job("outreach.forget_subscriptions")
@every(day_at="03:30")
def forget_subscriptions() -> None:
    """Addresses whose day is over, and digests of those that we were made to write to."""
    subscriptions.forget()
