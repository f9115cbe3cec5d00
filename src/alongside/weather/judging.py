"""Read a forecast, and say what of it is beyond what an agency wants to be warned of. It asks no database, no clock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from alongside.weather.felt import feels_like
from alongside.weather.models import Hazard, Level, Thresholds
from alongside.weather.sayings import Sky, sky_of
from alongside.weather.service import Silent, moment

OLDEST = timedelta(hours=24)
MPH_A_KMH = 0.621371
MPH_A_MPS = 2.236936
# How much worse than the threshold is danger.
HOTTER, COLDER, WINDIER = 10, 15, 1.5
MOST_HOURS, MOST_ALERTS = 400, 200


@dataclass(frozen=True)
class Hour:
    """One hour of the forecast. Degrees Fahrenheit, percent, miles an hour; None where nobody said."""

    starts: datetime
    ends: datetime
    felt_f: float | None
    rain_percent: float | None
    wind_mph: float | None
    words: str

    @property
    def thunder(self) -> bool:
        return sky_of(self.words) == Sky.THUNDER


@dataclass(frozen=True)
class Notice:
    """An official watch, warning or advisory."""

    event: str
    level: Level
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Finding:
    """Something beyond a threshold during the hours of a gathering, at its worst."""

    hazard: Hazard
    level: Level
    value: float | None = None
    worst_at: datetime | None = None
    event: str = ""


# -- reading ----------------------------------------------------------------------------------------
def made_at(said: Mapping[str, Any]) -> datetime | None:
    """When the forecast was made, by its own words."""
    properties = _dict(said.get("properties"))
    return moment(properties.get("updateTime")) or moment(properties.get("generatedAt"))


def hours(said: Mapping[str, Any], *, now: datetime) -> list[Hour]:
    """The hours of a forecast. One that is a day old is none: the service's edges hand those out at times."""
    made = made_at(said)
    if made is not None and now - made > OLDEST:
        raise Silent("the forecast is more than a day old")
    periods = _dict(said.get("properties")).get("periods")
    if not isinstance(periods, list):
        raise Silent("the forecast has no hours")
    hours = [hour for each in periods[:MOST_HOURS] if (hour := _hour(_dict(each))) is not None]
    if not hours:
        raise Silent("no hour of the forecast can be read")
    return hours


def _hour(said: Mapping[str, Any]) -> Hour | None:
    starts, ends = moment(said.get("startTime")), moment(said.get("endTime"))
    if starts is None or ends is None or ends <= starts:
        return None
    degrees = _fahrenheit(said)
    wind = max(
        (w for w in (_mph(said.get("windSpeed")), _mph(said.get("windGust"))) if w is not None), default=None
    )
    calm = _mph(said.get("windSpeed"))
    humidity = _number(said.get("relativeHumidity"))
    felt = None if degrees is None else feels_like(degrees, humidity=humidity, wind_mph=calm)
    return Hour(
        starts,
        ends,
        felt,
        _number(said.get("probabilityOfPrecipitation")),
        wind,
        str(said.get("shortForecast") or "")[:160],
    )


def _fahrenheit(said: Mapping[str, Any]) -> float | None:
    """A temperature, as a number with its unit beside it, or as a quantity that says its own."""
    temperature = said.get("temperature")
    degrees = _number(temperature)
    if degrees is None:
        return None
    unit = str(_dict(temperature).get("unitCode") or said.get("temperatureUnit") or "F")
    return degrees * 9 / 5 + 32 if unit.endswith("C") else degrees


def _mph(speed: Any) -> float | None:
    """The highest of a speed such as “5 mph”, “10 to 15 mph”, or a quantity in kilometers an hour."""
    if isinstance(speed, dict):
        number = _number(speed.get("maxValue") if speed.get("value") is None else speed.get("value"))
        factor = {"km_h-1": MPH_A_KMH, "m_s-1": MPH_A_MPS}.get(
            str(speed.get("unitCode") or "").split(":")[-1], 1
        )
        return None if number is None else number * factor
    numbers = re.findall(r"\d+(?:\.\d+)?", str(speed or ""))
    if not numbers:
        return None
    return max(map(float, numbers)) * (MPH_A_KMH if "km" in str(speed) else 1)


def _number(quantity: Any) -> float | None:
    """A number, or the value of a quantity; never infinite, never a word."""
    value = quantity.get("value") if isinstance(quantity, dict) else quantity
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e6 else None


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


