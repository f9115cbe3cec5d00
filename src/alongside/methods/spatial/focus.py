"""From cells that stand out to focus areas: groups of them in one neighborhood, described and banded.

1. A cell counts where it stands out in every layer asked for (investigation and enforcement).
2. Cells that touch, in the same named neighborhood and the same division, are one area; an area
   never crosses a line of either, so that one commander answers for it and one name fits it.
3. A place where most events (of the ring around, or of the named neighborhood) lie at one address is a single site: a
   mall, a hospital, a placeholder.
   It is set apart before the test, so that it neither lights up its neighbours nor, being so large, hides
   the rest; and an area with most of its events at one spot is set apart after it.
4. It is one address, or one venue, with few homes around it. A crossing, or a place of several addresses, never is.
   A block is told by its homes, and so is a place of which nothing is known: it may be one site only where it holds
   far more events than those who live around it would account for, were their rate the whole area's. Of one address,
   and of a known venue, less is asked; where residents are not known, nothing is. Residential campuses never are:
   people live there, and may want a walk.
5. An area must itself hold more events than as many average cells, with the low end of its interval:
   a quiet cell between busy ones stands out by its neighbours, and is no place to name for it.
6. Bands compare an area's rate with the agency's whole, by the low end of its interval.

Page: docs/methods/hot-spots.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy  # loads each part when it is first used: most processes never compute

from .arrays import Cells, Floats, Ints, Mask
from .cells import Neighbourhoods, people_around
from .fdr import ALPHA, q_values
from .gistar import scores_against
from .rates import Rate, poisson_interval, rate
from .spots import Spot

MOST_OF_IT = 0.5
BEYOND_HOMES = 10.0
BEYOND_HOMES_AT_AN_ADDRESS = 2.0
NEVER_SINGLE = (Spot.CROSSING, Spot.SEVERAL)
BAND_STEPS = (2.0, 4.0)


@dataclass(frozen=True)
class Layer:
    """One kind of involvement, tested: events, z and q of each cell, all (n,)."""

    name: str
    counts: Ints
    z: Floats
    q: Floats


@dataclass(frozen=True)
class Homes:
    """Who lives where: the people around each fine place, (m,), and in the whole study area."""

    around: Floats
    residents: float

    @classmethod
    def of(cls, places: Cells, points: Floats, people: Floats) -> Self:
        """places: (m,) cells; points: (k, 2) latitude, longitude, and (k,) the people each stands for."""
        return cls(people_around(places, points, people), float(people.sum()))


@dataclass(frozen=True)
class Locations:
    """The finest places known, (m,), and what rule 4 asks of them. None: not known, of any of them.

    cell         which cell (position, −1 outside) each lies in
    events       how many it holds
    residential  whether it is a residential campus
    verdict      the `Spot` of each, by how its addresses were written
    homes        who lives around each
    venue        whether a known public venue is at the spot
    """

    cell: Ints
    events: Ints
    residential: Mask | None = None
    verdict: Ints | None = None
    homes: Homes | None = None
    venue: Mask | None = None

    def counts(self, cells: int) -> Ints:
        """(n,) events a cell."""
        inside = self.cell >= 0
        return np.bincount(self.cell[inside], self.events[inside], minlength=cells).astype(np.int64)

    def may_be_single(self) -> Mask:
        """(m,) rule 4."""
        campus = np.zeros(len(self.cell), np.bool_) if self.residential is None else self.residential
        may: Mask = (
            (self.cell >= 0)
            & ~campus
            & ~np.isin(self._verdict, NEVER_SINGLE)
            & (self.events > self._most_of_homes())
        )
        return may

    def surely_beyond_homes(self) -> Mask:
        """(m,) where even the low end of the events' interval is more than rule 4 asks; nowhere without homes."""
        if self.homes is None:
            return np.zeros(len(self.cell), np.bool_)
        low = scipy.special.chdtri(2.0 * np.maximum(self.events, 1), 0.975) / 2
        surely: Mask = (self.events > 0) & (low > self._most_of_homes())
        return surely

    @property
    def _verdict(self) -> Ints:
        return np.full(len(self.cell), int(Spot.UNKNOWN)) if self.verdict is None else self.verdict

    def _most_of_homes(self) -> Floats:
        """(m,) so many events a place may hold, as what it is, before it may be a single site."""
        venue = np.zeros(len(self.cell), np.bool_) if self.venue is None else self.venue
        one = (self._verdict == Spot.ADDRESS) | venue
        return np.where(one, BEYOND_HOMES_AT_AN_ADDRESS, BEYOND_HOMES) * self.accounted_for()

    def accounted_for(self) -> Floats:
        """(m,) events that those who live around each place would account for; 0 where residents are not known."""
        if self.homes is None or not self.homes.residents:
            return np.zeros(len(self.cell))
        return self.homes.around * (float(self.events[self.cell >= 0].sum()) / self.homes.residents)


