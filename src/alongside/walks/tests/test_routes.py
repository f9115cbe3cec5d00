"""The way of a walk: computed, changed, walked beforehand by somebody, and never public."""

import json
import re
from dataclasses import asdict
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from tests.cast import an_agency, staff_member

from alongside.agencies.models import AuditEntry, Role
from alongside.core.measures import Units
from alongside.gatherings import actions as gatherings
from alongside.methods.ground import metres_between
from alongside.walks import actions, planning, queries, words
from alongside.walks.models import Route, Walk
from alongside.walks.tests.cast import a_draft, a_town, a_venue, an_area, box, published
from alongside.walks.tests.conftest import search_shortly

pytestmark = pytest.mark.django_db


def a_walk_with_a_route(agency, town, **words):
    planned = a_draft(agency, town[0], venue=town[2], **words)
    actions.lay_route(planned, by=None)
    return published(planned)


def a_walk_in_town():
    """The agency, its town, and a walk that is published, with a route."""
    agency = an_agency("riverbend", "Riverbend Police", "America/New_York")
    town = a_town(agency)
    with pytest.MonkeyPatch.context() as patch:
        search_shortly(patch)
        return agency, town, a_walk_with_a_route(agency, town)


@pytest.fixture(scope="session")
def begin():
    return a_walk_in_town


@pytest.fixture
def riverbend(begun):
    return begun[0]


@pytest.fixture
def town(begun):
    return begun[1]


@pytest.fixture
def walk(begun):
    return begun[2]


def desk(walk, name="walk"):
    return reverse(f"walks:{name}", args=["riverbend", walk.public_id])


class TestLaying:
    def test_it_is_a_loop_from_the_venue_that_meets_people(self, walk, town):
        route = walk.route
        line = route.geometry["coordinates"]
        assert line[0] == line[-1]
        assert metres_between(*route.start, town[2].lat, town[2].lon) < 10
        assert (
            0 < route.plan["reach_covered"] <= route.plan["bound"] + 1e-6 <= route.plan["reach_total"] + 1e-6
        )
        assert route.plan["minutes"] <= 60

    def test_the_same_question_has_the_same_answer(self, walk):
        actions.lay_route(walk, by=None)
        second, first = walk.routes.all()
        assert (second.version, first.version) == (2, 1)
        assert second.plan == first.plan

    def test_a_street_left_out_stays_out_and_is_listed(self, walk):
        street = walk.route.plan["streets"][1]
        other = actions.lay_route(walk, excluded=[street.upper()], by=None)
        assert street not in other.plan["streets"]
        assert (street, "excluded") in {(item["name"], item["why"]) for item in other.plan["left_out"]}

    def test_a_route_laid_again_is_unchecked_again(self, walk, ada):
        actions.check_route(walk.route, name="Sergeant Lindqvist", by=ada)
        assert queries.public_way(walk).checked_by == "Sergeant Lindqvist"
        actions.lay_route(walk, by=ada)
        fresh = Walk.objects.get(pk=walk.pk)
        assert not fresh.route.is_checked
        assert queries.public_way(fresh).checked_by == ""

    def test_only_the_latest_can_be_checked(self, walk, ada):
        seen = walk.route
        actions.lay_route(walk, by=ada)
        with pytest.raises(actions.NotChecked):
            actions.check_route(seen, name="Ada", by=ada)
        with pytest.raises(actions.NotChecked):
            actions.check_route(Walk.objects.get(pk=walk.pk).route, name="  ", by=ada)

    def test_an_area_without_streets_is_still_a_walk(self, riverbend, town, ada, client_for):
        far = an_area(riverbend, "Far Hills", box(50_000, 50_000, 51_000, 51_000))
        hills = a_venue(riverbend, "Hills", 50_500, 50_500)
        walk = a_draft(riverbend, far, venue=hills)
        with pytest.raises(planning.RouteRefused):
            actions.lay_route(walk, by=None)
        page = client_for(ada).post(desk(walk, "lay-route"), follow=True)
        assert "No route yet" in page.text
        assert published(walk, by=ada).gathering.status == "published"

    def test_who_laid_and_who_checked_is_in_the_audit_trail(self, walk, ada, client_for):
        browser = client_for(ada)
        browser.post(desk(walk, "lay-route"), {"exclude": walk.route.plan["streets"][:1]})
        browser.post(desk(walk, "check-route"), {"name": "Ada", "notes": "Steps at the mill", "version": "2"})
        route = Route.objects.first()
        assert (route.version, route.checked_by, route.check_notes) == (2, "Ada", "Steps at the mill")
        verbs = set(AuditEntry.objects.filter(actor_name__contains="Ada").values_list("verb", flat=True))
        assert {"laid the route of", "checked the route of"} <= verbs

    def test_without_a_name_nobody_has_checked_it(self, walk, ada, client_for):
        page = client_for(ada).post(desk(walk, "check-route"), {"name": "", "version": "1"}, follow=True)
        assert "Say who walked it" in page.text
        assert not Route.objects.get().is_checked

    def test_a_walk_that_changed_says_that_its_route_may_not_fit(self, riverbend, walk):
        assert queries.doubts(walk, walk.route) == []
        mill = a_venue(riverbend, "Mill", 0, 0)
        gatherings.change(walk.gathering, minutes=90, by=None)
        gatherings.move(walk.gathering, reason="Rain", stand_in="Ada", venue=mill, by=None)
        doubts = queries.doubts(Walk.objects.with_dates().get(pk=walk.pk), walk.route)
        assert len(doubts) == 2
        assert "60 minutes" in doubts[0]


