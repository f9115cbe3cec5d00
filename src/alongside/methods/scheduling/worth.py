"""What a walk is worth: every number of the objective, made once as arrays, and the whole plan weighed in plain steps.

`worth` is the slow, obvious definition of the objective. The optimiser works on the same tables, and every plan that
leaves this package is weighed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alongside.methods.scheduling.season import HALF_LIFE, Area, Roof, SeasonProblem, Turn, Weights

HELD = 10.0  # a week with a walk: more than any preference among walks
UNPLACED = 5.0  # a week with an area, whose roof is still to be found
URGENCY = 52.0  # weeks after which a walk is worth half as much as today: sooner rather than later
STREETS, NO_ROOF = -1, -2  # instead of a place's number
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Choice:
    """What happens in a week: which area, and under which roof. `place` None and not `outdoors`: still to be found."""

    area: str
    place: str | None = None
    outdoors: bool = True


@dataclass(frozen=True)
class Tables:
    """The objective as arrays. A areas, T weeks; `spot` is a place's number, STREETS or NO_ROOF.

    possible  (A, T) bool   whether the area may be walked in that week at all
    base      (A, T)        worth of the week, the place and the leader, at the best spot under the week's rule
    spot      (A, T) int    that spot
    airy      (A, T)        what going outdoors instead would add, in a week that only wants a roof; else 0
    first     (A, T)        worth of the area's first walk of the season
    again     (A, T, T)     worth of a walk in week t whose last was in week s; -inf where they lie too close
    pull      (A, places)   worth of each roof for each area
    led       (A, T)        worth of the division's own commander
    ages      (A, T)        weeks since the last walk before the season; infinite where there was none
    urgency   (T,)          what a point is worth in each week
    """

    possible: NDArray[np.bool_]
    base: Floats
    spot: Ints
    airy: Floats
    first: Floats
    again: Floats
    pull: Floats
    led: Floats
    ages: Floats
    urgency: Floats
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Group:
    """A division or a neighborhood with its turn: which areas belong to it, and what its walks cost in fairness.

    target  walks that would be its share, those before the season taken off
    cost    (most walks + 1,) the cost of 0, 1, 2 … walks: convex, at least 0
    """

    kind: str
    id: str
    members: Ints
    target: float
    cost: Floats


def tables(season: SeasonProblem) -> Tables:
    """Every number of the objective. Time and memory grow as areas × weeks²."""
    ages, urgency = _ages(season), _urgency(season)
    pull, led = _pull(season), _led(season)
    base, spot, airy = _spots(season, pull)
    return Tables(
        possible=_possible(season, ages),
        base=base + led,
        spot=spot,
        airy=airy,
        first=_first(season, ages, urgency),
        again=_again(season, urgency),
        pull=pull,
        led=led,
        ages=ages,
        urgency=urgency,
        groups=groups(season),
    )


# -- time -------------------------------------------------------------------------------------------
def faded(weeks: Floats, half_life: float) -> Floats:
    """How much of what a walk did has faded after so many weeks: 0 at once, half after one half-life."""
    return np.asarray(1.0 - 2.0 ** (-weeks / half_life), dtype=np.float64)


def claim(
    need: float, requests: float, weeks: float, weights: Weights, *, half_life: float = HALF_LIFE
) -> dict[str, float]:
    """What speaks for a first walk in an area today (rules 2 and 3), in points: need, waiting and requests.

    need, requests  0 to 1, as in `Area`
    weeks           since the last walk there; infinite where there was never one
    """
    grown = float(faded(np.array(weeks), half_life))
    return {
        "need": weights.need * need * grown,
        "waiting": weights.waiting * grown,
        "requests": weights.requests * requests,
    }


def _ages(season: SeasonProblem) -> Floats:
    """(A, T) weeks since the last walk before the season; infinite where there was never one."""
    days = _day_numbers(season)
    last = np.array([area.last.toordinal() if area.last else -np.inf for area in season.areas])
    return np.asarray((days[None, :] - last[:, None]) / 7.0, dtype=np.float64)


def _day_numbers(season: SeasonProblem) -> Floats:
    return np.array([week.day.toordinal() for week in season.weeks], dtype=np.float64)


def _urgency(season: SeasonProblem) -> Floats:
    days = _day_numbers(season)
    return np.asarray(2.0 ** (-(days - days[0]) / 7.0 / URGENCY), dtype=np.float64)


def _owed(season: SeasonProblem) -> Floats:
    """(A,) what a walk in each area is worth when all that the last one did has faded."""
    weights = season.weights
    return np.array([weights.need * area.need + weights.waiting for area in season.areas])


def _first(season: SeasonProblem, ages: Floats, urgency: Floats) -> Floats:
    asked = season.weights.requests * np.array([area.requests for area in season.areas])
    waited = _owed(season)[:, None] * faded(ages, season.half_life)
    return np.asarray(urgency[None, :] * (waited + asked[:, None]), dtype=np.float64)


def _again(season: SeasonProblem, urgency: Floats) -> Floats:
    days = _day_numbers(season)
    gaps = (days[None, :] - days[:, None]) / 7.0
    grown = faded(np.maximum(gaps, 0.0), season.half_life) * urgency[None, :]
    value = _owed(season)[:, None, None] * grown[None, :, :]
    near = np.broadcast_to(gaps < season.spacing, value.shape).copy()
    for number, area in enumerate(season.areas):  # two weeks that people fixed stay, however close
        decided = [t for t, fixed in season.fixed.items() if fixed.area == area.id]
        near[number][np.ix_(decided, decided)] = (gaps <= 0)[np.ix_(decided, decided)]
    return np.asarray(np.where(near, -np.inf, value), dtype=np.float64)


def _possible(season: SeasonProblem, ages: Floats) -> NDArray[np.bool_]:
    """Whether an area may be walked: the week is open and not fixed to another, its last walk lies far enough back."""
    far = ages >= season.spacing
    for t, week in enumerate(season.weeks):
        far[:, t] &= [not week.closed and area.id not in week.barred for area in season.areas]
    for t, fixed in season.fixed.items():
        far[:, t] = [area.id == fixed.area for area in season.areas]
    return np.asarray(far, dtype=np.bool_)


# -- places and leaders -----------------------------------------------------------------------------
def _spots(season: SeasonProblem, pull: Floats) -> tuple[Floats, Ints, Floats]:
    shape = (len(season.areas), len(season.weeks))
    near = _near(season)
    base, airy = np.zeros(shape), np.zeros(shape)
    spot = np.full(shape, STREETS, dtype=np.int64)
    for t, week in enumerate(season.weeks):
        roofs = np.array([week.day in place.open_on for place in season.places], dtype=bool)
        best, where = _best_roofs(pull, near & roofs[None, :])
        indoors = np.where(where == NO_ROOF, UNPLACED, HELD + best)
        base[:, t], spot[:, t] = (HELD, STREETS) if week.roof is Roof.NONE else (indoors, where)
        if week.roof is Roof.WANTED:
            airy[:, t] = np.maximum(HELD - indoors, 0.0)
        if t in season.fixed:
            _keep_spot(season, pull, t, base, spot, airy)
    return base, spot, airy


def _best_roofs(pull: Floats, usable: NDArray[np.bool_]) -> tuple[Floats, Ints]:
    """(A,) the pull of each area's best roof of those it may use, and its number; NO_ROOF where there is none."""
    some = usable.any(axis=1)
    if not some.any():
        return np.zeros(len(pull)), np.full(len(pull), NO_ROOF, dtype=np.int64)
    open_pull = np.where(usable, pull, -np.inf)
    best = np.where(some, open_pull.max(axis=1), 0.0)
    return best, np.where(some, open_pull.argmax(axis=1), NO_ROOF).astype(np.int64)


