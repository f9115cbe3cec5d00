"""What no loop can beat: the most that any closed walk of a length could meet, by a linear program over the streets.

A walk is described by how often it takes each edge, which corners it visits and what it meets; every walk satisfies
the rows below, and so do many mixtures that nobody could walk. Hence the most that any mixture meets is a bound.
The program is solved, its worst mixture is cut off, and it is solved again; each time the bound comes down.

Method: the cuts are those of Fischetti, Salazar-González and Toth (1998) for the orienteering problem, on streets.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
import scipy  # loads each part when it is first used: most processes never compute

from alongside.methods.routing import network
from alongside.methods.routing.network import AreaStreets, Bools, Floats, Ints

ROUNDS = 30
"""How often the worst mixture is cut off, at most. An hour's walk takes a second for all of them."""
PATIENCE = 4
WORTH_IT = 2e-4
"""It ends sooner, where so many rounds brought the bound down by a smaller share of it than this."""
SECONDS = 4.0
CAPACITY = 10_000
"""Flows are counted in whole numbers: so many to one walk along an edge."""
CLEARLY = 0.005
"""A corner is cut off where at least this much of a visit is missing; below it, rounding could be the reason."""
ROOM_M = 1e-5
"""Lengths are added up in another order than the search does."""


def most_reach(
    streets: AreaStreets,
    walkable: Bools,
    home: int,
    budget: float,
    *,
    rounds: int = ROUNDS,
    seconds: float = SECONDS,
) -> float:
    """No closed walk from `home` along `walkable` edges, at most `budget` metres long, meets more than this.

    walkable (E,); home a graph node. In residents, places counted by their worth, as `AreaStreets.covered` counts.
    Any number of rounds gives a valid bound; more rounds a closer one. `seconds` is a guard for slow machines.
    """
    began = time.perf_counter()
    program = _Program.of(streets, walkable, home, budget + ROOM_M)
    bounds: list[float] = []
    while len(bounds) < rounds and time.perf_counter() - began < seconds:
        solved = program.solve()
        bounds.append(min([solved.bound, *bounds[-1:]]))
        if not program.cut(solved) or _stands_still(bounds):
            break
    return bounds[-1] if bounds else program.everything()


def _stands_still(bounds: list[float]) -> bool:
    return len(bounds) > PATIENCE and bounds[-1 - PATIENCE] - bounds[-1] < WORTH_IT * bounds[-1]


@dataclass(frozen=True, eq=False)
class _Solved:
    """One solution: the bound that its prices prove, how often each edge is taken, how much each corner visited."""

    bound: float
    times: Floats
    visited: Floats


