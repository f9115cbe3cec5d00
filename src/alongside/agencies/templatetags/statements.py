"""`{% if agency|says:"every-week" %}`: whether a person has accepted that this stands in the agency's name."""

from django import template

from alongside.agencies import statements
from alongside.agencies.models import Agency

register = template.Library()


@register.filter
def says(agency: Agency, name: str) -> bool:
    """Whether it may be said. A slip in the name is none that passes."""
    assert name in statements.known(), name
    return statements.accepted(agency, name)
