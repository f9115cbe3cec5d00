"""The last touch to a loop: part of it is forgotten, and the best way between its two ends is looked for again.

The search over stops sees one stretch at a time; on streets, going around the block is worth three at once. Here
the way from one corner to another is grown street by street, so that such a detour is seen whole.
"""

from __future__ import annotations

import heapq
import time
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np

from alongside.methods.routing.network import Floats, Ints, Stretches

Path = list[tuple[int, bool]]
"""Stretches in order, each with True where walked from its second end to its first."""

BEAM = 24
"""Ways kept at each step."""
LONGEST = 32
FORGOTTEN = 25
"""Stretches looked ahead, and stretches forgotten, at most."""
HEAT = 0.015
"""How much worse a loop may be and still be gone on from, at first, as a share of its reach."""

_Way = tuple[Any, int, bool]
_Label = tuple[float, int, float, float, int, _Way | None]
"""Score, node, metres, reach won, stretches met as bits, and the way here as (the way before, stretch, backwards)."""


@dataclass(frozen=True, eq=False)
class Corner:
    """One way on from a corner."""

    stretch: int
    backwards: bool
    there: int
    metres: float
    bit: int
    reach: float


class Polish:
    """Loops over one set of stretches.

    parts     the stretches
    end       (S, 2) their ends, numbered 0 to J - 1
    distance  (J, J) metres between ends by ways the loop may take
    budget    the longest a loop may be, in metres
    deadline  a guard for slow machines, by the performance counter
    """

    def __init__(
        self,
        parts: Stretches,
        end: Ints,
        distance: Floats,
        *,
        budget: float,
        rng: np.random.Generator,
        deadline: float,
    ) -> None:
        self.end = end.tolist()
        self.metres = parts.metres.tolist()
        self.reach = parts.reach.tolist()
        self.distance = distance
        self.budget = budget
        self.rng = rng
        self.deadline = deadline
        self.to: dict[int, list[float]] = {}
        self.ways: list[list[Corner]] = [[] for _ in range(len(distance))]
        for s, (a, b) in enumerate(self.end):
            bit = 1 << s if self.reach[s] > 0 else 0
            self.ways[a].append(Corner(s, False, b, self.metres[s], bit, self.reach[s]))
            if a != b:
                self.ways[b].append(Corner(s, True, a, self.metres[s], bit, self.reach[s]))

    def best_of(self, paths: list[Path], *, rounds: int) -> Path:
        """The best closed path that comes of several: half the rounds shared among them, half on the best."""
        share = rounds // (2 * len(paths))
        best = max((self.improve(path, rounds=share) for path in paths), key=self.worth)
        return self.improve(best, rounds=rounds // 2)

    def improve(self, path: Path, *, rounds: int) -> Path:
        """A closed path with at least as much reach, from so many looks at parts of it."""
        best = current = path
        best_worth = current_worth = self.worth(path)
        for done in range(rounds):
            if time.perf_counter() > self.deadline:
                break
            new = self._look_again(current, current_worth[0])
            worth = self.worth(new)
            if worth > best_worth:
                best, best_worth = new, worth
            if worth[0] >= best_worth[0] * (1 - HEAT * (1 - done / rounds)) or worth > current_worth:
                current, current_worth = new, worth
        return best

    def worth(self, path: Path) -> tuple[float, float]:
        """Reach, each stretch once, and then the fewer metres the better."""
        return sum(self.reach[s] for s in sorted({s for s, _ in path})), -self._length(path)

    def _length(self, path: Path) -> float:
        return float(sum(self.metres[s] for s, _ in path))

    def _look_again(self, path: Path, reach: float) -> Path:
        size = int(self.rng.integers(1, min(FORGOTTEN, len(path)) + 1))
        first = int(self.rng.integers(0, len(path) - size + 1))
        before, after = path[:first], path[first + size :]
        met = 0
        for s, _ in before + after:
            met |= 1 << s
        tail = self._from(path[first])
        head = self._from(path[first + size]) if after else self._from(path[0])
        price = reach / self.budget * float(self.rng.uniform(0.2, 1.1))
        way = self._best_way(tail, head, self.budget - self._length(before + after), met, price)
        return path if way is None else before + way + after or path

    def _from(self, step: tuple[int, bool]) -> int:
        stretch, backwards = step
        return int(self.end[stretch][int(backwards)])

    def _best_way(self, tail: int, head: int, room: float, met: int, price: float) -> Path | None:
        """From tail to head within `room` metres, the most reach beyond what is met already, then the shortest."""
        if head not in self.to:
            self.to[head] = self.distance[:, head].tolist()
        left = self.to[head]
        room += 1e-6
        best: _Label | None = (0.0, tail, 0.0, 0.0, met, None) if tail == head else None
        beam: list[_Label] = [(0.0, tail, 0.0, 0.0, met, None)]
        for _ in range(LONGEST):
            grown: dict[tuple[int, int], _Label] = {}
            for _score, node, metres, won, bits, way in beam:
                for on in self.ways[node]:
                    length = metres + on.metres
                    in_all = length + left[on.there]
                    if in_all > room:
                        continue
                    gain = won if bits & on.bit or not on.bit else won + on.reach
                    key = (on.there, bits | on.bit)
                    known = grown.get(key)
                    if known is None or length < known[2]:
                        score = gain - price * in_all
                        grown[key] = (score, on.there, length, gain, key[1], (way, on.stretch, on.backwards))
            for label in grown.values():
                if label[1] == head and (best is None or (label[3], -label[2]) > (best[3], -best[2])):
                    best = label
            beam = heapq.nlargest(BEAM, grown.values(), key=itemgetter(0))
        return None if best is None else _unwound(best[5])


def _unwound(way: _Way | None) -> Path:
    steps: Path = []
    while way is not None:
        steps.append((way[1], way[2]))
        way = way[0]
    return steps[::-1]
