"""A worker gives signs of life as long as each of its threads can turn, however long a job takes."""

import sqlite3
import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError

from alongside.core import clock
from alongside.core.pulse import PULSE
from alongside.jobs import actions, health, worker
from alongside.jobs.models import Job, WorkerSeen
from alongside.jobs.worker import Worker


class Ended(Exception):
    pass


@pytest.fixture
def signs(monkeypatch):
    """How many signs of life were given. A worker that would end itself is caught."""
    given = []

    def end(why):
        raise Ended(why)

    monkeypatch.setattr(PULSE, "beat", lambda: given.append(1))
    monkeypatch.setattr(PULSE, "end", end)
    return given


@pytest.fixture
def thread():
    over = threading.Event()
    thread = threading.Thread(target=over.wait, name="quick", daemon=True)
    thread.start()
    yield thread
    over.set()
    thread.join()


@pytest.fixture
def mine():
    return Worker(name="here:1")


def test_threads_that_turn_are_well(mine, thread, signs):
    mine._watch([thread])
    assert signs == [1]


def test_a_long_job_does_not_look_dead(mine, thread, signs):
    mine._turned[thread.ident] = time.monotonic() - 10 * worker.STILL
    mine._running[thread.ident] = object()
    mine._watch([thread])
    assert signs == [1]


def test_a_thread_that_stands_still_without_a_job_is(mine, thread, signs):
    mine._turned[thread.ident] = time.monotonic() - worker.STILL - 1
    with pytest.raises(Ended, match="quick has stood still for 121 s"):
        mine._watch([thread])
    assert signs == []


def test_a_lane_whose_thread_has_ended_is_dead(mine, signs):
    thread = threading.Thread(target=int, name="mail")
    thread.start()
    thread.join()
    with pytest.raises(Ended, match="mail has ended"):
        mine._watch([thread])


def test_a_worker_that_stops_waits_for_its_threads_in_peace(mine, signs):
    thread = threading.Thread(target=int, name="mail")
    thread.start()
    thread.join()
    mine.stopping.set()
    mine._watch([thread])
    assert signs == [1]


def test_a_clock_that_is_set_ends_no_job(declare, signs):
    """Nor a machine that slept: how long a job takes is told by a clock that nobody sets."""
    declare("takes.long", limit=timedelta(seconds=5))(lambda: None)
    Worker._end_if_hung(Job(name="takes.long", started_at=clock.now() - timedelta(days=1)), 4)
    with pytest.raises(Ended, match=r"run for longer than 0:00:05"):
        Worker._end_if_hung(Job(name="takes.long", started_at=clock.now()), 6)


def test_a_database_that_is_away_is_a_line_and_not_a_page(caplog):
    """It may be away for a night."""
    locked = sqlite3.OperationalError("database is locked")
    locked.sqlite_errorcode = sqlite3.SQLITE_BUSY

    def away():
        raise OperationalError("database is locked") from locked

    def wrong():
        raise OperationalError("no such column: x")

    worker._quietly(away)
    worker._quietly(wrong)
    assert [bool(line.exc_info) for line in caplog.records] == [False, True]
    assert caplog.messages[0] == "away: the database did not answer (database is locked); trying again"


@pytest.mark.django_db
@pytest.mark.database
class TestSeen:
    def test_it_writes_that_it_is_here_in_one_row(self):
        actions.say_alive("here:1")
        actions.say_alive("here:1")
        assert WorkerSeen.objects.count() == 1
        assert list(health.work()) == []

    def test_one_that_went_without_a_word_is_missed(self):
        actions.say_alive("here:1")
        WorkerSeen.objects.update(seen_at=clock.now() - timedelta(minutes=3))
        (said,) = health.work()
        assert said.startswith("no worker has given a sign of life for 3 minutes")

    def test_one_that_was_asked_to_stop_is_not(self):
        actions.say_alive("here:1")
        actions.say_goodbye("here:1")
        assert list(health.work()) == []
