"""Tables as lines of JSON, in the shape that the migrations left them: read from one database, put into the other.

Values are as Python has them, so that a yes is `true` and a moment says its offset, however a database keeps them.
Neither reading nor writing makes objects of rows.
"""

from __future__ import annotations

import gzip
import json
import secrets
import sqlite3
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils.duration import duration_string

from alongside.core import shaping
from alongside.core.backup.archive import LARGEST_TEXT
from alongside.core.errors import Refusal, phrase
from alongside.core.files import age

AT_ONCE = 2000  # rows held at one time
CHUNK = 8 << 20  # bytes of lines in one member
# Who is signed in stays signed in nowhere else: a copy of these would open every account.
LEFT_BEHIND = {"sessions.session"}


COPY = ".rows-"  # how a copy is called that stands still while a backup is made
LONGEST = timedelta(days=1)


class NewerDatabase(Refusal):
    """The database is of a version that comes after this one."""


@dataclass(frozen=True)
class Table:
    """One table of an earlier shape: its model as the migrations made it, and the columns that it has."""

    model: type[models.Model]

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def fields(self) -> Sequence[models.Field[Any, Any]]:
        return self.model._meta.local_concrete_fields

    @property
    def columns(self) -> list[str]:
        return [str(field.column) for field in self.fields]

    @property
    def counts(self) -> bool:
        """Whether the database gives the numbers of its rows."""
        return isinstance(self.model._meta.pk, models.AutoField | models.BigAutoField)


# -- shape ------------------------------------------------------------------------------------------
def stamp(connection: BaseDatabaseWrapper) -> dict[str, list[str]]:
    """The last migrations of each room that this database has seen. Raises NewerDatabase."""
    loader = MigrationLoader(connection)
    refuse_newer(loader)
    applied = [node for node in loader.applied_migrations if node in loader.graph.nodes]
    last: dict[str, list[str]] = {}
    for app, name in sorted(applied):
        later = loader.graph.node_map[(app, name)].children
        if not any(child.key[0] == app and child.key in loader.applied_migrations for child in later):
            last.setdefault(app, []).append(name)
    return last


def refuse_newer(loader: MigrationLoader) -> None:
    """Raises NewerDatabase where it has seen a migration of ours that this version does not know."""
    unknown = [node for node in loader.applied_migrations if node not in loader.graph.nodes]
    ours = [node for node in unknown if node[0] in loader.migrated_apps]
    if ours and not any(node in loader.replacements for node in ours):
        raise NewerDatabase(
            phrase(
                "The database is of a newer Alongside (%(name)s): use that version.", name=".".join(ours[0])
            )
        )


