"""What a walk is worth: every number of the objective, made once as arrays, and the whole plan weighed in plain steps.

`worth` is the slow, obvious definition of the objective. The optimiser works on the same tables, and every plan that
leaves this package is weighed here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alongside.methods.scheduling.season import Area, Roof, SeasonProblem, Turn
from alongside.methods.scheduling.waiting import LATE, Floats, claim, grown, lateness

HELD = 10.0  # a week with a walk: more than any preference among walks
UNPLACED = 5.0  # a week with an area, whose roof is still to be found
URGENCY = 52.0  # weeks after which a walk is worth half as much as today: sooner rather than later
STREETS, NO_ROOF = -1, -2  # instead of a place's number
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Choice:
    """What happens in a week: which area, and under which roof. `place` None and not `outdoors`: still to be found."""

    area: str
    place: str | None = None
    outdoors: bool = True


@dataclass(frozen=True)
class Tables:
    """The objective as arrays. A areas in H homes, T weeks; `spot` is a place's number, STREETS or NO_ROOF.

    home      (A,) int      the home of each area: what is walked, whichever of its areas
    possible  (A, T) bool   whether the area may be walked in that week at all
    base      (A, T)        worth of the week, the place and the leader, at the best spot under the week's rule
    spot      (A, T) int    that spot
    airy      (A, T)        what going outdoors instead would add, in a week that only wants a roof; else 0
    first     (A, T)        worth of the home's first walk of the season, if it is here
    again     (A, T, T)     worth of a walk here in week t where the home's last was in week s; -inf: they lie too close
    pull      (A, places)   worth of each roof for each area
    led       (A, T)        worth of the division's own commander
    ages      (H, T)        weeks since the last walk before the season; infinite where there was none
    waits     (H, T)        weeks of waiting: the same, or since waiting began where there was none
    asked     (H,)          how much each home has asked: the most that any of its areas has
    late_first, late_again  (H, T) and (T, T): what a first and a later walk save of the cost of waiting too long
    urgency   (T,)          what a point is worth in each week
    groups    divisions and neighborhoods with their turns
    soon      homes whose longest wait ends after the season, all too soon after it: so many must be walked in it
    """

    home: Ints
    possible: NDArray[np.bool_]
    base: Floats
    spot: Ints
    airy: Floats
    first: Floats
    again: Floats
    pull: Floats
    led: Floats
    ages: Floats
    waits: Floats
    asked: Floats
    late_first: Floats
    late_again: Floats
    urgency: Floats
    groups: tuple[Group, ...]
    soon: tuple[Group, ...]

    @property
    def counted(self) -> tuple[Group, ...]:
        """Every group whose number of walks costs something."""
        return self.groups + self.soon


@dataclass(frozen=True)
class Group:
    """Areas whose walks are counted together, such as those of a division, and what their number costs.

    target  walks that would be its share, those before the season taken off
    cost    (most walks + 1,) the cost of 0, 1, 2 … walks: convex, at least 0
    firsts  only the first walk of each home counts
    """

    kind: str
    id: str
    members: Ints
    target: float
    cost: Floats
    firsts: bool = False


def tables(season: SeasonProblem) -> Tables:
    """Every number of the objective. Time and memory grow as areas × weeks²."""
    home = np.array([season.home_index[area.home] for area in season.areas], dtype=np.int64)
    ages, urgency = _ages(season, home), _urgency(season)
    waits, asked = _waits(season, ages), requests(season, home)
    late_first, late_again = _late(season, waits)
    pull, led = _pull(season), _led(season)
    base, spot, airy = _spots(season, pull)
    return Tables(
        home=home,
        possible=_possible(season, ages[home]),
        base=base + led,
        spot=spot,
        airy=airy,
        first=_first(season, ages[home], waits[home], asked[home], urgency) + late_first[home],
        again=_again(season, urgency) + late_again[None, :, :],
        pull=pull,
        led=led,
        ages=ages,
        waits=waits,
        asked=asked,
        late_first=late_first,
        late_again=late_again,
        urgency=urgency,
        groups=groups(season, home),
        soon=_soon(season, home, waits),
    )


# -- time -------------------------------------------------------------------------------------------
def _ages(season: SeasonProblem, home: Ints) -> Floats:
    """(H, T) weeks since the last walk before the season; infinite where there was never one."""
    last = np.full(len(season.homes), -np.inf)
    np.maximum.at(last, home, [area.last.toordinal() if area.last else -np.inf for area in season.areas])
    return np.asarray((_day_numbers(season)[None, :] - last[:, None]) / 7.0, dtype=np.float64)


def _waits(season: SeasonProblem, ages: Floats) -> Floats:
    """(H, T) weeks of waiting. Who was never walked waits since `began`, and no shorter than anybody who was."""
    began = (season.weeks[0].day - season.began).days / 7.0 if season.began else 0.0
    known = ages[np.isfinite(ages[:, 0]), 0]
    longest = max(began, float(known.max(initial=0.0)))
    never = longest + ages_within(season)
    return np.asarray(np.where(np.isfinite(ages), ages, never[None, :]), dtype=np.float64)


def ages_within(season: SeasonProblem) -> Floats:
    """(T,) weeks since the season's first day."""
    days = _day_numbers(season)
    return np.asarray((days - days[0]) / 7.0, dtype=np.float64)


