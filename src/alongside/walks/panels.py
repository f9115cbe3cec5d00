"""What this room shows on pages composed of every room."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q

from alongside.agencies.models import Agency, User
from alongside.gatherings.models import Gathering
from alongside.walks.models import Walk

NOT_CHECKED = Q(routes_laid__isnull=False, route_checked_by="")  # of walks with_routes()
SOON = timedelta(weeks=2)


def to_check(user: User, agency: Agency) -> dict[str, Any] | None:
    """Walks that begin in the next two weeks and whose route nobody has walked beforehand."""
    walks = Walk.objects.visible_to(user, at=agency).with_dates().with_routes()
    soon = Gathering.objects.of(agency).published().to_begin(within=SOON)
    found = list(walks.filter(NOT_CHECKED, gathering__in=soon)[:6])
    return {"to_check": found} if found else None


def has_begun(agency: Agency) -> bool:
    """Whether anything was ever planned."""
    return Gathering.objects.of(agency).exists()
