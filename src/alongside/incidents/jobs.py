"""What incidents does in the background."""

from datetime import timedelta

from alongside.core.errors import said_by
from alongside.core.stores import Unreachable
from alongside.incidents import actions
from alongside.incidents.models import Import
from alongside.jobs.actions import TryLater, report
from alongside.jobs.models import Job
from alongside.jobs.registry import SLOW, every, job
from alongside.outside.readers import NotNow


def give_up(*, import_id: int) -> None:
    for record in Import.objects.filter(pk=import_id):
        actions.give_up(record)


@job("incidents.import", lane=SLOW, limit=timedelta(hours=3), when_dead=give_up)
def read_files(*, import_id: int, job: Job) -> None:
    """Read uploaded files into the lake. After a crash the whole of it is done again, and counts once."""
    record = Import.objects.filter(pk=import_id).select_related("agency", "by").first()
    if record is None:  # taken away while it waited
        return
    try:
        actions.run_uploaded(record, progress=lambda share: report(job, done=int(share * 100), total=100))
    except actions.AnotherImportIsRunning as busy:  # an hour, perhaps: waiting for it is no attempt
        raise TryLater(said_by(busy), after=timedelta(seconds=20), counts=False) from busy
    except (NotNow, Unreachable) as moment:
        raise TryLater(said_by(moment)) from moment


@job("incidents.forget-drafts")
@every(hours=6)
def forget_drafts() -> None:
    """Uploads nobody went on with do not stay."""
    actions.forget_old_drafts()
