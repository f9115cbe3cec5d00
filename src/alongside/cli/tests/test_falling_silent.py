"""A process that lives and cannot answer is replaced, with its threads in the log; one that is busy is left alone."""

import http.client
import re
import signal
import socket
import threading
import time
from collections import Counter

import pytest

from alongside.cli.tests.town import copy_of

pytestmark = [pytest.mark.heavy, pytest.mark.database]

# Seconds without a sign of life. The worker has three times as long; so have pages of which none moves.
PATIENCE = 3.0
ENQUEUE = """
from alongside.jobs.actions import enqueue
enqueue(sys.argv[1])
print(json.dumps(None))
"""
STATE = """
from alongside.jobs.models import Job
print(json.dumps(Job.objects.get(name=sys.argv[1]).state))
"""


@pytest.fixture
def town(tmp_path, founded):
    with copy_of(founded, tmp_path) as town:
        town.serve("--patience", str(PATIENCE))
        town.wait_for(lambda: ask(town, "/healthz") == 200)
        yield town


def replaced(town, name, old):
    """Seconds until another process stands in its place."""
    began = time.monotonic()
    town.wait_for(lambda: (new := town.child(name)) and new.pid != old.pid)
    return time.monotonic() - began


def ask(town, path, seconds=60.0):
    """Somebody asks for a page, and waits. What comes of it: a status, or the name of an error."""
    line = http.client.HTTPConnection("127.0.0.1", town.port, timeout=seconds)
    try:
        line.request("GET", path)
        return line.getresponse().status
    except OSError as wrong:
        return type(wrong).__name__
    finally:
        line.close()


def a_crowd(town, path, number):
    visitors = [threading.Thread(target=ask, args=[town, path], daemon=True) for _ in range(number)]
    for visitor in visitors:
        visitor.start()
    return visitors


@pytest.mark.parametrize("name", ["web", "worker"])
def test_one_that_is_stopped(town, name, record_property):
    old = town.child(name)
    old.send_signal(signal.SIGSTOP)
    record_property("replaced after, in seconds", replaced(town, name, old))
    assert re.search(rf"{name} gave no sign of life for \d+ s: it is ended", town.said())
    assert "most recent call first" in town.said(), "where its threads were"
    town.wait_for(lambda: ask(town, "/healthz") == 200)


def test_a_page_with_a_loop_in_c(town, record_property):
    old = town.child("web")
    a_crowd(town, "/bomb", 1)
    record_property("replaced after, in seconds", replaced(town, "web", old))
    assert "in regex_bomb" in town.said()
    town.wait_for(lambda: ask(town, "/healthz") == 200)


def test_a_job_with_a_loop_in_c(town, record_property):
    old = town.child("worker")
    town.do(ENQUEUE, "surviving.bomb")
    record_property("replaced after, in seconds", replaced(town, "worker", old))
    assert "in regex_bomb" in town.said()
    town.wait_for(lambda: town.do(STATE, "surviving.bomb") == "dead")


def test_pages_that_never_return_in_every_thread(town, record_property):
    old = town.child("web")
    a_crowd(town, "/wait", 8)
    time.sleep(1)
    others = a_crowd(town, "/healthz", 2)
    record_property("replaced after, in seconds", replaced(town, "web", old))
    assert re.search(
        r"All 8 threads are taken, \d requests wait, and no page has moved for (9|1\d) s", town.said()
    )
    assert town.said().count("in wait\n") >= 8, "where its threads were"
    for other in others:
        other.join()
    assert ask(town, "/healthz") == 200


def test_a_busy_house_is_left_alone(town, record_property):
    """More than twice as long as any patience: every thread is taken, hundreds wait, and more stand before the door
    than it takes."""
    web, worker = town.child("web"), town.child("worker")
    answers, end = Counter(), time.monotonic() + 7 * PATIENCE

    def visit():
        while time.monotonic() < end:
            answers[ask(town, "/slow")] += 1

    silent = [socket.create_connection(("127.0.0.1", town.port)) for _ in range(100)]
    visitors = [threading.Thread(target=visit, daemon=True) for _ in range(200)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    for line in silent:
        line.close()
    record_property("answers, by status", dict(answers))
    assert answers[200] > 100
    assert (town.child("web").pid, town.child("worker").pid) == (web.pid, worker.pid)
    assert "no sign of life" not in town.said()
