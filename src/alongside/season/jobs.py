"""What this room does in the background."""

from datetime import timedelta

from alongside.core.errors import Refusal, said_by
from alongside.core.stores import Unreachable
from alongside.jobs.actions import GiveUp, TryLater, report
from alongside.jobs.models import Job
from alongside.jobs.registry import SLOW, job
from alongside.season import redraws
from alongside.season.models import Redraws


@job(redraws.REDRAW, lane=SLOW, attempts=4, limit=timedelta(hours=3))
def redraw(*, redraws_id: int, job: Job) -> None:
    """Draw a season a thousand times. After a crash it is drawn again, to the same draws; what is done is done."""
    asked = (
        Redraws.objects.select_related("agency", "season__agency", "asked_by").filter(pk=redraws_id).first()
    )
    if asked is None:
        return
    try:
        redraws.make(asked, progress=lambda done, total: report(job, done=done, total=total))
    except Unreachable as moment:
        raise TryLater(said_by(moment)) from moment
    except Refusal as refusal:
        raise GiveUp(said_by(refusal)) from refusal
