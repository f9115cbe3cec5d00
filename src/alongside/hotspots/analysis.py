"""From involvement by place to focus areas: the steps of a run, in order, on arrays handed in.

1. Cells: the study area at a size the data can bear; cells without streets, homes or events are left out
   where streets are known.
2. Places that alone make their surroundings stand out are set apart.
3. Where people are counted and neighborhoods have names, each neighborhood's risk is compared with the whole
   (`relative`), and those that are high in every layer become focus areas; `parts` looks where in them.
4. Each layer is tested by Gi*: against what residents would explain, as one more look; without residents or names on
   the counts themselves, and then cells high in every layer become focus areas.
5. How concentrated, how stable, and what another window or size would have said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import scipy  # loads each part when it is first used: most processes never compute
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from shapely.strtree import STRtree

from alongside.core.errors import Refusal
from alongside.hotspots import mostly, parts, relative
from alongside.hotspots.mostly import Mostly
from alongside.hotspots.parts import Part
from alongside.hotspots.relative import CERTAINTY, THRESHOLD, NeighborhoodRisk, Units
from alongside.methods.ground import Frame, square_metres
from alongside.methods.spatial import cells as hexes
from alongside.methods.spatial import concentration, ensemble, fdr, focus, gistar, rates
from alongside.methods.spatial.relative import NothingToCompare as NoRate

Ints = NDArray[np.int64]
Cells = NDArray[np.uint64]
Floats = NDArray[np.float64]

INVESTIGATION, ENFORCEMENT, BOTH = "investigation", "enforcement", "both"
BITS = {INVESTIGATION: 1, ENFORCEMENT: 2}
TOP, HALF = 0.05, 0.5
FEWEST_CELLS = 20
SLIVER = 0.2  # of an area's incidents: less in another division does not make two areas of it
BY_HAND, BY_HAND_FINER = "by hand", "by hand, finer"
SEED = 20150518  # the day the Task Force handed in its report; printed with each run


Progress = Callable[[int, int], object]


class NothingToCompare(Refusal):
    """There is too little to say where there is more than elsewhere."""


@dataclass(frozen=True)
class Involvement:
    """Events by the finest place kept, and by month. One incident counts once in `either`.

    place                       (m,) distinct fine cells, sorted
    investigation, enforcement  (m,) events of the layer there; either: (m,) each incident once
    month, month_place, month_layers  (e,) for each event of the last two years its month, counted from the
                                first, its position in `place`, and the bits of its layers
    years                       how many the covered days of the window make; None where the counts have no dates
    precision_m                 how far off a place may be, metres
    others                      name → the same places in another window, to see what it would have said
    spot, venue                 (m,) what each place is by its addresses (`methods.spatial.spots`), and whether a public
                                venue is known there; None where nothing is known
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
    month_layers: NDArray[np.uint8]
    months: int
    years: float | None
    precision_m: float
    first: date | None = None
    last: date | None = None
    others: Mapping[str, Involvement] = field(default_factory=dict)
    other_layer_until: date | None = None
    spot: Ints | None = None
    venue: NDArray[np.bool_] | None = None
    coverage: Mapping[str, Any] = field(default_factory=dict)

    @property
    def events(self) -> int:
        return int(self.either.sum())

    def of(self, layer: str) -> Ints:
        return {INVESTIGATION: self.investigation, ENFORCEMENT: self.enforcement, BOTH: self.either}[layer]

    @property
    def is_one(self) -> bool:
        """Whether both layers are of the same incidents, so that the share of enforcement can be asked."""
        return mostly.is_one_involvement(self.investigation, self.enforcement, self.either)

    def layers(self, asked: str) -> list[str]:
        """The layers to test: those asked for that hold anything."""
        wanted = [INVESTIGATION, ENFORCEMENT] if asked == BOTH else [asked]
        return [layer for layer in wanted if self.of(layer).sum() > 0]


