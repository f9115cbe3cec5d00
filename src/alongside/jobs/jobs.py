"""This room's own housekeeping."""

from datetime import timedelta

from alongside.core import clock, copies, kept, key_use
from alongside.core.backup import erased
from alongside.jobs import actions
from alongside.jobs.registry import SLOW, every, job

KEEP_DONE = timedelta(days=14)
KEEP_DEAD = timedelta(days=90)


@job("jobs.forget")
@every(day_at="03:10")
def forget() -> None:
    """Delete done jobs after two weeks and failed ones after three months, so that the table stays small."""
    now = clock.now()
    actions.forget(done_before=now - KEEP_DONE, dead_before=now - KEEP_DEAD)


@job("jobs.forget_keys")
@every(day_at="03:25")
def forget_keys() -> None:
    """Delete the keys that are out of use and that no stored code or link needs any more."""
    key_use.forget_what_nothing_needs()


@job("jobs.sweep_copies")
@every(day_at="04:50")
def sweep_copies() -> None:
    """Delete old copies of the database: they hold what people have had deleted since."""
    copies.sweep()


@job("jobs.tend_store", lane=SLOW, limit=timedelta(hours=6))
@every(day_at="05:00")
def tend_store() -> None:
    """Where there is a store, it has what rows speak of, and nothing that has gone."""
    if (there := kept.store()) is not None:
        kept.tend(there)


@job("jobs.write_down_erased")
@every(minutes=1)
def write_down_erased() -> None:
    """What was let go of since a backup is written beside it within a minute: one look at each table."""
    erased.write_down()


@job("jobs.wipe")
@every(minutes=15)
def wipe() -> None:
    """What was deleted is gone from the disk within a quarter of an hour."""
    copies.wipe()
