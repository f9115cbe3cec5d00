"""What rows of this room insist on, for tests that ask every page of the wall. Drafts, where there are drafts."""

from __future__ import annotations

from datetime import date
from typing import Any

import shapely
from tests.doors.samples import SECRET, SQUARE

FINDINGS = {
    "single_sites": [],
    "stability": None,
    "study_area": {"derived": False, "source": SECRET},
    "events": 900,
    "outside": 0,
    "cells_left_out": 0,
    "cells_without_a_name": 0,
    "tested": ["investigation", "enforcement"],
    "banded_by": "residents",
    "average_rate": 40.0,
    "resolution_because": SECRET,
    "cell_edge_m": 200,
    "curve": [[0.0, 0.0], [0.05, 0.4], [1.0, 1.0]],
    "gini": 0.5,
    "share_in_top": 0.4,
    "sensitivity": [],
    "notes": [SECRET],
}

INSISTS: dict[str, dict[str, Any]] = {
    "hotspots.Run": {
        "window_from": date(2026, 1, 1),
        "window_to": date(2026, 6, 30),
        "findings": FINDINGS,
        "published_at": None,
    },
    "hotspots.FocusArea": {
        "outline": shapely.to_wkb(SQUARE),
        "rate": None,
        "rate_low": None,
        "rate_high": None,
        "band": 2,
    },
    "hotspots.Criteria": {"version": 1},
    "hotspots.Choice": {"neighborhood": None},
    "hotspots.Petition": {"answer": "", "answered_at": None, "erased_because": ""},
}
# Public from the moment they exist.
PUBLIC_AT_ONCE = {"hotspots.Choice", "hotspots.Criteria"}
