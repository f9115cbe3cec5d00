"""From involvement by place to focus areas: the steps of a run, in order, on arrays handed in.

1. Cells: the study area at a size the data can bear; cells without streets, homes or events are left out
   where streets are known.
2. Places that alone make their surroundings stand out are set apart before the test.
3. Each layer is tested by Gi*; q-values keep the promise over all cells.
4. Cells high in every layer asked for become focus areas, inside one neighborhood and division.
5. How concentrated, how stable, and what another window or size would have said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from shapely.strtree import STRtree

from alongside.core.errors import Refusal
from alongside.methods.spatial import cells as hexes
from alongside.methods.spatial import concentration, fdr, focus, gistar, rates

Ints = NDArray[np.int64]
Cells = NDArray[np.uint64]
Floats = NDArray[np.float64]

INVESTIGATION, ENFORCEMENT, BOTH = "investigation", "enforcement", "both"
TOP = 0.05
SEED = 20150518  # the day the Task Force handed in its report; printed with each run
KM2_OF_SQUARE_DEGREE = 111.32**2


class NothingToCompare(Refusal):
    """There is too little to say where there is more than elsewhere."""


@dataclass(frozen=True)
class Involvement:
    """Events by the finest place kept, and by month. One incident counts once in `either`.

    place                       (m,) distinct fine cells, sorted
    investigation, enforcement  (m,) events of the layer there; either: (m,) each incident once
    month, month_place, month_events  triplets: number of the month, position in `place`, events (either)
    years                       length of the window; None where the counts have no dates
    precision_m                 how far off a place may be, metres
    """

    place: Cells
    investigation: Ints
    enforcement: Ints
    either: Ints
    month: Ints
    month_place: Ints
    month_events: Ints
    months: int
    years: float | None
    precision_m: float
    first: date | None = None
    last: date | None = None

    @property
    def events(self) -> int:
        return int(self.either.sum())

    def of(self, layer: str) -> Ints:
        return {INVESTIGATION: self.investigation, ENFORCEMENT: self.enforcement, BOTH: self.either}[layer]

    def layers(self, asked: str) -> list[str]:
        """The layers to test: those asked for that hold anything."""
        wanted = [INVESTIGATION, ENFORCEMENT] if asked == BOTH else [asked]
        return [layer for layer in wanted if self.of(layer).sum() > 0]


@dataclass(frozen=True)
class Ground:
    """The city as a run sees it: outlines with names, where streets are, where people live.

    street_points  (s, 2) latitude, longitude along the walkable streets; None where streets are not known
    residents_at   (r, 2) points and (r,) residents there; None where no population is known
    homes          outlines of residential campuses, never set apart as single sites
    """

    study: BaseGeometry
    neighborhoods: Sequence[BaseGeometry]
    divisions: Sequence[BaseGeometry]
    street_points: Floats | None = None
    residents_at: tuple[Floats, Floats] | None = None
    homes: Sequence[BaseGeometry] = ()


@dataclass(frozen=True)
class Found:
    """One focus area, with the outline and the band that go with it."""

    area: focus.FocusArea
    cells: list[str]
    outline: BaseGeometry
    band: int | None
    site: focus.SingleSite | None = None
    site_cell: str = ""


@dataclass(frozen=True)
class Analysis:
    """What came out of a run."""

    resolution: hexes.Resolution
    cells: Cells
    counts: Ints
    z: Floats
    p: Floats
    q: Floats
    tested: list[str]
    found: list[Found]
    sites: list[dict[str, Any]]
    average_rate: rates.Rate
    curve: concentration.Curve
    stability: concentration.Stability | None
    significant: int
    left_out: int
    unnamed: int
    outside: int
    banded_by: str
    notes: list[str] = field(default_factory=list)


def analyse(
    involvement: Involvement, ground: Ground, *, layer: str = BOTH, resolution: int | None = None
) -> Analysis:
    """A whole run. Raises NothingToCompare where the data cannot bear one."""
    tested = involvement.layers(layer)
    if not tested:
        raise NothingToCompare(
            "There are no incidents of this layer in this window: choose another, or import more."
        )
    chosen = _resolution(involvement, ground, tested, resolution)
    study = hexes.study_cells(ground.study, chosen.value)
    place = hexes.parents_of(involvement.place, chosen.value)
    cells, left_out = _lived_in(study, place, ground, chosen.value)
    if len(cells) < 20:
        raise NothingToCompare("The study area has fewer than 20 cells: too few to say where there is more.")
    hoods = hexes.neighbourhoods_of(cells)
    position = _positions(cells, place)
    locations = focus.Locations(position, involvement.either, _residential(involvement.place, ground.homes))
    apart = focus.single_sites(locations, hoods)
    kept = np.ones(len(place), np.int64)
    kept[[site.location for site in apart]] = 0
    layers = [_tested(name, involvement.of(name) * kept, position, cells, hoods) for name in tested]
    events = _count(involvement.either * kept, position, len(cells))
    residents = _residents(cells, ground, chosen.value)
    labels = _labels(cells, ground.neighborhoods), _labels(cells, ground.divisions)
    left = replace(locations, events=locations.events * kept)
    result = focus.focus_areas(
        layers,
        hoods,
        events=events,
        neighborhood=labels[0],
        division=labels[1],
        residents=residents,
        years=involvement.years,
        locations=left,
    )
    total_people = None if residents is None else float(residents.sum())
    average = rates.rate(int(events.sum()), total_people, involvement.years)
    banded_by = "residents" if average.value else "ground"
    yardstick = average.value or float(events.mean())

    def found(area: focus.FocusArea, site: focus.SingleSite | None = None) -> Found:
        ids = cells[area.cells]
        low = area.rate.low if average.value else rates.poisson_interval(area.events)[0] / len(area.cells)
        return Found(
            area,
            [f"{cell:x}" for cell in ids.tolist()],
            shapely.union_all(hexes.outlines(ids)),
            focus.band(low, yardstick),
            site,
            f"{int(involvement.place[site.location]):x}" if site else "",
        )

    z = np.min([each.z for each in layers], axis=0)
    return Analysis(
        resolution=chosen,
        cells=cells,
        counts=events,
        z=z,
        p=np.max([each.p for each in layers], axis=0),
        q=np.max([each.q for each in layers], axis=0),
        tested=tested,
        found=[found(area) for area in result.areas]
        + [found(area, site) for area, site in result.single_sites],
        sites=[_site(site, involvement, "before") for site in apart]
        + [_site(site, involvement, "after") for _, site in result.single_sites],
        average_rate=average,
        curve=concentration.concentration(events),
        stability=_stability(involvement, position, kept, len(cells)),
        significant=int(focus.stands_out(layers).sum()),
        left_out=left_out,
        unnamed=len(result.unnamed),
        outside=int(involvement.either[position < 0].sum()),
        banded_by=banded_by,
    )


@dataclass(frozen=True)
class TestedLayer(focus.Layer):
    """A layer with the p of each cell, too."""

    p: Floats = field(default_factory=lambda: np.ones(0))


def _tested(
    name: str, events: Ints, position: Ints, cells: Cells, hoods: hexes.Neighbourhoods
) -> TestedLayer:
    counts = _count(events, position, len(cells))
    try:
        test = gistar.local_g_star(counts, hoods, rng=np.random.default_rng(SEED))
    except gistar.NothingVaries as problem:
        raise NothingToCompare(str(problem)) from None
    q = fdr.q_values(test.p_permutation, floor=0.0 if test.way == "counted" else test.floor)
    return TestedLayer(name, counts, test.z, q, test.p_permutation)


def _resolution(
    involvement: Involvement, ground: Ground, tested: list[str], asked: int | None
) -> hexes.Resolution:
    """Step 1's size: as asked for, but never finer than the places are known."""
    latitude = ground.study.centroid.y
    km2 = ground.study.area * KM2_OF_SQUARE_DEGREE * float(np.cos(np.radians(latitude)))
    fewest = min(int(involvement.of(layer).sum()) for layer in tested)
    try:
        best = hexes.choose_resolution(km2, fewest, involvement.precision_m)
    except hexes.GeocodesTooCoarse as problem:
        raise NothingToCompare(str(problem)) from None
    if asked is None or asked == best.value:
        return best
    if hexes.edge_m(asked) < involvement.precision_m:
        raise NothingToCompare(
            f"Cells of size {asked} would be finer than the places are known ({involvement.precision_m:,.0f} m). "
            f"Use {best.value} or less."
        )
    return replace(best, value=asked, edge_m=hexes.edge_m(asked), why="Chosen by hand.")


