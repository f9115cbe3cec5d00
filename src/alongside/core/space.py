"""Whether there is room to write: in a folder, and what it says that there was none. Knows nothing of Django."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

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
