"""A new database is given its tables in a quicker way than Django's own, which this one is held to."""

import subprocess
import sys

import pytest
from tests import database

from alongside.cli.tests.town import Town, own_database

pytestmark = [pytest.mark.heavy, pytest.mark.database]


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
    own = str(town.folder / "data" / database.NAME)
    return database.described(town.environment.get("DATABASE_URL", own))
