"""Which stops to visit, and in what order, when there is not the time for all of them.

The orienteering problem: a closed tour from stop 0, at most `budget` long, that collects the most prize.
Two small generalisations make one solver serve towns and streets alike:

- `item`: stops of one item are ways of collecting the same prize, and it is collected once;
- `mirror`: the stop's twin walked the other way round. A stretch of street is one item with two stops,
  there and back; a place to visit is its own mirror.

The search is ours: ruin and recreate under a cooling acceptance rule, with 2-opt and or-opt to win back
length that another stop can use. PyVRP, asked for prizes instead of orders, gives it tours to start from.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyvrp
from numpy.typing import NDArray
from pyvrp.stop import MaxIterations

Tour = list[int]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LONGEST_MOVE = 3
"""Or-opt carries one, two or three neighbouring stops at a time, as Or (1976) did."""


PRICES = (2.0, 4.0)
"""What PyVRP is told a prize is worth, in average prices of a greedy tour."""
PASSED_OVER = (0.0, 0.1, 0.2, 0.4)
"""The share of unvisited stops that a round of recreating looks away from."""
BARRED = 0.3
"""How often a round looks away from all stops it has just taken out, too."""
LURED = 0.3
"""How often a round begins by going to one stop chosen blindly."""


class BadStops(ValueError):
    """Costs, prizes, items and mirrors do not describe one problem; the message says why."""


@dataclass(frozen=True, eq=False)
class Stops:
    """What there is to visit. n stops, stop 0 the start and the end of every tour.

    cost    (n, n) float64, length of going from stop i to stop j, finite and not negative. Walked backwards a
            tour is as long: cost[i, j] == cost[mirror[j], mirror[i]].
    prize   (n,) float64, not negative; the same for all stops of an item; stop 0's is never counted.
    budget  the longest a tour may be, in the unit of cost.
    item    (n,) int64, what a stop collects. Stop 0 is alone in its item.
    mirror  (n,) int64, an involution that keeps items; stop 0 is its own.
    """

    cost: Floats
    prize: Floats
    budget: float
    item: Ints
    mirror: Ints

    @classmethod
    def build(cls, cost: Any, prize: Any, budget: float, *, item: Any = None, mirror: Any = None) -> Stops:
        """Checked stops; without items and mirrors every stop is its own. Raises BadStops."""
        cost, prize = np.asarray(cost, np.float64), np.asarray(prize, np.float64)
        every = np.arange(len(prize))
        stops = cls(
            cost=cost,
            prize=prize,
            budget=float(budget),
            item=every if item is None else np.asarray(item, np.int64),
            mirror=every if mirror is None else np.asarray(mirror, np.int64),
        )
        stops.check()
        return stops

    def check(self) -> None:
        """Nothing, or BadStops with the first rule that is broken."""
        n = len(self.prize)
        if n == 0 or self.cost.shape != (n, n) or len(self.item) != n or len(self.mirror) != n:
            raise BadStops("cost is (n, n); prize, item and mirror are (n,); n is one or more")
        if not (np.all(np.isfinite(self.cost)) and np.all(self.cost >= 0) and np.all(self.prize >= 0)):
            raise BadStops("costs and prizes are finite and not negative")
        if not np.array_equal(self.mirror[self.mirror], np.arange(n)) or self.mirror[0] != 0:
            raise BadStops("a stop's mirror's mirror is the stop, and the start is its own")
        if np.any((self.item < 0) | (self.item >= n)):
            raise BadStops("items are numbered from 0, below n")
        if not np.array_equal(self.item[self.mirror], self.item) or np.sum(self.item == self.item[0]) != 1:
            raise BadStops("a stop and its mirror are one item, and the start is alone in its own")
        if not np.allclose(self.cost, self.cost[np.ix_(self.mirror, self.mirror)].T):
            raise BadStops("a tour walked backwards must be as long")

    def length(self, tour: Tour) -> float:
        """How long a closed tour is, in the unit of cost."""
        return float(sum(self.cost[a, b] for a, b in zip(tour, tour[1:] + tour[:1])))

    def collected(self, tour: Tour) -> float:
        """The prize a tour collects, each item once, the start's own left out."""
        first = {int(self.item[stop]): stop for stop in tour[1:]}
        return float(sum(self.prize[stop] for stop in first.values()))


