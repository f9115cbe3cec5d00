"""One rule says how far a place is, whether people are sent there, and in what order places are offered."""

import re
from datetime import date, time
from pathlib import Path

import pytest
import shapely

import alongside
from alongside.agencies.models import Agency
from alongside.places import nearby
from alongside.places.models import Known, Permission, Venue, VenueKind

AGENCY = Agency(slug="riverbend", name="Riverbend Police", roof_minutes=20)
# Whether a walk's start has moved, where one is on its way, and whether a corner has its meeting point already.
OF_A_ROUTE = {"queries.py", "field_way.py", "actions.py"}
SATURDAY = date(2027, 1, 2)
SQUARE = shapely.box(-85.76, 38.24, -85.74, 38.26)


def a_place(name: str, lat: float, lon: float = -85.75, **words) -> Venue:
    words = {"kind": VenueKind.LIBRARY, "permission": Permission.GIVEN} | words
    return Venue(name=name, lat=lat, lon=lon, agency=AGENCY, **words)


def test_a_place_in_the_area_has_no_way_and_the_one_nearest_to_the_middle_goes_first():
    edge, middle, beyond = a_place("Edge", 38.259), a_place("Middle", 38.2501), a_place("Beyond", 38.2601)
    found = nearby.nearest([beyond, edge, middle], SQUARE)
    assert [near.venue.name for near in found] == ["Middle", "Edge", "Beyond"]
    assert [near.is_within for near in found] == [True, True, False]
    assert nearby.away(found[0], AGENCY) == "in the area"


@pytest.mark.parametrize(("north_m", "minutes", "sent"), [(1210, 20, True), (1300, 21, False)])
def test_nobody_is_sent_farther_on_foot_than_the_agency_allows(north_m, minutes, sent):
    """80 m a minute, and 1.3 m of street for each metre of the straight line."""
    (near,) = nearby.nearest([a_place("Hall", 38.26 + north_m / 111_000)], SQUARE)
    assert near.minutes == minutes
    assert nearby.in_reach(near, AGENCY) is sent


def test_steps_decide_before_distance_and_distance_before_room_permission_and_hours():
    asked = nearby.Asked(SATURDAY, time(10), 60, people=30)
    places = [
        a_place("Steps", 38.25, step_free=Known.NO),
        a_place("Not known", 38.25),
        a_place("Far", 38.258, step_free=Known.YES),
        a_place("Closed", 38.2501, step_free=Known.YES, opening_hours="Mon-Fri 9 to 5"),
        a_place("Not asked", 38.2501, step_free=Known.YES, permission=Permission.MISSING),
        a_place("Small", 38.2501, step_free=Known.YES, capacity=20),
        a_place("Fine", 38.2502, step_free=Known.YES, capacity=40),
    ]
    order = nearby.offered(nearby.nearest(places, nearby.at(38.25, -85.75)), asked)
    names = [near.venue.name for near in order]
    assert names == ["Fine", "Closed", "Not asked", "Small", "Far", "Not known", "Steps"]


def test_permission_that_ends_before_is_none():
    hall = a_place("Hall", 38.25, permission_until=date(2027, 1, 1))
    assert not nearby.lets_us_in(hall, SATURDAY)
    assert nearby.lets_us_in(hall, None)
    assert nearby.described(hall, AGENCY, asked=nearby.Asked(SATURDAY)).endswith(
        "permission has ended by then"
    )


def test_no_other_room_measures_how_far_a_place_is():
    """A second rule would send people farther on one page than on another."""
    rooms = Path(alongside.__file__).parent
    looked = [
        path
        for room in ("season", "weather", "walks", "gatherings", "rosters", "cadence")
        for path in (rooms / room).glob("*.py")
    ]
    assert len(looked) > 50, "the premise"
    assert "metres_between" in (rooms / "places" / "addresses.py").read_text(), "the premise"
    measured = {path.name for path in looked if re.search(r"\bmetres_between\b", path.read_text())}
    assert measured == OF_A_ROUTE
