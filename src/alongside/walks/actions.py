"""Plan a walk, lay its route, check it, confirm its plan, publish it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import shapely
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from alongside.agencies import audit
from alongside.agencies.models import Agency, User
from alongside.core import clock, keys, tokens
from alongside.core.authored import Words
from alongside.core.errors import Phrase, Refusal, phrase
from alongside.core.text import line
from alongside.gatherings import actions as gatherings
from alongside.gatherings import checks, walltime
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.models import Gathering, PlanCheck
from alongside.hotspots.models import Choice, FocusArea
from alongside.methods import ground
from alongside.places import actions as places
from alongside.places.models import INDOORS, Area, AreaKind, Known, Permission, Venue, VenueKind
from alongside.walks import cautions, planning, queries
from alongside.walks.models import Route, Walk
from alongside.walks.words import corner
from alongside.weather import actions as weather

FORM = "walk"
FARTHEST = timedelta(days=732)
LARGEST_LIMIT = 200
GUIDE_LOW, GUIDE_HIGH = 15, 30  # residents, as guidance: outdoors nobody is turned away


class OddTime(Refusal):
    """A day that has passed, or is so far away that it is a slip of the keyboard."""


class NotChecked(Refusal):
    """A route is checked by somebody with a name."""


@dataclass(frozen=True)
class Goal:
    """Where a walk goes: its outline, what the area is called, and the neighborhood the public knows it by."""

    outline: BaseGeometry | None = None
    name: Phrase | str = ""
    home: Area | None = None
    focus: FocusArea | None = None


@dataclass(frozen=True)
class Meeting:
    """When and where people meet to walk, and for how many minutes."""

    on: date
    at: time
    venue: Venue | None = None
    meeting_point: Words | str = ""
    minutes: int = 60


def plan(
    agency: Agency,
    meeting: Meeting,
    *,
    area: FocusArea | Area | BaseGeometry | None = None,
    title: Words | str = "",
    form_key: str = "",
    by: User | None,
    **words: object,
) -> Walk:
    """Write down a walk, seen by staff only. The same form sent twice is one walk.

    Without an area it goes around the venue; a first walk needs neither boundaries nor data.
    """
    if known := _sent_before(agency, form_key):
        return known
    venue, minutes = meeting.venue, meeting.minutes
    _refuse_odd_times(agency, meeting)
    goal = _goal(agency, area, venue, minutes)
    place = venue.name if venue else meeting.meeting_point
    details: dict[str, object] = {
        **words,
        "title": title or Words.made(_title(goal, place)),
        "summary": words.get("summary") or Words.made(_what_happens(minutes)),
        "on": meeting.on,
        "at": meeting.at,
        "minutes": minutes,
        "venue": venue,
        "meeting_point": meeting.meeting_point,
        "capacity": _capacity(venue),
    }
    try:
        return _write_down(agency, goal, form_key=form_key, by=by, details=details)
    except IntegrityError:  # the same form, a moment earlier
        if twin := _sent_before(agency, form_key):
            return twin
        raise


def _sent_before(agency: Agency, form_key: str) -> Walk | None:
    """What this very form has planned already."""
    if not form_key:
        return None
    digests = tokens.digests(FORM, form_key, ring=keys.FORMS)
    return Walk.objects.filter(agency=agency, form_digest__in=digests).first()


@transaction.atomic
def _write_down(
    agency: Agency, goal: Goal, *, form_key: str, by: User | None, details: dict[str, object]
) -> Walk:
    gathering = gatherings.plan(
        agency,
        by=by,
        kind=WALK.name,
        neighborhood=goal.home,
        guide_low=GUIDE_LOW,
        guide_high=GUIDE_HIGH,
        **details,
    )
    walk = Walk.objects.create(
        agency=agency,
        gathering=gathering,
        focus_area=goal.focus,
        choice=_choice(agency, goal),
        area_name=goal.name,
        area=shapely.to_wkb(goal.outline) if goal.outline else None,
        form_digest=tokens.digest(FORM, form_key, ring=keys.FORMS) if form_key else "",
    )
    walk.gathering = gatherings.show_at(gathering, page_id=walk.public_id)
    return walk


def _refuse_odd_times(agency: Agency, meeting: Meeting) -> None:
    on, minutes = meeting.on, meeting.minutes
    if on < agency.today():
        raise OddTime(_("This day has passed. Choose another."))
    if on - agency.today() > FARTHEST:
        raise OddTime(_("This day is more than two years away. Choose a nearer one."))
    planning.refuse_odd_minutes(minutes)
    if walltime.later(walltime.moment(on, meeting.at, agency.timezone), minutes) <= clock.now():
        raise OddTime(_("This hour has passed. Choose another."))


def _title(goal: Goal, place: Words | str) -> Phrase:
    if goal.home:
        return phrase("Walk with us in %(place)s", place=goal.home.name)
    return phrase("Walk with us from %(place)s", place=Truncator(str(place)).chars(100))


def _what_happens(minutes: int) -> Phrase:
    """What the page says until somebody says it better."""
    if minutes == 60:
        return phrase(
            "An hour around the neighborhood, at a talking pace. Nobody is there to enforce anything: "
            "come and say what is on your mind."
        )
    return phrase(
        "%(minutes)d minutes around the neighborhood, at a talking pace. Nobody is there to enforce anything: "
        "come and say what is on your mind.",
        minutes=minutes,
    )


def _goal(
    agency: Agency, area: FocusArea | Area | BaseGeometry | None, venue: Venue | None, minutes: int
) -> Goal:
    """What was chosen; else what lies around the venue; else only the meeting place, in words."""
    if isinstance(area, FocusArea | Area) and area.agency_id != agency.pk:
        raise planning.AreaRefused(_("This area belongs to another agency."))
    if isinstance(area, FocusArea):
        return Goal(planning.checked(area.shape), area.name, area.neighborhood, area)
    if isinstance(area, Area):
        home = area if area.kind == AreaKind.NEIGHBORHOOD else _neighborhood_of(agency, area.shape)
        return Goal(planning.checked(area.shape), area.name, home)
    if area is not None:
        outline = planning.checked(area)
        home = _neighborhood_of(agency, outline)
        return Goal(outline, home.name if home else phrase("an area drawn by hand"), home)
    if venue is not None:
        outline = planning.around(venue.lat, venue.lon, minutes=minutes)
        name = phrase("around %(venue)s", venue=venue.name)
        return Goal(outline, name, _neighborhood_of(agency, outline))
    return Goal()


def _choice(agency: Agency, goal: Goal) -> Choice | None:
    """The latest decision to walk here: its reason belongs on the page."""
    made = Choice.objects.filter(agency=agency).order_by("-decided_at", "-pk")
    here = made.filter(area=goal.focus).first() if goal.focus else None
    return here or (made.filter(neighborhood=goal.home).first() if goal.home else None)


def _neighborhood_of(agency: Agency, outline: BaseGeometry) -> Area | None:
    """The neighborhood in which most of an outline lies."""
    west, south, east, north = outline.bounds
    near = Area.objects.filter(
        agency=agency,
        kind=AreaKind.NEIGHBORHOOD,
        active=True,
        west__lte=east,
        east__gte=west,
        south__lte=north,
        north__gte=south,
    )
    shares = [(home.shape.intersection(outline).area, home.name, home) for home in near]
    return max((share for share in shares if share[0] > 0), default=(0, "", None))[2]


def _capacity(venue: Venue | None) -> int | None:
    """A room has a limit. On their own street nobody is turned away, nor in a mall that holds thousands."""
    indoors = venue is not None and (venue.indoor == Known.YES or venue.kind in INDOORS)
    if venue is None or not indoors or venue.capacity is None or venue.capacity > LARGEST_LIMIT:
        return None
    return venue.capacity


def lay_route_again(walk: Walk, *, by: User | None) -> Route:
    """The next version as the last one was asked for: of the same length, without the same streets and steps."""
    return lay_route(walk, by=by, **(_as_asked(walk.route) if walk.route else {}))


def _as_asked(route: Route) -> dict[str, Any]:
    return {
        "minutes": route.minutes_asked,
        "excluded": route.excluded,
        "accessible": route.accessible,
    }


def lay_route(
    walk: Walk,
    *,
    minutes: int | None = None,
    excluded: Sequence[str] = (),
    accessible: bool = True,
    by: User | None,
) -> Route:
    """Compute a loop and keep it as the next version, not yet checked. The computing holds no transaction."""
    if walk.shape is None:
        raise planning.AreaRefused(
            _("Nobody has said where this walk goes: plan it with a venue, or with an area.")
        )
    venue = walk.gathering.venue
    start = (venue.lat, venue.lon) if venue else planning.default_start(walk.agency, walk.shape)
    asked = minutes or walk.gathering.minutes
    how: dict[str, Any] = {"minutes": asked, "excluded": excluded, "accessible": accessible}
    loop = planning.loop(walk.agency, walk.shape, start, **how)
    better = planning.better_start(walk.agency, walk.shape, start, loop, **how)
    return _keep(walk, planning.as_json(loop, str(walk.area_name), better), how, by)


@transaction.atomic
def _keep(walk: Walk, plan: dict[str, Any], how: dict[str, Any], by: User | None) -> Route:
    Walk.objects.select_for_update(of=("self",)).get(pk=walk.pk)
    last = walk.routes.aggregate(last=Max("version"))["last"] or 0
    better = plan["better_start"]
    route = Route.objects.create(
        agency=walk.agency,
        walk=walk,
        version=last + 1,
        made_by=audit.name_of(by, walk.agency),
        minutes_asked=how["minutes"],
        accessible=how["accessible"],
        excluded=sorted(set(how["excluded"])),
        plan=plan,
        of_better=plan["reach_covered"] / better["reach_covered"] if better else None,
    )
    walk.__dict__.pop("route", None)
    audit.record(
        agency=walk.agency, by=by, verb="laid the route of", thing=walk, detail={"version": route.version}
    )
    return route


@transaction.atomic
def check_route(route: Route, *, name: str, notes: str = "", by: User | None) -> Route:
    """Somebody walked it beforehand. A map does not know every step; a person does."""
    name = line(name, 160)
    if not name:
        raise NotChecked(_("Say who walked it: a name, so that one can ask."))
    if route.walk.routes.filter(version__gt=route.version).exists():
        raise NotChecked(_("Another route was laid meanwhile: look at that one."))
    route.checked_by, route.checked_at, route.check_notes = name, clock.now(), notes.strip()[:1000]
    route.save(update_fields=["checked_by", "checked_at", "check_notes"])
    audit.record(agency=route.agency, by=by, verb="checked the route of", thing=route.walk)
    return route


# -- the plan on paper ------------------------------------------------------------------------------
@transaction.atomic
def prepare(
    walk: Walk,
    *,
    host: str = "",
    deputy_host: str = "",
    turn_back: Phrase | str = "",
    alternative: Venue | None = None,
    by: User | None,
) -> Walk:
    """Write down what the plan says of this walk: who leads it, where it turns back, where it goes in bad weather.

    Where the roster names the host, that stands, whatever is typed here.
    """
    walk = Walk.objects.select_for_update(of=("self",)).select_related("gathering", "agency").get(pk=walk.pk)
    gathering = walk.gathering
    said = {"typed_host": line(host, 120), "typed_deputy": line(deputy_host, 120)}
    others = {name: text for name, text in said.items() if getattr(gathering, name) != text}
    if typed := {name: text for name, text in others.items() if name not in gathering.roster_names}:
        gatherings.change(gathering, by=by, **typed)
    weather.set_shelter(walk.gathering, venue=alternative, by=by)
    walk.turn_back = turn_back if isinstance(turn_back, Phrase) else Phrase(line(turn_back, 200))
    walk.save(update_fields=["turn_back"])
    return _again(walk)


@transaction.atomic
def confirm_plan(
    walk: Walk, *, rules_version: int, by: User | None, name: str = "", taken: Collection[str] = ()
) -> PlanCheck:
    """Somebody with a name read this plan and these rules, and takes upon themselves what it asks for by name."""
    walk = _again(walk)
    plan = queries.plan_of(walk, noted=cautions.of_one(walk))
    return checks.confirm(walk.gathering, plan, rules_version=rules_version, by=by, name=name, taken=taken)


@transaction.atomic
def publish(walk: Walk, *, by: User | None) -> Walk:
    """Open the walk to everybody, once somebody has read its plan.

    A route is not needed: a place, a day, an hour, a host and the rules are enough.
    """
    Gathering.objects.select_for_update(of=("self",)).get(pk=walk.gathering_id)
    walk = _again(walk)
    gatherings.publish(walk.gathering, plan=queries.plan_of(walk), by=by)
    return _again(walk)


@transaction.atomic
def meet_at_better_corner(walk: Walk, *, by: User | None) -> Venue:
    """A draft meets at the corner of its area from which a route meets more; its route is to be laid anew.

    The corner becomes a meeting point under the open sky on the list of venues, or is one there already.
    """
    if not walk.gathering.is_draft:
        raise gatherings.NotNow(
            _("People already know the time and place. Move the gathering instead, with a reason.")
        )
    venue = better_corner(walk, by=by)
    gatherings.change(walk.gathering, by=by, venue=venue, meeting_point="")
    return venue


@transaction.atomic
def better_corner(walk: Walk, *, by: User | None) -> Venue:
    """The better corner as a venue, for a route as the last one was asked for.

    Raises RouteRefused where none is known and none is found.
    """
    if walk.shape is None:
        raise planning.AreaRefused(
            _("Nobody has said where this walk goes: plan it with a venue, or with an area.")
        )
    route = walk.route
    known = route.better_start if route else None
    if known is None:
        how: dict[str, Any] = {"minutes": walk.gathering.minutes, **(_as_asked(route) if route else {})}
        found = planning.best_corner(walk.agency, walk.shape, **how)
        if found is None:
            raise planning.RouteRefused(
                _("There are no streets in this area: it lies outside of the street file.")
            )
        known = {"at": found.at, "streets": found.streets}
    lat, lon = known["at"]
    if there := _meeting_point_at(walk.agency, lat, lon):
        return there
    name = str(corner(known["streets"], walk.area_name))
    return places.save_venue(
        Venue(
            agency=walk.agency,
            name=name[:120],
            address=f"{lat:.5f}, {lon:.5f}",
            kind=VenueKind.OUTDOOR,
            lat=lat,
            lon=lon,
            indoor=Known.NO,
            permission=Permission.NOT_NEEDED,
        ),
        by=by,
    )


SAME_CORNER_M = 40.0


def _meeting_point_at(agency: Agency, lat: float, lon: float) -> Venue | None:
    """A meeting point under the open sky that stands at this corner already."""
    points = Venue.objects.of(agency).filter(active=True, kind=VenueKind.OUTDOOR)
    near = [(ground.metres_between(lat, lon, each.lat, each.lon), each.pk, each) for each in points]
    return next((each for away, _pk, each in sorted(near) if away <= SAME_CORNER_M), None)


def _again(walk: Walk) -> Walk:
    """The walk as it is now."""
    return Walk.objects.with_dates().with_hosts().with_routes().get(pk=walk.pk)
