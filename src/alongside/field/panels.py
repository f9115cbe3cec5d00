"""What this room shows on pages composed of every room."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser

from alongside.agencies.models import Agency, User
from alongside.field import themes
from alongside.field.models import Recap
from alongside.field.queries import heard
from alongside.places.models import Area

YEAR = timedelta(days=365)
SHOWN = 3


def heard_here(_user: User | AnonymousUser, agency: Agency, area: Area) -> dict[str, Any]:
    """What people spoke about in a neighborhood within a year, as the recaps told it, and the last of these."""
    told = heard(agency, since=agency.today() - YEAR, neighborhood=area)
    recaps = Recap.objects.of(agency).filter(published_at__isnull=False, gathering__neighborhood=area)
    lately = recaps.select_related("gathering__agency").order_by("-gathering__starts_at", "-pk")[:SHOWN]
    most = max((count for _theme, count in told.themes), default=0)
    return {
        "heard": told,
        "bars": [(name, count, round(100 * count / most)) for name, count in told.themes],
        "recaps": list(lately),
        "least": themes.RULE.floor,
        "area": area,
    }
