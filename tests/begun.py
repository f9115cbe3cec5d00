"""What many tests begin with, made once: each has it as it was made.

A file, or a folder's conftest.py, says how in a fixture `begin`: a function, which runs once in a database and a data
folder of its own. Each test that asks for `begun` has what it gave, in those rows and with those files, until it ends.
The function runs before all other fixtures of the first of them: the clock or the patch that it needs, it takes itself.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction

from tests.database import alone, templates

Begin = Callable[[], Any]


@dataclass
class Stand:
    """Where it stands: what the function gave, its rows, its files."""

    made: Any
    database: str
    data: Path


class Stands:
    def __init__(self, migrated: str, folder: Path) -> None:
        self.migrated, self.folder = migrated, folder
        self.of: dict[Begin, Stand] = {}

    def stand(self, begin: Begin, settings: Any) -> Stand:
        if begin not in self.of:
            self.of[begin] = self._made(begin, settings)
        return self.of[begin]

    def _made(self, begin: Begin, settings: Any) -> Stand:
        number = len(self.of)
        with alone(connection.vendor):
            database = templates().copy(self.migrated, f"{os.getpid()}_{number}")
        own, settings.DATA = settings.DATA, self.folder / str(number)
        with connected_to(database), of_a_test(transaction.atomic()):
            made = begin()
            connection.run_on_commit.clear()  # a test that is rolled back sends nothing on its way either
        stand, settings.DATA = Stand(made, database, settings.DATA), own
        return stand

    def drop(self) -> None:
        for stand in self.of.values():
            templates().drop(stand.database)


@contextmanager
def connected_to(database: str) -> Iterator[None]:
    """This thread talks to another database. What it has begun in its own waits."""
    own = connections["default"]
    other = connections.create_connection("default")
    other.settings_dict = own.settings_dict | {"NAME": database}
    connections["default"] = other
    try:
        yield
    finally:
        other.close()
        connections["default"] = own


def of_a_test(step: Any) -> Any:
    """A step that no work of ours began: what must not be done within one may be done within this."""
    step._from_testcase = True
    return step


@contextmanager
def undone() -> Iterator[None]:
    """As Django's own test cases: what is written goes, once the database has looked at it."""
    step = of_a_test(transaction.atomic())
    step.__enter__()
    yield
    if not connection.needs_rollback and connection.is_usable():
        connection.check_constraints()
    transaction.set_rollback(True)
    step.__exit__(None, None, None)


@pytest.fixture(scope="session")
def stands(
    django_db_setup: None, migrated: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stands]:
    kept = Stands(migrated, tmp_path_factory.mktemp("begun"))
    yield kept
    with django_db_blocker.unblock():
        kept.drop()


@pytest.fixture
def begun(
    stands: Stands, begin: Begin, django_db_blocker: Any, own_data_folder: None, settings: Any
) -> Iterator[Any]:
    """What `begin` gave."""
    with django_db_blocker.unblock():
        stand = stands.stand(begin, settings)
        if stand.data.exists():
            shutil.copytree(stand.data, settings.DATA)
        with connected_to(stand.database), undone():
            yield deepcopy(stand.made)


@pytest.fixture(autouse=True)
def begun_before_all_else(request: Any) -> None:
    """In whatever order a test names what it asks for: nothing of it may be written before."""
    if "begun" in request.fixturenames:
        request.getfixturevalue("begun")
