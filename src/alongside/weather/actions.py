"""Look at the forecast for what is coming, and tell the coordinators. Nothing is moved or called off by itself."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import User
from alongside.core.errors import Refusal
from alongside.gatherings.models import Gathering
from alongside.places.models import Venue
from alongside.weather.models import Shelter


class NoShelter(Refusal):
    """A place that cannot be where one goes in bad weather."""


@transaction.atomic
def set_shelter(gathering: Gathering, *, venue: Venue | None, by: User | None) -> Shelter | None:
    """Settle beforehand where one goes in bad weather; None: nowhere. The same again changes nothing."""
    if venue is not None and venue.agency_id != gathering.agency_id:
        raise NoShelter(_("This place belongs to another agency."))
    now = Shelter.objects.filter(gathering=gathering).first()
    if (now.venue_id if now else None) == (venue.pk if venue else None):
        return now
    Shelter.objects.filter(gathering=gathering).delete()
    made = (
        Shelter.objects.create(agency=gathering.agency, gathering=gathering, venue=venue) if venue else None
    )
    audit.record(
        agency=gathering.agency,
        by=by,
        verb="settled the place for bad weather of",
        thing=gathering,
        detail={"venue": venue.name if venue else ""},
    )
    return made
