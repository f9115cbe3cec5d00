"""Which places lie near an area or a point, and in what order they are offered: the one rule of the house.

A season that needs a roof, a storm, a plan's page and every list in which a person chooses a place ask here, so that
nobody is sent across a city by one page and not by another. What a page shows of a place is said here too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from shapely.geometry.base import BaseGeometry

from alongside.agencies.models import Agency
from alongside.core import measures
from alongside.core.typed import bare
from alongside.methods import ground
from alongside.places import opening
from alongside.places.models import Known, Permission, Venue

METRES_A_MINUTE = 80.0  # 4.8 km/h, at which transport planners count a walk
DETOUR = 1.3  # streets are so much longer than the straight line, in cities of the kind we know
MINUTES_ALIKE = 5  # within so many minutes one place is as near as another, and something else decides
FIRST_SHOWN = 8
THE_SAME_DOOR_M = 5.0
STEPS = {Known.YES: 0, Known.UNKNOWN: 1, Known.NO: 2}


@dataclass(frozen=True)
class Asked:
    """What a place is needed for: on which day, from when, how long, and for how many people. Unknown: anything."""

    on: date | None = None
    at: time | None = None
    minutes: int = 60
    people: int = 0


@dataclass(frozen=True)
class Near:
    """A place, its distance in metres (0 within the area), that from the area's middle, and whether it lies within."""

    venue: Venue
    metres: float
    from_middle: float
    is_within: bool = False

    @property
    def minutes(self) -> int:
        """On foot, as far as a straight line tells."""
        return round(self.metres * DETOUR / METRES_A_MINUTE)


# -- how far ----------------------------------------------------------------------------------------
def nearest(venues: Sequence[Venue], around: BaseGeometry) -> list[Near]:
    """Places by their distance from an area or a point, the nearest first; those within by that from its middle.

    The area is in degrees, as rows keep it. Work grows with the number of places.
    """
    if not venues:
        return []
    frame = ground.Frame.of(around)
    spots = frame.xy([venue.lat for venue in venues], [venue.lon for venue in venues])
    metres = shapely.distance(frame.flat(around), shapely.points(spots))
    middle = np.hypot(*spots.T)
    order = np.lexsort((middle, metres))
    within = (metres == 0) & (around.area > 0)
    return [Near(venues[i], float(metres[i]), float(middle[i]), bool(within[i])) for i in order.tolist()]


def at(lat: float, lon: float) -> shapely.Point:
    """A point, as `nearest` wants it."""
    return shapely.Point(lon, lat)


def in_reach(near: Near, agency: Agency) -> bool:
    """Whether people from there may be sent to it: no farther on foot than the agency allows."""
    return near.minutes <= agency.roof_minutes


# -- whether it is open to us -----------------------------------------------------------------------
def lets_us_in(venue: Venue, on: date | None) -> bool:
    """Whether its owner has said yes for that day, or need not be asked."""
    if venue.permission == Permission.NOT_NEEDED:
        return True
    until = venue.permission_until
    return venue.permission == Permission.GIVEN and (on is None or until is None or until >= on)


def is_open(venue: Venue, asked: Asked) -> bool | None:
    """Whether its doors are open then; None where its hours are not known in a form that we can read."""
    hours = opening.read(venue.opening_hours) if venue.opening_hours else None
    if hours is None or asked.on is None or asked.at is None:
        return None
    return hours.holds(asked.on.weekday(), asked.at, asked.minutes)


def holds(venue: Venue, asked: Asked) -> bool:
    """Whether it has room for so many, as far as anybody has said."""
    return venue.capacity is None or venue.capacity >= asked.people


# -- in what order ----------------------------------------------------------------------------------
def offered(found: Iterable[Near], asked: Asked) -> list[Near]:
    """In the order in which they are offered to move to: step-free, near, large enough, allowed, and open.

    Who asked for a way without steps was told of one: so known steps come last, and what nobody knows before them.
    """
    return sorted(found, key=lambda near: _rank(near, asked))


def _rank(near: Near, asked: Asked) -> tuple[float, ...]:
    venue = near.venue
    return (
        STEPS[Known(venue.step_free)],
        near.minutes // MINUTES_ALIKE,
        not holds(venue, asked),
        not lets_us_in(venue, asked.on),
        is_open(venue, asked) is False,
        near.metres,
        near.from_middle,
    )


