"""Installs that cost much to make: made once, from the sources as they stand, and copied by every test that needs one.

They lie in build/ and are made anew when a source changes; all workers and tiers of a run share them.
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
from pathlib import Path
from typing import Any

from django.db import connection

from alongside.core import keys
from tests import database

ROOT = Path(__file__).resolve().parent.parent


def sources() -> Iterator[Path]:
    """All of the product that an install may depend on."""
    yield ROOT / "requirements" / "base.txt"
    for path in sorted((ROOT / "src" / "alongside").rglob("*")):
        if path.suffix in {".py", ".html", ".txt", ".po"} and "tests" not in path.relative_to(ROOT).parts:
            yield path


def stamp(*more: Path) -> str:
    digest = hashlib.sha256()
    for path in (*sources(), Path(__file__), *more):
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name
        digest.update(f"{name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def standing(name: str, module: str, *arguments: str, made_from: tuple[Path, ...], made_on: str = "") -> Path:
    """The data folder of this install, to be copied and never written into.

    Where it does not stand yet, `python -m MODULE ARGUMENTS` makes it in its ALONGSIDE_DATA.
    """
    shelf = ROOT / "build" / name
    shelf.mkdir(parents=True, exist_ok=True)
    folder = shelf / f"{stamp(*made_from)}{made_on}"
    with (shelf / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            for old in shelf.iterdir():
                shutil.rmtree(old, ignore_errors=True)
            _make(folder, module, *arguments)
    return folder


def _make(folder: Path, module: str, *arguments: str) -> None:
    """In a process of its own, and whole or not at all."""
    draft = folder.with_suffix(".draft")
    environment = os.environ | {
        "ALONGSIDE_DATA": str(draft),
        "DJANGO_SETTINGS_MODULE": "alongside.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{module} could not make {folder}:\n{done.stdout}{done.stderr}"
    draft.rename(folder)


def move_in(install: Path, settings: Any) -> Path:
    """A copy for one test: the rows in its database, the files in its data folder, which this names."""
    data = Path(settings.DATA)
    shutil.copytree(install, data, dirs_exist_ok=True, ignore=shutil.ignore_patterns(f"{database.NAME}*"))
    settings.SECRET_KEY = keys.load(data, "session").hex()  # what its links and cards are sealed with
    connection.ensure_connection()
    with closing(sqlite3.connect(install / database.NAME)) as made:
        made.backup(connection.connection)
    return data
