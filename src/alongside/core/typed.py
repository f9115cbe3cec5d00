"""What people type for a day, an hour or a number, read as they write it: a browser without a calendar sends words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import dates

from alongside.core import languages
from alongside.core.text import seen

HOUR = re.compile(
    r"(?P<hour>\d{1,2})(?:(?:\s*[:.h]\s*|\s)(?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?)?\s*(?P<half>[ap])?\.?\s*(?:m\.?)?"
)
CLOCK = re.compile(r"(?P<hour>\d{1,2})(?P<minute>\d{2})\s*(?P<half>[ap])?\.?\s*(?:m\.?)?")
BEFORE_AN_HOUR = re.compile(r"^(?:a las?|las?|at) (?=\d)")
AFTER_AN_HOUR = re.compile(r"(?<=\d)\s*(?:o['’]?clock\b|(?:h|hs|hrs?|horas?|hours)\b\.?(?=$))")
NOON, MIDNIGHT = {"noon", "midday", "mediodia", "medio dia"}, {"midnight", "medianoche", "media noche"}
# The night is on both sides of midnight. Which hours are meant by each; who says another is asked.
PARTS = {
    "de la madrugada": {12: "a", **dict.fromkeys(range(1, 7), "a")},
    "de la manana": dict.fromkeys(range(1, 12), "a"),
    "del mediodia": dict.fromkeys((12, 1, 2, 3), "p"),
    "de la tarde": dict.fromkeys((12, *range(1, 9)), "p"),
    "de la noche": {12: "a", **dict.fromkeys(range(1, 5), "a"), **dict.fromkeys(range(6, 12), "p")},
    "in the morning": dict.fromkeys((12, *range(1, 12)), "a"),
    "in the afternoon": dict.fromkeys((12, *range(1, 8)), "p"),
    "in the evening": dict.fromkeys(range(4, 12), "p"),
    "at night": {12: "a", **dict.fromkeys(range(1, 5), "a"), **dict.fromkeys(range(6, 12), "p")},
}
PART = re.compile(rf"(?P<hour>\d{{1,2}})(?P<minute>\D\d{{2}})?\s*(?P<part>{'|'.join(PARTS)})")

BY_YEAR = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
BY_MONTH = re.compile(r"(\d{1,2})[-/](\d{1,2})(?:[-/](\d{4}|\d{2}))?")
NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:[, ]\d{3})+)")
DEGREES = re.compile(r"(?P<number>[+-]?\d{1,3}(?:[.,]\d{1,15})?)\s*°?\s*(?P<side>[nsew])?")


def plain(text: object) -> str:
    """As it reads: digits of any width, one blank where there are several, and nothing that nobody sees."""
    text = "".join(map(_usual, unicodedata.normalize("NFC", str(text))))
    return " ".join(seen(text).split())


def is_address(text: str) -> bool:
    """Whether mail may go there."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _usual(mark: str) -> str:
    """A mark as a keyboard has it. A raised 2, or one in a circle, is no number that anybody types."""
    return mark if mark.isdigit() and not mark.isdecimal() else unicodedata.normalize("NFKC", mark)


def whole(text: object) -> int | None:
    """`1,234` as Americans write it, in English and in Spanish."""
    said = _signed(text)
    return int(re.sub("[, ]", "", said)) if NUMBER.fullmatch(said) and len(said) <= 20 else None


def _signed(text: object) -> str:
    """A word processor's minus, or a dash in its place, as a keyboard has it."""
    said = plain(text)
    return re.sub(r"^[\u2010-\u2013\u2212]\s?(?=\d)", "-", said)


def degrees(text: object) -> float | None:
    """`38.2527`, `-85,7585`, `85.7585° W`: where something lies, as maps write it."""
    found = DEGREES.fullmatch(_signed(text).casefold())
    if found is None:
        return None
    number = float(found["number"].replace(",", "."))
    return -abs(number) if found["side"] in {"s", "w"} else number