LEVELS = {"Extreme": Level.DANGER, "Severe": Level.DANGER, "Moderate": Level.CAUTION}


def notices(said: Mapping[str, Any]) -> list[Notice]:
    """Official alerts that are meant: no tests, no drafts, none that were taken back, and none that are minor."""
    features = said.get("features")
    if not isinstance(features, list):
        raise Silent("the list of alerts cannot be read")
    notices = [_notice(_dict(_dict(each).get("properties"))) for each in features[:MOST_ALERTS]]
    return [each for each in notices if each is not None]


def _notice(said: Mapping[str, Any]) -> Notice | None:
    level = LEVELS.get(str(said.get("severity")))
    starts = moment(said.get("onset")) or moment(said.get("effective"))
    ends = moment(said.get("ends")) or moment(said.get("expires"))
    meant = said.get("status") == "Actual" and said.get("messageType") != "Cancel"
    event = " ".join(str(said.get("event") or "").split())[:120]
    if level is None or starts is None or ends is None or not meant or not event:
        return None
    return Notice(event, level, starts, ends)


# -- judging ----------------------------------------------------------------------------------------
def during(hours: Iterable[Hour], starts: datetime, ends: datetime) -> list[Hour]:
    """The hours that touch a gathering."""
    return [hour for hour in hours if hour.starts < ends and starts < hour.ends]


def findings(
    there: list[Hour], official: Iterable[Notice], *, starts: datetime, ends: datetime, wanted: Thresholds
) -> list[Finding]:
    """What is beyond the thresholds, each hazard once and at its worst."""
    hazards = [_rain(there, wanted), _wind(there, wanted), _heat(there, wanted), _cold(there, wanted)]
    if wanted.thunder:
        hazards.append(_thunder(there))
    if wanted.official:
        hazards += _official(official, starts, ends)
    return [each for each in hazards if each is not None]


def _rain(there: list[Hour], wanted: Thresholds) -> Finding | None:
    wet = [(hour.rain_percent, hour) for hour in there if hour.rain_percent is not None]
    percent, worst = max(wet, key=lambda pair: pair[0], default=(0, None))
    if worst is None or percent < wanted.rain_percent:
        return None
    return Finding(Hazard.RAIN, Level.CAUTION, percent, worst.starts)


def _wind(there: list[Hour], wanted: Thresholds) -> Finding | None:
    blown = [(hour.wind_mph, hour) for hour in there if hour.wind_mph is not None]
    speed, worst = max(blown, key=lambda pair: pair[0], default=(0, None))
    if worst is None or speed < wanted.wind_mph:
        return None
    level = Level.DANGER if speed >= wanted.wind_mph * WINDIER else Level.CAUTION
    return Finding(Hazard.WIND, level, speed, worst.starts)


def _heat(there: list[Hour], wanted: Thresholds) -> Finding | None:
    warm = [(hour.felt_f, hour) for hour in there if hour.felt_f is not None]
    felt, worst = max(warm, key=lambda pair: pair[0], default=(0, None))
    if worst is None or felt < wanted.heat_f:
        return None
    level = Level.DANGER if felt >= wanted.heat_f + HOTTER else Level.CAUTION
    return Finding(Hazard.HEAT, level, felt, worst.starts)


def _cold(there: list[Hour], wanted: Thresholds) -> Finding | None:
    cold = [(hour.felt_f, hour) for hour in there if hour.felt_f is not None]
    felt, worst = min(cold, key=lambda pair: pair[0], default=(0, None))
    if worst is None or felt > wanted.cold_f:
        return None
    level = Level.DANGER if felt <= wanted.cold_f - COLDER else Level.CAUTION
    return Finding(Hazard.COLD, level, felt, worst.starts)


def _thunder(there: list[Hour]) -> Finding | None:
    first = next((hour for hour in there if hour.thunder), None)
    return Finding(Hazard.THUNDER, Level.DANGER, None, first.starts) if first else None


def _official(official: Iterable[Notice], starts: datetime, ends: datetime) -> list[Finding]:
    """Each kind once, at its highest level: an update of an alert comes as another of the same name."""
    worst: dict[str, Level] = {}
    for notice in official:
        if notice.starts < ends and starts < notice.ends:
            worst[notice.event] = max(notice.level, worst.get(notice.event, notice.level))
    return [Finding(Hazard.OFFICIAL, level, event=event) for event, level in sorted(worst.items())]
