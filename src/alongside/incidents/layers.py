"""Layers: whether a kind of incident is investigation or enforcement, by the agency's own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from alongside.incidents.reading import wildcards
from alongside.incidents.reading.judging import ENFORCEMENT, INVESTIGATION


def layer_of(enforcement: Sequence[str], investigation: Sequence[str]) -> Callable[[str], int]:
    """Kind → layer bits. The words for investigation go first; what nothing matches is investigation.

    In the words, * stands for anything; small and capital letters are the same.
    """
    exempt, enforced = _any_of(investigation), _any_of(enforcement)

    def layer(kind: str) -> int:
        return ENFORCEMENT if enforced(kind) and not exempt(kind) else INVESTIGATION

    return layer


def _any_of(words: Sequence[str]) -> Callable[[str], bool]:
    nothing = r"(?!)"
    pattern = re.compile(wildcards.pattern(words) or nothing, re.IGNORECASE)
    return lambda kind: bool(pattern.fullmatch(kind))
