"""Shares and rates, as people say them."""

from django import template

from alongside.core.tables import number

register = template.Library()


@register.filter
def in_percent(share: float | None) -> str:
    """0.314 → “31 %”; a dash where nothing is known."""
    return "–" if share is None else f"{number(100 * share, 0)} %"


@register.filter
def as_rate(value: float | None) -> str:
    """As exact as it is worth: 123, 12, 1.2."""
    return "–" if value is None else number(value, 0 if value >= 10 else 1)
