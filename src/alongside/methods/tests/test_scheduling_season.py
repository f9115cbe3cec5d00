"""The best season, against every plan there is; and what must stay true of any season."""

import hashlib
import itertools
import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from alongside.methods.scheduling import (
    Area,
    Choice,
    Fixed,
    Place,
    PlanWeek,
    Roof,
    SeasonProblem,
    SeasonRefused,
    Turn,
    Weights,
    commitment,
    lot,
    plan,
    seed_of,
    worth,
)
from alongside.methods.scheduling.worth import tables

SATURDAY = date(2027, 1, 2)


def saturdays(count: int) -> list[date]:
    return [SATURDAY + timedelta(weeks=number) for number in range(count)]


def outdoors(count: int) -> list[PlanWeek]:
    return [PlanWeek(day) for day in saturdays(count)]


NEEDY, OTHER = Area("needy", 1.0), Area("other", 0.5)


# -- a slow, obvious twin -------------------------------------------------------------------------
def points(season: SeasonProblem, choices) -> float | None:
    """The objective as the page says it, in plain steps; None where a rule is broken."""
    weights, total, last, count, walked = season.weights, 0.0, {}, {}, {}
    before_it = {home: last_walk(season, home) for home in homes(season)}
    areas = {area.id: area for area in season.areas}
    outside = 0
    for t, choice in enumerate(choices):
        if choice is None:
            if t in season.fixed:
                return None
            continue
        area_id, place = choice
        area, week, fixed = areas[area_id], season.weeks[t], season.fixed.get(t)
        if fixed is None and (week.closed or area_id in week.barred):
            return None
        if fixed is not None and (fixed.area != area_id or (fixed.place and fixed.place != place)):
            return None
        home = area.neighborhood or area_id
        before, was_fixed = last.get(home, (before_it[home], False))
        gap = None if before is None else (week.day - before).days / 7
        excused = fixed is not None and (home not in last or was_fixed)
        if gap is not None and gap < season.spacing and not excused:
            return None
        waits = gap if gap is not None else (week.day - waiting_since(season)).days / 7
        grown = 1.0 if gap is None else 1 - 2 ** (-gap / season.half_life)
        soon = 2 ** (-((week.day - season.weeks[0].day).days / 7) / 52)
        total += soon * (weights.need * area.need * grown + weights.waiting * (grown + waits / 52))
        if home not in last:
            asked = max(each.requests for each in season.areas if (each.neighborhood or each.id) == home)
            total += soon * weights.requests * asked
        if week.led is not None and area.division in week.led:
            total += weights.leader
        worth_of_place = place_points(season, week, area_id, place, fixed)
        if worth_of_place is None:
            return None
        total += worth_of_place
        if place == "street" and week.roof is Roof.WANTED:
            outside += 1
        last[home] = (week.day, fixed is not None)
        count[area_id] = count.get(area_id, 0) + 1
        walked.setdefault(home, []).append(week.day)
    if outside > season.most_outdoors:
        return None
    saved = late_points(season, {}) - late_points(season, walked)
    return total + saved - unfair_points(season, count) - soon_points(season, walked)


def homes(season):
    return {area.neighborhood or area.id for area in season.areas}


def last_walk(season, home):
    days = [area.last for area in season.areas if (area.neighborhood or area.id) == home and area.last]
    return max(days, default=None)


def waiting_since(season):
    """Since when whoever was never walked waits: no shorter than anybody who was."""
    known = [day for home in homes(season) if (day := last_walk(season, home))]
    return min([season.began or season.weeks[0].day, *known])


def late_points(season, walked):
    """What it costs that homes wait beyond the longest wait, with these walks."""
    if season.longest_wait is None:
        return 0.0
    cost, end = 0.0, season.weeks[-1].day + timedelta(weeks=1)
    for home in homes(season):
        since = last_walk(season, home) or waiting_since(season)
        for day in [*walked.get(home, []), end]:
            beyond = max(0.0, (day - since).days / 7 - season.longest_wait)
            cost += 50 * beyond * (1 + beyond / season.longest_wait)
            since = day
    return cost


