"""The life of a job: written, claimed, kept alive, finished, tried again, given up.

Every step that follows a claim names the lease it was claimed under. A worker that lost its lease (its
machine slept, its database was away) finds that its words no longer count: two never both finish one job.
"""

from __future__ import annotations

import logging
import random
import secrets
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alongside.core import clock
from alongside.core.errors import Phrase, Refusal, phrase
from alongside.jobs import registry
from alongside.jobs.models import Job, State, WorkerSeen

log = logging.getLogger("alongside.jobs")

LEASE = timedelta(seconds=30)
# Six times as long as between two signs of life that a worker writes down, and longer than it takes to replace one.
SILENT = timedelta(seconds=60)
LONGEST_WAIT = timedelta(hours=1)
_REPORT_EVERY = timedelta(seconds=0.5)
_NOT_HELD = {"lease": "", "lease_until": None, "worker": ""}


class LeaseLost(Exception):
    """Another worker has taken this job over: stop, and leave its rows alone."""


class TryLater(Exception):
    """Raised by a job: this did not work now, and may work later. `after` overrides the usual wait.

    `counts`: whether it was an attempt; it was none where nothing could be tried.
    """

    def __init__(self, why: Phrase | str, *, after: timedelta | None = None, counts: bool = True) -> None:
        super().__init__(why)
        self.after = after
        self.counts = counts


class GiveUp(Exception):
    """Raised by a job: no further attempt will help."""


class NotDead(Refusal):
    """Someone asked to run a job again that has already been done."""


def enqueue(
    name: str,
    *,
    key: str | None = None,
    run_after: datetime | None = None,
    agency_id: int | None = None,
    **args: Any,
) -> Job:
    """Write down that `name` is to be run, in the caller's transaction: it exists exactly when that commits.

    The same `key` is the same job: the first one written stands, also when it is done, until it is forgotten.
    """
    registry.find(name).check(args)
    job = Job(name=name, key=key, args=args, agency_id=agency_id, run_after=run_after or clock.now())
    if key is None:
        job.save(force_insert=True)
        return job
    Job.objects.bulk_create([job], ignore_conflicts=True)
    return Job.objects.get(name=name, key=key)


def enqueue_due(now: datetime | None = None) -> list[Job]:
    """Write the jobs whose slot has come. Any number of workers may ask: a slot is written once."""
    now = now or clock.now()
    zone = timezone.get_default_timezone()
    written = []
    for kind in registry.scheduled():
        assert kind.schedule is not None
        _instant, slot = kind.schedule.latest(now, zone)
        key = f"slot:{slot}"
        if Job.objects.filter(name=kind.name).filter(_this_slot_or_an_open_one(key)).exists():
            continue
        written.append(enqueue(kind.name, key=key))
    return written


def _this_slot_or_an_open_one(key: str) -> models.Q:
    """A schedule never queues behind itself: while one slot waits or runs, the next is not written."""
    still_open = models.Q(state__in=[State.WAITING, State.RUNNING], key__startswith="slot:")
    return models.Q(key=key) | still_open


def claim(
    *,
    lane: str,
    worker: str,
    lease: timedelta = LEASE,
    now: datetime | None = None,
    but: Collection[int] = (),
) -> Job | None:
    """Take the next job for this worker, or None: but for those it is at. Of any number of workers one gets it.

    PostgreSQL locks the row and the others skip it; SQLite locks the transaction, which begins IMMEDIATE.
    """
    now = now or clock.now()
    # A look before the leap: an idle worker must not take SQLite's one write lock every second.
    takeable = Job.objects.in_lane(lane).takeable(now).exclude(pk__in=but)
    if not takeable.exists():
        return None
    with transaction.atomic():
        candidates = takeable.order_by("run_after", "pk")
        if connection.features.has_select_for_update_skip_locked:
            candidates = candidates.select_for_update(skip_locked=True)
        job = candidates.first()
        if job is None:
            return None
        if job.state == State.RUNNING and job.last_attempt:
            _bury(job, phrase("Its worker ended without a word, for the last time allowed."), now)
            return None
        _hold(job, worker=worker, until=now + lease, now=now)
        return job


def _hold(job: Job, *, worker: str, until: datetime, now: datetime) -> None:
    if job.state == State.RUNNING:
        job.error = phrase("Worker %(name)s ended without a word.", name=job.worker)
    job.state, job.attempts, job.worker = State.RUNNING, job.attempts + 1, worker[:80]
    job.lease, job.lease_until = secrets.token_hex(16), until
    job.started_at, job.steps_done, job.steps_total = now, 0, None
    job.save()


