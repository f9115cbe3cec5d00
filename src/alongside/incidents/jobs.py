"""What incidents does in the background."""

from datetime import timedelta

from alongside.core.errors import phrase, said_by
from alongside.incidents import actions
from alongside.incidents.models import Import, State
from alongside.jobs.actions import TryLater, report
from alongside.jobs.models import Job
from alongside.jobs.registry import SLOW, every, job


def give_up(*, import_id: int) -> None:
    Import.objects.filter(pk=import_id).exclude(state=State.DONE).update(
        state=State.FAILED, error=phrase("The import could not be finished. Import the files again.")
    )


@job("incidents.import", lane=SLOW, limit=timedelta(hours=3), when_dead=give_up)
def read_files(*, import_id: int, job: Job) -> None:
    """Read uploaded files into the lake. After a crash the whole of it is done again, and counts once."""
    record = Import.objects.filter(pk=import_id).select_related("agency", "by").first()
    if record is None:  # taken away while it waited
        return
    try:
        actions.run_uploaded(record, progress=lambda share: report(job, done=int(share * 100), total=100))
    except actions.AnotherImportIsRunning as busy:
        raise TryLater(said_by(busy), after=timedelta(seconds=20)) from busy


@job("incidents.forget-drafts")
@every(hours=6)
def forget_drafts() -> None:
    """Uploads nobody went on with do not stay."""
    actions.forget_old_drafts()
