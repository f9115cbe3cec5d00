"""Ada plans a walk: in one page, in five minutes, with whatever she has."""

import json
import threading
from datetime import timedelta

import pytest
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation
from shapely.geometry import mapping
from tests.cast import staff_member

from alongside.agencies.models import Role
from alongside.hotspots.models import Choice
from alongside.people.actions import give_command
from alongside.places.models import AreaKind, Permission, VenueKind
from alongside.walks import actions, planning
from alongside.walks.models import Walk
from alongside.walks.tests.cast import a_draft, a_focus_area, a_town, a_venue, an_area, box, published

pytestmark = pytest.mark.django_db
PLAN = "/riverbend/workspace/walks/plan/"


def said(agency, **words):
    """What Ada's browser sends."""
    on = agency.today() + timedelta(days=10)
    return {
        "area": "around",
        "on": on.isoformat(),
        "at": "18:00",
        "minutes": "60",
        "venue": "elsewhere",
        "meeting_point": "By the fountain",
        "form_key": "a-key-of-this-form",
    } | words


@pytest.fixture
def town(riverbend):
    return a_town(riverbend)


class TestOnePage:
    def test_an_area_a_day_and_a_venue_become_a_draft_with_a_route(self, riverbend, town, ada, client_for):
        eastbank, _mill, library = town
        answer = client_for(ada).post(
            PLAN, said(riverbend, area=f"area:{eastbank.public_id}", venue=library.pk, meeting_point="")
        )
        walk = Walk.objects.get()
        assert answer.url == reverse("walks:walk", args=["riverbend", walk.public_id])
        assert walk.gathering.is_draft
        assert str(walk) == "Walk with us in Eastbank"
        assert walk.gathering.neighborhood == eastbank
        assert walk.route.minutes_asked == 60
        assert not walk.route.is_checked

    def test_what_happens_is_said_until_somebody_says_it_better(self, riverbend, town):
        assert str(a_draft(riverbend, town[0]).gathering.summary).startswith(
            "An hour around the neighborhood"
        )
        assert (
            str(a_draft(riverbend, town[0], summary="Bring a friend.").gathering.summary) == "Bring a friend."
        )

    def test_words_are_proposed_in_each_language_the_planners_first(self, riverbend, town):
        with translation.override("es"):
            title = a_draft(riverbend, town[0]).gathering.title
        assert title.source == "es"
        assert {code: each.text for code, each in title.texts.items()} == {
            "es": "Camine con nosotros en Eastbank",
            "en": "Walk with us in Eastbank",
        }
        assert not any(each.by for each in title.texts.values()), "nobody wrote it: it is in the catalogs"

    def test_the_commander_of_the_place_is_proposed_as_host(self, riverbend, town, ada, dent, client_for):
        eastbank, _mill, library = town
        division = an_area(riverbend, "Second Division", box(-50, -50, 700, 700), AreaKind.DIVISION)
        give_command(division, to=dent.membership_at(riverbend), since=riverbend.today(), by=None)
        sent = said(riverbend, area=f"area:{eastbank.public_id}", venue=library.pk)
        client_for(ada).post(PLAN, sent | {"form_key": "one"})
        client_for(ada).post(PLAN, sent | {"form_key": "two", "typed_host": "Chief Moreno"})
        hosts = list(Walk.objects.order_by("pk").values_list("gathering__typed_host", flat=True))
        assert hosts == ["Major Harvey Dent", "Chief Moreno"]

    def test_the_reason_why_we_walk_here_comes_along(self, riverbend, town):
        eastbank, mill_row, _library = town
        why = "Three neighbors asked us to come and look at the dark underpass."
        choice = Choice.objects.create(
            agency=riverbend, neighborhood=eastbank, place_name="Eastbank", reason=why, decided_by="Ada"
        )
        walk = a_draft(riverbend, eastbank, meeting_point="By the fountain")
        assert walk.choice == choice
        assert a_draft(riverbend, mill_row).choice is None
        published(walk)
        assert why in Client().get(walk.get_absolute_url()).text

    def test_venues_near_the_area_come_first_and_say_what_is_known(self, riverbend, town, ada, client_for):
        _eastbank, mill_row, _library = town
        a_venue(riverbend, "Mill", 100, 100, permission=Permission.ASKED)
        asked = client_for(ada).get(
            PLAN, {"area": f"area:{mill_row.public_id}"}, headers={"HX-Request": "true"}
        )
        near, far = asked.text.index("Mill · in the area"), asked.text.index("Eastbank Library ·")
        assert near < far
        assert "owner has not said yes" in asked.text
        assert "step-free" in asked.text
        assert "<form" not in asked.text  # the fragment alone

    def test_indoors_there_are_as_many_places_as_the_house_holds(self, riverbend, town):
        mall = a_venue(riverbend, "Mall", 420, 300, kind=VenueKind.MALL, capacity=40)
        palace = a_venue(riverbend, "Palace", 420, 320, kind=VenueKind.MALL, capacity=2000)
        square = a_venue(riverbend, "Square", 420, 310, kind=VenueKind.OUTDOOR, capacity=40)
        assert a_draft(riverbend, town[0], venue=mall).gathering.capacity == 40
        for venue in (square, palace):
            assert a_draft(riverbend, town[0], venue=venue).gathering.capacity is None


