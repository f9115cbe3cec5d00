"""Of many workers exactly one gets a job, and a slot is written once. On both databases, with real threads."""

import threading
from collections import Counter

import pytest
from django.db import OperationalError, connection

from alongside.jobs import actions, registry
from alongside.jobs.models import Job, State
from alongside.jobs.worker import run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

WORKERS = 6


def together(work):
    """Run it in six threads that begin at the same moment; returns what went wrong in any of them."""
    start, wrong = threading.Barrier(WORKERS), []

    def one(number):
        try:
            start.wait()
            work(number)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[number]) for number in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def patiently(step):
    """As a worker does: a database that is too busy to answer is asked again."""
    while True:
        try:
            return step()
        except OperationalError:
            connection.close()


def test_every_job_is_taken_by_one_worker(declare):
    declare("greet")(lambda *, number: None)
    for number in range(24):
        actions.enqueue("greet", number=number)
    taken, all_hold_one = [], threading.Barrier(WORKERS)

    def work(worker):
        first = True
        while job := patiently(lambda: actions.claim(lane="quick", worker=str(worker))):
            taken.append((job.args["number"], worker))
            if first:
                all_hold_one.wait()
                first = False
            patiently(lambda job=job: run(job))

    assert together(work) == []
    assert Counter(number for number, _worker in taken) == Counter(range(24))
    assert set(Job.objects.values_list("state", "attempts")) == {(State.DONE, 1)}


def test_a_slot_that_all_workers_see_is_written_once(declare):
    @declare("sweep")
    @registry.every(minutes=5)
    def sweep():
        """Nothing."""

    assert together(lambda _worker: actions.enqueue_due()) == []
    assert Job.objects.count() == 1


def test_one_key_asked_for_at_once_is_one_job(declare):
    declare("greet")(lambda: None)
    assert together(lambda _worker: actions.enqueue("greet", key="same")) == []
    assert Job.objects.count() == 1
