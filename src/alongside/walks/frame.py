"""A walk's pages at the desk stand in the frame of its gathering."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from alongside.agencies.requests import StaffRequest
from alongside.gatherings.frame import framed
from alongside.walks.models import Walk


def at_desk(request: StaffRequest, public_id: str) -> Walk:
    """The walk of an address at the desk, with all that its gathering's frame shows."""
    mine = Walk.objects.visible_to(request.user, at=request.agency).with_dates().with_hosts().with_routes()
    walk: Walk = get_object_or_404(mine, public_id=public_id)
    framed(request, walk.gathering)
    return walk
