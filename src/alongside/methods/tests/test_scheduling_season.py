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
    BadRedraws,
    Choice,
    Fixed,
    Place,
    PlanWeek,
    Redraws,
    Roof,
    SeasonProblem,
    SeasonRefused,
    Turn,
    Weights,
    claim,
    commitment,
    lot,
    network,
    plan,
    redraws,
    seed_of,
    shares,
    worth,
)
from alongside.methods.scheduling import planning as planned
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
    drawn = redraws(SeasonProblem(outdoors(2), [OTHER, NEEDY], spacing=1), "snow", band=0.05, draws=30)
    assert drawn.is_drawn(0, "needy")
    in_one_week = redraws(SeasonProblem(outdoors(1), [OTHER, NEEDY]), "snow", band=0.05, draws=30)
    assert in_one_week.chances()["needy"] == [1.0]


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


# -- a neighborhood is walked, not an area ---------------------------------------------------------
RUSSELL = [Area(f"russell{side}", 1.0, requests=1.0, neighborhood="russell") for side in ("east", "west")]


def test_two_areas_of_one_neighborhood_wait_and_ask_together():
    season_plan = plan(SeasonProblem(outdoors(4), [*RUSSELL, OTHER], spacing=3))
    russell = [t for t, week in enumerate(season_plan.weeks) if (week.area or "").startswith("russell")]
    assert russell == [0, 3]
    first, second = (season_plan.weeks[t] for t in russell)
    assert (first.weeks_waited, second.weeks_waited) == (None, 3)
    assert first.terms["requests"] > 0
    assert second.terms["requests"] == 0
    alone = [replace(area, neighborhood="") for area in RUSSELL]
    apart = plan(SeasonProblem(outdoors(4), [*alone, OTHER], spacing=3))
    assert [week.area[:7] for week in apart.weeks[:2]] == ["russell"] * 2, "as it would be, each by itself"


def test_whichever_area_was_walked_last_the_neighborhood_was():
    walked = [replace(RUSSELL[0], last=SATURDAY - timedelta(weeks=1)), RUSSELL[1]]
    season_plan = plan(SeasonProblem(outdoors(3), walked, spacing=3))
    assert [bool(week.area) for week in season_plan.weeks] == [False, False, True]


def test_of_two_areas_the_one_is_taken_that_the_week_suits():
    areas = [replace(area, division=area.id) for area in RUSSELL]
    weeks = [PlanWeek(day, led=frozenset({"russellwest"})) for day in saturdays(1)]
    assert plan(SeasonProblem(weeks, areas)).weeks[0].area == "russellwest"


# -- nobody waits for ever --------------------------------------------------------------------------
def many(count: int, need: float = 1.0, **more) -> list[Area]:
    return [Area(f"{'high' if need == 1 else 'low'}{number}", need, **more) for number in range(count)]


def walked_over_the_years(areas, seasons, *, weeks=4, spacing=2, **more):
    """Home → the days it was walked on, and whether anybody was overdue, in seasons that follow each other."""
    walked, overdue, first = {area.id: [] for area in areas}, [], SATURDAY
    for _season in range(seasons):
        here = [replace(area, last=max(walked[area.id], default=None)) for area in areas]
        days = [PlanWeek(first + timedelta(weeks=number)) for number in range(weeks)]
        season_plan = plan(SeasonProblem(days, here, spacing=spacing, began=SATURDAY, **more), alternatives=0)
        for week in season_plan.weeks:
            walked[week.area].append(week.day)
        overdue += season_plan.overdue
        first += timedelta(weeks=weeks)
    return walked, overdue


def longest(walked, end):
    waits = [
        (later - day).days / 7
        for days in walked.values()
        for day, later in itertools.pairwise([SATURDAY, *days, end])
    ]
    return max(waits)


