"""A file is the old one or the new one, whatever stops the machine in between."""

import errno
import os
import stat
import subprocess
import sys

import pytest

from alongside.core import files, keys
from alongside.core.backup import folder
from alongside.core.files import NoRoom, move, whole

OLD, NEW = b"old words", b"new words" * 1_000


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "note.json"
    path.write_bytes(OLD)
    return path


def names(folder):
    return [each.name for each in folder.iterdir()]


def write(path, **how):
    with whole(path, **how) as file:
        file.write(NEW)


def test_the_new_takes_the_place_of_the_old_and_nothing_is_left_over(path):
    write(path)
    assert path.read_bytes() == NEW
    assert names(path.parent) == [path.name]


def test_until_the_block_ends_readers_see_the_old(path):
    with whole(path) as file:
        file.write(NEW)
        file.flush()
        assert path.read_bytes() == OLD
    assert path.read_bytes() == NEW


def test_a_block_that_fails_changes_nothing(path):
    with pytest.raises(ZeroDivisionError), whole(path) as file:
        file.write(NEW)
        raise ZeroDivisionError
    assert path.read_bytes() == OLD
    assert names(path.parent) == [path.name]


# Where the process kills itself: at the door of a step, or behind it.
MOMENTS = [(step, when) for step in ("os.fsync", "pathlib.Path.replace") for when in ("before", "after")]
KILLED = """
import os, pathlib, signal, sys
from alongside.core.files import whole
step, when, path = sys.argv[1:]
owner, name = {"os.fsync": (os, "fsync"), "pathlib.Path.replace": (pathlib.Path, "replace")}[step]
real = getattr(owner, name)
def deadly(*args):
    if when == "after":
        real(*args)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(owner, name, deadly)
with whole(pathlib.Path(path)) as file:
    file.write(b"new words" * 1_000)
"""


@pytest.mark.parametrize(("step", "when"), MOMENTS)
def test_killed_at_any_moment_it_is_the_old_or_the_new(path, step, when):
    ended = subprocess.run([sys.executable, "-c", KILLED, step, when, str(path)], check=False)
    assert ended.returncode == -9, "the premise: it was killed"
    assert path.read_bytes() == (NEW if (step, when) == ("pathlib.Path.replace", "after") else OLD)
    write(path)
    assert path.read_bytes() == NEW, "a draft that was left behind is in nobody's way"


@pytest.mark.parametrize("code", files.FULL)
def test_a_full_disk_is_said_and_the_old_stays(path, monkeypatch, code):
    def full(_file):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NoRoom, match="disk is full"):
        write(path)
    assert path.read_bytes() == OLD
    assert names(path.parent) == [path.name]


def test_a_real_limit_is_met_while_writing(path):
    """As much as a file may hold here, by the system's own count."""
    script = (
        "import pathlib, resource, sys\n"
        "from alongside.core.files import NoRoom, whole\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try:\n"
        "    with whole(pathlib.Path(sys.argv[1])) as file:\n"
        "        file.write(bytes(100_000))\n"
        "except NoRoom:\n"
        "    sys.exit(7)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert ended.returncode == 7
    assert path.read_bytes() == OLD
    assert names(path.parent) == [path.name]


def test_another_trouble_of_the_disk_is_no_refusal(path, monkeypatch):
    def broken(_file):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output"):
        write(path)
    assert path.read_bytes() == OLD


def test_the_first_of_two_wins_where_nothing_may_be_overwritten(path):
    write(path, over=False)
    assert path.read_bytes() == OLD
    assert names(path.parent) == [path.name]
    path.unlink()
    write(path, over=False)
    assert path.read_bytes() == NEW


def test_a_key_is_for_its_owners_eyes(tmp_path):
    key = keys.load(tmp_path, "phone")
    assert len(key) == 32
    assert keys.load(tmp_path, "phone") == key
    assert stat.S_IMODE((tmp_path / "keys" / "phone").stat().st_mode) == 0o600
    assert names(tmp_path / "keys") == ["phone"]


def test_a_folder_moves_with_all_that_is_in_it(tmp_path):
    source, target = tmp_path / "draft", tmp_path / "lake"
    source.mkdir()
    (source / "part").write_bytes(NEW)
    move(source, target)
    assert not source.exists()
    assert (target / "part").read_bytes() == NEW


def test_what_is_remembered_is_made_once_and_goes_with_no_backup(tmp_path):
    """Whoever made a backup to be restored here could have us do anything by it."""
    made = []
    for _again in range(2):
        assert files.remembered(tmp_path / "uploads.read", lambda: made.append(1) or "seen") == "seen"
    assert made == [1]
    [path] = tmp_path.iterdir()
    assert path.name == ".uploads.read"
    assert not list(folder.files(tmp_path))
    assert not folder.goes_along(f"uploads/incidents/2222222222/{path.name}")
