"""What `alongside check` looks at here."""

from collections.abc import Iterator
from datetime import timedelta

from alongside.core import clock
from alongside.jobs.models import Job, State

LATE = timedelta(minutes=5)


def work() -> Iterator[str]:
    late = Job.objects.filter(state=State.WAITING, run_after__lt=clock.now() - LATE).count()
    if late:
        yield f"{late} jobs have waited for more than five minutes: is a worker running? (alongside serve)"
