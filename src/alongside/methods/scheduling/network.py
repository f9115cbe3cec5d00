"""The season as a network: for each home a path through the weeks in which it is walked.

A home is a neighborhood, or an area without one. An arc from week s to week t says: walked in s, and next in t, in this
one of its areas. So what a walk is worth may depend on how long the home has waited since the one before, exactly.
Weeks and fair turns tie the homes' paths together; the rest is a longest path for each home, which is where the speed
comes from: prices of one linear program bound every arc's worth, and only arcs that could still be part of a best plan
go into the whole-number program.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy  # loads each part when it is first used: most processes never compute
from numpy.typing import NDArray

from alongside.methods.scheduling.season import SeasonProblem
from alongside.methods.scheduling.waiting import Floats
from alongside.methods.scheduling.worth import Group, Ints, Tables

START = -1
EXACT = 1e-6  # points: plans this close are alike
FEW, MANY = 250, 4000  # arcs
FIRST_LOOK = 0.002  # points: how far from the best possible an arc may lie to be looked at first


@dataclass(frozen=True)
class Arcs:
    """Every way a home can come to a week: in which area, the week before (START: its first), the week, the worth."""

    home: Ints
    area: Ints
    before: Ints
    week: Ints
    worth: Floats

    def __len__(self) -> int:
        return len(self.area)

    def only(self, wanted: NDArray[np.bool_] | Ints) -> Arcs:
        return Arcs(
            self.home[wanted], self.area[wanted], self.before[wanted], self.week[wanted], self.worth[wanted]
        )


@dataclass(frozen=True)
class Prices:
    """What the linear program asks for each week, each walk of a group, and going outdoors; and what that proves.

    No plan is worth more than `bound`: it is the sum of the prices and of every home's best path at these prices.
    """

    week: Floats
    group: tuple[float, ...]
    outdoors: float
    bound: float


@dataclass(frozen=True)
class Solution:
    """Week → area, the weeks that go without the roof they want, what that is worth, and what no plan can exceed."""

    taken: dict[int, int]
    outdoors: frozenset[int]
    value: float
    bound: float

    def below(self, bound: float) -> Solution:
        """The same, where another proof may say more. Never below its own worth, whatever rounding does."""
        return Solution(self.taken, self.outdoors, self.value, max(self.value, min(self.bound, bound)))


class OutOfTime(Exception):
    """The search was stopped by its clock before it had any plan."""


def arcs(table: Tables) -> Arcs:
    """All arcs, with the worth of the walk at their end."""
    areas, weeks = np.nonzero(table.possible)
    left = _best_of(table, table.possible)[table.home]
    a, s, t = np.nonzero(left[:, :, None] & table.possible[:, None, :] & np.isfinite(table.again))
    return Arcs(
        table.home[np.concatenate((areas, a))],
        np.concatenate((areas, a)),
        np.concatenate((np.full(len(areas), START), s)),
        np.concatenate((weeks, t)),
        np.concatenate(
            (table.first[areas, weeks] + table.base[areas, weeks], table.again[a, s, t] + table.base[a, t])
        ),
    )


def _best_of(table: Tables, values: NDArray[Any]) -> NDArray[Any]:
    """(A, …) → (H, …): of each home, the most that any of its areas has."""
    order = np.argsort(table.home, kind="stable")
    begins = np.searchsorted(table.home[order], np.arange(table.ages.shape[0]))
    return np.maximum.reduceat(values[order], begins, axis=0)


# -- the program ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Program:
    """minimise cost·x with low ≤ rows·x ≤ high, 0 ≤ x ≤ most: arcs first, then groups' walks, then weeks outdoors.

    group_rows  the first row of the groups, followed by the row of the weeks outdoors
    constant    what a season without a walk is worth
    """

    cost: Floats
    most: Floats
    rows: scipy.sparse.csr_matrix
    low: Floats
    high: Floats
    airy: Ints  # (k, 2): area and week of each outdoors variable
    group_rows: int
    constant: float


def program(season: SeasonProblem, table: Tables, used: Arcs) -> Program:
    """Rows: one walk a week; one first walk a home; who comes again was there; groups count; outdoors needs a walk."""
    weeks, homes = len(season.weeks), len(season.homes)
    build = _Rows(len(used))
    here = np.arange(len(used))
    later = used.before != START
    fixed = np.array([1.0 if t in season.fixed else 0.0 for t in range(weeks)])
    build.add(weeks, used.week, here, 1.0, fixed, 1.0)
    build.add(homes, used.home[~later], here[~later], 1.0, -np.inf, 1.0)
    _come_again(build, used, here, later, weeks)
    cost, group_rows = [-used.worth], build.count
    for group in table.counted:
        cost.append(_count(build, group, used))
    airy = np.argwhere(table.airy > 0) if season.most_outdoors else np.zeros((0, 2), dtype=np.int64)
    cost.append(_outdoors(build, table, used, airy, season.most_outdoors))
    rows, low, high = build.made()
    return Program(
        np.concatenate(cost), np.concatenate(build.most), rows, low, high, airy, group_rows, no_walks(table)
    )


def _come_again(build: _Rows, used: Arcs, here: Ints, later: NDArray[np.bool_], weeks: int) -> None:
    """Who leaves a week for a later one was walked in it: a row for each home and week that anything leaves from."""
    leaves = used.home[later] * weeks + used.before[later]
    nodes, row = np.unique(leaves, return_inverse=True)
    comes = used.home * weeks + used.week
    at = np.isin(comes, nodes)
    build.add(
        len(nodes),
        np.concatenate((row, np.searchsorted(nodes, comes[at]))),
        np.concatenate((here[later], here[at])),
        np.concatenate((np.ones(len(row)), -np.ones(int(at.sum())))),
        -np.inf,
        0.0,
    )


def _count(build: _Rows, group: Group, used: Arcs) -> Floats:
    """A group's walks, a variable for each step of their cost: it rises, so they are taken in order by themselves."""
    counts = np.isin(used.area, group.members)
    inside = np.flatnonzero(counts & (used.before == START) if group.firsts else counts)
    steps, wide = _steps(group.cost)
    new = build.more(wide)
    build.add(
        1,
        np.zeros(len(inside) + len(steps), dtype=np.int64),
        np.concatenate((inside, new)),
        np.concatenate((np.ones(len(inside)), -np.ones(len(steps)))),
        0.0,
        0.0,
    )
    return steps


