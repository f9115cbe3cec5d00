"""Counts at the doors: the same for every process, swept, bounded, and naming nobody."""

import json
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from alongside.core import counters, doors

# Another process of the same install.
OTHER = """
import json, sys
from django.conf import settings
settings.configure(
    DATA=sys.argv[1], SECRET_KEY=sys.argv[2],
    CACHES={"default": {"BACKEND": "alongside.core.counters.Counters", "LOCATION": "counters.sqlite3"}},
)
from django.core.cache import cache
print("ready", flush=True)
sys.stdin.readline()
print(json.dumps([[cache.add(f"once {n}", 1) for n in range(100)], [cache.incr("knocks") for _ in range(300)]]))
"""


def rows(settings):
    return sqlite3.connect(settings.DATA / "counters.sqlite3").execute("SELECT * FROM counts").fetchall()


def knock(address):
    return doors.too_many(RequestFactory().get("/", REMOTE_ADDR=address), "door", 5)


def test_two_processes_count_as_one(settings):
    cache.set("knocks", 0)
    others = [
        subprocess.Popen(
            [sys.executable, "-c", OTHER, str(settings.DATA), settings.SECRET_KEY],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    assert [other.stdout.readline() for other in others] == ["ready\n"] * 2
    for other in others:
        other.stdin.write("go\n")
        other.stdin.flush()
    (first, knocks), (second, more) = [json.loads(other.communicate(timeout=20)[0]) for other in others]
    assert sorted(knocks + more) == list(range(1, 601)), "no two got the same number, and none was lost"
    assert [one + two for one, two in zip(first, second, strict=True)] == [1] * 100, "each was first once"
    assert cache.get("knocks") == 600


def test_a_clock_that_is_set_back_keeps_nobody_out(settings, monkeypatch):
    """A machine may begin in another year, until it hears what time it is."""
    real = time.time
    monkeypatch.setattr(counters.time, "time", lambda: real() + 365 * 86400)
    assert [knock("192.0.2.1") for _ in range(7)][-1]
    cache.set("said", "then", 3600)
    monkeypatch.undo()
    assert not knock("192.0.2.1")
    assert cache.get("said") is None
    assert not cache.touch("said", 60)
    monkeypatch.setattr(counters.time, "time", lambda: real() - 30)
    assert [knock("192.0.2.1") for _ in range(6)][-1], "a small step is no reason to forget"


def test_the_limit_at_a_door_is_one_for_all(settings):
    assert [knock("192.0.2.1") for _ in range(7)] == [False] * 5 + [True] * 2
    assert not knock("192.0.2.2")


def test_it_names_no_network_and_no_account(settings):
    knock("192.0.2.77")
    cache.set("allauth:rl:login_failed:user@example.gov", [1.5])
    held = b"".join(path.read_bytes() for path in Path(settings.DATA).glob("counters*"))
    assert len(rows(settings)) == 2
    for word in (b"192.0.2", b"door", b"user@", b"allauth"):
        assert word not in held


def test_another_key_finds_nothing_of_it(settings):
    cache.set("a", 1)
    settings.SECRET_KEY = "another"
    assert cache.get("a") is None


class TestWhatACacheDoes:
    def test_what_was_set_is_found_until_it_ends(self, monkeypatch):
        cache.set("times", [1.5, 2.5], 60)
        assert cache.get("times") == [1.5, 2.5]
        assert "times" in cache
        now = counters.time.time()
        monkeypatch.setattr(counters.time, "time", lambda: now + 61)
        assert cache.get("times", "nothing") == "nothing"
        assert cache.add("times", "anew", 60) is True

    def test_counting_leaves_its_end_where_it_was(self, monkeypatch):
        cache.add("knocks", 0, 60)
        now = counters.time.time()
        monkeypatch.setattr(counters.time, "time", lambda: now + 59)
        assert cache.incr("knocks") == 1
        monkeypatch.setattr(counters.time, "time", lambda: now + 61)
        with pytest.raises(ValueError):
            cache.incr("knocks")

    def test_it_is_touched_deleted_and_cleared(self):
        cache.set("a", "y", None)
        assert cache.touch("a", 60) is True
        assert cache.delete("a") is True
        assert (cache.delete("a"), cache.touch("a"), cache.get("a")) == (False, False, None)
        cache.set("b", 1)
        cache.clear()
        assert cache.get("b") is None


def test_what_is_over_is_swept_and_too_many_are_bounded(settings, monkeypatch):
    monkeypatch.setattr(counters, "SWEPT_EVERY", 50)
    monkeypatch.setattr(counters, "MOST", 20)
    for number in range(25):
        cache.set(f"over {number}", 1, -1)
    for number in range(25):
        cache.set(f"new {number}", 1, 60 + number)
    assert len(rows(settings)) == 20
    assert cache.get("new 24") == 1
    assert cache.get("new 0") is None, "of too many, those that end first"


def test_where_nothing_can_be_counted_nobody_is_kept_out(settings, caplog):
    settings.DATA.mkdir()
    (settings.DATA / "counters.sqlite3").write_bytes(b"no database at all" * 100)
    assert not knock("192.0.2.1")
    assert "not counted" in caplog.text
