"""What happens behind the page: a look at the whole city, and, by the clock, the end of what residents wrote."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from alongside.agencies.models import Agency, User
from alongside.core.errors import Refusal, said_by
from alongside.core.stores import Unreachable
from alongside.hotspots import actions
from alongside.hotspots.models import Evaluation, Run
from alongside.jobs.actions import GiveUp, TryLater, report
from alongside.jobs.models import Job
from alongside.jobs.registry import SLOW, every, job

LOOK, EVALUATE = "hotspots.look", "hotspots.evaluate"


@job(LOOK, lane=SLOW, attempts=3, limit=timedelta(minutes=30))
def look(
    *,
    public_id: str,
    first: str | None,
    last: str | None,
    layer: str,
    resolution: int | None,
    undated: bool,
    by_id: int,
    job: Job,
) -> None:
    """A run, as it was asked for on the page. Begun again after a crash, it is the same run."""
    agency = _agency(job)
    if Run.objects.filter(agency=agency, public_id=public_id).exists():
        return
    window = (date.fromisoformat(first), date.fromisoformat(last)) if first and last else None
    with _said_to_whoever_asked():
        actions.run(
            agency,
            window=window,
            layer=layer,
            resolution=resolution,
            undated=undated,
            by=User.objects.filter(pk=by_id).first(),
            public_id=public_id,
            progress=lambda done, of: report(job, done=done, total=of),
        )


@job(EVALUATE, lane=SLOW, attempts=3, limit=timedelta(minutes=30))
def evaluate(*, public_id: str, layer: str, by_id: int, job: Job) -> None:
    """The method on the agency's own history. Begun again after a crash, it is the same evaluation."""
    agency = _agency(job)
    if Evaluation.objects.filter(agency=agency, public_id=public_id).exists():
        return
    with _said_to_whoever_asked():
        actions.evaluate(
            agency,
            layer=layer,
            by=User.objects.filter(pk=by_id).first(),
            public_id=public_id,
            progress=lambda done, of: report(job, done=done, total=of),
        )


def _agency(job: Job) -> Agency:
    assert job.agency_id is not None  # whoever asks does so at an agency
    return Agency.objects.get(pk=job.agency_id)


@contextmanager
def _said_to_whoever_asked() -> Iterator[None]:
    """A refusal ends the job and is read on its page, since no further attempt helps; a silent store is waited for."""
    try:
        yield
    except Unreachable as moment:
        raise TryLater(said_by(moment)) from moment
    except Refusal as refusal:
        raise GiveUp(said_by(refusal)) from refusal


@job("hotspots.forget", attempts=3)
@every(day_at="04:00")
def forget() -> None:
    """Delete the words of answered petitions. Every agency, by the clock and for nobody's eyes."""
    actions.forget_petitions()