def _near(season: SeasonProblem) -> NDArray[np.bool_]:
    """(A, places) whether the area's people may be sent there at all."""
    near = np.zeros((len(season.areas), len(season.places)), dtype=np.bool_)
    for column, place in enumerate(season.places):
        near[[season.area_index[area] for area in place.reach if area in season.area_index], column] = True
    return near


def _keep_spot(season: SeasonProblem, pull: Floats, t: int, base: Floats, spot: Ints, airy: Floats) -> None:
    """A fixed week keeps the place that was decided, whether or not it is open: a person said so."""
    fixed = season.fixed[t]
    number = season.area_index[fixed.area]
    if fixed.place is not None:
        place = season.place_index[fixed.place]
        spot[number, t], base[number, t], airy[number, t] = place, HELD + pull[number, place], 0.0
    elif fixed.outdoors:
        spot[number, t], base[number, t], airy[number, t] = STREETS, HELD, 0.0


def _pull(season: SeasonProblem) -> Floats:
    """(A, places) what each roof adds for the area's own people."""
    reach = np.zeros((len(season.areas), len(season.places)))
    for column, place in enumerate(season.places):
        for area, share in place.reach.items():
            if area in season.area_index:
                reach[season.area_index[area], column] = share
    return np.asarray(season.weights.place * reach, dtype=np.float64)


