"""Ada sends people to a corner from which the route barely touches its area. She is told, and shown a better one."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from alongside.gatherings import actions as gatherings
from alongside.gatherings import checks, rules
from alongside.places.models import Venue, VenueKind
from alongside.walks import actions, planning, queries
from alongside.walks.models import Route, Walk
from alongside.walks.needs import _confirmed as confirmed_among
from alongside.walks.tests.cast import a_draft, a_town, a_venue, box, confirmed

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(riverbend):
    return a_town(riverbend)


@pytest.fixture
def far(riverbend):
    """Three blocks west of Eastbank: a quarter of an hour is there and back, and hardly more."""
    return a_venue(riverbend, "Mill Gate", 0, 300, kind=VenueKind.OUTDOOR)


@pytest.fixture
def walk(riverbend, town, far):
    walk = a_draft(riverbend, town[0], venue=far, minutes=15)
    actions.lay_route(walk, by=None)
    return again(walk)


def again(walk):
    return Walk.objects.with_dates().with_hosts().with_routes().get(pk=walk.pk)


def page(walk, name):
    return reverse(f"walks:{name}", args=["riverbend", walk.public_id])


def confirm(walk, **how):
    return actions.confirm_plan(
        walk, rules_version=rules.in_force(walk.agency).version, by=None, name="Ada", **how
    )


def ticked(walk, **words):
    said = {"host": "Chief Moreno", "read": "on", "act": "publish"}
    return said | {"rules_version": str(rules.in_force(walk.agency).version)} | words


class TestTheMeasure:
    def test_a_better_corner_is_one_from_which_a_loop_was_laid(self, walk, town):
        route = walk.route
        better = route.better_start
        assert route.of_better == pytest.approx(route.plan["reach_covered"] / better["reach_covered"])
        assert route.barely_touches
        lat, lon = better["at"]
        loop = planning.loop(walk.agency, town[0].shape, (lat, lon), minutes=15)
        assert loop.reach_covered == better["reach_covered"], "what is said of it can be walked"

    def test_from_the_better_corner_there_is_nothing_to_say(self, walk, ada):
        actions.meet_at_better_corner(walk, by=ada)
        walk = again(walk)
        route = actions.lay_route(walk, by=ada)
        assert route.of_better is None
        assert queries.summary_of(route).better == ""

    def test_a_route_in_the_middle_of_its_area_is_let_alone(self, riverbend, town):
        walk = a_draft(riverbend, town[0], venue=town[2])
        route = actions.lay_route(walk, by=None)
        assert (route.of_better, route.better_start) == (None, None)
        assert not route.meets_few

    @pytest.mark.parametrize("share", [-0.1, 1.0, 1.5])
    def test_the_database_refuses_nonsense(self, walk, share):
        with pytest.raises(IntegrityError), transaction.atomic():
            Route.objects.filter(pk=walk.route.pk).update(of_better=share)

    def test_two_thirds_and_one_third_are_where_it_is_said_and_asked(self, walk, ada, client_for):
        said = {}
        for share in (0.32, 0.34, 0.66, 0.67):
            Route.objects.filter(pk=walk.route.pk).update(of_better=share)
            text = client_for(ada).get(page(walk, "plan-page")).text
            said[share] = ("barely touches" in text, "take_meets" in text, "From another place" in text)
        assert said == {
            0.32: (True, True, True),
            0.34: (False, False, True),
            0.66: (False, False, True),
            0.67: (False, False, False),
        }


class TestTheConfirmation:
    def test_it_is_asked_for_by_name(self, walk, ada):
        walk = actions.prepare(walk, host="Chief Moreno", by=ada)
        with pytest.raises(checks.NotTaken, match="barely touches its area"):
            confirm(walk)
        with pytest.raises(checks.NotTaken):
            confirm(walk, taken=["host"])
        check = confirm(walk, taken=["meets"])
        assert int(check.about["meets"]) < 34
        assert actions.publish(walk, by=ada).gathering.status == "published"

    def test_a_route_that_touches_less_after_it_was_read_is_read_again(self, riverbend, town, far, ada):
        walk = confirmed(a_draft(riverbend, town[0], venue=far, minutes=15), by=ada)
        assert confirmed_among(riverbend, [again(walk)])
        actions.lay_route(walk, by=ada)
        assert not confirmed_among(riverbend, [again(walk)])
        with pytest.raises(checks.PlanIncomplete, match="whom the route meets"):
            actions.publish(walk, by=ada)

    def test_the_page_has_a_box_for_it_and_does_nothing_without(self, walk, ada, client_for):
        browser = client_for(ada)
        refused = browser.post(page(walk, "confirm-plan"), ticked(walk))
        assert refused.status_code == 422
        assert "Tick this box, or lay another route first." in refused.text
        assert Walk.objects.get().gathering.is_draft
        assert browser.post(page(walk, "confirm-plan"), ticked(walk, take_meets="on")).status_code == 302
        assert not Walk.objects.get().gathering.is_draft


class TestOneClick:
    def test_it_meets_at_the_corner_and_the_route_begins_there(self, walk, ada, client_for):
        browser = client_for(ada)
        text = browser.get(page(walk, "walk")).text
        assert "A better place to meet" in text
        assert "The way, which barely touches Eastbank" in text
        corner = walk.route.better_start["at"]
        assert browser.post(page(walk, "better-corner")).url == page(walk, "walk")
        walk = again(walk)
        venue = walk.gathering.venue
        assert (venue.lat, venue.lon) == pytest.approx(corner)
        assert venue.kind == VenueKind.OUTDOOR
        assert venue.name.startswith("Corner of Avenue ")
        assert walk.routes_laid == 2
        assert walk.route.start == pytest.approx(corner)
        assert "A better place to meet" not in browser.get(page(walk, "walk")).text

    def test_the_route_is_asked_for_as_the_last_one_was(self, walk, ada, client_for):
        actions.lay_route(walk, minutes=20, excluded=["Street 4"], accessible=False, by=ada)
        walk = again(walk)
        assert walk.route.better_start, "the premise"
        client_for(ada).post(page(walk, "better-corner"))
        route = again(walk).route
        assert route.version == 3
        assert (route.minutes_asked, route.excluded, route.accessible) == (20, ["Street 4"], False)

    def test_the_corner_is_one_venue_however_often_it_is_chosen(self, walk, ada):
        one, other = (actions.better_corner(walk, by=ada) for _ in range(2))
        assert one == other

    def test_where_no_way_leads_there_it_is_offered_too(self, riverbend, town, ada, client_for):
        nowhere = a_venue(riverbend, "The Island", 5000, 5000, kind=VenueKind.OUTDOOR)
        walk = a_draft(riverbend, town[0], venue=nowhere)
        browser = client_for(ada)
        with pytest.raises(planning.RouteRefused):
            actions.lay_route(walk, by=ada)
        text = browser.get(page(walk, "walk")).text
        assert "A better place to meet" in text
        assert "can be published without" not in text
        browser.post(page(walk, "better-corner"))
        assert again(walk).routes_laid == 1

    def test_people_know_where_a_published_walk_meets(self, walk, ada, far, client_for):
        walk = actions.prepare(walk, host="Chief Moreno", by=ada)
        confirm(walk, taken=["meets"])
        walk = actions.publish(walk, by=ada)
        browser = client_for(ada)
        answer = browser.post(page(walk, "better-corner"))
        corner = Venue.objects.get(name__startswith="Corner of")
        move = reverse("gatherings:move", args=["riverbend", walk.gathering.public_id])
        assert answer.url == f"{move}?venue={corner.pk}"
        assert f'<option value="{corner.pk}" selected>' in browser.get(answer.url).text
        assert again(walk).gathering.venue == far
        with pytest.raises(gatherings.NotNow):
            actions.meet_at_better_corner(walk, by=ada)

    def test_officers_read_it_and_move_nothing(self, walk, officer, eve, client_for):
        assert "Meet at that corner" not in client_for(officer).get(page(walk, "walk")).text
        assert client_for(officer).post(page(walk, "better-corner")).status_code == 403
        assert client_for(eve).post(page(walk, "better-corner")).status_code == 404
        assert client_for(officer).get(page(walk, "better-corner")).status_code in {403, 405}

    def test_where_there_are_no_streets_it_says_so(self, riverbend, town, ada, client_for):
        walk = a_draft(riverbend, box(8000, 8000, 8200, 8200), meeting_point="The mill")
        refused = client_for(ada).post(page(walk, "better-corner"))
        assert refused.status_code == 422
        assert "no streets in this area" in refused.text


def test_programs_and_the_console_are_told(riverbend, town):
    loop = planning.loop(riverbend, town[0].shape, (0.0, 0.0), minutes=15)
    better = planning.better_start(riverbend, town[0].shape, (0.0, 0.0), loop, minutes=15)
    answer = json.loads(json.dumps(planning.as_json(loop, "Eastbank", better)))
    assert answer["better_start"]["reach_covered"] > answer["reach_covered"]
    assert len(answer["better_start"]["at"]) == 2
    assert planning.as_json(loop, "Eastbank")["better_start"] is None
