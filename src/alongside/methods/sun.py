"""When the sun sets. To a minute or two between the polar circles, which is as well as hills and weather allow.

The sunrise equation: mean anomaly, equation of the center, declination and hour angle, as J. Meeus gives them
("Astronomical Algorithms", second edition, chapters 15 and 25, to the accuracy of the low-precision series). The sun
has set when its upper edge does, with 34' of refraction: its center is then 0.833 degrees below the horizon.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import acos, asin, cos, degrees, radians, sin, tau

EPOCH = datetime(2000, 1, 1, 12, tzinfo=UTC)
HORIZON = radians(-0.833)
TILT = radians(23.4397)
PERIHELION = 102.9372


def sunset(lat: float, lon: float, day: date) -> datetime | None:
    """The moment of sunset at (lat, lon) in degrees on that day there, in UTC; None where the sun stays up.

    Where it does not rise, it sets at noon.
    """
    noon = day.toordinal() - EPOCH.date().toordinal() - lon / 360
    anomaly = radians((357.5291 + 0.98560028 * noon) % 360)
    center = 1.9148 * sin(anomaly) + 0.02 * sin(2 * anomaly) + 0.0003 * sin(3 * anomaly)
    longitude = radians((degrees(anomaly) + center + 180 + PERIHELION) % 360)
    transit = noon + 0.0053 * sin(anomaly) - 0.0069 * sin(2 * longitude)
    declination, latitude = asin(sin(longitude) * sin(TILT)), radians(lat)
    height = (sin(HORIZON) - sin(latitude) * sin(declination)) / (cos(latitude) * cos(declination))
    if height < -1:
        return None
    return EPOCH + timedelta(days=transit + acos(min(1.0, height)) / tau)
