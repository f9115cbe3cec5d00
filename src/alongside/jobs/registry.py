"""What can be run: names, functions and how patient to be with each."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from alongside.jobs.schedule import Schedule

# Whoever outside does not answer makes nobody else wait: what calls outside has lanes of its own, and mail another,
# in which several are handed over at once.
QUICK, SLOW, OUTSIDE, MAIL = "quick", "slow", "outside", "mail"
LANES = (QUICK, SLOW, OUTSIDE, MAIL)
HANDS = {QUICK: 1, SLOW: 1, OUTSIDE: 1, MAIL: 4}

_kinds: dict[str, Kind] = {}
_schedules: dict[Callable[..., object], Schedule] = {}


class NoSuchJob(LookupError):
    """A job was named that no room has declared."""


class BadArguments(TypeError):
    """A job was handed arguments that it does not take, or that JSON cannot carry."""


@dataclass(frozen=True)
class Kind:
    """One declared job: the function, and how patient to be with it."""

    name: str
    function: Callable[..., object]
    attempts: int
    backoff: timedelta
    limit: timedelta
    lane: str
    atomic: bool
    when_dead: Callable[..., object] | None
    schedule: Schedule | None = None

    @property
    def wants_job(self) -> bool:
        return "job" in inspect.signature(self.function).parameters

    def check(self, args: Mapping[str, Any]) -> None:
        """Refuse wrong arguments where they are written, not hours later in another process."""
        extra = {"job": None} if self.wants_job else {}
        try:
            inspect.signature(self.function).bind(**args, **extra)
            json.dumps(dict(args), allow_nan=False)
        except (TypeError, ValueError) as wrong:
            raise BadArguments(f"{self.name}: {wrong}") from wrong

    def run(self, job: object, args: Mapping[str, Any]) -> object:
        extra = {"job": job} if self.wants_job else {}
        return self.function(**args, **extra)


def job(
    name: str,
    *,
    attempts: int = 5,
    backoff: timedelta = timedelta(seconds=10),
    limit: timedelta = timedelta(hours=1),
    lane: str = QUICK,
    atomic: bool = False,
    when_dead: Callable[..., object] | None = None,
) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Declare that the function can be run by a worker under this name.

    It takes keyword arguments that JSON can carry; one that names a parameter `job` is handed the running
    job, for `actions.report(job, done=…)`. After a failure it is tried again, `attempts` times in all, first
    after `backoff`, then twice as long each time. A run longer than `limit` counts as hung: its worker is
    ended and the job tried again.

    lane: where it runs: QUICK; SLOW for what takes minutes; OUTSIDE or MAIL for what calls outside, however briefly.
    atomic: run and finish in one transaction: its effect on the database happens exactly once. Quick ones only.
    when_dead: called with the same arguments, in the transaction that gives the job up.
    """

    def declare(function: Callable[..., object]) -> Callable[..., object]:
        if name in _kinds and _kinds[name].function.__module__ != function.__module__:
            raise ValueError(f"Two jobs are named {name!r}.")
        due = _schedules.get(function)
        _kinds[name] = Kind(name, function, attempts, backoff, limit, lane, atomic, when_dead, due)
        return function

    return declare


def every(
    *, minutes: int = 0, hours: int = 0, day_at: str | None = None
) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Declare when a job is due by itself; written under `@job`, on a function without arguments.

    `minutes` and `hours` count from midnight UTC of 1970, so that every worker agrees on the slots;
    `day_at="03:30"` is once a calendar day at that hour of the server's time zone, daylight saving or not.
    A slot missed while no worker ran is made up once, for the latest slot only.
    """
    schedule = Schedule.of(period=timedelta(minutes=minutes, hours=hours), day_at=day_at)

    def mark(function: Callable[..., object]) -> Callable[..., object]:
        _schedules[function] = schedule
        return function

    return mark


def find(name: str) -> Kind:
    try:
        return _kinds[name]
    except KeyError:
        raise NoSuchJob(
            _("No room declares a job named %(name)s: is its jobs.py there?") % {"name": repr(name)}
        ) from None


def known(name: str) -> bool:
    return name in _kinds


def names(lane: str) -> list[str]:
    return [kind.name for kind in _kinds.values() if kind.lane == lane]


def scheduled() -> Iterable[Kind]:
    return [kind for kind in _kinds.values() if kind.schedule]
