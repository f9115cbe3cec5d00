"""A walk in a real city: Portland's neighborhoods and the streets of its center."""

import pytest
from tests.realdata import real_data

from alongside.agencies import actions as agencies
from alongside.places import actions as places
from alongside.places.models import Area, AreaKind
from alongside.walks import planning

pytestmark = [pytest.mark.heavy, pytest.mark.django_db]


@pytest.fixture
def portland(db):
    boundaries = real_data("portland/neighborhoods.geojson")
    streets = real_data("portland/portland_central_filtered.osm.pbf")
    agency = agencies.create_agency(slug="portland", name="Portland Police", timezone="America/Los_Angeles")
    read = places.read_areas(
        boundaries.read_bytes(), file_name=boundaries.name, kind=AreaKind.NEIGHBORHOOD, name="name"
    )
    places.keep_areas(agency, read, by=None)
    places.import_streets(agency, streets, file_name=streets.name, by=None)
    return agency


@pytest.mark.parametrize("name", ["Buckman", "Kerns"])
def test_an_hour_in_a_neighborhood(portland, name):
    area = Area.objects.get(agency=portland, name__iexact=name).shape
    loop = planning.loop(portland, area, planning.default_start(portland, area), minutes=60)
    answer = planning.as_json(loop, name)
    assert answer["closed"]
    assert answer["minutes"] <= 60
    assert answer["reach_covered"] >= 0.75 * answer["bound"]
    assert len(answer["streets"]) >= 5
    assert sum(answer["step_free"].values()) == pytest.approx(answer["length_m"])
    # A person reads the cue sheet: the names of streets, hardly a bit without one.
    nameless = [cue for cue in answer["cues"][:-1] if not cue["street"]]
    assert len(nameless) <= 3
    assert all(cue["metres"] >= 10 for cue in answer["cues"][:-1])
