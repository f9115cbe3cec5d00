"""The second door: a file from outside is read by a process of its own, which can be ended.

A parser is somebody else's code on somebody else's bytes. It may loop for ever, take all the memory there is, end the
process that runs it, or raise whatever its authors thought of. So none runs where pages are made or jobs are done:
`Reader.read` runs it apart, ends it from outside when its time or memory is spent, and makes of *any* exception
that is no refusal of its own one sentence to whoever sent the file.

A parser is a plain function: bytes or a path and plain values in, plain values out. It knows no database, no settings
that a test or a demo changes, and no clock.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, ParamSpec, TypeVar

from alongside.core.errors import Refusal, phrase
from alongside.core.slow import not_in_a_transaction
from alongside.outside import apart
from alongside.outside.texts import Content

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger("alongside.outside")

# A page's threads are few: as many files are read at once, as many may wait, and no more hold a thread.
AT_ONCE = 2
WAITING = 2


class CannotBeRead(Refusal):
    """No parser could make sense of these bytes in the time and memory there are."""


class NothingLeft(Refusal):
    """Each row of a file was set aside."""


class NotNow(Refusal):
    """Nothing is wrong with this file: whoever sends it again in a while is right, and a job tries again."""

    passing = True


class Busy(NotNow):
    """Other files are being read."""


class WasEnded(NotNow):
    """Its reading was ended by the machine or by somebody at it."""


@dataclass(frozen=True)
class Reader(Generic[P, T]):
    """A parser, and what it may cost. `refused`: the room's own kind of refusal for what it cannot read.

    `seconds` are by the clock; `megabytes` are beyond what an idle process takes. `queued`: it works in a job or a
    command; those are few, wait for no page, and no page waits for them.
    `seconds_each`: so much longer for each megabyte of the files that it is sized to, up to `most_seconds` in all.
    """

    parse: Callable[P, T]
    seconds: float
    megabytes: int
    refused: type[Refusal] = CannotBeRead
    queued: bool = False
    seconds_each: float = 0
    most_seconds: float = math.inf

    def sized_to(self, files: Iterable[Content], *, more_megabytes: int = 0) -> Reader[P, T]:
        """The same for these files: a large one may take its time, and a small one that does is ended soon."""
        size = sum(file.stat().st_size if isinstance(file, Path) else len(file) for file in files) / 2**20
        seconds = min(round(self.seconds + self.seconds_each * size), self.most_seconds)
        return replace(self, seconds=seconds, megabytes=self.megabytes + more_megabytes)

    def read(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """What the parser makes of it. Raises the parser's own Refusal, `refused`, or NotNow."""
        return self._read(args, kwargs, None)

    def read_telling(self, progress: Callable[[Any], None], *args: Any, **kwargs: Any) -> T:
        """The same for a parser that takes `progress`: what it tells is told here, as it works."""
        return self._read(args, kwargs, progress)

    def _read(self, args: Any, kwargs: Any, progress: Callable[[Any], None] | None) -> T:
        not_in_a_transaction("A file is read")
        with nullcontext() if self.queued else _turn():
            try:
                return apart.run(  # type: ignore[no-any-return]  # it crossed between two processes
                    self.parse,
                    args,
                    kwargs,
                    progress=progress,
                    seconds=self.seconds,
                    most_bytes=self.megabytes * 2**20,
                )
            except apart.OutOfTime:
                raise self.refused(
                    phrase(
                        "reading it took longer than %(seconds)s seconds, so it was stopped: cut it down first.",
                        seconds=f"{self.seconds:g}",
                    )
                ) from None
            except apart.OutOfMemory:
                raise self.refused(
                    phrase(
                        "reading it took more than %(megabytes)s MB of memory, so it was stopped: cut it down first.",
                        megabytes=f"{self.megabytes:,}",
                    )
                ) from None
            except apart.EndedByOthers as ended:
                log.warning("A file was not read to its end by %s: %s", self.parse.__qualname__, ended)
                raise WasEnded(
                    phrase(
                        "Reading was stopped from outside, as a machine does that runs out of memory. Nothing is "
                        "wrong with what was sent. Please try again in a few minutes."
                    )
                ) from None
            except apart.Broke as broke:
                log.warning("A file could not be read by %s: %s", self.parse.__qualname__, broke)
                raise self.refused(
                    phrase("it cannot be read: it is broken, or of another kind. Export it again.")
                ) from None


def refuse_if_none_is_left(left: int, *, rows: int, why: object) -> None:
    """A command that took a file in and kept nothing of it says so, and ends as one that could not read it."""
    if not left:
        raise NothingLeft(
            phrase(
                "none of its %(rows)s rows can be used, the first because: %(why)s.",
                rows=f"{rows:,}",
                why=why,
            )
        )


class _Turns:
    """Who reads now, and who waits."""

    def __init__(self) -> None:
        self.reading = threading.Semaphore(AT_ONCE)
        self.waiting = threading.Semaphore(WAITING)


_turns = _Turns()


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.reading.acquire(blocking=False):
        if not _turns.waiting.acquire(blocking=False):
            raise Busy(phrase("Other files are being read just now. Please try again in a minute."))
        try:
            _turns.reading.acquire()
        finally:
            _turns.waiting.release()
    try:
        yield
    finally:
        _turns.reading.release()