@dataclass(frozen=True)
class ScoredTour:
    """The best tour the search came to."""

    tour: Tour
    prize: float
    length: float

    def or_better(self, other: ScoredTour) -> ScoredTour:
        """The one with more prize, or as much and shorter; this one when they are level."""
        return other if (other.prize, -other.length) > (self.prize, -self.length) else self


def search(
    stops: Stops,
    *,
    rng: np.random.Generator,
    iterations: int,
    seconds: float = math.inf,
    starts: Sequence[Tour] = (),
    heat: float = 0.02,
) -> ScoredTour:
    """A good tour: ruin and recreate, for `iterations` rounds in all.

    Each of `starts`, and the empty tour, is worked on in a chain of its own, since a tour seldom leaves the side
    of town where it began; the last chain goes on from the best. `seconds` is a guard for slow machines: where it
    does not bite, the answer depends on nothing but the stops, the starts and `rng`.
    """
    deadline = time.perf_counter() + seconds
    work = _Workbench(stops, rng)
    share = iterations // (len(starts) + 2) if starts else iterations
    best: ScoredTour | None = None
    for start in (*starts, [0]):
        tried = _chain(work, start, rounds=share, heat=heat, deadline=deadline)
        best = tried if best is None else best.or_better(tried)
    assert best is not None
    return best.or_better(_chain(work, best.tour, rounds=share, heat=heat / 2, deadline=deadline))


def _chain(work: _Workbench, start: Tour, *, rounds: int, heat: float, deadline: float) -> ScoredTour:
    """Rounds of ruin and recreate from one tour. A worse tour is accepted while it is worse by less than a share
    of the best prize that cools from `heat` to nothing (record-to-record travel, Dueck 1993)."""
    best = current = work.scored(work.improve(start))
    for done in range(1, rounds + 1):
        new = work.scored(work.improve(work.recreate(current.tour, work.ruin(current.tour))))
        best = best.or_better(new)
        if new.prize > best.prize * (1 - heat * (1 - done / rounds)) or current.or_better(new) is new:
            current = new
        if time.perf_counter() > deadline:
            break
    return best