def soon_points(season, walked):
    """What it costs that after the season more homes wait than there are weeks until they must be walked."""
    if season.longest_wait is None:
        return 0.0
    open_weeks = sum(1 for t, week in enumerate(season.weeks) if not week.closed or t in season.fixed)
    ends = {}
    for home in homes(season):
        since = last_walk(season, home) or waiting_since(season)
        ends[home] = math.ceil(season.longest_wait - (season.weeks[-1].day - since).days / 7 - 1e-9)
    cost = most = 0
    for weeks in range(1, 500):
        soon = [home for home in ends if 0 < ends[home] <= weeks]
        needed = len(soon) - math.floor(weeks * open_weeks / len(season.weeks) + 1e-9)
        if needed > most:
            most = needed
            cost += 50 * max(0, needed - sum(home in walked for home in soon))
    return cost


def place_points(season, week, area_id, place, fixed):
    if place == "street":
        return None if week.roof is Roof.NEEDED else 10.0
    if week.roof is Roof.NONE and not (fixed and fixed.place):
        return None
    if place is None:
        return 5.0
    here = next(each for each in season.places if each.id == place)
    if (week.day not in here.open_on or area_id not in here.reach) and not (fixed and fixed.place):
        return None
    return 10.0 + season.weights.place * here.reach.get(area_id, 0.0)


def unfair_points(season, count):
    total = 0.0
    weeks = sum(1 for t, week in enumerate(season.weeks) if not week.closed or t in season.fixed)
    for turns, kind in ((season.divisions, "division"), (season.neighborhoods, "neighborhood")):
        here = {name for name in turns if any(getattr(area, kind) == name for area in season.areas)}
        people, before = sum(turns[n].share for n in here), sum(turns[n].walks for n in here)
        for name in here:
            due = turns[name].share / people * (before + weeks)
            walks = sum(n for area, n in count.items() if getattr(by_id(season, area), kind) == name)
            off, scale = abs(walks + turns[name].walks - due), max(due, 1.0)
            cost = off**2 / scale if off <= scale / 2 else off - scale / 4
            total += season.weights.fairness / 2 * cost
    return total


def by_id(season, name):
    return next(area for area in season.areas if area.id == name)


def best_of_all(season: SeasonProblem) -> float:
    """Every plan there is."""
    spots = ["street", None, *(place.id for place in season.places)]
    options = [None, *itertools.product([area.id for area in season.areas], spots)]
    a_week = [[each for each in options if alone(season, t, each)] for t in range(len(season.weeks))]
    scores = (points(season, choices) for choices in itertools.product(*a_week))
    return max(each for each in scores if each is not None)


def alone(season, t, option) -> bool:
    """Whether a week by itself allows this: the rest is left to `points`."""
    if option is None:
        return t not in season.fixed
    fixed, week = season.fixed.get(t), season.weeks[t]
    if fixed is not None and fixed.area != option[0]:
        return False
    return place_points(season, week, *option, fixed) is not None


def a_season(seed: int, *, weeks: int = 4, areas: int = 3) -> SeasonProblem:
    """Anything may be in it: winters, holidays, fixed weeks, places that close or are too far, areas that mourn."""
    rng, far = np.random.default_rng(seed), np.random.default_rng([seed, 1])
    days = saturdays(weeks)
    roofs = [Roof.NONE, Roof.WANTED, Roof.NEEDED]
    names = [f"a{number}" for number in range(areas)]
    return SeasonProblem(
        weeks=[
            PlanWeek(
                day,
                roof=roofs[rng.integers(3)],
                closed="holiday" if rng.random() < 0.15 else "",
                led=frozenset({"north"}) if rng.random() < 0.5 else None,
                barred=frozenset({names[0]}) if rng.random() < 0.15 else frozenset(),
            )
            for day in days
        ],
        areas=[
            Area(
                name,
                need=float(rng.integers(4)) / 3,
                requests=float(rng.integers(3)) / 2,
                last=SATURDAY - timedelta(days=int(rng.integers(1, 200))) if rng.random() < 0.5 else None,
                division=["north", "south", ""][rng.integers(3)],
                neighborhood=["n0", "n1", ""][rng.integers(3)],
            )
            for name in names
        ],
        places=[
            Place(
                "mall",
                frozenset(day for day in days if rng.random() < 0.7),
                {
                    name: share
                    for name in names
                    if (share := round(float(rng.random()), 2)) and far.random() < 0.7
                },
            )
        ],
        divisions={"north": Turn(0.7, int(rng.integers(4))), "south": Turn(0.3, int(rng.integers(4)))},
        neighborhoods={"n0": Turn(0.5), "n1": Turn(0.5, 2)},
        fixed={1: Fixed(names[1], "mall" if rng.random() < 0.5 else None)} if rng.random() < 0.3 else {},
        spacing=int(rng.integers(1, 4)),
        most_outdoors=int(rng.integers(3)),
        weights=Weights(fairness=float(rng.choice([0.1, 1.0, 3.0]))),
        longest_wait=int(rng.integers(3, 12)) if rng.random() < 0.6 else None,
        began=SATURDAY - timedelta(days=int(rng.integers(0, 100))) if rng.random() < 0.5 else None,
    )


