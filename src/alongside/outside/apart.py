"""A function run in a process of its own, with an end to its time and memory that does not depend on it.

The processes are forks of one clean process without threads (Python's fork server), which has Django and the parsers
loaded already: a start costs milliseconds. What comes back is pickled. Whoever takes over the process of a parser is
this user of this machine already; the boundary is there against loops, bombs and crashes.

It does not outlive whoever asked, however that one ends: the system itself ends it then.
"""

from __future__ import annotations

import fcntl
import math
import multiprocessing
import os
import pickle
import resource
import select
import signal
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any, NoReturn

import psutil
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import translation

from alongside.core.errors import Refusal

WATCHED_EVERY = 0.05  # seconds between two looks at its memory
KINDER = 5  # pages have the processor first
A_MOMENT = 0.5  # seconds in which a process that let go of its line has ended
TRIES = 3
# Python's fork server can be asked by several threads at once, but not in the moment in which it is begun anew.
_starting = threading.Lock()


class OutOfTime(Exception):
    """It was still at work when its time was spent, and was ended."""


class OutOfMemory(Exception):
    """It took more memory than it may, and was ended."""


class Broke(Exception):
    """It raised what is no refusal, or its process died of itself. The text is for a log."""


class EndedByOthers(Exception):
    """Its process was ended, and neither by itself nor by us: the machine has no memory left, or somebody did it."""


# How a process ends that others end; 255 is said of one of which nobody heard, since what it was forked from is gone.
BY_OTHERS = {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP, 255}


def run(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    *,
    progress: Callable[[Any], None] | None,
    seconds: float,
    most_bytes: int,
) -> Any:
    """What the function returns. Raises its Refusal; OutOfTime, OutOfMemory, Broke, EndedByOthers."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = _context().Process(
        target=_work,
        args=(theirs, function, args, kwargs, progress is not None, translation.get_language(), seconds),
        daemon=True,
    )
    with ours:
        with theirs:
            _start(process)
        try:
            return _hear(ours, process, progress, time.monotonic() + seconds, most_bytes)
        finally:
            process.kill()
            process.join()
            process.close()


def _start(process: ForkServerProcess) -> None:
    """Where what processes are forked from was ended, too, it is there again after a moment."""
    for left in reversed(range(TRIES)):
        try:
            with _starting:
                process.start()
            return
        except (EOFError, ConnectionError, FileNotFoundError) as lost:
            if not left:
                raise EndedByOthers(f"what it was to be forked from is gone: {lost!r}") from None
            time.sleep(A_MOMENT)


def _hear(
    pipe: Connection,
    process: ForkServerProcess,
    progress: Callable[[Any], None] | None,
    deadline: float,
    most_bytes: int,
) -> Any:
    watched = _Watched(process.pid, most_bytes)
    while True:
        if time.monotonic() > deadline:
            raise OutOfTime
        if not wait([pipe], timeout=WATCHED_EVERY):
            watched.look()
            continue
        try:
            what, value = pickle.loads(pipe.recv_bytes(most_bytes))  # noqa: S301 - our own process wrote it
        except EOFError:
            how = _ended_with(process)
            raise (EndedByOthers if how in BY_OTHERS else Broke)(f"its process ended with {how}") from None
        except OSError:  # it was ended in the midst of its words, or it says more than may be taken in
            how = _ended_with(process)
            raise (
                EndedByOthers(f"its process ended with {how}") if how in BY_OTHERS else OutOfMemory
            ) from None
        match what:
            case "told":
                if progress is not None:
                    progress(value)
            case "done":
                return value
            case "refused":
                raise value
            case "memory":
                raise OutOfMemory
            case _:
                raise Broke(value)


def _ended_with(process: ForkServerProcess) -> int | None:
    """The code or signal; None if it lives, and let go of its line."""
    process.join(timeout=A_MOMENT)
    return process.exitcode


class _Watched:
    """The memory of one process, beside what it had when it began."""

    def __init__(self, pid: int | None, most_bytes: int) -> None:
        self.process = None
        with suppress(psutil.Error):  # it may be done already
            self.process = psutil.Process(pid)
        self.most = self._now() + most_bytes

    def look(self) -> None:
        if self._now() > self.most:
            raise OutOfMemory

    def _now(self) -> int:
        with suppress(psutil.Error):
            return int(self.process.memory_info().rss) if self.process else 0
        return 0


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["alongside.outside.ready"])
    return context


# -- in the process apart -----------------------------------------------------------------------------
def _work(
    pipe: Connection,
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    tells: bool,
    language: str | None,
    seconds: float,
) -> None:
    """Do it, and say what came of it, in one message."""
    os.nice(KINDER)
    _end_with_whoever_asked()
    _end_by_itself(seconds)
    _goes_first()
    BaseDatabaseWrapper.connect = _no_database  # type: ignore[assignment, method-assign]  # in this process alone
    if tells:
        kwargs["progress"] = lambda value: pipe.send(("told", value))
    try:
        with translation.override(language):
            pipe.send(("done", function(*args, **kwargs)))
    except Refusal as refusal:
        pipe.send(("refused", _as_it_travels(refusal)))
    except MemoryError:
        pipe.send(("memory", None))
    except BaseException:  # whatever it is, it is said, and nobody outside has to know its name
        pipe.send(("broke", traceback.format_exc(limit=-3)))


def _end_with_whoever_asked() -> None:
    """Should whoever watches be killed, the system ends this one at once, whatever it is deep in.

    Nobody else holds the other end of this pipe; when it closes, the system sends a signal that ends a process.
    """
    asked = multiprocessing.parent_process()
    assert asked is not None  # we are never the first
    pipe = asked.sentinel
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([pipe], [], [], 0)[0]:  # it was killed before we said so
        os._exit(1)


def _goes_first() -> None:
    """Where the machine itself has no memory left, the system ends this one, and no other."""
    with suppress(OSError):  # only Linux asks
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _end_by_itself(seconds: float) -> None:
    """And where a system sends no such signal: an end by processor time, of all of its threads."""
    most = math.ceil(seconds * (os.cpu_count() or 1)) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _as_it_travels(refusal: Refusal) -> Refusal:
    """The refusal itself, where it can be made again from its words; else those words."""
    try:
        pickle.loads(pickle.dumps(refusal))  # noqa: S301 - we wrote it a moment ago
    except Exception:
        return Refusal(str(refusal))
    return refusal


def _no_database(*_args: object) -> NoReturn:
    raise RuntimeError("A parser knows no database: hand in what it needs.")
