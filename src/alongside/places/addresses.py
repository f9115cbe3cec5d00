"""Whether two ways to write an address mean one place: a spelling that is put right moves nobody."""

from __future__ import annotations

import re
from itertools import zip_longest

from alongside.core.typed import bare
from alongside.methods.ground import metres_between
from alongside.places.models import Venue

# Farther than from one door of a large house to the next: whoever goes by the map stands elsewhere.
FAR_M = 200
# A slip of one letter is told from another word only where the word is long enough.
LONG_ENOUGH = 5

WRITTEN_OUT = {
    "ave": "avenue",
    "av": "avenue",
    "blvd": "boulevard",
    "cir": "circle",
    "ct": "court",
    "dr": "drive",
    "hwy": "highway",
    "ln": "lane",
    "pkwy": "parkway",
    "pl": "place",
    "plz": "plaza",
    "rd": "road",
    "sq": "square",
    "st": "street",
    "ter": "terrace",
    "n": "north",
    "e": "east",
    "s": "south",
    "w": "west",
    "ne": "northeast",
    "nw": "northwest",
    "se": "southeast",
    "sw": "southwest",
    "ft": "fort",
    "mt": "mount",
    "fl": "floor",
    "rm": "room",
    "ste": "suite",
    "apt": "apartment",
    "bldg": "building",
    "first": "1st",
    "second": "2nd",
    "third": "3rd",
    "fourth": "4th",
    "fifth": "5th",
    "sixth": "6th",
    "seventh": "7th",
    "eighth": "8th",
    "ninth": "9th",
    "tenth": "10th",
}


def is_far(was: Venue, now: Venue) -> bool:
    """Whether its point on the map was put right by more than a building."""
    return bool(metres_between(was.lat, was.lon, now.lat, now.lon) > FAR_M)


def is_same_address(one: str, other: str) -> bool:
    """In other words: capitals, marks, abbreviations, one slip in a long word; more of it, or less, at the end."""
    return all(
        word is None or another is None or _is_same_word(word, another)
        for word, another in zip_longest(_words(one), _words(other))
    )


def _words(address: str) -> list[str]:
    words = re.findall(r"\w+", re.sub("['’]", "", bare(address)))
    return [WRITTEN_OUT.get(word, word) for word in words]


def _is_same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    if not (one + other).isalpha() or max(len(one), len(other)) < LONG_ENOUGH:
        return False
    return _one_slip(*sorted((one, other), key=len))


def _one_slip(short: str, long: str) -> bool:
    """One letter too many, another in its place, or two exchanged."""
    start = next(
        (at for at, (one, other) in enumerate(zip(short, long, strict=False)) if one != other), len(short)
    )
    if len(short) != len(long):
        return short[start:] == long[start + 1 :]
    exchanged = short[:start] + short[start : start + 2][::-1] + short[start + 2 :]
    return short[start + 1 :] == long[start + 1 :] or exchanged == long
