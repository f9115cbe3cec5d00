"""An empty folder and an empty database become what they were. Whatever stops it, it is begun again from nothing.

What is looked at first needs no settings, for settings make keys where there are none. A mark stands in the folder and
in the database from before anything is made until all is done; what was made beside a mark is ours to throw away.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TextIO

from alongside.core import safe
from alongside.core.backup import beside
from alongside.core.backup.archive import FILES, NotOurs, Progress, Reader, nothing
from alongside.core.backup.folder import RESTORING
from alongside.core.built import VAR
from alongside.core.errors import Refusal, phrase
from alongside.core.files import to_disk, whole
from alongside.core.space import was_lacking

TABLE = "alongside_restoring"
DONE = "all is there"  # what the mark says once nothing is left to do but to take it away
ONE_AT_A_TIME = 7_203_185_551  # the number of PostgreSQL's lock


log = logging.getLogger("alongside.restore")


class NotEmpty(Refusal):
    """Something stands already where a backup would be restored."""


class TooNew(Refusal):
    """A backup is of a version that comes after this one."""


# -- before anything is made ------------------------------------------------------------------------
def data_folder() -> Path:
    """What ALONGSIDE_DATA names, read without settings."""
    return Path(os.environ.get("ALONGSIDE_DATA") or VAR).resolve()


def check_version(seal: Mapping[str, Any]) -> None:
    """Whether this version knows the last migrations that the backup has seen, and so all before them."""
    for label, names in seal["migrations"].items():
        for name in names:
            if not _is_known(seal["packages"][label], name):
                raise TooNew(
                    phrase(
                        "This backup is of a newer Alongside (it knows %(name)s): restore it with that version.",
                        name=f"{label}.{name}",
                    )
                )


def _is_known(package: str, name: str) -> bool:
    try:
        return find_spec(f"{package}.migrations.{name}") is not None
    except ModuleNotFoundError:
        return False


def what_was_erased(reader: Reader) -> dict[str, Any] | None:
    """What stands beside the backup; None where nothing does."""
    return beside.read(reader.path, of=reader.seal["id"], key=reader.seal["erased"])


def check_folder(home: Path) -> None:
    """Empty, not there yet, or left by a restore that was stopped."""
    if home.exists() and not home.is_dir():
        raise NotEmpty(phrase("ALONGSIDE_DATA must be a folder: %(folder)s.", folder=str(home)))
    if home.is_dir() and any(home.iterdir()) and not (home / RESTORING).exists():
        raise NotEmpty(
            phrase(
                "%(folder)s is not empty: a backup is restored into an empty folder. Name one in ALONGSIDE_DATA.",
                folder=str(home),
            )
        )


def check_database() -> None:
    """Nothing stands in a PostgreSQL but what a restore left that was stopped. SQLite stands in the folder."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=10) as server:
            found = server.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
            ).fetchall()
    except psycopg.Error as error:
        raise NotEmpty(
            phrase("The database of DATABASE_URL cannot be reached: %(why)s", why=str(error))
        ) from error
    names = {name for (name,) in found}
    if names and TABLE not in names:
        raise NotEmpty(
            phrase("The database of DATABASE_URL is not empty: a backup is restored into an empty one.")
        )


# -- the folder -------------------------------------------------------------------------------------
@contextmanager
def begun(home: Path, name: str) -> Iterator[Mark]:
    """Put up the mark; throw away what a restore left that was stopped. Whoever restores is alone meanwhile."""
    safe.enter(home)
    check_folder(home)  # again: another may have been done with it since
    with held(home, new=not is_begun(home)) as mark:
        if is_done(home):
            raise _another_restores(home)
        mark.say(name)
        to_disk(home)
        empty(home)
        yield mark


@dataclass(frozen=True)
class Mark:
    """Stands in the folder from before anything is made until all is there."""

    path: Path
    file: TextIO

    def say(self, words: str) -> None:
        self.file.seek(0)
        self.file.truncate()
        self.file.write(words)
        self.file.flush()
        to_disk(self.path)


@contextmanager
def held(home: Path, *, new: bool = False) -> Iterator[Mark]:
    """The mark, locked: the lock goes with its process, however that ends. Raises NotEmpty."""
    try:
        file = _locked(home / RESTORING, os.O_CREAT | os.O_EXCL if new else 0)
    except (BlockingIOError, FileExistsError, FileNotFoundError):
        raise _another_restores(home) from None
    with file:
        yield Mark(home / RESTORING, file)


def _locked(path: Path, new: int) -> TextIO:
    with ExitStack() as undone:
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_NOFOLLOW | new, 0o600), "w")
        undone.push(file)
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.stat().st_ino != os.fstat(file.fileno()).st_ino:
            raise FileExistsError(path)  # it was taken away, and put up again, since we opened it
        undone.pop_all()
    return file


def _another_restores(home: Path) -> NotEmpty:
    return NotEmpty(phrase("Another command restores into %(folder)s.", folder=str(home)))


