"""A database that is brought to shape once, and copied by everybody who tests with one.

The template stands until a migration changes: SQLite's as a file in build/databases, PostgreSQL's on its server.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import django
import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from alongside.core import shaping

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "databases"
NAME = "alongside.sqlite3"  # in the data folder of an install
A_DAY = 86_400
DURABLE, QUICK = "synchronous=FULL", "synchronous=OFF"
# Of PostgreSQL: columns, constraints, indexes, triggers.
SHAPE = (
    """SELECT table_name, ordinal_position, column_name, udt_name, character_maximum_length, is_nullable,
              column_default, is_identity, collation_name
       FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2""",
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2""",
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
    "SELECT pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
)


def shape() -> str:
    """A name for what migrations make of an empty database."""
    digest = hashlib.sha256(django.__version__.encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.name):
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def alone(name: str) -> Iterator[None]:
    """One worker, and one run, at a time."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Templates(Protocol):
    """Where the databases of one kind of server are."""

    def stands(self, name: str) -> bool: ...
    def draft(self, name: str) -> str: ...
    def finish(self, draft: str, name: str) -> None: ...
    def copy(self, name: str, own: str) -> str: ...
    def drop(self, own: str) -> None: ...


class Files:
    """SQLite's."""

    def stands(self, name: str) -> bool:
        return self.path(name).exists()

    def draft(self, name: str) -> str:
        return str(self.path(f"{name}-draft"))

    def finish(self, draft: str, name: str) -> None:
        for old in FOLDER.glob("*.sqlite3"):  # another run may still use the one before
            if old.stat().st_mtime < time.time() - A_DAY:
                old.unlink()
        Path(draft).rename(self.path(name))

    def copy(self, name: str, own: str) -> str:
        path = ROOT / "build" / f"test-{own}.sqlite3"
        self.drop(str(path))  # a run that was killed leaves its log, which would be taken for this one's
        self.path(name).touch()  # in use
        shutil.copyfile(self.path(name), path)
        return str(path)

    def drop(self, own: str) -> None:
        for left in ("", "-wal", "-shm"):
            Path(own + left).unlink(missing_ok=True)

    @staticmethod
    def path(name: str) -> Path:
        return FOLDER / f"{name}.sqlite3"


class Server:
    """PostgreSQL's."""

    def stands(self, name: str) -> bool:
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.named(name)])
            return cursor.fetchone() is not None

    def draft(self, name: str) -> str:
        return self.named(f"{name}_draft")

    def finish(self, draft: str, name: str) -> None:
        self.do(f"ALTER DATABASE {draft} RENAME TO {self.named(name)}")

    def copy(self, name: str, own: str) -> str:
        database = f"test_{own}"
        self.do(f"CREATE DATABASE {database} TEMPLATE {self.named(name)}")
        return database

    def drop(self, own: str) -> None:
        self.do(f"DROP DATABASE {own} WITH (FORCE)")

    @staticmethod
    def named(name: str) -> str:
        return f"template_{name}"

    @staticmethod
    def do(statement: str) -> None:
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)


def templates() -> Templates:
    return Files() if connection.vendor == "sqlite" else Server()


def template() -> str:
    """The name of the migrated database, made now where it does not stand yet."""
    name, where = shape(), templates()
    with alone(connection.vendor):
        if not where.stands(name):
            make(where, name)
    return name


def make(where: Templates, name: str) -> None:
    before = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = draft = where.draft(name)
    with shaping.quickly():
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    lead_to(before)
    where.finish(draft, name)


def described(database: str) -> list[str]:
    """What migrations left in it: a file's tables and rows, but for when they ran; the shape of a server's."""
    if "://" in database:
        with psycopg.connect(database) as server:
            return [str(row) for question in SHAPE for row in server.execute(question)]
    with closing(sqlite3.connect(database)) as file:
        # In which order tables, indexes and triggers were made is no part of the shape.
        return sorted(line for line in file.iterdump() if "django_migrations" not in line)


def lead_to(database: str) -> None:
    """From here on this process, and every thread in it, talks to this database."""
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = database


@pytest.fixture(scope="session")
def migrated(django_test_environment: None, django_db_blocker: Any) -> str:
    """The name of a database in shape, to be copied."""
    with django_db_blocker.unblock():
        return template()


@pytest.fixture(scope="session")
def django_db_setup(migrated: str, django_db_blocker: Any) -> Iterator[None]:
    """A copy for each worker, in the place of pytest-django's, which would migrate in each."""
    where, before = templates(), connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        with alone(connection.vendor):
            own = where.copy(migrated, str(os.getpid()))
        lead_to(own)
    with pytest.MonkeyPatch.context() as patch:
        if connection.vendor == "sqlite":
            forget_the_disk()
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: copy_over(migrated))
        else:
            emptied = TransactionTestCase._fixture_teardown
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: past_triggers(emptied, test))
        yield
    with django_db_blocker.unblock():
        lead_to(before)
        where.drop(own)


def past_triggers(emptied: Callable[[Any], None], test: Any) -> None:
    """What a test has really written goes, though a table refuses to be emptied: the tests own their database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'A'")
        guards = cursor.fetchall()
        for table, trigger in guards:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        emptied(test)
        for table, trigger in guards:
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")


def forget_the_disk() -> None:
    """No test cuts the power: nobody waits for the disk. Processes that are killed have databases of their own."""
    options = connection.settings_dict["OPTIONS"]
    assert DURABLE in options["init_command"]
    options["init_command"] = options["init_command"].replace(DURABLE, QUICK)


def copy_over(name: str) -> None:
    """What a test has really written goes: the template again, which is quicker than to empty table by table."""
    with connection.cursor() as cursor:  # whoever still writes is an error here; the copy would wait for ever
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute("ROLLBACK")
    with closing(sqlite3.connect(f"{Files.path(name).as_uri()}?immutable=1", uri=True)) as template:
        template.backup(connection.connection)
