"""Dates and hours as people and programs write them into tables."""

from __future__ import annotations

import re
from datetime import date, datetime, time

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SLASHES = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b[,\s]*(.*)", re.S)
WORDS = re.compile(
    r"(?:[a-z]+day,?\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b[,\s]*(.*)", re.I | re.S
)
CLOCK = re.compile(r"(?:at\s+)?(\d{1,2})(?::(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*([ap])?\.?\s*m?\.?", re.I)


def moment(text: str) -> datetime | date | None:
    """What a cell says: a day with its hour, a day alone, or nothing that can be read.

    2026-03-05T18:00, 2026-03-05 6 pm, 3/5/2026 6:00 PM and March 5, 2026 are all read; of 3/5/2026 the month is
    first, as people write it here.
    """
    text = text.strip()
    try:
        return date.fromisoformat(text) if len(text) in {8, 10} else datetime.fromisoformat(text)
    except ValueError:
        pass
    dated = _day(text)
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


def _day(text: str) -> tuple[date, str] | None:
    """The day at the beginning of a cell, and what stands after it."""
    if match := SLASHES.fullmatch(text):
        first, second, year, rest = int(match[1]), int(match[2]), int(match[3]), match[4]
        month, day = (second, first) if first > 12 else (first, second)
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