def _lived_in(study: Cells, place: Cells, ground: Ground, resolution: int) -> tuple[Cells, int]:
    """Without cells that have neither street, home nor event, as far as the street map reaches."""
    if ground.street_points is None or not len(ground.street_points):
        return study, 0
    streets = np.unique(hexes.cells_of(ground.street_points[:, 0], ground.street_points[:, 1], resolution))
    reach = shapely.convex_hull(shapely.multipoints(ground.street_points[:, ::-1]))
    shapely.prepare(reach)
    centres = hexes.centres_of(study)
    mapped = shapely.contains_xy(reach, centres[:, 1], centres[:, 0])
    homes = [] if ground.residents_at is None else [_cells_at(ground.residents_at, resolution)]
    used = np.isin(study, np.concatenate([streets, place, *homes]))
    keep = used | ~mapped
    return study[keep], int((~keep).sum())


def _cells_at(residents_at: tuple[Floats, Floats], resolution: int) -> Cells:
    points, people = residents_at
    lived = points[people > 0]
    return np.unique(hexes.cells_of(lived[:, 0], lived[:, 1], resolution))


def _positions(cells: Cells, wanted: Cells) -> Ints:
    """Where each wanted cell stands among sorted `cells`; -1 where it is none of them."""
    at = np.minimum(np.searchsorted(cells, wanted), len(cells) - 1)
    return np.where(cells[at] == wanted, at, -1).astype(np.int64)