@dataclass(eq=False)
class _Program:
    """Columns: `times` (K,) each edge is taken, 0 to 2; `visited` (N,), `walked` (K,) and `met` (T,), 0 to 1.

    Taken more than twice, two times could be left out of any walk. The rows, each with its reason:

    - all edges together are no longer than the budget;
    - an edge is walked only where it is taken, and both its ends are visited;
    - whoever visits a corner other than home comes and leaves, by the edges that lead there;
    - a street with sidewalks, and a place, is met by what of its ways is walked;
    - whoever visits a corner of a part of town away from home comes into that part and leaves it (added as cuts).

    u, v (K,) ends of the edges as 0 to N - 1; worth (columns,) what a whole of each column is worth.
    """

    u: Ints
    v: Ints
    home: int
    nodes: int
    worth: Floats
    most: Floats
    rows: list[tuple[Ints, Floats, float]] = field(default_factory=list)

    @classmethod
    def of(cls, streets: AreaStreets, walkable: Bools, home: int, budget: float) -> _Program:
        graph = streets.graph
        edges = np.flatnonzero(walkable)
        k = len(edges)
        corners, flat = np.unique(
            np.concatenate((graph.edge_u[edges], graph.edge_v[edges], [home])), return_inverse=True
        )
        n = len(corners)
        alone, met = _what_is_met(streets, edges)
        program = cls(
            u=flat[:k],
            v=flat[k : 2 * k],
            home=int(flat[-1]),
            nodes=n,
            worth=np.concatenate((np.zeros(k + n), alone, [thing.worth for thing in met])),
            most=np.concatenate((np.full(k, 2.0), np.ones(n + k + len(met)))),
        )
        program._row(np.arange(k), graph.edge_m[edges].astype(np.float64), budget)
        wanted = np.unique(np.concatenate((np.flatnonzero(alone), *(thing.by for thing in met))))
        for e in wanted.astype(np.int64).tolist():
            for cap in (e, k + program.u[e], k + program.v[e]):
                program._row(np.array([k + n + e, cap]), np.array([1.0, -1.0]), 0.0)
        for number, thing in enumerate(met):
            columns = np.concatenate(([2 * k + n + number], k + n + thing.by))
            program._row(columns, np.concatenate(([1.0], -thing.share)), 0.0)
        for corner in range(n):
            if corner != program.home:
                program._comes_and_leaves(corner, np.arange(n) == corner)
        return program

    def _row(self, columns: Ints, factors: Floats, most: float) -> None:
        """One rule: these columns, each times its factor, come to `most` at the most."""
        self.rows.append((columns, factors, most))

    def _comes_and_leaves(self, corner: int, part: Bools) -> None:
        """Visiting a corner of a part of town without home crosses the part's border twice."""
        border = np.flatnonzero(part[self.u] != part[self.v])
        self._row(np.append(border, len(self.u) + corner), np.append(-np.ones(len(border)), 2.0), 0.0)

    def everything(self) -> float:
        """All there is to meet: the bound before anything is asked."""
        return float(self.worth @ self.most)

    def solve(self) -> _Solved:
        """The best mixture; its bound is computed anew from the prices, which prove it whatever the solver rounds."""
        lengths = [len(columns) for columns, _factors, _most in self.rows]
        matrix = scipy.sparse.csr_array(
            (
                np.concatenate([factors for _columns, factors, _most in self.rows]),
                (
                    np.repeat(np.arange(len(self.rows)), lengths),
                    np.concatenate([columns for columns, _factors, _most in self.rows]),
                ),
            ),
            shape=(len(self.rows), len(self.worth)),
        )
        limits = np.array([most for _columns, _factors, most in self.rows])
        found = scipy.optimize.linprog(
            -self.worth,
            A_ub=matrix,
            b_ub=limits,
            bounds=np.column_stack((np.zeros(len(self.most)), self.most)),
        )
        if found.x is None:  # the solver gave up: everything that could be met at all is a bound, too
            return _Solved(self.everything(), np.zeros(len(self.u)), np.zeros(self.nodes))
        prices = np.maximum(0.0, -found.ineqlin.marginals)
        left = np.maximum(0.0, self.worth - matrix.T @ prices)
        k = len(self.u)
        return _Solved(float(prices @ limits + left @ self.most), found.x[:k], found.x[k : k + self.nodes])

    def cut(self, solved: _Solved) -> int:
        """Add a row for each part of town that is visited more than it is come to; how many there are.

        By the theorem of flows and cuts: the least border between home and a corner is what can flow there.
        """
        flows = self._capacities(solved.times)
        parts = scipy.sparse.csgraph.connected_components(flows, directed=False)[1]
        seen = np.zeros(self.nodes, bool)
        seen[self.home] = True
        added = 0
        for corner in np.argsort(-solved.visited, kind="stable").tolist():
            if solved.visited[corner] < CLEARLY:
                break
            if seen[corner]:
                continue
            part = parts == parts[corner]
            if part[self.home]:
                flow = scipy.sparse.csgraph.maximum_flow(flows, self.home, corner)
                if flow.flow_value >= 2 * CAPACITY * (solved.visited[corner] - CLEARLY):
                    continue
                part = ~_reached(flows - flow.flow, self.home)
            self._comes_and_leaves(corner, part)
            seen |= part
            added += 1
        return added

    def _capacities(self, times: Floats) -> scipy.sparse.csr_array:
        """(N, N) whole numbers: how much can flow between neighboring corners, either way."""
        taken = np.round(times * CAPACITY).astype(np.int32)
        on = (taken > 0) & (self.u != self.v)
        ends = np.concatenate((self.u[on], self.v[on])), np.concatenate((self.v[on], self.u[on]))
        matrix = scipy.sparse.csr_array((np.tile(taken[on], 2), ends), shape=(self.nodes, self.nodes))
        matrix.sum_duplicates()
        return matrix


def _reached(left: scipy.sparse.csr_array, home: int) -> Bools:
    """(N,) corners that more could flow to."""
    left.data = np.maximum(left.data, 0)
    left.eliminate_zeros()
    reached = np.zeros(left.shape[0], bool)
    reached[scipy.sparse.csgraph.breadth_first_order(left, home, return_predecessors=False)] = True
    return reached


@dataclass(frozen=True, eq=False)
class _Thing:
    """A street with sidewalks, or a place: its worth; the edges it is met by, and how much of it each alone meets."""

    worth: float
    by: Ints
    share: Floats


def _what_is_met(streets: AreaStreets, edges: Ints) -> tuple[Floats, list[_Thing]]:
    """(K,) residents met by an edge alone; and what is met by any of several, by positions in `edges`."""
    graph = streets.graph
    at = np.full(graph.edges, -1, np.int64)
    at[edges] = np.arange(len(edges))
    along: dict[int, list[int]] = {}
    for position, street in enumerate(streets.beside[edges].tolist()):
        if street >= 0:
            along.setdefault(street, []).append(position)
    alone = np.zeros(len(edges))
    met = []
    for e in np.flatnonzero(streets.inside & (streets.reach > 0)).tolist():
        beside = np.array(along.get(e, []), np.int64)
        if len(beside):
            length = network.SHARE_BESIDE * float(graph.edge_m[e])
            itself = at[[e]][at[[e]] >= 0]
            share = np.minimum(1.0, graph.edge_m[edges[beside]].astype(np.float64) / length)
            by = np.concatenate((itself, beside))
            met.append(_Thing(float(streets.reach[e]), by, np.concatenate((np.ones(len(itself)), share))))
        elif at[e] >= 0:
            alone[at[e]] = streets.reach[e]
    for place in np.flatnonzero(streets.place_in & (streets.place_reach > 0)).tolist():
        by = at[streets.place_edges[place]]
        by = by[by >= 0]
        if len(by):
            met.append(_Thing(float(streets.place_reach[place]), by, np.ones(len(by))))
    return alone, met
