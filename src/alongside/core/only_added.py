"""Tables that are only added to: the database itself refuses to change or delete a row, whoever asks it.

By triggers, on SQLite and PostgreSQL. Whoever owns a database can take them away; what is kept so has another way to
show it, such as a chain.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

WHY = "This is only added to."
REFUSE = f"""CREATE OR REPLACE FUNCTION alongside_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{WHY}' USING ERRCODE = 'integrity_constraint_violation'; END $$"""


def only_added(table: str, *, once: Iterable[str]) -> migrations.RunPython:
    """For a migration: of the first, and of each that makes the table anew, as SQLite's often do.

    `once`: the columns that are unique together. SQLite's REPLACE deletes without asking the trigger of DELETE.
    """
    same = " AND ".join(f"{column} = NEW.{column}" for column in once)

    def refuse(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        made = _sqlite(table, same) if schema_editor.connection.vendor == "sqlite" else _postgresql(table)
        for statement in made:
            schema_editor.execute(statement)

    return migrations.RunPython(refuse, migrations.RunPython.noop)


def missing(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    """What a table is not guarded from any more: the triggers that are not there, or do not fire."""
    if connection.vendor == "sqlite":
        wanted = [f"{table}_stays", f"{table}_is_kept", f"{table}_is_not_replaced"]
        asked = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    else:
        wanted = [f"{table}_stays", f"{table}_is_not_emptied"]
        asked = "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'A'"
    with connection.cursor() as cursor:
        cursor.execute(asked, [table])
        there = {name for (name,) in cursor.fetchall()}
    return sorted(set(wanted) - there)


def _sqlite(table: str, same: str) -> list[str]:
    no = f"SELECT RAISE(ABORT, '{WHY}')"
    replaced = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id OR ({same}))"  # noqa: S608 - our own names
    return [
        f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} BEGIN {no}; END",
        f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} BEGIN {no}; END",
        f"CREATE TRIGGER {table}_is_not_replaced BEFORE INSERT ON {table} WHEN {replaced} BEGIN {no}; END",
    ]


def _postgresql(table: str) -> list[str]:
    """The triggers fire also where a session says that it only replays what another server did."""
    run = "EXECUTE FUNCTION alongside_only_added()"
    always = f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}"
    return [
        REFUSE,
        f"CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {run}",
        f"CREATE TRIGGER {table}_is_not_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {run}",
        f"{always}_stays",
        f"{always}_is_not_emptied",
    ]
