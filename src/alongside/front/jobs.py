"""What happens by the clock: in the morning each member hears what waits for them."""

from alongside.front import morning
from alongside.jobs.registry import every, job


@job("front.morning", attempts=3)
@every(minutes=15)
def write_in_the_morning() -> None:
    """One letter a day at most, where something is new. Every agency, each by its own clock."""
    morning.write_all()