@dataclass(frozen=True)
class CityShapes:
    """The city as a run sees it: outlines with names, where streets are, where people live.

    street_points  (s, 2) latitude, longitude along the walkable streets; None where streets are not known
    residents_at   (r, 2) points and (r,) residents there; None where no population is known
    at_risk_at     the same of people at risk, residents first, where the agency knows of more than these
    homes          outlines of residential campuses, never set apart as single sites
    """

    study: BaseGeometry
    neighborhoods: Sequence[BaseGeometry]
    divisions: Sequence[BaseGeometry]
    street_points: Floats | None = None
    residents_at: tuple[Floats, Floats] | None = None
    at_risk_at: tuple[Floats, Floats] | None = None
    homes: Sequence[BaseGeometry] = ()

    @property
    def people_at_risk(self) -> tuple[Floats, Floats]:
        """Points and people there; no points where nobody has counted."""
        return self.at_risk_at or self.residents_at or (np.zeros((0, 2)), np.zeros(0))


@dataclass(frozen=True)
class Lattice:
    """The cells of one run: who lies next to whom, what each is called, who lives there.

    position      (m,) the cell of each place of the involvement, −1 outside
    neighborhood, division  (n,) which outline each cell lies in, −1 for none
    residents     (n,) people; None where nobody has counted them
    at_risk       (n,) people at risk: residents, and whoever else is known to be there; None where nothing has a name
    ground        (n,) the part of each cell inside the study area, 0..1; 0 where people are counted, and none live
    dispersion    variance over mean of counts by month, as intervals of rates carry it
    left_out      cells without street, home or event
    """

    resolution: hexes.Resolution
    cells: Cells
    hoods: hexes.Neighbourhoods
    position: Ints
    neighborhood: Ints
    division: Ints
    residents: Floats | None
    at_risk: Floats | None
    ground: Floats
    dispersion: float
    left_out: int

    def count(self, events: Ints) -> Ints:
        """(n,) events a cell, from events a place."""
        inside = self.position >= 0
        return np.bincount(self.position[inside], events[inside], minlength=len(self.cells)).astype(np.int64)

    def by_neighborhood(self, values: Ints | Floats, many: int) -> Floats:
        """(many,) values a cell, added up by named neighborhood."""
        named = self.neighborhood >= 0
        return np.bincount(self.neighborhood[named], values[named], minlength=many).astype(np.float64)


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
    """One focus area, with the outline and the band that go with it.

    risk   its neighborhood's; None where no rate can be formed
    part   what a scan and most looks name inside the neighborhood; None where the area is not such a part
    """

    area: focus.FocusArea
    cells: list[str]
    outline: BaseGeometry
    band: int | None
    site: focus.SingleSite | None = None
    site_cell: str = ""
    risk: NeighborhoodRisk | None = None
    part: Part | None = None


@dataclass(frozen=True)
class OfNeighborhood:
    """A whole named neighborhood: its rate a year where one can be told, and its risk where people are counted.

    looks  the share of looks that find ground in it that stands out; None where no look can be taken
    """

    neighborhood: int
    events: int
    layer_events: Mapping[str, int]
    residents: float | None
    rate: rates.Rate
    smoothed: float | None
    risk: NeighborhoodRisk | None
    looks: float | None


@dataclass(frozen=True)
class Question:
    """What is asked of a run: a layer or both, the size of a cell by hand, and when a neighborhood is called high."""

    layer: str = BOTH
    resolution: int | None = None
    threshold: float = THRESHOLD
    certainty: float = CERTAINTY


@dataclass(frozen=True)
class Counted:
    """Incidents by unit, each once and by layer, and residents (None where only others are known): all (u,).

    From the places and points themselves, so that a rate compares like with like and no grid has a part in it.
    """

    events: Ints
    layers: Mapping[str, Ints]
    residents: Floats | None


@dataclass(frozen=True)
class Risk:
    """The model's answer for the whole city.

    of           each named neighborhood, in their order
    counted      what it was made of
    dispersion   layer → variance over mean of its counts, as the model had it
    """

    units: Units
    of: list[NeighborhoodRisk]
    counted: Counted
    dispersion: Mapping[str, float]

    @property
    def named(self) -> list[NeighborhoodRisk]:
        """The high ones that people live in: those that a list of places to walk may name."""
        return [each for each in self.of if each.high and not each.passed_through]


