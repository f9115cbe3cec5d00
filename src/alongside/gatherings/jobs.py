"""What happens by the clock: offers run out, people are reminded, and what residents told us is forgotten."""

from datetime import timedelta

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.core.errors import Refusal, phrase, said_by
from alongside.gatherings import actions, reminders
from alongside.gatherings.importing import keeping
from alongside.gatherings.models import Gathering, Import, ImportState, Rsvp
from alongside.jobs.actions import GiveUp, TryLater, report
from alongside.jobs.models import Job
from alongside.jobs.registry import SLOW, every, job
from alongside.outside.readers import NotNow


@job("gatherings.expire_offers", attempts=3)
@every(minutes=5)
def expire_offers() -> None:
    """Places that nobody took in time go to the next in line; each gathering in a transaction of its own.

    And nobody waits where nobody is turned away, whoever emptied the limit.
    """
    late = Rsvp.objects.overdue(clock.now()).values("gathering").distinct()
    for gathering in Gathering.objects.filter(pk__in=late):
        actions.expire_offers(gathering)
    forgotten = Rsvp.objects.kept_out_by_nothing().values("gathering").distinct()
    for gathering in Gathering.objects.filter(pk__in=forgotten):
        actions.serve_the_line(gathering)


@job("gatherings.remind", attempts=3)
@every(minutes=15)
def remind() -> None:
    """It is soon: a mail to those who come, each in a transaction of its own, each once."""
    reminders.send_due()


@job("gatherings.forget", attempts=3)
@every(day_at="03:40")
def forget() -> None:
    """Delete names, needs and addresses on the agency's day. Every agency, by the clock and for nobody's eyes."""
    actions.forget()


@job("gatherings.tell_quarters", attempts=3)
@every(day_at="04:20")
def tell_quarters() -> None:
    """Publish who came in the quarters that are due, each agency's in a transaction of its own."""
    for agency in Agency.objects.all():
        actions.tell_quarters(agency)


def give_up(*, import_id: int) -> None:
    Import.objects.filter(pk=import_id, state=ImportState.WAITING).update(
        state=ImportState.FAILED,
        error=phrase("It could not be finished. Upload the file again: nothing comes twice."),
    )


@job("gatherings.import", lane=SLOW, attempts=4, limit=timedelta(hours=1), when_dead=give_up)
def read_file(*, import_id: int, job: Job) -> None:
    """Keep a file that a person has looked at. After a crash it goes on where it was: what is there is known."""
    record = Import.objects.select_related("agency", "by").filter(pk=import_id).first()
    if record is None or record.state != ImportState.WAITING:
        return
    try:
        keeping.run(record, progress=lambda done, total: report(job, done=done, total=total))
    except NotNow as moment:
        raise TryLater(said_by(moment)) from moment
    except Refusal as refusal:  # no further attempt helps: the person who uploaded it reads why
        raise GiveUp(said_by(refusal)) from refusal
