"""A slow, exact answer to the orienteering problem: branch-and-cut on HiGHS, for instances small enough to prove.

The model is Fischetti, Salazar-González and Toth (1998): x for edges, y for stops, degree two at each stop,
one budget, and a generalised subtour cut x(δ(S)) ≥ 2 y_i for every set S without the start, added when broken.
The same cuts with every y fixed at one give the travelling salesman's tour.

    python bench/orienteering_oracle.py grid 75

proves one instance of `orienteering_instances`: seconds for 50 stops, minutes for 100, an hour or more beyond 125.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import LinearConstraint, linprog, milp
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow


@dataclass
class Proof:
    """The best tour found, its value, and the least upper bound shown: equal means proven."""

    value: int
    bound: float
    tour: list[int]
    seconds: float

    @property
    def proven(self) -> bool:
        return abs(self.bound - self.value) < 1 - 1e-6


class _Model:
    """Rows and columns of the relaxation; columns are the edges that could still matter, then the stops."""

    def __init__(self, cost, prize, budget, *, all_stops):
        self.cost, self.prize, self.budget, self.all_stops = cost, prize, budget, all_stops
        self.n = len(prize)
        self.i, self.j = np.triu_indices(self.n, 1)
        self.cuts: set[tuple[frozenset[int], int]] = set()

    def keep(self, columns):
        self.i, self.j = self.i[columns], self.j[columns]

    @property
    def objective(self):
        lengths = self.cost[self.i, self.j].astype(float)
        if self.all_stops:
            return np.r_[lengths, np.zeros(self.n)]
        return np.r_[np.zeros(len(self.i)), -self.prize.astype(float)]

    def equalities(self):
        edges = np.arange(len(self.i))
        rows = np.r_[self.i, self.j, np.arange(self.n)]
        columns = np.r_[edges, edges, len(edges) + np.arange(self.n)]
        values = np.r_[np.ones(2 * len(edges)), np.full(self.n, -2.0)]
        return sparse.csr_array((values, (rows, columns)), shape=(self.n, len(edges) + self.n)), np.zeros(
            self.n
        )

    def inequalities(self):
        e = len(self.i)
        rows, columns, values, limits = [], [], [], []
        if not self.all_stops:
            rows += [0] * e
            columns += range(e)
            values += list(self.cost[self.i, self.j])
            limits.append(self.budget)
        for inside, stop in self.cuts:
            member = np.zeros(self.n, bool)
            member[list(inside)] = True
            across = np.flatnonzero(member[self.i] != member[self.j])
            rows += [len(limits)] * (len(across) + 1)
            columns += [*across, e + stop]
            values += [-1.0] * len(across) + [2.0]
            limits.append(0.0)
        shape = (len(limits), e + self.n)
        return sparse.csr_array((values, (rows, columns)), shape=shape), np.array(limits, float)

    def bounds(self):
        low = np.zeros(len(self.i) + self.n)
        low[len(self.i)] = 1.0
        if self.all_stops:
            low[len(self.i) :] = 1.0
        return low, np.ones_like(low)

    def add_broken(self, solution, *, exact):
        """The subtour cuts that this solution breaks; True when there was one."""
        before = len(self.cuts)
        e = len(self.i)
        x, y = solution[:e], solution[e:]
        used = x > 1e-7
        graph = sparse.csr_array((x[used], (self.i[used], self.j[used])), shape=(self.n, self.n))
        graph = graph + graph.T
        count, label = connected_components(graph, directed=False)
        for component in range(count):
            members = np.flatnonzero(label == component)
            if 0 not in members:
                for stop in members[np.argsort(-y[members])][:3]:
                    if y[stop] > 1e-6:
                        self.cuts.add((frozenset(members.tolist()), int(stop)))
        if exact and len(self.cuts) == before:
            self._add_by_flow(graph, y)
        return len(self.cuts) > before

    def _add_by_flow(self, graph, y):
        scale = 1_000_000
        whole = np.round(graph.data * scale).astype(np.int32)
        capacity = sparse.csr_array((whole, graph.indices, graph.indptr), shape=graph.shape)
        seen: set[int] = set()
        for stop in np.argsort(-y):
            if stop == 0 or y[stop] < 1e-4 or int(stop) in seen:
                continue
            flow = maximum_flow(capacity, int(stop), 0)
            if flow.flow_value >= (2 * y[stop] - 1e-3) * scale:
                continue
            left = capacity - flow.flow
            left = sparse.csr_array(
                (left.data * (left.data > 0), left.indices, left.indptr), shape=left.shape
            )
            left.eliminate_zeros()
            inside = set(_reachable(left, int(stop)))
            self.cuts.add((frozenset(inside), int(stop)))
            seen |= inside


def _reachable(graph, start):
    return breadth_first_order(graph, start, return_predecessors=False).tolist()


def _relax(model, deadline):
    """The cutting-plane relaxation, until no cut is broken."""
    while True:
        a_eq, b_eq = model.equalities()
        a_ub, b_ub = model.inequalities()
        low, high = model.bounds()
        has = {"A_ub": a_ub, "b_ub": b_ub} if len(b_ub) else {}
        answer = linprog(
            model.objective, A_eq=a_eq, b_eq=b_eq, bounds=np.c_[low, high], method="highs", **has
        )
        if answer.status != 0:
            raise RuntimeError(answer.message)
        if not model.add_broken(answer.x, exact=True) or time.perf_counter() > deadline:
            return answer


def _tour(model, solution):
    e = len(model.i)
    used = solution[:e] > 0.5
    beside: dict[int, list[int]] = {}
    for a, b in zip(model.i[used].tolist(), model.j[used].tolist()):
        beside.setdefault(a, []).append(b)
        beside.setdefault(b, []).append(a)
    tour, previous, here = [0], -1, 0
    while beside:
        ahead = [stop for stop in beside[here] if stop != previous] or [0]
        previous, here = here, ahead[0]
        if here == 0:
            break
        tour.append(here)
    return tour


def solve(cost, prize, budget, *, known=0, all_stops=False, seconds=600.0):
    """The best closed tour from stop 0: most prize within `budget`, or shortest through all stops.

    cost (n, n) symmetric integers, prize (n,) integers; `known` is a value already reached (a length when
    `all_stops`), which lets edges that cannot improve on it be left out. Tours of fewer than three stops are not
    modelled: they never win on the instances asked here.
    """
    began = time.perf_counter()
    deadline = began + seconds
    model = _Model(np.asarray(cost), np.asarray(prize), budget, all_stops=all_stops)
    answer = _relax(model, deadline)
    e = len(model.i)
    reduced = answer.lower.marginals[:e]
    slack = (known if all_stops else -known) - answer.fun
    if known:
        model.keep(reduced < slack + 1e-6)
    root = answer.fun
    bound, best, tour = root, known, []
    while time.perf_counter() < deadline:
        a_eq, b_eq = model.equalities()
        a_ub, b_ub = model.inequalities()
        low, high = model.bounds()
        rows = [LinearConstraint(a_eq, b_eq, b_eq)]
        if len(b_ub):
            rows.append(LinearConstraint(a_ub, -np.inf, b_ub))
        answer = milp(
            model.objective,
            constraints=rows,
            bounds=(low, high),
            integrality=np.ones(len(low)),
            options={"time_limit": max(1.0, deadline - time.perf_counter()), "mip_rel_gap": 0.0},
        )
        if answer.mip_dual_bound is not None:
            bound = max(bound, answer.mip_dual_bound)
        if answer.x is None:
            break
        if not model.add_broken(answer.x, exact=False):
            tour = _tour(model, answer.x)
            best = round(abs(answer.fun))
            break
    return Proof(best, abs(bound), tour, time.perf_counter() - began)


def main() -> None:
    from orienteering_instances import Instance

    family, stops = sys.argv[1], int(sys.argv[2])
    town = Instance(family, stops, 0, 0, proven=False)
    shortest = solve(town.costs(), town.prizes(), 0, all_stops=True)
    print("shortest tour", shortest.value, "proven" if shortest.proven else f"bound {shortest.bound:.1f}")
    most = solve(town.costs(), town.prizes(), -(-shortest.value // 2))
    print("most prize", most.value, "proven" if most.proven else f"bound {most.bound:.1f}")


if __name__ == "__main__":
    main()
