"""What was deleted is not in the file, nor beside it, nor for long in a copy of before."""

import os
import sqlite3
import time
from datetime import timedelta

import pytest

from alongside.core import clock, copies, data
from alongside.core.backup import rows

WORDS = b"the-lamp-that-nobody-mends"


@pytest.fixture
def backups(settings, tmp_path):
    settings.DATA = tmp_path
    return data.folder("backups")


def test_a_copy_is_deleted_when_its_days_are_over_and_nothing_else(backups, settings):
    days = settings.ALONGSIDE.copies_days
    names = {
        age: f"before-upgrade-{clock.now() - timedelta(days=age):{copies.STAMP}}.sqlite3"
        for age in (1, days + 1)
    }
    for name in [*names.values(), "our-own.sqlite3"]:
        (backups / name).write_bytes(b"")
    assert copies.sweep() == 1
    assert {file.name for file in backups.iterdir()} == {names[1], "our-own.sqlite3"}


def test_a_copy_of_the_rows_that_a_killed_backup_left_is_deleted_after_a_day(backups):
    for name, days in (("now", 0), ("old", 2)):
        path = backups / f"{rows.COPY}{name}"
        path.write_bytes(WORDS)
        then = time.time() - days * 86_400
        os.utime(path, (then, then))
    copies.sweep()
    assert [path.name for path in backups.iterdir()] == [f"{rows.COPY}now"], "the other is being read"


def test_the_file_holds_no_word_that_was_deleted(tmp_path, settings):
    """Told of a file like ours, with our settings, and of one that deletes as SQLite may: the premise."""
    found = {}
    for name, setting in {
        "ours": settings.SQLITE["OPTIONS"]["init_command"],
        "bare": "PRAGMA secure_delete=OFF",
    }.items():
        path = tmp_path / name
        database = sqlite3.connect(path, isolation_level=None)
        database.executescript(setting)
        database.execute("CREATE TABLE said (words TEXT)")
        database.executemany("INSERT INTO said VALUES (?)", [[f"{WORDS.decode()} {n}"] for n in range(500)])
        database.execute("UPDATE said SET words = '' WHERE rowid % 2")
        database.execute("DELETE FROM said WHERE rowid % 2 = 0")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        found[name] = any(WORDS in file.read_bytes() for file in tmp_path.glob(f"{name}*"))
    assert found == {"ours": False, "bare": True}
