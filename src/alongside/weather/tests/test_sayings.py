"""What the service says in English, a reader has in their own language."""

import pytest
from django.utils import translation

from alongside.weather.models import Alert, Hazard, Outlook, Sight
from alongside.weather.sayings import Sky, sky_of


@pytest.mark.parametrize(
    ("words", "sky"),
    [
        ("Slight Chance Rain Showers then Mostly Sunny", Sky.SHOWERS),
        ("Showers And Thunderstorms Likely", Sky.THUNDER),
        ("Isolated T-storms", Sky.THUNDER),
        ("Patchy Fog", Sky.FOG),
        ("Mostly Cloudy", Sky.MOSTLY_CLOUDY),
        ("Partly Sunny", Sky.PARTLY_CLOUDY),
        ("Sunny", Sky.CLEAR),
        ("Light Freezing Drizzle", Sky.ICE),
        ("Frogs", ""),
        ("", ""),
    ],
)
def test_the_worst_of_its_words_counts(words, sky):
    assert sky_of(words) == sky


def test_the_sky_is_told_in_the_language_of_whoever_looks():
    seen = Outlook(sight=Sight.SEEN, sky=Sky.SHOWERS, rain_percent=75)
    assert seen.said == "Showers, rain 75 %"
    with translation.override("es"):
        assert seen.said.startswith("Chubascos, ")


def test_an_alert_is_called_as_translators_call_it_and_one_nobody_knows_stays(walk):
    known, new = (
        Alert(gathering=walk, agency=walk.agency, about=walk.starts, hazard=Hazard.OFFICIAL, event=event)
        for event in ("Heat Advisory", "Locust Advisory")
    )
    with translation.override("es"):
        assert "Advertencia de calor" in str(known.said)
        assert "Locust Advisory" in str(new.said)