class TestWhoSeesIt:
    """The meeting point and the neighborhood are public. The way is for those who lead."""

    def test_no_public_page_holds_a_corner_of_the_way(self, walk):
        corners = {tuple(point) for point in walk.route.geometry["coordinates"]} - {walk.route.start[::-1]}
        secret = {text for corner in corners for degree in corner for text in (f"{degree}", f"{degree:.5f}")}
        secret -= {"0.0", "0.00000"}
        gathering = walk.gathering
        addresses = [
            "/riverbend/",
            reverse("walks:list", args=["riverbend"]),
            walk.get_absolute_url(),
            "/es" + walk.get_absolute_url(),
            *(
                reverse(f"gatherings:{name}", args=["riverbend", gathering.public_id])
                for name in ("detail", "ics", "flyer", "share", "join")
            ),
            *(reverse(f"gatherings:{name}", args=["riverbend"]) for name in ("coming", "feed", "follow")),
        ]
        stranger = Client()
        for address in addresses:
            page = stranger.get(address, follow=True)
            assert page.status_code == 200, address
            numbers = set(re.findall(r"\d+\.\d{4,}", page.text))
            venue = {f"{gathering.venue.lat}", f"{gathering.venue.lon}"}
            assert not numbers & (secret - venue), address
            assert not re.search(r"Avenue \d|Street \d", page.text), address  # the streets by name
        # The premise: where leaders look, it is there.
        assert "map-route" not in stranger.get(walk.get_absolute_url()).text

    def test_the_desk_shows_it_to_leaders(self, walk, ada, client_for):
        page = client_for(ada).get(desk(walk))
        assert "map-route" in page.text
        assert "Avenue" in page.text
        assert "Avenue" in client_for(ada).get(desk(walk, "cue-sheet")).text

    def test_others_on_the_staff_do_not_see_it(self, riverbend, walk, client_for):
        recorder = staff_member(riverbend, "Rita Records", Role.RECORDS_OFFICER)
        assert client_for(recorder).get(desk(walk)).status_code == 403
        assert Route.objects.visible_to(recorder, at=riverbend).count() == 0
        assert client_for(recorder).get(reverse("walks:workspace", args=["riverbend"])).status_code == 200

    def test_strangers_see_no_route_at_all(self, riverbend, walk):
        assert Route.objects.visible_to(AnonymousUser(), at=riverbend).count() == 0
        assert Client().get(desk(walk)).status_code == 302

    def test_a_draft_is_for_staff_alone(self, riverbend, town, ada, client_for):
        draft = a_draft(riverbend, town[1], meeting_point="By the fountain")
        assert Client().get(draft.get_absolute_url()).status_code == 404
        assert client_for(ada).get(draft.get_absolute_url()).status_code == 200
        assert str(draft) not in Client().get(reverse("walks:list", args=["riverbend"])).text


