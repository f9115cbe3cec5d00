"""Pipeline: from files to Parquet parts and a report, in a folder of its own. Others move what it leaves there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from alongside.core.errors import Phrase, phrase
from alongside.core.files import FULL, to_disk
from alongside.incidents.reading import judging, locating, report, staging, workbench
from alongside.incidents.reading.refusals import CannotImport, MixedKinds
from alongside.methods.spatial.cells import edge_m

DATED, UNDATED = "dated", "undated"
# The share of the memory that sorting may take; the rest is for the blocks as they come, and for the points.
SORTING = 0.7
OF_THE_DISK = "max_temp_directory_size"  # DuckDB's word where what it puts aside has no room
# How far it is after each part, by the time that they take of a large city's file.
READING, LOCATING, JUDGING, REPORTING, WRITING = 0.6, 0.63, 0.85, 0.9, 1.0
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Order:
    """What to import and how: opened tables, the agency's rules, the place, and what the lake has already.

    All of it can be handed to another process. `memory_mb`: how much memory it may use.
    """

    tables: Sequence[staging.Opened]
    rules: staging.Rules
    around: locating.Surroundings
    layer_of: Callable[[str], int]
    lake: Sequence[Path] = ()
    amendments: Sequence[Path] = ()
    known_events: float = 0
    memory_mb: int = 1024


@dataclass(frozen=True)
class Part:
    """One Parquet file ready for the lake: "events", "amendments" (layers learnt later) or "set_aside"."""

    kind: str
    path: Path
    rows: int


@dataclass(frozen=True)
class Outcome:
    """What an import found, and the parts it leaves."""

    dataset: str
    report: dict[str, Any]
    parts: list[Part] = field(default_factory=list)


def dataset_of(tables: Sequence[staging.Opened]) -> str:
    """Whether these are dated rows or counts without dates: never both."""
    undated = {table.mapping.undated for table in tables}
    if len(undated) > 1:
        counts = next(table.source.name for table in tables if table.mapping.undated)
        raise MixedKinds(
            phrase(
                "%(counts)s holds counts without dates: import it apart from rows that have dates.",
                counts=counts,
            )
        )
    return UNDATED if True in undated else DATED


def run(order: Order, folder: Path, *, progress: Progress = lambda share: None) -> Outcome:
    """Read, locate, judge, report and write below `folder`, which must not exist yet. `progress` goes from 0 to 1."""
    dataset = dataset_of(order.tables)
    folder.mkdir(parents=True, mode=0o700)
    try:
        return _run(order, folder, dataset, progress)
    except (duckdb.Error, OSError) as error:
        if not (lacking := _lacking(error)):
            raise
        raise CannotImport(lacking) from error


def _lacking(error: Exception) -> Phrase | None:
    """What there was too little of. Python says it by number; DuckDB, which writes most of the files, in words."""
    said = str(error)
    if any(os.strerror(code) in said for code in FULL) or OF_THE_DISK in said:
        return phrase("there is not enough disk to sort this file: free some space and import again.")
    if isinstance(error, duckdb.OutOfMemoryException):
        return phrase(
            "sorting this file takes more memory than it may use: import it in parts, or let it use more "
            "(ALONGSIDE_LAKE_MEMORY_MB)."
        )
    return None


def _run(order: Order, folder: Path, dataset: str, progress: Progress) -> Outcome:
    out = folder / "parts"
    out.mkdir()
    sources = {table.source.path.resolve().parent for table in order.tables}
    lake = {path.resolve().parent for path in (*order.lake, *order.amendments)}
    with workbench.connect(
        folder / "rows.duckdb",
        folders=[folder, *sorted(sources | lake)],
        spill=folder / "spill",
        memory_mb=round(order.memory_mb * SORTING),
    ) as con:
        read = _read(con, order, folder, _between(0, READING, progress))
        located = locating.locate(
            con, order.around, {at: table.mapping.crs for at, table in enumerate(order.tables)}
        )
        progress(LOCATING)
        verdicts = judging.judge(
            con,
            read=read,
            layer_of=order.layer_of,
            file_layers={at: _bits(table.mapping.layer) for at, table in enumerate(order.tables)},
            separate_files=[
                at for at, table in enumerate(order.tables) if table.mapping.repeats == "separate"
            ],
            lake=order.lake,
            amendments=order.amendments,
            progress=_between(LOCATING, JUDGING, progress),
        )
        quality_report = _report(con, order, dataset, located, verdicts)
        progress(REPORTING)
        parts = _write(con, order, out, dataset)
    (folder / "rows.duckdb").unlink()
    shutil.rmtree(folder / "spill", ignore_errors=True)
    progress(WRITING)
    return Outcome(dataset, quality_report, parts)


def _between(begin: float, end: float, progress: Progress) -> Progress:
    """Tells of one part, from 0 to 1, as of that part of the whole."""
    return lambda share: progress(begin + (end - begin) * share)


def _read(con: duckdb.DuckDBPyConnection, order: Order, folder: Path, progress: Progress) -> int:
    total = max(sum(table.source.size for table in order.tables), 1)
    before = 0

    def report(done: int) -> None:
        progress(min(before + done, total) / total)

    stager = staging.Stager(con, folder, order.rules, progress=report)
    read = 0
    for number, table in enumerate(order.tables):
        read += stager.read(table, number).read
        before += table.source.size
    report(0)
    return read


def _bits(layer: str | None) -> int:
    return {None: 0, "investigation": judging.INVESTIGATION, "enforcement": judging.ENFORCEMENT}[layer]


def _report(
    con: duckdb.DuckDBPyConnection,
    order: Order,
    dataset: str,
    located: locating.Located,
    verdicts: judging.Verdicts,
) -> dict[str, Any]:
    dropped = [name for table in order.tables for name in table.mapping.dropped(table.heading)]
    around = order.around
    return {
        "files": len(order.tables),
        "read": verdicts.read,
        "kept": verdicts.kept,
        "merged": verdicts.merged,
        "set_aside": verdicts.set_aside,
        "flagged": {"far from the recorded area": verdicts.flagged},
        "dropped_fields": list(dict.fromkeys(dropped)),
        "converted_from": located.converted_from,
        "first": verdicts.first.date().isoformat() if verdicts.first else None,
        "last": verdicts.last.date().isoformat() if verdicts.last else None,
        "covered": report.covered(con) if dataset == DATED else [],
        "events": report.whole(order.known_events + verdicts.new_events),
        "new_events": report.whole(verdicts.new_events),
        "amended": verdicts.amended,
        "dataset": dataset,
        "layers": report.layers(con),
        "study_area": {
            "derived": located.study.derived,
            "source": _source(located),
            "cut_off": [
                {"events": report.whole(events), "km": round(km, 1)} for events, km in located.cut_off
            ],
        },
        "cell": {
            "resolution": around.resolution,
            "area_m2": round(locating.cell_area_m2(around.resolution)),
            "edge_m": round(edge_m(around.resolution)),
        },
        "flag_distance_m": around.flag_metres,
        "compared_with": located.checked_against,
        "swapped_coordinates": located.swapped,
        "loss": report.losses(con, dated=dataset == DATED),
        "hints": report.hints(verdicts.read, verdicts.set_aside, no_minus=located.no_minus),
        "crowded_cells": report.crowded(con),
        "names": [table.source.name for table in order.tables],
        "mappings": {table.source.name: dict(table.mapping.columns) for table in order.tables},
    }


def _source(located: locating.Located) -> str:
    return "derived from the data" if located.study.derived else "the agency's boundaries"


def _write(con: duckdb.DuckDBPyConnection, order: Order, out: Path, dataset: str) -> list[Part]:
    """The parts, in an order that tells nothing of the order in the file: a public file's lines stay unlinkable."""
    number = ", n::DOUBLE AS n" if dataset == UNDATED else ""
    files = workbench.literal([table.source.name for table in order.tables])
    queries = {
        "events": f"SELECT id, t, kind, area, layers, cell, flagged, spot{number} FROM fresh ORDER BY cell, id",
        "amendments": "SELECT id, layers FROM amended ORDER BY id",
        "set_aside": (
            f"SELECT {files}[file + 1] AS file, line, {report.by_reason()} AS reason FROM aside "
            "ORDER BY aside.file, line"
        ),
    }
    parts = []
    for kind, query in queries.items():
        path = out / f"{kind}-0.parquet"
        rows = con.execute(
            f"COPY ({query}) TO {workbench.literal(str(path))} (FORMAT parquet, COMPRESSION zstd)"
        ).fetchall()[0][0]
        if rows:
            to_disk(path)
            parts.append(Part(kind, path, rows))
        else:
            path.unlink()
    return parts
