"""What time it is, asked in one place, so that tests can say, and so that a demo city can live through its past."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta

# What people plan lies between. A day further off is a slip of the keyboard; at the ends of time the calendar breaks.
EARLIEST, FARTHEST = date(1970, 1, 1), timedelta(days=5 * 366)

_shift: ContextVar[timedelta] = ContextVar("shift", default=timedelta(0))


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC) + _shift.get()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within, it is `moment`, and time goes on from there. For this thread only."""
    token = _shift.set(moment - datetime.now(UTC))
    try:
        yield
    finally:
        _shift.reset(token)
