"""Room on the interpreter's stack for all that one call leads to.

CPython keeps the frames of calls in pieces of 16 KiB. A call that crosses the edge of one asks the system for the next,
and gives it back when it returns: a loop that stands just before an edge does so each time, and a page takes twice as
long, or not, by how deep the server happens to call it (python/cpython#142183; later versions keep one piece).
A piece is made as large as its first frame says that it needs. So one frame that says much begins a piece in which all
that follows has its place. What nothing is written to takes no memory.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

WORDS = 2**16
"""Of 8 bytes: half of the piece that CPython then takes; the other half is the room, and holds what 32 pieces do."""


def roomy(call: Callable[P, T]) -> Callable[P, T]:
    """The same call, with room below it."""

    def with_room(*args: P.args, **kwargs: P.kwargs) -> T:
        return call(*args, **kwargs)

    with_room.__code__ = with_room.__code__.replace(co_stacksize=WORDS)
    return wraps(call)(with_room)