def _day_numbers(season: SeasonProblem) -> Floats:
    return np.array([week.day.toordinal() for week in season.weeks], dtype=np.float64)


def _urgency(season: SeasonProblem) -> Floats:
    return np.asarray(2.0 ** (-ages_within(season) / URGENCY), dtype=np.float64)


def _need(season: SeasonProblem) -> Floats:
    return np.array([area.need for area in season.areas])


def _first(season: SeasonProblem, ages: Floats, waits: Floats, asked: Floats, urgency: Floats) -> Floats:
    waited = grown(ages, waits, _need(season)[:, None], season.weights, half_life=season.half_life)
    return np.asarray(
        urgency[None, :] * (waited + season.weights.requests * asked[:, None]), dtype=np.float64
    )


def requests(season: SeasonProblem, home: Ints) -> Floats:
    most = np.zeros(len(season.homes))
    np.maximum.at(most, home, [area.requests for area in season.areas])
    return most


def _again(season: SeasonProblem, urgency: Floats) -> Floats:
    within = ages_within(season)
    gaps = within[None, :] - within[:, None]
    weeks = np.maximum(gaps, 0.0)[None, :, :]
    value = grown(weeks, weeks, _need(season)[:, None, None], season.weights, half_life=season.half_life)
    worth_of = urgency[None, None, :] * value
    near = np.broadcast_to(gaps < season.spacing, worth_of.shape).copy()
    homes = {area.id: area.home for area in season.areas}
    for number, area in enumerate(season.areas):  # two weeks that people fixed stay, however close
        decided = [t for t, fixed in season.fixed.items() if homes[fixed.area] == area.home]
        near[number][np.ix_(decided, decided)] = (gaps <= 0)[np.ix_(decided, decided)]
    return np.asarray(np.where(near, -np.inf, worth_of), dtype=np.float64)


# -- who would wait too long ------------------------------------------------------------------------
def _late(season: SeasonProblem, waits: Floats) -> tuple[Floats, Floats]:
    """(H, T) and (T, T): what a first walk and a later one save of the cost of waiting too long.

    A walk that comes too late has its cost; so has whoever waits too long when the season has ended, a week after its
    last day. Each walk is given what would be lost without it: so the sum over a home's walks is what they save.
    """
    weeks = len(season.weeks)
    if season.longest_wait is None:
        return np.zeros(waits.shape), np.zeros((weeks, weeks))
    longest, within = float(season.longest_wait), ages_within(season)
    left = lateness(within[-1] + 1.0 - within, longest)
    without = lateness(waits[:, -1] + 1.0, longest)
    first = without[:, None] - lateness(waits, longest) - left[None, :]
    again = left[:, None] - lateness(within[None, :] - within[:, None], longest) - left[None, :]
    return np.asarray(first, dtype=np.float64), np.asarray(again, dtype=np.float64)