@dataclass(frozen=True)
class Analysis:
    """What came out of a run."""

    question: Question
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
    risk: Risk | None
    looks: int
    one_involvement: bool
    mostly: Mostly | None
    curve: concentration.Curve
    stability: concentration.Stability | None
    significant: int
    left_out: int
    unnamed: int
    outside: int
    banded_by: str
    sensitivity: list[dict[str, Any]]


def in_silence(_done: int, _of: int) -> None:
    """Nobody waits for word of how far it is."""


def analyse(
    involvement: Involvement,
    city: CityShapes,
    question: Question = Question(),
    *,
    progress: Progress = in_silence,
) -> Analysis:
    """A whole run. `progress` hears how far it is. Raises NothingToCompare where the data cannot bear one."""
    tested = involvement.layers(question.layer)
    if not tested:
        raise NothingToCompare(
            _("There are no incidents of this layer in this window: choose another, or import more.")
        )
    lattice = lattice_of(involvement, city, tested, question)
    sites = sites_of(involvement, city)
    seen = _look(lattice, involvement, tested, sites)
    risk = risk_of(involvement, city, lattice, seen.kept, tested, question)
    looks = _looks(involvement, city, lattice, seen, risk)
    yardstick = _yardstick(lattice, seen, involvement.years)
    return Analysis(
        question=question,
        resolution=lattice.resolution,
        cells=lattice.cells,
        counts=seen.events,
        z=np.min([each.z for each in seen.layers], axis=0),
        p=np.max([each.p for each in seen.layers], axis=0),
        q=np.max([each.q for each in seen.layers], axis=0),
        tested=tested,
        areas=_outlined(lattice, seen, yardstick, involvement)
        if risk is None
        else _high(lattice, seen, risk, involvement, city, looks, progress),
        only_beside=seen.result.only_beside if risk is None else [],
        sites=[_site(site, involvement, "before") for site in seen.apart]
        + [_site(site, involvement, "after") for _, site in seen.result.single_sites if risk is None],
        average_rate=yardstick.average,
        neighborhoods=_by_neighborhood(
            lattice, seen, involvement.years, city, risk, looks.share if looks.looks else None
        ),
        risk=risk,
        looks=len(looks.looks),
        one_involvement=involvement.is_one,
        mostly=_mostly(involvement, lattice, seen, city) if involvement.is_one and len(tested) == 2 else None,
        curve=_curve(lattice, seen),
        stability=_stability(involvement, lattice, seen.kept),
        significant=seen.significant,
        left_out=lattice.left_out,
        unnamed=len(seen.result.unnamed),
        outside=int(involvement.either[lattice.position < 0].sum()),
        banded_by=yardstick.by if risk is None else "relative",
        sensitivity=[
            *_other_windows(lattice, involvement, city, seen, risk, question, sites),
            *(_other_sizes(lattice, involvement, seen, city, tested, sites) if risk is None else []),
        ],
    )


# -- the rate ---------------------------------------------------------------------------------------
def risk_of(
    involvement: Involvement,
    city: CityShapes,
    lattice: Lattice,
    kept: Ints,
    tested: Sequence[str],
    question: Question,
    units: Units | None = None,
) -> Risk | None:
    """Step 3; None where nobody is counted or nothing has a name.

    kept   (m,) 1, or 0 for a place that was set apart
    units  the city's, where another window has found them already
    """
    if lattice.at_risk is None or not lattice.at_risk.any():
        return None
    units = units or relative.units_of(
        involvement.place, lattice.position >= 0, city.neighborhoods, city.people_at_risk, city.study
    )
    events = {name: involvement.of(name) * kept for name in tested}
    spread = {name: _dispersion(involvement, units, kept, name) for name in tested}
    try:
        models = relative.risks(units, events, spread, threshold=question.threshold)
    except NoRate:
        return None
    said = relative.neighborhoods(units, events, models, certainty=question.certainty)
    excess = [each.least.low for each in said]
    at_home = relative.share_at_home(
        units, involvement.place, involvement.either * kept, city.people_at_risk, excess
    )
    of = [replace(each, passed_through=bool(at_home[each.neighborhood] < HALF)) for each in said]
    counted = Counted(
        units.count(involvement.either * kept),
        {name: units.count(each) for name, each in events.items()},
        _residents(city, units),
    )
    return Risk(units, of, counted, spread)


