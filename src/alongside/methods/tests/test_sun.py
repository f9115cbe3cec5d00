"""Sunset, beside what almanacs print."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from alongside.methods.sun import sunset

utc = partial(datetime, tzinfo=UTC)
LOUISVILLE, PORTLAND, LONDON, SYDNEY = (38.25, -85.76), (45.52, -122.68), (51.5, -0.12), (-33.87, 151.21)


@pytest.mark.parametrize(
    ("place", "day", "printed"),
    [
        (LOUISVILLE, date(2026, 6, 21), utc(2026, 6, 22, 1, 10)),
        (LOUISVILLE, date(2026, 12, 21), utc(2026, 12, 21, 22, 27)),
        (PORTLAND, date(2026, 6, 21), utc(2026, 6, 22, 4, 3)),
        (PORTLAND, date(2026, 12, 21), utc(2026, 12, 22, 0, 30)),
        (LONDON, date(2026, 6, 21), utc(2026, 6, 21, 20, 21)),
        (LONDON, date(2026, 12, 21), utc(2026, 12, 21, 15, 53)),
        (SYDNEY, date(2026, 12, 21), utc(2026, 12, 21, 9, 5)),
    ],
)
def test_it_sets_when_almanacs_say(place, day, printed):
    assert abs(sunset(*place, day) - printed) <= timedelta(minutes=2)


def test_where_it_stays_up_or_down():
    tromso = (69.65, 18.96)
    assert sunset(*tromso, date(2026, 6, 21)) is None
    dark = sunset(*tromso, date(2026, 12, 21))
    assert dark.hour in {10, 11}, "noon there"


@pytest.mark.parametrize("lon", [-179.9, -85.76, 0.0, 151.21, 179.9])
def test_it_is_of_the_day_there(lon):
    """By the clock of the place it sets on that day, in the afternoon."""
    moment = sunset(20.0, lon, date(2026, 3, 1)) + timedelta(hours=lon / 15)
    assert moment.date() == date(2026, 3, 1)
    assert 17 <= moment.hour <= 18
