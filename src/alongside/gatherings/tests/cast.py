"""Gatherings and answers for the tests of this room."""

import secrets
from datetime import date, time, timedelta
from typing import Any

from alongside.agencies.models import Agency
from alongside.gatherings import actions
from alongside.gatherings.models import Gathering, Rsvp
from alongside.places.models import Venue, VenueKind

WHERE = {"lat": 38.25, "lon": -85.75, "kind": VenueKind.LIBRARY}


def a_venue(agency: Agency, name: str = "Eastbank Library") -> Venue:
    return Venue.objects.create(agency=agency, name=name, address="12 River Street", **WHERE)


def a_draft(agency: Agency, **words: Any) -> Gathering:
    """A walk in ten days."""
    words = {
        "kind": "walk",
        "title": "Walk with us in Eastbank",
        "summary": "An hour around the neighborhood with your neighbors.",
        "on": agency.today() + timedelta(days=10),
        "at": time(18, 0),
        "meeting_point": "By the front steps",
    } | words
    return actions.plan(agency, by=None, **words)


def a_gathering(agency: Agency, **words: Any) -> Gathering:
    return actions.publish(a_draft(agency, **words), by=None)


def form_key() -> str:
    return secrets.token_urlsafe(16)


def answer(gathering: Gathering, party: object = 1, *, wait: bool = True, **words: Any) -> Rsvp:
    """Somebody answers; where it is full they wait."""
    guest = actions.Guest(**words)
    rsvp, _token = actions.join(gathering, party=party, form_key=form_key(), guest=guest, wait=wait)
    return rsvp


def day(text: str) -> date:
    return date.fromisoformat(text)
