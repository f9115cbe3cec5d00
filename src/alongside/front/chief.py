"""“Is this working?”: one page for whoever leads, composed of every room, that prints on paper as it stands."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.core.manifest import CHIEF, DECISIONS
from alongside.front.panels import panels_of

MOST_DECISIONS = 3


@staff(Role.COMMANDER, Role.COORDINATOR, Role.ADMINISTRATOR)
@require_safe
def chief(request: StaffRequest) -> HttpResponse:
    """What only whoever leads can decide, three things at most; then whether promises are kept."""
    decisions = panels_of(DECISIONS, request.user, request.agency)
    context = {
        "decisions": decisions[:MOST_DECISIONS],
        "panels": panels_of(CHIEF, request.user, request.agency),
        "on": request.agency.today(),
    }
    return render(request, "front/chief.html", context)
