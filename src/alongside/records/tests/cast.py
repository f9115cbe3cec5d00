"""What this room's tests begin with: Rita keeps the records; Ben has said, asked and answered something."""

from __future__ import annotations

from typing import Any

from tests.cast import staff_member

from alongside.agencies.models import Agency, Role, User
from alongside.core.origins import Origin
from alongside.followthrough import actions as followthrough
from alongside.followthrough.tests.cast import ben_says
from alongside.gatherings.tests.cast import a_gathering, answer
from alongside.hotspots import actions as hotspots
from alongside.records import actions
from alongside.records.actions import Asked
from alongside.records.models import Export, RecordsRequest

BENS = "ben@neighbors.example"


def rita(agency: Agency) -> User:
    return staff_member(agency, "Rita Records", Role.RECORDS_OFFICER)


def ben_was_here(agency: Agency) -> dict[str, Any]:
    """A concern with an address for news, an answer to a gathering with the same address, and a petition."""
    told = ben_says(agency, words="My name is Ben Rivers, call 502-555-0134. The lamp is out.")
    followthrough.leave_contact(told.concern, email=BENS)
    coming = answer(a_gathering(agency, kind="coffee"), name="Ben Rivers", email=BENS, access_needs="A ramp")
    petition = hotspots.petition(
        agency,
        kind="walk",
        neighborhood=None,
        place="Mill Row",
        text="Please come here.",
        form_key="k1",
        device="",
    )
    return {"concern": told.concern, "code": told.code, "rsvp": coming, "petition": petition}


def a_request(agency: Agency, *kinds: str, by: User, number: str = "2026-114") -> RecordsRequest:
    """All days of two years; gathered."""
    today = agency.today()
    said = Asked(number, "All about lamps", today.replace(year=today.year - 1, day=1), today, kinds)
    request = actions.open_request(agency, said, by=by)
    actions.draft(request)
    request.refresh_from_db()
    return request


def an_export(agency: Agency) -> Export:
    """The file of a request of nothing."""
    by = rita(agency)
    request = a_request(agency, "hotspots.petitions", by=by)
    actions.finish(request, by=by)
    request.refresh_from_db()
    export = actions.write(request)
    assert export is not None
    return export


def key_of(thing: Any, kind: str) -> Origin:
    return Origin(kind, thing.public_id)
