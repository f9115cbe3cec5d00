"""What happens by the clock: files that no row knows are swept."""

from alongside.jobs.registry import every, job
from alongside.media import actions


@job("media.sweep", attempts=3)
@every(day_at="04:40")
def sweep() -> None:
    """Delete pictures that were refused or never came to be."""
    actions.sweep()
