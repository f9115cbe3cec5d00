"""When people are left in peace: from evening to morning by the agency's clock. What is urgent goes at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, time, timedelta

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.core.errors import Phrase

EVENING, MORNING = time(20, 30), time(8)
# When news of one day is told together.
BUNDLED_AT = time(9)
# What is done to one thing in as many minutes is one piece of news: somebody reads it, passes it on, sets the day.
SHORTLY = timedelta(minutes=15)
# What takes place within a day is urgent: who hears tomorrow stands at a closed door today.
SOON = timedelta(days=1)

_unsent: ContextVar[Phrase | None] = ContextVar("unsent", default=None)


@contextmanager
def unsent(why: Phrase) -> Iterator[None]:
    """Within, whatever is told is written down as withdrawn, and nothing leaves."""
    token = _unsent.set(why)
    try:
        yield
    finally:
        _unsent.reset(token)


def why_unsent() -> Phrase | None:
    return _unsent.get()


def is_quiet(agency: Agency) -> bool:
    now = agency.local(clock.now()).time()
    return now >= EVENING or now < MORNING


def is_soon(moment: datetime) -> bool:
    """Whether what changes at this moment, or before it, must be told at once."""
    return moment - clock.now() <= SOON


def next_morning(agency: Agency) -> datetime:
    """Until when what can wait is left lying."""
    return _next(agency, MORNING)


def next_bundle(agency: Agency) -> datetime:
    """When what happens now is told together with what else happened that day."""
    return _next(agency, BUNDLED_AT)


def _next(agency: Agency, hour: time) -> datetime:
    """The next time that the clock there shows this hour; it may be 23 or 25 hours away."""
    local = agency.local(clock.now())
    day = local.date() if local.time() < hour else local.date() + timedelta(days=1)
    return datetime.combine(day, hour, tzinfo=agency.zone)