def _soon(season: SeasonProblem, home: Ints, waits: Floats) -> tuple[Group, ...]:
    """Homes whose longest wait ends within k weeks of the season's end, wherever they are more than k.

    So many as are too many must be walked in the season: afterwards there would be no week left for them. For the
    weeks to come, as many are taken to be open as in the season.
    """
    if season.longest_wait is None:
        return ()
    left = np.ceil(season.longest_wait - waits[:, -1] - 1e-9)  # weeks after the last one of the season
    open_share = len(season.open_weeks) / len(season.weeks)
    made: list[Group] = []
    asked = 0
    for weeks in sorted({int(each) for each in left if each > 0}):
        ends = (left > 0) & (left <= weeks)
        needed = int(ends.sum()) - math.floor(weeks * open_share + 1e-9)
        if needed > asked:
            asked = needed
            members = np.flatnonzero(ends[home]).astype(np.int64)
            missing = np.maximum(needed - np.arange(int(ends.sum()) + 1.0), 0.0)
            made.append(Group("soon", f"{weeks}", members, float(needed), LATE * missing, firsts=True))
    return tuple(made)


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
def groups(season: SeasonProblem, home: Ints) -> tuple[Group, ...]:
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
            most = _most_walks(season, len(np.unique(home[areas])))
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


def _most_walks(season: SeasonProblem, homes: int) -> int:
    """No group has more walks than there are weeks, nor than its homes can have with the spacing between them."""
    weeks = len(season.open_weeks)
    span = (season.weeks[-1].day - season.weeks[0].day).days // 7
    return min(weeks, homes * (span // season.spacing + 1) + len(season.fixed))


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
    late    points of the objective that waiting longer than promised makes, beside a season without any walk
    """

    objective: float
    terms: tuple[dict[str, float], ...]
    unfair: tuple[tuple[str, str, int, float, float], ...]
    late: float


def worth(
    season: SeasonProblem, choices: Sequence[Choice | None], *, made: Tables | None = None
) -> PlanWorth:
    """The objective of a plan, term by term. Raises ValueError where the plan breaks a rule."""
    table = made or tables(season)
    last: dict[int, int] = {}
    walks, firsts = np.zeros((2, len(season.areas)), dtype=np.int64)
    terms: list[dict[str, float]] = []
    for t, choice in enumerate(choices):
        if choice is None:
            terms.append({})
            continue
        number = season.area_index[choice.area]
        home = int(table.home[number])
        terms.append(_terms(season, table, t, number, last.get(home), choice))
        firsts[number] += home not in last
        last[home] = t
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
    too_few = sum(float(group.cost[int(firsts[group.members].sum())]) for group in table.soon)
    total = sum(sum(each.values()) for each in terms) - sum(row[4] for row in unfair) - too_few
    late = sum(each.get("late", 0.0) for each in terms) - too_few
    return PlanWorth(total, tuple(terms), unfair, late)


def _terms(
    season: SeasonProblem, table: Tables, t: int, number: int, before: int | None, choice: Choice
) -> dict[str, float]:
    if not table.possible[number, t]:
        raise ValueError(f"{choice.area} cannot be walked in week {t}")
    if before is not None and not np.isfinite(table.again[number, before, t]):
        raise ValueError(f"{choice.area} comes again too soon in week {t}")
    area, urgency, home = season.areas[number], float(table.urgency[t]), int(table.home[number])
    waited = weeks_waited(season, table, number, before, t)
    waits = waited if before is not None else float(table.waits[home, t])
    asked = float(table.asked[home]) if before is None else 0.0
    speaks = claim(area.need, asked, waited, season.weights, half_life=season.half_life, waits=waits)
    late = table.late_first[home, t] if before is None else table.late_again[before, t]
    return {
        **{name: urgency * points for name, points in speaks.items()},
        "late": float(late),
        "leader": float(table.led[number, t]),
        **_spot_terms(season, table, t, number, choice),
    }


def weeks_waited(season: SeasonProblem, table: Tables, number: int, before: int | None, t: int) -> float:
    """Weeks since the home's last walk, in the season or before it; infinite where there was never one."""
    if before is None:
        return float(table.ages[table.home[number], t])
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
