"""What these tests begin with, and how they let time and workers go on."""

from __future__ import annotations

from datetime import timedelta

from alongside.core import clock
from alongside.followthrough.passing import actions
from alongside.followthrough.passing.models import Body, Speaks
from alongside.jobs import registry
from alongside.jobs.models import Job

KEY = "k3y-of-the-city"
SUMMARY = "The lamp at the bus stop is dark."
TOLD = "We passed it on to the city, which mends the lamps."
BLOCK = "400 block of Oak Street"


def a_body(agency, by=None, **more):
    key = more.pop("key", None)
    usual = {"name": "Public Works", "reached": "Call 311.", "speaks": Speaks.BY_HAND}
    return actions.set_body(Body(agency=agency, **usual | more), key=key, by=by)


def do(name):
    """Run what waits of one kind, as a worker would; what it raises is raised here."""
    for job in Job.objects.filter(name=name, state="waiting").order_by("pk"):
        Job.objects.filter(pk=job.pk).delete()
        registry.find(name).run(job, job.args)


def passed(lamp, works, by, **more):
    usual = {"service": "LIGHT", "place": BLOCK, "outcome": TOLD}
    return actions.pass_on(lamp, body=works, by=by, **usual | more)


def sent(lamp, works, by, **more):
    passing = passed(lamp, works, by, **more)
    do(actions.HANDING_OVER)
    passing.refresh_from_db()
    return passing


def later(**span):
    return clock.at(clock.now() + timedelta(**span))


def ask_now():
    return actions.ask_after(100)
