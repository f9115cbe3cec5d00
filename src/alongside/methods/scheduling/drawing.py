"""Areas that are alike: a draw decides their order, from a seed that was fixed before anybody saw the plan.

The order is the alphabetical order of SHA-256(seed + ":" + id). Its commitment, SHA-256(seed), is shown before, the
seed after: anybody can draw again. Chance is not hidden in a library, so any tool that knows SHA-256 will do.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from alongside.methods.scheduling.season import Roof, SeasonProblem
from alongside.methods.scheduling.worth import NO_ROOF, STREETS, Choice, PlanWorth, Tables, claim, worth

Choices = tuple[Choice | None, ...]


def commitment(seed: str) -> str:
    """What is shown before the draw: the SHA-256 of the seed, in hexadecimal."""
    return hashlib.sha256(seed.encode()).hexdigest()


def drawn_order(seed: str, ids: Iterable[str]) -> list[str]:
    """The ids in their drawn order."""
    return sorted(ids, key=lambda each: (hashlib.sha256(f"{seed}:{each}".encode()).hexdigest(), each))


def alike(season: SeasonProblem, band: float) -> list[list[str]]:
    """Groups of two and more areas whose scores at the season's beginning lie within one band of each other.

    From the highest score down: an area joins the group above it if it lies within `band` of that group's first.
    The score is what a first walk is worth on the first day, the place and the leader left aside.
    """
    score = {area.id: score_of(season, number) for number, area in enumerate(season.areas)}
    groups: list[list[str]] = []
    for each in sorted(score, key=lambda name: (-score[name], name)):
        if groups and score[groups[-1][0]] - score[each] <= band:
            groups[-1].append(each)
        else:
            groups.append([each])
    return [group for group in groups if len(group) > 1]


def score_of(season: SeasonProblem, number: int) -> float:
    """What a first walk in an area would be worth on the season's first day: 0 to the sum of three weights."""
    area, day = season.areas[number], season.weeks[0].day
    weeks = math.inf if area.last is None else (day - area.last).days / 7.0
    speaks = claim(area.need, area.requests, weeks, season.weights, half_life=season.half_life)
    return sum(speaks.values())


def draw(
    season: SeasonProblem, table: Tables, best: Choices, *, seed: str, band: float
) -> tuple[Choices, dict[str, tuple[str, ...]]]:
    """Exchange alike areas until, within each group, who comes first is who was drawn first.

    From the earliest walk on: the first in the drawn order takes the walks of whoever has them now, and is given
    theirs in return, wherever that keeps every rule and costs no more than `band` points. Whoever has no walk takes
    part too, so the draw also decides who must wait for the next season. Weeks that a person fixed are no part of it.

    Returns the plan, and for each area that took part those it was drawn among.
    """
    value, now = worth(season, best, made=table), best
    among: dict[str, tuple[str, ...]] = {}
    decided = {fixed.area for fixed in season.fixed.values()}
    for group in alike(season, band):
        members = [name for name in drawn_order(seed, group) if name not in decided]
        if len(members) > 1:
            among |= dict.fromkeys(members, tuple(sorted(members)))
            now, value = _draw_group(season, table, now, value, members, band)
    return now, among


def _draw_group(
    season: SeasonProblem, table: Tables, now: Choices, value: PlanWorth, members: Sequence[str], band: float
) -> tuple[Choices, PlanWorth]:
    waiting = list(members)
    while waiting:
        holder = _next_holder(now, waiting)
        if holder is None:
            break
        for taker in waiting:
            if taker == holder:
                break
            changed = exchanged(season, table, now, holder, taker)
            after = _weighed(season, table, changed)
            if changed is not None and after is not None and after.objective >= value.objective - band:
                now, value, holder = changed, after, taker
                break
        waiting.remove(holder)
    return now, value


def _next_holder(now: Choices, waiting: Sequence[str]) -> str | None:
    return next((choice.area for choice in now if choice is not None and choice.area in waiting), None)


def exchanged(season: SeasonProblem, table: Tables, now: Choices, one: str, other: str) -> Choices | None:
    """The plan with two areas' walks exchanged, each under the best roof for its new area."""
    names = {one: other, other: one}
    changed: list[Choice | None] = []
    for t, choice in enumerate(now):
        if choice is None or choice.area not in names:
            changed.append(choice)
        elif t in season.fixed:
            return None
        else:
            changed.append(_at_best(season, table, t, replace(choice, area=names[choice.area])))
    return tuple(changed)


def _at_best(season: SeasonProblem, table: Tables, t: int, choice: Choice) -> Choice:
    if choice.outdoors and season.weeks[t].roof is Roof.WANTED:
        return choice
    return choice_at(season, table, season.area_index[choice.area], t)


def choice_at(season: SeasonProblem, table: Tables, area: int, t: int, *, outdoors: bool = False) -> Choice:
    """The walk of an area in a week, at its best spot."""
    spot, name = int(table.spot[area, t]), season.areas[area].id
    if outdoors or spot == STREETS:
        return Choice(name, None, True)
    return Choice(name, None if spot == NO_ROOF else season.places[spot].id, False)


def _weighed(season: SeasonProblem, table: Tables, choices: Choices | None) -> PlanWorth | None:
    if choices is None:
        return None
    try:
        return worth(season, choices, made=table)
    except ValueError:
        return None
