"""The database, brought to this version's shape before anything uses it."""

from contextlib import nullcontext
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from alongside.core import copies, kept, shaping
from alongside.core.backup import rows
from alongside.core.backup.restoring import is_begun_in_database
from alongside.core.errors import Refusal, phrase
from alongside.core.space import was_lacking


class Damaged(Refusal):
    """The database is not here, or cannot be read."""


def bring_up_to_date(*, restoring: bool = False) -> None:
    """Apply what is pending, and measure files that an earlier version has not. Raises Damaged.

    A database that holds something already is backed up first; of what is being `restored` there is a backup.
    """
    _refuse_to_begin_anew()
    try:
        if not restoring and is_begun_in_database():
            raise Damaged(
                phrase(
                    "the database of DATABASE_URL is half restored: give bin/alongside restore again, which begins "
                    "anew, with the data folder that it was given then."
                )
            )
        _migrate(copy=not restoring)
        kept.learn()
    except DatabaseError as error:
        if was_lacking(error):
            raise
        raise Damaged(
            phrase("the database cannot be used (%(error)s): look at it, or restore a backup.", error=error)
        ) from error


def _refuse_to_begin_anew() -> None:
    """Files that rows speak of, and no database: one would be made in which none of them is known."""
    if connection.vendor != "sqlite":
        return
    database, folder = Path(connection.settings_dict["NAME"]), Path(settings.DATA)
    if database.exists() and database.stat().st_size:
        return
    # What only a database can speak of: where there is such a file, there was one.
    below = {kind.below for kind in kept.kinds()}
    for path in (path for name in below for path in (folder / name).rglob("[!.]*") if path.is_file()):
        raise Damaged(
            phrase(
                "%(database)s is not here or empty, and %(path)s is of an install that had one: put it back, name its "
                "PostgreSQL in DATABASE_URL, or begin in another folder.",
                database=database.name,
                path=path.relative_to(folder),
            )
        )


def _migrate(*, copy: bool) -> None:
    executor = MigrationExecutor(connection)
    rows.refuse_newer(executor.loader)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if executor.loader.applied_migrations and copy:
        click.echo("Bringing the database up to date …", err=True)
        copies.copy_aside()
    with nullcontext() if executor.loader.applied_migrations else shaping.quickly():
        call_command("migrate", verbosity=0, interactive=False)
    copies.write_anew()
