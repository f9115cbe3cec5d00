"""Tests begin at noon: what is true by day must not be found untrue by whoever runs the suite at night.

At night mail waits until morning, and a day of New York is not the day of UTC. A test that is about such an hour says
so (`clock.at`). Noon is that of the machine's own day, so that a `date.today()` is the agencies' today.
"""

from __future__ import annotations

from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from alongside.core import clock

WHERE = ZoneInfo("America/New_York")


def pytest_configure() -> None:
    """For all threads, also those of a server under test. Commands in processes of their own keep the real hour."""
    shift = _until_noon(datetime.now(UTC))
    clock._shift = ContextVar("shift", default=shift)


def _until_noon(now: datetime) -> timedelta:
    return datetime.combine(now.date(), datetime.min.time().replace(hour=12), tzinfo=WHERE) - now
