"""What calls other bodies, in the lane of all that calls outside."""

from __future__ import annotations

from datetime import timedelta

from alongside.core import clock
from alongside.core.errors import said_by
from alongside.followthrough.passing import actions
from alongside.followthrough.passing.georeport import Silent
from alongside.followthrough.passing.models import Body
from alongside.jobs.actions import TryLater
from alongside.jobs.registry import OUTSIDE, every, job

A_ROUND = 200


# Fourteen attempts over some eight hours: longer than a night on which a city mends its own machines.
@job(
    actions.HANDING_OVER,
    attempts=14,
    backoff=timedelta(minutes=2),
    lane=OUTSIDE,
    limit=timedelta(minutes=5),
    when_dead=actions.given_up,
)
def hand_over(*, passing_id: int) -> None:
    """Give one concern to the other body, once. Tried again only where it has surely not arrived."""
    try:
        actions.hand_over(passing_id)
    except Silent as nothing:
        after = nothing.until - clock.now() if nothing.until else None
        raise TryLater(said_by(nothing), after=after, counts=nothing.until is None) from nothing


@job(actions.LEARNING, attempts=2, lane=OUTSIDE, limit=timedelta(minutes=20))
def learn_services(*, body_id: int) -> None:
    """What another body takes reports of."""
    for body in Body.objects.everywhere().select_related("agency").filter(pk=body_id):
        actions.learn(body)


@job(actions.LOOKING, attempts=5, backoff=timedelta(minutes=10), lane=OUTSIDE, limit=timedelta(minutes=5))
def look_for(*, passing_id: int) -> None:
    """Whether one that may have arrived is among what the other body has."""
    try:
        actions.look_for(passing_id)
    except Silent as nothing:
        raise TryLater(said_by(nothing)) from nothing


@job("followthrough.ask_after", attempts=1, lane=OUTSIDE, limit=timedelta(minutes=55))
@every(hours=1)
def ask_after() -> None:
    """What became of all that was passed on."""
    actions.ask_after(A_ROUND)
