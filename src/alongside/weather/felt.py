"""How warm or cold it feels: the heat index and the wind chill, as the National Weather Service computes them."""

from __future__ import annotations

import math


def feels_like(temperature_f: float, *, humidity: float | None, wind_mph: float | None) -> float:
    """Degrees Fahrenheit as felt: the heat index where it is warm, the wind chill where it is cold."""
    if temperature_f >= 80 and humidity is not None:
        return heat_index(temperature_f, humidity)
    if temperature_f <= 50 and wind_mph is not None and wind_mph >= 3:
        return wind_chill(temperature_f, wind_mph)
    return temperature_f


def heat_index(temperature_f: float, humidity: float) -> float:
    """The heat index in °F, for a temperature in °F and a relative humidity in percent.

    Rothfusz's regression with the Weather Service's adjustments (National Weather Service, Weather Prediction
    Center, “The Heat Index Equation”; after Rothfusz 1990, technical attachment SR 90-23).
    """
    t, r = temperature_f, min(max(humidity, 0.0), 100.0)
    simple = (t + 0.5 * (t + 61 + (t - 68) * 1.2 + r * 0.094)) / 2
    if simple < 80:
        return simple
    index = (
        -42.379
        + 2.04901523 * t
        + 10.14333127 * r
        - 0.22475541 * t * r
        - 6.83783e-3 * t * t
        - 5.481717e-2 * r * r
        + 1.22874e-3 * t * t * r
        + 8.5282e-4 * t * r * r
        - 1.99e-6 * t * t * r * r
    )
    if r < 13 and 80 <= t <= 112:
        index -= (13 - r) / 4 * math.sqrt((17 - abs(t - 95)) / 17)
    elif r > 85 and 80 <= t <= 87:
        index += (r - 85) / 10 * (87 - t) / 5
    return index


def wind_chill(temperature_f: float, wind_mph: float) -> float:
    """The wind chill in °F, for a temperature in °F of at most 50 and a wind in mph of at least 3.

    National Weather Service, wind chill temperature index of 2001.
    """
    gust: float = wind_mph**0.16
    return 35.74 + 0.6215 * temperature_f - 35.75 * gust + 0.4275 * temperature_f * gust
