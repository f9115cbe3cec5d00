"""From a public value to seeds: three short steps that anybody can do again, on any computer, without us.

A lottery's numbers or a beacon's pulse, with the day of the first walk before it, is what a season is drawn from. Draw
0 is the season; the others tell how likely each order was. `printf 2027-01-09:3-12-15-22-30:0 | sha256sum` prints what
`methods.scheduling.seed_of` returns.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date


def canonical(value: str) -> str:
    """A value as it counts, however it was typed: "03, 12 & 15" and "3-12-15" are one.

    Its runs of letters and digits, in small letters, without the zeros that a number begins with, joined by hyphens.
    Empty where there is no letter and no digit.
    """
    plain = unicodedata.normalize("NFKC", value).lower()
    parts = re.findall(r"[^\W_]+", plain)
    return "-".join(part.lstrip("0") or "0" if part.isdecimal() else part for part in parts)


def public_of(first: date, value: str) -> str:
    """What a season is drawn from: the day of its first walk, a colon, the value as it counts."""
    return f"{first.isoformat()}:{canonical(value)}"
