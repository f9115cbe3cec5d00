"""What this room does in the background."""

from datetime import timedelta

from alongside.agencies.models import Agency, User
from alongside.core.errors import Refusal, said_by
from alongside.core.stores import Unreachable
from alongside.jobs.actions import GiveUp, TryLater
from alongside.jobs.models import Job
from alongside.jobs.registry import SLOW, every, job
from alongside.outside.readers import NotNow
from alongside.places import actions, staging

IMPORT_STREETS = "places.import_streets"


@job(IMPORT_STREETS, lane=SLOW, attempts=3, limit=timedelta(minutes=30))
def import_streets(*, staged: str, by_id: int, job: Job) -> None:
    """Read an uploaded extract. After a crash it is read again: the last one kept is the current one."""
    assert job.agency_id is not None  # whoever uploads does so at an agency
    agency = Agency.objects.get(pk=job.agency_id)
    try:
        upload = staging.find(agency, staged)
        by = User.objects.filter(pk=by_id).first()
        actions.import_streets(agency, upload.path, file_name=upload.name, by=by)
    except (NotNow, Unreachable) as moment:
        raise TryLater(said_by(moment)) from moment
    except Refusal as refusal:  # no further attempt helps: the person who uploaded it reads why
        raise GiveUp(said_by(refusal)) from refusal
    upload.discard()


@job("places.sweep_uploads")
@every(day_at="03:30")
def sweep_uploads() -> None:
    """Uploads nobody confirmed do not stay."""
    staging.sweep()
