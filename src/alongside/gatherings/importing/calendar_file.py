"""Calendars as other programs write them (RFC 5545): each date of each event, one year back and one ahead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar
from icalendar.prop import vRecur

from alongside.agencies.models import timezones
from alongside.core.errors import phrase
from alongside.gatherings.importing.rows import LARGEST_BYTES, MOST_ROWS, Aside, FileRow, Odd, UnreadableFile
from alongside.outside import texts
from alongside.outside.spells import Spent, within

# How far a repeating event is written out, before and after today.
AROUND = timedelta(days=366)
# Rules are followed day by day from where they begin: so many days in all, then the file is refused.
MOST_DAYS = 3_000_000
EARLIEST = 1970
# One event may take so long, and list so many dates and exceptions; else it is set aside.
SECONDS_EACH = 1.0
MOST_LISTED = 2_000
# A long line goes on below; where it breaks, it may break a letter in two.
FOLD = re.compile(rb"(?:\r\n|\r|\n)[ \t]")
DAILY_OR_RARER = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
WITHIN_A_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
# What one program tells another about an invitation (RFC 5546): it announces nothing.
ANSWERS = {"REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER"}


def rows(content: texts.Content, *, today: date) -> list[FileRow]:
    """Every date in the file. Raises UnreadableFile."""
    groups = [
        (_zone_of(each), group)
        for each in _parsed(_unfolded(content))
        if _text(each, "METHOD").upper() not in ANSWERS
        for group in _by_uid(each)
    ]
    if sum(_days_to_follow(group, today) for _zone, group in groups) > MOST_DAYS:
        raise UnreadableFile(
            phrase("its events repeat too often and for too long: cut the calendar down first.")
        )
    dates: list[FileRow] = []
    line = 1
    for zone, group in groups:
        dates.extend(_dates(group, today=today, zone=zone, first=line))
        line += len(group)
        if len(dates) > MOST_ROWS:
            raise UnreadableFile(
                phrase(
                    "the calendar holds more than %(most)s dates: cut it down first.", most=f"{MOST_ROWS:,}"
                )
            )
    if not dates:
        raise UnreadableFile(phrase("there is no event in this calendar, or none within a year of today."))
    return dates


def _unfolded(content: texts.Content) -> str:
    content = texts.bytes_of(content, most_bytes=LARGEST_BYTES, refused=UnreadableFile)
    if texts.encoding_of(content[:4])[0] == "utf-8":
        content = FOLD.sub(b"", content)
    return texts.decoded(content)


def _parsed(text: str) -> list[Any]:
    try:
        calendars = Calendar.from_ical(text, multiple=True)
    except MemoryError:
        raise
    except Exception as error:  # whatever a broken line makes the library trip over
        raise UnreadableFile(
            phrase(
                "this is no calendar that can be read (%(error)s): export it again as .ics.",
                error=_short(error),
            )
        ) from None
    calendars = [each for each in calendars if each.name == "VCALENDAR"]
    if not calendars:
        raise UnreadableFile(phrase("this is no calendar: its first line should be BEGIN:VCALENDAR."))
    return calendars


def _by_uid(calendar: Any) -> Iterable[list[Any]]:
    """The events of a calendar, those of one name together. Those without a name stand alone."""
    groups: dict[str, list[Any]] = {}
    events = [each for each in calendar.subcomponents if each.name == "VEVENT"]
    if len(events) > MOST_ROWS:
        raise UnreadableFile(
            phrase("the calendar holds more than %(most)s events: cut it down first.", most=f"{MOST_ROWS:,}")
        )
    called_off = _text(calendar, "METHOD").upper() == "CANCEL"
    for number, event in enumerate(events):
        if called_off:
            event["STATUS"] = "CANCELLED"
        groups.setdefault(_text(event, "UID") or f"\0{number}", []).append(event)
    return groups.values()


def _dates(group: list[Any], *, today: date, zone: ZoneInfo | None, first: int) -> list[FileRow]:
    """The dates of one event; one row that says why, where it has none that can be told."""
    try:
        with within(SECONDS_EACH):
            return list(_group(group, today=today, zone=zone, first=first))
    except Spent:
        return [_broken(group[0], first, Aside.ENDLESS)]
    except MemoryError:
        raise
    except Exception:  # whatever a broken rule makes the library trip over, it is one broken row
        return [_broken(group[0], first, Aside.BROKEN)]


def _group(group: list[Any], *, today: date, zone: ZoneInfo | None, first: int) -> Iterator[FileRow]:
    """The dates of one event: itself, or each time it repeats, with what was changed about single dates."""
    if not any(_repeats(event) for event in group):
        for number, event in enumerate(group):
            yield _said(event, first + number, zone)
        return
    trouble = next((why for event in group if (why := _why_not_followed(event))), "")
    if trouble:
        yield _broken(group[0], first, trouble)
        return
    masters = [event for event in group if "RECURRENCE-ID" not in event]
    newest = max(masters, key=_version, default=None)
    for event in masters:
        if event is not newest:  # an older version of the same series: one row, merged with the newer
            yield _said(event, first, zone)
    series = Calendar()
    for event in group:
        if event is newest or event not in masters:
            series.add_component(_bounded(event, today + AROUND))
    onward = {_stamp(once): each for each in group if (once := _from_then_on(each)) is not None}
    for each in recurring_ical_events.of(series).between(today - AROUND, today + AROUND):
        yield _said(each, first, zone, once=_instead_of(each, onward), repeats=True)


def _from_then_on(event: Any) -> Any:
    """The date of a series from which on all are changed by this event; None where it changes one."""
    held = event.get("RECURRENCE-ID")
    reaches = held is not None and str(held.params.get("RANGE", "")).upper() == "THISANDFUTURE"
    return _value(event, "RECURRENCE-ID") if reaches else None


def _instead_of(event: Any, onward: dict[str, Any]) -> Any:
    """Which date of its series this is. Those that one event changed together all carry the first of their dates."""
    once = _value(event, "RECURRENCE-ID")
    changed = onward.get(_stamp(once))
    if changed is None:
        return once
    return once + (_value(event, "DTSTART") - _value(changed, "DTSTART"))


def _repeats(event: Any) -> bool:
    return "RRULE" in event or "RDATE" in event


def _rules(event: Any) -> list[Any]:
    return _several(event, "RRULE")


def _several(event: Any, name: str) -> list[Any]:
    held = event.get(name, [])
    return held if isinstance(held, list) else [held]


def _why_not_followed(event: Any) -> str:
    """Why its rules are not followed, where they would be broken, endless or more than a calendar needs."""
    begins, rules = _value(event, "DTSTART"), _rules(event)
    if not all(isinstance(rule, vRecur) for rule in rules) or (rules and begins is None):
        return Aside.BROKEN
    if begins is not None and begins.year < EARLIEST:
        return Aside.FAR
    if any(step < 1 for rule in rules for step in rule.get("INTERVAL", [])):
        return Aside.BROKEN  # it would never come to its next date
    if any(
        str(rule.get("FREQ", [""])[0]).upper() not in DAILY_OR_RARER
        or any(len(rule.get(part, [])) > 1 for part in WITHIN_A_DAY)
        for rule in rules
    ):
        return Aside.TOO_OFTEN
    listed = sum(len(each.dts) for name in ("RDATE", "EXDATE") for each in _several(event, name))
    return Aside.ENDLESS if listed > MOST_LISTED else ""


def _days_to_follow(group: list[Any], today: date) -> int:
    """What it costs to write a series out: the days between where its rules begin and where we stop."""
    return sum(
        max(0, (today + AROUND - _day(begins)).days) * len(_rules(event))
        for event in group
        if (begins := _value(event, "DTSTART")) is not None
    )


def _bounded(event: Any, last: date) -> Any:
    """The event with rules that surely end, also those that count dates which never come."""
    copy = event.copy()
    copy.subcomponents = []
    begins = _value(event, "DTSTART")
    for rule in _rules(copy):
        until = [each for each in rule.get("UNTIL", []) if _day(each) <= last]
        rule["UNTIL"] = [_end_of(until[0] if until else last, begins)]
    return copy


def _end_of(last: date | datetime, begins: date | datetime) -> date | datetime:
    """The end in the same sort as the beginning, as the rules want it: UTC where the beginning has a zone.

    A day alone is meant as a whole: what takes place on its evening is the last one.
    """
    if not isinstance(begins, datetime):
        return _day(last)
    end = last if isinstance(last, datetime) else datetime.combine(last, time(23, 59, 59))
    if begins.tzinfo is None:
        return end.replace(tzinfo=None)
    return (end if end.tzinfo else end.replace(tzinfo=begins.tzinfo)).astimezone(UTC)


def _said(
    event: Any, line: int, zone: ZoneInfo | None, *, once: Any = None, repeats: bool = False
) -> FileRow:
    """One date. `once`: which of its series it is, where the event does not say that itself."""
    begins, ends, notes = _value(event, "DTSTART"), _value(event, "DTEND"), set()
    trouble = Aside.BROKEN if "DTSTART" in event and begins is None else ""
    if _text(event, "CLASS").upper() not in {"", "PUBLIC"}:  # a class that nobody knows is private, too
        return FileRow(line=line, title="", begins=None, trouble=Aside.PRIVATE)
    if ends is None and begins is not None and (length := _value(event, "DURATION")) is not None:
        ends = _plus(begins, length)
    tzid = event["DTSTART"].params.get("TZID") if "DTSTART" in event else None
    if isinstance(begins, datetime) and begins.tzinfo is None and tzid:
        notes.add(Odd.ZONE_UNKNOWN)
    elif zone is not None:
        begins, ends = _in_zone(begins, zone), _in_zone(ends, zone)
    whole_day = isinstance(begins, date) and not isinstance(begins, datetime)
    if whole_day and ends is not None and ends != begins:
        ends = ends - timedelta(
            days=1
        )  # the end of a whole day is written as the day after, or as the day itself
    if "ATTENDEE" in event or "CONTACT" in event:
        notes.add(Odd.PEOPLE)
    if _text(event, "STATUS").upper() == "TENTATIVE":
        notes.add(Odd.TENTATIVE)
    if repeats:
        notes.add(Odd.REPEATS)
    once = once or _value(event, "RECURRENCE-ID")
    return FileRow(
        line=line,
        title=_text(event, "SUMMARY"),
        begins=begins,
        ends=ends,
        details=_text(event, "DESCRIPTION"),
        place=_text(event, "LOCATION"),
        kind=_category(event),
        language=str(event["SUMMARY"].params.get("LANGUAGE", "")) if _text(event, "SUMMARY") else "",
        uid=" ".join(part for part in (_text(event, "UID"), _stamp(once)) if part),
        version=_version(event),
        is_cancelled=_text(event, "STATUS").upper() == "CANCELLED",
        notes=frozenset(notes),
        trouble=trouble,
    )


def _broken(event: Any, line: int, why: str) -> FileRow:
    return FileRow(
        line=line, title=_text(event, "SUMMARY"), begins=None, uid=_text(event, "UID"), trouble=why
    )


def _version(event: Any) -> str:
    """SEQUENCE, then LAST-MODIFIED, so that text compares as they do. DTSTAMP is only when the file was written."""
    try:
        sequence = int(event.get("SEQUENCE", 0))
    except (TypeError, ValueError):
        sequence = 0
    changed = _value(event, "LAST-MODIFIED")
    return f"{min(max(sequence, 0), 10**9):010d} {_stamp(changed)}".strip()


def _stamp(moment: date | datetime | None) -> str:
    if isinstance(moment, datetime):
        moment = moment.astimezone(UTC) if moment.tzinfo else moment
        return moment.strftime("%Y%m%dT%H%M%S")
    return moment.strftime("%Y%m%d") if moment else ""


def _zone_of(calendar: Any) -> ZoneInfo | None:
    """The zone of hours that name none, where the calendar says it."""
    name = _text(calendar, "X-WR-TIMEZONE")
    return ZoneInfo(name) if name in timezones() else None


def _in_zone(moment: Any, zone: ZoneInfo) -> Any:
    if isinstance(moment, datetime) and moment.tzinfo is None:
        return moment.replace(tzinfo=zone)
    return moment


def _value(event: Any, name: str) -> Any:
    """A date, hour or length; None where there is none or it is broken."""
    held = event.get(name)
    try:
        said = getattr(held[0] if isinstance(held, list) else held, "dt", None)
    except (ValueError, AttributeError, IndexError):
        return None
    return said if isinstance(said, date | timedelta) else None  # a period and an hour of no day are neither


def _text(event: Any, name: str) -> str:
    held = event.get(name, "")
    try:
        return str(held[0] if isinstance(held, list) else held)
    except (ValueError, IndexError):
        return ""


def _category(event: Any) -> str:
    """The first category, where there is one: a calendar of ours says the kind so."""
    held = event.get("CATEGORIES")
    try:
        return str((held[0] if isinstance(held, list) else held).cats[0])
    except (AttributeError, IndexError, ValueError):
        return ""


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _plus(begins: date | datetime, length: timedelta) -> date | datetime | None:
    try:
        return begins + length
    except OverflowError:
        return None


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:80]
