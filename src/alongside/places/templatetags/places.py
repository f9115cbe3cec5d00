"""The agency's own words for its areas."""

from collections.abc import Iterable

from django import template

from alongside.agencies.models import Agency
from alongside.places.models import Area, labels_of

register = template.Library()


@register.filter
def area_word(agency: Agency, kind: str) -> str:
    """What this agency calls one area of a kind: {{ agency|area_word:"division" }}."""
    return labels_of(agency)[kind][0]


@register.filter
def with_kinds(areas: Iterable[Area]) -> str:
    """Areas whose names alone may be of several kinds: “Eastbank (neighborhood), 3 (beat)”."""
    return ", ".join(f"{area.name} ({area.get_kind_display()})" for area in areas)
