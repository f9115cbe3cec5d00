"""What hangs on when and where a gathering is, and what becomes of it when that changes: the one list.

`tests/architecture/test_hanging.py` walks every day and moment of every row that hangs on a gathering, in whatever
room, and every text of a gathering: each is named there, goes along here, or is asked about. What follows from the
moment each time it is needed (reminders, passes, the outlook, whether the plan is as it was read) needs no line here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, time
from typing import NamedTuple

from shapely.geometry.base import BaseGeometry

from alongside.core import clock
from alongside.core.authored import Words
from alongside.gatherings import walltime
from alongside.gatherings.models import Gathering
from alongside.places import nearby
from alongside.places.models import Area, AreaKind, Venue
from alongside.places.queries import area_at

# A change of these moves it, with a reason where it is public.
MOVES = ("on", "at", "venue", "meeting_point")


class Standing(NamedTuple):
    """When and where it was."""

    on: date
    at: time
    place: Words
    venue: Venue | None


def standing(gathering: Gathering) -> Standing:
    return Standing(gathering.on, gathering.at, gathering.place, gathering.venue)


def is_elsewhere(gathering: Gathering, before: Standing) -> bool:
    """Whether its place is another one: in what is said of it, or as a venue. Two gates may be called the same."""
    return gathering.venue != before.venue or gathering.place.original != before.place.original


def answers_until(gathering: Gathering, before: datetime) -> None:
    """As long before the new time as before the old one, by the clock on the wall, whatever clocks do in between.

    Open to the end, where that has passed since it moved.
    """
    if gathering.rsvp_closes is not None:
        were_open = gathering.rsvp_closes > clock.now()
        early = _on_the_wall(before) - _on_the_wall(gathering.rsvp_closes.astimezone(before.tzinfo))
        closes = _on_the_wall(gathering.starts) - early
        gathering.rsvp_closes = walltime.moment(closes.date(), closes.time(), gathering.timezone)
        if were_open and gathering.rsvp_closes <= clock.now():
            gathering.rsvp_closes = None


def _on_the_wall(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _help_by(gathering: Gathering, before: datetime) -> None:
    """As many days before as it was. Nothing is promised where that day has passed."""
    if gathering.needs_by is not None:
        gathering.needs_by += gathering.on - before.date()
        if gathering.needs_by < gathering.agency.today():
            gathering.needs_by = None


# Each gets the gathering as it is now, and the moment at which it began.
ON_THE_DATE: dict[str, Callable[[Gathering, datetime], None]] = {
    "rsvp_closes": answers_until,
    "needs_by": _help_by,
}
# Words about one place, which are said anew of another, or go.
OF_THE_PLACE = ("access_notes", "photo_notes")
FOLLOWS = (*ON_THE_DATE, *OF_THE_PLACE, "neighborhood")


def carry(gathering: Gathering, before: Standing, *, said: Collection[str] = ()) -> None:
    """Bring along what hangs on its date and its place, once they are written on it; not what was `said` beside them.

    Nothing is saved: whoever moves it writes FOLLOWS, too.
    """
    if (gathering.on, gathering.at) != (before.on, before.at):
        began = walltime.moment(before.on, before.at, gathering.timezone)
        for name, follow in ON_THE_DATE.items():
            if name not in said:
                follow(gathering, began)
    if is_elsewhere(gathering, before):
        for name in OF_THE_PLACE:
            if name not in said:
                setattr(gathering, name, Words())
        if gathering.venue is not None and gathering.venue != before.venue and "neighborhood" not in said:
            gathering.neighborhood = neighborhood_of(gathering.venue)


def at_another_venue(gathering: Gathering, words: Mapping[str, object]) -> dict[str, object]:
    """Where exactly one stands is said of a venue: at another it is said anew, or not at all."""
    elsewhere = "venue" in words and words["venue"] != gathering.venue
    return {"meeting_point": Words(), **words} if elsewhere else dict(words)


def neighborhood_of(venue: Venue) -> Area | None:
    """Where a venue stands, so that whoever follows one neighborhood hears of it."""
    return area_at(venue.agency, AreaKind.NEIGHBORHOOD, venue.lat, venue.lon)


def ground_of(gathering: Gathering) -> BaseGeometry | None:
    """Where it is, in degrees: the point of its venue, else its neighborhood; None where nobody has said either."""
    if gathering.venue is not None:
        return nearby.at(gathering.venue.lat, gathering.venue.lon)
    return gathering.neighborhood.shape if gathering.neighborhood else None
