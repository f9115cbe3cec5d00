"""Orienteering instances made by OPLib's published formulas, on towns generated from a seed.

OPLib's second generation (Fischetti, Salazar-González and Toth 1998; collected by Kobeaga, Merino and Lozano):
a town of a travelling salesman's problem with rounded Euclidean distances; stop i, counted from 1, is worth
1 + (7141 (i - 1) + 73) mod 100; the budget is half of the shortest tour through all stops, rounded up. Stop 1 is the
start. The towns are our own, in the three ways that TSPLIB's are made: evenly strewn, in clusters, near a grid.

What is written here is what `bench/orienteering_oracle.py` proved: the shortest tour, the most prize (without the
start's own), or where it could not prove the last, the least upper bound it reached.
"""

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Instance:
    """One town: how it is made, the length of its shortest tour, and the most prize, or a bound on it."""

    family: str
    stops: int
    shortest_tour: int
    most: int
    proven: bool

    @property
    def name(self):
        return f"{self.family}-{self.stops}"

    @property
    def budget(self):
        return math.ceil(self.shortest_tour / 2)

    def costs(self):
        xy = _points(self.family, self.stops).astype(float)
        return np.floor(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) + 0.5).astype(np.int64)

    def prizes(self):
        prizes = 1 + (7141 * np.arange(self.stops) + 73) % 100
        prizes[0] = (
            0  # the start's own is collected by every tour: leaving it out makes gaps larger, not smaller
        )
        return prizes


def _points(family, stops):
    dice = np.random.default_rng([1, stops])
    if family == "uniform":
        return dice.integers(0, 4000, (stops, 2))
    if family == "clusters":
        centres = dice.integers(0, 4000, (max(3, stops // 15), 2))
        chosen = centres[dice.integers(0, len(centres), stops)]
        around = dice.normal(0, 250, (stops, 2)).round().astype(int)
        return np.clip(chosen + around, 0, 4000)
    side = math.ceil(math.sqrt(stops * 1.3))
    cells = dice.choice(side * side, stops, replace=False)
    return np.column_stack((cells % side, cells // side)) * 100 + dice.integers(-10, 11, (stops, 2))


PROVEN = (
    ("clusters", 50, 15448, 1485),
    ("grid", 50, 5585, 1531),
    ("uniform", 50, 22938, 1464),
    ("clusters", 75, 15762, 2354),
    ("grid", 75, 7950, 2316),
    ("uniform", 75, 28384, 2557),
    ("clusters", 100, 17893, 3541),
    ("grid", 100, 10657, 3175),
    ("uniform", 100, 32381, 3281),
    ("uniform", 125, 34010, 4132),
)
"""Family, stops, shortest tour, most prize: both proven by the oracle."""


def instances():
    return [Instance(*row, proven=True) for row in PROVEN]