class TestAnyArea:
    def test_a_focus_area_leads_here_by_its_link(self, riverbend, town, ada, client_for):
        focus = a_focus_area(riverbend, town[0], box(290, 190, 510, 410))
        page = client_for(ada).get(PLAN, {"area": focus.public_id})
        assert f'value="focus:{focus.public_id}" selected' in page.text
        client_for(ada).post(PLAN, said(riverbend, area=f"focus:{focus.public_id}"))
        assert Walk.objects.get().focus_area == focus

    def test_one_drawn_by_hand_belongs_to_the_neighborhood_it_lies_in(self, riverbend, town, ada, client_for):
        drawn = json.dumps(mapping(box(200, 100, 500, 400)))
        client_for(ada).post(PLAN, said(riverbend, drawn=drawn))
        walk = Walk.objects.get()
        assert walk.gathering.neighborhood == town[0]  # the larger part of it
        assert walk.shape.equals(box(200, 100, 500, 400))

    def test_one_from_a_file_is_kept_when_something_else_is_wrong(self, riverbend, town, ada, client_for):
        file = SimpleUploadedFile("area.geojson", json.dumps(mapping(box(300, 100, 500, 300))).encode())
        page = client_for(ada).post(PLAN, said(riverbend, upload=file, minutes="-5"))
        assert page.status_code == 422
        assert "Polygon" in page.context["form"]["drawn"].value()
        assert not Walk.objects.exists()

    def test_with_none_the_walk_goes_around_its_venue(self, riverbend, town):
        walk = a_draft(riverbend, venue=town[2])
        assert str(walk.area_name) == "around Eastbank Library"
        assert walk.gathering.neighborhood == town[0]
        assert actions.lay_route(walk, by=None).plan["reach_covered"] > 0

    def test_a_first_walk_needs_no_boundaries_no_streets_and_no_venue(self, riverbend, ada, client_for):
        browser = client_for(ada)
        page = browser.post(PLAN, said(riverbend), follow=True)
        walk = Walk.objects.get()
        assert walk.shape is None
        assert str(walk) == "Walk with us from By the fountain"
        assert "No route yet" in page.text
        plan = reverse("walks:confirm-plan", args=["riverbend", walk.public_id])
        browser.post(plan, {"host": "Ada", "rules_version": "0", "read": "on", "act": "publish"})
        assert Client().get(walk.get_absolute_url()).status_code == 200

    def test_where_areas_are_known_a_place_in_words_is_not_enough(self, riverbend, town, ada, client_for):
        page = client_for(ada).post(PLAN, said(riverbend))
        assert "Choose an area, or a venue to walk around." in page.text
        assert not Walk.objects.exists()


