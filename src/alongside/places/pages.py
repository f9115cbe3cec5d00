"""The page of a neighborhood, where a room above has one: wherever one is named, its name leads there."""

from __future__ import annotations

from django.urls import reverse

from alongside.agencies.models import Agency
from alongside.core.manifest import page_of
from alongside.core.tables import Linked
from alongside.places.models import Area, AreaKind


def page(agency: Agency, area: Area | None) -> str:
    """Its address; "" for what is no neighborhood, or is not shown any more."""
    if area is None or area.kind != AreaKind.NEIGHBORHOOD or not area.active:
        return ""
    return address(agency, area.public_id)


def address(agency: Agency, public_id: str) -> str:
    """The address of a neighborhood that is known to be one."""
    view = page_of("neighborhood")
    return reverse(view, args=[agency.slug, public_id]) if view else ""


def named(agency: Agency, *areas: Area) -> Linked:
    """Their names in a cell of a table, each leading to its page."""
    return Linked.to(*((area.name, page(agency, area)) for area in areas))
