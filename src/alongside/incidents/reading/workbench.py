"""The workbench: one DuckDB file in a folder of its own, where rows are sorted out before any of it enters the lake.

It can read and write below the folders it is given and nowhere else, installs nothing, and keeps to its memory.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

MEMORY_MB = 700
THREADS = 2


@contextlib.contextmanager
def connect(
    file: Path | None, *, folders: Sequence[Path], spill: Path, memory_mb: int = MEMORY_MB
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that sees only `folders`, and overflows into `spill`. `file` None: in memory, for reading."""
    con = duckdb.connect(
        str(file) if file else ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "python_enable_replacements": "false",
            "memory_limit": f"{memory_mb}MB",
            "threads": str(THREADS),
            "temp_directory": str(spill),
        },
    )
    try:
        con.execute("SET enable_progress_bar = false")
        con.execute(f"SET allowed_directories = {literal([f'{folder}/' for folder in (*folders, spill)])}")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        yield con
    finally:
        con.close()


def literal(value: Any) -> str:
    """A text, number or list as SQL, for the places that take no parameter."""
    if value is None:
        return "NULL"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def name(column: str) -> str:
    """A column's name as SQL."""
    return '"' + column.replace('"', '""') + '"'


def arrays(con: duckdb.DuckDBPyConnection, sql: str, parameters: Any = None) -> dict[str, np.ndarray]:
    """The answer as one array a column. No value may be NULL, or it comes as a masked array."""
    columns: dict[str, np.ndarray] = con.execute(sql, parameters).fetchnumpy()
    return columns


def store(con: duckdb.DuckDBPyConnection, table: str, columns: dict[str, np.ndarray]) -> None:
    """A table made of arrays."""
    con.register(f"{table}_arrays", columns)
    con.execute(f"CREATE OR REPLACE TABLE {name(table)} AS SELECT * FROM {name(f'{table}_arrays')}")
    con.unregister(f"{table}_arrays")
