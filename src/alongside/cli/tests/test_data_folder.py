"""A command that only reads what it is given makes no data folder; what works on one has it brought up to date."""

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError
from tests import database

from alongside.cli import __main__
from alongside.cli.__main__ import needs_data, offered
from alongside.core import safe
from alongside.core.manifest import SOURCE, Command

COMMANDS = [
    Command("walks", "walks.commands"),
    Command("ledger", "ledger.commands", reads_files_only=("verify",)),
    Command("slate", "questions.commands", reads_files_only=("slate",)),
    Command("season", "season.commands", under="walks"),
]


@pytest.mark.parametrize(
    ("typed", "needed"),
    [
        ("walks plan riverbend area.geojson", True),
        ("walks season riverbend --weeks 12", True),
        ("ledger export riverbend file", True),
        ("ledger verify file", False),
        ("ledger --verbose verify file", False),
        ("slate file.json --minutes 20", False),
        ("walks plan --help", False),
        ("--help", False),
        ("", False),
        ("nonsense", False),
        ("season", False),
    ],
)
def test_what_was_typed_says_whether_it_needs_the_data_folder(typed, needed):
    assert needs_data(typed.split(), COMMANDS) is needed


def test_what_serves_and_keeps_needs_it():
    for name in ("serve", "worker", "demo", "check", "incidents", "walks"):
        assert needs_data([name], offered()), name
    assert needs_data(["ledger", "export", "riverbend", "file"], offered())
    assert not needs_data(["ledger", "verify", "file"], offered()), "a stranger has none"


def run(folder: Path, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "alongside.cli", *words],
        env={
            **os.environ,
            "ALONGSIDE_DATA": str(folder),
            "DATABASE_URL": "",
            "PYTHONPATH": str(SOURCE.parent),
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("words", [["--help"], ["walks", "plan", "--help"], ["nonsense"]])
def test_asking_makes_no_folder(tmp_path, words):
    done = run(tmp_path / "data", *words)
    assert done.returncode in {0, 2}
    assert done.stdout.startswith("Usage") or done.stderr.startswith("alongside: No such command")
    assert not (tmp_path / "data").exists()


@pytest.mark.heavy
def test_what_keeps_something_makes_it(tmp_path):
    run(tmp_path / "data", "jobs", "again", "nobody")
    assert (tmp_path / "data" / "alongside.sqlite3").exists()


def test_a_data_folder_that_is_none_is_one_line(tmp_path):
    (tmp_path / "data").write_text("a file")
    done = run(tmp_path / "data", "check")
    assert done.returncode == 2
    assert done.stderr.startswith("alongside: ALONGSIDE_DATA must be a folder")
    assert done.stderr.count("\n") == 1


def test_a_folder_that_others_could_read_is_closed_before_anything_is_done(tmp_path, migrated):
    folder = tmp_path / "data"
    (folder / "media").mkdir(parents=True)
    shutil.copyfile(database.Files.path(migrated), folder / database.NAME)
    (folder / "media" / "photo.jpg").write_bytes(b"a lamp")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)
    done = run(folder, "jobs", "again", "nobody")
    assert "alongside: " in done.stderr  # there is no such job
    assert "The data folder is closed: 3 things in it could be read by others." in done.stderr
    assert not list(safe.open_ones(folder))


def a_full_database() -> OperationalError:
    """As Django has it: SQLite's own error is its cause."""
    error, cause = OperationalError("database or disk is full"), sqlite3.OperationalError()
    cause.sqlite_errorcode = sqlite3.SQLITE_FULL
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (OSError(errno.EROFS, "Read-only file system"), "the disk is full, or takes no more"),
        (a_full_database(), "the disk is full"),
        (PermissionError(errno.EACCES, "Permission denied", "/srv/copies"), "/srv/copies: Permission denied"),
        (NotADirectoryError(errno.ENOTDIR, "Not a directory", "town/x"), "town/x: Not a directory"),
    ],
)
def test_a_disk_that_takes_no_more_is_one_line(monkeypatch, capsys, error, said):
    """Whatever was being done: a backup, a restore, an import, a migration."""

    def fails(**_how):
        raise error

    monkeypatch.setattr(__main__, "alongside", fails)
    with pytest.raises(SystemExit) as ended:
        __main__._answered()
    assert ended.value.code == 2
    lines = capsys.readouterr().err
    assert lines.startswith(f"alongside: {said}")
    assert lines.count("\n") == 1


def test_what_is_wrong_with_the_program_is_not_hidden(monkeypatch):
    def fails(**_how):
        raise ZeroDivisionError

    monkeypatch.setattr(__main__, "alongside", fails)
    with pytest.raises(ZeroDivisionError):
        __main__._answered()


@pytest.fixture
def install(tmp_path, migrated):
    """A data folder with a database and nothing else."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    shutil.copyfile(database.Files.path(migrated), folder / database.NAME)
    return folder


def one_line(done: subprocess.CompletedProcess) -> str:
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("alongside: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.mark.parametrize("ring", ["session", "codes"])
def test_a_key_that_could_be_guessed_stops_every_command(install, ring):
    (install / "keys").mkdir()
    (install / "keys" / ring).write_text("ab")
    assert f"keys/{ring} holds no key of 32 bytes" in one_line(run(install, "check"))


def test_a_database_that_is_cut_off_is_one_line(install):
    file = install / database.NAME
    os.truncate(file, file.stat().st_size // 2)
    assert "the database cannot be used (database disk image is malformed)" in one_line(run(install, "check"))


def test_where_its_files_are_and_no_database_none_is_begun(install):
    """A city on PostgreSQL, say, whose DATABASE_URL somebody forgot."""
    (install / database.NAME).write_bytes(b"")
    (install / "lake" / "1" / "import").mkdir(parents=True)
    (install / "lake" / "1" / "import" / "events-0.parquet").touch()
    said = one_line(run(install, "check"))
    assert (
        "alongside.sqlite3 is not here or empty, and lake/1/import/events-0.parquet is of an install" in said
    )
