"""What the National Weather Service says in English, known again, so that its reader has it in their own language.

Its forecasts put a few words together (“Slight Chance Rain Showers”): what the sky does is kept as one of them, since
how likely it is stands beside it as a number. Its alerts have fixed names, which translators know.
"""

from __future__ import annotations

import re

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy


class Sky(models.TextChoices):
    """What it looks like out there, the worst first: of several words the worst counts."""

    THUNDER = "thunder", _("Thunderstorms")
    ICE = "ice", _("Freezing rain or sleet")
    SNOW = "snow", _("Snow")
    SHOWERS = "showers", _("Showers")
    RAIN = "rain", _("Rain")
    FOG = "fog", _("Fog")
    SMOKE = "smoke", _("Smoke or haze")
    CLOUDY = "cloudy", _("Cloudy")
    MOSTLY_CLOUDY = "mostly_cloudy", _("Mostly cloudy")
    PARTLY_CLOUDY = "partly_cloudy", _("Partly cloudy")
    MOSTLY_CLEAR = "mostly_clear", pgettext_lazy("sky", "Mostly clear")
    CLEAR = "clear", pgettext_lazy("sky", "Clear")


KNOWN_BY: dict[Sky, str] = {
    Sky.THUNDER: r"thunder|t-storm",
    Sky.ICE: r"freezing|sleet|\bice\b|wintry mix",
    Sky.SNOW: r"snow|flurries|blizzard",
    Sky.SHOWERS: r"shower",
    Sky.RAIN: r"rain|drizzle|sprinkle",
    Sky.FOG: r"fog",
    Sky.SMOKE: r"smoke|haze|dust",
    Sky.MOSTLY_CLOUDY: r"mostly cloudy|considerable cloud",
    Sky.PARTLY_CLOUDY: r"partly (sunny|cloudy|clear)",
    Sky.CLOUDY: r"cloudy|overcast",
    Sky.MOSTLY_CLEAR: r"mostly (sunny|clear)",
    Sky.CLEAR: r"sunny|clear|fair",
}


def sky_of(words: str) -> str:
    """What the sky does, by the service's own words; empty where these are none that we know."""
    return next((sky for sky, by in KNOWN_BY.items() if re.search(by, words, re.IGNORECASE)), "")


# Alerts that can be about an hour outdoors, by the service's own names.
EVENTS = (
    gettext_noop("Air Quality Alert"),
    gettext_noop("Blizzard Warning"),
    gettext_noop("Cold Weather Advisory"),
    gettext_noop("Dense Fog Advisory"),
    gettext_noop("Dust Storm Warning"),
    gettext_noop("Extreme Cold Warning"),
    gettext_noop("Extreme Cold Watch"),
    gettext_noop("Extreme Heat Warning"),
    gettext_noop("Extreme Heat Watch"),
    gettext_noop("Flash Flood Warning"),
    gettext_noop("Flood Advisory"),
    gettext_noop("Flood Warning"),
    gettext_noop("Flood Watch"),
    gettext_noop("Freeze Warning"),
    gettext_noop("Heat Advisory"),
    gettext_noop("High Wind Warning"),
    gettext_noop("High Wind Watch"),
    gettext_noop("Hurricane Warning"),
    gettext_noop("Hurricane Watch"),
    gettext_noop("Ice Storm Warning"),
    gettext_noop("Red Flag Warning"),
    gettext_noop("Severe Thunderstorm Warning"),
    gettext_noop("Severe Thunderstorm Watch"),
    gettext_noop("Tornado Warning"),
    gettext_noop("Tornado Watch"),
    gettext_noop("Tropical Storm Warning"),
    gettext_noop("Tropical Storm Watch"),
    gettext_noop("Wind Advisory"),
    gettext_noop("Winter Storm Warning"),
    gettext_noop("Winter Storm Watch"),
    gettext_noop("Winter Weather Advisory"),
)
