"""From involvement by place to focus areas: the steps of a run, in order, on arrays handed in.

1. Cells: the study area at a size the data can bear; cells without streets, homes or events are left out
   where streets are known.
2. Places that alone make their surroundings stand out are set apart before the test.
3. Each layer is tested by Gi*; q-values keep the promise over all cells.
4. Cells high in every layer asked for become focus areas, inside one neighborhood and division.
5. How concentrated, how stable, and what another window or size would have said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from shapely.strtree import STRtree

from alongside.core.errors import Refusal
from alongside.methods.ground import square_metres
from alongside.methods.spatial import cells as hexes
from alongside.methods.spatial import concentration, fdr, focus, gistar, rates

Ints = NDArray[np.int64]
Cells = NDArray[np.uint64]
Floats = NDArray[np.float64]

INVESTIGATION, ENFORCEMENT, BOTH = "investigation", "enforcement", "both"
TOP = 0.05
FEWEST_CELLS = 20
BY_HAND, BY_HAND_FINER = "by hand", "by hand, finer"
SEED = 20150518  # the day the Task Force handed in its report; printed with each run


class NothingToCompare(Refusal):
    """There is too little to say where there is more than elsewhere."""


@dataclass(frozen=True)
class Involvement:
    """Events by the finest place kept, and by month. One incident counts once in `either`.

    place                       (m,) distinct fine cells, sorted
    investigation, enforcement  (m,) events of the layer there; either: (m,) each incident once
    month, month_place          (e,) for each event of the last two years its month, counted from the first,
                                and its position in `place`
    years                       how many the covered days of the window make; None where the counts have no dates
    precision_m                 how far off a place may be, metres
    others                      name → the same places in another window, to see what it would have said
    other_layer_until           last day of the layer that this window lacks; None where nothing is lacking,
                                or the lake never held it
    coverage                    what was asked and what the data covers of it, as facts for `findings`
    """

    place: Cells
    investigation: Ints
    enforcement: Ints
    either: Ints
    month: Ints
    month_place: Ints
    months: int
    years: float | None
    precision_m: float
    first: date | None = None
    last: date | None = None
    others: Mapping[str, Involvement] = field(default_factory=dict)
    other_layer_until: date | None = None
    coverage: Mapping[str, Any] = field(default_factory=dict)

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
class CityShapes:
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
class Lattice:
    """The cells of one run: who lies next to whom, what each is called, who lives there.

    position      (m,) the cell of each place of the involvement, −1 outside
    neighborhood, division  (n,) which outline each cell lies in, −1 for none
    residents     (n,) people; None where nobody has counted them
    left_out      cells without street, home or event
    """

    resolution: hexes.Resolution
    cells: Cells
    hoods: hexes.Neighbourhoods
    position: Ints
    neighborhood: Ints
    division: Ints
    residents: Floats | None
    left_out: int

    def count(self, events: Ints) -> Ints:
        """(n,) events a cell, from events a place."""
        inside = self.position >= 0
        return np.bincount(self.position[inside], events[inside], minlength=len(self.cells)).astype(np.int64)


@dataclass(frozen=True)
class TestedLayer(focus.Layer):
    """A layer with the p of each cell, too."""

    p: Floats = field(default_factory=lambda: np.ones(0))


@dataclass(frozen=True)
class Look:
    """One test of one window on one lattice: which places were set apart, and what came out of the rest."""

    kept: Ints  # (m,) 1, or 0 for a place that was set apart
    apart: list[focus.SingleSite]
    layers: list[TestedLayer]
    events: Ints
    result: focus.Focus

    @property
    def significant(self) -> int:
        return int(focus.stands_out(self.layers).sum())

    @property
    def neighborhoods(self) -> set[int]:
        return {area.neighborhood for area in self.result.areas}


@dataclass(frozen=True)
class OutlinedArea:
    """One focus area, with the outline and the band that go with it."""

    area: focus.FocusArea
    cells: list[str]
    outline: BaseGeometry
    band: int | None
    site: focus.SingleSite | None = None
    site_cell: str = ""


@dataclass(frozen=True)
class OfNeighborhood:
    """A whole neighborhood beside the others: its rate, and the rate drawn towards the whole where it is small."""

    neighborhood: int
    events: int
    residents: float
    rate: rates.Rate
    smoothed: float


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
    areas: list[OutlinedArea]
    only_beside: list[focus.FocusArea]
    sites: list[dict[str, Any]]
    average_rate: rates.Rate
    neighborhoods: list[OfNeighborhood]
    curve: concentration.Curve
    stability: concentration.Stability | None
    significant: int
    left_out: int
    unnamed: int
    outside: int
    banded_by: str
    sensitivity: list[dict[str, Any]]


def analyse(
    involvement: Involvement, city: CityShapes, *, layer: str = BOTH, resolution: int | None = None
) -> Analysis:
    """A whole run. Raises NothingToCompare where the data cannot bear one."""
    tested = involvement.layers(layer)
    if not tested:
        raise NothingToCompare(
            _("There are no incidents of this layer in this window: choose another, or import more.")
        )
    lattice = _lattice(involvement, city, _resolution(involvement, city, tested, resolution))
    homes = _residential(involvement.place, city.homes)
    seen = _look(lattice, involvement, tested, homes)
    yardstick = _yardstick(lattice, seen, involvement.years)
    return Analysis(
        resolution=lattice.resolution,
        cells=lattice.cells,
        counts=seen.events,
        z=np.min([each.z for each in seen.layers], axis=0),
        p=np.max([each.p for each in seen.layers], axis=0),
        q=np.max([each.q for each in seen.layers], axis=0),
        tested=tested,
        areas=_outlined(lattice, seen, yardstick, involvement),
        only_beside=seen.result.only_beside,
        sites=[_site(site, involvement, "before") for site in seen.apart]
        + [_site(site, involvement, "after") for _, site in seen.result.single_sites],
        average_rate=yardstick.average,
        neighborhoods=_by_neighborhood(lattice, seen.events, involvement.years),
        curve=concentration.concentration(seen.events),
        stability=_stability(involvement, lattice.position, seen.kept, len(lattice.cells)),
        significant=seen.significant,
        left_out=lattice.left_out,
        unnamed=len(seen.result.unnamed),
        outside=int(involvement.either[lattice.position < 0].sum()),
        banded_by=yardstick.by,
        sensitivity=[
            *_other_windows(lattice, involvement, seen, layer, homes),
            *_other_sizes(lattice, involvement, seen, city, tested, homes),
        ],
    )


def _lattice(involvement: Involvement, city: CityShapes, chosen: hexes.Resolution) -> Lattice:
    study = hexes.study_cells(city.study, chosen.value)
    place = hexes.parents_of(involvement.place, chosen.value)
    cells, left_out = _lived_in(study, place, city, chosen.value)
    if len(cells) < FEWEST_CELLS:
        raise NothingToCompare(
            _("The study area has fewer than %(fewest)s cells: too few to say where there is more.")
            % {"fewest": FEWEST_CELLS}
        )
    centres = shapely.points(np.ascontiguousarray(hexes.centres_of(cells)[:, ::-1]))
    return Lattice(
        resolution=chosen,
        cells=cells,
        hoods=hexes.neighbourhoods_of(cells),
        position=_positions(cells, place),
        neighborhood=_labels(cells, centres, city.neighborhoods),
        division=_labels(cells, centres, city.divisions),
        residents=_residents(cells, city, chosen.value),
        left_out=left_out,
    )


def _look(
    lattice: Lattice, involvement: Involvement, tested: Sequence[str], homes: NDArray[np.bool_] | None
) -> Look:
    """Steps 2 to 4."""
    locations = focus.Locations(lattice.position, involvement.either, homes)
    apart = focus.single_sites(locations, lattice.hoods)
    kept = np.ones(len(lattice.position), np.int64)
    kept[[site.location for site in apart]] = 0
    layers = [_tested(name, lattice.count(involvement.of(name) * kept), lattice.hoods) for name in tested]
    events = lattice.count(involvement.either * kept)
    result = focus.focus_areas(
        layers,
        lattice.hoods,
        focus.StudySet(events, lattice.neighborhood, lattice.division, lattice.residents, involvement.years),
        locations=replace(locations, events=locations.events * kept),
    )
    return Look(kept, apart, layers, events, result)


def _tested(name: str, counts: Ints, hoods: hexes.Neighbourhoods) -> TestedLayer:
    try:
        test = gistar.local_g_star(counts, hoods, rng=np.random.default_rng(SEED))
    except gistar.NothingVaries:
        raise NothingToCompare(
            _("Every cell holds the same number of incidents: no place can stand out.")
        ) from None
    q = fdr.q_values(test.p_permutation, floor=0.0 if test.way == "counted" else test.floor)
    return TestedLayer(name, counts, test.z, q, test.p_permutation)


@dataclass(frozen=True)
class _Yardstick:
    """What an area is compared with: the whole agency's rate, or the mean cell where there is no rate."""

    average: rates.Rate
    mean_cell: float

    @property
    def by(self) -> str:
        return "residents" if self.average.value else "ground"

    def band(self, area: focus.FocusArea) -> int | None:
        if self.average.value:
            return focus.band(area.rate.low, self.average.value)
        return focus.band(rates.poisson_interval(area.events)[0] / len(area.cells), self.mean_cell)


