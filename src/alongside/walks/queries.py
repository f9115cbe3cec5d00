"""What pages show of a walk: maps with their tables, and a route in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alongside.agencies.models import Agency, User
from alongside.core import measures
from alongside.core.errors import Phrase
from alongside.core.phrases import as_stored
from alongside.core.svgmap import Map, Shape
from alongside.core.tables import Head, Table
from alongside.gatherings.checks import Fact, Plan
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.maps import MapWords, map_by_neighborhood
from alongside.gatherings.models import Gathering
from alongside.methods.ground import metres_between
from alongside.places.maps import bounds_of, credit, over_streets, streets_beneath
from alongside.places.models import Area, AreaKind, StreetNetwork, Venue, labels_of
from alongside.walks import words
from alongside.walks.cautions import Caution
from alongside.walks.models import Route, Walk, WalkQuerySet, barely_touches

FAR_FROM_VENUE_M = 300.0
MOST_LEFT_OUT = 8


@dataclass(frozen=True)
class RouteSummary:
    """A route in words, for the desk and for the cue sheet."""

    cues: list[words.Line]
    halfway: int | None
    minutes: int
    share: str
    of_what: str
    reached: str
    best: str
    known: str
    step_free: str
    length: str
    left_out: list[dict[str, Any]]
    more_left_out: int
    streets: list[dict[str, Any]]
    places: str
    better: str
    """That a route from a better corner meets more, and how much; "" where none does."""


def summary_of(route: Route) -> RouteSummary:
    """Everything one may want to know of a route before walking it."""
    plan, units = route.plan, route.agency.units
    streets: dict[str, float] = {}
    for street in plan["street_metres"]:
        if street["name"]:
            streets[street["name"]] = streets.get(street["name"], 0.0) + street["metres"]
    return RouteSummary(
        cues=words.cue_lines(plan["cues"], units),
        halfway=words.halfway(plan["cues"], plan["length_m"]),
        minutes=round(plan["minutes"]),
        share=words.share(plan["reach_covered"], plan["reach_total"]),
        of_what=_("of the streets of the area")
        if plan["assumed"]
        else _("of the residents and places of the area"),
        reached=words.reached(plan["reach_covered"], plan["reach_total"], assumed=plan["assumed"]),
        best=words.best_possible(
            plan["reach_covered"], plan["reach_total"], plan["bound"], assumed=plan["assumed"]
        ),
        known=words.share(route.step_free["yes_m"], plan["length_m"]),
        step_free=words.step_free(route.step_free, units),
        length=measures.distance(plan["length_m"], units),
        left_out=words.left_out(plan["left_out"], MOST_LEFT_OUT),
        more_left_out=max(0, len(plan["left_out"]) - MOST_LEFT_OUT),
        streets=[
            {"name": name, "length": measures.distance(metres, units)} for name, metres in streets.items()
        ],
        places=words.places_met(plan["places"]),
        better=better_start(route),
    )


def better_start(route: Route) -> str:
    """Where else to meet, and what a route from there meets, where this one meets much less."""
    better = route.better_start
    if better is None or not route.meets_few:
        return ""
    said = {
        "corner": words.corner(better["streets"], route.walk.area_name),
        "here": words.share(route.plan["reach_covered"], route.plan["reach_total"]),
        "there": words.share(better["reach_covered"], route.plan["reach_total"]),
    }
    if route.barely_touches:
        return (
            _(
                "This route barely touches its area: it meets %(here)s of it. From another place a route of this "
                "length meets %(there)s. The place: %(corner)s."
            )
            % said
        )
    return (
        _(
            "This route meets %(here)s of its area. From another place a route of this length meets %(there)s. "
            "The place: %(corner)s."
        )
        % said
    )


def count_answers(user: User | AnonymousUser, agency: Agency, walks: list[Walk]) -> None:
    """Put the numbers of people on each walk's gathering, by one question for a whole list."""
    wanted = [walk.gathering_id for walk in walks]
    counted = Gathering.objects.visible_to(user, at=agency).filter(pk__in=wanted).with_numbers().in_bulk()
    for walk in walks:
        walk.gathering.numbers = counted[walk.gathering_id].numbers


