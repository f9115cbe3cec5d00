"""What this room shows on pages composed of every room."""

from __future__ import annotations

from typing import Any

from alongside.agencies.models import Agency, User
from alongside.followthrough.queries import late_for


def late_here(user: User, agency: Agency) -> dict[str, Any] | None:
    """Late promises that this member should do something about."""
    late = late_for(user, agency)
    return {"late": late} if late else None
