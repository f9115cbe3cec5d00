"""Layers: whether a kind of incident is investigation or enforcement, by the agency's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from alongside.incidents.reading import wildcards
from alongside.incidents.reading.judging import ENFORCEMENT, INVESTIGATION


@dataclass(frozen=True)
class Layers:
    """Kind → layer bits, by two patterns. It can be handed to another process."""

    enforced: re.Pattern[str]
    exempt: re.Pattern[str]

    def __call__(self, kind: str) -> int:
        enforced = self.enforced.fullmatch(kind) and not self.exempt.fullmatch(kind)
        return ENFORCEMENT if enforced else INVESTIGATION


def layer_of(enforcement: Sequence[str], investigation: Sequence[str]) -> Layers:
    """Kind → layer bits. The words for investigation go first; what nothing matches is investigation.

    In the words, * stands for anything; small and capital letters are the same.
    """
    return Layers(enforced=_any_of(enforcement), exempt=_any_of(investigation))


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    nothing = r"(?!)"
    return re.compile(wildcards.pattern(words) or nothing, re.IGNORECASE)
