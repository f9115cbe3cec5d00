"""What is deleted is gone from the disk: the pages of the database's file, what waits beside it, and old backups.

Of SQLite, where the file is ours. PostgreSQL has its own ways with space: see docs/howto/run.md.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection

from alongside.core import clock, data
from alongside.core.backup import erased, making, rows, sending
from alongside.core.backup.folder import BACKUPS

STAMP = "%Y%m%dT%H%M%S"
# Copies of the SQLite file, as earlier versions made them, go by the same clock.
NAMED = re.compile(r"before-upgrade-(\d{8}T\d{6})\.(backup|backup\.part|backup\.erased|sqlite3)")


def copy_aside() -> None:
    """Back up the rows as they were before an upgrade, for as many days as ALONGSIDE_COPIES_DAYS says.

    Rows only: an upgrade changes no file of the lake or the media, and a second copy of them could fill the disk.
    `restore --files-from` takes them from the folder.
    """
    making.make(data.folder(BACKUPS) / f"before-upgrade-{clock.now():{STAMP}}.backup", with_files=False)


def sweep() -> int:
    """Delete the backups of before upgrades that are older: they hold what people had deleted since. Returns how many.

    By the day in the name: the file itself has the date of what it is a copy of.
    """
    oldest = clock.now() - timedelta(days=settings.ALONGSIDE.copies_days)
    gone = 0
    for file in data.folder(BACKUPS).iterdir():
        named = NAMED.fullmatch(file.name)
        if named and datetime.strptime(named[1], STAMP).replace(tzinfo=UTC) < oldest:
            file.unlink(missing_ok=True)
            gone += 1
    sending.sweep()
    rows.sweep(data.folder(BACKUPS))
    erased.forget_old()
    return gone


def wipe() -> None:
    """Empty what waits beside the database's file into it, where deleted text is overwritten, and cut it to nothing.

    Not inside a transaction, and without waiting for whoever still reads: the next time comes soon.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def write_anew() -> None:
    """Write the whole file anew, once after an upgrade: pages that an earlier version freed still hold their text."""
    if connection.vendor == "sqlite":
        connection.cursor().execute("VACUUM")
        wipe()
