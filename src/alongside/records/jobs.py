"""What this room does in the background: gather, write, and delete what is over."""

from datetime import timedelta

from alongside.core.errors import Refusal, said_by
from alongside.core.stores import Unreachable
from alongside.jobs.actions import GiveUp, TryLater
from alongside.jobs.registry import SLOW, every, job
from alongside.records import actions, personal
from alongside.records.models import RecordsRequest


@job(actions.DRAFT, lane=SLOW, attempts=3, limit=timedelta(hours=2))
def draft(*, request_id: int) -> None:
    """Gather what a request asks for. After a crash it is gathered anew."""
    request = RecordsRequest.objects.select_related("agency").filter(pk=request_id).first()
    if request is not None:
        actions.draft(request)


@job(actions.WRITE, lane=SLOW, attempts=3, limit=timedelta(hours=2))
def write(*, request_id: int) -> None:
    """Write the file of a request. After a crash it is written anew."""
    request = RecordsRequest.objects.select_related("agency").filter(pk=request_id).first()
    if request is not None:
        try:
            actions.write(request)
        except Unreachable as moment:
            raise TryLater(said_by(moment)) from moment
        except Refusal as refusal:
            raise GiveUp(said_by(refusal)) from refusal


@job("records.sweep", attempts=3)
@every(day_at="04:50")
def sweep() -> None:
    """Delete exports whose day is over; erase what people asked for while a hold forbade it."""
    actions.sweep()
    personal.erase_what_waited()