@pytest.mark.parametrize("seed", range(50))
def test_no_plan_at_all_is_better(seed):
    compare_with_every_plan([seed])


@pytest.mark.heavy
def test_no_plan_at_all_is_better_in_many_more_seasons():
    compare_with_every_plan(range(50, 250))


def compare_with_every_plan(seeds):
    for seed in seeds:
        season = a_season(seed)
        best = best_of_all(season)
        season_plan = plan(season, alternatives=0)
        assert season_plan.best == pytest.approx(best, abs=1e-9), seed
        assert season_plan.objective == pytest.approx(best, abs=1e-6), seed
        assert best <= season_plan.bound + 1e-9
        assert season_plan.gap < 1e-9


@pytest.mark.parametrize("seed", range(8))
def test_another_choice_costs_what_the_best_plan_with_it_loses(seed):
    season = replace(a_season(seed, weeks=3), fixed={})
    best, priced = best_of_all(season), 0
    for t, week in enumerate(plan(season, alternatives=9).weeks):
        for other in week.alternatives:
            assert other.exact
            forced = best_with(season, t, other.area)
            assert other.cost == pytest.approx(best - forced, abs=1e-6), (seed, t, other)
            assert other.least <= other.cost + 1e-9
            priced += 1
    assert priced


def best_with(season, t, area):
    """The best of every plan in which this area is walked in this week, without excusing it from any rule."""
    spots = ["street", None, *(place.id for place in season.places)]
    options = [None, *itertools.product([each.id for each in season.areas], spots)]
    here = [each for each in options if each is not None and each[0] == area]
    a_week = [here if number == t else options for number in range(len(season.weeks))]
    scores = (points(season, choices) for choices in itertools.product(*a_week))
    return max((each for each in scores if each is not None), default=-np.inf)


# -- by hand --------------------------------------------------------------------------------------
def test_the_worked_example_of_the_page():
    season_plan = plan(
        SeasonProblem(outdoors(2), [OTHER, NEEDY], spacing=1, weights=Weights(place=0, leader=0))
    )
    assert [week.area for week in season_plan.weeks] == ["needy", "other"]
    assert season_plan.objective == pytest.approx(20.9985, abs=1e-4)
    other = season_plan.weeks[0].alternatives[0]
    assert (other.area, other.exact) == ("other", True)
    assert other.cost == pytest.approx(0.0026, abs=1e-4)


def test_an_area_does_not_come_again_before_its_time():
    season_plan = plan(SeasonProblem(outdoors(6), [NEEDY], spacing=3))
    walked = [t for t, week in enumerate(season_plan.weeks) if week.area]
    assert len(walked) == 2
    assert walked[1] - walked[0] >= 3
    recent = replace(NEEDY, last=SATURDAY - timedelta(weeks=1))
    season_plan = plan(SeasonProblem(outdoors(6), [recent], spacing=3))
    assert next(t for t, week in enumerate(season_plan.weeks) if week.area) == 2


