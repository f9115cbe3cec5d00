"""Dates as files write them: which formats are read, and which of day and month comes first."""

from __future__ import annotations

import re
from collections.abc import Iterable

MONTH_FIRST = "month first"
DAY_FIRST = "day first"

# Tried in this order after ISO 8601. A two-digit year is tried before one of four, which would read 12 as the year 12.
_CLOCKS = ["", " %I:%M %p", " %I:%M:%S %p", " %H:%M", " %H:%M:%S"]
_SHAPES = {
    MONTH_FIRST: ["%m/%d/%y", "%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y"],
    DAY_FIRST: ["%d/%m/%y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"],
}
_WORDS = ["%d-%b-%y", "%d-%b-%Y", "%d %b %Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y", "%Y %b %d", "%Y%m%d"]

_NUMBERS_FIRST = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})\b")
_LOOKS_DATED = re.compile(
    r"^(\d{1,2}[/.-]\d{1,2}[/.-](\d{4}|\d{2})|\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{8}|\d{10}|\d{13}"
    r"|\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4}|[A-Za-z]{3,9} \d{1,2},? \d{4})(\b|T)"
)


_CLOCK = re.compile(r"(?<=[ T])\d{1,2}:\d{2}.*$")
_MIDNIGHT = re.compile(r"0?0:00(:00(\.0+)?)?(Z|[+-]00:?00)?|12:00(:00)? ?AM", re.IGNORECASE)


def formats(order: str) -> list[str]:
    """The strptime formats tried on what is not ISO 8601, likeliest first."""
    numeric = [shape + clock for clock in _CLOCKS for shape in _SHAPES[order]]
    return numeric + [shape + clock for shape in _WORDS for clock in _CLOCKS]


def looks_dated(value: str) -> bool:
    """Whether a value begins like a date."""
    return bool(_LOOKS_DATED.match(value.strip()))


def has_a_clock(value: str) -> bool:
    """Whether a time of day stands in a value, and not only the midnight that a day without one is given."""
    clock = _CLOCK.search(value)
    return clock is not None and not _MIDNIGHT.fullmatch(clock[0].strip())


def order_of(values: Iterable[str]) -> str:
    """Whether the day or the month comes first: what most of the values that can tell say; the month where none can.

    One order for a whole file: a value that only the other order could read is set aside, never guessed at.
    """
    day = month = 0
    for value in values:
        match = _NUMBERS_FIRST.match(value.strip())
        if match:
            first, second = int(match[1]), int(match[2])
            day += first > 12 >= second
            month += second > 12 >= first
    return DAY_FIRST if day > month else MONTH_FIRST