def test_nobody_waits_longer_than_promised_where_it_can_be_met():
    areas, end = [*many(6), *many(4, 0.0)], SATURDAY + timedelta(weeks=60)
    promised, overdue = walked_over_the_years(areas, 15, longest_wait=14)
    assert (longest(promised, end) <= 14, overdue) == (True, [])
    only_the_weights = Weights(waiting=0.0)
    assert longest(walked_over_the_years(areas, 15, weights=only_the_weights)[0], end) == 60
    kept, overdue = walked_over_the_years(areas, 15, weights=only_the_weights, longest_wait=14)
    assert (longest(kept, end) <= 14, overdue) == (True, [])


@pytest.mark.parametrize(
    ("seed", "can_be_kept"),
    [(3, False), (4, False), (9, False), (11, True), (14, True), (22, True), (24, True)],
)
def test_wherever_any_plan_keeps_the_longest_wait_the_season_does(seed, can_be_kept):
    season = replace(a_season(seed, weeks=3), most_outdoors=0)
    spots = ["street", None, *(place.id for place in season.places)]
    options = [None, *itertools.product([area.id for area in season.areas], spots)]
    every = itertools.product(*([each for each in options if alone(season, t, each)] for t in range(3)))
    plans = (choices for choices in every if points(season, choices) is not None)
    assert any(late_points(season, days_walked(season, choices)) == 0 for choices in plans) == can_be_kept
    assert (plan(season, alternatives=0).overdue == ()) == can_be_kept


def days_walked(season, choices):
    """Home → the days it is walked on."""
    home, walked = {area.id: area.neighborhood or area.id for area in season.areas}, {}
    for week, each in zip(season.weeks, choices, strict=True):
        if each:
            walked.setdefault(home[each[0]], []).append(week.day)
    return walked


def test_without_such_a_promise_waiting_counts_until_everybody_is_walked():
    areas = [*many(12), *many(6, 1 / 3)]
    walked, _overdue = walked_over_the_years(areas, 40)
    promised = shares(SeasonProblem(outdoors(4), areas, spacing=2))
    low = sum(len(days) for area, days in walked.items() if area.startswith("low"))
    assert min(map(len, walked.values())) >= 2
    assert low / 160 == pytest.approx(6 * promised["low0"], abs=0.05)


def test_so_many_are_walked_in_time_that_afterwards_there_is_a_week_for_each():
    soon = many(5, 0.0, last=SATURDAY - timedelta(weeks=8))  # five must be walked within two weeks of its end
    others = many(4, last=SATURDAY - timedelta(weeks=7))
    season = SeasonProblem(outdoors(4), [*soon, *others], spacing=1, longest_wait=13)
    assert sum((week.area or "").startswith("low") for week in plan(season).weeks) == 3
    without = plan(replace(season, longest_wait=None))
    assert not any((week.area or "").startswith("low") for week in without.weeks)


def test_who_waits_longest_goes_first_where_not_all_can_be_in_time():
    areas = [
        Area(f"a{number}", need=0.1 * number, last=SATURDAY - timedelta(weeks=40 - number))
        for number in range(6)
    ]
    season_plan = plan(SeasonProblem(outdoors(3), areas, spacing=1, longest_wait=20), alternatives=0)
    assert [week.area for week in season_plan.weeks] == ["a0", "a1", "a2"]
    waits = [each.weeks for each in season_plan.overdue]
    assert (len(waits), waits) == (6, sorted(waits, reverse=True))
    assert {each.why for each in season_plan.overdue} == {"before"}
    assert {each.home: each.walked for each in season_plan.overdue}["a5"] is None


