"""The agency's own words for its areas."""

from django import template

from alongside.agencies.models import Agency
from alongside.places.models import labels_of

register = template.Library()


@register.filter
def area_word(agency: Agency, kind: str) -> str:
    """What this agency calls one area of a kind: {{ agency|area_word:"division" }}."""
    return labels_of(agency)[kind][0]
