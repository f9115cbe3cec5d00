"""A new database is given its tables in a quicker way than Django's own, which this one is held to."""

import subprocess
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from tests import database as databases

from alongside.cli import database
from alongside.cli.tests.town import Town, own_database


@pytest.mark.heavy
@pytest.mark.database
def test_every_table_row_and_constraint_is_as_django_makes_it(tmp_path):
    with own_database() as ours, own_database() as djangos:
        first = Town(tmp_path / "first", **ours)
        (tmp_path / "plain" / "data").mkdir(parents=True)
        plain = Town(tmp_path / "plain", **djangos)
        assert first.command("jobs").returncode == 0
        migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, env=plain.environment, check=True)
        made = shape(plain)
        assert len(made) > 500
        assert shape(first) == made


def shape(town):
    own = str(town.folder / "data" / databases.NAME)
    return databases.described(town.environment.get("DATABASE_URL", own))


@pytest.mark.parametrize(
    ("applied", "went"),
    [
        ({}, ["quickly", "migrate"]),
        ({("walks", "0001_initial"): None}, ["a copy", "migrate"]),
    ],
    ids=["an empty one", "one with rows"],
)
def test_only_an_empty_database_goes_that_way(monkeypatch, applied, went):
    said = []

    @contextmanager
    def quickly():
        said.append("quickly")
        yield

    loader = SimpleNamespace(
        applied_migrations=applied, graph=SimpleNamespace(leaf_nodes=list, nodes=applied)
    )
    executor = SimpleNamespace(loader=loader, migration_plan=lambda _nodes: ["a migration"])
    monkeypatch.setattr(database, "MigrationExecutor", lambda _connection: executor)
    monkeypatch.setattr(database, "call_command", lambda name, **_how: said.append(name))
    monkeypatch.setattr(database.shaping, "quickly", quickly)
    monkeypatch.setattr(database.copies, "copy_aside", lambda: said.append("a copy"))
    monkeypatch.setattr(database.copies, "write_anew", lambda: None)
    database._migrate(copy=True)
    assert said == went
