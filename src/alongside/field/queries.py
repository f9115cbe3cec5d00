"""What a phone takes along, what a scribe is told to do, and what the public learns of a gathering."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _

from alongside.agencies.models import Agency
from alongside.field import patterns, wording
from alongside.field.models import LARGEST_CROWD, LONGEST_PLACE, LONGEST_WORDS, Hold, Note, Pass
from alongside.followthrough.models import Category, ConcernKind, rules_of
from alongside.gatherings.models import Gathering
from alongside.places import queries as places
from alongside.places.models import Area

PHOTO_BYTES = 2 * 1024 * 1024
PHOTO_SIDE = 2000
MOST_STREETS = 600
AROUND = 0.008  # degrees: some 900 m around a venue, where no neighborhood is known


# -- for the phone --------------------------------------------------------------------------------
def kit(opened: Pass) -> dict[str, Any]:
    """What the phone works with alone, but for the codes of cards."""
    gathering = opened.gathering
    return {
        "gathering": {
            "id": gathering.public_id,
            "title": gathering.title,
            "when": gathering.when,
            "starts": gathering.starts.isoformat(),
            "ends": gathering.ends.isoformat(),
            "place": gathering.place,
            "neighborhood": gathering.neighborhood.name if gathering.neighborhood else "",
            "language": gathering.language,
            "minutes": gathering.minutes,
        },
        "agency": {"name": opened.agency.name, "slug": opened.agency.slug},
        "pass": {"holder": opened.holder, "closes": opened.closes.isoformat()},
        "kinds": [{"value": value, "label": str(label)} for value, label in ConcernKind.choices],
        "categories": [{"value": value, "label": str(label)} for value, label in Category.choices],
        "holds": [{"value": value, "label": str(label)} for value, label in Hold.choices if value],
        "consent": {"version": wording.VERSION, **wording.CONSENT},
        "warnings": patterns.as_json(),
        "guidance": {hold: guidance_for(hold, opened.gathering) for hold in Hold.values if hold},
        "streets": streets_of(gathering),
        "limits": {
            "words": LONGEST_WORDS,
            "place": LONGEST_PLACE,
            "items": 50,
            "heads": LARGEST_CROWD,
            "photo_bytes": PHOTO_BYTES,
            "photo_side": PHOTO_SIDE,
        },
    }


def streets_of(gathering: Gathering) -> list[str]:
    """Names of the streets around, for choosing a block. Empty where the agency has no street network."""
    shape = _ground(gathering)
    network = places.streets(gathering.agency)
    if shape is None or network is None or not network.path.exists():
        return []
    return list(_names(gathering.agency_id, network.public_id, shapely.to_wkb(shape)))


def _ground(gathering: Gathering) -> Any:
    if gathering.neighborhood_id is not None:
        return Area.objects.get(pk=gathering.neighborhood_id).shape
    if gathering.venue is not None:
        return shapely.Point(gathering.venue.lon, gathering.venue.lat).buffer(AROUND)
    return None


@lru_cache(maxsize=64)
def _names(agency_id: int, _network: str, wkb: bytes) -> tuple[str, ...]:
    """Read once a network and a shape: a network's file never changes, a new import has another name."""
    found = places.street_graph(Agency.objects.get(pk=agency_id))
    shape = shapely.from_wkb(wkb)
    shapely.prepare(shape)
    inside = shapely.contains_xy(shape, found.node_lon, found.node_lat)
    touching = (inside[found.edge_u] | inside[found.edge_v]) & (found.edge_name >= 0)
    names = {found.names[index] for index in np.unique(found.edge_name[touching])}
    return tuple(sorted(names)[:MOST_STREETS])


# -- what a scribe is told to do ------------------------------------------------------------------
def guidance(note: Note) -> str:
    """What the scribe should do about a note that is held; nothing where it is not."""
    return guidance_for(note.hold, note.gathering) if note.hold else ""


def guidance_for(hold: str, gathering: Gathering) -> str:
    rules = rules_of(gathering.agency)
    match hold:
        case Hold.OFFICER:
            return _join(
                _(
                    "This is kept apart and not published. Tell the person: complaints about an officer are taken "
                    "by an office of their own, not on a walk."
                ),
                rules.complaints,
                rules.complaints_url,
            )
        case Hold.CRIME:
            return _join(
                _(
                    "This is kept apart and not published. Tell the person: nobody investigates from these notes. "
                    "If somebody is in danger, call 911 now."
                ),
                rules.reports,
            )
        case Hold.CJI:
            return _(
                "This is kept apart until somebody has looked at it. Next time leave out plates, numbers of IDs, "
                "dates of birth, case numbers, warrants and phone numbers."
            )
    return ""


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)
