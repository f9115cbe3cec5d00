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
def as_ratio(value: float) -> str:
    """Times something, with no digit more than it has: 1.5, 1.25, 2."""
    return number(value, len(f"{value:.2f}".rstrip("0").split(".")[1]))


@register.filter
def as_p(p: float | None) -> str:
    """How unusual: “= 0.032”, “< 0.001”."""
    if p is None:
        return "–"
    return f"< {number(0.001, 3)}" if p < 0.001 else f"= {number(p, 3)}"


@register.filter
def as_sure(probability: float | None) -> str:
    """A probability in percent that never says 100% of what is not certain."""
    if probability is not None and 0.995 <= probability < 1:
        return _("over %(n)s%%") % {"n": number(99, 0)}
    return in_percent(probability)


@register.filter
def shares_in_words(shares: Iterable[tuple[str | Promise, float, str | Promise]]) -> str:
    """What each thing weighs, of (name, share, why): “Need 40%; turns 30%”."""
    return "; ".join(f"{name} {in_percent(share)}" for name, share, _why in shares)
