"""Where a city without boundaries ends: taken from where its events lie.

1. Coarse cells of about 5 km² that hold at least two events; one is enough where there are fewer than 50 events in all.
2. Those within two steps of one another are one group. The largest group is the city; another one belongs to it if it
   has a twentieth of all events in groups.
3. A lone event in a cell next to one of them is at the edge of town, and its cell belongs to it, too.
4. So does an empty cell all around which the city lies: a lake, a park. Other empty cells do not: with fields around it
   all of a town would look busy.

A lone far point is a slip of the keyboard, not a part of town.
"""

from __future__ import annotations

import h3.api.basic_int as h3
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from alongside.methods.ground import metres_between

from .arrays import Cells, Floats
from .cells import centres_of, outlines, parents_of

RESOLUTION = 7
SECOND_TOWN = 0.05
FEW = 50
SOME, FARTHEST_KM = 5, 100.0
SLIT_DEGREES = 1e-7  # neighbouring cells share an edge only to the last digits


def extent_of(cells: Cells, events: Floats) -> Cells:
    """(k,) the coarse cells of a city whose events lie in these finer ones, sorted; none where there is no event.

    cells, events  (n,) cells of any resolution from 7 up, and how many events are in each
    """
    if not len(cells):
        return np.zeros(0, dtype=np.uint64)
    coarse, place = np.unique(parents_of(cells, RESOLUTION), return_inverse=True)
    counts = np.bincount(place, weights=events)
    least = 1 if counts.sum() < FEW else 2  # rule 1
    busy = {int(cell): float(count) for cell, count in zip(coarse, counts, strict=True) if count >= least}
    total = sum(busy.values())
    kept = [
        group
        for at, group in enumerate(_groups(busy))
        if at == 0 or sum(busy[cell] for cell in group) >= SECOND_TOWN * total  # rule 2
    ]
    town = {cell for group in kept for cell in group}
    edge = {near for cell in town for near in h3.grid_disk(cell, 1)} - town
    town |= edge & set(coarse.tolist())  # rule 3
    town |= {cell for cell in edge if town.issuperset(set(h3.grid_disk(cell, 1)) - {cell})}  # rule 4
    return np.array(sorted(town), dtype=np.uint64)


def cut_off(cells: Cells, events: Floats, extent: Cells) -> list[tuple[float, float]]:
    """Groups of coarse cells that rule 2 leaves out of this extent: events and kilometers to it, the largest first.

    A part of town across water may be one; what lies farther than `FARTHEST_KM` is of another place, and fewer events
    than `SOME` are slips.
    """
    coarse, place = np.unique(parents_of(cells, RESOLUTION), return_inverse=True)
    counts = np.bincount(place, weights=events)
    outside = {
        int(cell): float(count) for cell, count in zip(coarse, counts, strict=True) if cell not in extent
    }
    groups = [(sum(outside[cell] for cell in group), group) for group in _groups(outside)]
    found = [(number, _km_between(group, extent)) for number, group in groups if number >= SOME]
    return [(number, km) for number, km in found if km <= FARTHEST_KM]


def _km_between(group: list[int], extent: Cells) -> float:
    here, there = centres_of(np.array(group, np.uint64)), centres_of(extent)
    one, other = np.repeat(here, len(there), axis=0), np.tile(there, (len(here), 1))
    return float(np.min(metres_between(one[:, 0], one[:, 1], other[:, 0], other[:, 1]))) / 1000


def outline_of(extent: Cells) -> BaseGeometry | None:
    """The shape of these cells in WGS 84; None where there are none."""
    if not len(extent):
        return None
    return shapely.union_all(shapely.buffer(outlines(extent), SLIT_DEGREES))


def _groups(busy: dict[int, float]) -> list[list[int]]:
    """Cells within two steps of one another, joined; the group with most events first."""
    left = set(busy)
    groups = []
    for start in sorted(busy):
        if start not in left:
            continue
        left.discard(start)
        group, edge = [start], [start]
        while edge:
            for near in h3.grid_disk(edge.pop(), 2):
                if near in left:
                    left.discard(near)
                    group.append(near)
                    edge.append(near)
        groups.append(group)
    return sorted(groups, key=lambda group: (-sum(busy[cell] for cell in group), group[0]))
