"""A parser is ended from outside, whatever it does; what it raises is one sentence, and what waits is told so."""

import os
import signal
import threading
import time

import pytest
from django.db import connection, transaction

from alongside.core.errors import Refusal, phrase
from alongside.outside import readers
from alongside.outside.readers import Busy, NotNow, Reader


class NotACalendar(Refusal):
    """What a room calls its own no."""


class Particular(Refusal):
    """One that is not made of its words alone."""

    def __init__(self, words, *, line):
        super().__init__(words)
        self.line = line


def twice(content):
    return content * 2


def loops(_content):
    while True:
        pass


def grows(_content):
    held = []
    while True:
        held.append(bytearray(10_000_000))


def answers_at_length(_content):
    return bytes(80_000_000)


def crashes(_content):
    os.kill(os.getpid(), signal.SIGSEGV)


def ended_by_the_machine(_content):
    os.kill(os.getpid(), signal.SIGKILL)


def stopped_by_hand(_content):
    os.kill(os.getpid(), signal.SIGTERM)


def lets_go_of_its_line(_content):
    os.closerange(3, 1000)
    time.sleep(60)


def exits(_content):
    os._exit(0)


def raises(_content):
    raise ZeroDivisionError("of the library's own")


def interrupts(_content):
    raise KeyboardInterrupt


def refuses(_content):
    raise NotACalendar(phrase("%(name)s is no calendar.", name="x.ics"))


def refuses_in_particular(_content):
    raise Particular("line 3 is odd.", line=3)


def asks_the_database(_content):
    return connection.cursor().execute("SELECT 1")


def tells(_content, *, progress):
    for share in (0.25, 0.5, 1.0):
        progress(share)
    return "all"


def slow(_content):
    time.sleep(1.5)


def read(parse, *, seconds=20.0, megabytes=64):
    return Reader(parse, seconds=seconds, megabytes=megabytes, refused=NotACalendar).read(b"ab")


def test_what_a_parser_makes_comes_back():
    assert read(twice) == b"abab"


@pytest.mark.parametrize(
    ("parse", "because"),
    [
        (grows, "64 MB of memory"),
        (answers_at_length, "64 MB of memory"),
        (crashes, "it is broken"),
        (exits, "it is broken"),
        (lets_go_of_its_line, "it is broken"),
        (raises, "it is broken"),
        (interrupts, "it is broken"),
        (asks_the_database, "it is broken"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_whatever_it_does_it_is_one_refusal_of_the_room(parse, because):
    with pytest.raises(NotACalendar, match=because):
        read(parse)


@pytest.mark.parametrize("parse", [ended_by_the_machine, stopped_by_hand])
def test_of_one_that_others_ended_it_is_not_said_that_the_file_is_broken(parse):
    with pytest.raises(NotNow, match="Nothing is wrong with what was sent"):
        read(parse)


def test_one_that_never_returns_is_ended():
    with pytest.raises(NotACalendar, match=r"longer than 0\.3 seconds"):
        read(loops, seconds=0.3)


def test_its_own_refusals_come_as_they_are():
    with pytest.raises(NotACalendar, match=r"x\.ics is no calendar"):
        read(refuses)
    with pytest.raises(Refusal, match="line 3 is odd"):
        read(refuses_in_particular)


def test_what_it_tells_is_told_in_order():
    told = []
    reader = Reader(tells, seconds=20, megabytes=64)
    assert reader.read_telling(told.append, b"") == "all"
    assert told == [0.25, 0.5, 1.0]


def test_more_than_may_wait_are_told_to_come_back(monkeypatch):
    monkeypatch.setattr(readers, "_turns", readers._Turns())
    reader = Reader(slow, seconds=20, megabytes=64)
    outcomes = []

    def one():
        try:
            outcomes.append(reader.read(b""))
        except Busy:
            outcomes.append("busy")

    threads = [threading.Thread(target=one) for _ in range(readers.AT_ONCE + readers.WAITING + 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("busy") == 3
    assert outcomes.count(None) == readers.AT_ONCE + readers.WAITING


@pytest.mark.django_db(transaction=True)
def test_nobody_reads_a_file_while_others_wait_for_the_lock():
    with transaction.atomic(), pytest.raises(RuntimeError, match="before the transaction"):
        read(twice)
