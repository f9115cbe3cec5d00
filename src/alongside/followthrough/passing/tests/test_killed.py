"""Killed (kill -9, no goodbye) while it hands over, or while it loads the past: nothing goes twice, nothing is lost."""

from __future__ import annotations

import os
import signal
import time
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from alongside.core import clock
from alongside.followthrough.models import Load, Loaded, Promise, State
from alongside.followthrough.passing import actions
from alongside.followthrough.passing.models import Passing, Sending
from alongside.followthrough.passing.tests.cast import do, passed
from alongside.followthrough.promises.loading import keeping
from alongside.jobs import actions as jobs
from alongside.jobs import registry
from alongside.jobs.models import Job
from alongside.jobs.worker import run
from alongside.ledger.models import Entry
from alongside.places import staging

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.heavy, pytest.mark.database]


def apart(work) -> int:
    """Do it in a process of its own; returns its number. It shares no connection with ours."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(1)
    return child


def ended(child: int) -> int:
    """By which signal it went."""
    _pid, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def a_worker_takes(name: str) -> None:
    """As a worker does: claimed for so long, and done."""
    job = jobs.claim(lane=registry.find(name).lane, worker="apart")
    assert job is not None
    assert job.name == name
    run(job)


@pytest.fixture
def dies(city):
    """dies(after=True): the worker that calls the city is killed while the city has its call."""
    child: list[int] = []

    def kill(_handler):
        while not child:
            time.sleep(0.01)
        os.kill(child[0], signal.SIGKILL)

    def during(*, after: bool) -> None:
        faults = city.after if after else city.faults
        faults["POST", "requests"] = kill
        child.append(apart(lambda: a_worker_takes(actions.HANDING_OVER)))
        assert ended(child[0]) == signal.SIGKILL
        faults.clear()

    return during


@pytest.mark.parametrize("after", [True, False], ids=["it had arrived", "it had not"])
def test_whoever_hands_over_is_killed_and_it_goes_once_at_most_until_a_person_has_looked(
    city, works, lamp, ada, dies, after
):
    passing = passed(lamp, works, ada)
    dies(after=after)
    assert Passing.objects.get(pk=passing.pk).state == Sending.SENDING, "the premise: in the middle"
    with clock.at(clock.now() + timedelta(hours=1)):  # its lease is over, and another worker goes on
        a_worker_takes(actions.HANDING_OVER)
        passing.refresh_from_db()
        assert passing.state == Sending.UNCLEAR
        for row in city.reports.values():
            row["requested_datetime"] = clock.now().isoformat()
        do(actions.LOOKING)
    passing.refresh_from_db()
    assert passing.maybe == (["1234"] if after else [])
    assert len(city.forms()) == 1, "sent once"
    lamp.refresh_from_db()
    assert lamp.is_open
    if after:
        actions.it_arrived(passing, number="1234", by=ada)
    else:
        actions.send_again(passing, by=ada)
        do(actions.HANDING_OVER)
    lamp.refresh_from_db()
    passing.refresh_from_db()
    assert (lamp.state, passing.state) == (State.PASSED, Sending.SENT)
    assert len(city.reports) == 1
    assert Entry.objects.filter(kind="concern.closed").count() == 1


def test_whoever_loads_the_past_is_killed_and_each_row_is_there_once(riverbend, ada):
    head = "Promise,Owner,Date promised,Due date,Status,What came of it,Closed on"
    rows = [f"Promise {n},Ann,2021-03-04,2021-05-01,Done,Yes.,2021-04-20" for n in range(120)]
    sheet = SimpleUploadedFile("past.csv", "\n".join([head, *rows]).encode())
    staged = staging.keep(riverbend, sheet)
    load = keeping.begin(riverbend, staged, keeping.read_staged(riverbend, staged), released=True, by=ada)

    def until_the_power_goes() -> None:
        jobs.claim(lane=registry.find("followthrough.load").lane, worker="apart")
        keeping.run(load, progress=lambda done, _all: done < 100 or os.kill(os.getpid(), signal.SIGKILL))

    assert ended(apart(until_the_power_goes)) == signal.SIGKILL
    assert 0 < Promise.objects.count() < 120, "the premise: in the middle"
    assert Job.objects.filter(name="followthrough.load").exists(), "somebody goes on"
    with clock.at(clock.now() + timedelta(hours=1)):
        a_worker_takes("followthrough.load")
    assert Promise.objects.count() == Loaded.objects.count() == 120
    assert Entry.objects.filter(kind="promise.loaded").count() == 120
    load = Load.objects.get(pk=load.pk)
    assert (load.state, load.total) == ("done", 120)
