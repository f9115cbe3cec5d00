"""Whether there is room to write: in a folder; and whether an error says that there was none.

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


def was_lacking(error: BaseException | None) -> bool:
    """Whether this went wrong because nothing could be written, here or on the database's disk."""
    while error is not None:
        if isinstance(error, NoRoom) or (isinstance(error, OSError) and error.errno in CANNOT_WRITE):
            return True
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in SQLITE:
            return True
        if getattr(error, "sqlstate", None) in POSTGRES:
            return True
        error = error.__cause__
    return False
