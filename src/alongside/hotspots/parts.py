"""Which part of a high neighborhood: named by a scan with its own error, and by most of the looks.

1. Looks on shifted grids of two sizes, and in other windows, ask again what stands out
   (`methods.spatial.ensemble`). For each neighborhood the share of looks that find ground in it is published.
2. In each high neighborhood that people live in, the cells of the run are scanned: which circle of them holds more than
   its people would make it hold, against the neighborhood itself, with a p for the part as a whole
   (`methods.spatial.scan`).
3. The ps of all neighborhoods are adjusted together: of the parts named, at most one in twenty is expected to be
   chance.
4. What is named is the ground that at least half of the looks' own circles cover, if at least half of the looks and
   the scan that the p is of have most of it in common, and it holds a tenth of the incidents: a corner where hardly
   anybody lives is not where to walk. Where no part is named, the whole neighborhood is the place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from alongside.hotspots.relative import Units
from alongside.methods.ground import Frame
from alongside.methods.spatial import cells as hexes
from alongside.methods.spatial import ensemble, fdr
from alongside.methods.spatial.scan import Cluster, scan

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

ALPHA, MOST_OF_THE_LOOKS, LEAST_OF_IT = 0.05, 0.5, 0.1


@dataclass(frozen=True)
class Window:
    """What happened on the fine places in one window: (layers, m) by layer, and (m,) each incident once."""

    layers: Ints
    either: Ints


@dataclass(frozen=True)
class Part:
    """The part of a neighborhood that is named: positions of its cells, the scan's claim, and who else finds it."""

    neighborhood: int
    cells: Ints
    claim: Cluster
    share: float


def looks(
    frame: Frame,
    units: Units,
    place: NDArray[np.uint64],
    people_at: tuple[Floats, Floats],
    windows: Sequence[Window],
    *,
    edge_m: float,
    dispersion: Sequence[float],
    high: Sequence[int],
) -> ensemble.Ensemble:
    """Rule 1: the first window by every grid, the others by one grid of each size. `dispersion`: of each layer."""
    each = [_points(frame, units, place, people_at, window) for window in windows]
    return ensemble.together(
        ensemble.looks(
            points,
            units.named,
            edge_m=edge_m,
            dispersion=dispersion,
            high=high,
            origins=ensemble.ORIGINS if number == 0 else 1,
        )
        for number, points in enumerate(each)
    )


def _points(
    frame: Frame,
    units: Units,
    place: NDArray[np.uint64],
    people_at: tuple[Floats, Floats],
    window: Window,
) -> ensemble.Points:
    """Everything inside the study area as points: people first, then places with events."""
    at, people = people_at
    homes, spots = units.of_point >= 0, units.of_place >= 0
    centres = hexes.centres_of(place[spots])
    where = np.vstack((at[homes], centres))
    unit = np.concatenate((units.of_point[homes], units.of_place[spots]))
    nobody, nothing = np.zeros(len(centres)), np.zeros(int(homes.sum()), np.int64)
    return ensemble.Points(
        x_y_m=frame.xy(where[:, 0], where[:, 1]),
        at_risk=np.concatenate((people[homes], nobody)),
        events=np.array([np.concatenate((nothing, layer[spots])) for layer in window.layers]),
        either=np.concatenate((nothing, window.either[spots])),
        neighborhood=np.where(unit < units.named, unit, -1),
    )


@dataclass(frozen=True)
class Ground:
    """The cells of a run: their neighborhoods (−1 for none), incidents and people at risk, all (n,)."""

    frame: Frame
    cells: NDArray[np.uint64]
    neighborhood: Ints
    events: Ints
    at_risk: Floats

    def of(self, neighborhood: int) -> tuple[Ints, Floats]:
        """Positions of its cells, and their centres on the plane."""
        here = np.flatnonzero(self.neighborhood == neighborhood)
        centres = hexes.centres_of(self.cells[here])
        return here, self.frame.xy(centres[:, 0], centres[:, 1])


def named(
    ground: Ground,
    high: Sequence[int],
    found: ensemble.Ensemble,
    *,
    dispersion: float,
    seed: int,
    progress: Callable[[int], object],
) -> Mapping[int, Part]:
    """Rules 2 to 4: high neighborhood → its part, where one is named. `progress` hears how many are done."""
    claims: dict[int, Cluster] = {}
    for done, number in enumerate(high, start=1):
        here, x_y = ground.of(number)
        rng = np.random.default_rng([seed, number])
        claim = scan(ground.events[here], ground.at_risk[here], x_y, dispersion=dispersion, rng=rng)
        if claim is not None:
            claims[number] = claim
        progress(done)
    if not claims:
        return {}
    adjusted = fdr.q_values(np.array([claim.p for claim in claims.values()]), floor=0.0)
    parts = {}
    for (number, claim), p in zip(claims.items(), adjusted.tolist(), strict=True):
        here, x_y = ground.of(number)
        agreed = found.part(x_y, number)
        part, events = here[agreed.cells], ground.events
        is_where = events[part].sum() >= LEAST_OF_IT * events[here].sum() and _same(here[claim.cells], part)
        if p <= ALPHA and agreed.share >= MOST_OF_THE_LOOKS and is_where:
            parts[number] = Part(number, part, replace(claim, p=p), agreed.share)
    return parts


def _same(one: Ints, other: Ints) -> bool:
    """Whether at least half of the cells of either are cells of both."""
    common = len(np.intersect1d(one, other))
    return common >= ensemble.HALF_IN_COMMON * len(np.union1d(one, other)) and common > 0