def shelters(agency: Agency, around: BaseGeometry, asked: Asked) -> list[Near]:
    """Roofs in reach that may be used then and have room, in the order in which they are offered."""
    roofs = [
        venue
        for venue in Venue.objects.of(agency).active()
        if venue.has_roof and lets_us_in(venue, asked.on) and is_open(venue, asked) is not False
    ]
    near = [each for each in nearest(roofs, around) if in_reach(each, agency) and holds(each.venue, asked)]
    return offered(near, asked)


# -- in words ---------------------------------------------------------------------------------------
def described(
    near: Near | Venue, agency: Agency, *, asked: Asked = Asked(), twins: Iterable[str] = ()
) -> str:
    """A place in one line of a list: its name, and its address where another is called the same; how far; whether
    there are steps and a roof; for how many; whether its owner lets us in; whether it is closed then."""
    venue = near.venue if isinstance(near, Near) else near
    parts = [venue.name]
    if bare(venue.name) in twins:
        parts.append(
            venue.address or _("at %(lat)s, %(lon)s") % {"lat": f"{venue.lat:.4f}", "lon": f"{venue.lon:.4f}"}
        )
    if isinstance(near, Near):
        parts.append(away(near, agency))
    parts += [step_words(venue), _("indoors") if venue.has_roof else _("outdoors")]
    parts += _room(venue, asked)
    if not lets_us_in(venue, asked.on):
        parts.append(
            _("permission has ended by then")
            if venue.permission == Permission.GIVEN
            else _("owner has not said yes")
        )
    if is_open(venue, asked) is False:
        parts.append(_("closed at that hour"))
    return " · ".join(str(part) for part in parts)


def away(near: Near, agency: Agency) -> str:
    """How far it is: “in the area”, “here”, or “0.4 mi away”."""
    if near.is_within:
        return _("in the area")
    if near.metres < THE_SAME_DOOR_M:
        return pgettext("distance", "here")
    return _("%(distance)s away") % {"distance": measures.distance(near.metres, agency.units)}


def step_words(venue: Venue) -> str:
    """What we know of steps. Not knowing is said, never hidden."""
    said = {Known.YES: _("step-free"), Known.NO: _("steps at the door"), Known.UNKNOWN: _("steps: not known")}
    return said[Known(venue.step_free)]


def _room(venue: Venue, asked: Asked) -> list[str]:
    if venue.capacity is None:
        return []
    said = ngettext("room for %(n)d", "room for %(n)d", venue.capacity) % {"n": venue.capacity}
    if holds(venue, asked):
        return [said]
    return [said, ngettext("%(n)d comes", "%(n)d come", asked.people) % {"n": asked.people}]


def called_the_same(venues: Iterable[Venue]) -> frozenset[str]:
    """Names that several places have: two gates of one park are told apart by more than their name."""
    names = Counter(bare(venue.name) for venue in venues)
    return frozenset(name for name, count in names.items() if count > 1)


# -- as the choices of a form -----------------------------------------------------------------------
def choices(
    venues: Sequence[Venue],
    agency: Agency,
    around: BaseGeometry | None,
    *,
    asked: Asked = Asked(),
    by: str = "pk",
    in_order: bool = False,
) -> list[tuple[str, Any]]:
    """Places to choose from, the nearest under one heading and all others under “More”; by name, where there is
    nothing to be near to. `by` is the field that tells them apart; `in_order`: as they are offered to move to."""
    twins = called_the_same(venues)
    if around is None:
        return [
            (str(getattr(each, by)), described(each, agency, asked=asked, twins=twins)) for each in venues
        ]
    found = nearest(venues, around)
    first = found[:FIRST_SHOWN]
    if in_order:
        close = [near for near in found if in_reach(near, agency)]
        first = offered(close or first, asked)[:FIRST_SHOWN]
    shown = {near.venue.pk for near in first}
    more = [near for near in found if near.venue.pk not in shown]

    def named(rows: Sequence[Near]) -> list[tuple[str, str]]:
        return [
            (str(getattr(near.venue, by)), described(near, agency, asked=asked, twins=twins)) for near in rows
        ]

    groups: list[tuple[str, Any]] = [(_("Nearby"), named(first))] if first else []
    return groups + ([(_("More places, farther away or with steps"), named(more))] if more else [])
