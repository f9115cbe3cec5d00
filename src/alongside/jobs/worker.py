"""The worker: takes jobs in each lane, as many at a time as it has hands, says it is alive, and stops when asked."""

from __future__ import annotations

import logging
import os
import random
import signal
import socket
import threading
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from django.utils import translation

from alongside.core import space
from alongside.core.errors import Phrase, said_by
from alongside.core.logs import discreet
from alongside.core.pulse import PULSE
from alongside.core.stack import roomy
from alongside.jobs import actions, registry
from alongside.jobs.models import Job

log = logging.getLogger("alongside.jobs")

STILL = (
    120.0  # seconds for which a thread may stand still, between two jobs; nothing it does there takes as long
)


class Worker:
    """One process: a thread for each hand in each lane, one for the leases, one for the schedule.

    The main thread watches over them, and gives signs of life as long as each of them turns: a long job has its own
    limit, and a lane that would take no more jobs ends the worker as one that hangs does.
    """

    def __init__(
        self,
        *,
        lease: timedelta = actions.LEASE,
        poll: timedelta = timedelta(seconds=1),
        lanes: tuple[str, ...] = registry.LANES,
        name: str = "",
    ) -> None:
        self.name = name or f"{socket.gethostname()}:{os.getpid()}"
        self.lease = lease
        self.poll = poll.total_seconds()
        self.lanes = lanes
        self.stopping = threading.Event()
        self._running: dict[int, Job] = {}  # by the thread that is at it
        self._since: dict[int, float] = {}  # when it began, by a clock that nobody sets
        self._turned: dict[int, float] = {}  # when each thread last came round

    def run(self) -> None:
        """Work until asked to stop. SIGTERM or Ctrl-C finishes the jobs at hand, a second one hands them back."""
        signal.signal(signal.SIGTERM, self._asked_to_stop)
        signal.signal(signal.SIGINT, self._asked_to_stop)
        hands = [
            threading.Thread(target=roomy(self._work), args=[lane], name=lane)
            for lane in self.lanes
            for _hand in range(registry.HANDS[lane])
        ]
        helpers = [
            threading.Thread(target=self._beat, name="leases", daemon=True),
            threading.Thread(target=self._keep_schedule, name="schedule", daemon=True),
        ]
        PULSE.beat()  # before any job: the first that gets past nothing must not look like a slow start
        for thread in [*hands, *helpers]:
            thread.start()
        log.info("worker %s is ready", self.name)
        while any(thread.is_alive() for thread in hands):
            self._watch([*hands, *helpers])
            time.sleep(0.2)  # a wait without end would keep Python from running the signal handler
        _quietly(actions.say_goodbye, self.name)
        log.info("worker %s has stopped", self.name)

    def _watch(self, threads: list[threading.Thread]) -> None:
        """Give a sign of life, unless there is a thread that would never turn again."""
        if not self.stopping.is_set():
            for thread in threads:
                if why := self._wrong_with(thread):
                    PULSE.end(f"worker {self.name}: the thread for {thread.name} {why}")
        PULSE.beat()

    def _wrong_with(self, thread: threading.Thread) -> str:
        if not thread.is_alive():
            return "has ended"
        assert thread.ident is not None
        still = time.monotonic() - self._turned.setdefault(thread.ident, time.monotonic())
        if thread.ident not in self._running and still > max(STILL, self.lease.total_seconds()):
            return f"has stood still for {still:.0f} s, and is at no job"
        return ""

    def _turn(self) -> None:
        self._turned[threading.get_ident()] = time.monotonic()

    def _asked_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        if self.stopping.is_set():
            threading.Thread(target=self._leave_now).start()
        self.stopping.set()

    def _leave_now(self) -> None:
        for job in list(self._running.values()):
            _quietly(actions.release, job)
        os._exit(1)

    def _work(self, lane: str) -> None:
        while not self.stopping.is_set():
            if not self._try_one(lane):
                self.stopping.wait(self.poll * random.uniform(0.5, 1.0))  # noqa: S311  # spreads load
        connection.close()

    def _try_one(self, lane: str) -> bool:
        """Run one job if there is one. A database that is away is waited for, not died of."""
        self._turn()
        close_old_connections()
        try:
            # Where our leases ran out meanwhile (a clock that was set, a database that was away), we are still at it.
            ours = [job.pk for job in list(self._running.values())]
            job = actions.claim(lane=lane, worker=self.name, lease=self.lease, but=ours)
            if job is None:
                return False
            self._since[threading.get_ident()] = time.monotonic()
            self._running[threading.get_ident()] = job
            run(job)
        except DatabaseError as wrong:
            _wait_for_the_database(f"lane {lane}", wrong)
            return False
        finally:
            self._turn()
            self._running.pop(threading.get_ident(), None)
        return True

    def _beat(self) -> None:
        """Renew the lease of what runs, three times in a lease: jobs themselves need not think of it. And write down
        that we are here, for those who ask the house how it is."""
        while True:
            self._turn()
            _quietly(actions.say_alive, self.name)
            time.sleep(self.lease.total_seconds() / 3)
            for thread, job in list(self._running.items()):
                self._turn()
                self._end_if_hung(job, time.monotonic() - self._since[thread])
                _quietly(actions.renew, job, lease=self.lease)

    @staticmethod
    def _end_if_hung(job: Job, seconds: float) -> None:
        """A Python thread cannot be ended from outside, a process can. Whoever supervises starts another."""
        limit = registry.find(job.name).limit
        if seconds > limit.total_seconds():
            PULSE.end(f"job {job} has run for longer than {limit}")

    def _keep_schedule(self) -> None:
        while not self.stopping.is_set():
            self._turn()
            close_old_connections()
            _quietly(actions.enqueue_due)
            self.stopping.wait(max(self.poll, 5))


