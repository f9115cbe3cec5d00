"""What waits for a person of what was passed on: where a machine can do no more, and where nobody says anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import F, Q
from django.urls import reverse

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.core.needs import Need, Some, each_or_first
from alongside.followthrough.models import State
from alongside.followthrough.needs import begin_of_today, so, whose
from alongside.followthrough.passing.models import SILENCE, Passing, PassingQuerySet


def to_look_at(agency: Agency) -> Iterator[Need]:
    """Not taken, unclear, not sent for a day, or answered so that it says nothing."""
    for some in _some(Passing.objects.of(agency).to_look_at(clock.now())):
        yield _need(some)


def silent(agency: Agency) -> Iterator[Need]:
    """Of which the other body has said nothing for a month: one of us asks."""
    rows = Passing.objects.of(agency).silent(clock.now())
    since_before = Passing.objects.of(agency).silent(begin_of_today(agency))
    for some in _some(rows.annotate(over=so(Q(pk__in=since_before.values("pk")))), "over"):
        moments = (some.row.heard_at, some.row.looked_at)
        since = max(moment for moment in moments if moment is not None)
        yield _need(some, by=agency.local(since).date() + SILENCE)


def _some(rows: PassingQuerySet, *alike: str) -> Iterator[Some[Passing]]:
    """As its concern is read: what was withheld since, by nobody who answered for it."""
    known = rows.annotate(
        of_owner=F("concern__owner_id"),
        of_division=F("concern__division_id"),
        withheld=so(Q(concern__state=State.WITHHELD)),
    )
    known = known.select_related("agency", "body", "concern__owner").defer(
        "concern__words", "concern__place", "sent"
    )
    order = (F("passed_at").asc(), F("pk").asc())
    return each_or_first(
        known, of="passing", alike=["of_owner", "of_division", "withheld", *alike], order=order
    )


def _need(some: Some[Passing], *, by: date | None = None) -> Need:
    passing, concern = some.row, some.row.concern
    own, page = (
        f"{passing.get_absolute_url()}#deeds",
        reverse("followthrough:passed", args=[passing.agency.slug]),
    )
    is_one = some.count == 1
    return Need(
        key=f"passing:{passing.public_id}",
        about=passing.body.name,
        url=own if is_one else page,
        by=by,
        people=whose(concern.owner),
        led_in=None if concern.is_withheld else concern.division_id,
        says=passing.wrong if is_one else "",
        count=some.count,
        keys=some.keys,
    )
