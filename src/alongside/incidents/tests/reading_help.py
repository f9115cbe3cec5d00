"""Help for tests that read a small file and look at what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import shapely

from alongside.incidents.layers import layer_of
from alongside.incidents.reading import locating, pipeline, staging
from alongside.incidents.reading.mapping import Mapping

# A made-up city of two beats, side by side.
RIVERBEND = shapely.box(-84.60, 39.00, -84.40, 39.20)
BEATS = (
    locating.KnownArea("beat", "Beat 101", shapely.box(-84.60, 39.00, -84.50, 39.20)),
    locating.KnownArea("beat", "Beat 102", shapely.box(-84.50, 39.00, -84.40, 39.20)),
)
WITH_BOUNDARIES = locating.Surroundings(study=locating.StudyArea(RIVERBEND, derived=False), areas=BEATS)
NOW = datetime(2026, 6, 1)  # noqa: DTZ001 - on the wall clock, as incident times are
KEY = b"k" * 32
ARRESTS = layer_of(["*ARREST*"], [])

HEADING = "Incident Number,Date Occurred,Crime Type,Latitude,Longitude\n"


def row(
    number: str = "R-1", when: str = "2026-03-04 18:30:00", kind: str = "THEFT", at: str = "39.1,-84.5"
) -> str:
    return f"{number},{when},{kind},{at}\n"


def look(path: Path, given: Mapping | None = None) -> list[staging.Opened]:
    return staging.look_into_all([str(path)], given)


def read(
    folder: Path,
    content: str | bytes,
    *,
    name: str = "calls.csv",
    given: Mapping | None = None,
    around: locating.Surroundings = WITH_BOUNDARIES,
    layers: Callable[[str], int] = ARRESTS,
) -> pipeline.Outcome:
    """Read one file in a work folder of its own."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_files([path], folder / f"work-{name}", given=given, around=around, layers=layers)


def read_files(
    paths: list[Path],
    work: Path,
    *,
    given: Mapping | None = None,
    around: locating.Surroundings = WITH_BOUNDARIES,
    layers: Callable[[str], int] = ARRESTS,
    **known: Any,
) -> pipeline.Outcome:
    tables = staging.look_into_all([str(path) for path in paths], given)
    return pipeline.run(order_of(tables, around=around, layers=layers, **known), work)


def order_of(
    tables: list[staging.Opened],
    *,
    around: locating.Surroundings = WITH_BOUNDARIES,
    layers: Callable[[str], int] = ARRESTS,
    **known: Any,
) -> pipeline.Order:
    return pipeline.Order(tables, staging.Rules(KEY, NOW), around, layers, **known)


def rows_of(outcome: pipeline.Outcome, kind: str = "events") -> list[dict[str, Any]]:
    """The rows of a part, as dictionaries; none where the part was not written."""
    parts = [part for part in outcome.parts if part.kind == kind]
    if not parts:
        return []
    con = duckdb.connect()
    con.execute("SELECT * FROM read_parquet(?)", [str(parts[0].path)])
    names = [column[0] for column in con.description or []]
    return [dict(zip(names, values, strict=True)) for values in con.fetchall()]


def aside(outcome: pipeline.Outcome) -> list[tuple[int, str]]:
    """(line, reason) of every row set aside."""
    return [(each["line"], each["reason"]) for each in rows_of(outcome, "set_aside")]


def balanced(outcome: pipeline.Outcome) -> bool:
    report = outcome.report
    accounted: int = report["kept"] + report["merged"] + sum(report["set_aside"].values())
    return bool(report["read"] == accounted)