class TestPublicPages:
    def test_the_page_says_how_long_how_step_free_and_who_looked(self, walk, ada):
        page = Client().get(walk.get_absolute_url()).text
        assert "known to be step-free" in page
        assert "This page will say who, and when." in page
        actions.check_route(walk.route, name="Sergeant Lindqvist", by=ada)
        assert "Sergeant Lindqvist walked it beforehand" in Client().get(walk.get_absolute_url()).text

    def test_the_next_walk_leads_the_list_and_the_home_page(self, riverbend, walk, town):
        later = a_draft(riverbend, town[1], meeting_point="Mill", on=riverbend.today() + timedelta(days=20))
        published(later)
        for address in ("/riverbend/", reverse("walks:list", args=["riverbend"])):
            page = Client().get(address).text
            assert 0 < page.index("Walk with us in Eastbank") < page.index("Walk with us in Mill Row")

    def test_cancelling_leads_back_to_the_walk_and_says_why(self, walk, ada, client_for):
        page = client_for(ada).get(desk(walk)).text
        address = reverse("gatherings:cancel", args=["riverbend", walk.gathering.public_id])
        assert address in page
        client_for(ada).post(address, {"reason": "Ice on every corner.", "stand_in": "Officer Whitaker"})
        for public in (walk.get_absolute_url(), reverse("walks:list", args=["riverbend"])):
            page = Client().get(public).text
            assert "Cancelled" in page
            assert "Ice on every corner." in page
        assert "Officer Whitaker" in client_for(ada).get(desk(walk)).text
        assert "Officer Whitaker" not in Client().get(walk.get_absolute_url()).text

    def test_moving_tells_both_places(self, riverbend, walk):
        mill = a_venue(riverbend, "The Mill", 100, 100)
        gatherings.move(walk.gathering, reason="The library closes.", stand_in="Ben", venue=mill, by=None)
        page = Client().get(walk.get_absolute_url()).text
        assert "Moved." in page
        assert "<s>Eastbank Library" in page
        assert "The Mill" in page

    def test_where_we_have_been_is_listed_by_neighborhood(self, riverbend, walk):
        gathering = walk.gathering
        type(gathering).objects.filter(pk=gathering.pk).update(
            on=riverbend.today() - timedelta(days=7), status="held", came=21
        )
        page = Client().get(reverse("walks:list", args=["riverbend"])).text
        assert "21 came" in page
        assert "Walks by neighborhood" in page
        assert "1 walk in the last year, in 1 neighborhood." in Client().get("/riverbend/").text


class TestHowManyQuestions:
    """Lists ask the database as often for fifty walks as for one."""

    def pages(self):
        return [reverse(name, args=["riverbend"]) for name in ("walks:list", "walks:workspace")]

    def test_lists_do_not_grow_with_what_they_list(
        self, riverbend, town, ada, client_for, django_assert_max_num_queries
    ):
        walk = a_walk_with_a_route(riverbend, town, on=riverbend.today() + timedelta(days=12))
        browser = client_for(ada)
        for address in self.pages():
            browser.get(address)
        for _ in range(8):
            other = a_draft(riverbend, town[1], meeting_point="Mill")
            published(other)
        for address in self.pages():
            with django_assert_max_num_queries(16):
                assert browser.get(address).text.count("Walk with us in Mill Row") >= 8
        with django_assert_max_num_queries(9):
            Client().get(reverse("walks:list", args=["riverbend"]))
        with django_assert_max_num_queries(20):
            Client().get(walk.get_absolute_url())


class TestWords:
    def test_a_route_in_words(self, walk):
        summary = queries.summary_of(walk.route)
        assert summary.cues[0].text.startswith("Start along ")
        assert summary.cues[-1].text == "Back at the meeting point"
        assert [line.minute for line in summary.cues] == sorted(line.minute for line in summary.cues)
        assert summary.halfway is not None
        assert summary.share.endswith("%")
        json.dumps(walk.route.plan)

    def test_lengths_are_in_the_units_of_the_agency(self, walk):
        here = queries.summary_of(walk.route)
        assert re.fullmatch(r"[\d.]+ mi", here.length)
        walk.route.agency.units = Units.KILOMETERS
        there = queries.summary_of(walk.route)
        assert re.fullmatch(r"[\d.]+ km", there.length)
        said = json.dumps([asdict(there), *map(asdict, there.cues)])
        assert not re.search(r"\d (mi|ft)\b", said), "never both"

    @pytest.mark.parametrize(
        ("covered", "bound", "said"),
        [
            (120, None, "No bound"),
            (0, 0, "No bound"),
            (120, 120.0001, "from here could meet more."),
            (120, 120.1, "could meet more than 31 %."),
            (120, 160, "could meet more than 40 %."),
            (390, 401, "could meet more than 100 %."),
        ],
    )
    def test_how_good_a_loop_is_in_words_that_the_numbers_bear(self, covered, bound, said):
        """Rounded up: “no more than 30 %” would be false of 30.03."""
        assert said in words.best_possible(covered, 400, bound, assumed=False)

    def test_where_nobody_counted_residents_it_speaks_of_streets(self):
        assert words.best_possible(120, 400, 160, assumed=True).endswith("more than 40 % of the streets.")
