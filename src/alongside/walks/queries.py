"""What pages show of a walk: maps with their tables, and a route in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from alongside.agencies.models import Agency, User
from alongside.core.svgmap import Map, Shape
from alongside.core.tables import Head, Table
from alongside.gatherings.models import Gathering
from alongside.places.models import Area, AreaKind, StreetNetwork, Venue
from alongside.walks import words
from alongside.walks.models import Route, Walk


@dataclass(frozen=True)
class Told:
    """A route in words, for the desk and for the cue sheet."""

    cues: list[words.Line]
    halfway: int | None
    reached: str
    best: str
    step_free: str
    length: str
    left_out: list[dict[str, Any]]
    streets: list[dict[str, Any]]
    places: str


def told(route: Route) -> Told:
    """Everything one may want to know of a route before walking it."""
    plan = route.plan
    streets: dict[str, float] = {}
    for street in plan["street_metres"]:
        if street["name"]:
            streets[street["name"]] = streets.get(street["name"], 0.0) + street["metres"]
    return Told(
        cues=words.cue_lines(plan["cues"]),
        halfway=words.halfway(plan["cues"], plan["length_m"]),
        reached=words.reached(plan["reach_covered"], plan["reach_total"], assumed=plan["assumed"]),
        best=words.best_possible(route.gap),
        step_free=words.step_free(route.step_free),
        length=words.distance(plan["length_m"]),
        left_out=words.left_out(plan["left_out"]),
        streets=[{"name": name, "length": words.distance(metres)} for name, metres in streets.items()],
        places=words.places_met(plan["places"]),
    )


def route_map(agency: Agency, walk: Walk, route: Route | None) -> Map:
    """The area and the loop through it, for those who lead."""
    shapes = [Shape(walk.shape, "chosen", walk.area_name)]
    rows: list[list[Any]] = []
    venue = walk.gathering.venue
    if route is not None:
        shapes.append(Shape(route.geometry, "route", _("The way")))
        rows = [[street["name"], street["length"]] for street in told(route).streets]
    if venue is not None:
        shapes.append(Shape(shapely.Point(venue.lon, venue.lat), "start", venue.name, True))
    return Map(
        title=_("The way through %(area)s") % {"area": walk.area_name},
        shapes=shapes,
        table=Table(_("Streets in order"), [Head(_("Street")), Head(_("How far"))], rows),
        legend=[("chosen", _("Area")), ("route", _("The way")), ("start", _("Meeting point"))],
        credit=StreetNetwork.ATTRIBUTION if route is not None else "",
        name="way",
    )


def meeting_map(user: User | AnonymousUser, agency: Agency, gathering: Gathering) -> Map | None:
    """The neighborhood and the meeting point: all that the public needs, and all that it is shown."""
    home = gathering.neighborhood_id
    found = Area.objects.visible_to(user, at=agency).filter(pk=home).first() if home else None
    shapes = [Shape(found.shape, "chosen", found.name, True)] if found else []
    venue: Venue | None = gathering.venue
    if venue is not None:
        shapes.append(Shape(shapely.Point(venue.lon, venue.lat), "start", venue.name, True))
    if not found:
        return None
    rows = [[_("Neighborhood"), found.name], [_("Meeting point"), gathering.place]]
    return Map(
        title=_("Where we meet, and the neighborhood we walk in"),
        shapes=shapes,
        table=Table(_("Where"), [Head(_("What")), Head(_("Where"))], rows),
        name="meeting",
    )


def walked_map(user: User | AnonymousUser, agency: Agency, past: list[Gathering]) -> Map | None:
    """Neighborhoods by how often we walked there."""
    homes = list(Area.objects.visible_to(user, at=agency).active().of_kind(AreaKind.NEIGHBORHOOD))
    walks = Counter(each.neighborhood_id for each in past if not each.is_cancelled)
    if not homes or not walks:
        return None
    shapes = [Shape(home.shape, _shade(walks[home.pk]), home.name, walks[home.pk] > 0) for home in homes]
    rows = [[home.name, walks[home.pk]] for home in homes if walks[home.pk]]
    return Map(
        title=_("Where we have walked"),
        shapes=shapes,
        table=Table(
            _("Walks by neighborhood"), [Head(_("Neighborhood")), Head(_("Walks"), number=True)], rows
        ),
        legend=[("level-1", _("Once")), ("level-2", _("Twice")), ("level-3", _("More often"))],
        name="walked",
    )


def _shade(walks: int) -> str:
    return "quiet" if not walks else f"level-{min(walks, 3)}"


def drawing_ground(user: User, agency: Agency) -> Map | None:
    """What one draws an area on: the neighborhoods, so that one knows where one is."""
    homes = list(Area.objects.visible_to(user, at=agency).active().of_kind(AreaKind.NEIGHBORHOOD))
    if not homes:
        return None
    rows = [[home.name] for home in homes]
    return Map(
        title=_("Draw the area to walk"),
        shapes=[Shape(home.shape, "area", home.name) for home in homes],
        table=Table(_("Neighborhoods"), [Head(_("Name"))], rows),
        name="draw",
    )


def checked(walk: Walk) -> tuple[str, datetime] | None:
    """Who walked the latest route beforehand, and when: that much of it is public."""
    route = walk.route
    return None if route is None or route.checked_at is None else (route.checked_by, route.checked_at)
