"""What rows of this room insist on, for tests that ask every page of the wall. Drafts, where there are drafts."""

from __future__ import annotations

from typing import Any

INSISTS: dict[str, dict[str, Any]] = {
    "agencies.Member": {"user": None},
    "agencies.Bearer": {"purpose": "invitation", "who": "", "typed": "", "opens": "member:2222222222"},
    "agencies.Hold": {
        "kind": "",
        "key": "gathering:9999999999",
        "lifted_at": None,
        "lifted_by": "",
        "lifted_because": "",
    },
    "agencies.Erasure": {"key": "petition:9999999999"},
    "agencies.Disposal": {"kind": "hotspots.petitions", "eraser": "hotspots.jobs.forget", "count": 1},
    "agencies.Release": {"kind": "subpoena", "records": 3},
}
