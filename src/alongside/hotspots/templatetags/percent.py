"""Shares, as people say them."""

from django import template

from alongside.core.tables import number

register = template.Library()


@register.filter
def in_percent(share: float | None) -> str:
    """0.314 → “31 %”; a dash where nothing is known."""
    return "–" if share is None else f"{number(100 * share, 0)} %"
