"""“Where to walk next” and the plan of a season count one thing: the same needs, requests and waits, equally heavy."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from django.urls import reverse

from alongside.core import clock
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering
from alongside.hotspots import actions as hotspots
from alongside.hotspots.candidates import last_walks
from alongside.hotspots.tests import town
from alongside.methods.scheduling.worth import tables
from alongside.season import planning
from alongside.season.models import Rhythm
from alongside.season.tests.season_town import DECEMBER, build

pytestmark = pytest.mark.django_db
SPRING = DECEMBER + timedelta(days=130)


@pytest.fixture
def homes(riverbend, ada):
    """Walks of this winter, and requests before and after them; nobody asked for a walk where there was none."""
    with clock.at(SPRING - timedelta(days=90)):
        homes = build(riverbend)
        hotspots.set_criteria(riverbend, weights=town.WEIGHTS, by=ada)
        for home, times in (("Eastbank", 3), ("Shelby", 1), ("Old Market", 2)):
            for _each in range(times):
                town.a_petition(riverbend, homes[home])
    for home, weeks in (("Eastbank", 10), ("Mill Row", 2), ("Hilltop", 30)):
        a_walk(riverbend, homes[home], weeks, ada)
    with clock.at(SPRING - timedelta(days=6)):
        town.a_petition(riverbend, homes["Eastbank"])
    with clock.at(SPRING):
        yield homes


def a_walk(agency, home, weeks_ago: int, by) -> None:
    day = SPRING - timedelta(weeks=weeks_ago)
    with clock.at(day - timedelta(days=2)):
        words = {"kind": "walk", "title": "A walk", "at": time(10), "meeting_point": "The steps"}
        walk = gatherings.plan(agency, on=day.date(), neighborhood=home, by=by, **words)
    Gathering.objects.filter(pk=walk.pk).update(status="held", published_at=day)


def plan_from_today(agency) -> planning.PlanBasis:
    today = agency.today()
    days = planning.days_of(Rhythm.of(agency), today, 4, today=today)
    assert days[0] == today, "the premise: the first week's walk is today"
    return planning.basis(agency, days)


def page(client):
    candidates = client.get(reverse("hotspots:focus-areas", args=["riverbend"])).context["candidates"]
    return {planning.key_of(each.area or each.home): each for each in candidates}


def without_turns(candidate) -> float:
    """Whose turn it is, a season reckons over all of its weeks."""
    return candidate.score - candidate.points["fairness"]


def test_every_place_has_the_same_claim(riverbend, homes, ada, client_for):
    proposed, known = page(client_for(ada)), plan_from_today(riverbend)
    assert set(proposed) == {area.id for area in known.season.areas}
    first_walk = tables(replace(known.season, longest_wait=None)).first[:, 0]
    for number, area in enumerate(known.season.areas):
        here = proposed[area.id]
        assert known.sites[area.id].claim == here.claim
        assert first_walk[number] == pytest.approx(without_turns(here), abs=1e-9), here.name
    said = {each.name: (each.requests, each.weeks_since) for each in proposed.values()}
    assert said["Eastbank"] == (1, 10), "three of them had their walk"
    assert said["Old Market"] == (2, None)
    assert said["Mill Row"] == (0, 2)


def test_who_stands_first_on_the_page_is_walked_first(riverbend, homes, ada, client_for):
    """Where no division is owed more than another, and before a draw among those who are nearly alike."""
    proposed, known = page(client_for(ada)), plan_from_today(riverbend)
    first = max(proposed, key=lambda key: without_turns(proposed[key]))
    plan = planning.solve(replace(known, seed=""), alternatives=0)
    week = plan.weeks[0]
    assert week.area == first
    earned = sum(week.terms[name] for name in ("need", "waiting", "requests"))
    assert earned == pytest.approx(without_turns(proposed[first]), abs=1e-9)


def test_a_walk_that_is_announced_answers_those_who_asked(riverbend, homes, ada):
    """A season that begins after it counts it; today's page does not yet."""
    walk = gatherings.plan(
        riverbend,
        kind="walk",
        title="Soon",
        on=riverbend.today() + timedelta(days=3),
        at=time(10),
        neighborhood=homes["Old Market"],
        meeting_point="The market",
        by=ada,
    )
    gatherings.publish(walk, by=ada)
    number = homes["Old Market"].pk
    today, later = planning.past(riverbend), planning.past(riverbend, until=walk.on + timedelta(days=1))
    assert (today.requests.get(number), today.last_walk.get(number)) == (2, None)
    assert (later.requests.get(number), later.last_walk.get(number)) == (None, walk.on)


def test_waits_count_from_our_first_walk_and_not_from_those_of_before(homes, riverbend, ada, client_for):
    """A walk of three years ago is loaded: nobody is late by a promise that was made since."""
    assert plan_from_today(riverbend).season.began == (SPRING - timedelta(weeks=30)).date(), "the premise"
    Gathering.objects.filter(neighborhood=homes["Hilltop"]).update(
        on=(SPRING - timedelta(weeks=150)).date(), loaded_at=SPRING
    )
    season = plan_from_today(riverbend).season
    assert season.began == (SPRING - timedelta(weeks=10)).date()
    assert {each.last for each in season.areas if each.neighborhood == homes["Hilltop"].public_id} <= {None}
    assert all(each.last >= season.began for each in season.areas if each.last)
    assert last_walks(riverbend)[homes["Hilltop"].pk] == (SPRING - timedelta(weeks=150)).date(), (
        "told as it was"
    )
