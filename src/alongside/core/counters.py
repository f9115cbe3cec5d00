"""Counts at the doors, in a store that every process of this install shares: how often a network knocked, which
one-time code was used.

A small SQLite file of its own, for counts are many, last minutes or a day, and are worth nothing after a power cut: no
page waits for the disk because of them, and they never hold the lock for which answers to a walk wait. What is counted
is kept by a keyed digest, so that the file names neither a network nor an account. It may be deleted while the site is
stopped.

Processes share the system's clock, which may be set back. What was written in a time that has not come yet is over, or
whoever was too many then would be kept out until it comes.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

SWEPT_EVERY = 500  # writes of a thread
MOST = 100_000  # counts that are kept; each is over within a day, and whoever wants more has as many networks
FOREVER = 1 << 62
SLACK = 60.0  # seconds that the clock may step back while what is counted stays
PATIENCE = 5.0  # seconds for another process to finish its word

# One connection a thread: Django makes a cache object for each request.
_here = threading.local()


class Counters(BaseCache):
    """A cache of Django's, for the little that counting needs: numbers, words and lists of them."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.name = name

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Set it where it is not there yet. Of any number of processes, one is told that it did."""
        done = self._write(
            "INSERT INTO counts VALUES (?, ?, ?, ?) ON CONFLICT (what) DO UPDATE SET value = excluded.value, "
            "since = excluded.since, until = excluded.until WHERE until <= ? OR since > ? RETURNING 1",
            [*self._row(key, value, timeout, version), *_now()],
        )
        return bool(done)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        row = (
            self._ask()
            .execute(
                "SELECT value FROM counts WHERE what = ? AND until > ? AND since <= ?",
                [self._what(key, version), *_now()],
            )
            .fetchone()
        )
        return default if row is None else json.loads(str(row[0]))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._write(
            "INSERT OR REPLACE INTO counts VALUES (?, ?, ?, ?)", self._row(key, value, timeout, version)
        )

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Count on, in one step: no two processes get the same number. Its end stays as it was."""
        counted = self._write(
            "UPDATE counts SET value = CAST(value AS INTEGER) + ? WHERE what = ? AND until > ? AND since <= ? "
            "RETURNING value",
            [delta, self._what(key, version), *_now()],
        )
        if not counted:
            raise ValueError("nothing is counted under this name")
        return int(counted[0][0])

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        done = self._write(
            "UPDATE counts SET until = ? WHERE what = ? AND until > ? AND since <= ? RETURNING 1",
            [self._until(timeout), self._what(key, version), *_now()],
        )
        return bool(done)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._write("DELETE FROM counts WHERE what = ? RETURNING 1", [self._what(key, version)]))

    def clear(self) -> None:
        if self._path.exists():
            self._write("DELETE FROM counts", [])

    @property
    def _path(self) -> Path:
        return Path(settings.DATA) / self.name

    def _what(self, key: Any, version: int | None) -> bytes:
        secret = hashlib.sha256(settings.SECRET_KEY.encode()).digest()
        return hashlib.blake2b(self.make_key(key, version).encode(), key=secret, digest_size=16).digest()

    def _row(self, key: Any, value: Any, timeout: Any, version: int | None) -> list[Any]:
        return [self._what(key, version), json.dumps(value), time.time(), self._until(timeout)]

    def _until(self, timeout: Any) -> float:
        until = self.get_backend_timeout(timeout)
        return FOREVER if until is None else until

    def _ask(self) -> sqlite3.Connection:
        """This thread's connection to the file of this data folder."""
        if getattr(_here, "path", None) != self._path:
            _here.line, _here.path, _here.writes = _opened(self._path), self._path, 0
        line: sqlite3.Connection = _here.line
        return line

    def _write(self, statement: str, values: list[Any]) -> list[Any]:
        done = self._ask().execute(statement, values).fetchall()
        _here.writes += 1
        if _here.writes % SWEPT_EVERY == 0:
            self._sweep()
        return done

    def _sweep(self) -> None:
        """What is over goes; of too many, those that end first. Costs as much as there is to let go of."""
        line = self._ask()
        line.execute("DELETE FROM counts WHERE until <= ? OR since > ?", _now())
        over = line.execute("SELECT count(*) FROM counts").fetchone()[0] - MOST
        if over > 0:
            line.execute(
                "DELETE FROM counts WHERE what IN (SELECT what FROM counts ORDER BY until LIMIT ?)", [over]
            )


def _now() -> tuple[float, float]:
    """What ends by the first is over; what began after the second, too."""
    now = time.time()
    return now, now + SLACK


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    line = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    # Whole after a power cut, though perhaps not with the last second in it: nobody waits for the disk.
    for statement in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=NORMAL",
        "CREATE TABLE IF NOT EXISTS counts (what BLOB PRIMARY KEY, value, since REAL, until REAL) WITHOUT ROWID",
        "CREATE INDEX IF NOT EXISTS counts_until ON counts (until)",
    ):
        with closing(line.execute(statement)):
            pass
    return line
