"""What rows of this room insist on, for tests that ask every page of the wall. Drafts, where there are drafts."""

from __future__ import annotations

from typing import Any

import shapely
from tests.doors.samples import SECRET, SQUARE

A_ROUTE = {
    "geometry": {"type": "LineString", "coordinates": [[-85.7, 38.2], [-85.69, 38.2], [-85.7, 38.2]]},
    "start": [38.2, -85.7],
    "length_m": 1750.0,
    "minutes": 35.0,
    "street_metres": [{"name": f"{SECRET} Street", "metres": 1750.0}],
    "streets": [f"{SECRET} Street"],
    "reach_covered": 120.0,
    "reach_total": 400.0,
    "bound": 150.0,
    "assumed": False,
    "step_free": {"yes_m": 0.0, "unknown_m": 1750.0, "no_m": 0.0},
    "left_out": [],
    "places": [],
    "cues": [],
}

INSISTS: dict[str, dict[str, Any]] = {
    "walks.Walk": {"area": shapely.to_wkb(SQUARE)},
    "walks.Route": {"checked_by": "", "checked_at": None, "plan": A_ROUTE},
}