def _steps(cost: Floats) -> tuple[Floats, Floats]:
    """The slopes of a convex cost, each with how many walks it lasts."""
    slopes = np.diff(cost)
    if not len(slopes):  # a season without an open week
        return slopes, slopes
    fresh = np.concatenate(([True], np.abs(np.diff(slopes)) > 1e-12))
    wide = np.diff(np.concatenate((np.flatnonzero(fresh), [len(slopes)])))
    return np.asarray(slopes[fresh], dtype=np.float64), wide.astype(np.float64)


def _outdoors(build: _Rows, table: Tables, used: Arcs, airy: Ints, most: int) -> Floats:
    """One variable for each area and week that could do without a roof: at most the walk itself, and so many in all."""
    new = build.more(np.ones(len(airy)))
    build.add(1, np.zeros(len(airy), dtype=np.int64), new, 1.0, -np.inf, float(most))
    for row, (area, week) in enumerate(airy):
        walks = np.flatnonzero((used.area == area) & (used.week == week))
        build.add(
            1,
            np.zeros(len(walks) + 1, dtype=np.int64),
            np.concatenate(([new[row]], walks)),
            np.concatenate(([1.0], -np.ones(len(walks)))),
            -np.inf,
            0.0,
        )
    return -table.airy[airy[:, 0], airy[:, 1]]


