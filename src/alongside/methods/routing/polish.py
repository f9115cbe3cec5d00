"""The last touch to a tour: part of it is forgotten, and the best way between its two ends is looked for again.

The search over stops sees one stop at a time; on streets, going around the block is worth three at once. Here the
way from one point to another is grown step by step, so that such a detour is seen whole. The same touch serves
streets, where a step follows a stretch from corner to corner, and stops, where a step goes from one to a near one.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Any

import numpy as np

from alongside.methods.routing.network import Floats, Ints, Stretches
from alongside.methods.routing.orienteering import ScoredTour, Stops, search, sketch

BEAM = 24
"""Ways kept at each step."""
LONGEST = 32
FORGOTTEN = 25
"""Steps looked ahead, and steps forgotten, at most."""
HEAT = 0.015
"""How much worse a tour may be and still be gone on from, at first, as a share of its reach."""
NEAR = 8
"""From a stop, steps go to so many of the nearest others."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step on: where it leads, how long it is, and what it meets, as a bit and as reach.

    `what` is the stretch walked, with True where backwards; or the stop gone to, with False.
    """

    what: tuple[int, bool]
    there: int
    length: float
    bit: int
    reach: float


Path = list[Step]
"""Steps in order, the last one leading to where the first sets out."""
_Way = tuple[Any, Step]
_Label = tuple[float, int, float, float, int, _Way | None]
"""Score, point, length, reach won, what is met as bits, and the way here as (the way before, step)."""


def steps_along(parts: Stretches, end: Ints) -> list[list[Step]]:
    """From each of J corners, the steps along its stretches; end (S, 2) is theirs, as 0 to J - 1."""
    steps: list[list[Step]] = [[] for _ in range(int(end.max()) + 1)]
    for s, (a, b) in enumerate(end.tolist()):
        reach = float(parts.reach[s])
        bit = 1 << s if reach > 0 else 0
        for here, there, backwards in ((a, b, False), (b, a, True)):
            steps[here].append(Step((s, backwards), there, float(parts.metres[s]), bit, reach))
    return steps


def steps_between(stops: Stops, near: int = NEAR) -> list[list[Step]]:
    """From each stop, the steps to the nearest others with a prize."""
    steps: list[list[Step]] = []
    for here in range(len(stops.prize)):
        order = np.argsort(stops.cost[here], kind="stable")
        others = order[(stops.item[order] != stops.item[here]) & (stops.prize[order] > 0) & (order > 0)]
        steps.append([step_to(stops, here, int(there)) for there in others[:near]])
    return steps


def step_to(stops: Stops, here: int, there: int) -> Step:
    """The step from one stop to another; going home meets nobody."""
    bit = 1 << int(stops.item[there]) if there else 0
    prize = float(stops.prize[there]) if there else 0.0
    return Step((there, False), there, float(stops.cost[here, there]), bit, prize)


def best_tour(stops: Stops, *, seed: int, rounds: int, seconds: float) -> ScoredTour:
    """The best tour that sketching, searching and polishing come to.

    The sketches and each of two searches get a quarter of the rounds, since they only have to begin on different
    sides of town; the polish, which is five times as quick, gets twice the rounds. One long search and a short polish
    take as long and stay where the search got stuck.

    `seconds` is a guard: half of it for the searches, the rest for the polish. Where it does not bite, the answer
    depends on the stops, the seed and the rounds alone.
    """
    began = time.perf_counter()
    rng = np.random.default_rng(seed)
    tours = sketch(stops, seed=seed, iterations=rounds // 4)
    found = []
    for share in (1 / 4, 1 / 2):
        left = seconds * share - (time.perf_counter() - began)
        found.append(search(stops, rng=rng, iterations=rounds // 4, seconds=left))
    searched = found[0].or_better(found[1])
    tours = [tour for tour in (found[0].tour, found[1].tour, *tours) if len(tour) > 1]
    if not tours:
        return searched
    polish = Polish(
        steps_between(stops), stops.cost, budget=stops.budget, rng=rng, deadline=began + seconds, stops=stops
    )
    paths = [[step_to(stops, a, b) for a, b in pairwise([*tour, 0])] for tour in tours]
    tour = [0, *(step.there for step in polish.best_of(paths, rounds=2 * rounds)[:-1])]
    return searched.or_better(ScoredTour(tour, stops.collected(tour), stops.length(tour)))


class Polish:
    """Closed paths over one set of steps.

    steps     for each of J points, the steps on from it
    distance  (J, J) length between points, no longer than steps can go
    budget    the longest a path may be
    deadline  a guard for slow machines, by the performance counter
    stops     where steps go between stops: any stop can be stepped to at once, and none is worth a second visit
    """

    def __init__(
        self,
        steps: list[list[Step]],
        distance: Floats,
        *,
        budget: float,
        rng: np.random.Generator,
        deadline: float,
        stops: Stops | None = None,
    ) -> None:
        self.steps = steps
        self.distance = distance
        self.budget = budget
        self.rng = rng
        self.deadline = deadline
        self.stops = stops
        self.to: dict[int, list[float]] = {}
        self.last: dict[int, list[Step]] = {}

    def best_of(self, paths: Sequence[Path], *, rounds: int) -> Path:
        """The best path that comes of several: half the rounds shared among them, half on the best."""
        share = rounds // (2 * len(paths))
        best = max((self.improve(path, rounds=share) for path in paths), key=worth)
        return self.improve(best, rounds=rounds // 2)

    def improve(self, path: Path, *, rounds: int) -> Path:
        """A closed path with at least as much reach, from so many looks at parts of it."""
        best = current = path
        best_worth = current_worth = worth(path)
        for done in range(rounds):
            if time.perf_counter() > self.deadline:
                break
            new = self._look_again(current, current_worth[0])
            new_worth = worth(new)
            if new_worth > best_worth:
                best, best_worth = new, new_worth
            if new_worth[0] >= best_worth[0] * (1 - HEAT * (1 - done / rounds)) or new_worth > current_worth:
                current, current_worth = new, new_worth
        return best

    def _look_again(self, path: Path, reach: float) -> Path:
        size = int(self.rng.integers(1, min(FORGOTTEN, len(path)) + 1))
        first = int(self.rng.integers(0, len(path) - size + 1))
        before, after = path[:first], path[first + size :]
        met, length = 0, 0.0
        for step in before + after:
            met |= step.bit
            length += step.length
        tail, head = path[first - 1].there, path[first + size - 1].there
        price = reach / self.budget * float(self.rng.uniform(0.2, 1.1))
        way = self._best_way(tail, head, self.budget - length, met, price)
        return path if way is None else before + way + after or path

    def _best_way(self, tail: int, head: int, room: float, met: int, price: float) -> Path | None:
        """From tail to head within `room`, the most reach beyond what is met already, then the shortest."""
        left = self._left_to(head)
        room += 1e-6
        best: _Label | None = (0.0, tail, 0.0, 0.0, met, None) if tail == head else None
        beam: list[_Label] = [(0.0, tail, 0.0, 0.0, met, None)]
        for _ in range(LONGEST):
            grown: dict[tuple[int, int], _Label] = {}
            for _score, point, so_far, won, bits, way in beam:
                for step in self._from(point, head):
                    if bits & step.bit and self.stops is not None:
                        continue
                    length = so_far + step.length
                    in_all = length + left[step.there]
                    if in_all > room:
                        continue
                    gain = won if bits & step.bit else won + step.reach
                    key = (step.there, bits | step.bit)
                    known = grown.get(key)
                    if known is None or length < known[2]:
                        grown[key] = (gain - price * in_all, step.there, length, gain, key[1], (way, step))
            for label in grown.values():
                if label[1] == head and (best is None or (label[3], -label[2]) > (best[3], -best[2])):
                    best = label
            beam = heapq.nlargest(BEAM, grown.values(), key=itemgetter(0))
        return None if best is None else _unwound(best[5])

    def _left_to(self, head: int) -> list[float]:
        if head not in self.to:
            self.to[head] = self.distance[:, head].tolist()
        return self.to[head]

    def _from(self, point: int, head: int) -> list[Step]:
        """The steps on from a point; among stops, the one that ends the way is always one of them."""
        if self.stops is None:
            return self.steps[point]
        if head not in self.last:
            self.last[head] = [step_to(self.stops, stop, head) for stop in range(len(self.steps))]
        near = self.steps[point]
        return near if any(step.there == head for step in near) else [*near, self.last[head][point]]


def worth(path: Path) -> tuple[float, float]:
    """Reach, each thing met once, and then the shorter the better."""
    met = {step.bit: step.reach for step in path}
    return sum(met[bit] for bit in sorted(met)), -sum(step.length for step in path)


def _unwound(way: _Way | None) -> Path:
    path: Path = []
    while way is not None:
        way, step = way
        path.append(step)
    return path[::-1]