def _count(events: Ints, position: Ints, n: int) -> Ints:
    inside = position >= 0
    return np.bincount(position[inside], events[inside], minlength=n).astype(np.int64)


def _labels(cells: Cells, shapes: Sequence[BaseGeometry]) -> Ints:
    """The shape each cell's centre lies in. Where there are no shapes at all, everything is in the same."""
    if not shapes:
        return np.zeros(len(cells), np.int64)
    centres = hexes.centres_of(cells)
    points = shapely.points(centres[:, 1], centres[:, 0])
    label = np.full(len(cells), -1, np.int64)
    which, where = STRtree(points).query(shapes, predicate="covers")
    order = np.argsort(-which, kind="stable")
    label[where[order]] = which[order]
    lost = np.flatnonzero(label < 0)  # centred in the river, but touching a bank: the nearest it touches
    if len(lost):
        tree = STRtree(list(shapes))
        near = tree.query(hexes.outlines(cells[lost]), predicate="intersects")
        label[lost[near[0][::-1]]] = near[1][::-1]
    return label


def _residential(place: Cells, homes: Sequence[BaseGeometry]) -> NDArray[np.bool_] | None:
    if not homes:
        return None
    centres = hexes.centres_of(place)
    return shapely.contains_xy(shapely.union_all(list(homes)), centres[:, 1], centres[:, 0])


def _residents(cells: Cells, ground: Ground, resolution: int) -> Floats | None:
    """People a cell; None where nobody has counted them."""
    if ground.residents_at is None:
        return None
    points, people = ground.residents_at
    at = _positions(cells, hexes.cells_of(points[:, 0], points[:, 1], resolution))
    inside = at >= 0
    return np.bincount(at[inside], people[inside], minlength=len(cells)).astype(np.float64)


def _site(site: focus.SingleSite, involvement: Involvement, when: str) -> dict[str, Any]:
    cell = int(involvement.place[site.location])
    return {"events": site.events, "share": round(site.share, 4), "cell": f"{cell:x}", "set_apart": when}


def _stability(
    involvement: Involvement, position: Ints, kept: Ints, n: int
) -> concentration.Stability | None:
    """Last year's busiest cells against the months held out: the last half, at most a year."""
    held = min(involvement.months // 2, 12)
    if held < concentration.FEWEST_MONTHS:
        return None
    by_month = np.zeros((involvement.months, n), np.int64)
    at = position[involvement.month_place]
    inside = (at >= 0) & (kept[involvement.month_place] > 0)
    np.add.at(by_month, (involvement.month[inside], at[inside]), involvement.month_events[inside])
    split = involvement.months - held
    try:
        return concentration.stability(
            by_month[max(0, split - 12) : split].sum(axis=0),
            by_month[split:],
            top=TOP,
            rng=np.random.default_rng(SEED),
        )
    except (concentration.TooFewMonths, concentration.NothingToShare):
        return None


def sensitivity(
    involvement: Involvement, ground: Ground, found: Analysis, *, layer: str
) -> list[dict[str, Any]]:
    """What other cell sizes would have said: areas found, and the share of neighborhoods found by both."""
    base = _neighborhoods(found)
    rows = []
    for value in (found.resolution.value - 1, found.resolution.value + 1):
        if not (7 <= value <= 10) or hexes.edge_m(value) < involvement.precision_m:
            continue
        try:
            other = analyse(involvement, ground, layer=layer, resolution=value)
        except NothingToCompare:
            continue
        rows.append(
            {
                "resolution": value,
                "edge_m": round(hexes.edge_m(value)),
                "significant": other.significant,
                "areas": len(other.found),
                "same_neighborhoods": _overlap(base, _neighborhoods(other)),
            }
        )
    return rows


def _neighborhoods(found: Analysis) -> set[int]:
    return {each.area.neighborhood for each in found.found if each.site is None}


def _overlap(one: set[int], other: set[int]) -> float | None:
    """Neighborhoods in both, of those in either."""
    return round(len(one & other) / len(one | other), 3) if one | other else None
