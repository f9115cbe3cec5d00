"""What this room does by itself."""

from alongside.agencies import bearers
from alongside.jobs.registry import every, job


@job("agencies.forget_bearers", attempts=3)
@every(day_at="03:50")
def forget_bearers() -> None:
    """Delete the links and passes that are over for a month. Running twice deletes nothing more."""
    bearers.forget_old()
