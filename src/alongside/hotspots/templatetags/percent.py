"""Shares and rates, as people say them."""

from collections.abc import Iterable

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from alongside.core.tables import number

register = template.Library()


@register.filter
def in_percent(share: float | None) -> str:
    """0.314 → “31%” in English, “31 %” in Spanish; a dash where nothing is known."""
    return "–" if share is None else _("%(n)s%%") % {"n": number(100 * share, 0)}


@register.filter
def as_count(value: int | None) -> str:
    """1811 → “1,811”."""
    return "–" if value is None else number(value)


@register.filter
def as_rate(value: float | None) -> str:
    """As exact as it is worth: 123, 12, 1.2."""
    return "–" if value is None else number(value, 0 if value >= 10 else 1)


@register.filter
def shares_in_words(shares: Iterable[tuple[str | Promise, float, str | Promise]]) -> str:
    """What each thing weighs, of (name, share, why): “Need 40%; turns 30%”."""
    return "; ".join(f"{name} {in_percent(share)}" for name, share, _why in shares)
