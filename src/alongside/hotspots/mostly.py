"""Where contact is mostly enforcement: how much of all involvement is, and where it is more than elsewhere.

It can be asked only where both layers are of one involvement, such as incidents that say whether somebody was arrested:
then an incident is a trial and an arrest a case, and how many people live or pass somewhere cancels out. Two files that
count different things cannot be divided by each other.

One scan of the whole city (`methods.spatial.scan.bernoulli_scan`), on cells coarse enough for every circle to be tried;
the part that stands out most, with one p.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from alongside.hotspots.relative import FEWEST_MONTHS, UNDATED_DISPERSION
from alongside.methods.ground import Frame
from alongside.methods.spatial import cells as hexes
from alongside.methods.spatial.scan import bernoulli_scan

Ints = NDArray[np.int64]

MOST_CELLS = 1_500  # circles are tried around each, up to half of the city
FINEST = 8
MOST_OF_IT = 0.5


@dataclass(frozen=True)
class Mostly:
    """The ground on which most of the involvement is enforcement, beside the rest.

    events, enforced  inside it; share: enforced / events; elsewhere: the same of the rest
    p                 of the part as a whole
    neighborhoods     numbers of those that have most of their events in it
    cells             its cells, coarse ones
    """

    events: int
    enforced: int
    share: float
    elsewhere: float
    p: float
    neighborhoods: list[int]
    cells: NDArray[np.uint64]


def is_one_involvement(investigation: Ints, enforcement: Ints, either: Ints) -> bool:
    """Whether every enforcement is one of the incidents that were investigated, and some are not enforcement."""
    return bool(enforcement.any() and (either == investigation).all() and (enforcement < either).any())


def scan(
    place: NDArray[np.uint64],
    enforcement: Ints,
    either: Ints,
    neighborhood: Ints,
    *,
    dispersion: float,
    seed: int,
) -> Mostly | None:
    """place, enforcement, either, neighborhood: (m,) fine places; −1 for ground without a name. None: nowhere more."""
    cells, at = _coarse(place)
    cases = np.bincount(at, enforcement, minlength=len(cells)).astype(np.int64)
    trials = np.bincount(at, either, minlength=len(cells)).astype(np.int64)
    centres = hexes.centres_of(cells)
    frame = Frame.of(shapely.multipoints(np.ascontiguousarray(centres[:, ::-1])))
    rng = np.random.default_rng(seed)
    found = bernoulli_scan(
        cases, trials, frame.xy(centres[:, 0], centres[:, 1]), dispersion=dispersion, rng=rng
    )
    if found is None:
        return None
    inside = np.zeros(len(cells), np.bool_)
    inside[found.cells] = True
    events, enforced = int(trials[inside].sum()), int(cases[inside].sum())
    return Mostly(
        events,
        enforced,
        enforced / events,
        float(cases[~inside].sum() / max(trials[~inside].sum(), 1)),
        found.p,
        _most_inside(neighborhood, either, inside[at]),
        cells[inside],
    )


def dispersion_of(
    place: NDArray[np.uint64], month: Ints, month_place: Ints, enforced: NDArray[np.bool_], months: int
) -> float:
    """How much more the share of enforcement varies from month to month than dealing alone would make it, at least 1.

    month, month_place, enforced  (e,) of each incident; the stated dispersion where there are too few months

    Pearson's: Σ (y − n·p)² / (n·p·(1 − p)) over its degrees of freedom, y of n in each cell and month, p the cell's.
    """
    if months < FEWEST_MONTHS or not len(month):
        return UNDATED_DISPERSION
    cells, at = _coarse(place)
    both = month * len(cells) + at[month_place]
    size = months * len(cells)
    trials = np.bincount(both, minlength=size).reshape(months, -1).astype(np.float64)
    cases = np.bincount(both[enforced], minlength=size).reshape(months, -1).astype(np.float64)
    whole = trials.sum(axis=0)
    share = np.divide(cases.sum(axis=0), whole, out=np.zeros(len(cells)), where=whole > 0)
    mixed = (share > 0) & (share < 1)
    n, y, p = trials[:, mixed], cases[:, mixed], share[mixed]
    there = n > 0
    spare = int(there.sum()) - int(mixed.sum())
    if spare < 1:
        return UNDATED_DISPERSION
    off = np.divide((y - n * p) ** 2, n * p * (1 - p), out=np.zeros_like(n), where=there)
    return max(1.0, float(off.sum()) / spare)


def _coarse(place: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], Ints]:
    """The cells in which places lie, and the cell of each: the finest of which there are not too many."""
    for resolution in range(FINEST, -1, -1):
        cells, at = np.unique(hexes.parents_of(place, resolution), return_inverse=True)
        if len(cells) <= MOST_CELLS:
            break
    return cells, at.astype(np.int64)


def _most_inside(neighborhood: Ints, events: Ints, inside: NDArray[np.bool_]) -> list[int]:
    named = neighborhood >= 0
    if not named.any():
        return []
    whole = np.bincount(neighborhood[named], events[named])
    there = np.bincount(neighborhood[named], (events * inside)[named], minlength=len(whole))
    return np.flatnonzero((there > MOST_OF_IT * whole) & (whole > 0)).tolist()