class TestBadInput:
    @pytest.mark.parametrize(
        ("words", "reason"),
        [
            ({"minutes": "0"}, "greater than or equal to 15"),
            ({"minutes": "-5"}, "greater than or equal to 15"),
            ({"minutes": "10000"}, "less than or equal to 240"),
            ({"on": "1900-01-01"}, "This day has passed"),
            ({"on": "2100-01-01"}, "more than two years away"),
            ({"on": "soon"}, "Write the day"),
            ({"at": "25:00"}, "Write the hour"),
            ({"title": "x" * 5000}, "at most 140 characters"),
            ({"drawn": "{"}, "no GeoJSON that can be read"),
            ({"drawn": '{"type": "Point", "coordinates": [0, 0]}'}, "no polygon in it"),
            ({"drawn": '{"type": "Polygon", "coordinates": [[[0, 0], [0, 0], [0, 0], [0, 0]]]}'}, "area is empty"),
            ({"drawn": json.dumps(mapping(box(0, 0, 90_000, 90_000)))}, "too large for a walk"),
            ({"drawn": json.dumps(mapping(shapely.box(7e5, 4e6, 8e5, 5e6)))}, "WGS 84"),
            ({"venue": "999999"}, "Select a valid choice"),
            ({"area": "area:nonsense"}, "Select a valid choice"),
            ({"meeting_point": ""}, "Say where people meet"),
            ({"venue": ""}, "Say where people meet"),
        ],
    )  # fmt: skip
    def test_is_shown_beside_its_field_and_nothing_typed_is_lost(
        self, riverbend, town, ada, client_for, words, reason
    ):
        sent = said(riverbend, area=f"area:{town[0].public_id}", typed_host="Ada Coordinator") | words
        page = client_for(ada).post(PLAN, sent)
        assert page.status_code == 422
        assert reason in page.text
        assert 'value="Ada Coordinator"' in page.text
        assert 'value="a-key-of-this-form"' in page.text
        assert not Walk.objects.exists()

    def test_an_emoji_is_a_fine_title(self, riverbend, town, ada, client_for):
        sent = said(riverbend, area=f"area:{town[0].public_id}", title="Paseemos juntos 👣")
        client_for(ada).post(PLAN, sent)
        assert str(Walk.objects.get()) == "Paseemos juntos 👣"

    def test_the_actions_refuse_what_commands_could_ask(self, riverbend, town):
        for words in ({"minutes": 0}, {"minutes": 10_000}):
            with pytest.raises(planning.RouteRefused):
                a_draft(riverbend, town[0], **words)
        for days in (-1, 800):
            with pytest.raises(actions.OddTime):
                a_draft(riverbend, town[0], on=riverbend.today() + timedelta(days=days))
        with pytest.raises(actions.gatherings.GatheringRefused):
            a_draft(riverbend, town[0], title="x" * 5000)
        assert not Walk.objects.exists()


class TestTwice:
    def test_a_double_click_is_one_walk_with_one_route(self, riverbend, town, ada, client_for):
        browser, sent = client_for(ada), said(riverbend, area=f"area:{town[0].public_id}")
        first, second = browser.post(PLAN, sent), browser.post(PLAN, sent)
        assert first.url == second.url
        assert Walk.objects.get().routes.count() == 1
        browser.post(PLAN, sent | {"form_key": "another form"})
        assert Walk.objects.count() == 2
        browser.post(PLAN, sent | {"typed_host": "Chief Moreno"})
        assert Walk.objects.count() == 3, "the page that comes back, with other words: none of them are lost"

    @pytest.mark.database
    @pytest.mark.django_db(transaction=True)
    def test_even_when_both_arrive_at_once(self, riverbend, town):
        made, both = [], threading.Barrier(2)

        def send():
            both.wait()
            made.append(a_draft(riverbend, town[0], form_key="the same form").pk)
            connection.close()

        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(made)) == 1
        assert Walk.objects.count() == 1


class TestEve:
    def test_another_agencys_focus_area_cannot_be_named(self, riverbend, elsewhere, town, ada, client_for):
        theirs = a_focus_area(elsewhere, None, box(300, 200, 500, 400), name="Not ours")
        page = client_for(ada).post(PLAN, said(riverbend, area=f"focus:{theirs.public_id}"))
        assert page.status_code == 422
        assert "Not ours" not in client_for(ada).get(PLAN, {"area": theirs.public_id}).text
        with pytest.raises(planning.AreaRefused):
            a_draft(riverbend, theirs)

    def test_a_forged_slug_opens_nothing(self, riverbend, town, eve, client_for):
        walk = a_draft(riverbend, town[0], meeting_point="By the fountain")
        eves = client_for(eve)
        for name in ("walk", "cue-sheet"):
            address = reverse(f"walks:{name}", args=["riverbend", walk.public_id])
            assert eves.get(address).status_code == 404
            assert eves.get(address.replace("riverbend", "elsewhere")).status_code == 404
        for name in ("lay-route", "check-route", "publish"):
            address = reverse(f"walks:{name}", args=["elsewhere", walk.public_id])
            assert eves.post(address).status_code == 404
        assert eves.get("/elsewhere" + walk.get_absolute_url().removeprefix("/riverbend")).status_code == 404
        assert eves.post(PLAN, said(riverbend)).status_code == 404
        walk.gathering.refresh_from_db()
        assert walk.gathering.is_draft

    def test_whoever_may_not_plan_is_refused(self, riverbend, town, client_for):
        officer = staff_member(riverbend, "Omar Officer", Role.OFFICER)
        walk = a_draft(riverbend, town[0])
        browser = client_for(officer)
        assert browser.get(PLAN).status_code == 403
        assert browser.post(reverse("walks:publish", args=["riverbend", walk.public_id])).status_code == 403
        assert browser.get(reverse("walks:walk", args=["riverbend", walk.public_id])).status_code == 200
        assert Client().get(PLAN).status_code == 302
