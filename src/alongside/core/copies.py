"""What is deleted is gone from the disk: the pages of the database's file, what waits beside it, and old copies of it.

Of SQLite, where the file is ours. PostgreSQL has its own ways with space and copies: see docs/howto/run.md.
"""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from alongside.core import clock, data

STAMP = "%Y%m%dT%H%M%S"
NAMED = re.compile(r"before-upgrade-(\d{8}T\d{6})\.sqlite3")


def copy_aside() -> None:
    """Keep the database's file as it was before an upgrade, for as many days as ALONGSIDE_COPIES_DAYS says."""
    if connection.vendor != "sqlite":
        return
    wipe()
    name = f"before-upgrade-{clock.now():{STAMP}}.sqlite3"
    shutil.copy2(Path(connection.settings_dict["NAME"]), data.folder("backups") / name)


def sweep() -> int:
    """Delete the copies that are older: they hold what people had deleted since. Returns how many.

    By the day in the name: the file itself has the date of what it is a copy of.
    """
    oldest = clock.now() - timedelta(days=settings.ALONGSIDE.copies_days)
    gone = 0
    for file in data.folder("backups").iterdir():
        named = NAMED.fullmatch(file.name)
        if named and datetime.strptime(named[1], STAMP).replace(tzinfo=UTC) < oldest:
            file.unlink(missing_ok=True)
            gone += 1
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
