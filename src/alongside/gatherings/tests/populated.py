"""What rows of this room insist on, for tests that ask every page of the wall. Drafts, where there are drafts."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from tests.doors.samples import TOMORROW

INSISTS: dict[str, dict[str, Any]] = {
    "gatherings.Series": {"active": False},
    "gatherings.Gathering": {
        "host_member": None,
        "deputy_member": None,
        "status": "draft",
        "published_at": None,
        "on": TOMORROW,
        "at": time(18, 0),
        "timezone": "America/New_York",
        "page_id": "",
        "previous_on": None,
        "previous_at": None,
        "came": None,
        "walk_ups": None,
    },
    "gatherings.ToldQuarters": {
        "first_day": date(2026, 7, 1),
        "last_day": date(2026, 9, 30),
        "told_on": date(2026, 10, 15),
        "facts": {"gatherings": 1, "came": 0, "few": 1, "left_out": 0, "asked": {}, "homes": {}},
    },
    "gatherings.Rsvp": {"party": 2, "state": "going"},
    "gatherings.Import": {"state": "done", "report": {}, "staged": ""},
    "gatherings.Imported": {"said": {}},
}
