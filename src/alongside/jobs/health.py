"""What `alongside check` looks at here, and what `/healthz` asks."""

from collections.abc import Iterator
from datetime import timedelta

from alongside.core import clock
from alongside.jobs.actions import SILENT
from alongside.jobs.models import Job, State, WorkerSeen

LATE = timedelta(minutes=5)


def a_worker_is_here() -> bool:
    """Whether one has lately written that it is. One question to the database."""
    return WorkerSeen.objects.filter(seen_at__gte=clock.now() - SILENT).exists()


def work() -> Iterator[str]:
    late = Job.objects.filter(state=State.WAITING, run_after__lt=clock.now() - LATE).count()
    if late:
        yield f"{late} jobs have waited for more than five minutes: is a worker running? (alongside serve)"
    gone = WorkerSeen.objects.order_by("-seen_at").first()
    if gone is not None and not a_worker_is_here():
        minutes = (clock.now() - gone.seen_at) // timedelta(minutes=1)
        yield f"no worker has given a sign of life for {minutes} minutes, and none was told to stop: look at its log"
