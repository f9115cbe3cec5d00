"""Killed at any moment (kill -9, no goodbye), the import run again ends as if nothing had happened."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from tests import database

from alongside.incidents.tests.reading_help import HEADING, row

pytestmark = pytest.mark.heavy

# The function at whose door, or just behind it, the process kills itself; or how far the process apart is when it
# tells of it.
MOMENTS = [
    ("alongside.incidents.actions._reporting", "0.1"),
    ("alongside.incidents.actions._reporting", "0.86"),
    ("alongside.incidents.actions._read", "after"),
    ("alongside.incidents.actions._put_in_place", "before"),
    ("alongside.incidents.actions._put_in_place", "after"),
    ("alongside.incidents.actions._commit", "after"),
]

KILLED_AT = """
import os, signal, sys
from unittest import mock
from importlib import import_module
import django
django.setup()

def deadly(function, when):
    if when[0].isdigit():
        return lambda record, progress: lambda share: share < float(when) or os.kill(os.getpid(), signal.SIGKILL)
    def until(*args, **kwargs):
        if when == "after":
            function(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
    return until

name, when, *arguments = sys.argv[1:]
*path, last = name.split(".")
owner = None
for end in range(len(path), 0, -1):
    try:
        owner = import_module(".".join(path[:end]))
    except ImportError:
        continue
    for step in path[end:]:
        owner = getattr(owner, step)
    break
mock.patch.object(owner, last, deadly(getattr(owner, last), when)).start()
sys.argv = ["alongside", *arguments]
from alongside.cli.__main__ import main
main()
"""


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "ALONGSIDE_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "alongside.config.settings",
    }
    environment.pop("DATABASE_URL", None)
    environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[3])
    return subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True, check=False, timeout=300
    )


def alongside(folder: Path, *command: str) -> str:
    done = run(folder, "-m", "alongside.cli", *command)
    assert done.returncode == 0, done.stderr
    return done.stdout


def nobody_is_left_at(data: Path, *, within: float = 5) -> bool:
    """Whether no process goes on with this data folder."""
    deadline = time.monotonic() + within
    while left := [process for process in psutil.process_iter() if works_at(process, data)]:
        if time.monotonic() > deadline:
            raise AssertionError(f"still there: {left}")
        time.sleep(0.1)
    return True


def works_at(process: psutil.Process, data: Path) -> bool:
    with suppress(psutil.Error):
        return process.environ().get("ALONGSIDE_DATA") == str(data)
    return False


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory, migrated: str) -> Path:
    """A fresh install with one agency and one import, to copy for each moment."""
    folder = tmp_path_factory.mktemp("install")
    (folder / "data").mkdir()
    shutil.copyfile(database.Files.path(migrated), folder / "data" / database.NAME)
    alongside(
        folder / "data", "agency", "create", "riverbend", "--name", "R", "--timezone", "America/New_York"
    )
    (folder / "first.csv").write_text(HEADING + "".join(row(f"F-{at}") for at in range(100)))
    more = "".join(row(f"R-{at}", kind="ARREST" if at % 3 else "THEFT") for at in range(3000))
    (folder / "calls.csv").write_text(HEADING + row("F-1", kind="ARREST") + more)
    alongside(folder / "data", "incidents", "import", "riverbend", str(folder / "first.csv"))
    return folder


@pytest.mark.parametrize(("where", "when"), MOMENTS)
def test_killed_here_and_run_again_nothing_is_lost_or_doubled(
    install: Path, tmp_path: Path, where: str, when: str
) -> None:
    data = Path(shutil.copytree(install / "data", tmp_path / "data"))
    calls = str(install / "calls.csv")
    killed = run(data, "-c", KILLED_AT, where, when, "incidents", "import", "riverbend", calls)
    assert killed.returncode == -signal.SIGKILL
    assert nobody_is_left_at(data)
    again = json.loads(alongside(data, "incidents", "import", "riverbend", calls, "--json"))
    committed = where.endswith("_commit")
    assert again["read"] == 3001
    assert again["kept"] == (0 if committed else 3000)
    assert again["merged"] == (0 if committed else 1)
    assert again["events"] == 3100
    third = json.loads(alongside(data, "incidents", "import", "riverbend", calls, "--json"))
    assert (third["kept"], third["merged"], third["events"]) == (0, 0, 3100)
    assert not [path for path in (data / "staging").iterdir() if path.name != "spill"]
    parts = {path.parent.name for path in (data / "lake").rglob("*.parquet")}
    # the first import, the second, and the third, which only lists its duplicates
    assert len(parts) == (4 if committed else 3)
