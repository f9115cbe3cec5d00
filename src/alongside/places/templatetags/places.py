"""The agency's own words for its areas."""

from collections.abc import Iterable

from django import template
from django.template import Context

from alongside.agencies.models import Agency
from alongside.core.tables import linked
from alongside.places import pages
from alongside.places.models import Area, labels_of

register = template.Library()


@register.filter
def area_word(agency: Agency, kind: str) -> str:
    """What this agency calls one area of a kind: {{ agency|area_word:"division" }}."""
    return labels_of(agency)[kind][0]


@register.filter
def areas_word(agency: Agency, kind: str) -> str:
    """What this agency calls several of them: {{ agency|areas_word:"neighborhood" }}."""
    return labels_of(agency)[kind][1]


@register.simple_tag(takes_context=True)
def area_link(context: Context, area: Area | None) -> str:
    """The name of an area, which leads to its page where it has one: {% area_link gathering.neighborhood %}."""
    return linked(area.name, pages.page(context["agency"], area)) if area else ""


@register.filter
def with_kinds(areas: Iterable[Area]) -> str:
    """Areas whose names alone may be of several kinds: “Eastbank (neighborhood), 3 (beat)”."""
    return ", ".join(f"{area.name} ({area.get_kind_display()})" for area in areas)
