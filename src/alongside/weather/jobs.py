"""The clock of this room: a look every half hour, and a broom."""

from datetime import timedelta

from alongside.jobs.registry import OUTSIDE, every, job
from alongside.weather import actions


@job("weather.watch", attempts=1, lane=OUTSIDE, limit=timedelta(minutes=25))
@every(minutes=30)
def watch() -> None:
    """Look at the forecast. What fails is tried again at the next look, not sooner: the service asks for patience."""
    actions.watch()


@job("weather.forget", attempts=3)
@every(day_at="03:50")
def forget() -> None:
    actions.forget_old()