def test_divisions_take_turns_by_how_many_people_live_there():
    areas = [Area(f"big{n}", 0.5, division="big") for n in range(8)]
    areas += [Area(f"small{n}", 1.0, division="small") for n in range(8)]
    by_need = plan(SeasonProblem(outdoors(8), areas, weights=Weights(fairness=0.0)))
    assert {week.area[:3] for week in by_need.weeks} == {"sma"}
    turns = {"big": Turn(0.75), "small": Turn(0.25)}
    fair = plan(SeasonProblem(outdoors(8), areas, divisions=turns, weights=Weights(fairness=2.0)))
    assert sum(week.area.startswith("big") for week in fair.weeks) == 6


def test_in_the_winter_one_meets_where_people_of_the_area_go():
    days = saturdays(2)
    near = Place("near", frozenset(days), {"needy": 0.9, "other": 0.1})
    far = Place("far", frozenset(days), {"needy": 0.1, "other": 0.05})
    winter = [PlanWeek(day, Roof.NEEDED) for day in days]
    season_plan = plan(SeasonProblem(winter, [NEEDY, OTHER], [far, near], spacing=2))
    assert [(week.area, week.place) for week in season_plan.weeks] == [("needy", "near"), ("other", "near")]
    shut = replace(near, open_on=frozenset(days[1:]))
    season_plan = plan(SeasonProblem(winter, [NEEDY], [far, shut], spacing=1))
    assert [week.place for week in season_plan.weeks] == ["far", "near"]


def test_nobody_is_sent_to_a_roof_that_is_too_far_unless_a_person_says_so():
    days = saturdays(2)
    winter = [PlanWeek(day, Roof.NEEDED) for day in days]
    mall = Place("mall", frozenset(days), {"other": 1.0})
    season = SeasonProblem(winter, [NEEDY, OTHER], [mall], spacing=2)
    found = {week.area: (week.place, week.roof_missing) for week in plan(season).weeks}
    assert found == {"needy": (None, True), "other": ("mall", False)}
    decided = replace(season, fixed={0: Fixed("needy", "mall")})
    assert plan(decided).weeks[0].place == "mall"
    with pytest.raises(ValueError, match="too far"):
        worth(season, [Choice("needy", "mall", False), None])


def test_the_nearest_roof_goes_before_one_that_more_areas_use():
    days = saturdays(1)
    hall = Place("hall", frozenset(days), {"needy": 0.6})
    mall = Place("mall", frozenset(days), {"needy": 0.5, "other": 1.0})
    winter = [PlanWeek(day, Roof.NEEDED) for day in days]
    assert plan(SeasonProblem(winter, [NEEDY, OTHER], [mall, hall])).weeks[0].place == "hall"


def test_where_no_roof_is_open_the_week_says_so_or_goes_outdoors_where_it_may():
    winter = [PlanWeek(day, Roof.WANTED) for day in saturdays(2)]
    season_plan = plan(SeasonProblem(winter, [NEEDY, OTHER]))
    assert [week.roof_missing for week in season_plan.weeks] == [True, True]
    season_plan = plan(SeasonProblem(winter, [NEEDY, OTHER], most_outdoors=1))
    assert sorted(week.indoors for week in season_plan.weeks) == [False, True]


def test_a_season_of_closed_weeks_is_empty():
    turns = {"north": Turn(1.0, 2)}
    shut = [replace(week, closed="pause") for week in outdoors(3)]
    season_plan = plan(SeasonProblem(shut, [replace(NEEDY, division="north")], divisions=turns))
    assert [(week.area, week.closed) for week in season_plan.weeks] == [(None, "pause")] * 3
    assert season_plan.gap == 0


def test_a_closed_week_keeps_its_reason():
    weeks = outdoors(2)
    season_plan = plan(SeasonProblem([replace(weeks[0], closed="holiday"), weeks[1]], [NEEDY]))
    assert season_plan.weeks[0].area is None
    assert season_plan.weeks[0].closed == "holiday"
    assert season_plan.weeks[1].area == "needy"


