"""A process apart does not outlive whoever asked it, and takes its limits from the size of what it reads."""

import multiprocessing.forkserver
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import psutil
import pytest

from alongside.outside import apart
from alongside.outside.readers import NotNow, Reader

# Somebody who asks a parser that is deep in work, tells its number as it tells it, and is killed then.
WHO_IS_KILLED = """
import os, signal
import django
django.setup()
from alongside.outside import apart
from alongside.outside.tests import test_apart as parsers
def told(pid):
    print(pid, flush=True)
apart.run(parsers.{parse}, (), {{}}, progress=told, seconds=60, most_bytes=2**28)
"""


def waits(*, progress):
    progress(os.getpid())
    time.sleep(60)


def computes(*, progress):
    """One step of a library that gives nobody else a turn: no thread of Python's could end it."""
    progress(os.getpid())
    sum(range(10**11))


def deaf(*, progress):
    """As a library may have it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    progress(os.getpid())
    sum(range(10**11))


@pytest.mark.heavy
@pytest.mark.parametrize("parse", ["waits", "computes", "deaf"])
def test_a_parser_ends_with_whoever_asked_it(parse, tmp_path):
    asking = subprocess.Popen(
        [sys.executable, "-c", WHO_IS_KILLED.format(parse=parse)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"ALONGSIDE_DATA": str(tmp_path)},
    )
    try:
        assert asking.stdout is not None
        parser = psutil.Process(int(asking.stdout.readline()))
        assert parser.is_running(), "the premise: it is at work"
    finally:
        asking.kill()
        asking.wait()
    assert _ends(parser, within=5)


def _ends(process, *, within):
    try:
        process.wait(timeout=within)
    except psutil.TimeoutExpired:
        process.kill()
        return False
    return True


def forks_from():
    """The number of the process that parsers are forked from."""
    apart.run(nothing, (0,), {}, progress=None, seconds=20, most_bytes=2**26)
    return multiprocessing.forkserver._forkserver._forkserver_pid


def a_little_later(_path):
    time.sleep(2)
    return "read"


@pytest.mark.heavy
def test_where_what_they_are_forked_from_is_killed_the_next_file_is_read_and_so_is_the_one_at_hand():
    first = forks_from()
    killing = threading.Timer(0.5, os.kill, [first, signal.SIGKILL])
    killing.start()
    reader = Reader(a_little_later, seconds=20, megabytes=64)
    assert reader.read(0) == "read"
    assert not psutil.pid_exists(first) or psutil.Process(first).status() == psutil.STATUS_ZOMBIE
    assert reader.read(0) == "read"
    assert forks_from() != first


@pytest.mark.heavy
def test_who_asks_in_the_moment_in_which_it_is_killed_gets_a_sentence_or_an_answer():
    reader, outcomes = Reader(nothing, seconds=20, megabytes=64, queued=True), []

    def one():
        try:
            outcomes.append(reader.read(0))
        except NotNow:
            outcomes.append(None)

    for _time in range(5):
        killed = forks_from()
        asking = [threading.Thread(target=one) for _each in range(8)]
        for thread in asking:
            thread.start()
        os.kill(killed, signal.SIGKILL)
        for thread in asking:
            thread.join(timeout=30)
            assert not thread.is_alive(), "nobody waits for ever"
    assert len(outcomes) == 40, "and nobody got anything else"


def nothing(_path):
    return None


def test_a_large_file_may_take_its_time_and_a_small_one_may_not(tmp_path):
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(b"x")
    with large.open("wb") as file:
        file.truncate(10 * 2**20)
    reader = Reader(nothing, seconds=20, seconds_each=3, most_seconds=60, megabytes=100)
    assert reader.sized_to([small]).seconds == 20
    assert reader.sized_to([small, large]).seconds == 50
    assert replace(reader, seconds_each=100).sized_to([large]).seconds == 60
    assert reader.sized_to([small], more_megabytes=7).megabytes == 107
