"""Ada's desk: who may do what, and what each sees of who comes."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.markup import folded

from alongside.agencies.models import AuditEntry
from alongside.gatherings.models import Gathering, Notice, Series, Status
from alongside.gatherings.tests.cast import a_draft, a_gathering, a_venue, answer
from alongside.outreach.models import Mail

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"gatherings:{name}", args=["riverbend", *args])


@pytest.fixture
def walk(riverbend):
    walk = a_gathering(riverbend, venue=a_venue(riverbend))
    answer(walk, 2, name="Ben", interpreter="Spanish", access_needs="A chair", email="ben@example.org")
    answer(walk, 3, no_photos=True)
    return walk


def plan(agency, **words):
    return {
        "kind": "coffee",
        "title": "Coffee with the major",
        "language": "en",
        "on": str(agency.today() + timedelta(days=9)),
        "at": "09:30",
        "minutes": "45",
        "meeting_point": "River Café",
    } | words


def test_ada_plans_and_publishes_and_cleo_sees_it(riverbend, ada, client_for):
    desk = client_for(ada)
    landed = desk.post(url("plan"), plan(riverbend), follow=True)
    coffee = Gathering.objects.get()
    assert (coffee.status, coffee.minutes, str(coffee.at)) == (Status.DRAFT, 45, "09:30:00")
    assert "Publish" in landed.text
    assert Client().get(coffee.get_absolute_url()).status_code == 404

    desk.post(url("publish", coffee.public_id))

    assert "Coffee with the major" in Client().get(coffee.get_absolute_url()).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"on": "yesterday"},
        {"minutes": "2"},
        {"capacity": "0"},
        {"guide_low": "9", "guide_high": "3"},
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(riverbend, ada, client_for, wrong):
    page = client_for(ada).post(url("plan"), plan(riverbend, **wrong))
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert not Gathering.objects.exists()


def test_hours_are_typed_by_the_clock_of_the_agency(riverbend, ada, client_for):
    when = riverbend.today() + timedelta(days=8)
    client_for(ada).post(url("plan"), plan(riverbend, rsvp_closes=f"{when}T17:00"))
    coffee = Gathering.objects.get()
    assert riverbend.local(coffee.rsvp_closes).hour == 17
    assert f'value="{when}T17:00"' in client_for(ada).get(url("edit", coffee.public_id)).text


def test_only_venues_of_ones_own_agency_can_be_chosen(riverbend, elsewhere, ada, client_for):
    ours, theirs = a_venue(riverbend), a_venue(elsewhere, "Elsewhere Hall")
    assert "Elsewhere Hall" not in client_for(ada).get(url("plan")).text
    assert client_for(ada).post(url("plan"), plan(riverbend, venue=theirs.pk)).status_code == 422
    assert client_for(ada).post(url("plan"), plan(riverbend, venue=ours.pk)).status_code == 302


def test_ada_sees_what_people_need_and_no_address(walk, ada, client_for):
    page = client_for(ada).get(url("overview", walk.public_id)).text
    for fact in ("Ben", "A chair", "Spanish: 2", "No photos"):
        assert fact in page
    assert "ben@example.org" not in page


def test_others_see_how_many_come_and_not_who(walk, dent, officer, analyst, client_for):
    for member in (dent, officer, analyst):
        page = client_for(member).get(url("overview", walk.public_id))
        assert page.status_code == 200
        assert ">5<" in folded(page.text)
        assert "A chair" not in page.text
        assert "Spanish" not in page.text
        assert client_for(member).get(url("roll", walk.public_id)).status_code == 403


def test_the_printed_list_has_no_address_and_is_written_down(walk, ada, client_for):
    page = client_for(ada).get(url("roll", walk.public_id)).text
    assert "Ben" in page
    assert "ben@example.org" not in page
    assert AuditEntry.objects.first().verb == "opened the list of"


def test_ada_sees_how_many_will_be_told_before_she_cancels(walk, ada, client_for):
    desk = client_for(ada)
    page = desk.get(url("cancel", walk.public_id)).text
    assert "1 answer left an address" in page
    assert "2 answers, for 5 people" in page
    assert desk.post(url("cancel", walk.public_id), {"reason": ""}).status_code == 422
    Mail.objects.all().delete()

    desk.post(url("cancel", walk.public_id), {"reason": "Ice on the paths", "stand_in": "Omar"})

    assert Mail.objects.count() == 1
    overview = desk.get(url("overview", walk.public_id)).text
    assert "At the meeting point: Omar" in overview
    assert "Ice on the paths" in overview
    assert "1 mail" in overview
    public = Client().get(walk.get_absolute_url()).text
    assert "Ice on the paths" in public
    assert "Omar" not in public
    assert "I’ll come" not in public


def test_the_commander_may_call_it_off_and_the_officer_may_not(walk, dent, officer, client_for):
    assert client_for(officer).post(url("cancel", walk.public_id), {"reason": "No"}).status_code == 403
    assert not Notice.objects.exists()
    client_for(dent).post(url("cancel", walk.public_id), {"reason": "After last night we wait"})
    assert Notice.objects.get().by == dent


def test_ada_moves_a_walk_into_the_mall(walk, ada, client_for, riverbend):
    mall = a_venue(riverbend, "River Mall")
    desk = client_for(ada)
    sent = {
        "on": str(walk.on),
        "at": "17:00",
        "venue": mall.pk,
        "meeting_point": "At the fountain",
        "reason": "Frost",
        "stand_in": "Officer Omar",
    }
    asked = desk.post(url("move", walk.public_id), sent)
    (words,) = re.findall(r'name="accepts" value="(words:[^"]+)"', asked.text)
    desk.post(url("move", walk.public_id), sent | {"accepts": [words]})
    public = Client().get(walk.get_absolute_url()).text
    assert "River Mall, 12 River Street, At the fountain" in public
    assert "Frost" in public
    assert "Officer Omar" not in public


def test_ada_begins_a_series_once(riverbend, ada, client_for):
    desk = client_for(ada)
    words = {
        "kind": "walk",
        "name": "Weekly Peace Walk",
        "weekday": "3",
        "at": "18:00",
        "minutes": "60",
        "active": "on",
    }
    assert desk.post(url("series-new"), words).status_code == 302
    assert Series.objects.get().get_weekday_display() == "Thursday"
    assert desk.post(url("series-new"), words).status_code == 422
    assert "Weekly Peace Walk" in desk.get(url("all-series")).text


def test_a_draft_can_be_thrown_away_and_a_public_one_cannot(walk, riverbend, ada, client_for):
    desk, draft = client_for(ada), a_draft(riverbend)
    assert "Throw this draft away" in desk.get(url("edit", draft.public_id)).text
    desk.post(url("discard", draft.public_id))
    desk.post(url("discard", walk.public_id))
    assert list(Gathering.objects.all()) == [walk]


PAGES = ["overview", "edit", "cancel", "move", "word", "held", "roll"]


@pytest.mark.parametrize("name", PAGES)
def test_eve_and_cleo_find_no_desk(walk, eve, client_for, name):
    address = url(name, walk.public_id)
    assert client_for(eve).get(address).status_code == 404
    assert client_for(eve).get(address.replace("riverbend", "elsewhere")).status_code == 404
    assert Client().get(address).status_code == 302


def test_the_desk_costs_the_same_however_full_it_is(
    riverbend, ada, client_for, django_assert_max_num_queries
):
    for _ in range(5):
        answer(a_gathering(riverbend, venue=a_venue(riverbend, f"Venue {_}")))
        a_draft(riverbend)
    desk = client_for(ada)
    desk.get(url("desk"))
    with django_assert_max_num_queries(9):
        page = desk.get(url("desk")).text
    assert page.count("Walk with us in Eastbank") == 10
