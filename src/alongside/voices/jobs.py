"""What is done by the clock."""

from alongside.jobs.registry import every, job
from alongside.voices import actions


@job("voices.forget")
@every(day_at="03:20")
def forget() -> None:
    """Forget each device when its year is over, or what it spoke about is closed."""
    actions.forget_devices()
