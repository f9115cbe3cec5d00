"""A mail server that keeps us waiting keeps nobody else waiting; a slow one is spared what it need not do."""

import asyncio
import socket
import threading
import time
from contextlib import contextmanager

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from alongside.jobs import registry
from alongside.jobs.actions import enqueue
from alongside.jobs.models import Job
from alongside.jobs.models import State as JobState
from alongside.jobs.worker import Worker
from alongside.outreach.models import Mail, State
from alongside.outreach.tests.cast import a_mail
from alongside.outside import circuits, smtp
from alongside.outside.models import Circuit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.heavy]
MAILS = 134


@contextmanager
def a_tarpit():
    """It takes every call and greets at a letter a second, for ever."""
    over, lines = threading.Event(), []

    def drip(line):
        with line:
            while not over.wait(1):
                try:
                    line.send(b"2")
                except OSError:
                    return

    def answer(server):
        while not over.is_set():
            try:
                line, _where = server.accept()
            except OSError:
                return
            lines.append(line)
            threading.Thread(target=drip, args=[line], daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer, args=[server], daemon=True).start()
        yield server.getsockname()[1], lines
        over.set()


@contextmanager
def hands(*lanes):
    """A worker's, in all of these lanes, until they are asked to stop."""
    worker = Worker(lanes=lanes)
    threads = [
        threading.Thread(target=worker._work, args=[lane])
        for lane in lanes
        for _ in range(registry.HANDS[lane])
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        worker.stopping.set()
        for thread in threads:
            thread.join()
        connection.close()


def until(so, *, seconds):
    """How long it took, or a failure."""
    began = time.monotonic()
    while not so():
        assert time.monotonic() - began < seconds, "it takes too long"
        time.sleep(0.02)
    return time.monotonic() - began


@pytest.fixture
def written(riverbend, settings):
    def written(port):
        settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{port}"})
        for number in range(MAILS):
            a_mail(riverbend, f"neighbor{number}@neighbors.example")

    return written


def test_a_tarpit_does_not_delay_an_offer(written, monkeypatch, record_property):
    monkeypatch.setattr(smtp, "WAIT", 3.0)
    with a_tarpit() as (port, lines):
        written(port)
        with hands("mail", "quick"):
            until(lambda: len(lines) >= registry.HANDS["mail"], seconds=10)  # every hand is held
            offer = enqueue("gatherings.expire_offers")
            took = until(lambda: Job.objects.filter(pk=offer.pk, state=JobState.DONE).exists(), seconds=5)
            record_property("an offer went out after, in seconds", round(took, 2))
            until(lambda: Circuit.objects.down().exists(), seconds=60)
            asked = len(lines)
            time.sleep(3)
        assert len(lines) <= asked + registry.HANDS["mail"], "once it is known, nobody else is kept waiting"
    assert Mail.objects.waiting().count() == MAILS, "none is lost, none is failed"
    assert max(Job.objects.filter(name="outreach.deliver").values_list("attempts", flat=True)) == 1
    assert Circuit.objects.get().failures <= circuits.OPENS_AFTER + 1


class Slow:
    """It thinks for a second when somebody introduces themselves, and a little about each mail."""

    def __init__(self):
        self.conversations, self.mails = 0, 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.conversations += 1
        await asyncio.sleep(1)
        session.host_name = hostname
        return responses

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(0.1)
        self.mails += 1
        return "250 OK"


def test_one_conversation_carries_many(written, record_property):
    slow = Slow()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(slow, hostname="127.0.0.1", port=port)
    controller.start()
    written(port)
    began = time.monotonic()
    with hands("mail"):
        until(lambda: Mail.objects.filter(state=State.SENT).count() == MAILS, seconds=60)
        took = time.monotonic() - began
    controller.stop()
    record_property("mails, conversations, seconds", (MAILS, slow.conversations, round(took, 1)))
    assert slow.mails == MAILS
    assert slow.conversations <= 2 * registry.HANDS["mail"]
    assert took < 40, "one after the other, each in a conversation of its own, they take 147 s"
