"""Opening hours as people write them: “Mon–Sat 10 to 9”, “Mo-Fr 09:00-17:00; Sa 10-14”.

Only what is surely understood is used. Of everything else the answer is that we do not know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import time

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHORT = {"mo": 0, "tu": 1, "we": 2, "th": 3, "fr": 4, "sa": 5, "su": 6}
LONG = {
    **{name: number for number, name in enumerate(DAYS)},
    **{
        name: number
        for number, name in enumerate(
            ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        )
    },
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
}
DAY = r"[a-z]{2,9}"
HOUR = r"\d{1,2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?)?"
SPAN = rf"{DAY}(?:\s*(?:-|to)\s*{DAY})?"
RULE = re.compile(
    rf"(?P<days>daily|every day|weekdays|weekends|{SPAN}(?:\s*(?:,|and|&)\s*{SPAN})*)"
    rf"\s*:?\s*(?:(?P<shut>closed|off)|(?P<first>{HOUR})\s*(?:-|to)\s*(?P<last>{HOUR}))",
)


# “After 4 pm on school days”: closed before, and at weekends; until when, nobody says.
AFTER = re.compile(
    rf"(?:after|from)\s+(?P<first>{HOUR})\s+(?:on\s+)?(?:(?P<school>school days)|(?P<days>daily|{SPAN}))"
)
SCHOOL_DAYS = range(5)


@dataclass(frozen=True)
class Opening:
    """Weekday → when it is open, in minutes after midnight. A day that is not named is closed.

    `after`: weekday → from when it may be open, where nobody says until when.
    """

    hours: dict[int, tuple[int, int]]
    after: dict[int, int] = field(default_factory=dict)

    def holds(self, weekday: int, at: time, minutes: int) -> bool | None:
        """Whether all of a gathering fits in; None where that is not said."""
        first, last = self.hours.get(weekday, (0, 0))
        begins = at.hour * 60 + at.minute
        if first <= begins and begins + minutes <= last:
            return True
        return None if begins >= self.after.get(weekday, begins + 1) else False


def read(text: str) -> Opening | None:
    """The hours, or None where any part of the text is not surely understood."""
    plain = re.sub(r"[–—−]", "-", text.lower()).replace("noon", "12pm").replace("midnight", "24:00")
    plain = plain.strip().rstrip(".")
    if plain in {"24/7", "always open", "always"}:
        return Opening(dict.fromkeys(range(7), (0, 1440)))
    hours: dict[int, tuple[int, int]] = {}
    after: dict[int, int] = {}
    for part in re.split(r"[;\n]|,(?=\s*[a-z]+[^,;]*\d)", plain):
        if late := AFTER.fullmatch(part.strip()):
            named = SCHOOL_DAYS if late["school"] else _days(late["days"])
            first = _minutes(late["first"])
            if named is None or first is None:
                return None
            after |= dict.fromkeys(named, first)
            continue
        rule = RULE.fullmatch(part.strip())
        days = _days(rule["days"]) if rule else None
        if not rule or days is None:
            return None
        if rule["shut"]:
            for day in days:
                hours.pop(day, None)
            continue
        span = _span(rule["first"], rule["last"])
        if span is None:
            return None
        hours |= dict.fromkeys(days, span)
    return Opening(hours, after) if hours or after else None


def _days(words: str) -> list[int] | None:
    if words in {"daily", "every day"}:
        return list(range(7))
    if words in {"weekdays", "weekends"}:
        return list(range(5)) if words == "weekdays" else [5, 6]
    named: list[int] = []
    for part in re.split(r"\s*(?:,|\band\b|&)\s*", words):
        ends = [_day(end) for end in re.split(r"\s*(?:-|\bto\b)\s*", part)]
        if any(end is None for end in ends) or len(ends) > 2:
            return None
        first, last = ends[0], ends[-1]
        assert first is not None
        assert last is not None
        named += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return named


def _day(word: str) -> int | None:
    return SHORT.get(word, LONG.get(word))


def _span(first: str, last: str) -> tuple[int, int] | None:
    """Minutes of opening and closing. “10 to 9” is ten in the morning to nine in the evening."""
    begins, ends = _minutes(first), _minutes(last)
    if begins is None or ends is None:
        return None
    if ends <= begins and not re.search(r"[ap]", last) and ends < 12 * 60 + 1:
        ends += 12 * 60
    return (begins, ends) if begins < ends <= 1440 else None


def _minutes(text: str) -> int | None:
    match = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:([ap])\.?m\.?)?", text.strip())
    if not match:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + minute if hour * 60 + minute <= 1440 and minute < 60 else None
