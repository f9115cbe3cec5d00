"""Another room changes what is public: calendars look again, and whoever comes to another address is told."""

from datetime import time, timedelta

import pytest

from alongside.agencies.actions import change_agency
from alongside.gatherings import actions, calendars
from alongside.gatherings.models import Gathering
from alongside.gatherings.tests.cast import a_draft, a_gathering, a_venue, answer
from alongside.outreach.models import Mail
from alongside.places.actions import change_area, draw_area, save_venue
from alongside.places.models import AreaKind

pytestmark = pytest.mark.django_db


def now(gathering):
    return Gathering.objects.get(pk=gathering.pk)


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