@pytest.mark.parametrize(
    ("why", "change"),
    [
        ("closed", {"weeks": [replace(week, closed="holiday") for week in outdoors(2)] + outdoors(4)[2:]}),
        ("barred", {"weeks": [replace(week, barred=frozenset({"other"})) for week in outdoors(4)]}),
        ("fixed", {"fixed": {0: Fixed("needy"), 1: Fixed("needy")}}),
        ("spacing", {"spacing": 12, "areas": [replace(OTHER, last=SATURDAY - timedelta(days=78)), NEEDY]}),
        (
            "many",
            {"areas": [replace(each, last=SATURDAY - timedelta(weeks=11)) for each in (OTHER, *many(6))]},
        ),
    ],
)
def test_the_plan_says_who_waits_too_long_and_why(why, change):
    waits = replace(OTHER, last=SATURDAY - timedelta(weeks=11))
    kept = {"weeks": outdoors(4), "areas": [waits, NEEDY], "spacing": 2, "longest_wait": 12}
    assert plan(SeasonProblem(**kept)).overdue == ()
    overdue = plan(SeasonProblem(**(kept | change))).overdue
    assert why in {each.why for each in overdue if why == "many" or each.home == "other"}
    assert all(each.weeks > 12 for each in overdue)


def test_what_another_choice_costs_tells_how_much_of_it_is_that_somebody_waits_too_long():
    waits = replace(OTHER, last=SATURDAY - timedelta(weeks=12))
    season = SeasonProblem(
        outdoors(4), [waits, replace(NEEDY, last=SATURDAY - timedelta(weeks=4))], spacing=2, longest_wait=12
    )
    first = plan(season).weeks[0]
    (late,) = first.alternatives
    assert first.area == "other"
    assert first.terms["late"] > 50
    assert late.late == pytest.approx(50 * (1 + 1 / 12)), "a week beyond twelve"
    assert late.cost == pytest.approx(late.late, abs=4), "the rest is preference"
    calm = plan(replace(season, longest_wait=None)).weeks[0]
    assert calm.terms["late"] == 0
    assert [each.late for each in calm.alternatives] == [0]


def test_a_home_that_was_never_walked_has_waited_no_shorter_than_any_other():
    walked = Area("walked", 0.5, last=SATURDAY - timedelta(weeks=30))
    season = SeasonProblem(outdoors(1), [walked, Area("never", 0.5)])
    assert plan(season).weeks[0].area == "never"
    assert plan(replace(season, longest_wait=20)).overdue[0].weeks == 31


# -- in the long run --------------------------------------------------------------------------------
def test_in_the_long_run_every_claim_grows_to_the_same_height():
    areas = [*many(40), *many(20, 1 / 3)]
    season = SeasonProblem(outdoors(4), areas, spacing=4)
    share = shares(season)
    assert sum(share.values()) == pytest.approx(1)
    heights = [
        sum(claim(area.need, 0.0, 1 / share[area.id], season.weights).values())
        for area in (areas[0], areas[-1])
    ]
    assert heights[0] == pytest.approx(heights[1], abs=1e-6)
    assert share["high0"] > share["low0"]


def test_the_longest_wait_and_the_spacing_bound_the_shares():
    areas = [*many(40), *many(20, 1 / 3)]
    promised = SeasonProblem(outdoors(4), areas, spacing=4, longest_wait=80)
    assert shares(promised)["low0"] == pytest.approx(1 / 80, rel=1e-6)
    more_than_weeks = shares(replace(promised, longest_wait=52))
    assert list(more_than_weeks.values()) == pytest.approx([1 / 60] * 60)
    few = shares(SeasonProblem(outdoors(4), [NEEDY, OTHER], spacing=2))
    assert few == {"needy": pytest.approx(0.5), "other": pytest.approx(0.5)}


def test_the_shares_that_the_page_promises():
    season = SeasonProblem(outdoors(4), [*many(40), *many(20, 1 / 3)], spacing=4)
    for longest_wait, weeks in ((None, (48, 115)), (104, (50, 104)), (52, (60, 60))):
        share = shares(replace(season, longest_wait=longest_wait))
        assert (round(1 / share["high0"]), round(1 / share["low0"])) == weeks


