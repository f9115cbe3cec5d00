"""From an area and a meeting point to a loop: what the solver needs, and its refusals as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry import shape as from_geojson
from shapely.geometry.base import BaseGeometry
from shapely.validation import make_valid

from alongside.agencies.models import Agency
from alongside.core.errors import Refusal
from alongside.methods import ground, routing
from alongside.methods.routing import Loop
from alongside.outside import texts
from alongside.outside.readers import Reader
from alongside.places import nearby
from alongside.places import queries as places
from alongside.places.models import Known, Venue, VenueKind
from alongside.walks import words

SHORTEST_MINUTES, LONGEST_MINUTES = 15, 240
LARGEST_KM2 = 60.0
LARGEST_BYTES = 20 * 2**20
MOST_CORNERS = 50_000
SEARCH_SECONDS = 12.0
"""Some three seconds are enough on a quiet machine; a busy one may take longer, and then answers the same."""


class AreaRefused(Refusal):
    """An area that cannot be walked: no polygon, nowhere on earth, or as large as a city."""


class RouteRefused(Refusal):
    """No loop can be walked as asked."""


def refuse_odd_minutes(minutes: int) -> None:
    if not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
        raise RouteRefused(
            _("A walk takes from %(least)d to %(most)d minutes.")
            % {"least": SHORTEST_MINUTES, "most": LONGEST_MINUTES}
        )


def area_in(content: texts.Content) -> BaseGeometry:
    """The polygon of a GeoJSON text: a geometry, a feature, or all features of a collection together."""
    text = texts.text_of(content, most_bytes=LARGEST_BYTES, refused=AreaRefused)
    try:
        said = texts.json_of(text)
        shapes = [from_geojson(each) for each in _geometries(said)]
    except MemoryError:
        raise
    except Exception:  # whatever strange parts make the library trip over
        raise AreaRefused(
            _("This is no GeoJSON that can be read: draw the area, or export it again.")
        ) from None
    if sum(map(shapely.get_num_coordinates, shapes)) > MOST_CORNERS:
        raise AreaRefused(
            _("This area has more than %(most)s corners: simplify its outline first.")
            % {"most": f"{MOST_CORNERS:,}"}
        )
    if not np.isfinite(shapely.get_coordinates(shapes)).all():
        raise AreaRefused(_("This is no GeoJSON that can be read: draw the area, or export it again."))
    polygons = [make_valid(each) for each in shapes if each.geom_type in {"Polygon", "MultiPolygon"}]
    if not polygons:
        raise AreaRefused(_("There is no polygon in it: an area has an outline."))
    return checked(shapely.union_all(polygons))


AREA = Reader(area_in, seconds=5, megabytes=500, refused=AreaRefused)


def _geometries(said: dict[str, Any]) -> list[dict[str, Any]]:
    if said["type"] == "FeatureCollection":
        return [feature["geometry"] for feature in said["features"] if feature.get("geometry")]
    return [said["geometry"]] if said["type"] == "Feature" else [said]


def checked(area: BaseGeometry) -> BaseGeometry:
    """An area that lies on earth and can be walked in an hour or two; else a refusal."""
    if area.is_empty or not np.isfinite(area.bounds).all() or area.area == 0:
        raise AreaRefused(_("This area is empty."))
    west, south, east, north = area.bounds
    if west < -180 or east > 180 or south < -85 or north > 85:
        raise AreaRefused(_("These are no longitudes and latitudes: export the area as WGS 84 (EPSG:4326)."))
    if ground.square_metres(area) / 1e6 > LARGEST_KM2:
        raise AreaRefused(_("This area is too large for a walk. Choose a part of it."))
    return area


def around(lat: float, lon: float, *, minutes: int) -> BaseGeometry:
    """Where no area is given: as far around the meeting place as a quarter of the way, so that a loop has room."""
    radius = minutes * routing.PACE_KMH * 1000 / 60 / 4
    return ground.circle(lat, lon, radius)


def loop(
    agency: Agency,
    area: BaseGeometry,
    start: tuple[float, float],
    *,
    minutes: int = 60,
    excluded: Sequence[str] = (),
    accessible: bool = True,
) -> Loop:
    """The best loop we find from a meeting point through an area. The same question gives the same answer."""
    refuse_odd_minutes(minutes)
    graph = places.street_graph(agency)
    try:
        return routing.plan_loop(
            graph,
            area=checked(area),
            start=start,
            minutes=minutes,
            allowed=routing.Allowed(excluded_streets=frozenset(excluded), accessible=accessible),
            effort=routing.Effort(seconds=SEARCH_SECONDS),
        )
    except routing.NoRoute as problem:
        raise RouteRefused(words.no_route(problem, agency.units)) from None


SHORT_WALK_M = 300.0


def default_start(agency: Agency, area: BaseGeometry) -> tuple[float, float]:
    """The nearest venue within a short walk, step-free first; else the corner with most people in reach."""
    chosen = _near(Venue.objects.of(agency).filter(active=True), area)
    if chosen is not None:
        return chosen.lat, chosen.lon
    corner = best_corner(agency, area)
    if corner is None:
        raise RouteRefused(_("There are no streets in this area: it lies outside of the street file."))
    return corner.at


def meeting_place(agency: Agency, area: BaseGeometry, *, on: date) -> Venue | None:
    """A meeting point under the open sky that may be used that day, at the area or a short walk from it."""
    points = Venue.objects.of(agency).filter(active=True, kind=VenueKind.OUTDOOR)
    return _near(points.may_be_used(on), area)


def _near(venues: Iterable[Venue], area: BaseGeometry) -> Venue | None:
    """The nearest within a short walk; of those, one that is known to be step-free before all others."""
    near = [each.venue for each in nearby.nearest(list(venues), area) if each.metres < SHORT_WALK_M]
    step_free = [venue for venue in near if venue.step_free == Known.YES]
    return next(iter(step_free or near), None)


@dataclass(frozen=True)
class BetterStart:
    """A corner of the area to meet at instead, and what a loop of the same length from there meets."""

    at: tuple[float, float]
    streets: tuple[str, ...]
    reach_covered: float

    def as_dict(self) -> dict[str, Any]:
        """Plain lists and numbers, ready for JSON."""
        return {"at": list(self.at), "streets": list(self.streets), "reach_covered": self.reach_covered}


def best_corner(
    agency: Agency,
    area: BaseGeometry,
    *,
    minutes: int = 60,
    excluded: Sequence[str] = (),
    accessible: bool = True,
    instead_of: tuple[float, float] | None = None,
) -> routing.Corner | None:
    """The corner of the area with most people in reach on foot: `methods.routing.best_corner`."""
    return routing.best_corner(
        places.street_graph(agency),
        area,
        length_m=minutes * routing.PACE_KMH * 1000 / 60,
        allowed=routing.Allowed(excluded_streets=frozenset(excluded), accessible=accessible),
        prizes=routing.Prizes(),
        instead_of=instead_of,
    )


def better_start(
    agency: Agency,
    area: BaseGeometry,
    start: tuple[float, float],
    found: Loop,
    *,
    minutes: int = 60,
    **how: Any,
) -> BetterStart | None:
    """Where else to meet, if few live in reach of this start and a loop from the best corner meets more.

    That loop is laid, so that what is said of it can be walked. `found` is the loop from here; `how` as for `loop`.
    """
    try:
        corner = best_corner(agency, area, minutes=minutes, instead_of=start, **how)
        other = loop(agency, area, corner.at, minutes=minutes, **how) if corner else None
    except Refusal:  # no streets at all: there is nothing better
        return None
    if corner is None or other is None or other.reach_covered <= found.reach_covered:
        return None
    return BetterStart(corner.at, corner.streets, other.reach_covered)


def as_json(plan: Loop, area: str, better: BetterStart | None = None) -> dict[str, Any]:
    """What other programs read. The names are fixed."""
    plain = plan.as_dict()
    return {
        "area": area,
        **plain,
        "streets": [street.name for street in plan.streets if street.name],
        "street_metres": plain["streets"],
        "better_start": better.as_dict() if better else None,
    }
