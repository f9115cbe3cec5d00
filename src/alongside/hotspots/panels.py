"""What this room shows on pages composed of every room."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser

from alongside.agencies import statements
from alongside.agencies.models import Agency, User
from alongside.hotspots.queries import neighborhoods_by_band, shows_enforcement


def where_and_why(user: User | AnonymousUser, agency: Agency) -> dict[str, Any]:
    """Where contact with police is mostly enforcement, by band, as the public sees it."""
    bands = neighborhoods_by_band(user, agency)
    may = bool(bands) and statements.accepted(agency, "enforcement-first")
    return {"bands": bands, "is_said": may and shows_enforcement(agency)}
