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
from alongside.gatherings import access, actions, hanging
from alongside.gatherings.hanging import neighborhood_of
from alongside.gatherings.models import MOMENTS, Gathering, GatheringQuerySet
from alongside.places.actions import PlaceChange
from alongside.places.addresses import is_far, is_same_address
from alongside.places.models import Area, AreaKind, Venue
from alongside.places.points import locate_in

MOVED = phrase("The address of the place was put right.")
ON_THE_MAP = phrase(
    "Our map showed the place at a wrong point. It is right now: please look again before you set out."
)


@transaction.atomic
def follow_a_place(change: PlaceChange) -> None:
    """A venue is called otherwise, is elsewhere or has steps; an area has another name, another outline, or is gone."""
    place = change.thing
    coming = Gathering.objects.of(place.agency_id).coming().with_places()
    if isinstance(place, Venue):
        _follow_a_venue(coming.filter(venue=place), place, change)
    elif place.kind == AreaKind.NEIGHBORHOOD:
        _follow_an_area(coming, place, change)


def _follow_a_venue(coming: GatheringQuerySet, venue: Venue, change: PlaceChange) -> None:
    """Who goes to another door now is told as after a move; who goes by a wrong point of the map, in a word of its own.
    Everything else only makes calendars look."""
    if change.before.keys() == {
        "active"
    }:  # what becomes of those who meet there is for a person (needs.unplaced)
        return
    was = _as_it_was(venue, change)
    home_was, home = (neighborhood_of(was), neighborhood_of(venue)) if is_far(was, venue) else (None, None)
    for gathering in coming:
        if home != home_was and gathering.neighborhood in {None, home_was} and not gathering.has_own_page:
            _stands_in(gathering, home)
        _tell_of_a_venue(gathering, was, change)


def _tell_of_a_venue(gathering: Gathering, was: Venue, change: PlaceChange) -> None:
    venue = gathering.venue
    assert venue is not None
    if gathering.is_published and not is_same_address(was.address, venue.address):
        before = Gathering(venue=was, meeting_point=gathering.meeting_point).place
        actions.put_right(gathering, before=before, reason=Words.made(MOVED), by=change.by)
        _tell_of_access(gathering, change)
        return
    if gathering.is_published and is_far(was, venue):
        actions.send_word(gathering, text=Words.made(ON_THE_MAP), by=change.by)
    _tell_of_access(gathering, change)
    actions.say_again(gathering, arrange_anew="step_free" in change.before or is_far(was, venue))


def _tell_of_access(gathering: Gathering, change: PlaceChange) -> None:
    """Steps or toilets were put right: what the public was told before stands beside what is so."""
    was = {name: str(value) for name, value in change.before.items() if name in access.FACTS}
    if was and gathering.is_published:
        actions.say_access(gathering, was=was, by=change.by)


def _as_it_was(venue: Venue, change: PlaceChange) -> Venue:
    was = Venue(agency=venue.agency, name=venue.name, address=venue.address, lat=venue.lat, lon=venue.lon)
    for name, value in change.before.items():
        setattr(was, name, value)
    return was


def _follow_an_area(coming: GatheringQuerySet, area: Area, change: PlaceChange) -> None:
    """What stood in it by its venue stands where the map says now. A walk stays where its own plan leads."""
    if "name" in change.before:
        for gathering in coming.filter(neighborhood=area):
            actions.say_again(gathering)
    if change.before.keys() & {"geometry", "active"}:
        was = Area(**Area.columns_of(area.shape), active=area.active)
        for name in change.before.keys() & {"geometry", "active"}:
            setattr(was, name, change.before[name])
        for gathering in coming.filter(page_id="").exclude(venue=None):
            venue = gathering.venue
            assert venue is not None
            there, said = _lies_in(area, venue), gathering.neighborhood_id == area.pk
            if there != _lies_in(was, venue) and (gathering.neighborhood is None if there else said):
                _stands_in(gathering, neighborhood_of(venue))
                actions.say_again(gathering)


def _lies_in(area: Area, venue: Venue) -> bool:
    return area.active and bool(locate_in([area.shape], [venue.lat], [venue.lon])[0] >= 0)


def _stands_in(gathering: Gathering, home: Area | None) -> None:
    gathering.neighborhood = home
    gathering.save(update_fields=["neighborhood"])


@transaction.atomic
def follow_the_agency(change: AgencyChange) -> None:
    """Its name stands in every calendar. Another zone leaves each hour on the wall, and its moments are others."""
    rows = Gathering.objects.of(change.agency).select_related("agency", "venue")
    if "timezone" in change.before:
        for gathering in rows.coming(since=clock.now() - actions.A_DAY):
            began = gathering.starts
            gathering.timezone = change.agency.timezone
            hanging.answers_until(gathering, began)
            gathering.save(update_fields=["timezone", "rsvp_closes", *MOMENTS])
            actions.say_again(gathering)
    elif "name" in change.before:
        for gathering in rows.open_to_all().coming():
            actions.say_again(gathering)
