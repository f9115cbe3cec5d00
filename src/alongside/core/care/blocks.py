"""Places rounded to the block: near enough to mend a lamp, too far to find the door of whoever spoke."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from alongside.core import languages
from alongside.core.care.patterns import STREET_END

# 1412, 1412B, 1412-1418, 1412 1/2; not “5th”, not a part of a longer word, and not a block already.
TAIL = r"(?:\s?[A-Za-z](?![A-Za-z])|\s?[-–]\s?[0-9]{1,6}|\s+[0-9]/[0-9])?\s+(?!block\b|cuadra\b)"
# A word of a street's name: a number stands in it only right before its end, as in “42 St”; else it is a house's.
NAME = rf"(?![0-9]+[A-Za-z]?\s+(?!{STREET_END}\b))[\w’'.-]+\s+"
# Where one surely lives: any number before words that end as streets do.
SURELY = re.compile(
    rf"(?<![\w#.])(?P<number>[0-9]{{1,6}}){TAIL}(?P<street>(?:{NAME}){{1,3}}?{STREET_END}\b\.?)",
    re.IGNORECASE,
)
# In the field for the place, three digits before any word are enough.
LIKELY = re.compile(
    rf"(?<![\w#.])(?P<number>[0-9]{{3,6}}){TAIL}(?P<street>(?:[^\W\d_]|[0-9]+(?:st|nd|rd|th)\b)[\w’'.-]*)",
    re.IGNORECASE,
)
# In Spanish the number comes after.
AFTER = re.compile(
    r"\b(?P<street>(?:calle|avenida|avda?\.?|camino|carretera|paseo|bulevar)\s+[^\W\d_][^\d,\n#]{1,40}?),?\s+"
    r"(?:#\s*|n[uúo]m?(?:ero)?\.?\s*)?(?P<number>[0-9]{1,6})\b(?!\s*(?:de|th|st|nd|rd)\b)",
    re.IGNORECASE,
)
DOORS = re.compile(
    r",?\s*(?:\b(?:apt|apartment|unit|suite|ste|room|rm|floor|fl|depto?|departamento|apto|apartamento|piso|interior)"
    r"\b\.?\s*#?|(?<=[a-z] )#)\s*(?:[0-9]{1,4}[A-Z]?|[A-Z])\b(?!-)",
    re.IGNORECASE,
)
DEGREES = r"[-+]?[0-9]{1,3}\.[0-9]{3,}\s*°?\s*[NSEWO]?"
BLOCK, FIRST = _("%(hundred)s block of %(street)s"), _("first block of %(street)s")
COORDINATES = re.compile(rf"{DEGREES}\s*[,;/ ]\s*{DEGREES}")


def rounded(place: str) -> str:
    """A place as somebody typed it, no finer than a block: no house number, no door, no coordinates."""
    return LIKELY.sub(_block_of, rounded_in(" ".join(place.split()))).strip(" ,;")


def rounded_in(words: str) -> str:
    """The same for what surely is an address within a sentence; the rest stays as it was said."""
    if not any(mark.isdigit() for mark in words):
        return words
    without = COORDINATES.sub("", words)
    return DOORS.sub("", SURELY.sub(_block_of, AFTER.sub(_block_of, without)))


def _block_of(match: re.Match[str]) -> str:
    """“1400 block of Oak St”; below one hundred, the first. What is a block already, stays."""
    if _is_block(match):
        return match[0]
    number, street = int(match["number"]), match["street"].strip()
    if number < 100:
        return FIRST % {"street": street}
    return BLOCK % {"hundred": number // 100 * 100, "street": street}


def _is_block(match: re.Match[str]) -> bool:
    """Whether the number stands as we say it of a block ourselves, in any of our languages: “Cuadra 1400 de Oak St”."""
    before, after = match.string[: match.start("number")], match.string[match.end("number") :]
    for said in languages.in_each(BLOCK).values():
        ahead, _hundred, behind = said.partition("%(hundred)s")
        if before.endswith(ahead) and after.startswith(behind.partition("%(street)s")[0]):
            return True
    return False
