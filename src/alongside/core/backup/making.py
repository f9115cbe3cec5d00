"""One backup: the files, the rows of one moment, what came meanwhile, and the seal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from alongside.core import clock, data, kept, keys
from alongside.core.backup import archive, beside, erased, folder, keyring, rows
from alongside.core.backup.archive import FILES, FORMAT, KEYS, ROWS, Progress, Writer, nothing
from alongside.core.backup.folder import BACKUPS
from alongside.core.errors import Refusal, phrase
from alongside.core.ids import public_id


class NoPlace(Refusal):
    """A backup cannot stand where somebody wants it."""


@dataclass(frozen=True)
class Made:
    """What a backup holds."""

    id: str
    path: Path
    rows: int
    files: int
    size: int
    erased: Path


def make(
    path: Path,
    *,
    known_as: Path | None = None,
    passphrase: str | None = None,
    with_files: bool = True,
    needs: Mapping[str, int] | None = None,
    total: Callable[[int], object] = nothing,
    progress: Progress = nothing,
) -> Made:
    """Write a backup to `path`, going on with one that was interrupted. With keys where there is a passphrase.

    Files first, for they take long and do not change once they stand; then the rows of one moment, then the files that
    came meanwhile. So whatever a row names is there: its file was written before it, and what stood just before the
    moment counts, though it should have gone since. `needs`: how many rows need each ring of keys, for whoever
    restores without them. `known_as`: where it will be, if elsewhere: there it is told what was deleted since.
    """
    home = Path(settings.DATA)
    check_place(path, home)
    if with_files:
        kept.bring_back()
    last = rows.stamp(connection)
    with archive.writing(path, _head(home, last), same=("format", "home", "migrations")) as writer:
        _without_rows(writer)
        stood: set[str] = set()
        if with_files:
            total(sum(file.stat().st_size for _name, file in folder.files(home)))
            _take_files(writer, home, progress, passed=progress)
            stood = _take_files(writer, home, progress)
        with rows.snapshot(data.folder(BACKUPS)) as still:
            moment = clock.now()
            tables = _take_rows(writer, still, last, progress)
            index = erased.index(still, last)
        if with_files:
            stood |= _take_files(writer, home, progress)
        if passphrase is not None:
            writer.add(KEYS, keyring.shut(_rings(home), passphrase, of=writer.head["id"]))
        names = [archive.HEAD, *sorted(stood), *(name for table in tables.values() for name in table["in"])]
        names += [KEYS] if passphrase is not None else []
        said = {
            "moment": moment.isoformat(),
            "tables": tables,
            "keys": passphrase is not None,
            "needs": dict(needs or {}),
            "files": with_files,
            "stood": [] if with_files else _stand(home),
        }
        # First: one that is killed here has a name, and what is deleted since is known of every backup with a name.
        erased.remember(writer.head, known_as or path, moment, index, sorted(stood))
        writer.seal(said, names)
    journal = erased.tell(writer.head["id"])
    return Made(
        writer.head["id"],
        path,
        sum(table["rows"] for table in tables.values()),
        len(stood),
        path.stat().st_size,
        journal,
    )


def _head(home: Path, last: Mapping[str, list[str]]) -> dict[str, Any]:
    """What stands first: whose it is, and by which a version knows whether it may read the rest."""
    return {
        "format": FORMAT,
        "id": public_id(),
        "erased": beside.new_key(),  # what FILE.erased is sealed with
        "made": clock.now().isoformat(),
        "home": str(home.resolve()),
        "migrations": last,
        "packages": {label: apps.get_app_config(label).name for label in last},
    }


def check_place(path: Path, home: Path) -> None:
    """Whether a backup can stand there. Raises NoPlace."""
    if path.name == "-":
        raise NoPlace(
            phrase("A backup goes into a file, which is gone on with if it is interrupted: name one.")
        )
    if path.is_dir() or not path.parent.is_dir():
        raise NoPlace(
            phrase("%(file)s is a folder: name a file in it.", file=str(path))
            if path.is_dir()
            else phrase("There is no folder %(folder)s.", folder=str(path.parent))
        )
    real, backups = path.resolve(), (home / BACKUPS).resolve()
    if real.is_relative_to(home.resolve()) and backups not in real.parents:
        raise NoPlace(
            phrase(
                "%(file)s is in the data folder, which it is a backup of: put it elsewhere, on another disk if there "
                "is one.",
                file=str(path),
            )
        )


def _stand(home: Path) -> list[tuple[str, int]]:
    """The files that rows speak of, and how long they are: a backup of rows alone is restored beside the same."""
    return [(name, file.stat().st_size) for name, file in folder.files(home)]


def _without_rows(writer: Writer) -> None:
    """Of a backup that was interrupted its files count: rows are those of one moment, which is over."""
    whole = list(writer.members.values())
    first = next(
        (at for at, each in enumerate(whole) if not each.name.startswith((FILES, archive.HEAD))), None
    )
    if first is not None:
        writer.go_back_to(whole[:first])


def _take_files(writer: Writer, home: Path, progress: Progress, passed: Progress = nothing) -> set[str]:
    """Copy the files that are not in it yet as they are now; those that are, are passed by. Returns what stands."""
    stand = set()
    for name, path in folder.files(home):
        known = writer.members.get(FILES + name)
        if known is not None and _is_the_same(known, path):
            passed(known.size)
            stand.add(FILES + name)
        elif writer.add_file(FILES + name, path, progress):
            stand.add(FILES + name)
    return stand


def _is_the_same(known: archive.Member, path: Path) -> bool:
    try:
        about = path.stat()
    except FileNotFoundError:
        return True  # it was there a moment ago, and is in the file
    return known.size == about.st_size and abs(known.mtime - about.st_mtime) < 0.001


def _take_rows(
    writer: Writer, still: BaseDatabaseWrapper, last: dict[str, list[str]], progress: Progress
) -> dict[str, Any]:
    tables: dict[str, Any] = {}
    for table in rows.tables(still, last):
        names: list[str] = []
        count = 0
        for more, held in rows.chunks(table, still):
            names.append(f"{ROWS}{table.label}/{len(names):05}.jsonl.gz")
            writer.add(names[-1], held)
            count += more
        tables[table.label] = {
            "columns": table.columns,
            "rows": count,
            "last": rows.last_number(table, still),
            "in": names,
        }
    return tables


def _rings(home: Path) -> dict[str, str]:
    """The files of keys. Not the session's: nothing that is stored hangs on it, and who has it is anybody."""
    return {name: (home / "keys" / name).read_text() for name in keys.names(home) if name != keys.SESSION}