def test_two_areas_of_one_neighborhood_have_one_share():
    share = shares(SeasonProblem(outdoors(4), [*RUSSELL, NEEDY], spacing=1))
    assert share == {"russell": pytest.approx(0.5), "needy": pytest.approx(0.5)}


# -- the draw -------------------------------------------------------------------------------------
ALIKE = [Area(f"alike{number}", 0.6, division=f"d{number % 3}") for number in range(8)]


def suited(count: int) -> list[PlanWeek]:
    """Weeks in which one division's commander is free, and in the first, areas alike are not alike in everything."""
    return [PlanWeek(day, led=frozenset({f"d{number % 3}"})) for number, day in enumerate(saturdays(count))]


def test_a_lot_can_be_drawn_again_by_anybody():
    by_hand = hashlib.sha256(b"snow:2027-01-02:alike1").hexdigest()
    assert lot("snow", "2027-01-02", "alike1") == int(by_hand[:13], 16) / 16**13
    assert commitment("snow") == hashlib.sha256(b"snow").hexdigest()
    assert seed_of("snow", 7) == hashlib.sha256(b"snow:7").hexdigest()


def test_whoever_speaks_for_itself_as_loud_can_come_first():
    weights = Weights(leader=0.01)
    season = SeasonProblem(suited(3), ALIKE, spacing=9, weights=weights)
    drawn = redraws(season, "snow", band=0.05, draws=90)
    chances = drawn.chances()
    assert all(chances[area.id][0] > 0 for area in ALIKE)
    in_first = {area.division: chances[area.id][0] for area in ALIKE}
    assert in_first["d0"] > in_first["d1"], "the commander still weighs"
    assert [sum(chances[area.id][t] for area in ALIKE) for t in range(3)] == pytest.approx([1, 1, 1])


def test_those_alike_in_everything_have_the_same_chance():
    season = SeasonProblem(outdoors(1), [Area(f"a{number}", 0.6) for number in range(4)])
    chances = redraws(season, "snow", band=0.05, draws=150).chances()
    assert [chances[f"a{number}"][0] for number in range(4)] == pytest.approx([0.25] * 4, abs=0.1)


def test_the_draw_leaves_nobody_out_whose_claim_is_higher_by_more_than_the_band():
    season = SeasonProblem(outdoors(3), [NEEDY, *ALIKE[:4]], spacing=9)
    drawn = redraws(season, "snow", band=0.05, draws=30)
    assert drawn.walked()["needy"] == 1
    assert all(0 < drawn.walked()[area.id] < 1 for area in ALIKE[:4])
    as_good_as_none = redraws(season, "snow", band=0.0005, draws=20)
    assert as_good_as_none.chances()["needy"][0] == 1
    assert not as_good_as_none.is_drawn(0, "needy")


def test_the_draw_breaks_no_rule_and_costs_no_more_than_it_may():
    days = saturdays(4)
    only = Place("mall", frozenset(days), {area.id: 0.1 * n for n, area in enumerate(ALIKE)})
    barred = frozenset(area.id for area in ALIKE[3:])
    weeks = [
        PlanWeek(day, Roof.NEEDED, barred=barred if n < 2 else frozenset()) for n, day in enumerate(days)
    ]
    season = SeasonProblem(weeks, ALIKE, [only], spacing=9, fixed={3: Fixed("alike0")})
    for seed in map(str, range(20)):
        season_plan = plan(season, seed=seed, band=0.02, alternatives=0)
        assert season_plan.weeks[3].area == "alike0"
        assert not barred & {week.area for week in season_plan.weeks[:2]}
        assert 0 <= season_plan.best - season_plan.objective <= 0.02 * len(days)


@pytest.mark.parametrize("seed", range(6))
def test_the_drawn_plan_is_the_best_of_all_with_the_lots_added(seed):
    season = a_season(seed, weeks=3)
    spots = ["street", None, *(place.id for place in season.places)]
    options = [None, *itertools.product([area.id for area in season.areas], spots)]
    best = max(
        (value + lots_of(season, choices), choices)
        for choices in itertools.product(options, repeat=3)
        if (value := points(season, choices)) is not None
    )[1]
    season_plan = plan(season, seed="snow", band=0.3, alternatives=0)
    assert [week.area for week in season_plan.weeks] == [each and each[0] for each in best]


