"""What somebody asked to see by law, and what a court wants kept: one request answered, one open, and a hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from alongside.agencies import holds
from alongside.agencies.models import Agency, User
from alongside.core import clock
from alongside.gatherings.models import Gathering, Status
from alongside.records import actions as records
from alongside.records import exporting
from alongside.records.actions import Asked, Word
from alongside.records.models import Decision, Passage, RecordsRequest

LAW = "KRS 61.870 to 61.884"
PRIVATE = "KRS 61.878(1)(a), personal privacy"
ANSWERED, LOOKED_THROUGH, HANDED, OPENED, HELD = 24, 21, 19, 4, 40  # days ago
CLAIM = "A claim for damages says that somebody fell on this walk. The city’s attorney lifts it."


def live_through(agency: Agency, *, by: User) -> None:
    """By the records officer."""
    today = agency.today()
    with _days_ago(agency, HELD):
        _hold_a_walk(agency, by=by)
    with _days_ago(agency, ANSWERED):
        request = records.open_request(agency, _of_petitions(today), by=by)
        records.draft(request)
    with _days_ago(agency, LOOKED_THROUGH):
        _look_through(request, by=by)
        records.write(records.finish(request, by=by))
    with _days_ago(agency, HANDED):
        on = agency.today()
        records.hand_over(request, on=on, basis=LAW, by=by)
    with _days_ago(agency, OPENED):
        records.draft(records.open_request(agency, _of_choices(today), by=by))


def _of_petitions(today: date) -> Asked:
    return Asked(
        number="RR-114",
        asked="All requests for a walk and all objections to a label of the last four months, and our answers.",
        first=today - timedelta(days=120),
        last=today - timedelta(days=ANSWERED),
        kinds=["hotspots.petitions"],
    )


def _of_choices(today: date) -> Asked:
    return Asked(
        number="RR-121",
        asked="Why each neighborhood was chosen this year: the criteria, the choices with their reasons, the draws.",
        first=today - timedelta(days=365),
        last=today,
        kinds=["hotspots.choices", "season.seasons"],
    )


def _look_through(request: RecordsRequest, *, by: User) -> None:
    """One is withheld by a person; all others are given as it was proposed."""
    request.refresh_from_db()
    first, *rest = exporting.read(list(Passage.objects.filter(request=request).order_by("number")))
    records.decide(first.passage, Word(Decision.WITHHELD, PRIVATE), seen=first.mark, by=by)
    seen = {each.passage.number: each.mark for each in rest}
    records.accept_proposals(request, seen, exemption=PRIVATE, by=by)


def _hold_a_walk(agency: Agency, *, by: User) -> None:
    """The first of this season, and all that came of it."""
    walks = Gathering.objects.filter(agency=agency, kind="walk", status=Status.HELD, loaded_at=None)
    walk = walks.order_by("on", "pk").first()
    assert walk is not None
    holds.place(agency, key=walk.key, reason=CLAIM, matter="26-CI-0417", by=by)


@contextmanager
def _days_ago(agency: Agency, days: int) -> Iterator[None]:
    day = agency.today() - timedelta(days=days)
    with clock.at(datetime.combine(day, time(10), tzinfo=agency.zone)):
        yield
