"""What of the data folder goes along: all of it, but what is named here. A new room's files come by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

BACKUPS = "backups"
# What stays behind, by its name at the top of the folder, and why.
STAYS = {
    "alongside.sqlite3": "goes as rows, so that either database can take them",
    "alongside.sqlite3-wal": "belongs to it",
    "alongside.sqlite3-shm": "belongs to it",
    "counters.sqlite3": "counts of a day at most, which never stand still and are worth nothing elsewhere",
    "counters.sqlite3-wal": "belongs to it",
    "counters.sqlite3-shm": "belongs to it",
    "demo-key": "opens every account of a demo city: made again where it is wanted",
    "store.id": "says which install a store is of, and a copy is another",
    "served-at": "where links led here; a copy is served elsewhere",
    "keys": "go only if asked for, shut with a passphrase",
    BACKUPS: "hold what people have had deleted since",
    "staging": "drafts of what is being read: made again, or given up within a day",
}
RESTORING = ".restoring"


def files(data: Path) -> Iterator[tuple[str, Path]]:
    """Every file that goes along: its name below the folder, and itself. In an order that stays."""
    for top in sorted(data.iterdir()) if data.is_dir() else ():
        if top.name not in STAYS:
            for path in sorted(top.rglob("*")) if top.is_dir() else (top,):
                if path.is_file() and not path.is_symlink() and not _is_passing(path):
                    yield path.relative_to(data).as_posix(), path


def goes_along(name: str) -> bool:
    """Whether a file below the folder may be called so in a backup: it leads nowhere else, and is none that stays."""
    path = PurePosixPath(name)
    plain = path.as_posix() == name and not path.is_absolute() and ".." not in path.parts and "\0" not in name
    return (
        plain
        and bool(path.name)
        and path.parts[0] not in {*STAYS, RESTORING}
        and not path.name.startswith(".")
    )


def _is_passing(path: Path) -> bool:
    """A draft that is being written, a lock, a mark: begins with a dot."""
    return path.name.startswith(".")
