"""Keys are made whole, found again, turned over without losing anybody's link, and gone when nothing needs them."""

from __future__ import annotations

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from alongside.core import clock, keys

BEFORE = "ab" * 32  # a key as it was written before there were rings


def a_folder_of_before(data: Path) -> Path:
    (data / "keys").mkdir()
    (data / "keys" / "session").write_text(BEFORE)
    return data


def test_a_ring_is_for_its_owners_eyes_and_its_newest_key_is_in_use(tmp_path):
    (first,) = keys.ring(tmp_path, "codes")
    second = keys.rotate(tmp_path, "codes")
    assert keys.ring(tmp_path, "codes") == [first, second]
    assert keys.load(tmp_path, "codes") == second.secret
    assert first.id != second.id
    for path in (tmp_path / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_what_hung_on_the_sessions_key_keeps_it_when_that_is_replaced(tmp_path):
    data = a_folder_of_before(tmp_path)
    keys.part_from_the_session(data)
    (data / "keys" / "session").unlink()
    keys.part_from_the_session(data)
    for name in keys.HUNG_ON_THE_SESSION:
        before, in_use = keys.ring(data, name)
        assert (before.secret.hex(), before.made) == (BEFORE, None)
        assert in_use.made is not None
    assert keys.load(data, "session").hex() != BEFORE


def test_a_new_folder_and_one_without_its_keys_share_nothing_with_the_session(tmp_path):
    for _start in range(2):
        keys.part_from_the_session(tmp_path)
    assert len({keys.load(tmp_path, name) for name in keys.names(tmp_path)}) == len(keys.names(tmp_path))
    assert all(len(keys.ring(tmp_path, name)) == 1 for name in keys.HUNG_ON_THE_SESSION)


def test_a_ring_that_is_not_there_is_not_made_by_a_slip(tmp_path):
    keys.ring(tmp_path, "codes")
    with pytest.raises(keys.NoSuchRing, match="there are: codes"):
        keys.rotate(tmp_path, "cods")
    assert keys.names(tmp_path) == ["codes"]


def test_the_key_in_use_is_never_forgotten(tmp_path):
    (first,) = keys.ring(tmp_path, "codes")
    keys.forget(tmp_path, "codes", first.id)
    assert keys.ring(tmp_path, "codes") == [first]


TURN = (
    "import pathlib, sys; from alongside.core import keys; data = pathlib.Path(sys.argv[1]); "
    "[keys.rotate(data, 'codes') for _ in range(10)]"
)


def test_two_processes_turn_while_others_read_and_no_key_is_lost(tmp_path):
    (first,) = keys.ring(tmp_path, "codes")
    turning = [subprocess.Popen([sys.executable, "-c", TURN, str(tmp_path)]) for _ in range(2)]
    seen = {first}
    while any(process.poll() is None for process in turning):
        read = keys.ring(tmp_path, "codes")
        assert seen <= set(read), "whoever was read once is still there"
        seen = set(read)
    assert [process.wait() for process in turning] == [0, 0]
    assert len(keys.ring(tmp_path, "codes")) == 21


def test_of_many_who_start_at_once_all_have_the_same_first_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: keys.load(tmp_path, "codes"), range(40)))) == 1


KILLED = """
import os, pathlib, signal, sys
from alongside.core import keys
when, data = sys.argv[1], pathlib.Path(sys.argv[2])
real = pathlib.Path.replace
def deadly(*args):
    if when == "after":
        real(*args)
    os.kill(os.getpid(), signal.SIGKILL)
pathlib.Path.replace = deadly
keys.rotate(data, "codes")
"""


@pytest.mark.parametrize(("when", "count"), [("before", 1), ("after", 2)])
def test_killed_in_the_middle_it_is_the_old_ring_or_the_new(tmp_path, when, count):
    (first,) = keys.ring(tmp_path, "codes")
    ended = subprocess.run([sys.executable, "-c", KILLED, when, str(tmp_path)], check=False)
    assert ended.returncode == -9, "the premise: it was killed"
    assert len(keys.ring(tmp_path, "codes")) == count
    assert keys.ring(tmp_path, "codes")[0] == first
    keys.rotate(tmp_path, "codes")
    assert len(keys.ring(tmp_path, "codes")) == count + 1, (
        "nobody holds the lock, and a draft is in nobody's way"
    )
    assert keys.names(tmp_path) == ["codes"]


def test_a_key_says_when_it_was_made(tmp_path):
    with clock.at(clock.now() - timedelta(days=3)):
        keys.ring(tmp_path, "codes")
    (key,) = keys.ring(tmp_path, "codes")
    assert key.made is not None
    assert key.made.date() == (clock.now() - timedelta(days=3)).date()


@pytest.mark.parametrize(
    "held",
    [
        "ab",
        "",
        "\n",
        "ab" * 31,
        "2026-01-01T00:00:00+00:00",
        "2026-01-01T00:00:00+00:00 " + "ab" * 16,
        "yesterday " + BEFORE,
        "no key at all",
        f"{BEFORE}\nab",
        "ÿ" * 64,
    ],
)
def test_what_is_no_key_or_could_be_guessed_is_refused(tmp_path, held):
    keys.ring(tmp_path, "session")
    assert not list(keys.troubles(tmp_path))
    (tmp_path / "keys" / "session").write_text(held, encoding="latin-1")
    with pytest.raises(keys.NoGoodKeys, match="keys/session holds no key of 32 bytes"):
        keys.ring(tmp_path, "session")
    assert len(list(keys.troubles(tmp_path))) == 1


@pytest.mark.parametrize(
    "around", ["\ufeff{}", "{}\n\n", "\n{}", "{}".replace("{}", "{}\r\n"), "  {}  \n \t\n"]
)
def test_what_an_editor_puts_around_a_key_loses_nobodys_link(tmp_path, around):
    """The sentence for a key that is lost says to delete it: so it must be."""
    (held,) = keys.ring(tmp_path, "codes")
    (tmp_path / "keys" / "codes").write_bytes(around.replace("{}", str(held)).encode())
    assert keys.ring(tmp_path, "codes") == [held]
    made = keys.rotate(tmp_path, "codes")
    assert keys.ring(tmp_path, "codes") == [held, made]


def test_what_lies_beside_the_rings_is_none(tmp_path):
    keys.ring(tmp_path, "incident-ids")
    for name in ("incident-ids~", "codes.bak", ".codes.swp", "README"):
        (tmp_path / "keys" / name).write_text("ab")
    assert keys.names(tmp_path) == ["incident-ids"]
    assert not list(keys.troubles(tmp_path))
    (tmp_path / "keys" / "codes").mkdir()
    assert len(list(keys.troubles(tmp_path))) == 1


def test_a_moment_without_a_zone_can_be_compared(tmp_path):
    (held,) = keys.ring(tmp_path, "codes")
    (tmp_path / "keys" / "codes").write_text(str(held).replace("+00:00", ""))
    assert keys.ring(tmp_path, "codes") == [held]
