"""Wall time: what a clock on the wall of the town hall shows.

A gathering keeps its date, its wall time and its zone; the moment in UTC is derived from them, so that a change
of the zone's rules moves the moment and not the promise on the flyer. It is written beside them (`MomentField`) only
for queries to ask by.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def moment(on: date, at: time, zone: str) -> datetime:
    """The moment, aware, in its own zone. An hour that comes twice means its first time (PEP 495, fold 0).

    A wall time that the clocks skip is read with the rules before the jump, as RFC 5545 section 3.3.5 says.
    """
    return datetime.combine(on, at, tzinfo=ZoneInfo(zone))


def exists(on: date, at: time, zone: str) -> bool:
    """Whether a clock on the wall ever shows this: not in the hour that is skipped in spring."""
    local = moment(on, at, zone)
    return local.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local.replace(tzinfo=None)


def later(start: datetime, minutes: int) -> datetime:
    """So many real minutes after `start`, in the same zone: clocks may have jumped in between."""
    return (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(start.tzinfo)
