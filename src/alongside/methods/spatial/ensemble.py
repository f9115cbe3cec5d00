"""Ensemble: the same ground cut in many ways, and how many of them say the same.

Where the lines of a grid fall decides which cells stand out, and nobody chose where they fall. So the ground is
cut again: hexagons of two sizes, the lattice moved to a dozen places, and, where several windows of time are handed
over, each of them. Every such cut is a look. H3 cannot be moved, so a look's hexagons lie on the plane of the ground.

1. A look counts, in each hexagon where somebody is at risk, the events, and expects them in proportion to the people
   at risk. Gi* of the Pearson residuals, by its normal approximation, and one promise over its hexagons
   (q ≤ .05) say which stand out; what counts are those that do in every layer. A hexagon belongs to the neighborhood
   where most of its people are. A neighborhood's share is the share of looks that find a hexagon of it.
2. In each high neighborhood the look's scan finds the circle that stands out most, without a p.
3. The part that is named is the ground that at least half of these circles cover; its share is the share of looks whose
   own circle, on the cells asked about, has at least half in common with it (common cells / cells of either).

A dozen origins spread over one hexagon evenly, with nothing drawn: the same ground gives the same looks.

Sources: Openshaw 1984, The modifiable areal unit problem (what is looked into); Martin Roberts 2018, The unreasonable
effectiveness of quasirandom sequences (where the origins lie); the rest in gistar and scan.
Page: docs/methods/scan.md
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import scipy  # loads each part when it is first used: most processes never compute

from .arrays import Floats, Ints, Mask
from .cells import Neighbourhoods
from .fdr import ALPHA, q_values
from .gistar import scores_on_residuals
from .scan import scan

ORIGINS = 12
SIZES = (1.0, 1.3)
MOST_OF_THE_LOOKS = 0.5
HALF_IN_COMMON = 0.5
_PLASTIC = 1.3247179572447460  # its powers' inverses spread points over a square most evenly (Roberts)


@dataclass(frozen=True)
class Points:
    """The ground as points: where people are at risk, and where events were. A point may be either, or both.

    x_y_m         (m, 2) on a plane, metres (methods.ground.Frame)
    at_risk       (m,) people at risk there, 0 where only events are
    events        (layers, m) of each layer that is tested; all of them must stand out
    either        (m,) each incident once, whatever its layers: what the scan looks at
    neighborhood  (m,) its number, −1 for ground without a name
    """

    x_y_m: Floats
    at_risk: Floats
    events: Ints
    either: Ints
    neighborhood: Ints

    def within(self, neighborhood: int) -> Points:
        here = self.neighborhood == neighborhood
        return Points(
            self.x_y_m[here], self.at_risk[here], self.events[:, here], self.either[here],
            self.neighborhood[here],
        )  # fmt: skip


@dataclass(frozen=True)
class Hexagons:
    """A lattice of hexagons on the plane, with an edge length and one hexagon's centre, metres."""

    edge_m: float
    origin: tuple[float, float] = (0.0, 0.0)

    def at(self, x_y_m: Floats) -> Ints:
        """(m, 2) the hexagon each point lies in: two steps along the lattice, 60 degrees apart."""
        x, y = ((x_y_m - self.origin) / self.edge_m).T
        r = y * (2 / 3)
        q = x / np.sqrt(3) - r / 2
        whole = np.rint([q, r, -q - r])
        off = np.abs(whole - [q, r, -q - r])
        q_worst = (off[0] > off[1]) & (off[0] > off[2])
        r_worst = ~q_worst & (off[1] > off[2])
        whole[0] = np.where(q_worst, -whole[1] - whole[2], whole[0])
        whole[1] = np.where(r_worst, -whole[0] - whole[2], whole[1])
        return whole[:2].T.astype(np.int64)

    def centres(self, steps: Ints) -> Floats:
        """(m, 2) the hexagons' centres, metres."""
        q, r = steps.T
        across = np.column_stack((np.sqrt(3) * (q + r / 2), 1.5 * r))
        moved: Floats = across * self.edge_m + self.origin
        return moved


