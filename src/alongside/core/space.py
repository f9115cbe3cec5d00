"""Whether there is room to write: in a folder; and whether an error says that there was none, or nobody to write it.

Knows nothing of Django.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from alongside.core.files import FULL, NoRoom

LITTLE = 2_000_000_000  # bytes, at which somebody should look
NEARLY_NONE = 100_000_000  # at which it is a matter of minutes


def trouble(folder: Path, least: int = LITTLE) -> Iterator[str]:
    """Why this folder cannot be written to, or soon cannot."""
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield f"{folder} is not there, or may not be written to"
        return
    free = shutil.disk_usage(folder).free
    if free < least:
        yield f"only {free / 1e9:.1f} GB are free on its disk"
    disk = os.statvfs(folder)
    if disk.f_files and not disk.f_favail:
        yield "its disk can hold no more files, however small"


CANNOT_WRITE = (*FULL, errno.EROFS, errno.EIO)
# SQLite: full, or on a disk that takes no more: as a whole (read only, an error when it writes) or by name.
SQLITE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
}
POSTGRES = {"53100", "25006"}  # its disk is full; it takes no writing


# Nobody lets go of the lock; the database is away, starts or stops, or has no place for one more.
SQLITE_HELD = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
POSTGRES_AWAY = ("08", "57P", "53300", "55P03", "40")


def was_lacking(error: BaseException | None) -> bool:
    """Whether this went wrong because nothing could be written, here or on the database's disk."""
    return any(_lacked(each) for each in _from(error))


def was_away(error: BaseException | None) -> bool:
    """Whether this went wrong because the database did not answer, or let nobody write for as long as we wait."""
    return any(_away(each) for each in _from(error))


def _from(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _lacked(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in CANNOT_WRITE:
        return True
    if isinstance(error, sqlite3.Error) and _sqlite(error) in SQLITE:
        return True
    return isinstance(error, NoRoom) or getattr(error, "sqlstate", None) in POSTGRES


def _away(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        return _sqlite(error) in SQLITE_HELD
    if not hasattr(error, "sqlstate"):  # not psycopg's
        return False
    # It has a name for whatever the server said, and none where no server said anything.
    lost = type(error).__name__ in {"OperationalError", "ConnectionTimeout"}
    return lost if error.sqlstate is None else error.sqlstate.startswith(POSTGRES_AWAY)


def _sqlite(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
