"""The demo city, built once from the sources as they stand, and copied by every test that needs one.

It lies in build/demo and is built anew when a source changes; all workers and tiers of a run share it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from contextvars import ContextVar
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections

from alongside.cli.__main__ import main
from alongside.core import clock, keys
from tests import database

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "demo"
# A fixed day, so that a test says what is there; the season that the city has planned by itself ends with the year.
BUILT_ON = date(2026, 10, 5)
MORNING = datetime.combine(BUILT_ON, time(9), ZoneInfo("America/Kentucky/Louisville"))


def sources() -> Iterator[Path]:
    """All that a city is made from."""
    yield Path(__file__)
    yield ROOT / "requirements" / "base.txt"
    for path in sorted((ROOT / "src" / "alongside").rglob("*")):
        if path.suffix in {".py", ".html", ".txt", ".po"} and "tests" not in path.parts:
            yield path


def stamp() -> str:
    digest = hashlib.sha256()
    for path in sources():
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def standing() -> Path:
    """The folder of the city, to be copied and never written into."""
    folder = FOLDER / stamp()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            for old in FOLDER.iterdir():
                shutil.rmtree(old, ignore_errors=True)
            _build(folder)
    return folder


def _build(folder: Path) -> None:
    """In a process of its own, as `bin/demo --build-only` does, on the day that is wanted."""
    draft = folder.with_suffix(".draft")
    environment = os.environ | {
        "ALONGSIDE_DATA": str(draft),
        "DJANGO_SETTINGS_MODULE": "alongside.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "tests.demo_city"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"the demo city could not be built:\n{done.stdout}{done.stderr}"
    draft.rename(folder)


@pytest.fixture(scope="session")
def demo_city() -> Path:
    """The folder of the city that stands, to be read or copied."""
    return standing()


@pytest.fixture
def in_the_demo_city(demo_city: Path, transactional_db: None, settings: Any) -> Path:
    """A copy for one test: the rows in its database, the files in its data folder, which this names."""
    data = Path(settings.DATA)
    shutil.copytree(demo_city, data, dirs_exist_ok=True, ignore=shutil.ignore_patterns(f"{database.NAME}*"))
    settings.SECRET_KEY = keys.load(data, "session").hex()  # what the city's links and cards are sealed with
    connection.ensure_connection()
    with closing(sqlite3.connect(demo_city / database.NAME)) as built:
        built.backup(connection.connection)
    return data


def _on_that_day() -> None:
    """`alongside demo --build-only`, in the morning of the day."""
    clock._shift = ContextVar("shift", default=MORNING - clock.now())
    sys.argv = ["alongside", "demo", "--build-only"]
    main()
    connections.close_all()  # the last to close puts all rows into the one file


if __name__ == "__main__":
    _on_that_day()