class _Rows:
    """A sparse matrix as it is written, row block by row block."""

    def __init__(self, columns: int) -> None:
        self.columns, self.count = columns, 0
        self.most: list[Floats] = [np.ones(columns)]
        self.parts: list[tuple[Ints, Ints, Floats]] = []
        self.low: list[Floats] = []
        self.high: list[Floats] = []

    def more(self, most: Floats) -> Ints:
        """New variables from 0 to `most`, and their columns."""
        new = self.columns + np.arange(len(most))
        self.columns += len(most)
        self.most.append(most)
        return new

    def add(
        self, rows: int, row: Ints, column: Ints, value: Floats | float, low: Floats | float, high: float
    ) -> None:
        self.parts.append((row + self.count, column, np.broadcast_to(value, row.shape).astype(np.float64)))
        self.low.append(np.broadcast_to(low, rows).astype(np.float64))
        self.high.append(np.full(rows, high))
        self.count += rows

    def made(self) -> tuple[scipy.sparse.csr_matrix, Floats, Floats]:
        row, column, value = (np.concatenate(each) for each in zip(*self.parts, strict=True))
        matrix = scipy.sparse.coo_matrix((value, (row, column)), shape=(self.count, self.columns)).tocsr()
        return matrix, np.concatenate(self.low), np.concatenate(self.high)


# -- the linear program and what it proves ----------------------------------------------------------
def prices(
    season: SeasonProblem, table: Tables, every: Arcs, forced: tuple[int, int] | None = None
) -> Prices:
    """Solve the program without whole numbers, and take its prices. Their bound is computed anew, from the prices.

    So it holds for all arcs, even where the program was given some of them only.
    """
    if not len(every):
        return bounded(
            season, table, every, np.zeros(len(season.weeks)), (0.0,) * len(table.counted), 0.0, forced
        )
    made = program(season, table, every)
    low = _low(made, forced)
    equal = low == made.high
    above = ~equal
    answer = scipy.optimize.linprog(
        made.cost,
        A_ub=made.rows[above],
        b_ub=made.high[above],
        A_eq=made.rows[equal] if equal.any() else None,
        b_eq=made.high[equal] if equal.any() else None,
        bounds=np.column_stack((np.zeros(len(made.most)), made.most)),
        method="highs",
    )
    dual = np.zeros(len(low))
    if answer.status == 0:
        dual[above] = -answer.ineqlin.marginals
        if equal.any():
            dual[equal] = -answer.eqlin.marginals
    outdoors_row = made.group_rows + len(table.counted)
    week = np.asarray(dual[: len(season.weeks)], dtype=np.float64)
    group = tuple(float(each) for each in dual[made.group_rows : outdoors_row])
    outdoors = max(0.0, float(dual[outdoors_row]))
    return bounded(season, table, every, week, group, outdoors, forced)


def _low(made: Program, forced: tuple[int, int] | None) -> Floats:
    """The least of each row; a week with a walk forced has one."""
    if forced is None:
        return made.low
    low = made.low.copy()
    low[forced[1]] = 1.0
    return low


def bounded(
    season: SeasonProblem,
    table: Tables,
    every: Arcs,
    week: Floats,
    group: tuple[float, ...],
    outdoors: float,
    forced: tuple[int, int] | None = None,
) -> Prices:
    """Any prices prove a bound (Lagrange): what is asked, and each home's best path then."""
    must = {*season.fixed, *([forced[1]] if forced else [])}
    can_be_refused = np.array([t not in must for t in range(len(season.weeks))])
    week = np.where(can_be_refused, np.maximum(week, 0.0), week)
    best = paths(season, table, every, Prices(week, group, outdoors, np.inf), forced).best
    turns = sum(
        max(price * n - cost for n, cost in enumerate(each.cost))
        for price, each in zip(group, table.counted, strict=True)
    )
    bound = week.sum() + best.sum() + turns + outdoors * season.most_outdoors
    return Prices(week, group, outdoors, float(bound))


