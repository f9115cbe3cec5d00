"""Calendars that follow us hear of every date, move and cancellation."""

from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from alongside.gatherings import actions
from alongside.gatherings.tests.cast import a_draft, a_gathering, a_venue, answer
from alongside.places.models import Area, AreaKind

pytestmark = pytest.mark.django_db


def read(address):
    response = Client().get(address)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content)


def feed(agency):
    return read(reverse("gatherings:feed", args=[agency.slug]))


def one(agency):
    (event,) = feed(agency).events
    return event


def an_area(agency, name):
    square = {"west": -85.8, "south": 38.2, "east": -85.7, "north": 38.3, "geometry": b"\0"}
    return Area.objects.create(agency=agency, kind=AreaKind.NEIGHBORHOOD, name=name, **square)


def test_an_event_says_when_where_and_in_which_zone(riverbend):
    walk = a_gathering(riverbend, venue=a_venue(riverbend), title="Walk; with, commas\\ and \U0001f642")
    event = one(riverbend)
    assert event.start == walk.starts
    assert event["DTSTART"].params["TZID"] == "America/New_York"
    assert event.end - event.start == timedelta(minutes=60)
    assert (str(event["SUMMARY"]), event["STATUS"]) == (str(walk.title), "CONFIRMED")
    assert str(event["LOCATION"]) == "Eastbank Library, 12 River Street, By the front steps"
    assert str(event["URL"]) == f"http://localhost:8000/riverbend/gatherings/{walk.public_id}/"
    (zone,) = feed(riverbend).timezones
    assert zone.tz_name == "America/New_York"


def test_the_zone_in_the_file_jumps_when_the_clocks_do(riverbend):
    a_gathering(riverbend)
    (zone,) = feed(riverbend).timezones
    read_back = zone.to_tz()
    walk = a_gathering(riverbend, on=riverbend.today() + timedelta(days=20))
    naive = walk.starts.replace(tzinfo=None)
    assert naive.replace(tzinfo=read_back).utcoffset() == walk.starts.utcoffset()


def test_what_is_cancelled_stays_and_says_so(riverbend, ada):
    walk = a_gathering(riverbend)
    before = one(riverbend)
    actions.cancel(walk, reason="Ice on the paths", by=ada)
    after = one(riverbend)
    assert after["UID"] == before["UID"]
    assert after["STATUS"] == "CANCELLED"
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert "Ice on the paths" in str(after["DESCRIPTION"])


def test_what_is_moved_keeps_its_name_and_counts_up(riverbend, ada):
    walk = a_gathering(riverbend)
    before = one(riverbend)
    actions.move(walk, at=time(17), reason="Rain", stand_in="Omar", by=ada)
    after = one(riverbend)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after.start == before.start - timedelta(hours=1)


def test_a_feed_holds_no_drafts_and_nothing_of_others(riverbend, elsewhere, ada, client_for):
    a_draft(riverbend)
    a_gathering(elsewhere)
    address = reverse("gatherings:feed", args=["riverbend"])
    assert not read(address).events
    assert b"VEVENT" not in client_for(ada).get(address).content  # also not for staff: feeds are passed on


def test_one_neighborhood_may_be_followed_alone(riverbend, elsewhere):
    eastbank, mill_row = an_area(riverbend, "Eastbank"), an_area(riverbend, "Mill Row")
    a_gathering(riverbend, neighborhood=eastbank)
    assert len(read(f"/riverbend/calendar/{eastbank.public_id}.ics").events) == 1
    assert not read(f"/riverbend/calendar/{mill_row.public_id}.ics").events
    assert Client().get(f"/elsewhere/calendar/{eastbank.public_id}.ics").status_code == 404
    page = Client().get("/riverbend/calendar/").text
    assert "Eastbank" in page
    assert "Mill Row" not in page


def test_a_feed_that_nothing_happened_to_is_the_same_bytes(riverbend):
    walk = a_gathering(riverbend)
    address = reverse("gatherings:feed", args=["riverbend"])
    first = Client().get(address)
    answer(walk)  # who comes is no news for calendars
    assert Client(HTTP_IF_NONE_MATCH=first.headers["ETag"]).get(address).status_code == 304


def test_a_feed_costs_the_same_however_long_it_is(riverbend, django_assert_num_queries):
    venue = a_venue(riverbend)
    for _ in range(4):
        a_gathering(riverbend, venue=venue, neighborhood=None)
    with django_assert_num_queries(2):  # agency, gatherings
        assert len(feed(riverbend).events) == 4


def test_a_file_that_never_ends_is_cut_in_lines(riverbend):
    a_gathering(riverbend, summary="Come and walk with us. " * 60)
    raw = Client().get(reverse("gatherings:feed", args=["riverbend"])).content
    assert all(len(row) <= 75 for row in raw.split(b"\r\n"))
