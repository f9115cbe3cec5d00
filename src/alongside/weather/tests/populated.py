"""What rows of this room insist on, for tests that ask every page of the wall. Drafts, where there are drafts."""

from __future__ import annotations

from typing import Any

INSISTS: dict[str, dict[str, Any]] = {
    "weather.Thresholds": {"rain_percent": 60, "wind_mph": 30, "heat_f": 95, "cold_f": 20},
    "weather.Alert": {
        "hazard": "official",
        "stage": "days",
        "level": 1,
        "settled_at": None,
        "settled_by": "",
    },
    "weather.Outlook": {"sight": "seen"},
}
