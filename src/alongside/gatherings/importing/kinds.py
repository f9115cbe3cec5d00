"""What kind of gathering a title speaks of. A guess, shown before anything is kept, and easy to correct."""

from __future__ import annotations

import re

from alongside.gatherings.kind import Kind
from alongside.gatherings.kinds import KINDS
from alongside.gatherings.kinds.other import OTHER

PATTERNS = [
    (kind.name, re.compile(kind.titles, re.I))
    for kind in sorted(KINDS.values(), key=lambda kind: kind.guessed)
    if kind.titles
]


def guess(title: str) -> str:
    """The kind that the words of a title speak of; the other where they speak of none we know."""
    return next((name for name, words in PATTERNS if words.search(title)), OTHER.name)


def known(text: str) -> str | None:
    """A kind said outright, by its name or the word we keep."""
    plain = text.strip().casefold()

    def says(kind: Kind) -> bool:
        return plain in {kind.name, str(kind).casefold()}

    return next((kind.name for kind in KINDS.values() if says(kind)), None)
