"""Whoever waits for a large file sees that it moves, from the beginning to the end."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from alongside.incidents.reading import pipeline, staging
from alongside.incidents.tests.reading_help import HEADING, look, order_of, row

ROWS = 2000


def as_text(folder: Path) -> list[Path]:
    paths = [folder / f"{part}.csv" for part in range(20)]
    for part, path in enumerate(paths):
        path.write_text(HEADING + "".join(row(f"R-{part}-{at}") for at in range(ROWS // 20)))
    return paths


def as_parquet(folder: Path) -> list[Path]:
    path = folder / "calls.parquet"
    texts = [str(each) for each in as_text(folder)]
    duckdb.execute(f"COPY (FROM read_csv({texts}, all_varchar=true)) TO '{path}' (ROW_GROUP_SIZE 2048)")
    return [path]


@pytest.mark.parametrize("written", [as_text, as_parquet])
def test_it_moves_in_small_steps_and_never_back(
    written: Callable[[Path], list[Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "PARQUET_ROWS", 100)
    tables = [table for path in written(tmp_path) for table in look(path)]
    told = [0.0]
    outcome = pipeline.run(order_of(tables), tmp_path / "work", progress=told.append)
    assert outcome.report["kept"] == ROWS
    assert told[-1] == 1.0
    steps = [after - before for before, after in pairwise(told)]
    assert min(steps) >= 0
    assert max(steps) <= 0.12, "of the whole"
    assert sum(share > pipeline.READING for share in told) >= 6, "what comes after the reading takes as long"
