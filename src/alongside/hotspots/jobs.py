"""What happens by the clock: what residents wrote is deleted when it was answered long ago."""

from alongside.hotspots import actions
from alongside.jobs.registry import every, job


@job("hotspots.forget", attempts=3)
@every(day_at="04:00")
def forget() -> None:
    """Delete the words of answered petitions. Every agency, by the clock and for nobody's eyes."""
    actions.forget_petitions()