def say_alive(worker: str) -> None:
    """Write down that this worker is here."""
    WorkerSeen.objects.update_or_create(worker=worker[:80], defaults={"seen_at": clock.now()})


def say_goodbye(worker: str) -> None:
    """This worker was asked to stop: nobody need miss it, nor those whose work it took up."""
    silent = models.Q(seen_at__lt=clock.now() - SILENT)
    WorkerSeen.objects.filter(models.Q(worker=worker[:80]) | silent).delete()


def renew(job: Job, *, lease: timedelta = LEASE) -> None:
    """The heartbeat: we are alive and still at it."""
    _write(job, lease_until=clock.now() + lease)


def report(job: Job, *, done: int, total: int | None = None) -> None:
    """Tell the pages that wait how far we are: written at most twice a second. Raises LeaseLost."""
    now = clock.now()
    if job.reported_at and now - job.reported_at < _REPORT_EVERY and done != total:
        return
    job.reported_at = now
    _write(job, steps_done=done, steps_total=total)


@transaction.atomic
def run_and_finish(job: Job, function: Callable[[], object]) -> None:
    """For atomic jobs: the effect and the word `done` commit together, or neither does."""
    function()
    finish(job)


def finish(job: Job) -> None:
    _write(job, state=State.DONE, finished_at=clock.now(), error="", **_NOT_HELD)


def fail(job: Job, why: BaseException, *, error: Phrase) -> None:
    """Try again later, or give up: the attempts are spent, or the job itself says that none will help."""
    is_attempt = not isinstance(why, TryLater) or why.counts
    if isinstance(why, GiveUp) or (is_attempt and job.last_attempt):
        with transaction.atomic():
            _bury(job, error, clock.now())
        return
    wait = why.after if isinstance(why, TryLater) and why.after else _backoff(job)
    attempts = job.attempts if is_attempt else job.attempts - 1
    _write(
        job, state=State.WAITING, attempts=attempts, run_after=clock.now() + wait, error=error, **_NOT_HELD
    )


def _backoff(job: Job) -> timedelta:
    """Twice as long each time, give or take half: what failed together must not come back together."""
    kind = registry.find(job.name)
    doubled: int = 2 ** min(job.attempts - 1, 20)
    wait = min(kind.backoff * doubled, LONGEST_WAIT)
    return wait * random.uniform(0.5, 1.5)  # noqa: S311  # spreads load, guards nothing


def release(job: Job) -> None:
    """Hand a job back unfinished, its attempt not counted: this worker has been asked to stop at once."""
    _write(job, state=State.WAITING, run_after=clock.now(), attempts=job.attempts - 1, **_NOT_HELD)


def _bury(job: Job, error: Phrase, now: datetime) -> None:
    """Give the job up, and tell the room it belongs to in the same transaction."""
    _write(job, state=State.DEAD, finished_at=now, error=error, **_NOT_HELD)
    when_dead = registry.find(job.name).when_dead
    if when_dead is None:
        return
    try:
        with transaction.atomic():
            when_dead(**job.args)
    except Exception:  # the job stays buried: a room that cannot hear it must not stop every worker
        log.exception("job %s is given up, and its room could not be told", job)


def _write(job: Job, **fields: Any) -> None:
    """Change the row only while the lease it was claimed under still stands."""
    held = Job.objects.filter(pk=job.pk, state=State.RUNNING, lease=job.lease)
    if not held.update(**fields):
        raise LeaseLost(str(job))
    for name, value in fields.items():
        setattr(job, name, value)


def run_again(job: Job) -> Job:
    """A person has mended the cause: give a dead job all its attempts once more."""
    changed = Job.objects.filter(pk=job.pk, state=State.DEAD).update(
        state=State.WAITING, attempts=0, run_after=clock.now(), finished_at=None, error=""
    )
    job.refresh_from_db()
    if not changed and job.is_over:
        raise NotDead(_("This is done already, and was not run again."))
    return job


def forget(*, done_before: datetime, dead_before: datetime) -> int:
    """Delete what is over and old, and workers that never came back. Returns how many jobs."""
    WorkerSeen.objects.filter(seen_at__lt=done_before).delete()
    done = Job.objects.done().finished_before(done_before)
    dead = Job.objects.dead().finished_before(dead_before)
    return done.delete()[0] + dead.delete()[0]