def _residents(city: CityShapes, units: Units) -> Floats | None:
    """(u,) residents; None where none are known in any named neighborhood."""
    if city.residents_at is None:
        return None
    people = units.people(city.residents_at[1])
    return people if people[: units.named].any() else None


def _dispersion(involvement: Involvement, units: Units, kept: Ints, layer: str) -> float:
    """By the months of the last two years, single sites set apart."""
    here = (involvement.month_layers & BITS[layer] != 0) & (kept[involvement.month_place] > 0)
    return relative.dispersion_of(
        units, involvement.month[here], involvement.month_place[here], involvement.months
    )


def _looks(
    involvement: Involvement, city: CityShapes, lattice: Lattice, seen: Look, risk: Risk | None
) -> ensemble.Ensemble:
    """The same ground by shifted grids, and in the other windows there are; none where no rate can be formed."""
    if risk is None:
        return ensemble.Ensemble()
    names = [each.name for each in seen.layers]
    windows = [involvement, *involvement.others.values()]
    return parts.looks(
        Frame.of(city.study),
        risk.units,
        involvement.place,
        city.people_at_risk,
        [
            parts.Window(np.array([each.of(name) * seen.kept for name in names]), each.either * seen.kept)
            for each in windows
            if all(each.of(name).any() for name in names)
        ],
        edge_m=lattice.resolution.edge_m,
        dispersion=[risk.dispersion[name] for name in names],
        high=[each.neighborhood for each in risk.named],
    )


def _high(
    lattice: Lattice,
    seen: Look,
    risk: Risk,
    involvement: Involvement,
    city: CityShapes,
    looks: ensemble.Ensemble,
    progress: Progress,
) -> list[OutlinedArea]:
    """The high neighborhoods that people live in: the part that a scan and most looks name, else the whole."""
    people = lattice.at_risk if lattice.at_risk is not None else np.zeros(len(lattice.cells))
    high = risk.named
    frame = Frame.of(shapely.multipoints(np.ascontiguousarray(hexes.centres_of(lattice.cells)[:, ::-1])))
    found = parts.named(
        parts.Ground(frame, lattice.cells, lattice.neighborhood, seen.events, people),
        [each.neighborhood for each in high],
        looks,
        dispersion=max(risk.dispersion.values()),
        seed=SEED,
        progress=lambda done: progress(done, len(high)),
    )
    areas = []
    for each in high:
        part = found.get(each.neighborhood)
        cells = np.flatnonzero(lattice.neighborhood == each.neighborhood) if part is None else part.cells
        pieces = _by_division(lattice, seen, cells) if len(cells) else [_around(lattice, risk.units, each)]
        described = [_area(lattice, seen, each, part, here, involvement) for here in pieces if len(here)]
        if part is None and len(described) == 1:
            described = [_whole(described[0], city, risk, involvement.years, lattice.dispersion)]
        areas += described
    return areas


def _around(lattice: Lattice, units: Units, each: NeighborhoodRisk) -> Ints:
    """The cells in which a neighborhood's incidents lie, where it is too small for any to be centred in it."""
    there = lattice.position[units.of_place == each.neighborhood]
    return np.unique(there[there >= 0])


def _by_division(lattice: Lattice, seen: Look, cells: Ints) -> list[Ints]:
    """Cells of one division each, so that one commander answers: a sliver goes with where most incidents are."""
    label, events = lattice.division[cells], seen.events[cells]
    most = _most_of(label, events)
    own = {
        number
        for number in np.unique(label[label >= 0]).tolist()
        if events[label == number].sum() >= SLIVER * events.sum()
    } | {most}
    joined = np.where(np.isin(label, list(own)), label, most)
    return [cells[joined == number] for number in sorted(own)]


