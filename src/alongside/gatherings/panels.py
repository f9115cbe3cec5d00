"""What this room shows on pages composed of every room."""

from __future__ import annotations

from typing import Any

from alongside.agencies.models import Agency, User
from alongside.gatherings.models import Gathering


def to_close(user: User, agency: Agency) -> dict[str, Any] | None:
    """Gatherings that are over, of which nobody has said how many came."""
    shown = Gathering.objects.visible_to(user, at=agency).with_places()
    past = list(shown.published().past()[:6])
    return {"to_close": past} if past else None
