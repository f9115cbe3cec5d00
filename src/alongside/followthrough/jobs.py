"""What happens by the clock: what people said is deleted when we were done with it long ago."""

from alongside.followthrough import actions
from alongside.followthrough.passing import jobs as passing
from alongside.followthrough.passing.actions import forget_old
from alongside.jobs.registry import every, job

__all__ = ["forget", "passing"]


@job("followthrough.forget", attempts=3)
@every(day_at="04:05")
def forget() -> None:
    """Delete the words of what is closed. Every agency, by the clock and for nobody's eyes."""
    actions.forget_words()
    forget_old()
