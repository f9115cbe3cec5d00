"""What this room shows on pages composed of every room."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser

from alongside.agencies.models import Agency, User
from alongside.people.models import Partner
from alongside.people.queries import commander_for
from alongside.places.models import Area

SHOWN = 8


def who_answers(user: User | AnonymousUser, agency: Agency, area: Area) -> dict[str, Any]:
    """Who commands there, as any agency says of its divisions; and partners near by who agreed to be listed."""
    division, commander = commander_for(agency, area.shape, on=agency.today())
    listed = Partner.objects.visible_to(user, at=agency).open_to_all().filter(areas__in=[area.pk])
    if division is not None:
        near = Partner.objects.visible_to(user, at=agency).open_to_all().filter(areas__in=[division.pk])
        listed = listed | near
    partners = list(listed.distinct().order_by("kind", "name")[:SHOWN])
    return {"division": division, "commander": commander, "partners": partners, "area": area}
