"""A database of before: empty, brought to an earlier shape, filled with its rows, and brought up to date.

Both go in the quicker way (core.shaping): every statement is the same as in Django's own.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from alongside.core import shaping


def as_before(*migrations: tuple[str, str]) -> Any:
    """The models as these migrations left them, in a database with no rows. For tests of SQLite, with its real commits.

    What stands there otherwise is copied over it again after the test (tests.database).
    """
    with closing(sqlite3.connect(":memory:")) as nothing:
        connection.ensure_connection()
        nothing.backup(connection.connection)
    executor = MigrationExecutor(connection)
    with shaping.quickly():
        executor.migrate(list(migrations))
    return executor.loader.project_state(list(migrations)).apps


def up_to_date() -> None:
    """All that is pending, as a start of this version applies it."""
    executor = MigrationExecutor(connection)
    with shaping.quickly():
        executor.migrate(executor.loader.graph.leaf_nodes())
