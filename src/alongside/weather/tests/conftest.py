"""Our own service in the place of the real one, and a walk under the open sky in two days."""

from datetime import timedelta

import pytest

from alongside.gatherings.tests.cast import a_gathering
from alongside.places.models import Permission, Venue, VenueKind
from alongside.weather import service
from alongside.weather.tests import sky as skies


@pytest.fixture
def sky(settings, db, monkeypatch):
    monkeypatch.setattr(service, "PAUSE", 0.0)
    with skies.service() as made:
        ours = {"weather_url": made.url, "outside_allow": [made.url.removeprefix("http://")]}
        settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update=ours)
        yield made


def a_square(agency, name="Fountain Square", lat=38.2527, lon=-85.7585, **words):
    words = {"kind": VenueKind.OUTDOOR, "permission": Permission.NOT_NEEDED} | words
    return Venue.objects.create(agency=agency, name=name, lat=lat, lon=lon, **words)


@pytest.fixture
def square(riverbend):
    return a_square(riverbend)


@pytest.fixture
def walk(riverbend, square):
    """Published, outdoors, in two days."""
    return a_gathering(riverbend, on=riverbend.today() + timedelta(days=2), venue=square)