def _quietly(step: Callable[..., object], *args: Any, **kwargs: Any) -> None:
    """For threads that must outlive a database that is away, or a lease that is gone."""
    try:
        step(*args, **kwargs)
    except actions.LeaseLost as lost:
        log.warning("job %s was taken over by another worker", lost)
    except DatabaseError as wrong:
        _wait_for_the_database(getattr(step, "__name__", "work"), wrong)


def _wait_for_the_database(who: str, wrong: DatabaseError) -> None:
    """One line a time, where it is away: that may be for a night. Where in our code that was noticed, tells nobody."""
    why = str(wrong).partition("\n")[0]
    log.error(
        "%s: the database did not answer (%s); trying again", who, why, exc_info=not space.was_away(wrong)
    )
    connection.close()


def run(job: Job) -> None:
    """Run a claimed job to its end, and write down which end that was."""
    kind = registry.find(job.name)
    try:
        # A language that one job speaks must not colour the next.
        with translation.override(settings.LANGUAGE_CODE):
            if kind.atomic:
                actions.run_and_finish(job, lambda: kind.run(job, job.args))
            else:
                kind.run(job, job.args)
                actions.finish(job)
        log.info("job %s done", job)
    except actions.LeaseLost:
        log.warning("job %s was taken over by another worker; leaving it", job)
    except Exception as wrong:
        log.warning("job %s failed at attempt %s", job, job.attempts, exc_info=not _is_expected(wrong))
        _write_down(job, wrong)


def _is_expected(wrong: Exception) -> bool:
    return isinstance(wrong, (actions.TryLater, actions.GiveUp))


def _write_down(job: Job, wrong: Exception) -> None:
    """A failure's own words, without local variables, addresses and rows: they may hold what people told us."""
    trace = discreet("".join(traceback.format_exception(wrong, limit=-8)))
    error = said_by(wrong) if _is_expected(wrong) else Phrase(trace[-4000:])
    try:
        actions.fail(job, wrong, error=error)
    except actions.LeaseLost:
        log.warning("job %s was taken over by another worker; leaving it", job)


def drain(*, lanes: tuple[str, ...] = registry.LANES, at_most: int = 1000) -> list[Job]:
    """Run all that is due, here and now, in this thread: for tests and for commands that wait."""
    ran: list[Job] = []
    while len(ran) < at_most:
        job = next(filter(None, (actions.claim(lane=lane, worker="here") for lane in lanes)), None)
        if job is None:
            return ran
        run(job)
        ran.append(job)
    raise RuntimeError(f"{at_most} jobs were run and there are still more due.")
