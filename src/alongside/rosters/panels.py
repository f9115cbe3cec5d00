"""What this room shows on pages composed of every room."""

from __future__ import annotations

from typing import Any

from alongside.agencies.models import Agency, User
from alongside.rosters.models import State
from alongside.rosters.queries import ahead_of


def asked(user: User, agency: Agency) -> dict[str, Any] | None:
    """Gatherings to which this member is asked to come and has not answered."""
    member = user.membership_at(agency)
    if member is None:
        return None
    waiting = [post for post in ahead_of(member, since=agency.today()) if post.state == State.INVITED][:6]
    return {"asked": waiting} if waiting else None
