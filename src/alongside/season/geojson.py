"""The walks for other people's maps: GeoJSON, RFC 7946. Nothing finer than a neighborhood leaves."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from shapely.geometry import mapping

from alongside.agencies.models import Agency, User
from alongside.cadence.periods import cadence
from alongside.gatherings.models import Gathering, Status
from alongside.places.models import Area, AreaKind
from alongside.season.promise import WALKS

DIGITS = 5  # of a degree: about a metre, as boundary files are drawn
TWO_YEARS = 104  # weeks


def areas_geojson(user: User | AnonymousUser, agency: Agency) -> dict[str, Any]:
    """Whole neighborhoods with the walks in them."""
    by_home: dict[int, list[Gathering]] = defaultdict(list)
    for week in cadence(user, agency, WALKS, back=TWO_YEARS).periods:
        for walk in week.gatherings:
            if walk.neighborhood_id and walk.status in {Status.HELD, Status.PUBLISHED}:
                by_home[walk.neighborhood_id].append(walk)
    homes = Area.objects.visible_to(user, at=agency).active().of_kind(AreaKind.NEIGHBORHOOD)
    return {
        "type": "FeatureCollection",
        "features": [_feature(home, by_home[home.pk], agency.today()) for home in homes],
    }


def _feature(home: Area, walks: list[Gathering], today: date) -> dict[str, Any]:
    past = [walk for walk in walks if walk.is_over]
    coming = [walk for walk in walks if not walk.is_over]
    return {
        "type": "Feature",
        "id": home.public_id,
        "geometry": _rounded(mapping(home.shape)),
        "properties": {
            "name": home.name,
            "walks": len(past),
            "last_walk": max((walk.on for walk in past), default=None),
            "next_walk": min((walk.on for walk in coming), default=None),
            "as_of": today,
        },
    }


def _rounded(geometry: Any) -> Any:
    if isinstance(geometry, float):
        return round(geometry, DIGITS)
    if isinstance(geometry, dict):
        return {name: _rounded(value) for name, value in geometry.items()}
    return [_rounded(part) for part in geometry] if isinstance(geometry, list | tuple) else geometry
