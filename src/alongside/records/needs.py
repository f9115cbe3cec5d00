"""What waits for a records officer: a request to look through, one to hand over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from alongside.agencies.models import Agency
from alongside.core.needs import Need
from alongside.records.models import RecordsRequest, RequestQuerySet

# Most states want an answer within a few days.
ANSWERED_WITHIN = timedelta(days=5)


def to_look_through(agency: Agency) -> Iterator[Need]:
    """Requests whose records were gathered, and wait for a person."""
    return _waiting(agency, RecordsRequest.objects.of(agency).to_look_through())


def to_hand_over(agency: Agency) -> Iterator[Need]:
    """Requests whose file is written, and that nobody has given to whoever asked."""
    return _waiting(agency, RecordsRequest.objects.of(agency).to_hand_over())


def _waiting(agency: Agency, rows: RequestQuerySet) -> Iterator[Need]:
    for request in rows.select_related("agency"):
        yield Need(
            key=f"request:{request.public_id}",
            about=request.called,
            url=request.get_absolute_url(),
            by=agency.local(request.opened_at).date() + ANSWERED_WITHIN,
        )
