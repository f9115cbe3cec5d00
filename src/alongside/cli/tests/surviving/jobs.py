"""Jobs whose effects can be counted from outside."""

import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from alongside.agencies import audit
from alongside.agencies.models import Agency
from alongside.cli.tests.surviving.urls import regex_bomb
from alongside.jobs.actions import report
from alongside.jobs.models import Job
from alongside.jobs.registry import SLOW, job


@job("surviving.mark", attempts=50, atomic=True)
def mark(*, number: int) -> None:
    """A row, in the transaction that says the job is done."""
    agency = Agency.objects.get(slug="riverbend")
    audit.record(agency=agency, by=None, verb=f"mark {number}", thing=agency)
    time.sleep(0.01)


@job("surviving.long", attempts=50, lane=SLOW)
def long(*, seconds: float, job: Job) -> None:
    """Takes long, and says so; its one line is written at the very end."""
    steps = int(seconds * 10)
    for step in range(steps):
        time.sleep(0.1)
        report(job, done=step + 1, total=steps)
    with Path(settings.DATA, "long.txt").open("a") as file:
        file.write("done\n")


@job("surviving.hang", attempts=2, lane=SLOW, limit=timedelta(seconds=1))
def hang() -> None:
    """Never ends by itself."""
    time.sleep(3600)


@job("surviving.bomb", attempts=2, lane=SLOW)
def bomb() -> None:
    """Never ends by itself, and lets no other thread run."""
    regex_bomb()
