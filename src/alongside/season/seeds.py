"""From a public value to seeds: three short steps that anybody can do again, on any computer, without us.

A lottery's numbers or a beacon's pulse, with the day of the first walk before it, is what a season is drawn from. Draw
0 is the season; the others tell how likely each order was. `printf 2027-01-09:3-12-15-22-30:0 | sha256sum` prints what
`methods.scheduling.seed_of` returns.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from itertools import starmap

MOST = 160  # letters of a value, and of its shape
DIGIT, LETTER = "0", "a"


def canonical(value: str) -> str:
    """A value as it counts, however it was typed: "03, 12 & 15" and "3-12-15" are one.

    Its runs of letters and digits, in small letters, without the zeros that a number begins with, joined by hyphens.
    Empty where there is no letter and no digit; never longer than `MOST`.
    """
    parts = (part.lstrip("0") or "0" if part.isdecimal() else part for part in _runs(value))
    return "-".join(parts)[:MOST].rstrip("-")


def shape_of(example: str) -> str:
    """The shape of a value, from an example of it: "7-31-02" is "0-00-00", "A1b2" is "aaaa".

    Each run of digits is as many noughts, each run with a letter in it as many small a. Empty where the example has
    none of both, or letters that two keyboards write alike: what is not of ASCII has no shape.
    """
    runs = _runs(example)
    shape = "-".join((DIGIT if run.isdecimal() else LETTER) * len(run) for run in runs)
    return shape if "".join(runs).isascii() and len(shape) <= MOST else ""


def has_shape(value: str, shape: str) -> bool:
    """Whether a value has this shape: the same runs in the same order, so that it can be written in one way only.

    A number may be shorter, for zeros at its beginning do not count. Every value has the empty shape, which is that of
    values named before there were shapes.
    """
    if not shape:
        return True
    runs, wanted = _runs(value), shape.split("-")
    return len(runs) == len(wanted) and all(starmap(_fits, zip(runs, wanted, strict=True)))


def _fits(run: str, wanted: str) -> bool:
    if wanted[0] == DIGIT:
        return run.isdecimal() and len(run.lstrip("0")) <= len(wanted)
    return run.isascii() and len(run) == len(wanted)


def _runs(value: str) -> list[str]:
    """The runs of letters and digits, small, every digit as 0 to 9 in whatever script it was written."""
    plain = unicodedata.normalize("NFKC", value).lower()
    return re.findall(r"[^\W_]+", "".join(_digit(each) for each in plain))


def _digit(each: str) -> str:
    return str(unicodedata.decimal(each)) if each.isdecimal() else each


def public_of(first: date, value: str) -> str:
    """What a season is drawn from: the day of its first walk, a colon, the value as it counts."""
    return f"{first.isoformat()}:{canonical(value)}"
