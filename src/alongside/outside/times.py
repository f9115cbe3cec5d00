"""Dates and hours as people and programs write them into tables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SLASHES = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b[,\s]*(.*)", re.S)
WORDS = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?([a-z]{3,9})\.?\s+"
    r"(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b[,\s]*(.*)",
    re.I | re.S,
)
CLOCK = re.compile(r"(?:at\s+)?(\d{1,2})(?::(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*([ap])?\.?\s*m?\.?", re.I)


COUNTED = re.compile(r"(\d{10})(\d{3})?")


def is_day_first(cells: Iterable[str]) -> bool:
    """Whether the day stands first in the dates of a table: what most of those say that can be read in one way alone.

    One order counts for a whole table, so that 5/12 is not May beside 13/12.
    """
    found = [(int(match[1]), int(match[2])) for cell in cells if (match := SLASHES.fullmatch(cell.strip()))]
    day = sum(first > 12 >= second for first, second in found)
    return day > sum(second > 12 >= first for first, second in found)


def moment(text: str, *, day_first: bool = False) -> datetime | date | None:
    """What a cell says: a day with its hour, a day alone, or nothing that can be read.

    2026-03-05T18:00, 2026-03-05 6 pm, 3/5/26 6:00 PM, March 5, 2026 and seconds or milliseconds since 1970 are all
    read; of 3/5/2026 the month is first, as people write it here, but where the table has it otherwise.
    """
    text = text.strip()
    if counted := COUNTED.fullmatch(text):
        return datetime.fromtimestamp(int(counted[1]), UTC)
    try:
        return date.fromisoformat(text) if len(text) in {8, 10} else datetime.fromisoformat(text)
    except ValueError:
        pass
    dated = _day(text, day_first=day_first)
    if dated is None:
        return None
    day, rest = dated
    if not rest:
        return day
    hour = clock(rest)
    return None if hour is None else datetime.combine(day, hour)


def clock(text: str) -> time | None:
    """An hour of the day: 18:30, 6:30 PM, 6 p.m."""
    match = CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    half = (match[4] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif match[2] is None:
        return None  # a bare number is no hour
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


def _day(text: str, *, day_first: bool) -> tuple[date, str] | None:
    """The day at the beginning of a cell, and what stands after it."""
    if match := SLASHES.fullmatch(text):
        first, second, year, rest = int(match[1]), int(match[2]), int(match[3]), match[4]
        month, day = (second, first) if day_first else (first, second)
        year += 2000 if len(match[3]) == 2 else 0
    elif match := WORDS.fullmatch(text):
        name, day, year, rest = match[1][:3].lower(), int(match[2]), int(match[3]), match[4]
        month = MONTHS.index(name) + 1 if name in MONTHS else 0
    elif match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})\b[,\s]*(.*)", text, re.S):
        year, month, day, rest = int(match[1]), int(match[2]), int(match[3]), match[4]
    else:
        return None
    try:
        return date(year, month, day), rest.strip()
    except ValueError:
        return None