def _led(season: SeasonProblem) -> Floats:
    """(A, T) a little more where the division's own commander can come."""
    free = [week.led or frozenset() for week in season.weeks]
    return season.weights.leader * np.array(
        [[float(area.division in each) for each in free] for area in season.areas]
    ).reshape(len(season.areas), len(season.weeks))


# -- fair turns -------------------------------------------------------------------------------------
def groups(season: SeasonProblem) -> tuple[Group, ...]:
    """Divisions and neighborhoods that hold areas of this season, each with what its walks cost in fairness.

    Shares count among the groups that can be walked at all: where nothing waits, nobody is owed a turn now.
    """
    result: list[Group] = []
    kinds: tuple[tuple[str, Mapping[str, Turn]], ...] = (
        ("division", season.divisions),
        ("neighborhood", season.neighborhoods),
    )
    for kind, turns in kinds:
        members = _members(season.areas, kind, turns)
        people = sum(turns[name].share for name in members)
        before = sum(turns[name].walks for name in members)
        for name, areas in members.items():
            share = turns[name].share / people if people > 0 else 1.0 / len(members)
            due = share * (before + len(season.open_weeks))
            most = _most_walks(season, len(areas))
            target = due - turns[name].walks
            cost = season.weights.fairness / 2.0 * unfairness(np.arange(most + 1.0), target, max(due, 1.0))
            result.append(Group(kind, name, np.array(areas, dtype=np.int64), target, cost))
    return tuple(result)


def _members(areas: Sequence[Area], kind: str, turns: Mapping[str, Turn]) -> dict[str, list[int]]:
    members: dict[str, list[int]] = {}
    for number, area in enumerate(areas):
        name = str(getattr(area, kind))
        if name in turns:
            members.setdefault(name, []).append(number)
    return members


