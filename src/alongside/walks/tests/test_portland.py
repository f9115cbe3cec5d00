"""A walk in a real city: Portland's neighborhoods and the streets of its center."""

import pytest

from alongside.agencies.models import Agency
from alongside.places.models import Area
from alongside.walks import planning

pytestmark = pytest.mark.heavy


@pytest.fixture
def portland(in_portland):
    return Agency.objects.get(slug="portland")


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
