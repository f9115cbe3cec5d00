"""Signs of life: what a process says each second to the one that watches over it, and how it ends when it is stuck.

Only what can still move gives one, so the one that watches needs no more than to listen: a process that is stopped, or
has a loop of C that lets no other thread run, falls silent. One that can see for itself that it is stuck says so and
ends; whoever watches starts another. Knows nothing of Django.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import sys
from contextlib import suppress

log = logging.getLogger("alongside.pulse")

EVERY = 1.0  # seconds
PATIENCE = 10.0  # seconds without a sign, after which whoever watches ends a process
HUNG = 70  # the exit code of a process that ended itself
LAST_WORDS = signal.SIGUSR1  # asks a process where its threads are, whatever they are at


class Pulse:
    """The line to whoever watches; where nobody does, signs of life go nowhere."""

    def __init__(self) -> None:
        self.line: int | None = None
        self.patience = PATIENCE

    def begin(self, line: int, patience: float) -> None:
        """From now on signs of life go here, to one with so much patience, who may be busy and is never waited for."""
        os.set_blocking(line, False)
        faulthandler.register(LAST_WORDS, file=sys.stderr, all_threads=True)
        self.line, self.patience = line, patience

    def beat(self) -> None:
        if self.line is not None:
            with suppress(OSError):  # it has not listened for long, or is gone: the lifeline ends us then
                os.write(self.line, b".")

    @staticmethod
    def end(why: str) -> None:
        """Say why and where each thread stands, and end at once: nothing in here can be asked to stop any more."""
        log.error("%s: this process ends itself. Its threads:", why)
        faulthandler.dump_traceback(file=sys.stderr, all_threads=True)
        os._exit(HUNG)


PULSE = Pulse()