@dataclass(frozen=True)
class Paths:
    """At given prices: each home's best path (H,), the best through each area and week (A, T), and through each arc."""

    best: Floats
    through: Floats
    arc: Floats


def paths(
    season: SeasonProblem,
    table: Tables,
    every: Arcs,
    asked: Prices,
    forced: tuple[int, int] | None = None,
) -> Paths:
    """Longest paths forwards and backwards, all homes at once, one step a week. A path may also be empty (worth 0).

    forced  (area, week): its home's paths lead through this week
    """
    first, step = _steps_at(season, table, asked)
    first_of, step_of = _best_of(table, first), _best_of(table, step)
    end = np.zeros(first_of.shape)
    forced_home = None if forced is None else int(table.home[forced[0]])
    if forced is not None and forced_home is not None:
        _force(first_of, step_of, end, forced_home, forced[1])
    ahead, back = first_of.copy(), end
    weeks = first_of.shape[1]
    for t in range(1, weeks):
        ahead[:, t] = np.maximum(ahead[:, t], (ahead[:, :t] + step_of[:, :t, t]).max(axis=1))
    for t in range(weeks - 2, -1, -1):
        back[:, t] = np.maximum(back[:, t], (step_of[:, t, t + 1 :] + back[:, t + 1 :]).max(axis=1))
    best = (ahead + back).max(axis=1)
    best = np.where(np.arange(len(best)) == forced_home, best, np.maximum(best, 0.0))
    came = np.where(
        every.before == START,
        first[every.area, every.week],
        ahead[every.home, every.before] + step[every.area, every.before, every.week],
    )
    arc = came + back[every.home, every.week]
    through = np.full(first.shape, -np.inf)
    np.maximum.at(through, (every.area, every.week), arc)
    return Paths(best, through, arc)


def _steps_at(season: SeasonProblem, table: Tables, asked: Prices) -> tuple[Floats, Floats]:
    """(A, T) and (A, T, T): what a first walk and a later one earn at these prices; -inf where there can be none."""
    group, first_only = np.zeros((2, len(season.areas)))
    for price, each in zip(asked.group, table.counted, strict=True):
        (first_only if each.firsts else group)[each.members] += price
    airy = np.maximum(table.airy - asked.outdoors, 0.0) if season.most_outdoors else 0.0
    earned = table.base + airy - asked.week[None, :] - group[:, None]
    node = np.where(table.possible, earned, -np.inf)
    return table.first + node - first_only[:, None], table.again + node[:, None, :]


def _force(first: Floats, step: Floats, end: Floats, home: int, week: int) -> None:
    """No path of this home begins after the week, ends before it, or leaps over it."""
    first[home, week + 1 :] = -np.inf
    end[home, :week] = -np.inf
    step[home, :week, week + 1 :] = -np.inf


# -- the whole-number program -----------------------------------------------------------------------
def solve(
    season: SeasonProblem,
    table: Tables,
    every: Arcs,
    asked: Prices,
    *,
    forced: tuple[int, int] | None = None,
    deadline: float,
) -> Solution | None:
    """The best plan, over the arcs that the prices cannot rule out. None where no plan keeps every rule.

    forced  (area, week): only plans with this walk
    An arc is ruled out when the bound of every plan through it lies below a plan already found: so nothing is lost.
    """
    if forced is None:
        return _search(season, table, every, asked, None, deadline)
    area, week = forced
    possible = table.possible.copy()
    possible[:, week] &= np.arange(len(possible)) == area
    apart = replace(table, possible=possible)
    own = every.only((every.week != week) | (every.area == area))
    plain = paths(season, table, own, asked)
    through = paths(season, apart, own, asked, forced)
    bound = asked.bound + float(through.best.sum() - plain.best.sum())
    return _search(season, apart, own, replace(asked, bound=bound), forced, deadline)