def _most_walks(season: SeasonProblem, areas: int) -> int:
    """No group has more walks than there are weeks, nor than its areas can have with the spacing between them."""
    weeks = len(season.open_weeks)
    span = (season.weeks[-1].day - season.weeks[0].day).days // 7
    return min(weeks, areas * (span // season.spacing + 1) + len(season.fixed))


def unfairness(walks: Floats, target: float, scale: float) -> Floats:
    """(walks − target)² / scale near the target, and one a walk far from it (Huber), so that it is always convex.

    The two pieces meet where the slope is one: at a distance of scale / 2 from the target.
    """
    off = np.abs(walks - target)
    bend = scale / 2.0
    return np.asarray(np.where(off <= bend, off**2 / scale, off - bend / 2.0), dtype=np.float64)


# -- a whole plan -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class PlanWorth:
    """A plan weighed: the whole, and for each week its terms (empty where nobody walks).

    unfair  kind, id, walks, target, cost: for each group
    """

    objective: float
    terms: tuple[dict[str, float], ...]
    unfair: tuple[tuple[str, str, int, float, float], ...]


def worth(
    season: SeasonProblem, choices: Sequence[Choice | None], *, made: Tables | None = None
) -> PlanWorth:
    """The objective of a plan, term by term. Raises ValueError where the plan breaks a rule."""
    table = made or tables(season)
    last: dict[int, int] = {}
    walks = np.zeros(len(season.areas), dtype=np.int64)
    terms: list[dict[str, float]] = []
    for t, choice in enumerate(choices):
        if choice is None:
            terms.append({})
            continue
        number = season.area_index[choice.area]
        terms.append(_terms(season, table, t, number, last.get(number), choice))
        last[number] = t
        walks[number] += 1
    _refuse_outdoors(season, choices)
    unfair = tuple(
        (
            group.kind,
            group.id,
            int(walks[group.members].sum()),
            group.target,
            float(group.cost[int(walks[group.members].sum())]),
        )
        for group in table.groups
    )
    total = sum(sum(each.values()) for each in terms) - sum(row[4] for row in unfair)
    return PlanWorth(total, tuple(terms), unfair)


def _terms(
    season: SeasonProblem, table: Tables, t: int, number: int, before: int | None, choice: Choice
) -> dict[str, float]:
    if not table.possible[number, t]:
        raise ValueError(f"{choice.area} cannot be walked in week {t}")
    if before is not None and not np.isfinite(table.again[number, before, t]):
        raise ValueError(f"{choice.area} comes again too soon in week {t}")
    area, urgency = season.areas[number], float(table.urgency[t])
    waited = weeks_waited(season, table, number, before, t)
    asked = area.requests if before is None else 0.0
    speaks = claim(area.need, asked, waited, season.weights, half_life=season.half_life)
    return {
        **{name: urgency * points for name, points in speaks.items()},
        "leader": float(table.led[number, t]),
        **_spot_terms(season, table, t, number, choice),
    }


def weeks_waited(season: SeasonProblem, table: Tables, number: int, before: int | None, t: int) -> float:
    """Weeks since the area's last walk, in the season or before it; infinite where there was never one."""
    if before is None:
        return float(table.ages[number, t])
    return (season.weeks[t].day - season.weeks[before].day).days / 7.0


def _spot_terms(
    season: SeasonProblem, table: Tables, t: int, number: int, choice: Choice
) -> dict[str, float]:
    week, fixed = season.weeks[t], season.fixed.get(t)
    if choice.outdoors:
        if week.roof is Roof.NEEDED and not (fixed and fixed.outdoors):
            raise ValueError(f"week {t} must be indoors")
        return {"held": HELD, "place": 0.0}
    if choice.place is None:
        return {"held": UNPLACED, "place": 0.0}
    place = season.places[season.place_index[choice.place]]
    decided = fixed is not None and fixed.place == choice.place
    if week.day not in place.open_on and not decided:
        raise ValueError(f"{choice.place} is not open in week {t}")
    if choice.area not in place.reach and not decided:
        raise ValueError(f"{choice.place} is too far from {choice.area}")
    return {"held": HELD, "place": float(table.pull[number, season.place_index[choice.place]])}


def _refuse_outdoors(season: SeasonProblem, choices: Sequence[Choice | None]) -> None:
    out = sum(
        choice is not None
        and choice.outdoors
        and season.weeks[t].roof is Roof.WANTED
        and not (t in season.fixed and season.fixed[t].outdoors)
        for t, choice in enumerate(choices)
    )
    if out > season.most_outdoors:
        raise ValueError(f"{out} weeks that want a roof are outdoors, and {season.most_outdoors} may be")