def _area(
    lattice: Lattice,
    seen: Look,
    each: NeighborhoodRisk,
    part: Part | None,
    cells: Ints,
    involvement: Involvement,
) -> OutlinedArea:
    """A neighborhood, or a part of it, as a place to walk: banded by the neighborhood's own risk."""
    study = _study_set(lattice, seen.events, involvement.years)
    area = replace(
        focus.described(cells, seen.layers, study),
        neighborhood=each.neighborhood,
        division=_most_of(lattice.division[cells], seen.events[cells]),
    )
    return OutlinedArea(
        area,
        [f"{cell:x}" for cell in lattice.cells[cells].tolist()],
        shapely.union_all(hexes.outlines(lattice.cells[cells])),
        focus.band(each.least.low, 1.0),
        risk=each,
        part=part,
    )


def _whole(
    area: OutlinedArea, city: CityShapes, risk: Risk, years: float | None, dispersion: float
) -> OutlinedArea:
    """All of a neighborhood: with its own outline and what was counted in it, whichever cells cover it."""
    number, counted = area.area.neighborhood, risk.counted
    events = int(counted.events[number])
    layers = {name: int(each[number]) for name, each in counted.layers.items()}
    people = None if counted.residents is None else float(counted.residents[number])
    whole = replace(
        area.area,
        events=events,
        layer_events=layers,
        layer_share={name: count / events if events else 0.0 for name, count in layers.items()},
        residents=people,
        rate=rates.rate(events, people, years, dispersion=dispersion),
    )
    return replace(area, area=whole, outline=city.neighborhoods[number])


def _most_of(label: Ints, events: Ints) -> int:
    """The label under which most events lie; with none, most cells. −1 only where nothing has one."""
    there = label >= 0
    if not there.any():
        return -1
    weight = np.bincount(label[there], events[there] + 1e-6)
    return int(weight.argmax())


def lattice_of(involvement: Involvement, city: CityShapes, tested: list[str], question: Question) -> Lattice:
    """Step 1. Raises NothingToCompare."""
    return _lattice(involvement, city, _resolution(involvement, city, tested, question.resolution))


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
    position = _positions(cells, place)
    neighborhood = _labels(cells, centres, city.neighborhoods)
    residents = _people(cells, city.residents_at, chosen.value)
    return Lattice(
        resolution=chosen,
        cells=cells,
        hoods=hexes.neighbourhoods_of(cells),
        position=position,
        neighborhood=neighborhood,
        division=_labels(cells, centres, city.divisions),
        residents=residents,
        at_risk=_people(cells, city.people_at_risk, chosen.value) if city.neighborhoods else None,
        ground=_ground(cells, city, residents),
        dispersion=_dispersion_of_counts(involvement, position, neighborhood),
        left_out=left_out,
    )


def _ground(cells: Cells, city: CityShapes, residents: Floats | None) -> Floats:
    """Lived-in ground, in cells: what lies inside the study area. Where nobody is counted, all of it."""
    share = hexes.covered_share(cells, city.study)
    return share if residents is None or not residents.any() else share * (residents > 0)


def _dispersion_of_counts(involvement: Involvement, position: Ints, neighborhood: Ints) -> float:
    """Of all incidents by month and neighborhood; by cell where nothing has a name."""
    if involvement.months < relative.FEWEST_MONTHS:
        return relative.UNDATED_DISPERSION
    at = position[involvement.month_place]
    unit = neighborhood if neighborhood.max() > 0 else np.arange(len(neighborhood))
    inside = (at >= 0) & (unit[at] >= 0)
    return relative.dispersion_by(
        involvement.month[inside], unit[at[inside]], involvement.months, int(unit.max()) + 1
    )


