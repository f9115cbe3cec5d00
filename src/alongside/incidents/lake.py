"""The lake: Parquet files of events, read by DuckDB. A manifest row in the web database makes a file part of it.

`Lake(agency)` is the door for rooms above. It answers with arrays of cells and counts; a case number, an address or a
point finer than a cell is not in there to be asked for.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from alongside.agencies.models import Agency
from alongside.core import data
from alongside.core.errors import phrase
from alongside.core.kept import NotWhole
from alongside.incidents.models import Dataset, Import, LakePart, PartKind, lake_folder
from alongside.incidents.reading import workbench
from alongside.incidents.reading.judging import ENFORCEMENT, INVESTIGATION
from alongside.methods.spatial.cells import edge_m, parents_of
from alongside.methods.spatial.spots import Spot, verdicts

Window = tuple[date, date]
Cells = NDArray[np.uint64]
Counts = NDArray[np.float64]

BITS = {"investigation": INVESTIGATION, "enforcement": ENFORCEMENT, "both": INVESTIGATION | ENFORCEMENT}


class CellCounts(NamedTuple):
    """Events by cell. Shapes (n,); an event in both layers counts once in `either`."""

    cells: Cells
    investigation: Counts
    enforcement: Counts
    either: Counts


class Events(NamedTuple):
    """One entry an event. Shapes (n,): cell, time as recorded (NaT: undated), layer bits, how many it stands for."""

    cells: Cells
    times: NDArray[np.datetime64]
    layers: NDArray[np.uint8]
    number: Counts


class DayCounts(NamedTuple):
    """Events by day as recorded and layer bits. Shapes (n,), sorted by day; events without a date are not in it."""

    days: NDArray[np.datetime64]
    layers: NDArray[np.uint8]
    number: NDArray[np.int64]

    def of(self, layer: str) -> NDArray[np.datetime64]:
        """The day of each event in a layer, sorted."""
        inside = self.layers & BITS[layer] != 0
        return np.repeat(self.days[inside], self.number[inside])


@dataclass(frozen=True)
class Lake:
    """What an agency's lake holds of one kind: dated events, or counts without dates."""

    agency: Agency
    dataset: str = Dataset.DATED

    @cached_property
    def parts(self) -> list[LakePart]:
        return list(
            LakePart.objects.of(self.agency).filter(dataset=self.dataset).exclude(kind=PartKind.SET_ASIDE)
        )

    @property
    def is_empty(self) -> bool:
        return not any(part.kind == PartKind.EVENTS for part in self.parts)

    @property
    def total(self) -> float:
        """How many events there are; for counts, what they add up to."""
        return sum(part.events for part in self.parts if part.kind == PartKind.EVENTS)

    @property
    def first(self) -> date | None:
        return min((part.first for part in self.parts if part.first), default=None)

    @property
    def last(self) -> date | None:
        return max((part.last for part in self.parts if part.last), default=None)

    @property
    def resolution(self) -> int:
        """The finest resolution at which every event has a cell."""
        return min((part.resolution for part in self.parts if part.kind == PartKind.EVENTS), default=10)

    @property
    def precision_m(self) -> float:
        """How far an event may lie from the centre of its cell, in metres: nothing finer can be asked."""
        return edge_m(self.resolution)

    def events(self, window: Window | None = None, layer: str = "both") -> Events:
        """Every event in the window (first and last day, both counted) that is in the layer."""
        with self._open(window) as con:
            rows = con.execute(
                "SELECT cell, epoch_ms(coalesce(t, TIMESTAMP '0001-01-01')) AS ms, t IS NULL AS undated, layers, n "
                "FROM events WHERE layers & ? != 0 ORDER BY cell, id",
                [BITS[layer]],
            ).fetchnumpy()
        times = rows["ms"].astype("datetime64[ms]").astype("datetime64[s]")
        times[np.asarray(rows["undated"], dtype=bool)] = np.datetime64("NaT")
        cells = parents_of(np.asarray(rows["cell"]), self.resolution)
        return Events(
            cells, times, np.asarray(rows["layers"], dtype=np.uint8), np.asarray(rows["n"], dtype=float)
        )

    def cell_counts(self, resolution: int | None = None, window: Window | None = None) -> CellCounts:
        """Events by cell at a resolution (the finest where None). Cells without an event are not listed."""
        with self._open(window) as con:
            totals = con.execute(f"SELECT cell, {_SUMS} FROM events GROUP BY cell ORDER BY cell").fetchnumpy()
        cells, place = np.unique(
            parents_of(np.asarray(totals["cell"], dtype=np.uint64), self._at_most(resolution)),
            return_inverse=True,
        )
        return CellCounts(cells, *(_summed(totals[name], place, len(cells)) for name in _NAMES))

    def day_counts(self) -> DayCounts:
        """How many events each day has, by the layers they are in."""
        with self._open(None) as con:
            rows = con.execute(
                "SELECT t::DATE AS day, layers, count(*) AS number FROM events WHERE t IS NOT NULL "
                "GROUP BY ALL ORDER BY day, layers"
            ).fetchnumpy()
        days = np.asarray(rows["day"]).astype("datetime64[D]")
        return DayCounts(
            days, np.asarray(rows["layers"], dtype=np.uint8), np.asarray(rows["number"], dtype=np.int64)
        )

    def spots(self, places: Cells) -> NDArray[np.int64]:
        """What each of these fine places is (`methods.spatial.spots.Spot`), by how its addresses were written.

        places  (m,) sorted cells of the lake's own resolution, as `events` and `cell_counts` name them. A place
        is what it is at any time, so every event says it, whatever the window.
        """
        with self._open(None) as con:
            rows = con.execute(
                "SELECT cell, spot, sum(n) AS n FROM events GROUP BY ALL ORDER BY ALL"
            ).fetchnumpy()
        cells = parents_of(np.asarray(rows["cell"], dtype=np.uint64), self.resolution)
        at = np.minimum(np.searchsorted(places, cells), max(len(places) - 1, 0))
        there = np.flatnonzero(places[at] == cells) if len(places) else np.zeros(0, np.int64)
        said = np.zeros((len(places), len(Spot)))
        np.add.at(
            said, (at[there], np.asarray(rows["spot"], dtype=np.int64)[there]), np.asarray(rows["n"])[there]
        )
        return verdicts(said)

    def months(self) -> list[date]:
        """The first day of every month that has an event."""
        with self._open(None) as con:
            rows = con.execute(
                "SELECT DISTINCT date_trunc('month', t)::DATE FROM events WHERE t IS NOT NULL ORDER BY 1"
            ).fetchall()
        return [month for (month,) in rows]

    def _at_most(self, resolution: int | None) -> int:
        if resolution is None:
            return self.resolution
        if resolution > self.resolution:
            raise ValueError(f"the lake holds nothing finer than resolution {self.resolution}")
        return resolution

    def paths(self, kind: str) -> list[Path]:
        """The files of a kind, each of them whole. Raises NotWhole."""
        return [part.whole() for part in self.parts if part.kind == kind]

    def refuse_what_is_broken(self) -> None:
        """Read every part through, whatever was known of it. Raises NotWhole."""
        for part in self.parts:
            _refuse_if_broken(part)

    @contextlib.contextmanager
    def _open(self, window: Window | None) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection with a view `events`: each event once, in all the layers it was ever found in."""
        with workbench.connect(None, folders=[folder(self.agency)], spill=staging_folder() / "spill") as con:
            try:
                con.execute(f"CREATE VIEW events AS {self._select(window)}")
                yield con
            except duckdb.Error:
                self.refuse_what_is_broken()
                raise

    def _select(self, window: Window | None) -> str:
        events = self.paths(PartKind.EVENTS)
        if not events:
            return (
                "SELECT 0::UBIGINT AS id, NULL::TIMESTAMP AS t, '' AS kind, '' AS area, 0::UTINYINT AS layers, "
                "0::UBIGINT AS cell, false AS flagged, 0::UTINYINT AS spot, 0::DOUBLE AS n WHERE false"
            )
        number = "n" if self.dataset == Dataset.UNDATED else "1::DOUBLE AS n"
        base = (
            f"SELECT id, t, kind, area, layers, cell, flagged, coalesce(spot, 0)::UTINYINT AS spot, {number} "
            f"FROM ({_SINCE_SPOTS} UNION ALL BY NAME FROM read_parquet({_list(events)}, union_by_name=true))"
        )
        if window is not None:
            begin, end = (workbench.literal(day.isoformat()) for day in window)
            base += f" WHERE t >= {begin}::DATE AND t < {end}::DATE + 1"
        later = self.paths(PartKind.AMENDMENTS)
        if not later:
            return base
        return (
            f"SELECT b.* REPLACE (b.layers | coalesce(a.more, 0)::UTINYINT AS layers) FROM ({base}) b LEFT JOIN "
            f"(SELECT id, bit_or(layers) AS more FROM read_parquet({_list(later)}) GROUP BY id) a USING (id)"
        )


# Parts that were written before rows kept their spot have no such column.
_SINCE_SPOTS = "SELECT NULL::UTINYINT AS spot WHERE false"
_NAMES = ("investigation", "enforcement", "either")
_SUMS = (
    "coalesce(sum(n) FILTER (WHERE layers & 1 != 0), 0) AS investigation, "
    "coalesce(sum(n) FILTER (WHERE layers & 2 != 0), 0) AS enforcement, sum(n) AS either"
)


def _summed(values: Any, place: NDArray[np.int64], length: int) -> Counts:
    return np.bincount(place, weights=np.asarray(values, dtype=float), minlength=length).astype(np.float64)


def _list(paths: Sequence[Path]) -> str:
    return workbench.literal([str(path) for path in paths])


def _refuse_if_broken(part: LakePart) -> None:
    part.whole()
    try:
        part.read_through()
    except Exception as error:  # whatever a reader stumbles over: bytes may turn after they were looked at
        raise NotWhole(part.not_whole(phrase("cannot be read"))) from error


def set_aside(record: Import) -> Iterator[tuple[str, int, str]]:
    """File, line and reason of every row of an import that was set aside, in the order of the file. Raises NotWhole."""
    parts = LakePart.objects.belonging_to(of=record).filter(kind=PartKind.SET_ASIDE)
    return chain.from_iterable(map(_rows, [part.whole() for part in parts]))


def _rows(path: Path) -> Iterator[tuple[str, int, str]]:
    with workbench.connect(
        None, folders=[path.parent], spill=staging_folder() / "spill", memory_mb=200
    ) as con:
        result = con.execute(f"SELECT file, line, reason FROM read_parquet({workbench.literal(str(path))})")
        while rows := result.fetchmany(10_000):
            yield from rows


def folder(agency: Agency) -> Path:
    """Where an agency's part of the lake is."""
    return lake_folder(agency.pk)


def staging_folder() -> Path:
    """Where rows are sorted out before any of it enters the lake."""
    return data.folder("staging").resolve()


def sweep(agency: Agency, *, spare: Path | None = None) -> int:
    """Remove what no manifest row speaks of: an import died between its last file and its commit.

    Only under the agency's lock: whoever holds it knows that no import is alive.
    """
    wanted = {Path(path).parts[0] for path in LakePart.objects.of(agency).values_list("path", flat=True)}
    swept = 0
    for child in folder(agency).iterdir():
        if child.is_dir() and child.name not in wanted and child != spare:
            shutil.rmtree(child)
            swept += 1
    return swept
