"""What rows of this room insist on, for tests that ask every page of the wall. Drafts, where there are drafts."""

from __future__ import annotations

from typing import Any

import shapely
from tests.doors.samples import SQUARE

INSISTS: dict[str, dict[str, Any]] = {
    "places.Area": {
        "kind": "neighborhood",
        "geometry": shapely.to_wkb(SQUARE),
        "west": -85.70,
        "south": 38.20,
        "east": -85.69,
        "north": 38.21,
        "active": False,
    },
    "places.Venue": {
        "lat": 38.2,
        "lon": -85.7,
        "capacity": 40,
        "permission": "missing",
        "permission_by": "",
        "active": False,
    },
    "places.StreetNetwork": {"current": False},
    "places.Exposure": {"in_force": False},
}
# Public from the moment they exist.
PUBLIC_AT_ONCE = {"places.AreaLabel"}
