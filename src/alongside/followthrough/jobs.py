"""What outlives a page or happens by the clock: files from before; words are deleted; whether it is so, is asked."""

from datetime import timedelta

from django.db import transaction

from alongside.agencies import retention
from alongside.core.errors import Refusal, phrase, said_by
from alongside.followthrough import actions, asking
from alongside.followthrough.models import Concern, Load, Step
from alongside.followthrough.passing import jobs as passing
from alongside.followthrough.passing.actions import forget_brought_back, forget_old
from alongside.followthrough.promises.loading import keeping
from alongside.followthrough.promises.loading.models import LoadState
from alongside.jobs.actions import GiveUp, TryLater, report
from alongside.jobs.models import Job
from alongside.jobs.registry import SLOW, every, job
from alongside.outside.readers import NotNow

__all__ = ["forget", "passing"]


@job("followthrough.forget", attempts=3)
@every(day_at="04:05")
def forget() -> None:
    """Delete the words of what is closed, and what a backup brought back; addresses stay with what is open."""
    with transaction.atomic():
        retention.certify(Concern.objects.everywhere().out_of_keeping().exclude(words="", place=""))
        retention.certify(Step.objects.everywhere().out_of_keeping().exclude(text="", words=""))
        actions.forget_words()
        actions.prolong_contacts()
        forget_old()
        actions.erase_brought_back()
        forget_brought_back()


@job("followthrough.ask_again", attempts=3)
@every(day_at="10:15")
def ask_again() -> None:
    """Whoever left an address and has not said yet whether it is so is asked once more. Every agency, by the clock."""
    asking.ask_again()


def _give_up(*, load_id: int) -> None:
    Load.objects.filter(pk=load_id, state=LoadState.WAITING).update(
        state=LoadState.FAILED,
        error=phrase("It could not be finished. Upload the file again: nothing comes twice."),
    )


@job("followthrough.load", lane=SLOW, attempts=4, limit=timedelta(hours=1), when_dead=_give_up)
def load(*, load_id: int, job: Job) -> None:
    """Keep a file that a person has looked at. After a crash it goes on where it was: what is there is known."""
    record = Load.objects.select_related("agency", "by").filter(pk=load_id).first()
    if record is None or record.state != LoadState.WAITING:
        return
    try:
        keeping.run(record, progress=lambda done, total: report(job, done=done, total=total))
    except NotNow as moment:
        raise TryLater(said_by(moment)) from moment
    except Refusal as refusal:  # no further attempt helps: the person who uploaded it reads why
        raise GiveUp(said_by(refusal)) from refusal
