"""Counts that may be shown: no number small enough to point at somebody, and none that can be worked out."""

from __future__ import annotations

from collections.abc import Mapping

# Fewer people than this are nobody's business.
LEAST = 10
# What is shown is rounded down to so many.
STEP = 5


def keep_back(counts: Mapping[str, int], *, least: int = LEAST, step: int = STEP) -> dict[str, int | None]:
    """Each count rounded down to `step`, or None where it is kept back.

    A count under `least` is kept back, and where that would be one alone, the next smallest with it. No total is
    ever shown beside them, since a total is what a missing number is worked out from: what stands in one line says
    nothing of another, and whoever learns the total elsewhere still finds two unknowns and rounded neighbours.
    """
    order = sorted(counts, key=lambda name: (counts[name], name))
    hidden = {name for name in order if counts[name] < least}
    if len(hidden) == 1:
        hidden = set(order[:2])
    return {name: None if name in hidden else counts[name] // step * step for name in counts}