@dataclass(frozen=True)
class SingleSite:
    """One place with most of the events around it: its position among the locations, its cell, its share."""

    location: int
    cell: int
    events: int
    share: float


@dataclass(frozen=True)
class FocusArea:
    """A group of cells that stand out, inside one neighborhood and one division.

    cells, peak_cell  positions in the study set
    events            incidents, each once, whatever its layers
    layer_share       name → share of the area's events that are in the layer (an event may be in both)
    residents         None where not known
    peak_z, peak_q    of the cell that stands out most; over layers, its weaker one. Descriptive only
    """

    cells: Ints
    neighborhood: int
    division: int
    events: int
    layer_events: Mapping[str, int]
    layer_share: Mapping[str, float]
    residents: float | None
    rate: Rate
    peak_cell: int
    peak_z: float
    peak_q: float


@dataclass(frozen=True)
class Focus:
    """What came out.

    areas         the focus areas, the highest peak first
    single_sites  areas with most of their events at one spot, and that spot
    only_beside   areas that stand out by their neighbours alone
    unnamed       cells that stand out, in no named neighborhood
    """

    areas: list[FocusArea]
    single_sites: list[tuple[FocusArea, SingleSite]]
    only_beside: list[FocusArea]
    unnamed: Ints


def single_sites(
    locations: Locations,
    neighbourhoods: Neighbourhoods,
    neighborhood: Ints | None = None,
    *,
    share: float = MOST_OF_IT,
    alpha: float = ALPHA,
) -> list[SingleSite]:
    """Rule 3, before the test: places that alone make their surroundings stand out, the largest first.

    A place is one where it holds more than `share` of the events of its cell and the ring around, and
    that neighbourhood is high (normal tail of Gi*, q ≤ alpha) against the town as it would be without any
    such place. Against the town as it is, one mall would hide the next. Or it holds more than `share` of its
    named neighborhood's events ((n,) labels of cells, −1 for none), and even the low end of what it holds is
    beyond its homes (rule 4): whole neighborhoods are compared, too, and a few events are no site.
    """
    cells = len(neighbourhoods)
    counts = locations.counts(cells)
    candidates = np.flatnonzero(locations.may_be_single() & (locations.events > 0))
    at, events = locations.cell[candidates], locations.events[candidates]
    part = events / np.maximum(neighbourhoods.sums(counts)[at], 1)
    ground = counts.astype(np.float64)
    np.subtract.at(ground, at[part > share], events[part > share])
    high = _high_above(ground, counts, neighbourhoods, alpha)
    chosen = (part > share) & high[at]
    if neighborhood is not None:
        named = _part_of_named(at, events, counts, neighborhood)
        chosen |= (named > share) & locations.surely_beyond_homes()[candidates]
        part = np.maximum(part, named)
    sites = [
        SingleSite(int(candidates[i]), int(at[i]), int(events[i]), float(part[i]))
        for i in np.flatnonzero(chosen)
    ]
    return sorted(sites, key=lambda site: (-site.events, site.location))


def _part_of_named(at: Ints, events: Ints, counts: Ints, neighborhood: Ints) -> Floats:
    """The share of each place in the events of its named neighborhood; 0 where it has none."""
    named = neighborhood >= 0
    of_each = np.bincount(neighborhood[named], counts[named], minlength=int(neighborhood.max(initial=-1)) + 1)
    here = neighborhood[at]
    shares = np.zeros(len(at))
    shares[here >= 0] = events[here >= 0] / np.maximum(of_each[here[here >= 0]], 1)
    return shares


def _high_above(ground: Floats, counts: Ints, neighbourhoods: Neighbourhoods, alpha: float) -> Mask:
    """(n,) whose neighbourhood is high, against a ground that varies at least as chance alone would."""
    if not len(ground):
        return np.zeros(0, np.bool_)
    mean = float(ground.mean())
    spread = max(float(ground.std()), mean**0.5, 1.0)
    scores = scores_against(counts, neighbourhoods, mean=mean, spread=spread)
    return q_values(scipy.special.ndtr(-scores), alpha=alpha) <= alpha


@dataclass(frozen=True, eq=False)
class StudySet:
    """What is known of each of the n cells that were studied.

    events        (n,) incidents a cell, each once across the layers
    neighborhood  (n,) which named neighborhood a cell lies in, −1 for none
    division      (n,) which division, −1 for none (an agency without divisions: all the same)
    residents     (n,) people a cell; None where not known
    years         length of the window, None for undated counts
    dispersion    variance over mean of such counts: how wide a rate's interval is
    """

    events: Ints
    neighborhood: Ints
    division: Ints
    residents: Floats | None = None
    years: float | None = None
    dispersion: float = 1.0


