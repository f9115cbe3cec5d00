"""A study area cut into H3 cells, empty ones included, and who lies next to whom.

An empty cell is evidence too: leave it out, and every quiet street makes the busy ones look ordinary.

Coordinates are degrees (WGS 84), latitude first in arguments; shapely geometries are x = longitude,
y = latitude. Cells are unsigned 64-bit H3 ids, sorted. A study area may not cross the 180th meridian.

Page: docs/methods/hot-spots.md
Source: H3, https://h3geo.org (hexagons of nearly equal area, parents and children).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import h3.api.basic_int as h3
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from alongside.methods.ground import degrees_of

from .arrays import Cells, Floats, Ints, Mask

COARSEST, FINEST = 7, 9
AROUND = 10  # the size of cell, the ring around it included, that counts as around a fine place
EXPECTED_IN_A_NEIGHBOURHOOD = 5.0
CELLS_IN_A_NEIGHBOURHOOD = 7

_RESOLUTION_SHIFT, _BITS_A_DIGIT, _DEEPEST = np.uint64(52), 3, 15


class GeocodesTooCoarse(ValueError):
    """The places of the events are known less exactly than the largest cell we would use."""


class MixedResolutions(ValueError):
    """Cells of several sizes were handed over where one size is meant."""


@dataclass(frozen=True)
class Resolution:
    """An H3 resolution, what set its limit, and the sentence that says why."""

    value: int
    edge_m: float
    limit: Literal["precision", "events", "finest", "few"]
    why: str


@dataclass(frozen=True)
class Neighbourhoods:
    """Each cell's neighbourhood: itself first, then the cells next to it that are in the study area.

    index  (n, width) positions; short rows are padded with n
    size   (n,) how many cells, itself included: 7 inside a hexagon grid, fewer at the edge
    """

    index: Ints
    size: Ints

    def __len__(self) -> int:
        return len(self.size)

    def sums(self, values: Floats | Ints) -> Floats:
        """(n,) the values of each neighbourhood added up. `values` is (n,), one a cell."""
        added: Floats = np.append(np.asarray(values, dtype=np.float64), 0.0)[self.index].sum(axis=1)
        return added

    def edges(self) -> tuple[Ints, Ints]:
        """Every pair (cell, other cell in its neighbourhood), as two arrays of positions."""
        others = self.index[:, 1:]
        rows, columns = np.nonzero(others < len(self))
        return rows.astype(np.int64), others[rows, columns]


def choose_resolution(
    area_km2: float,
    events: int,
    precision_m: float,
    *,
    coarsest: int = COARSEST,
    finest: int = FINEST,
    expected: float = EXPECTED_IN_A_NEIGHBOURHOOD,
) -> Resolution:
    """The finest cells that the data can bear.

    area_km2     size of the study area, square kilometres
    events       events to be counted; with two layers, the smaller count
    precision_m  how far off a geocode may be, metres (a block's length where points are moved to blocks)

    1. Never finer than the geocodes: a cell's edge is at least `precision_m` long.
    2. Never so fine that counts are noise: an average neighbourhood of seven cells expects at least
       `expected` events (the usual rule of five).
    3. Never finer than `finest`, whatever the data: a neighborhood is chosen here, not a doorstep.
    Where even `coarsest` expects fewer, `coarsest` is the answer and the sentence says so.
    """
    by_precision = [r for r in range(coarsest, finest + 1) if edge_m(r) >= precision_m]  # rule 1
    if not by_precision:
        raise GeocodesTooCoarse(
            f"Places are known to {precision_m:,.0f} m only; the largest cells have edges of "
            f"{edge_m(coarsest):,.0f} m. Use areas instead of cells."
        )
    enough = [r for r in by_precision if _expected_events(r, area_km2, events) >= expected]  # rule 2
    value = max(enough, default=coarsest)
    return _explained(
        value, by_precision, enough, finest, precision_m, _expected_events(value, area_km2, events)
    )


def _explained(
    value: int, by_precision: list[int], enough: list[int], finest: int, precision_m: float, events: float
) -> Resolution:
    size = f"Cells have edges of about {edge_m(value):,.0f} m"
    if not enough:
        return Resolution(
            value, edge_m(value), "few", f"{size}, the largest we use: only {events:.1f} events are expected "
            "in a cell and its neighbours, so little can be told apart from chance."
        )  # fmt: skip
    if value < max(by_precision):
        return Resolution(
            value, edge_m(value), "events", f"{size}: in smaller ones, a cell and its neighbours would "
            "expect too few events to tell a pattern from chance."
        )  # fmt: skip
    if value < finest:
        return Resolution(
            value, edge_m(value), "precision",
            f"{size}: smaller ones would be finer than the places are known ({precision_m:,.0f} m)."
        )  # fmt: skip
    return Resolution(
        value,
        edge_m(value),
        "finest",
        f"{size}, the smallest we use: a neighborhood is chosen, not a doorstep.",
    )  # rule 3


def edge_m(resolution: int) -> float:
    """The average edge of a cell, metres."""
    return float(h3.average_hexagon_edge_length(resolution, unit="m"))


def _expected_events(resolution: int, area_km2: float, events: int) -> float:
    cell_km2: float = h3.average_hexagon_area(resolution, unit="km^2")
    cells = max(area_km2 / cell_km2, CELLS_IN_A_NEIGHBOURHOOD)
    return CELLS_IN_A_NEIGHBOURHOOD * events / cells


def study_cells(area: BaseGeometry, resolution: int) -> Cells:
    """All cells that touch the study area, empty or not, sorted.

    Touching, not centred in it: otherwise an event just inside the boundary could have no cell.
    """
    candidates = _cells_around(area, resolution)
    centres = shapely.points(centres_of(candidates)[:, ::-1])
    shapely.prepare(area)
    touching: Mask = shapely.intersects(area, centres)
    edge = np.flatnonzero(~touching & shapely.dwithin(area, centres, _reach_degrees(area, resolution)))
    touching[edge] = shapely.intersects(area, outlines(candidates[edge]))
    return candidates[touching]


def _cells_around(area: BaseGeometry, resolution: int) -> Cells:
    """Cells centred in the area's bounding box, which is widened by more than a cell."""
    margin = _reach_degrees(area, resolution)
    west, south, east, north = area.bounds
    south, north = max(south - margin, -90.0), min(north + margin, 90.0)
    west, east = west - margin, east + margin
    box = h3.LatLngPoly([(south, west), (south, east), (north, east), (north, west)])
    return np.unique(np.fromiter(h3.h3shape_to_cells(box, resolution), dtype=np.uint64))


def _reach_degrees(area: BaseGeometry, resolution: int) -> float:
    """Degrees (of longitude, the shorter kind) that no cell's corner is further than from its centre."""
    _, south, _, north = area.bounds
    return degrees_of(1.5 * edge_m(resolution), at=max(abs(south), abs(north)) + 0.1)[1]


def covered_share(cells: Cells, study: BaseGeometry) -> Floats:
    """(n,) how much of each cell lies inside the study area, 0..1. Only cells at its edge are cut.

    Shares are of square degrees within one cell: what a degree measures cancels.
    """
    share = np.zeros(len(cells))
    if not len(cells):
        return share
    centres = centres_of(cells)
    points = shapely.points(centres[:, ::-1])
    boundary = shapely.boundary(study)
    shapely.prepare(boundary)
    edge = shapely.dwithin(boundary, points, _reach_degrees(study, int(resolutions_of(cells).min())))
    shapely.prepare(study)
    share[~edge] = shapely.contains(study, points[~edge])
    hexagons = outlines(cells[edge])
    inside = shapely.area(shapely.intersection(hexagons, study)) / shapely.area(hexagons)
    share[edge] = np.clip(inside, 0.0, 1.0)
    return share


def cells_of(latitudes: Floats, longitudes: Floats, resolution: int) -> Cells:
    """(n,) the cell of each point, in the order of the points. About a million points a second.

    Pass distinct points where many are the same (blocks, fine cells), and spread the answer.
    """
    size = [resolution] * len(latitudes)
    cells = map(h3.latlng_to_cell, latitudes.tolist(), longitudes.tolist(), size)
    return np.fromiter(cells, dtype=np.uint64, count=len(latitudes))


def parents_of(cells: Cells, resolution: int) -> Cells:
    """(n,) the ancestor of each cell at a coarser resolution, in the order given.

    Done on the ids' bits, so that millions cost nothing: the resolution is written anew and every
    digit below it becomes 7 (unused). A cell is not quite covered by its parent: its edges may stick
    out by a part of its own size, never its centre.
    """
    cells = np.asarray(cells, dtype=np.uint64)
    if len(cells) and int(resolutions_of(cells).min()) < resolution:
        raise MixedResolutions(
            f"Some cells are coarser than resolution {resolution}: they have no parent there."
        )
    unused = np.uint64((1 << _BITS_A_DIGIT * (_DEEPEST - resolution)) - 1)
    cleared = cells & ~(np.uint64(15) << _RESOLUTION_SHIFT)
    return cleared | (np.uint64(resolution) << _RESOLUTION_SHIFT) | unused


def people_around(places: Cells, points: Floats, people: Floats) -> Floats:
    """(m,) people who live around each fine place: in its cell, of resolution 10 at most, and the ring about it.

    At resolution 10 that is within some 180 m.

    points  (k, 2) latitude, longitude, and (k,) the people each stands for
    """
    if not len(places):
        return np.zeros(0)
    size = min(AROUND, int(resolutions_of(places).min()))
    home, which = np.unique(cells_of(points[:, 0], points[:, 1], size), return_inverse=True)
    living = dict(zip(home.tolist(), np.bincount(which, people).tolist(), strict=True))
    middle, back = np.unique(parents_of(places, size), return_inverse=True)
    around = [sum(living.get(cell, 0.0) for cell in h3.grid_disk(each, 1)) for each in middle.tolist()]
    return np.array(around, np.float64)[back]


def resolutions_of(cells: Cells) -> Ints:
    """(n,) the resolution of each cell."""
    return ((np.asarray(cells, np.uint64) >> _RESOLUTION_SHIFT) & np.uint64(15)).astype(np.int64)


def centres_of(cells: Cells) -> Floats:
    """(n, 2) latitude and longitude of each centre, degrees."""
    return np.array([h3.cell_to_latlng(c) for c in cells.tolist()], dtype=np.float64).reshape(-1, 2)


def outlines(cells: Cells) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """(n,) each cell as a shapely polygon, longitude first."""
    corners = [np.array(h3.cell_to_boundary(c))[:, ::-1] for c in cells.tolist()]
    return np.array([shapely.Polygon(ring) for ring in corners], dtype=object)


def neighbourhoods_of(cells: Cells) -> Neighbourhoods:
    """Each cell and its ring, inside the study set. `cells` is sorted, of one resolution."""
    if len(cells) and np.ptp(resolutions_of(cells)):
        raise MixedResolutions("A neighbourhood needs cells of one resolution.")
    disks = [h3.grid_disk(c, 1) for c in cells.tolist()]
    lengths = [len(disk) for disk in disks]
    flat = np.fromiter((c for disk in disks for c in disk), dtype=np.uint64, count=sum(lengths))
    rows = np.repeat(np.arange(len(cells)), lengths)
    positions = np.minimum(np.searchsorted(cells, flat), len(cells) - 1)
    inside = cells[positions] == flat
    return neighbourhoods_from_pairs(rows[inside], positions[inside], len(cells))


def neighbourhoods_from_lists(neighbours: Sequence[Iterable[int]]) -> Neighbourhoods:
    """Neighbourhoods of any lattice: for each cell the positions of its neighbours, itself or not."""
    pairs = [(i, int(j)) for i, row in enumerate(neighbours) for j in row]
    flat = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return neighbourhoods_from_pairs(flat[:, 0], flat[:, 1], len(neighbours))


def neighbourhoods_from_pairs(rows: Ints, others: Ints, n: int) -> Neighbourhoods:
    """Pairs (cell, cell beside it) as a padded table: itself first, each other once, sorted."""
    apart = rows != others
    pairs = np.unique(np.column_stack((rows[apart], others[apart])), axis=0)
    counts = np.bincount(pairs[:, 0], minlength=n).astype(np.int64)
    index = np.full((n, 1 + int(counts.max(initial=0))), n, dtype=np.int64)
    index[:, 0] = np.arange(n)
    starts = np.cumsum(counts) - counts
    index[pairs[:, 0], 1 + np.arange(len(pairs)) - np.repeat(starts, counts)] = pairs[:, 1]
    return Neighbourhoods(index=index, size=counts + 1)


@dataclass(frozen=True)
class Tally:
    """Counts on the study's cells, and how much fell on none of them."""

    counts: Ints
    outside: int


def count_on(cells: Cells, event_cells: Cells, weights: Ints | None = None) -> Tally:
    """Add events up on sorted study `cells`.

    event_cells  (m,) the cell of each event, or of each group of events
    weights      (m,) events in each group; one each where not given
    """
    amounts = np.ones(len(event_cells), np.int64) if weights is None else np.asarray(weights, np.int64)
    if not len(cells):
        return Tally(np.zeros(0, np.int64), int(amounts.sum()))
    positions = np.minimum(np.searchsorted(cells, event_cells), len(cells) - 1)
    inside = cells[positions] == event_cells
    counts = np.zeros(len(cells), np.int64)
    np.add.at(counts, positions[inside], amounts[inside])
    return Tally(counts, int(amounts[~inside].sum()))
