"""What happens by the clock: files that no row knows are swept."""

from alongside.jobs.registry import every, job
from alongside.media import actions


@job("media.sweep", attempts=3)
@every(day_at="04:40")
def sweep() -> None:
    """Delete pictures that nobody looked at in time, that were refused, or that never came to be."""
    actions.give_up_waiting()
    actions.sweep()