def test_what_a_person_fixed_stays_however_little_it_is_worth():
    nobody = Area("nobody", 0.0, last=SATURDAY - timedelta(days=1))
    fixed = {1: Fixed("nobody"), 2: Fixed("nobody")}
    season = SeasonProblem(outdoors(4), [NEEDY, OTHER, nobody], fixed=fixed, spacing=4)
    season_plan = plan(season)
    assert [week.area for week in season_plan.weeks[1:3]] == ["nobody", "nobody"]
    assert [week.fixed for week in season_plan.weeks] == [False, True, True, False]
    assert season_plan.weeks[1].alternatives == ()


@pytest.mark.parametrize("seed", range(0, 40, 4))
def test_closing_a_place_or_a_week_never_gains_and_opening_never_loses(seed):
    season = a_season(seed, weeks=5, areas=4)
    before = plan(season, alternatives=0).best
    shut = [replace(place, open_on=frozenset(sorted(place.open_on)[1:])) for place in season.places]
    assert plan(replace(season, places=shut), alternatives=0).best <= before + 1e-9
    always = [replace(place, open_on=frozenset(saturdays(5))) for place in season.places]
    assert plan(replace(season, places=always), alternatives=0).best >= before - 1e-9
    could = np.flatnonzero(tables(season).possible[:, 0])
    if not season.fixed and len(could):
        first = Fixed(season.areas[could[0]].id)
        assert plan(replace(season, fixed={0: first}), alternatives=0).best <= before + 1e-9


def test_a_choice_that_no_plan_allows_costs_everything():
    days = outdoors(3)
    season = SeasonProblem(days, [NEEDY, OTHER], spacing=3, fixed={1: Fixed("needy")})
    first = plan(season, alternatives=5).weeks[0]
    assert first.area == "other"
    forced = {each.area: each.cost for each in first.alternatives}
    assert forced.get("needy", np.inf) == np.inf


def test_a_plan_weighed_again_is_worth_the_same():
    season = a_season(3, weeks=5, areas=4)
    season_plan = plan(season, alternatives=0)
    choices = [
        Choice(week.area, week.place, outdoors=not week.indoors) if week.area else None
        for week in season_plan.weeks
    ]
    weighed = worth(season, choices)
    assert weighed.objective == pytest.approx(season_plan.objective)
    for week, terms in zip(season_plan.weeks, weighed.terms, strict=True):
        assert dict(week.terms) == pytest.approx(terms)


def test_a_plan_that_breaks_a_rule_has_no_worth():
    season = SeasonProblem(outdoors(2), [NEEDY], spacing=2)
    assert worth(season, [Choice("needy"), None]).objective > 0
    with pytest.raises(ValueError):
        worth(season, [Choice("needy"), Choice("needy")])


# -- the draw -------------------------------------------------------------------------------------
ALIKE = [Area(f"alike{number}", 0.6) for number in range(6)]


def test_a_lot_can_be_drawn_again_by_anybody():
    by_hand = hashlib.sha256(b"snow:2027-01-02:alike1").hexdigest()
    assert lot("snow", "2027-01-02", "alike1") == int(by_hand[:13], 16) / 16**13
    assert commitment("snow") == hashlib.sha256(b"snow").hexdigest()
    assert seed_of("snow", 7) == hashlib.sha256(b"snow:7").hexdigest()


# -- nonsense -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "wrong",
    [
        {"weeks": []},
        {"weeks": outdoors(2)[::-1]},
        {"weeks": outdoors(54)},
        {"areas": []},
        {"areas": [NEEDY, NEEDY]},
        {"areas": [Area("odd", 1.5)]},
        {"areas": [Area("odd", float("nan"))]},
        {"areas": [Area("odd", 0.5, last=SATURDAY + timedelta(days=1))]},
        {"places": [Place("mall", frozenset(), {"needy": 2.0})]},
        {"divisions": {"north": Turn(-1.0)}},
        {"fixed": {7: Fixed("needy")}},
        {"fixed": {0: Fixed("elsewhere")}},
        {"spacing": 0},
    ],
)
def test_a_season_that_cannot_be_is_refused(wrong):
    sound = {"weeks": outdoors(2), "areas": [NEEDY, OTHER]}
    assert plan(SeasonProblem(**sound), alternatives=0).objective > 0
    with pytest.raises(SeasonRefused):
        SeasonProblem(**(sound | wrong))