@dataclass(frozen=True)
class PublicWay:
    """What residents may know of a route: how long it is, how step-free, and who walked it beforehand."""

    length: str
    step_free: str
    checked_by: str
    checked_at: datetime | None


def public_way(walk: Walk) -> PublicWay | None:
    """That much of the latest route is public. The way itself never is."""
    route = walk.route
    if route is None:
        return None
    return PublicWay(
        measures.distance(route.plan["length_m"], route.agency.units),
        words.step_free(route.step_free, route.agency.units),
        route.checked_by,
        route.checked_at,
    )


# -- the plan on paper ------------------------------------------------------------------------------
def _as_agreed(said: Phrase) -> str:
    """The same whoever reads it, so that one can tell whether it has changed."""
    return as_stored(said) if said.parts else said.words


def plan_of(walk: Walk, noted: Iterable[Caution] = ()) -> Plan:
    """Where the plan of a walk is confirmed, and what it says that a gathering does not know."""
    return Plan(
        page=reverse("walks:plan-page", args=[walk.agency.slug, walk.public_id]) + "#confirm",
        facts=[
            Fact("turn_back", _("turn-back point"), _as_agreed(walk.turn_back)),
            Fact(
                "alternative",
                _("place for bad weather"),
                walk.alternative.name if walk.alternative else "",
            ),
            _whom_it_meets(walk.route_of_better),
        ],
        noted=[Fact(each.name, "", each.value) for each in noted],
    )


def _whom_it_meets(of_better: float | None) -> Fact:
    """Nothing to agree to, unless the route barely touches its area: then it is asked for by name."""
    word = _("whom the route meets")
    if of_better is None or not barely_touches(of_better):
        return Fact("meets", word, "")
    percent = words.percent_of(of_better)
    asks = _(
        "This route barely touches its area: it meets %(percent)s %% of what a route from a better corner meets. "
        "I want it all the same."
    )
    return Fact("meets", word, percent, asks % {"percent": percent})


def district_of(walk: Walk) -> Area | None:
    """The council district of the meeting point, where the agency knows districts."""
    venue = walk.gathering.venue
    if venue is None:
        return None
    point = shapely.Point(venue.lon, venue.lat)
    around = Area.objects.of(walk.agency_id).filter(
        kind=AreaKind.DISTRICT,
        active=True,
        west__lte=venue.lon,
        east__gte=venue.lon,
        south__lte=venue.lat,
        north__gte=venue.lat,
    )
    return next((area for area in around.order_by("name") if area.shape.intersects(point)), None)


def doubts(walk: Walk, route: Route) -> list[str]:
    """Why a route may not fit its walk any more. Moving a walk or changing its length lays no new route by itself."""
    gathering, venue = walk.gathering, walk.gathering.venue
    doubts = []
    if route.minutes_asked != gathering.minutes:
        doubts.append(
            _("It was laid for %(before)d minutes, and the walk now takes %(now)d.")
            % {"before": route.minutes_asked, "now": gathering.minutes}
        )
    if venue is None:
        doubts.append(
            _(
                "The meeting place has no point on the map, so the route begins near the middle of the area. "
                "Choose a venue to begin there."
            )
        )
    elif metres_between(*route.start, venue.lat, venue.lon) > FAR_FROM_VENUE_M:
        doubts.append(_("It does not begin where people meet now."))
    return doubts


def route_map(agency: Agency, walk: Walk, route: Route | None) -> Map | None:
    """The area and the loop through it, for those who lead. None where nothing is known but words."""
    venue = walk.gathering.venue
    shapes = [Shape(walk.shape, "area", str(walk.area_name))] if walk.shape else []
    rows: list[list[Any]] = []
    if route is not None:
        shapes.append(Shape(route.geometry, "route", _("The way")))
        rows = [[street["name"], street["length"]] for street in summary_of(route).streets]
    if venue is not None:
        shapes.append(Shape(shapely.Point(venue.lon, venue.lat), "start", venue.name, True))
    if not shapes:
        return None
    beneath = streets_beneath(agency, bounds_of(shapes))
    return Map(
        title=_way_titled(walk, route),
        shapes=over_streets(shapes, beneath),
        table=Table(_("Streets in order"), [Head(_("Street")), Head(_("How far"))], rows),
        legend=[
            ("area", _("Area")),
            *([("route", _("The way"))] if route else []),
            *([("start", _("Meeting point"))] if venue else []),
        ],
        credit=credit() if beneath or route else "",
        name="way",
    )