def hour(text: object) -> time | None:
    """`6:00 PM`, `6 p. m.`, `18.00`, `1800`, `18 h`, noon; a lone 6 is none, since nobody can say which."""
    said = BEFORE_AN_HOUR.sub("", AFTER_AN_HOUR.sub("", bare(text).removesuffix(".")))
    named = re.sub(r"^(a |al |a la |at )?(12 |12:00 )?(del? )?", "", said)
    if named in NOON | MIDNIGHT:
        return time(12 if named in NOON else 0)
    if part := PART.fullmatch(said):
        half = PARTS[part["part"]].get(int(part["hour"]), "")
        said = f"{part['hour']}{part['minute'] or ''} {half}" if half else ""
    found = HOUR.fullmatch(said) or CLOCK.fullmatch(said)
    if found is None or (len(said) <= 2 and 0 < int(said) <= 12):
        return None
    hours, half = int(found["hour"]), found["half"]
    if half and hours <= 12:
        hours = hours % 12 + (12 if half == "p" else 0)
    minutes = int(found["minute"] or 0)
    if hours > 23 or minutes > 59 or (half == "a" and int(found["hour"]) > 12):
        return None
    return time(hours, minutes)


def day(text: object, *, today: date) -> date | None:
    """`2026-12-05`, `12/5/2026`, `Dec 5`, `5 de diciembre`; without a year, the one that lies nearest to today."""
    said = bare(text)
    if found := BY_YEAR.fullmatch(said):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := BY_MONTH.fullmatch(said):
        month, number = int(found[1]), int(found[2])
        if month > 12:  # nothing else it could be
            month, number = number, month
        if not found[3]:
            return _nearest(today, month, number)
        year = int(found[3])
        return _date(year if year > 99 else 2000 + year, month, number)
    return _by_name(said, today)


def moment(text: object, *, today: date) -> datetime | None:
    """A day and its hour beside each other: `12/5/2026 6:00 PM`, `Dec 5, 6 p.m.`, `5 de diciembre a las 18:00`."""
    words = plain(text).replace(",", " ").split()
    for cut in range(1, len(words)):
        on, at = day(" ".join(words[:cut]), today=today), hour(" ".join(words[cut:]))
        if on and at is not None:
            return datetime.combine(on, at)
    return None


def _by_name(said: str, today: date) -> date | None:
    words = re.findall(r"\d+|[^\W\d]+", said)
    months = list({_months()[word] for word in words if word in _months()})
    numbers = [int(word) for word in words if word.isdecimal() and len(word) <= 4]
    others = {word for word in words if not word.isdecimal() and word not in _months()} - _between()
    if len(months) != 1 or len(numbers) not in {1, 2} or others:
        return None
    if len(numbers) == 1:
        return _nearest(today, months[0], numbers[0])
    number, year = sorted(numbers)
    return _date(year, months[0], number) if year > 99 else None


def _nearest(today: date, month: int, number: int) -> date | None:
    """Without a year, the one that lies nearest to today."""
    years = (today.year - 1, today.year, today.year + 1)
    near = (found for year in years if (found := _date(year, month, number)))
    return min(near, key=lambda found: abs(found - today), default=None)


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def bare(text: object) -> str:
    """In small letters and without accents: `Mié 9 dic` and `mie 9 dic` are one."""
    letters = unicodedata.normalize("NFD", plain(text).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


MONTHS: list[Mapping[int, Any]] = [dates.MONTHS, dates.MONTHS_3, dates.MONTHS_AP]
DAYS: list[Mapping[int, Any]] = [dates.WEEKDAYS, dates.WEEKDAYS_ABBR]


@cache
def _months() -> dict[str, int]:
    """The months by their names, long and short, in each of our languages."""
    return {
        bare(said).rstrip("."): number
        for names in MONTHS
        for number, name in names.items()
        for said in languages.in_each(name).values()
    }


@cache
def _between() -> set[str]:
    """What stands beside them and says nothing more: days of the week, `de`, `th`."""
    named = {
        bare(said).rstrip(".")
        for names in DAYS
        for name in names.values()
        for said in languages.in_each(name).values()
    }
    return named | {"de", "del", "el", "of", "the", "st", "nd", "rd", "th", "ro", "o"}
