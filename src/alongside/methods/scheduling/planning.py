"""The best season, why each week is as it is, and what another choice would cost."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from alongside.methods.scheduling import network
from alongside.methods.scheduling.drawing import Choices, choice_at, choices_of, draw
from alongside.methods.scheduling.network import EXACT, Arcs, Prices, Solution
from alongside.methods.scheduling.season import SeasonProblem
from alongside.methods.scheduling.worth import Choice, Tables, ages_within, tables, weeks_waited, worth

SMALLEST_COST = 1e-6


@dataclass(frozen=True)
class Alternative:
    """Another area in a week: what the whole season would lose by it, in points.

    cost   the loss against the best plan; infinite where no plan with it keeps every rule
    least  what it costs at the least; equal to `cost` where the program was solved to its end (`exact`)
    late   what of `cost` is that somebody waits longer than promised; below 0 where less wait, nan where not known
    """

    area: str
    place: str | None
    cost: float
    least: float
    exact: bool
    late: float = math.nan


@dataclass(frozen=True)
class Planned:
    """One week: where, under which roof, why, and what else there was.

    area          None where nobody walks
    place         the roof; None outdoors, and where a roof is still to be found
    terms         need, waiting, requests, late, place, leader, held: points, whose sum is what the walk earns
    turns         kind → what this walk does to fairness, in points: above 0 where it was that group's turn
    weeks_waited  since its home's last walk, in the season or before it; None where there was never one
    """

    day: date
    area: str | None = None
    place: str | None = None
    indoors: bool = False
    fixed: bool = False
    closed: str = ""
    terms: Mapping[str, float] = field(default_factory=dict)
    turns: Mapping[str, float] = field(default_factory=dict)
    weeks_waited: float | None = None
    alternatives: tuple[Alternative, ...] = ()

    @property
    def roof_missing(self) -> bool:
        return self.area is not None and self.indoors and self.place is None


@dataclass(frozen=True)
class Overdue:
    """A neighborhood, or an area without one, that waits longer than promised.

    weeks   how long it has waited when it is walked, or a week after the season's last day
    walked  the day of that walk; None where there is none in the season
    why     before: it had waited too long when the season began · closed, fixed, barred, spacing: until then no week
            was open, free of what a person fixed, allowed there, or far enough from its last walk · many: other
            neighborhoods that wait as long have the weeks
    """

    home: str
    weeks: float
    walked: date | None
    why: str


@dataclass(frozen=True)
class Plan:
    """A season, decided.

    objective  the points of this plan
    best       the points of the best plan found; above `objective` by what the draw cost
    bound      no plan has more points than this
    gap        (bound − best) / |bound|: 0 where the best is proven
    unfair     (kind, id, walks, its share, cost) for each division and neighborhood
    overdue    who waits longer than the longest wait all the same, and why; who waits longest first
    """

    weeks: tuple[Planned, ...]
    objective: float
    best: float
    bound: float
    gap: float
    seconds: float
    unfair: tuple[tuple[str, str, int, float, float], ...]
    overdue: tuple[Overdue, ...] = ()


def plan(
    season: SeasonProblem,
    *,
    alternatives: int = 3,
    seed: str = "",
    band: float = 0.0,
    seconds: float = 20.0,
) -> Plan:
    """The season with the most points, by HiGHS, and the price of other choices, each by another exact solution.

    alternatives  how many other areas to price for each open week, the cheapest by their bound first
    seed, band    with both, chance decides within `band` points a walk (see `drawing`)
    seconds       after so many, prices are given as ranges and the best plan so far is returned with its gap; the draw
                  has as many of its own, for there is no draw that is not proven

    Raises OutOfTime where the clock ends before any plan is found, or before the draw is made.
    """
    began = time.perf_counter()
    deadline = began + seconds
    table = tables(season)
    every = network.arcs(table)
    asked = network.prices(season, table, every)
    solution = network.solve(season, table, every, asked, deadline=deadline)
    if solution is None:  # cannot be: a season may be empty, and what a person fixed is always possible
        raise RuntimeError("no season keeps every rule")
    taken = solution
    if seed and band > 0:
        taken = draw(season, table, every, seed=seed, band=band, deadline=time.perf_counter() + seconds)
    choices = choices_of(season, table, taken)
    solved = _Solved(season, table, every, asked, solution, deadline)
    others = _prices_of_others(solved, choices, alternatives)
    weighed = worth(season, choices, made=table)
    return Plan(
        weeks=_weeks(season, table, choices, others),
        objective=weighed.objective,
        best=solution.value,
        bound=solution.bound,
        gap=max(0.0, (solution.bound - solution.value) / max(abs(solution.bound), 1e-9)),
        seconds=time.perf_counter() - began,
        unfair=weighed.unfair,
        overdue=overdue(season, table, choices),
    )


# -- what another choice would cost -----------------------------------------------------------------
@dataclass(frozen=True, eq=False)
class _Solved:
    """A season with what it was solved by, the best plan that was found, and the moment at which the clock ends."""

    season: SeasonProblem
    table: Tables
    every: Arcs
    asked: Prices
    solution: Solution
    deadline: float

    @cached_property
    def late(self) -> float:
        return _late(self.season, self.table, self.solution)


def _prices_of_others(solved: _Solved, choices: Choices, most: int) -> dict[int, tuple[Alternative, ...]]:
    """For each open week that nobody fixed, the cheapest other areas; the walk as planned is not among them."""
    season, asked = solved.season, solved.asked
    at = network.paths(season, solved.table, solved.every, asked)
    best = at.best[solved.table.home]
    least = np.maximum(solved.solution.value - (asked.bound - best[:, None] + at.through), 0.0)
    priced: dict[int, tuple[Alternative, ...]] = {}
    for t in season.open_weeks:
        if t in season.fixed:
            continue
        now = choices[t]
        inside = [i for i in np.argsort(least[:, t], kind="stable") if np.isfinite(least[i, t])]
        wanted = [int(i) for i in inside if now is None or season.areas[i].id != now.area][:most]
        rows = [_price(solved, i, t, float(least[i, t])) for i in wanted]
        priced[t] = tuple(sorted(rows, key=lambda row: (row.cost, row.least, row.area)))
    return priced


def _price(solved: _Solved, area: int, week: int, least: float) -> Alternative:
    """What it would cost to walk that area in that week, at least `least`."""
    season, table, solution, deadline = solved.season, solved.table, solved.solution, solved.deadline
    choice = choice_at(season, table, area, week)
    if time.perf_counter() > deadline:
        return Alternative(choice.area, choice.place, math.nan, least, exact=False)
    try:
        other = network.solve(
            season, table, solved.every, solved.asked, forced=(area, week), deadline=deadline
        )
    except network.OutOfTime:
        return Alternative(choice.area, choice.place, math.nan, least, exact=False)
    if other is None:
        return Alternative(choice.area, choice.place, math.inf, math.inf, exact=True)
    cost, low = max(0.0, solution.value - other.value), max(0.0, least, solution.value - other.bound)
    exact = other.bound - other.value <= SMALLEST_COST
    late = solved.late - _late(season, table, other)
    return Alternative(choice.area, choice.place, cost, cost if exact else min(low, cost), exact, late)


def _late(season: SeasonProblem, table: Tables, solution: Solution) -> float:
    return worth(season, choices_of(season, table, solution), made=table).late


# -- why --------------------------------------------------------------------------------------------
def _weeks(
    season: SeasonProblem,
    table: Tables,
    choices: Choices,
    others: Mapping[int, tuple[Alternative, ...]],
) -> tuple[Planned, ...]:
    weighed = worth(season, choices, made=table)
    before: dict[str, int] = {}
    planned = []
    for t, (week, choice) in enumerate(zip(season.weeks, choices, strict=True)):
        if choice is None:
            planned.append(Planned(week.day, closed=week.closed, alternatives=others.get(t, ())))
            continue
        number = season.area_index[choice.area]
        waited = weeks_waited(season, table, number, before.get(season.areas[number].home), t)
        planned.append(
            Planned(
                day=week.day,
                area=choice.area,
                place=choice.place,
                indoors=not choice.outdoors,
                fixed=t in season.fixed,
                terms=weighed.terms[t],
                turns=_turns(season, table, choices, choice),
                weeks_waited=waited if math.isfinite(waited) else None,
                alternatives=others.get(t, ()),
            )
        )
        before[season.areas[number].home] = t
    return tuple(planned)


def _turns(season: SeasonProblem, table: Tables, choices: Choices, choice: Choice) -> dict[str, float]:
    """What fairness would lose if its group had one walk fewer: above 0 where the walk was that group's turn."""
    number = season.area_index[choice.area]
    turns = {}
    for group in table.groups:
        if number in group.members:
            inside = {season.areas[member].id for member in group.members}
            walks = sum(each is not None and each.area in inside for each in choices)
            turns[group.kind] = float(group.cost[walks - 1] - group.cost[walks])
    return turns


