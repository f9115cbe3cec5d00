"""Spots: what is known of a fine place by how its incidents' addresses were written.

Page: docs/methods/hot-spots.md
"""

from enum import IntEnum

import numpy as np

from .arrays import Floats, Ints

MOST = 0.5


class Spot(IntEnum):
    """What a fine place is. Kept a row by whoever read the address, which is not kept."""

    UNKNOWN = 0
    ADDRESS = 1
    """One house number has most of its events."""
    BLOCK = 2
    """One block of a street has: between one address and twenty."""
    CROSSING = 3
    SEVERAL = 4
    """Several addresses, none with most."""


def verdicts(events: Floats) -> Ints:
    """(m,) the `Spot` of each place, from the events that say each of them there, (m, len(Spot)).

    What has more than half of the events that say anything; unknown where fewer than half say anything, several
    where they say different things.
    """
    total, known = events.sum(axis=1), events[:, 1:].sum(axis=1)
    likeliest = 1 + events[:, 1:].argmax(axis=1)
    has_most = events[np.arange(len(events)), likeliest] > MOST * known
    found = np.where(has_most, likeliest, Spot.SEVERAL)
    return np.where((known > 0) & (known >= MOST * total), found, Spot.UNKNOWN).astype(np.int64)