@dataclass(frozen=True)
class Look:
    """One cut of the ground, and what it finds.

    found     (neighborhoods,) whether a hexagon of it stands out
    clusters  high neighborhood → (c, 2) the hexagons of the circle that stands out most in it; none: (0, 2)
    """

    hexagons: Hexagons
    found: Mask
    clusters: Mapping[int, Ints]

    def covers(self, x_y_m: Floats, neighborhood: int) -> Mask:
        """(c,) which of these points its circle in this neighborhood covers."""
        steps, cluster = self.hexagons.at(x_y_m), self.clusters[neighborhood]
        low = np.minimum(steps.min(axis=0, initial=0), cluster.min(axis=0, initial=0))
        wide = 1 + max(int((each - low).max(initial=0)) for each in (steps, cluster))
        return np.isin(*((each - low) @ [wide, 1] for each in (steps, cluster)))


@dataclass(frozen=True)
class Part:
    """The ground inside a neighborhood that most looks agree on.

    cells     positions, among those asked about, of the cells that at least half of the circles cover
    share     share of looks whose own circle has at least half in common with it
    coverage  (c,) share of looks whose circle covers each cell asked about
    """

    cells: Ints
    share: float
    coverage: Floats


@dataclass(frozen=True)
class Ensemble:
    """Many looks at the same ground."""

    looks: Sequence[Look] = field(default_factory=tuple)

    @property
    def share(self) -> Floats:
        """(neighborhoods,) share of looks that find ground in it."""
        shares: Floats = np.mean([look.found for look in self.looks], axis=0)
        return shares

    def part(self, x_y_m: Floats, neighborhood: int) -> Part:
        """Rule 3, on the cells of a published grid that belong to this high neighborhood: (c, 2) centres."""
        covered = np.array([look.covers(x_y_m, neighborhood) for look in self.looks])
        coverage = covered.mean(axis=0)
        chosen = (coverage >= MOST_OF_THE_LOOKS) & (coverage > 0)
        common, either = (covered & chosen).sum(axis=1), (covered | chosen).sum(axis=1)
        agree = (common >= HALF_IN_COMMON * either) & (common > 0)
        return Part(np.flatnonzero(chosen), float(agree.mean()), coverage)


def together(ensembles: Iterable[Ensemble]) -> Ensemble:
    """The looks of several ensembles, one a window of time, as one. They know the same neighborhoods."""
    return Ensemble(tuple(look for each in ensembles for look in each.looks))


def looks(
    points: Points,
    neighborhoods: int,
    *,
    edge_m: float,
    dispersion: Sequence[float] = (),
    high: Collection[int] = (),
    origins: int = ORIGINS,
    sizes: Sequence[float] = SIZES,
) -> Ensemble:
    """Look at the ground in origins × sizes ways.

    neighborhoods  how many there are: numbers run from 0
    edge_m         of the published cells; `sizes` are times this length
    dispersion     (layers,) variance over mean of the counts of each layer, the largest for the scans; 1 if not given
    high           numbers of the neighborhoods in which a part is looked for
    """
    varies = tuple(dispersion) or (1.0,) * len(points.events)
    inside = {number: points.within(number) for number in high}
    return Ensemble(
        tuple(
            _look(points, inside, lattice, neighborhoods, varies)
            for size in sizes
            for lattice in _moved(edge_m * size, origins)
        )
    )


def _moved(edge_m: float, origins: int) -> Iterable[Hexagons]:
    """Lattices whose origins lie evenly over one hexagon."""
    for number in range(origins):
        along, across = (number / _PLASTIC) % 1, (number / _PLASTIC**2) % 1
        x, y = np.sqrt(3) * (along + across / 2), 1.5 * across
        yield Hexagons(edge_m, (float(x * edge_m), float(y * edge_m)))