def focus_areas(
    layers: Sequence[Layer],
    neighbourhoods: Neighbourhoods,
    study: StudySet,
    *,
    locations: Locations | None = None,
    alpha: float = ALPHA,
) -> Focus:
    """Groups of cells that stand out in every layer, described and sorted out.

    locations     finest places, to set areas apart that are mostly one of them
    """
    high, named = stands_out(layers, alpha), study.neighborhood >= 0
    areas = [
        described(cells, layers, study)
        for cells in groups(high & named, neighbourhoods, study.neighborhood, study.division)
    ]
    areas.sort(key=lambda area: (-area.peak_z, area.peak_cell))
    busy = [area for area in areas if is_busy(area, study.events)]
    sites = [site_of(area, locations) if locations else None for area in busy]
    return Focus(
        areas=[area for area, site in zip(busy, sites) if site is None],
        single_sites=[(area, site) for area, site in zip(busy, sites) if site is not None],
        only_beside=[area for area in areas if not is_busy(area, study.events)],
        unnamed=np.flatnonzero(high & ~named).astype(np.int64),
    )


def is_busy(area: FocusArea, events: Ints) -> bool:
    """Rule 5: even the low end for this area is more than as many average cells would hold."""
    low, _ = poisson_interval(area.events)
    return bool(low > events.mean() * len(area.cells))


def stands_out(layers: Sequence[Layer], alpha: float = ALPHA) -> Mask:
    """(n,) rule 1: significant, and on the high side, in every layer."""
    everywhere: Mask = np.logical_and.reduce([(layer.q <= alpha) & (layer.z > 0) for layer in layers])
    return everywhere


def groups(chosen: Mask, neighbourhoods: Neighbourhoods, *labels: Ints) -> list[Ints]:
    """Rule 2: chosen cells that touch and agree in every label, as sorted positions, in order of the first."""
    rows, others = neighbourhoods.edges()
    joined = chosen[rows] & chosen[others]
    for label in labels:
        joined &= label[rows] == label[others]
    n = len(neighbourhoods)
    graph = scipy.sparse.coo_array((np.ones(int(joined.sum())), (rows[joined], others[joined])), shape=(n, n))
    _, component = scipy.sparse.csgraph.connected_components(graph, directed=False)
    cells = np.flatnonzero(chosen)
    order = np.argsort(component[cells], kind="stable")
    starts = np.flatnonzero(np.diff(component[cells][order])) + 1
    return sorted(
        (part for part in np.split(cells[order], starts) if len(part)), key=lambda part: int(part[0])
    )


def described(cells: Ints, layers: Sequence[Layer], study: StudySet) -> FocusArea:
    """What is known of some cells of one neighborhood, taken together."""
    weaker_z = np.min([layer.z[cells] for layer in layers], axis=0)
    weaker_q = np.max([layer.q[cells] for layer in layers], axis=0)
    peak = int(weaker_z.argmax())
    total = int(study.events[cells].sum())
    people = None if study.residents is None else float(study.residents[cells].sum())
    in_layer = {layer.name: int(layer.counts[cells].sum()) for layer in layers}
    return FocusArea(
        cells=cells,
        neighborhood=int(study.neighborhood[cells[0]]),
        division=int(study.division[cells[0]]),
        events=total,
        layer_events=in_layer,
        layer_share={name: count / total if total else 0.0 for name, count in in_layer.items()},
        residents=people,
        rate=rate(total, people, study.years, dispersion=study.dispersion),
        peak_cell=int(cells[peak]),
        peak_z=float(weaker_z[peak]),
        peak_q=float(weaker_q[peak]),
    )


def site_of(area: FocusArea, locations: Locations, *, share: float = MOST_OF_IT) -> SingleSite | None:
    """Rule 3, after the test: the one place with more than `share` of the area's events, if there is one."""
    inside = np.flatnonzero(np.isin(locations.cell, area.cells) & locations.may_be_single())
    if not len(inside) or not area.events:
        return None
    busiest = int(inside[locations.events[inside].argmax()])
    part = int(locations.events[busiest]) / area.events
    if part <= share:
        return None
    return SingleSite(busiest, int(locations.cell[busiest]), int(locations.events[busiest]), part)


def band(low: float | None, average: float, *, steps: tuple[float, float] = BAND_STEPS) -> int | None:
    """Rule 6: 1, 2 or 3 (the highest), by the low end of an area's interval against the agency's average.

    3 where even the low end is at least four times the average, 2 where at least twice, 1 where it is not below
    the average; None where it is, or where there is no rate. An area's band does not change because another area
    did, as ranks and thirds would, and a small area is not put high on a few events.
    """
    if low is None or average <= 0 or low < average:
        return None
    return 1 + sum(low >= step * average for step in steps)
