"""What rows of this room insist on, for tests that ask every page of the wall. Drafts, where there are drafts."""

from __future__ import annotations

from datetime import date
from typing import Any

INSISTS: dict[str, dict[str, Any]] = {
    "rosters.Hosting": {"deputy": None},
    "rosters.Away": {"first": date(2026, 6, 1), "last": date(2026, 6, 8)},
    "rosters.Training": {"done_on": date(2026, 1, 5), "expires_on": None},
    "rosters.PublicBody": {"members": 9, "quorum": 5},
    "rosters.PartnerInvitation": {"party": 2, "thanked": False},
}
