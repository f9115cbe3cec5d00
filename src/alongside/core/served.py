"""Where a data folder was served last: links of a command in another terminal lead there, too.

Knows nothing of Django: the settings begin with it.
"""

from __future__ import annotations

import re
from pathlib import Path

from alongside.core.files import whole

SERVED_AT = "served-at"
ADDRESS = re.compile(r"https?://[\w.:\[\]-]+", re.ASCII)


def note(folder: Path, address: str) -> None:
    with whole(folder / SERVED_AT) as file:
        file.write(address.encode("ascii"))


def last(folder: Path) -> str:
    """Nothing, where it was never served, or the note is none."""
    try:
        kept = (folder / SERVED_AT).read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""
    return kept if ADDRESS.fullmatch(kept) else ""
