"""The keys that ids in the lake are hashed with.

A lake keeps the key that it began with, however often a new one is made: the numbers of a file that comes again must
give the ids that are there, or its events would be counted twice, and the ids cannot be made again from ids. A new key
is for lakes that begin after it; so an agency that wants another takes its imports back and imports them again.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from pathlib import Path

from django.conf import settings

from alongside.agencies.models import Agency
from alongside.core import keys
from alongside.incidents.models import LakePart

RING = "incident-ids"


class Lost(Exception):
    """The ids in a lake were hashed with a key that is not here any more."""


def of(agency: Agency) -> bytes:
    """What the ids of this agency are hashed with: in an empty lake by the newest key. Raises Lost."""
    known = {mark(own): own for own in (_own(key, agency.pk) for key in _ring())}
    marks = set(LakePart.objects.of(agency).values_list("key_mark", flat=True))
    if not marks:
        return list(known.values())[-1]
    if len(marks) > 1 or not marks <= set(known):
        raise Lost
    return known[marks.pop()]


def mark(key: bytes) -> str:
    """Tells keys apart without telling the key."""
    return hmac.digest(key, b"mark", hashlib.sha256).hex()[:16]


def uses() -> dict[str, int]:
    """How many parts of lakes need each key of the ring, by its id; those whose key is not here by their own mark."""
    found: Counter[str] = Counter()
    for agency in Agency.objects.all():
        known = {mark(_own(key, agency.pk)): key.id for key in _ring()}
        for of_part in LakePart.objects.of(agency).values_list("key_mark", flat=True):
            found[known.get(of_part, of_part)] += 1
    return dict(found)


def _ring() -> list[keys.Key]:
    return list(keys.ring(Path(settings.DATA), RING))


def _own(key: keys.Key, agency: int) -> bytes:
    """Each agency hashes with a key of its own: nobody can tell that two of them know the same number."""
    return hmac.digest(key.secret, f"agency {agency}".encode(), hashlib.sha256)