def _yardstick(lattice: Lattice, seen: Look, years: float | None) -> _Yardstick:
    people = None if lattice.residents is None else float(lattice.residents.sum())
    return _Yardstick(rates.rate(int(seen.events.sum()), people, years), float(seen.events.mean()))


def _outlined(
    lattice: Lattice, seen: Look, yardstick: _Yardstick, involvement: Involvement
) -> list[OutlinedArea]:
    """Areas first, then those that turned out to be mostly one spot."""
    pairs: list[tuple[focus.FocusArea, focus.SingleSite | None]] = [
        *((area, None) for area in seen.result.areas),
        *seen.result.single_sites,
    ]
    return [
        OutlinedArea(
            area,
            [f"{cell:x}" for cell in lattice.cells[area.cells].tolist()],
            shapely.union_all(hexes.outlines(lattice.cells[area.cells])),
            yardstick.band(area),
            site,
            f"{int(involvement.place[site.location]):x}" if site else "",
        )
        for area, site in pairs
    ]


def _by_neighborhood(lattice: Lattice, events: Ints, years: float | None) -> list[OfNeighborhood]:
    """Events and residents on the same cells, so that a rate compares like with like."""
    if lattice.residents is None or not years:
        return []
    named = lattice.neighborhood >= 0
    many = int(lattice.neighborhood.max(initial=-1)) + 1
    here = np.bincount(lattice.neighborhood[named], events[named], minlength=many)
    people = np.bincount(lattice.neighborhood[named], lattice.residents[named], minlength=many).astype(float)
    if not people.sum():
        return []
    smoothed = rates.smoothed_rates(here.astype(np.int64), people) * rates.PER / years
    return [
        OfNeighborhood(
            number,
            int(here[number]),
            float(people[number]),
            rates.rate(int(here[number]), float(people[number]), years),
            float(smoothed[number]),
        )
        for number in np.unique(lattice.neighborhood[named]).tolist()
    ]


