"""What this room shows on pages composed of every room."""

from __future__ import annotations

from typing import Any

from alongside.agencies.models import Agency, User
from alongside.cadence import pauses
from alongside.cadence.periods import cadence
from alongside.season.pledge import WALKS


def published_all_the_same(user: User, agency: Agency) -> dict[str, Any] | None:
    """Walks published for days on which we said that nobody walks."""
    against = pauses.published_all_the_same(user, agency, WALKS.of)
    return {"against": against} if against else None


def owing_a_reason(user: User, agency: Agency) -> dict[str, Any] | None:
    """Weeks in which nobody walked, and nobody said why."""
    owing = len(cadence(user, agency, WALKS).without_reason)
    return {"owing": owing} if owing else None
