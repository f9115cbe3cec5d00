"""A spell of time for one part of a file, so that one event or row that never ends is set aside alone."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Spent(Exception):
    """The time of this part is over."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What stands inside is ended by `Spent` when its time is over, where it is Python that works.

    Only in the first thread of a process, as a reader's is (outside.readers). What C code does is ended with the file.
    """

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise Spent

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