def _look(
    lattice: Lattice,
    involvement: Involvement,
    tested: Sequence[str],
    sites: focus.Locations,
    *,
    dealt: bool = True,
) -> Look:
    """Steps 2 and 4."""
    locations = replace(sites, cell=lattice.position, events=involvement.either)
    kept, apart = set_apart(lattice, locations)
    layers = [
        _tested(name, lattice.count(involvement.of(name) * kept), lattice, dealt=dealt) for name in tested
    ]
    events = lattice.count(involvement.either * kept)
    result = focus.focus_areas(
        layers,
        lattice.hoods,
        _study_set(lattice, events, involvement.years),
        locations=replace(locations, events=locations.events * kept),
    )
    return Look(kept, apart, layers, events, result)


def set_apart(lattice: Lattice, locations: focus.Locations) -> tuple[Ints, list[focus.SingleSite]]:
    """(m,) 1, or 0 for a place that is a single site; and these."""
    apart = focus.single_sites(locations, lattice.hoods, lattice.neighborhood)
    kept = np.ones(len(lattice.position), np.int64)
    kept[[site.location for site in apart]] = 0
    return kept, apart


def _study_set(lattice: Lattice, events: Ints, years: float | None) -> focus.StudySet:
    return focus.StudySet(
        events, lattice.neighborhood, lattice.division, lattice.residents, years, lattice.dispersion
    )


def _tested(name: str, counts: Ints, lattice: Lattice, *, dealt: bool) -> TestedLayer:
    """Gi* of the counts; where a rate can be formed, of what the people at risk leave unexplained.

    dealt  by dealing counts anew; else by the normal approximation, which is enough beside a look that was dealt
    """
    people = lattice.at_risk if lattice.at_risk is not None and lattice.at_risk.any() else None
    try:
        if people is not None:
            return _unexplained(name, counts, people, lattice.hoods, dealt=dealt)
        test = gistar.local_g_star(counts, lattice.hoods, rng=np.random.default_rng(SEED))
    except gistar.NothingVaries:
        raise NothingToCompare(
            _("Every cell holds the same number of incidents: no place can stand out.")
        ) from None
    q = fdr.q_values(test.p_permutation, floor=0.0 if test.way == "counted" else test.floor)
    return TestedLayer(name, counts, test.z, q, test.p_permutation)


def _unexplained(
    name: str, counts: Ints, people: Floats, hoods: hexes.Neighbourhoods, *, dealt: bool
) -> TestedLayer:
    """Gi* of Pearson residuals; nothing is said of cells that nobody is at risk in. Raises NothingVaries."""
    residuals = gistar.pearson_residuals(counts, people)
    if dealt:
        test = gistar.local_g_star(residuals, hoods, rng=np.random.default_rng(SEED))
        z, by_cell, floor = test.z, test.p_permutation, test.floor
    else:
        z, floor = gistar.standard_scores(residuals, hoods), 0.0
        by_cell = scipy.special.ndtr(-z)
    there, q = people > 0, np.ones(len(counts))
    p = np.where(there, by_cell, 1.0)
    try:
        q[there] = fdr.q_values(p[there], floor=floor)
    except fdr.TooFewPermutations:  # of so many cells; the look names nothing, so the approximation will do
        return _unexplained(name, counts, people, hoods, dealt=False)
    return TestedLayer(name, counts, np.where(there, z, 0.0), q, p)


@dataclass(frozen=True)
class _Yardstick:
    """What an area is compared with: the whole agency's rate, or a cell's lived-in ground where there is no rate."""

    average: rates.Rate
    mean_cell: float
    lattice: Lattice

    @property
    def by(self) -> str:
        return "residents" if self.average.value else "ground"

    def band(self, area: focus.FocusArea) -> int | None:
        if self.average.value:
            return focus.band(area.rate.low, self.average.value)
        low, _high = rates.count_interval(area.events, dispersion=self.lattice.dispersion)
        ground = float(self.lattice.ground[area.cells].sum())
        return focus.band(low / ground if ground else None, self.mean_cell)


