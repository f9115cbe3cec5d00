"""A process apart does not outlive whoever asked it, and takes its limits from the size of what it reads."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import psutil
import pytest

from alongside.outside.readers import Reader

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
