"""What this room shows on pages composed of every room."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q

from alongside.agencies.models import Agency, User
from alongside.gatherings.models import Gathering, Status
from alongside.walks.models import Walk

NOT_CHECKED = Q(routes_laid__isnull=False, route_checked_by="")  # of walks with_routes()
SOON = timedelta(weeks=2)


def to_check(user: User, agency: Agency) -> dict[str, Any] | None:
    """Walks of the next two weeks whose route nobody has walked beforehand."""
    today = agency.today()
    walks = Walk.objects.visible_to(user, at=agency).with_dates().with_routes()
    soon = walks.filter(
        NOT_CHECKED,
        gathering__on__gte=today,
        gathering__on__lte=today + SOON,
        gathering__status=Status.PUBLISHED,
    )
    found = list(soon[:6])
    return {"to_check": found} if found else None


def has_begun(agency: Agency) -> bool:
    """Whether anything was ever planned."""
    return Gathering.objects.of(agency).exists()