def _look(
    points: Points,
    inside: Mapping[int, Points],
    lattice: Hexagons,
    neighborhoods: int,
    dispersion: Sequence[float],
) -> Look:
    found = np.zeros(neighborhoods, np.bool_)
    cut = Cut.of(points, lattice)
    clusters = {number: _cluster(each, lattice, max(dispersion)) for number, each in inside.items()}
    found[cut.neighborhood(points)[_stands_out(cut, points, dispersion)]] = True
    return Look(lattice, found[:neighborhoods], clusters)


def _stands_out(cut: Cut, points: Points, dispersion: Sequence[float]) -> Ints:
    """Rule 1: positions of the hexagons that stand out in every layer and belong to a named neighborhood."""
    out = cut.neighborhood(points) >= 0
    for events, varies in zip(points.events, dispersion, strict=True):
        z = scores_on_residuals(cut.count(events), cut.add(points.at_risk), cut.beside(), dispersion=varies)
        out &= q_values(scipy.special.ndtr(-z)) <= ALPHA
    return np.flatnonzero(out)


def _cluster(points: Points, lattice: Hexagons, dispersion: float) -> Ints:
    """Rule 2: (c, 2) the hexagons of the circle that stands out most among these points."""
    cut = Cut.of(points, lattice)
    best = scan(
        cut.count(points.either), cut.add(points.at_risk), lattice.centres(cut.steps),
        dispersion=dispersion, rng=np.random.default_rng(0), deals=0,
    )  # fmt: skip
    return cut.steps[:0] if best is None else cut.steps[best.cells]


@dataclass(frozen=True)
class Cut:
    """Points sorted into the hexagons of a lattice where somebody is at risk.

    steps     (n, 2) the hexagons
    position  (m,) the hexagon of each point; n for points where nobody is at risk
    table     the rectangle of the lattice that holds them, with a rim: position of each hexagon, or n
    place     (n,) where each hexagon lies in the table
    wide      hexagons in one line of the table
    """

    steps: Ints
    position: Ints
    table: Ints
    place: Ints
    wide: int

    @classmethod
    def of(cls, points: Points, lattice: Hexagons) -> Cut:
        steps = lattice.at(points.x_y_m)
        low = steps.min(axis=0, initial=0) - 1
        long, wide = (steps.max(axis=0, initial=0) - low + 2).tolist()
        where = (steps - low) @ [wide, 1]
        place = np.flatnonzero(np.bincount(where, points.at_risk, minlength=long * wide) > 0)
        table = np.full(long * wide, len(place), np.int64)
        table[place] = np.arange(len(place))
        return cls(np.column_stack(np.divmod(place, wide)) + low, table[where], table, place, wide)

    def add(self, amounts: Floats | Ints) -> Floats:
        """(n,) amounts at the points, added up by hexagon."""
        return np.bincount(self.position, amounts, minlength=len(self.place) + 1)[:-1].astype(np.float64)

    def count(self, events: Ints) -> Ints:
        """(n,) events at the points, added up by hexagon."""
        return np.rint(self.add(events)).astype(np.int64)

    def beside(self) -> Neighbourhoods:
        """Each hexagon and the six around it."""
        around = np.array([0, 1, -1, self.wide, -self.wide, self.wide - 1, 1 - self.wide])
        index = self.table[self.place[:, None] + around]
        return Neighbourhoods(index, (index < len(self.place)).sum(axis=1))

    def neighborhood(self, points: Points) -> Ints:
        """(n,) where most people at risk of each hexagon are; −1 where most are outside any name."""
        many = int(points.neighborhood.max(initial=-1)) + 2
        both = self.position * many + points.neighborhood + 1
        people = np.bincount(both, points.at_risk, minlength=(len(self.place) + 1) * many)
        number: Ints = people.reshape(-1, many)[:-1].argmax(axis=1) - 1
        return number