def _resolution(
    involvement: Involvement, city: CityShapes, tested: list[str], asked: int | None
) -> hexes.Resolution:
    """Step 1's size: as asked for, but never finer than the places are known."""
    km2 = square_metres(city.study) / 1e6
    fewest = min(int(involvement.of(layer).sum()) for layer in tested)
    try:
        best = hexes.choose_resolution(km2, fewest, involvement.precision_m)
    except hexes.GeocodesTooCoarse:
        raise NothingToCompare(
            _(
                "Places are known less exactly than even the largest cells are wide. Use areas instead of cells."
            )
        ) from None
    if asked is None or asked == best.value:
        return best
    if asked > hexes.FINEST:
        raise NothingToCompare(
            _(
                "Cells of size %(asked)s are finer than %(finest)s, the finest we use: a neighborhood is "
                "chosen, not a doorstep."
            )
            % {"asked": asked, "finest": hexes.FINEST}
        )
    if hexes.edge_m(asked) < involvement.precision_m:
        raise NothingToCompare(
            _("Cells of size %(asked)s would be finer than the places are known. Use %(value)s or less.")
            % {"asked": asked, "value": best.value}
        )
    why = BY_HAND_FINER if asked > best.value else BY_HAND
    return replace(best, value=asked, edge_m=hexes.edge_m(asked), why=why)


