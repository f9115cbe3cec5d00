"""Which kinds of entry there are: those that rooms declare (`Manifest.ledger`), and no others."""

from __future__ import annotations

from functools import cache

from django.utils.functional import Promise

from alongside.core.manifest import manifests

LONGEST_KIND = 40


@cache
def kinds() -> dict[str, str | Promise]:
    """How each kind is said to a reader, by its name: of every room."""
    return {kind: label for room in manifests().values() for kind, label in room.ledger.items()}


def label_of(kind: str) -> str:
    """One that a room no longer writes is still told of, by its name."""
    return str(kinds().get(kind, kind))