def lots_of(season, choices) -> float:
    homes_of = {area.id: area.neighborhood or area.id for area in season.areas}
    return sum(
        0.3 * lot("snow", week.day.isoformat(), homes_of[each[0]])
        for week, each in zip(season.weeks, choices, strict=True)
        if each
    )


def test_the_same_season_is_planned_the_same_way_twice():
    season = a_season(11, weeks=5, areas=4)
    assert plan(season, seed="snow", band=0.1).weeks == plan(season, seed="snow", band=0.1).weeks


def test_a_draw_that_the_clock_ends_before_its_proof_is_none(monkeypatch):
    season, proven = SeasonProblem(suited(3), ALIKE, spacing=9), network.solve
    assert plan(season, seed="snow", band=0.05, alternatives=0)

    def unproven(*given, **more):
        found = proven(*given, **more)
        return replace(found, bound=found.value + 0.001)

    monkeypatch.setattr(network, "solve", unproven)
    assert plan(season, alternatives=0).gap > 0
    with pytest.raises(network.OutOfTime):
        plan(season, seed="snow", band=0.05, alternatives=0)


def test_the_draw_has_its_own_clock(monkeypatch):
    """However long the best plan took: else a season could be planned for ever, and never be drawn."""
    season, at, deadlines = SeasonProblem(suited(3), ALIKE, spacing=9), [0.0], []
    solved = network.solve

    def slow(*given, deadline, **more):
        deadlines.append(deadline)
        at[0] += 7.0
        return solved(*given, deadline=math.inf, **more)

    monkeypatch.setattr(network, "solve", slow)
    monkeypatch.setattr(planned.time, "perf_counter", lambda: at[0])
    plan(season, seed="snow", band=0.05, alternatives=0, seconds=8)
    assert deadlines == [8.0, 15.0]


# -- the draws that were not ------------------------------------------------------------------------
def test_draw_nought_is_the_season():
    season = SeasonProblem(suited(4), ALIKE, spacing=9)
    drawn = redraws(season, "snow", band=0.05, draws=40)
    season_plan = plan(season, seed=seed_of("snow", 0), band=0.05, alternatives=0)
    assert tuple(week.area for week in season_plan.weeks) == drawn.draws[0]
    assert len(set(drawn.draws)) > 10
    for t, week in enumerate(season_plan.weeks):
        chance = drawn.chances()[week.area][t]
        assert drawn.is_drawn(t, week.area) == (0.1 <= chance <= 0.9)
        assert all(0.1 <= drawn.chances()[area][t] <= 0.9 for area in drawn.among(t))
    assert any(drawn.among(t) for t in range(len(season_plan.weeks)))


def test_each_draw_goes_on_from_its_own_past():
    season = SeasonProblem(outdoors(2), [NEEDY, OTHER], spacing=6, divisions={"north": Turn(1.0, 3)})
    recent = SATURDAY - timedelta(weeks=1)
    pasts = [{}, {"needy": recent}, {"needy": recent, "other": recent}, {"needy": None}]
    drawn = redraws(season, "snow", band=0.001, draws=4, pasts=pasts)
    assert drawn.draws == (("needy", "other"), ("other", None), (None, None), ("needy", "other"))
    assert drawn.last_walks(0) == {"needy": SATURDAY, "other": SATURDAY + timedelta(weeks=1)}
    assert drawn.last_walks(2) == {}
    with pytest.raises(ValueError, match="as many"):
        redraws(season, "snow", band=0.001, draws=4, pasts=pasts[:3])