def _lived_in(study: Cells, place: Cells, city: CityShapes, resolution: int) -> tuple[Cells, int]:
    """Without cells that have neither street, home nor event, as far as the street map reaches."""
    if city.street_points is None or not len(city.street_points):
        return study, 0
    streets = np.unique(hexes.cells_of(city.street_points[:, 0], city.street_points[:, 1], resolution))
    reach = shapely.convex_hull(shapely.multipoints(city.street_points[:, ::-1]))
    shapely.prepare(reach)
    centres = hexes.centres_of(study)
    mapped = shapely.contains_xy(reach, centres[:, 1], centres[:, 0])
    homes = [] if city.residents_at is None else [_cells_at(city.residents_at, resolution)]
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


def _labels(cells: Cells, centres: NDArray[np.object_], shapes: Sequence[BaseGeometry]) -> Ints:
    """The shape each cell's centre lies in. Where there are no shapes at all, everything is in the same."""
    if not shapes:
        return np.zeros(len(cells), np.int64)
    label = np.full(len(cells), -1, np.int64)
    which, where = STRtree(centres).query(shapes, predicate="covers")
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
    lived_in: NDArray[np.bool_] = shapely.contains_xy(
        shapely.union_all(list(homes)), centres[:, 1], centres[:, 0]
    )
    return lived_in


def _residents(cells: Cells, city: CityShapes, resolution: int) -> Floats | None:
    """People a cell; None where nobody has counted them."""
    if city.residents_at is None:
        return None
    points, people = city.residents_at
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
    at = position[involvement.month_place]
    inside = (at >= 0) & (kept[involvement.month_place] > 0)
    both = involvement.month[inside] * n + at[inside]
    by_month = np.bincount(both, minlength=involvement.months * n).reshape(involvement.months, n)
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


# -- what another look would have said ------------------------------------------------------------
def _other_windows(
    lattice: Lattice,
    involvement: Involvement,
    seen: Look,
    layer: str,
    homes: NDArray[np.bool_] | None,
) -> list[dict[str, Any]]:
    """The halves of the window and the time before it, on the same cells."""
    rows = []
    for name, other in involvement.others.items():
        tested = other.layers(layer)
        if len(tested) < len(seen.layers):
            continue
        try:
            again = _look(lattice, other, tested, homes)
        except NothingToCompare:
            continue
        rows.append(
            {"window": name, "from": _iso(other.first), "to": _iso(other.last), **_compared(seen, again)}
        )
    return rows


def _other_sizes(
    lattice: Lattice,
    involvement: Involvement,
    seen: Look,
    city: CityShapes,
    tested: Sequence[str],
    homes: NDArray[np.bool_] | None,
) -> list[dict[str, Any]]:
    """The next larger and the next smaller cells, if the data can bear them."""
    rows = []
    for value in (lattice.resolution.value - 1, lattice.resolution.value + 1):
        edge = hexes.edge_m(value)
        if not hexes.COARSEST <= value <= hexes.FINEST or edge < involvement.precision_m:
            continue
        try:
            size = replace(lattice.resolution, value=value, edge_m=edge)
            again = _look(_lattice(involvement, city, size), involvement, tested, homes)
        except NothingToCompare:
            continue
        rows.append({"resolution": value, "edge_m": round(edge), **_compared(seen, again)})
    return rows


def _compared(seen: Look, again: Look) -> dict[str, Any]:
    """How much of it is the same: neighborhoods found by both looks, of those found by either."""
    one, other = seen.neighborhoods, again.neighborhoods
    return {
        "significant": again.significant,
        "areas": len(again.result.areas),
        "same_neighborhoods": round(len(one & other) / len(one | other), 3) if one | other else None,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
