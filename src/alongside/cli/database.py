"""The database, brought to this version's shape before anything uses it."""

import shutil
from pathlib import Path

import click
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from alongside.core import clock, data


def bring_up_to_date() -> None:
    """Apply what is pending. An SQLite file that holds something already is copied aside first."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if executor.loader.applied_migrations:
        click.echo("Bringing the database up to date …", err=True)
        _copy_aside()
    call_command("migrate", verbosity=0, interactive=False)


def _copy_aside() -> None:
    """Keep the file as it was. PostgreSQL has its own tools for this; see docs/howto/run.md."""
    if connection.vendor != "sqlite":
        return
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    name = f"before-upgrade-{clock.now():%Y%m%dT%H%M%S}.sqlite3"
    shutil.copy2(Path(connection.settings_dict["NAME"]), data.folder("backups") / name)