def test_each_draw_has_its_own_turns():
    areas = [Area("big", 0.5, division="big"), Area("small", 0.5, division="small")]
    turns = {"big": Turn(0.5), "small": Turn(0.5)}
    season = SeasonProblem(outdoors(1), areas, divisions=turns)
    drawn = redraws(season, "snow", band=0.001, draws=2, turns=[{"big": 4}, {"small": 4}])
    assert drawn.draws == (("small",), ("big",))


def test_a_neighborhood_keeps_its_last_walk_through_the_draws():
    season = SeasonProblem(outdoors(1), RUSSELL)
    past = {"russell": SATURDAY - timedelta(weeks=1)}
    assert redraws(season, "snow", band=0.001, draws=1, pasts=[past]).draws == ((None,),)


def test_whoever_waits_for_the_draws_is_told_how_far_they_are_and_may_end_them():
    season, seen = SeasonProblem(outdoors(1), [NEEDY]), []
    redraws(season, "snow", band=0.05, draws=3, progress=lambda done, every: seen.append((done, every)))
    assert seen == [(1, 3), (2, 3), (3, 3)]

    def enough(done, _every):
        seen.append(done)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        redraws(season, "snow", band=0.05, draws=3, progress=enough)
    assert seen[-1] == 1


TEXT = """alongside redraws 1
public: 2027-01-02:3-12
band: 0.05
week 2027-01-02
week 2027-01-09
area needy home needy
area russelleast home russell
draw 0 needy russelleast
draw 1 russelleast -
"""


def test_the_text_of_the_draws_is_read_back():
    drawn = Redraws.read(TEXT)
    assert drawn.text() == TEXT
    assert drawn.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert (drawn.public, drawn.band) == ("2027-01-02:3-12", 0.05)
    assert drawn.draws == (("needy", "russelleast"), ("russelleast", None))
    assert drawn.chances() == {"needy": [0.5, 0.0], "russelleast": [0.5, 0.5]}
    assert drawn.walked() == {"needy": 0.5, "russell": 1.0}
    season = SeasonProblem(suited(3), ALIKE, spacing=9)
    made = redraws(season, "snow", band=0.05, draws=20)
    assert Redraws.read(made.text()) == made


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("alongside redraws 1", "alongside redraws 2", "line 1"),
        ("public: ", "public ", "line 2"),
        ("band: 0.05", "band: much", "line 3"),
        ("band: 0.05", "band: 0.050", "line 3"),
        ("week 2027-01-09", "week 2027-02-30", "line 5"),
        ("week 2027-01-09", "week 20270109", "line 5"),
        ("area needy home needy", "area needy", "line 6"),
        ("area needy home needy", "area needy home needy\narea needy home other", "line"),
        ("draw 0 needy russelleast", "draw 0 needy elsewhere", "line 8"),
        ("draw 0 needy russelleast", "draw 0 needy", "line 8"),
        ("draw 1", "draw 2", "line 9"),
        ("draw 1 russelleast -\n", "draw 1 russelleast -", "line 9"),
        ("draw 1 russelleast -\n", "\ndraw 1 russelleast -\n", "line 9"),
        ("draw 0 needy russelleast\ndraw 1 russelleast -\n", "", "no draw"),
        (TEXT, "", "line 1"),
    ],
)
def test_a_text_that_was_touched_is_refused_with_its_line(was, now, says):
    assert was in TEXT
    with pytest.raises(BadRedraws, match=says):
        Redraws.read(TEXT.replace(was, now))


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
        {"spacing": 8, "longest_wait": 7},
        {"began": SATURDAY + timedelta(days=1)},
        {"areas": [NEEDY, Area("other", 0.5, neighborhood="needy")]},
    ],
)
def test_a_season_that_cannot_be_is_refused(wrong):
    sound = {"weeks": outdoors(2), "areas": [NEEDY, OTHER]}
    assert plan(SeasonProblem(**sound), alternatives=0).objective > 0
    with pytest.raises(SeasonRefused):
        SeasonProblem(**(sound | wrong))
