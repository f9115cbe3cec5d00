"""Other people's maps: whole neighborhoods with their walks, the same in every form."""

import json
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import shapely

from alongside.core import clock
from alongside.gatherings.models import Gathering, Status
from alongside.gatherings.tests.cast import a_draft
from alongside.places.models import Area, AreaKind

pytestmark = pytest.mark.django_db
SATURDAY = date(2026, 3, 7)


@pytest.fixture
def eastbank(riverbend):
    shape = shapely.box(-85.70, 38.20, -85.69, 38.21)
    return Area.objects.create(
        agency=riverbend, kind=AreaKind.NEIGHBORHOOD, name="Eastbank", **Area.columns_of(shape)
    )


@pytest.fixture
def today(riverbend):
    """A week after the walk."""
    day = SATURDAY + timedelta(weeks=1)
    with clock.at(datetime.combine(day, time(12), tzinfo=ZoneInfo(riverbend.timezone))):
        yield day


def a_walk(home, day, status):
    walk = a_draft(home.agency, on=day, neighborhood=home)
    if status != Status.DRAFT:
        Gathering.objects.filter(pk=walk.pk).update(status=status, published_at=clock.now())


def test_whole_neighborhoods_with_what_was_and_what_is_next(client, eastbank, today):
    a_walk(eastbank, SATURDAY, Status.HELD)
    a_walk(eastbank, SATURDAY + timedelta(weeks=2), Status.PUBLISHED)
    a_walk(eastbank, SATURDAY + timedelta(weeks=3), Status.DRAFT)
    answer = client.get("/riverbend/program/areas.geojson")
    assert answer.headers["Content-Type"] == "application/geo+json"
    (feature,) = json.loads(answer.getvalue())["features"]
    assert (feature["id"], feature["geometry"]["type"]) == (eastbank.public_id, "Polygon")
    assert feature["properties"] == {
        "id": eastbank.public_id,
        "name": "Eastbank",
        "walks": 1,
        "last_walk": "2026-03-07",
        "next_walk": "2026-03-21",
        "as_of": "2026-03-14",
    }
    table = client.get("/riverbend/program/areas.csv").getvalue().decode("utf-8-sig").splitlines()
    assert table == [
        "id,name,walks,last_walk,next_walk,as_of",
        f"{eastbank.public_id},Eastbank,1,2026-03-07,2026-03-21,2026-03-14",
    ]


def test_a_place_without_a_walk_is_there_and_its_days_are_empty(client, eastbank, today):
    table = client.get("/riverbend/program/areas.csv").getvalue().decode("utf-8-sig").splitlines()
    assert table[1:] == [f"{eastbank.public_id},Eastbank,0,,,2026-03-14"]


def test_the_page_leads_to_it_and_says_what_may_be_done(client, eastbank, today):
    a_walk(eastbank, SATURDAY, Status.HELD)
    page = client.get("/riverbend/program/").text
    assert "/riverbend/program/areas.geojson" in page
    assert "/riverbend/program/areas.csv" in page
    assert "https://creativecommons.org/licenses/by/4.0/" in page
