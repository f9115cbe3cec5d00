"""Real processes, real sockets: a crowd at once, senders who dawdle, a sudden end, and a disk that is full."""

from __future__ import annotations

import http.client
import json
import random
import resource
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from alongside.cli.tests.town import Town, copy_of

pytestmark = [pytest.mark.heavy, pytest.mark.database]

A_FORUM = """
from datetime import time, timedelta
from alongside.agencies.models import Agency
from alongside.gatherings import actions as gatherings
agency = Agency.objects.get()
forum = gatherings.plan(agency, kind="forum", title="Forum", on=agency.today() + timedelta(days=9), at=time(18),
    meeting_point="Hall", capacity=int(sys.argv[1]) or None, by=None)
gatherings.publish(forum, by=None)
print(json.dumps(forum.public_id))
"""
PEOPLE = """
from django.db.models import Count, Sum
from alongside.gatherings.models import Rsvp
print(json.dumps([Rsvp.objects.count(), Rsvp.objects.filter(state="going").aggregate(n=Sum("party"))["n"]]))
"""


@pytest.fixture
def town(tmp_path, founded) -> Iterator[Town]:
    with copy_of(founded, tmp_path) as town:
        yield town


def send(town: Town, forum: str, *, key: str, party: int) -> tuple[int, str]:
    """One resident's answer over the wire: the status, and where it leads. (0, "") where the line broke."""
    line = http.client.HTTPConnection("127.0.0.1", town.port, timeout=60)
    try:
        line.request(
            "POST",
            f"/riverbend/gatherings/{forum}/join/",
            urlencode({"party": party, "form_key": key}),
            {
                "Content-Type": "application/x-www-form-urlencoded",
                "Host": "localhost",
                "Origin": "http://localhost",
            },
        )
        answer = line.getresponse()
        answer.read()
        return answer.status, answer.getheader("Location") or ""
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        line.close()


def all_at_once(deeds: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=deed, daemon=True) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)


def test_a_hundred_at_once_never_fill_more_than_there_is(town):
    """Forty places, a hundred parties of one to three: nobody is promised a place that another has."""
    forum = town.do(A_FORUM, 40)
    town.serve()
    parties = [1 + number % 3 for number in range(100)]
    taken: list[tuple[int, int]] = []

    def come(party: int) -> Callable[[], None]:
        return lambda: taken.append((send(town, forum, key=secrets.token_urlsafe(16), party=party)[0], party))

    all_at_once([come(party) for party in parties])
    assert {status for status, _party in taken} == {302, 422}
    promised = sum(party for status, party in taken if status == 302)
    assert town.do(PEOPLE)[1] == promised
    assert 38 <= promised <= 40


def test_what_was_acknowledged_is_there_after_a_sudden_end_and_nothing_twice(town):
    """The web process is killed again and again; whoever saw no answer sends the same form again."""
    forum = town.do(A_FORUM, 0)
    town.serve()
    keys = [secrets.token_urlsafe(16) for _resident in range(200)]
    acknowledged: dict[str, str] = {}
    broken: Counter[str] = Counter()

    def insist(mine: list[str]) -> Callable[[], None]:
        def deed() -> None:
            for key in mine:
                while key not in acknowledged:
                    status, place = send(town, forum, key=key, party=1)
                    if status == 302:
                        acknowledged[key] = place
                    else:
                        broken[str(status)] += 1
                        time.sleep(0.05)

        return deed

    over = threading.Event()

    def kill() -> None:
        for so_far in (10, 50, 90, 130):
            while len(acknowledged) < so_far:
                if over.wait(0.002):
                    return
            town.kill("web")

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    all_at_once([insist(keys[number::8]) for number in range(8)])
    over.set()
    killer.join()
    assert set(broken) <= {"0"}, broken
    assert broken, "the premise: some answers were cut off"
    assert town.do(PEOPLE) == [200, 200]
    for place in random.Random(1).sample(sorted(acknowledged.values()), 20):
        assert town.get(place) == 200


def test_those_who_dawdle_hold_nobody_up(town):
    """Eighty forms that never end, on a house with eight threads: the next visitor is answered at once."""
    forum = town.do(A_FORUM, 0)
    town.serve()
    town.get("/riverbend/")
    head = (
        f"POST /riverbend/gatherings/{forum}/join/ HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nparty=1"
    )
    dawdlers = []
    try:
        for _each in range(80):
            line = socket.create_connection(("127.0.0.1", town.port), timeout=10)
            line.sendall(head.encode())
            dawdlers.append(line)
        began = time.monotonic()
        assert town.get("/riverbend/") == 200
        assert send(town, forum, key=secrets.token_urlsafe(16), party=2)[0] == 302
        assert time.monotonic() - began < 10
    finally:
        for line in dawdlers:
            line.close()
    assert town.do(PEOPLE) == [1, 2]  # a form that broke off is no answer


def a_large_table(path: Path, *, rows: int) -> Path:
    with path.open("w") as file:
        file.write("id,date,type,lat,lon\n")
        for number in range(rows):
            lat, lon = 38.0 + number % 997 / 5000, -85.7 + number % 991 / 5000
            day = f"2026-0{1 + number % 6}-1{number % 9}"
            file.write(f"{number},{day} 10:{number % 60:02}:00,THEFT,{lat:.6f},{lon:.6f}\n")
    return path


@pytest.mark.parametrize("megabytes", [2, 6])
def test_a_full_disk_is_told_in_one_line_and_leaves_the_lake_as_it_was(town, tmp_path, megabytes):
    """No file may grow beyond a limit, as on a disk that is full: the import ends, and the next one is whole."""
    town.do(A_FORUM, 0)
    town.send_home()
    table = a_large_table(tmp_path / "incidents.csv", rows=400_000)
    line = [sys.executable, "-m", "alongside.cli", "incidents", "import", "riverbend", str(table), "--json"]

    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (megabytes * 2**20, megabytes * 2**20))

    failed = subprocess.run(
        line,
        env=town.environment,
        capture_output=True,
        text=True,
        timeout=300,
        preexec_fn=small_disk,
        check=False,
    )
    said = failed.stderr.strip().splitlines()
    assert failed.returncode == 2, failed.stderr[-2000:]
    assert failed.stdout == ""
    assert "Traceback" not in failed.stderr
    assert "disk" in said[-1]
    assert not list(tmp_path.rglob("*.parquet"))
    again = subprocess.run(
        line, env=town.environment, capture_output=True, text=True, timeout=300, check=True
    )
    assert json.loads(again.stdout)["kept"] == 400_000
