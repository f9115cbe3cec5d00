"""Another room changes what is public: calendars look again, and whoever comes to another address is told."""

import json
from datetime import time, timedelta

import pytest
from django.urls import reverse
from shapely import box
from shapely.geometry import mapping

from alongside.agencies.actions import change_agency
from alongside.core import clock
from alongside.gatherings import actions, calendars, needs
from alongside.gatherings.actions import show_at
from alongside.gatherings.models import Gathering
from alongside.gatherings.tests.cast import a_draft, a_gathering, a_venue, answer
from alongside.outreach.models import Mail
from alongside.places.actions import change_area, draw_area, keep_areas, read_areas, save_venue
from alongside.places.models import AreaKind

pytestmark = pytest.mark.django_db


def now(gathering):
    return Gathering.objects.get(pk=gathering.pk)


def a_square(agency, name, west):
    """A neighborhood of a tenth of a degree."""
    drawing = json.dumps(mapping(box(west, 38.2, west + 0.1, 38.3)))
    return draw_area(agency, kind=AreaKind.NEIGHBORHOOD, name=name, drawing=drawing, by=None)


def drawn_by(agency, named, ada):
    """The map of the neighborhoods is the one of this file."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": name, "key": key},
            "geometry": mapping(box(west, 38.2, west + 0.1, 38.3)),
        }
        for name, key, west in named
    ]
    file = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    read = read_areas(file, file_name="areas.json", kind=AreaKind.NEIGHBORHOOD, name="name", key="key")
    return keep_areas(agency, read, by=ada)


@pytest.fixture
def coffee(riverbend):
    coffee = a_gathering(riverbend, kind="coffee", venue=a_venue(riverbend))
    answer(coffee, email="ben@example.org")
    Mail.objects.all().delete()
    return coffee


def test_a_venue_at_another_address_is_told_as_a_move(coffee, ada, client):
    venue, stood = coffee.venue, now(coffee)
    venue.address, venue.lat = "80 Oak Avenue", 38.27
    save_venue(venue, by=ada)
    after = now(coffee)
    assert after.sequence == stood.sequence + 1
    assert after.changed_at > stood.changed_at
    assert after.was_moved
    assert Mail.objects.get().to == "ben@example.org"
    page = client.get(after.get_absolute_url()).text
    assert "The address of the place was put right." in page
    assert "12 River Street" in page
    assert "Somebody will be at the old place" not in page, "nobody stands there"


@pytest.mark.parametrize("news", [{"name": "River Library"}, {"lat": 38.2501}])
def test_another_name_or_point_makes_calendars_look_again(coffee, ada, news):
    stood = now(coffee)
    for name, value in news.items():
        setattr(coffee.venue, name, value)
    save_venue(coffee.venue, by=ada)
    assert now(coffee).sequence == stood.sequence + 1
    assert not Mail.objects.exists()


def test_what_no_calendar_says_changes_none(coffee, ada):
    stood = now(coffee)
    coffee.venue.notes = "The key is at the desk"
    save_venue(coffee.venue, by=ada)
    assert now(coffee).sequence == stood.sequence


@pytest.mark.parametrize(
    "spelled", ["12 river st", "12 River Street, Eastbank, KY 40206", "12 Rivver Street"]
)
def test_a_spelling_that_is_put_right_is_no_move(coffee, ada, spelled):
    stood = now(coffee)
    coffee.venue.address = spelled
    save_venue(coffee.venue, by=ada)
    after = now(coffee)
    assert (after.sequence, after.was_moved) == (stood.sequence + 1, False)
    assert not Mail.objects.exists()


def test_far_on_the_map_at_the_same_address_is_said_in_a_word(coffee, ada, client):
    stood = now(coffee)
    coffee.venue.lat = 38.28
    save_venue(coffee.venue, by=ada)
    after, mail = now(coffee), Mail.objects.get()
    assert "Our map showed the place at a wrong point" in mail.text
    assert mail.subject.startswith("About ")
    assert (after.sequence, after.was_moved) == (stood.sequence + 1, False)


def test_a_venue_across_a_border_stands_in_another_neighborhood(coffee, riverbend, ada):
    west, east = (a_square(riverbend, name, lon) for name, lon in (("West", -85.8), ("East", -85.6)))
    Gathering.objects.filter(pk=coffee.pk).update(neighborhood=west)
    coffee.venue.lon, coffee.venue.address = -85.55, "80 Oak Avenue"
    save_venue(coffee.venue, by=ada)
    assert now(coffee).neighborhood == east


def test_help_by_steps_or_by_place_is_arranged_anew(coffee, ada):
    ben = coffee.rsvps.get()
    for name, value in (("step_free", "no"), ("address", "80 Oak Avenue"), ("lat", 38.3)):
        actions.arrange(ben, by=ada)
        setattr(coffee.venue, name, value)
        save_venue(coffee.venue, by=ada)
        ben.refresh_from_db()
        assert ben.arranged_at is None, name
    actions.arrange(ben, by=ada)
    coffee.venue.name = "River Library"
    save_venue(coffee.venue, by=ada)
    ben.refresh_from_db()
    assert ben.arranged_at is not None


def test_an_outline_that_is_drawn_anew_is_followed(coffee, riverbend, ada):
    home = a_square(riverbend, "Eastbank", -85.8)
    assert now(coffee).neighborhood == home, "it was in none"
    walk = show_at(a_gathering(riverbend, venue=coffee.venue, neighborhood=home), page_id="w1")
    drawn_by(riverbend, [("EASTBANK", "e", -85.6), ("Mill Row", "m", -85.8)], ada)
    assert now(coffee).neighborhood.name == "Mill Row"
    assert now(walk).neighborhood == home, "a walk goes where its plan says"
    sequence = now(coffee).sequence
    drawn_by(riverbend, [("EASTBANK", "e", -85.6), ("Mill Street", "m", -85.8)], ada)
    after = now(coffee)
    assert (after.neighborhood.name, after.sequence) == ("Mill Street", sequence + 1), "the same key"
    drawn_by(riverbend, [("EASTBANK", "e", -85.6)], ada)
    assert now(coffee).neighborhood is None


def test_what_meets_where_nobody_meets_any_more_waits_for_a_person(coffee, riverbend, ada, client_for):
    home = a_square(riverbend, "Harbor", -85.6)
    point = a_gathering(riverbend, neighborhood=home)
    assert list(needs.unplaced(riverbend)) == []
    coffee.venue.active = False
    save_venue(coffee.venue, by=ada)
    change_area(home, name="Harbor", population=None, active=False, by=ada)
    found = {need.key: need for need in needs.unplaced(riverbend)}
    assert set(found) == {str(coffee.key), str(point.key)}
    assert all(client_for(ada).get(need.url).status_code == 200 for need in found.values())
    page = reverse("gatherings:move", args=["riverbend", coffee.public_id])
    coffee = actions.move(coffee, reason="It is closed", stand_in="Ada", by=ada, meeting_point="").gathering
    sent = {"reason_en": "It is late", "stand_in": "Ada", "on": coffee.on, "at": "19:00", "venue": ""}
    refused = client_for(ada).post(page, sent)
    assert refused.status_code == 422, "its venue cannot be chosen any more: it is not lost with another hour"
    assert "Say where people meet now" in refused.text
    assert client_for(ada).post(page, sent | {"meeting_point_en": "The square"}).status_code == 302
    assert {need.key for need in needs.unplaced(riverbend)} == {str(point.key)}


def test_nothing_is_published_at_a_venue_out_of_use(coffee, riverbend, ada):
    draft = a_draft(riverbend, venue=coffee.venue)
    coffee.venue.active = False
    save_venue(coffee.venue, by=ada)
    with pytest.raises(actions.GatheringRefused, match="Eastbank Library is not in use any more"):
        actions.publish(draft, by=ada)


def test_an_area_and_the_agency_by_another_name(riverbend, ada):
    square = (
        '{"type": "Polygon", "coordinates": [[[-85.8, 38.2], [-85.7, 38.2], [-85.7, 38.3], [-85.8, 38.2]]]}'
    )
    home = draw_area(riverbend, kind=AreaKind.NEIGHBORHOOD, name="Eastbank", drawing=square, by=None)
    walk, draft = a_gathering(riverbend, neighborhood=home), a_draft(riverbend, neighborhood=home)
    change_area(home, name="East Bank", population=None, active=True, by=ada)
    assert (now(walk).sequence, now(draft).sequence) == (1, 0)
    change_agency(riverbend, by=ada, name="Riverbend Police Department")
    assert now(walk).sequence == 2
    change_agency(riverbend, by=ada, contact_email="walks@riverbend.example")
    assert now(walk).sequence == 2


def test_a_zone_that_was_wrong_leaves_the_hour_on_the_wall(riverbend, ada):
    walk = a_gathering(riverbend, at=time(18), capacity=2)
    closes = walk.starts - timedelta(days=1)
    actions.change(walk, by=ada, rsvp_closes=closes)
    stood = now(walk)
    change_agency(riverbend, by=ada, timezone="America/Chicago")
    after = now(walk)
    assert (after.at, after.starts.hour, after.timezone) == (time(18), 18, "America/Chicago")
    assert after.starts_at - stood.starts_at == timedelta(hours=1)
    assert after.ends_at == after.ends
    assert after.starts - after.rsvp_closes == timedelta(days=1)
    assert after.sequence == stood.sequence + 1
    assert b"TZID=America/Chicago:" in calendars.calendar(riverbend, [after], name="x", key="x")


def test_answers_that_close_tonight_are_not_closed_by_a_zone_put_right(riverbend, ada):
    change_agency(riverbend, by=ada, timezone="America/Chicago")
    walk = a_gathering(riverbend, at=time(18), capacity=2)
    closes = clock.now() + timedelta(minutes=30)
    actions.change(walk, by=ada, rsvp_closes=closes)
    change_agency(riverbend, by=ada, timezone="America/New_York")
    assert now(walk).takes_answers
