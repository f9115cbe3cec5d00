"""What rows of this room insist on, for tests that ask every page of the wall. Drafts, where there are drafts."""

from __future__ import annotations

from datetime import date
from typing import Any

INSISTS: dict[str, dict[str, Any]] = {
    "records.RecordsRequest": {
        "state": "review",
        "kinds": ["hotspots.petitions"],
        "holds": [],
        "first": date(2026, 1, 1),
        "last": date(2026, 12, 31),
        "over_at": None,
        "salt": "ab" * 16,
    },
    "records.Passage": {
        "number": 1,
        "kind": "hotspots.petitions",
        "model": "hotspots.Petition",
        "row": 1,
        "bars": {},
        "mark": "",
        "decision": "waiting",
        "exemption": "",
        "decided_at": None,
    },
}