def empty(home: Path) -> None:
    for path in home.iterdir():
        if path.name != RESTORING:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def is_begun(home: Path) -> bool:
    return (home / RESTORING).exists()


def is_done(home: Path) -> bool:
    """Whether one was stopped when nothing was left to do but to take its marks away."""
    return is_begun(home) and (home / RESTORING).read_text(errors="replace") == DONE


def end(home: Path, mark: Mark) -> None:
    """All is there: take the marks away, that of the folder last. Whoever is stopped between them goes on here."""
    mark.say(DONE)
    end_in_database()
    (home / RESTORING).unlink()
    to_disk(home)


def put_files(reader: Reader, home: Path, progress: Progress = nothing) -> int:
    """The files of the data folder, each readable by its owner only."""
    names = [name for name in reader.members if name.startswith(FILES)]
    for name in names:
        path = home / name.removeprefix(FILES)
        make_folder(path, home)
        reader.write(name, path, progress)
    for folder in sorted({path.parent for path in home.rglob("*")} | {home}):
        to_disk(folder)
    return len(names)


def put_keys(home: Path, rings: Mapping[str, str]) -> None:
    folder = home / "keys"
    make_folder(folder / "session", home)
    for name, held in rings.items():
        if Path(name).name != name:
            raise NotOurs(phrase("A key is called %(name)s.", name=name))
        with whole(folder / name, mode=0o600, over=False) as file:
            file.write(held.encode())


def make_folder(path: Path, home: Path) -> None:
    """The folders above a file, below the data folder: nobody else looks into them."""
    for each in reversed(path.relative_to(home).parents):
        (home / each).mkdir(exist_ok=True, mode=0o700)


# -- the database -----------------------------------------------------------------------------------
class RowsDoNotFit(Refusal):
    """The rows of a backup are none that its tables can hold, or the database did not take them."""


def put_rows(reader: Reader, progress: Progress = nothing) -> dict[str, int]:
    """Every row in its table, in the shape of then. Returns how many of each. Raises RowsDoNotFit."""
    try:
        return _put_rows(reader, progress)
    except Refusal:
        raise
    except Exception as error:  # whatever a database or a line of JSON stumbles over: the rows are anybody's
        if was_lacking(error):
            raise
        log.warning("rows", exc_info=True)
        raise RowsDoNotFit(
            phrase(
                "The rows of %(file)s could not be put into the database (%(why)s). Give the command again, which "
                "begins anew; where it says the same again, take another copy.",
                file=str(reader.path),
                why=(str(error).splitlines() or [type(error).__name__])[0][:200],
            )
        ) from error


def _put_rows(reader: Reader, progress: Progress) -> dict[str, int]:
    from django.db import connection, transaction

    from alongside.core.backup import rows

    seal = reader.seal
    begin_in_database()
    rows.make_shape(connection, seal["migrations"])
    tables = rows.tables(connection, seal["migrations"])
    with transaction.atomic():
        for table in tables:
            rows.clear(table, connection)
        counts = {}
        for table in tables:
            about = seal["tables"].get(table.label)
            if about is None:
                continue
            counts[table.label] = _put_table(reader, table, about, progress)
            rows.count_from(table, about["last"], connection)
        if lost := set(seal["tables"]) - set(counts):
            raise TooNew(phrase("This version has no table for %(name)s.", name=", ".join(sorted(lost))))
        if connection.vendor == "sqlite":
            connection.check_constraints()
    return counts


def _put_table(reader: Reader, table: Any, about: Mapping[str, Any], progress: Progress) -> int:
    from django.db import connection

    from alongside.core.backup import rows

    count = 0
    for name in about["in"]:
        count += rows.put(table, about["columns"], reader.read(name), connection)
        progress(reader.members[name].size)
    if count != about["rows"]:
        raise NotOurs(phrase("%(name)s has other rows than were sealed.", name=table.label))
    return count


def begin_in_database() -> None:
    """Put up the mark there, too; throw away what a restore left that was stopped."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_AT_A_TIME])  # goes with this connection
            if not cursor.fetchone()[0]:
                raise NotEmpty(phrase("Another command restores into the database of DATABASE_URL."))
        names = connection.introspection.table_names(cursor)
        if names and TABLE not in names:
            raise NotEmpty(phrase("The database is not empty: a backup is restored into an empty one."))
        along = " CASCADE" if connection.vendor == "postgresql" else ""
        for name in _last(names, TABLE):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(name)}{along}")
        cursor.execute(f"CREATE TABLE {TABLE} (begun integer)")


def _last(names: Iterable[str], last: str) -> Sequence[str]:
    """In this order the mark outlives what it marks."""
    return sorted(names, key=lambda name: name == last)


def end_in_database() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")


def is_begun_in_database() -> bool:
    from django.db import connection

    return TABLE in connection.introspection.table_names()