def _yardstick(lattice: Lattice, seen: Look, years: float | None) -> _Yardstick:
    people = None if lattice.residents is None else float(lattice.residents.sum())
    average = rates.rate(int(seen.events.sum()), people, years, dispersion=lattice.dispersion)
    lived_in = lattice.ground > 0
    return _Yardstick(average, float(seen.events[lived_in].sum() / lattice.ground.sum()), lattice)


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


def _by_neighborhood(
    lattice: Lattice,
    seen: Look,
    years: float | None,
    city: CityShapes,
    risk: Risk | None,
    found: Floats | None,
) -> list[OfNeighborhood]:
    """Every named neighborhood: by its own places where a rate can be formed, else by the cells centred in it."""
    many = len(city.neighborhoods)
    if not many:
        return []
    counted = _on_cells(lattice, seen, many) if risk is None else risk.counted
    here, layers = counted.events[:many], counted.layers
    people = None if counted.residents is None else counted.residents[:many]
    smoothed = None if people is None or not years else rates.smoothed_rates(here, people.astype(float))
    return [
        OfNeighborhood(
            number,
            int(here[number]),
            {name: int(counts[number]) for name, counts in layers.items()},
            None if people is None else float(people[number]),
            rates.rate(
                int(here[number]),
                None if people is None else float(people[number]),
                years,
                dispersion=lattice.dispersion,
            ),
            None if smoothed is None or not years else float(smoothed[number]) * rates.PER / years,
            None if risk is None else risk.of[number],
            None if found is None else float(found[number]),
        )
        for number in range(many)
    ]


def _on_cells(lattice: Lattice, seen: Look, many: int) -> Counted:
    known = lattice.residents is not None and bool(lattice.residents.sum())
    return Counted(
        lattice.by_neighborhood(seen.events, many).astype(np.int64),
        {each.name: lattice.by_neighborhood(each.counts, many).astype(np.int64) for each in seen.layers},
        lattice.by_neighborhood(lattice.residents, many) if known and lattice.residents is not None else None,
    )


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


def sites_of(involvement: Involvement, city: CityShapes) -> focus.Locations:
    """The fine places with what is known of each; where on a lattice they lie, and their events, come later."""
    people = city.residents_at
    return focus.Locations(
        cell=np.full(len(involvement.place), -1, np.int64),
        events=involvement.either,
        residential=_residential(involvement.place, city.homes),
        verdict=involvement.spot,
        homes=None if people is None else focus.Homes.of(involvement.place, *people),
        venue=involvement.venue,
    )


def _residential(place: Cells, homes: Sequence[BaseGeometry]) -> NDArray[np.bool_] | None:
    if not homes:
        return None
    centres = hexes.centres_of(place)
    lived_in: NDArray[np.bool_] = shapely.contains_xy(
        shapely.union_all(list(homes)), centres[:, 1], centres[:, 0]
    )
    return lived_in


def _people(cells: Cells, people_at: tuple[Floats, Floats] | None, resolution: int) -> Floats | None:
    """People a cell; None where nobody has counted them."""
    if people_at is None:
        return None
    points, people = people_at
    at = _positions(cells, hexes.cells_of(points[:, 0], points[:, 1], resolution))
    inside = at >= 0
    return np.bincount(at[inside], people[inside], minlength=len(cells)).astype(np.float64)


def _site(site: focus.SingleSite, involvement: Involvement, when: str) -> dict[str, Any]:
    cell = int(involvement.place[site.location])
    return {"events": site.events, "share": round(site.share, 4), "cell": f"{cell:x}", "set_apart": when}


def _curve(lattice: Lattice, seen: Look) -> concentration.Curve:
    """Over lived-in ground; over all of it where nothing happened where people live."""
    lived_in = lattice.ground if seen.events[lattice.ground > 0].any() else None
    return concentration.concentration(seen.events, lived_in)