class _Workbench:
    """The moves, with the tables they share."""

    def __init__(self, stops: Stops, rng: np.random.Generator) -> None:
        self.stops = stops
        self.rng = rng
        self.cost = stops.cost
        self.back = np.ascontiguousarray(stops.cost.T)
        self.prize = stops.prize
        self.n = len(stops.prize)
        worth = (stops.prize > 0) & (self.cost[0] + self.back[0] <= stops.budget)
        worth[0] = False
        self.worth = worth
        self.near = np.argsort(self.cost + self.back, axis=1)[:, :60]
        self.row = np.zeros((self.n, self.n))

    def scored(self, tour: Tour) -> ScoredTour:
        """A tour with its prize and length."""
        return ScoredTour(tour, self.stops.collected(tour), self.stops.length(tour))

    def improve(self, tour: Tour) -> Tour:
        """Fill, shorten, and fill again for as long as shortening makes room."""
        tour = self.fill(tour)
        while True:
            shorter = self.shorten(tour)
            if shorter is tour:
                return tour
            tour = self.fill(shorter)

    def recreate(self, whole: Tour, ruined: Tour) -> Tour:
        """The ruined tour filled again, so that other stops get a chance: some are passed over, or all that were
        just taken out, or the tour is first lured to one stop anywhere, whatever the way costs."""
        looks_away = self.rng.random(self.n) < self.rng.choice(PASSED_OVER)
        if self.rng.random() < BARRED:
            looks_away[self.stops.item[list(set(whole) - set(ruined))]] = True
        lure = self.rng.random() < LURED
        return self.fill(ruined, passed_over=looks_away[self.stops.item], lured=lure)

    def ruin(self, tour: Tour) -> Tour:
        """The tour without some stops that lie together: a run of it, or those around one place."""
        if len(tour) < 3:
            return tour[:1]
        most = max(2, min(len(tour) - 1, 30))
        count = (
            int(self.rng.integers(1, most + 1))
            if self.rng.random() < 0.3
            else int(self.rng.integers(1, 1 + max(2, most // 3)))
        )
        if self.rng.random() < 0.5:
            first = int(self.rng.integers(1, len(tour)))
            gone = set(tour[first : first + count])
        else:
            around = int(self.rng.integers(1, self.n))
            visited = set(tour[1:])
            gone = set([stop for stop in self.near[around].tolist() if stop in visited][:count])
        return [stop for stop in tour if stop not in gone]

    def fill(self, tour: Tour, *, passed_over: NDArray[np.bool_] | None = None, lured: bool = False) -> Tour:
        """Insert stops while any fits, by prize for length, with a little chance in every comparison."""
        cost, back, row = self.cost, self.back, self.row
        here = np.array(tour)
        after = np.roll(here, -1)
        legs = cost[here, after]
        slack = self.stops.budget - float(legs.sum()) + 1e-9
        open_ = self.worth.copy()
        open_[np.isin(self.stops.item, self.stops.item[here])] = False
        if passed_over is not None:
            open_ &= ~passed_over
        rows = cost[here] + back[after] - legs[:, None]
        row[here] = rows
        where = rows.argmin(axis=0)
        price = rows[where, np.arange(self.n)]
        before = here[where]
        following = dict(zip(tour, after.tolist()))
        members = list(tour)
        power = float(self.rng.choice((0.6, 1.0, 1.0, 1.5)))
        taste = self.prize**power * np.exp(self.rng.normal(0.0, 0.25, self.n))
        while True:
            fits = np.flatnonzero(open_ & (price <= slack))
            if len(fits) == 0:
                break
            if lured:
                new, lured = int(self.rng.choice(fits)), False
            else:
                new = int(fits[np.argmax(taste[fits] / (price[fits] + 1e-6))])
            a = int(before[new])
            b = following[a]
            slack -= float(price[new])
            following[a], following[new] = new, b
            members.append(new)
            open_[self.stops.item == self.stops.item[new]] = False
            row[a] = cost[a] + back[new] - cost[a, new]
            row[new] = cost[new] + back[b] - cost[new, b]
            orphans = np.flatnonzero(open_ & (before == a))
            for end in (a, new):
                closer = row[end] < price
                price[closer] = row[end][closer]
                before[closer] = end
            if len(orphans):
                everyone = np.array(members)
                offers = row[np.ix_(everyone, orphans)]
                pick = offers.argmin(axis=0)
                price[orphans] = offers[pick, np.arange(len(orphans))]
                before[orphans] = everyone[pick]
        filled = [0]
        while (stop := following[filled[-1]]) != 0:
            filled.append(stop)
        return filled

    def shorten(self, tour: Tour) -> Tour:
        """The same stops in a shorter order, or the very same tour when 2-opt and or-opt find none."""
        current = np.array(tour)
        changed = False
        while len(current) > 3:
            better = self._two_opt(current)
            if better is None:
                better = self._or_opt(current)
            if better is None:
                break
            current, changed = better, True
        return current.tolist() if changed else tour

    def _two_opt(self, tour: Ints) -> Ints | None:
        """Turn one run of the tour around, where that saves most."""
        mirror, cost = self.stops.mirror, self.cost
        after = np.roll(tour, -1)
        legs = cost[tour, after]
        delta = cost[tour[:, None], mirror[tour]] + cost[mirror[after][:, None], after] - legs[:, None] - legs
        delta[np.tril_indices(len(tour), 0)] = 0.0
        best = int(delta.argmin())
        i, j = divmod(best, len(tour))
        if delta[i, j] > -1e-7:
            return None
        return np.concatenate((tour[: i + 1], mirror[tour[i + 1 : j + 1][::-1]], tour[j + 1 :]))

    def _or_opt(self, tour: Ints) -> Ints | None:
        """Carry up to three neighbouring stops to where they fit better, turned around or not."""
        m, cost, mirror = len(tour), self.cost, self.stops.mirror
        after = np.roll(tour, -1)
        legs = cost[tour, after]
        best, move = -1e-7, None
        for size in range(1, min(LONGEST_MOVE, m - 2) + 1):
            first = np.arange(1, m - size + 1)
            head, tail = tour[first], tour[first + size - 1]
            left, right = tour[first - 1], tour[(first + size) % m]
            gain = cost[left, head] + cost[tail, right] - cost[left, right]
            for turned in (False, True):
                enter, leave = (mirror[tail], mirror[head]) if turned else (head, tail)
                delta = cost[tour[:, None], enter] + cost[leave, after[:, None]] - legs[:, None] - gain
                for k in range(-1, size):
                    delta[first + k, np.arange(len(first))] = 0.0
                at = int(delta.argmin())
                i, k = divmod(at, len(first))
                if delta[i, k] < best:
                    best, move = float(delta[i, k]), (i, int(first[k]), size, turned)
        if move is None:
            return None
        i, start, size, turned = move
        run = tour[start : start + size]
        run = mirror[run[::-1]] if turned else run
        rest = np.concatenate((tour[:start], tour[start + size :]))
        at = i + 1 if i < start else i + 1 - size
        return np.concatenate((rest[:at], run, rest[at:]))


def sketch(stops: Stops, *, seed: int, iterations: int = 300) -> list[Tour]:
    """Tours from PyVRP's prize-collecting search, to start from; none when no stop is worth a visit.

    PyVRP minimises length plus prizes missed, under the same budget, so the prizes must be put in units of
    length: too low and it stays at home, too high and no length is ever saved. `PRICES` times the average price
    of prize in a greedy tour is the range that works. A stop and its mirror become a group of which at most one
    is visited. PyVRP counts in whole numbers, so lengths are rounded up and the budget down.
    """
    greedy = _Workbench(stops, np.random.default_rng(seed)).fill([0])
    if len(greedy) == 1 or stops.length(greedy) <= 0:
        return []
    average = stops.length(greedy) / stops.collected(greedy)
    return [_pyvrp(stops, price * average, seed=seed, iterations=iterations) for price in PRICES]


def _pyvrp(stops: Stops, price: float, *, seed: int, iterations: int) -> Tour:
    whole = 1.0 if np.all(stops.cost == np.round(stops.cost)) else 10.0
    cost = np.ceil(stops.cost * whole - 1e-6).astype(np.int64)
    prizes = np.round(stops.prize * price * whole).astype(np.int64)
    reachable = np.flatnonzero((stops.prize > 0) & (stops.cost[0] + stops.cost[:, 0] <= stops.budget))
    keep = np.concatenate(([0], reachable[reachable > 0]))
    many = np.bincount(stops.item[keep], minlength=int(stops.item.max()) + 1) > 1
    group = {int(item): number for number, item in enumerate(np.flatnonzero(many))}
    members: list[list[int]] = [[] for _ in group]
    clients = []
    for client, stop in enumerate(keep[1:].tolist()):
        number = group.get(int(stops.item[stop]))
        if number is not None:
            members[number].append(client)
        clients.append(
            pyvrp.Client(location=client + 1, prize=int(prizes[stop]), required=False, group=number)
        )
    square = cost[np.ix_(keep, keep)]
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0)] * len(keep),
        clients=clients,
        depots=[pyvrp.Depot(location=0)],
        vehicle_types=[pyvrp.VehicleType(max_distance=int(stops.budget * whole))],
        distance_matrices=[square],
        duration_matrices=[np.zeros_like(square)],
        groups=[pyvrp.ClientGroup(clients, required=False) for clients in members],
    )
    best = pyvrp.solve(data, MaxIterations(iterations), seed=seed, collect_stats=False, display=False).best
    visits = [visit.idx for route in best.routes() for visit in route if visit.is_client()]
    return [0, *(int(keep[visit + 1]) for visit in visits)] if best.is_feasible() else [0]
