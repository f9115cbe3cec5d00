"""What this room shows on pages composed of every room."""

from __future__ import annotations

from typing import Any

from alongside.agencies.models import Agency, User
from alongside.weather.queries import warned


def warned_here(user: User, agency: Agency) -> dict[str, Any] | None:
    """Gatherings that the forecast stands against."""
    forecasts = warned(user, agency)
    return {"weather": forecasts} if forecasts else None