def _way_titled(walk: Walk, route: Route | None) -> str:
    if route is None:
        return _("Where we walk")
    if route.barely_touches:
        return _("The way, which barely touches %(area)s") % {"area": walk.area_name}
    return _("The way through %(area)s") % {"area": walk.area_name}


def meeting_map(user: User | AnonymousUser, agency: Agency, gathering: Gathering) -> Map | None:
    """The neighborhood and the meeting point: all that the public needs, and all that it is shown."""
    home = gathering.neighborhood_id
    neighborhood = Area.objects.visible_to(user, at=agency).filter(pk=home).first() if home else None
    if not neighborhood:
        return None
    shapes = [Shape(neighborhood.shape, "chosen", neighborhood.name)]
    venue: Venue | None = gathering.venue
    if venue is not None:
        shapes.append(Shape(shapely.Point(venue.lon, venue.lat), "start", venue.name, True))
    word = labels_of(agency)[AreaKind.NEIGHBORHOOD][0]
    rows = [[word, neighborhood.name], [_("Meeting point"), str(gathering.place)]]
    beneath = streets_beneath(agency, bounds_of(shapes))
    return Map(
        title=_("Where we meet, and the neighborhood we walk in"),
        shapes=over_streets(shapes, beneath),
        table=Table(_("Where"), [Head(_("What")), Head(_("Where"))], rows),
        legend=[("chosen", neighborhood.name), *([("start", _("Meeting point"))] if venue else [])],
        credit=credit() if beneath else "",
        name="meeting",
    )


MOST_PAST = 200


def where_we_have_been(user: User | AnonymousUser, agency: Agency, walks: WalkQuerySet) -> list[Gathering]:
    """The walks that were, the latest first; with those of before, which were loaded later and have no route here."""
    ours = [each.gathering for each in walks.past().prefetch_related("gathering__corrections")[:MOST_PAST]]
    loaded = Gathering.objects.visible_to(user, at=agency).open_to_all().filter(kind=WALK.name).loaded_later()
    before = loaded.past().with_places().with_corrections()[:MOST_PAST]
    return sorted([*ours, *before], key=lambda each: each.starts_at, reverse=True)[:MOST_PAST]


def walked_map(user: User | AnonymousUser, agency: Agency, past: list[Gathering]) -> Map | None:
    """Neighborhoods by how often we walked there."""
    walks = Counter(each.neighborhood_id for each in past if not each.is_cancelled)
    words = MapWords(
        title=_("Where we have walked"),
        table=_("Walks by neighborhood"),
        count=_("Walks"),
        looks={
            "walked-1": pgettext("walked a street", "Once"),
            "walked-2": pgettext("walked a street", "Twice"),
            "walked-3": pgettext("walked a street", "More often"),
        },
        none=_("Not yet"),
    )
    return map_by_neighborhood(user, agency, walks, words) if walks else None


def drawing_ground(user: User, agency: Agency) -> Map | None:
    """What one draws an area on: neighborhoods and main streets, or the streets alone; None where nothing is known."""
    homes = list(Area.objects.visible_to(user, at=agency).active().of_kind(AreaKind.NEIGHBORHOOD))
    shapes = [Shape(home.shape, "area", home.name) for home in homes]
    network = StreetNetwork.objects.visible_to(user, at=agency).current().first()
    if shapes:
        bounds = bounds_of(shapes)
    elif network is not None:
        bounds = network.west, network.south, network.east, network.north
    else:
        return None
    return Map(
        title=_("Draw the area to walk"),
        shapes=[*shapes, *streets_beneath(agency, bounds, main_only=bool(shapes))],
        bounds=bounds,
        table=Table(
            labels_of(agency)[AreaKind.NEIGHBORHOOD][1], [Head(_("Name"))], [[home.name] for home in homes]
        ),
        credit=credit() if network else "",
        name="draw",
    )
