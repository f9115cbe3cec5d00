"""What rows of this room insist on, for tests that ask every page of the wall. Drafts, where there are drafts."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from tests.doors.samples import TOMORROW

from alongside.core import clock

INSISTS: dict[str, dict[str, Any]] = {
    "season.Draw": {
        "first": TOMORROW,
        "known_on": TOMORROW - timedelta(days=1),
        "value": "3 12 15",
        "typed_at": clock.now(),
        "version": 1,
    },
    "season.Redraws": {
        "problem": {
            "weeks": [{"day": TOMORROW.isoformat()}],
            "areas": [{"id": "a", "neighborhood": "n"}],
        },
        "chances": {"names": {"a": ["Eastbank", "Eastbank"]}, "weeks": {"a": [1.0]}},
        "done_at": clock.now(),
        "published_at": None,
        "sha256": bytes(range(32)),
    },
    "season.Rhythm": {"at": time(10, 0)},
    "season.Season": {
        "state": "proposed",
        "follows": None,
        "at": time(10, 0),
        "inputs": {},
        "change": {},
        "coordinator": "",
        "coordinator_at": None,
        "commander": "",
        "commander_at": None,
    },
    "season.Week": {"closed": {}, "because": {}, "alternatives": [], "day": TOMORROW},
}
# Public from the moment they exist: a value is named before anybody knows it.
PUBLIC_AT_ONCE = {"season.Draw"}