# -- who waits too long all the same ----------------------------------------------------------------
def overdue(season: SeasonProblem, table: Tables, choices: Choices) -> tuple[Overdue, ...]:
    """Who waits longer than the longest wait in a plan, and why; who waits longest first."""
    if season.longest_wait is None:
        return ()
    walked: dict[int, list[int]] = {number: [] for number in range(len(season.homes))}
    for t, choice in enumerate(choices):
        if choice is not None:
            walked[int(table.home[season.area_index[choice.area]])].append(t)
    waits = [_longest(season, table, home, weeks) for home, weeks in walked.items()]
    late = [each for each in waits if each.weeks > season.longest_wait]
    return tuple(sorted(late, key=lambda each: (-each.weeks, each.home)))


def _longest(season: SeasonProblem, table: Tables, home: int, walked: Sequence[int]) -> Overdue:
    """The longest wait of a home that ends in the season, or goes on when it is over, as if it were too long."""
    within = ages_within(season)
    since = [-float(table.waits[home, 0]), *(float(within[t]) for t in walked)]
    until = [*(float(within[t]) for t in walked), float(within[-1]) + 1.0]
    number = int(np.argmax(np.subtract(until, since)))
    last = float(-table.ages[home, 0]) if number == 0 else since[number]
    return Overdue(
        home=season.homes[home],
        weeks=until[number] - since[number],
        walked=season.weeks[walked[number]].day if number < len(walked) else None,
        why=_why(season, home, since[number], last),
    )


def _why(season: SeasonProblem, home: int, since: float, last: float) -> str:
    """What kept a home from a walk until its longest wait was over: the first reason that leaves no week.

    since, last  when it began to wait and when it was last walked, in weeks after the season's first day
    """
    within, areas = ages_within(season), [area.id for area in season.areas if area.home == season.homes[home]]
    too_late = since + (season.longest_wait or 0) + EXACT
    weeks = [t for t in range(len(season.weeks)) if since < within[t] <= too_late]
    reasons: tuple[tuple[str, Callable[[int], bool]], ...] = (
        ("before", lambda _t: True),
        ("closed", lambda t: t in season.open_weeks),
        ("fixed", lambda t: t not in season.fixed or season.fixed[t].area in areas),
        ("barred", lambda t: not season.weeks[t].barred.issuperset(areas)),
        ("spacing", lambda t: bool(within[t] - last >= season.spacing)),
    )
    for why, allows in reasons:
        weeks = [t for t in weeks if allows(t)]
        if not weeks:
            return why
    return "many"
