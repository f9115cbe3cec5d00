"""Plan a walk, lay its route, check it, publish it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

import shapely
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from alongside.agencies import audit
from alongside.agencies.models import Agency, User
from alongside.core import clock, tokens
from alongside.core.errors import Refusal
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering, Kind
from alongside.hotspots.models import FocusArea
from alongside.places.models import INDOORS, Area, AreaKind, Known, Venue
from alongside.walks import planning
from alongside.walks.models import Route, Walk

GUIDE_LOW, GUIDE_HIGH = 15, 30  # residents, as guidance: outdoors nobody is turned away


class NotChecked(Refusal):
    """A route is checked by somebody with a name."""


class NothingToCheck(Refusal):
    """A walk without a route."""


def plan(
    agency: Agency,
    *,
    on: date,
    at: time,
    area: FocusArea | Area | BaseGeometry,
    venue: Venue | None = None,
    meeting_point: str = "",
    minutes: int = 60,
    title: str = "",
    form_key: str = "",
    by: User | None,
    **words: object,
) -> Walk:
    """Write down a walk, seen by staff only. The same form sent twice is one walk."""
    outline, name, home = _described(agency, area)
    digest = tokens.digest("walk", form_key) if form_key else ""
    known = Walk.objects.filter(agency=agency, form_digest=digest).first() if digest else None
    if known is not None:
        return known
    if on < agency.today():
        raise gatherings.GatheringRefused(_("This day has passed. Choose another."))
    if (on - agency.today()).days > 366 * 2:
        raise gatherings.GatheringRefused(_("This day is more than two years away. Choose a nearer one."))
    if not planning.SHORTEST_MINUTES <= minutes <= planning.LONGEST_MINUTES:
        raise gatherings.GatheringRefused(
            _("A walk takes from %(least)d to %(most)d minutes.")
            % {"least": planning.SHORTEST_MINUTES, "most": planning.LONGEST_MINUTES}
        )
    try:
        with transaction.atomic():
            gathering = gatherings.plan(
                agency,
                kind=Kind.WALK,
                title=title or _("Walk with us in %(place)s") % {"place": home.name if home else name},
                on=on,
                at=at,
                minutes=minutes,
                venue=venue,
                meeting_point=meeting_point,
                neighborhood=home,
                capacity=_capacity(venue),
                guide_low=GUIDE_LOW,
                guide_high=GUIDE_HIGH,
                by=by,
                **words,
            )
            walk = Walk.objects.create(
                agency=agency,
                gathering=gathering,
                focus_area=area if isinstance(area, FocusArea) else None,
                area_name=name,
                area=shapely.to_wkb(outline),
                form_digest=digest,
            )
            _lead_to_own_page(gathering, walk)
    except IntegrityError:  # the same form, a moment earlier
        return Walk.objects.get(agency=agency, form_digest=digest)
    return walk


def _lead_to_own_page(gathering: Gathering, walk: Walk) -> None:
    gathering.page_view, gathering.page_id = "walks:detail", walk.public_id
    gathering.save(update_fields=["page_view", "page_id"])


def _described(
    agency: Agency, area: FocusArea | Area | BaseGeometry
) -> tuple[BaseGeometry, str, Area | None]:
    """An area's outline, what it is called, and the neighborhood that the public knows it by."""
    if isinstance(area, FocusArea):
        return planning.checked(area.shape), area.name, area.neighborhood
    if isinstance(area, Area):
        home = area if area.kind == AreaKind.NEIGHBORHOOD else _neighborhood_of(agency, area.shape)
        return planning.checked(area.shape), area.name, home
    outline = planning.checked(area)
    home = _neighborhood_of(agency, outline)
    return outline, home.name if home else _("an area drawn by hand"), home


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
    """Indoors there is a limit; on their own street nobody is turned away."""
    indoors = venue is not None and (venue.indoor == Known.YES or venue.kind in INDOORS)
    return venue.capacity if venue is not None and indoors else None


def lay_route(
    walk: Walk,
    *,
    minutes: int | None = None,
    excluded: Sequence[str] = (),
    accessible: bool = True,
    by: User | None,
) -> Route:
    """Compute a loop and keep it as the next version, not yet checked. The computing holds no transaction."""
    venue = walk.gathering.venue
    start = (venue.lat, venue.lon) if venue else planning.default_start(walk.agency, walk.shape)
    asked = minutes or walk.gathering.minutes
    found = planning.loop(
        walk.agency, walk.shape, start, minutes=asked, excluded=excluded, accessible=accessible
    )
    return _keep(walk, planning.as_json(found, walk.area_name), asked, sorted(set(excluded)), accessible, by)


@transaction.atomic
def _keep(
    walk: Walk, plan: dict[str, object], minutes: int, excluded: list[str], accessible: bool, by: User | None
) -> Route:
    Walk.objects.select_for_update(of=("self",)).get(pk=walk.pk)
    last = walk.routes.aggregate(last=Max("version"))["last"] or 0
    route = Route.objects.create(
        agency=walk.agency,
        walk=walk,
        version=last + 1,
        made_by=_name(by, walk.agency),
        minutes_asked=minutes,
        accessible=accessible,
        excluded=excluded,
        plan=plan,
    )
    walk.__dict__.pop("route", None)
    audit.record(
        agency=walk.agency, by=by, verb="laid the route of", thing=walk, detail={"version": route.version}
    )
    return route


@transaction.atomic
def check_route(route: Route, *, name: str, notes: str = "", by: User | None) -> Route:
    """Somebody walked it beforehand. A map does not know every step; a person does."""
    name = gatherings.line(name, 160)
    if not name:
        raise NotChecked(_("Say who walked it: a name, so that one can ask."))
    route.checked_by, route.checked_at, route.check_notes = name, clock.now(), notes.strip()[:1000]
    route.save(update_fields=["checked_by", "checked_at", "check_notes"])
    audit.record(agency=route.agency, by=by, verb="checked the route of", thing=route.walk)
    return route


def publish(walk: Walk, *, by: User | None) -> Walk:
    """Open the walk to everybody. A route is not needed: a place, a day and an hour are enough."""
    gatherings.publish(walk.gathering, by=by)
    return Walk.objects.with_dates().get(pk=walk.pk)


def _name(by: User | None, agency: Agency) -> str:
    return str(by.membership_at(agency) or by) if by else audit.COMMAND_LINE
