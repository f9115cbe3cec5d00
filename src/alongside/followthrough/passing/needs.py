"""What waits for a person of what was passed on: where a machine can do no more, and where nobody says anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.core.errors import Phrase
from alongside.core.needs import Need
from alongside.followthrough.passing.models import SILENCE, Passing, PassingQuerySet


def to_look_at(agency: Agency) -> Iterator[Need]:
    """Not taken, unclear, not sent for a day, or answered so that it says nothing."""
    for passing in _known(Passing.objects.of(agency).to_look_at(clock.now())):
        yield _need(passing, says=passing.wrong)


def silent(agency: Agency) -> Iterator[Need]:
    """Of which the other body has said nothing for a month: one of us asks."""
    for passing in _known(Passing.objects.of(agency).silent(clock.now())):
        since = max(moment for moment in (passing.heard_at, passing.looked_at) if moment is not None)
        yield _need(passing, by=agency.local(since + SILENCE).date())


def _known(rows: PassingQuerySet) -> PassingQuerySet:
    known: PassingQuerySet = (
        rows.select_related("agency", "body", "concern__owner")
        .defer("concern__words", "concern__place", "sent")
        .order_by("passed_at", "pk")
    )
    return known


def _need(passing: Passing, *, says: Phrase | str = "", by: date | datetime | None = None) -> Need:
    concern = passing.concern
    return Need(
        key=f"passing:{passing.public_id}",
        about=passing.body.name,
        url=f"{passing.get_absolute_url()}#deeds",
        by=by,
        where=concern.division_id or concern.neighborhood_id,
        people=(concern.owner.user_id,) if concern.owner else (),
        says=says,
    )