def _search(
    season: SeasonProblem,
    table: Tables,
    every: Arcs,
    asked: Prices,
    forced: tuple[int, int] | None,
    deadline: float,
) -> Solution | None:
    """Look at the arcs nearest to the bound, then farther. With a walk forced, the prices are asked anew once."""
    slack = _slack(season, table, every, asked, forced)
    look, fresh = _first_look(slack), forced is None
    while True:
        kept = slack <= look + EXACT
        solution = _whole(season, table, every.only(kept), forced, deadline)
        if solution is not None and asked.bound - solution.value <= look:
            return solution.below(asked.bound)
        if (kept == np.isfinite(slack)).all():  # whatever could be taken at all was looked at
            return solution.below(asked.bound) if solution is not None else None
        if not fresh:
            fresh = True
            near = every.only(slack <= _span(slack, MANY))
            better = prices(season, table, near, forced)
            if better.bound < asked.bound:
                asked, slack = better, _slack(season, table, every, better, forced)
        look = _farther(look, asked.bound, solution)


def _farther(look: float, bound: float, solution: Solution | None) -> float:
    """As far as the plan found leaves room for a better one; not too far at once, since it may be a poor plan."""
    if solution is None:
        return 4 * look
    return max(min(bound - solution.value, 4 * look), FIRST_LOOK)


def _slack(
    season: SeasonProblem, table: Tables, every: Arcs, asked: Prices, forced: tuple[int, int] | None
) -> Floats:
    """How far below the bound every plan through an arc must lie."""
    at = paths(season, table, every, asked, forced)
    return np.asarray(np.nan_to_num(at.best[every.home] - at.arc, nan=np.inf), dtype=np.float64)


def _span(slack: Floats, count: int) -> float:
    """The slack that so many arcs do not exceed."""
    return float(slack.max(initial=0.0) if len(slack) <= count else np.partition(slack, count)[count])


def _first_look(slack: Floats) -> float:
    """How far from the bound to look at first: a few hundred arcs are solved as quickly as a few."""
    return max(FIRST_LOOK, _span(slack, FEW))


def _whole(
    season: SeasonProblem, table: Tables, used: Arcs, forced: tuple[int, int] | None, deadline: float
) -> Solution | None:
    if not len(used):
        return Solution({}, frozenset(), no_walks(table), no_walks(table))
    made = program(season, table, used)
    low = _low(made, forced)
    whole = np.zeros(len(made.cost))
    whole[: len(used)] = 1
    answer = scipy.optimize.milp(
        made.cost,
        constraints=scipy.optimize.LinearConstraint(made.rows, low, made.high),
        integrality=whole,
        bounds=scipy.optimize.Bounds(0.0, made.most),
        options={"mip_rel_gap": 0.0, "time_limit": max(0.05, deadline - time.perf_counter())},
    )
    if answer.x is None:
        if answer.status == 1:
            raise OutOfTime
        return None
    picked = np.flatnonzero(answer.x[: len(used)] > 0.5)
    outside = made.airy[answer.x[len(made.cost) - len(made.airy) :] > 0.5]
    taken = {int(used.week[each]): int(used.area[each]) for each in picked}
    value = _worth_of(table, used.only(picked), outside)
    out = frozenset(int(week) for _area, week in outside)
    return Solution(taken, out, value, made.constant - float(answer.mip_dual_bound))


def _worth_of(table: Tables, picked: Arcs, outside: Ints) -> float:
    """What whole arcs are worth, added anew: the solver's own sum is as exact as its tolerance, and no more."""
    walks = [
        int((np.isin(picked.area, each.members) & ((picked.before == START) | (not each.firsts))).sum())
        for each in table.counted
    ]
    unfair = sum(float(each.cost[count]) for each, count in zip(table.counted, walks, strict=True))
    return float(picked.worth.sum() + table.airy[outside[:, 0], outside[:, 1]].sum() - unfair)


def no_walks(table: Tables) -> float:
    """What a season without a single walk is worth: what it costs in fairness."""
    return -float(sum(group.cost[0] for group in table.counted))
