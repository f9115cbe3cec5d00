"""What was said in days before a date, or in words about a place, moves along, is asked about, or goes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from alongside.core import clock
from alongside.core.authored import Words
from alongside.gatherings import actions, calendars, described
from alongside.gatherings.breaking import BreaksAccess
from alongside.gatherings.models import Gathering
from alongside.gatherings.tests.cast import a_draft, a_gathering, a_venue, answer
from alongside.outreach.models import Mail
from alongside.places.actions import draw_area
from alongside.places.models import AreaKind

pytestmark = pytest.mark.django_db
RAMP = "Ramp at the side door on Elm Street"
WHO = {"reason": "The hall is closed", "stand_in": "Officer Omar"}


def now(gathering: Gathering) -> Gathering:
    return Gathering.objects.get(pk=gathering.pk)


@pytest.fixture
def session(riverbend):
    """A listening session in twenty days, with help for access six days before."""
    on = riverbend.today() + timedelta(days=20)
    return a_gathering(
        riverbend,
        kind="listening",
        on=on,
        venue=a_venue(riverbend),
        access_notes=RAMP,
        photo_notes="None in the reading room",
        needs_by=on - timedelta(days=6),
    )


def move(gathering, ada, **news):
    actions.move(gathering, by=ada, **WHO, **news)
    return now(gathering)


def test_the_day_to_ask_for_help_goes_with_the_date(session, ada):
    for days in (10, 40):
        moved = move(session, ada, on=session.agency.today() + timedelta(days=days))
        assert moved.on - moved.needs_by == timedelta(days=6)


def test_nothing_is_promised_for_a_day_that_has_passed(session, ada):
    assert move(session, ada, on=session.agency.today() + timedelta(days=3)).needs_by is None


def test_answers_do_not_close_by_being_moved(session, ada):
    actions.change(session, by=ada, rsvp_closes=clock.now() + timedelta(days=15))
    moved = move(session, ada, on=session.agency.today() + timedelta(days=2))
    assert moved.rsvp_closes is None
    assert moved.takes_answers


def test_answers_close_at_the_same_hour_though_the_clocks_change_in_between(riverbend, ada):
    with clock.at(datetime(2026, 10, 20, tzinfo=UTC)):
        friday = datetime(2026, 10, 30, 17, tzinfo=riverbend.zone)
        walk = a_gathering(riverbend, on=date(2026, 10, 31), rsvp_closes=friday)
        moved = move(walk, ada, on=date(2026, 11, 7))
    assert riverbend.local(moved.rsvp_closes) == datetime(2026, 11, 6, 17, tzinfo=riverbend.zone)


def test_words_about_the_old_place_are_not_said_of_the_new_one(session, ada, client):
    boathouse = a_venue(session.agency, "Boathouse on the quay")
    moved = move(session, ada, venue=boathouse, meeting_point="")
    assert not moved.access_notes
    assert not moved.photo_notes
    assert not moved.meeting_point
    page = client.get(moved.get_absolute_url()).text
    feed = calendars.calendar(moved.agency, [moved], name="x", key="x").decode()
    assert RAMP not in page + feed + str(described.event(moved))


def test_words_about_the_new_place_are_said_beside_it(session, ada):
    moved = move(session, ada, venue=a_venue(session.agency, "Boathouse"), access_notes="Level from the quay")
    assert str(moved.access_notes) == "Level from the quay"


def test_another_hour_at_the_same_place_keeps_its_words(session, ada):
    moved = move(session, ada, at=time(19), access_notes=Words(), photo_notes=Words())
    assert str(moved.access_notes) == RAMP


def test_the_page_of_a_move_asks_about_access(session, ada, client_for):
    page = reverse("gatherings:move", args=["riverbend", session.public_id])
    staff, boathouse = client_for(ada), a_venue(session.agency, "Boathouse")
    assert "Access at the new place" in staff.get(page).text
    sent = WHO | {"reason_en": WHO["reason"], "on": session.on, "at": "18:00", "venue": boathouse.pk}
    assert staff.post(page, sent).status_code == 302
    assert not now(session).access_notes


def test_who_asked_for_access_hears_that_it_is_arranged_anew(session, ada):
    answer(session, email="ben@example.org", access_needs="No steps")
    answer(session, email="cleo@example.org")
    Mail.objects.all().delete()
    boathouse = a_venue(session.agency, "Boathouse")
    with pytest.raises(BreaksAccess) as asked:
        move(session, ada, venue=boathouse)
    session.refresh_from_db()
    move(session, ada, venue=boathouse, accepts=[each.key for each in asked.value.broken])
    asked, other = Mail.objects.get(to="ben@example.org"), Mail.objects.get(to="cleo@example.org")
    assert "We arrange it anew" in asked.text
    assert "We arrange it anew" not in other.text
    assert "Step-free from the street: Not known" in other.text


def test_the_neighborhood_is_where_the_venue_stands(session, ada):
    square = (
        '{"type": "Polygon", "coordinates": [[[-85.8, 38.2], [-85.7, 38.2], [-85.7, 38.3], [-85.8, 38.2]]]}'
    )
    home = draw_area(session.agency, kind=AreaKind.NEIGHBORHOOD, name="Eastbank", drawing=square, by=None)
    assert move(session, ada, venue=a_venue(session.agency, "Boathouse")).neighborhood == home


def test_the_page_of_a_move_asks_for_the_neighborhood_where_no_venue_says_it(session, ada, client_for):
    home = draw_area(
        session.agency,
        kind=AreaKind.NEIGHBORHOOD,
        name="Mill Row",
        drawing='{"type": "Polygon", "coordinates": [[[-85.6, 38.2], [-85.5, 38.2], [-85.5, 38.3], [-85.6, 38.2]]]}',
        by=None,
    )
    page, staff = reverse("gatherings:move", args=["riverbend", session.public_id]), client_for(ada)
    assert "Where the venue is" in staff.get(page).text
    sent = WHO | {"reason_en": WHO["reason"], "on": session.on, "at": "18:00", "meeting_point_en": "The mill"}
    assert staff.post(page, sent | {"neighborhood": home.pk}).status_code == 302
    assert now(session).neighborhood == home
    assert staff.post(page, sent | {"at": "19:00", "neighborhood": ""}).status_code == 302
    assert now(session).neighborhood == home, "it meets there as before"


def test_moved_and_back_is_as_first_said(session, ada, client):
    first, place = session.on, str(session.place)
    moved = move(session, ada, on=first + timedelta(days=7), venue=a_venue(session.agency, "Boathouse"))
    assert moved.was_moved, "the premise"
    back = move(session, ada, on=first, venue=session.venue, meeting_point=session.meeting_point)
    assert (back.was_moved, back.previously, str(back.place)) == (False, None, place)
    assert described.event(back)["eventStatus"].endswith("EventScheduled")
    page, listed = client.get(back.get_absolute_url()).text, client.get("/riverbend/gatherings/").text
    assert "Before:" not in page
    assert "Moved" not in listed
    assert "Before:" not in Client().get(back.get_absolute_url()).text
    again = move(session, ada, on=first + timedelta(days=9))
    assert again.previous_on == first


def test_a_draft_carries_what_hangs_on_it_too(riverbend, ada):
    on = riverbend.today() + timedelta(days=20)
    draft = a_draft(riverbend, on=on, needs_by=on - timedelta(days=6), access_notes=RAMP)
    moved = actions.change(draft, by=ada, on=on + timedelta(days=10), needs_by=draft.needs_by)
    assert moved.needs_by == moved.on - timedelta(days=6), "as it stood in the form that was sent"
    moved = actions.change(draft, by=ada, on=on, needs_by=on - timedelta(days=2))
    assert moved.needs_by == on - timedelta(days=2), "what a person wrote beside it holds"


def test_help_is_asked_for_before_it_begins(session, ada):
    with pytest.raises(actions.GatheringRefused, match="before it begins"):
        actions.change(session, by=ada, needs_by=session.on + timedelta(days=1))


def test_a_series_at_another_venue_says_anew_where_exactly(session, riverbend, ada):
    series = actions.set_series(riverbend, by=ada, name="Sessions")
    actions.change(session, by=ada, series=series)
    mall = a_venue(riverbend, "River Mall")
    actions.change_coming(series, by=ada, venue=mall, **WHO)
    assert str(now(session).place) == "River Mall, 12 River Street"
    assert isinstance(now(session).on, date)
