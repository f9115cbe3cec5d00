"""What happens by the clock: what people said is deleted when we were done with it long ago."""

from alongside.followthrough import actions
from alongside.jobs.registry import every, job


@job("followthrough.forget", attempts=3)
@every(day_at="04:05")
def forget() -> None:
    """Delete the words of what is closed. Every agency, by the clock and for nobody's eyes."""
    actions.forget_words()
