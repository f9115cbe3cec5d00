"""What this room shows on pages composed of every room."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser

from alongside.agencies.models import Agency, User
from alongside.hotspots.queries import neighborhoods_by_band


def where_and_why(user: User | AnonymousUser, agency: Agency) -> dict[str, Any]:
    """Where contact with police is mostly enforcement, by band, as the public sees it."""
    return {"bands": neighborhoods_by_band(user, agency)}
