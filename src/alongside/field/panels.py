"""What this room shows on pages composed of every room."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from alongside.agencies.models import Agency, User
from alongside.field.models import DESK
from alongside.field.queries import HeardAt, lately

RECAP_SOON = timedelta(days=3)


def to_settle(user: User, agency: Agency) -> dict[str, Any] | None:
    """Gatherings where a note, a photo or a recap waits for a person; for those who may read notes."""
    member = user.membership_at(agency)
    if member is None or not member.holds(DESK):
        return None
    today = agency.today()
    heard = [line for line in lately(user, agency) if _waits(line, today)][:6]
    return {"heard": heard} if heard else None


def _waits(line: HeardAt, today: date) -> bool:
    recap = line.recap
    soon = recap is not None and not recap.is_published and recap.due <= today + RECAP_SOON
    return bool(line.held or line.photos or (soon and line.gathering.is_over))
