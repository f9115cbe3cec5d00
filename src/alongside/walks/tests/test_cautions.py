"""Before anybody stands in the dark: what speaks against a walk is said on its plan, and waits for whoever plans."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import staff_member

from alongside.agencies.models import Role
from alongside.gatherings import actions as gatherings
from alongside.gatherings.tests.cast import a_draft as a_plain_draft
from alongside.gatherings.tests.cast import a_gathering
from alongside.people.models import Commander
from alongside.places.models import AreaKind, VenueKind
from alongside.rosters.models import Part, Post, State
from alongside.walks import actions, cautions, needs
from alongside.walks.models import Route, Walk
from alongside.walks.tests.cast import a_draft, a_town, a_venue, an_area, box, confirmed

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(riverbend):
    return a_town(riverbend)


@pytest.fixture
def walk(riverbend, town):
    """In the morning, in Eastbank, where nothing speaks against it."""
    return a_draft(
        riverbend, town[0], venue=a_venue(riverbend, "Fountain", 300, 300, kind=VenueKind.OUTDOOR), at=MORNING
    )


MORNING = time(9, 0)  # the town lies on the meridian of Greenwich, and its clocks are New York’s


def again(walk):
    return Walk.objects.with_dates().with_hosts().with_routes().get(pk=walk.pk)


def names(walk):
    return [each.name for each in cautions.of_one(again(walk))]


def waits(walk):
    return [need for need in needs.cautioned(walk.agency) if need.key == str(walk.gathering.key)]


def plan_page(walk):
    return reverse("walks:plan-page", args=["riverbend", walk.public_id])


def on_the_roster(walk, user, part, state=State.COMING):
    member = user.membership_at(walk.agency)
    return Post.objects.create(
        agency=walk.agency, gathering=walk.gathering, member=member, part=part, state=state
    )


def commands(riverbend, user, division):
    member = user.membership_at(riverbend)
    return Commander.objects.create(
        agency=riverbend, member=member, division=division, since=riverbend.today() - timedelta(days=9)
    )


# Each brings one of them about on that walk, and says by which name it is known.
def _dark(walk, **cast):
    gatherings.change(walk.gathering, by=None, at=time(21, 30))
    return "dark"


def _another_walk(walk, **cast):
    other = a_draft(walk.agency, cast["town"][0], meeting_point="The mill", on=walk.gathering.on, at=MORNING)
    gatherings.change(other.gathering, by=None, on=walk.gathering.on + timedelta(days=2))
    return f"clash-{other.gathering.public_id}"


def _coffee(walk, **cast):
    coffee = a_plain_draft(walk.agency, kind="coffee", on=walk.gathering.on, neighborhood=cast["town"][0])
    return f"clash-{coffee.public_id}"


def _host_twice(walk, **cast):
    actions.prepare(walk, host="Chief Moreno", deputy_host="chief  moreno", by=None)
    return "host-twice"


def _deputy_takes_notes(walk, **cast):
    on_the_roster(walk, cast["dent"], Part.SCRIBE)
    actions.prepare(walk, host="Chief Moreno", deputy_host="Major Harvey Dent", by=None)
    return "deputy-on-roster"


def _host_said_no(walk, **cast):
    on_the_roster(walk, cast["dent"], Part.HOST, State.DECLINED)
    actions.prepare(walk, host="Major Harvey Dent", by=None)
    return "host-on-roster"


def _another_division(walk, **cast):
    agency = walk.agency
    first = an_area(agency, "First Division", box(250, -50, 1000, 700), AreaKind.DIVISION)
    second = an_area(agency, "Second Division", box(-500, -50, 250, 700), AreaKind.DIVISION)
    other = staff_member(agency, "Major Hargrove", Role.COMMANDER)
    commands(agency, other, first)
    commands(agency, cast["dent"], second)
    actions.prepare(walk, host="Major Harvey Dent", by=None)
    return "division"


def _barely(walk, **cast):
    route = actions.lay_route(walk, by=None)
    plan = route.plan | {"better_start": {"at": [0, 0], "streets": ["Elm", "Oak"], "reach_covered": 999.0}}
    Route.objects.filter(pk=route.pk).update(of_better=0.2, plan=plan)
    return "few"


ALL = (
    _dark,
    _another_walk,
    _coffee,
    _host_twice,
    _deputy_takes_notes,
    _host_said_no,
    _another_division,
    _barely,
)


def test_in_the_morning_with_nobody_near_nothing_speaks_against_it(walk):
    assert names(walk) == []
    assert waits(walk) == []


@pytest.mark.parametrize("bring_about", ALL)
def test_it_is_said_on_the_plan_waits_and_is_gone_once_confirmed(
    bring_about, walk, town, dent, ada, client_for
):
    name = bring_about(walk, town=town, dent=dent)
    assert names(walk) == [name]
    (need,) = waits(walk)
    assert need.url == plan_page(walk) + "#cautions"
    page = client_for(ada).get(plan_page(walk)).text
    assert 'id="cautions"' in page
    (caution,) = cautions.of_one(again(walk))
    if name != "few":  # said with its numbers, in other words
        assert str(caution.says) in page.replace("&#x27;", "’")
    walk = actions.prepare(
        again(walk),
        host=again(walk).gathering.host or "Chief Moreno",
        deputy_host=again(walk).gathering.deputy_host,
        by=ada,
    )
    actions.confirm_plan(walk, rules_version=0, by=ada, taken=["meets"])
    assert names(walk) == [name], "it still is so"
    assert waits(walk) == [], "and somebody knows"


def test_something_else_is_asked_again(walk, town, dent, ada):
    _dark(walk)
    walk = confirmed(again(walk), by=ada)
    assert waits(walk) == []
    _coffee(walk, town=town)
    assert len(waits(walk)) == 1


def test_mended_it_is_gone(walk, town):
    _dark(walk)
    assert len(waits(walk)) == 1
    gatherings.change(walk.gathering, by=None, at=MORNING)
    assert waits(walk) == []


class TestWhatDoesNotCount:
    def test_under_a_roof_the_sun_may_set(self, riverbend, town):
        hall = a_venue(riverbend, "Mall", 420, 300, kind=VenueKind.MALL)
        assert names(a_draft(riverbend, town[0], venue=hall, at=time(21, 30))) == []

    def test_three_days_apart_and_the_next_neighborhood(self, walk, riverbend, town):
        a_draft(
            riverbend, town[0], meeting_point="The mill", on=walk.gathering.on + timedelta(days=3), at=MORNING
        )
        a_draft(riverbend, town[1], meeting_point="The mill", on=walk.gathering.on, at=MORNING)
        assert names(walk) == []

    def test_what_is_called_off_is_in_nobodys_way(self, walk, town):
        coffee = a_gathering(walk.agency, kind="coffee", on=walk.gathering.on, neighborhood=town[0])
        assert names(walk) == [f"clash-{coffee.public_id}"], "the premise"
        gatherings.cancel(coffee, reason="The school is closed", stand_in="Ada", by=None)
        assert names(walk) == []

    def test_a_commander_at_home_and_one_of_before(self, walk, riverbend, town, dent):
        _another_division(walk, town=town, dent=dent)
        theirs = Commander.objects.get(member__user=dent)
        Commander.objects.filter(pk=theirs.pk).update(until=riverbend.today() - timedelta(days=1))
        assert names(walk) == []

    def test_the_host_on_the_roster_as_host(self, walk, dent):
        on_the_roster(walk, dent, Part.LEADER)
        actions.prepare(walk, host="Chief Moreno", deputy_host="Ada", by=None)
        assert names(walk) == []


def test_ten_walks_cost_as_many_questions_as_two(riverbend, town, dent):
    commands(riverbend, dent, an_area(riverbend, "First", box(250, -50, 1000, 700), AreaKind.DIVISION))

    def plan(number):
        return [
            a_draft(
                riverbend,
                town[0],
                meeting_point="The mill",
                typed_host="Major Harvey Dent",
                on=day(n),
                at=MORNING,
            )
            for n in range(number)
        ]

    def day(n):
        return riverbend.today() + timedelta(days=5 + n)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            found = list(needs.cautioned(riverbend))
        return len(asked), len(found)

    plan(2)
    few, two = cost()
    plan(8)
    many, ten = cost()
    assert (two, ten) == (2, 10), "the premise: they stand in each other’s way"
    assert many == few
