"""What rows of this room insist on, for tests that ask every page of the wall. Drafts, where there are drafts."""

from __future__ import annotations

from typing import Any

from tests.doors.samples import SECRET

INSISTS: dict[str, dict[str, Any]] = {
    "people.Partner": {"listed": False},
    "people.Commander": {"until": None},
    "people.Contact": {"email": f"ben@{SECRET.lower()}.example"},
}