def tables(connection: BaseDatabaseWrapper, last: Mapping[str, Sequence[str]]) -> list[Table]:
    """Every table of this shape but those that are left behind."""
    loader = MigrationLoader(connection)
    nodes = [(app, name) for app, names in last.items() for name in names]
    apps: Apps = loader.project_state(nodes).apps
    every = [Table(model) for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    for table in every:
        for field in filter(is_our_own, table.fields):
            setattr(field, "get_db_converters", _as_it_stands)  # noqa: B010 - of this shape only, which nobody else has
    return sorted((table for table in every if table.label not in LEFT_BEHIND), key=lambda table: table.label)


def is_our_own(field: models.Field[Any, Any]) -> bool:
    """A field that makes more of its column than Django does: goes along as the column has it."""
    return not type(field).__module__.startswith("django.")


def _as_it_stands(_connection: BaseDatabaseWrapper) -> list[Any]:
    return []


# -- reading ----------------------------------------------------------------------------------------
@contextmanager
def snapshot(room: Path) -> Iterator[BaseDatabaseWrapper]:
    """A database that stands still while it is read, whoever goes on writing.

    PostgreSQL keeps what a transaction sees. SQLite makes a copy of its file into `room`, in one go: a reader of the
    file itself would hold up those who clear away what waits beside it.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.in_atomic_block:
        raise RuntimeError("A backup is of what is committed: not inside a transaction.")
    if connection.vendor != "sqlite":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield connection
        return
    file = room / f"{COPY}{secrets.token_hex(6)}"  # two backups at once have one each
    try:
        file.touch(mode=0o600)
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)
        still = connection.copy()
        still.settings_dict |= {"NAME": file, "OPTIONS": {"init_command": "PRAGMA query_only=ON;"}}
        try:
            yield still
        finally:
            still.close()
    finally:
        for each in room.glob(f"{file.name}*"):
            each.unlink(missing_ok=True)


def sweep(room: Path) -> None:
    """Delete copies that a backup left which was killed: they hold every word of then."""
    for path in (*room.glob(f"{COPY}*"), *room.glob(".rows.sqlite3*")):
        with suppress(FileNotFoundError):
            if age(path) > LONGEST:
                path.unlink()


def chunks(table: Table, connection: BaseDatabaseWrapper) -> Iterator[tuple[int, bytes]]:
    """The rows in their order, as lines, some megabytes at a time: how many, and the lines, packed."""
    lines, size = [], 0
    for row in _rows(table, connection):
        line = json.dumps(row, default=plain, ensure_ascii=False, separators=(",", ":"))
        lines.append(line)
        size += len(line)
        if size > CHUNK:
            yield len(lines), _packed(lines)
            lines, size = [], 0
    if lines:
        yield len(lines), _packed(lines)


def _rows(table: Table, connection: BaseDatabaseWrapper) -> Iterator[tuple[Any, ...]]:
    names = [field.attname for field in table.fields]
    return found(table.model._base_manager.order_by("pk").values_list(*names), connection)


def found(asked: models.QuerySet[Any, Any], connection: BaseDatabaseWrapper) -> Iterator[tuple[Any, ...]]:
    """What a database answers that may be a copy, and so is none of those that the settings know."""
    compiler = asked.query.get_compiler(connection=connection)
    return compiler.results_iter(chunked_fetch=True, chunk_size=AT_ONCE)  # type: ignore[no-any-return]  # Django says nothing of it


def _packed(lines: Iterable[str]) -> bytes:
    return gzip.compress("\n".join(lines).encode(), compresslevel=6, mtime=0)


def plain(value: object) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode()
    if isinstance(value, timedelta):
        return duration_string(value)
    raise TypeError(f"{type(value).__name__} goes into no backup yet")


def last_number(table: Table, connection: BaseDatabaseWrapper) -> int:
    """The highest number that a row of it ever had: what was deleted gives its number to nobody."""
    if not table.counts:
        return 0
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table.model._meta.db_table])
        else:
            cursor.execute(f"SELECT last_value FROM {_sequence(table, connection)} WHERE is_called")  # noqa: S608 - named by the database
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _sequence(table: Table, connection: BaseDatabaseWrapper) -> str:
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(table.model._meta.db_table)
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [name, table.model._meta.pk.column])
        return str(cursor.fetchone()[0])


# -- writing ----------------------------------------------------------------------------------------
def make_shape(connection: BaseDatabaseWrapper, last: Mapping[str, Sequence[str]]) -> None:
    """An empty database is given the tables as they were."""
    with shaping.quickly():
        MigrationExecutor(connection).migrate([(app, name) for app, names in last.items() for name in names])


def clear(table: Table, connection: BaseDatabaseWrapper) -> None:
    """Let go of what migrations put there by themselves."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(table.model._meta.db_table)}")  # noqa: S608 - our own table


def put(table: Table, columns: Sequence[str], held: bytes, connection: BaseDatabaseWrapper) -> int:
    """Put packed lines into a table. Returns how many."""
    by_name = {field.column: field for field in table.fields}
    fields = [by_name[column] for column in columns]
    rows = (
        [_as_stored(field, value, connection) for field, value in zip(fields, json.loads(line), strict=True)]
        for line in _unpacked(held).decode().split("\n")
    )
    return _copied(table, columns, rows, connection)


def _unpacked(held: bytes) -> bytes:
    """Lines of ours, which are never many. Raises ValueError where a few bytes unpack to all of the memory."""
    unpacker = zlib.decompressobj(wbits=31)
    lines = unpacker.decompress(held, LARGEST_TEXT)
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("packed otherwise than rows are")
    return lines


def _as_stored(field: models.Field[Any, Any], value: Any, connection: BaseDatabaseWrapper) -> Any:
    if is_our_own(field):
        return value
    if isinstance(field, models.JSONField) and value is None and not field.null:
        return field.get_db_prep_save(models.Value(None, models.JSONField()), connection)
    return field.get_db_prep_save(field.to_python(value), connection)


def _copied(
    table: Table, columns: Sequence[str], rows: Iterator[list[Any]], connection: BaseDatabaseWrapper
) -> int:
    quoted = connection.ops.quote_name
    into = f"{quoted(table.model._meta.db_table)} ({', '.join(map(quoted, columns))})"
    count = 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
                    count += 1
            return count
        marks = ", ".join(["%s"] * len(columns))
        while some := list(islice(rows, AT_ONCE)):
            cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", some)  # noqa: S608 - our own names
            count += len(some)
    return count


def count_from(table: Table, last: int, connection: BaseDatabaseWrapper) -> None:
    """The next row of a table gets a number that none had."""
    if not table.counts:
        return
    with connection.cursor() as cursor:
        name = table.model._meta.db_table
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, last])
            return
        for sql in connection.ops.sequence_reset_sql(no_style(), [table.model]):
            cursor.execute(sql)
        sequence = _sequence(table, connection)
        if last:
            cursor.execute("SELECT setval(%s, %s, true)", [sequence, last])
