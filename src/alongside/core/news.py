"""News between rooms: a lower room tells, higher rooms hear, at once and in the same transaction.

The lower room knows nothing of who listens; each listener stands in its own room's manifest. What a listener cannot do
stops the whole: either all of it has happened, or none.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import connection

from alongside.core.manifest import follow, manifests

Thing = TypeVar("Thing")


class News(Generic[Thing]):
    """One kind of news, named after where it stands: `on_change: News[Change] = News("gatherings.on_change")`."""

    def __init__(self, name: str) -> None:
        self.name = name

    def tell(self, thing: Thing) -> None:
        """Everybody who listens hears it before this returns."""
        if not connection.in_atomic_block:
            raise RuntimeError(f"{self.name} is told inside the transaction that makes it true")
        for listener in listeners(self.name):
            listener(thing)


@cache
def listeners(name: str) -> list[Callable[[Any], object]]:
    """Who hears this news, by the names of their rooms."""
    return [follow(room.hears[name]) for room in manifests().values() if name in room.hears]
