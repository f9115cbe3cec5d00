"""The database, brought to this version's shape before anything uses it."""

import click
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from alongside.core import copies


def bring_up_to_date(*, copy: bool = True) -> None:
    """Apply what is pending. A database that holds something already is backed up first."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if executor.loader.applied_migrations and copy:
        click.echo("Bringing the database up to date …", err=True)
        copies.copy_aside()
    call_command("migrate", verbosity=0, interactive=False)
    copies.write_anew()