def _stability(involvement: Involvement, lattice: Lattice, kept: Ints) -> concentration.Stability | None:
    """Last year's busiest cells against the months held out: the last half, at most a year."""
    held = min(involvement.months // 2, 12)
    if held < concentration.FEWEST_MONTHS:
        return None
    n = len(lattice.cells)
    at = lattice.position[involvement.month_place]
    inside = (at >= 0) & (kept[involvement.month_place] > 0)
    both = involvement.month[inside] * n + at[inside]
    by_month = np.bincount(both, minlength=involvement.months * n).reshape(involvement.months, n)
    split = involvement.months - held
    try:
        return concentration.stability(
            by_month[max(0, split - 12) : split].sum(axis=0),
            by_month[split:],
            ground=lattice.ground,
            top=TOP,
            rng=np.random.default_rng(SEED),
        )
    except (concentration.TooFewMonths, concentration.NothingToShare):
        return None


def _mostly(involvement: Involvement, lattice: Lattice, seen: Look, city: CityShapes) -> Mostly | None:
    """Where more of it is enforcement than elsewhere, inside the study area, single sites set apart."""
    here = np.flatnonzero((lattice.position >= 0) & (seen.kept > 0) & (involvement.either > 0))
    named = lattice.neighborhood[lattice.position[here]] if city.neighborhoods else np.full(len(here), -1)
    return mostly.scan(
        involvement.place[here],
        involvement.enforcement[here],
        involvement.either[here],
        named,
        dispersion=mostly.dispersion_of(
            involvement.place,
            involvement.month,
            involvement.month_place,
            involvement.month_layers & BITS[ENFORCEMENT] != 0,
            involvement.months,
        ),
        seed=SEED,
    )


# -- what another look would have said ------------------------------------------------------------
def _other_windows(
    lattice: Lattice,
    involvement: Involvement,
    city: CityShapes,
    seen: Look,
    risk: Risk | None,
    question: Question,
    sites: focus.Locations,
) -> list[dict[str, Any]]:
    """The halves of the window and the time before it, on the same ground."""
    rows = []
    for name, other in involvement.others.items():
        tested = [each.name for each in seen.layers]
        if not all(other.of(name).any() for name in tested):
            continue
        try:
            again = _look(lattice, other, tested, sites, dealt=risk is None)
        except NothingToCompare:
            continue
        compared = _compared(seen, again)
        if risk is not None:
            months = replace(
                other,
                month=involvement.month,
                month_place=involvement.month_place,
                month_layers=involvement.month_layers,
                months=involvement.months,
            )
            then = risk_of(months, city, lattice, again.kept, tested, question, risk.units)
            compared |= _same_named(risk, then) if then else {}
        rows.append({"window": name, "from": _iso(other.first), "to": _iso(other.last), **compared})
    return rows


def _same_named(now: Risk, then: Risk) -> dict[str, Any]:
    one, other = ({each.neighborhood for each in risk.named} for risk in (now, then))
    return {"areas": len(other), "same_neighborhoods": _in_common(one, other)}


def _other_sizes(
    lattice: Lattice,
    involvement: Involvement,
    seen: Look,
    city: CityShapes,
    tested: Sequence[str],
    sites: focus.Locations,
) -> list[dict[str, Any]]:
    """The next larger and the next smaller cells, if the data can bear them."""
    rows = []
    for value in (lattice.resolution.value - 1, lattice.resolution.value + 1):
        edge = hexes.edge_m(value)
        if not hexes.COARSEST <= value <= hexes.FINEST or edge < involvement.precision_m:
            continue
        try:
            size = replace(lattice.resolution, value=value, edge_m=edge)
            again = _look(_lattice(involvement, city, size), involvement, tested, sites)
        except NothingToCompare:
            continue
        rows.append({"resolution": value, "edge_m": round(edge), **_compared(seen, again)})
    return rows


def _compared(seen: Look, again: Look) -> dict[str, Any]:
    """How much of it is the same: neighborhoods found by both looks, of those found by either."""
    return {
        "significant": again.significant,
        "areas": len(again.result.areas),
        "same_neighborhoods": _in_common(seen.neighborhoods, again.neighborhoods),
    }


def _in_common(one: set[int], other: set[int]) -> float | None:
    return round(len(one & other) / len(one | other), 3) if one | other else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
