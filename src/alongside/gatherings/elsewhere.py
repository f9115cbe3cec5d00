"""What other rooms change and the public sees in a gathering: where a venue is, what an area or the agency is called.

Nobody has to remember to tell: the room that changes it tells news, heard here. Coming dates are said again, so
that calendars and feeds look; whoever comes to an address that is another now is written to as after a move.
"""

from __future__ import annotations

from django.db import transaction

from alongside.agencies.actions import AgencyChange
from alongside.core import clock
from alongside.core.authored import Words
from alongside.core.errors import phrase
from alongside.gatherings import actions
from alongside.gatherings.models import MOMENTS, Gathering
from alongside.places.actions import PlaceChange
from alongside.places.models import Area, Venue

# Of a venue, what calendars and feeds say.
SAID_OF_A_VENUE = {"name", "address", "lat", "lon"}


@transaction.atomic
def follow_a_place(change: PlaceChange) -> None:
    """A venue is called otherwise or is elsewhere; a neighborhood has another name."""
    place = change.thing
    coming = Gathering.objects.of(place.agency_id).open_to_all().coming().with_places()
    if isinstance(place, Venue) and change.before.keys() & SAID_OF_A_VENUE:
        was = Venue(name=place.name, address=place.address)
        for name in ("name", "address"):
            setattr(was, name, change.before.get(name, getattr(place, name)))
        for gathering in coming.filter(venue=place):
            if "address" in change.before and gathering.is_published:
                before = Gathering(venue=was, meeting_point=gathering.meeting_point).place
                reason = Words.made(phrase("The address of the place was put right."))
                actions.put_right(gathering, before=before, reason=reason, by=change.by)
            else:
                actions.say_again(gathering)
    elif isinstance(place, Area) and "name" in change.before:
        for gathering in coming.filter(neighborhood=place):
            actions.say_again(gathering)


@transaction.atomic
def follow_the_agency(change: AgencyChange) -> None:
    """Its name stands in every calendar. Another zone leaves each hour on the wall, and its moments are others."""
    rows = Gathering.objects.of(change.agency).select_related("agency", "venue")
    if "timezone" in change.before:
        for gathering in rows.coming(since=clock.now() - actions.A_DAY):
            began = gathering.starts
            gathering.timezone = change.agency.timezone
            if gathering.rsvp_closes is not None:
                gathering.rsvp_closes += gathering.starts - began
            gathering.save(update_fields=["timezone", "rsvp_closes", *MOMENTS])
            actions.say_again(gathering)
    elif "name" in change.before:
        for gathering in rows.open_to_all().coming():
            actions.say_again(gathering)
