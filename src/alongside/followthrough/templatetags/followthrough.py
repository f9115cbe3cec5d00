"""What a card needs: the code to scan, and its address as people type it."""

import segno
from django import template
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def card_qr(url: str) -> str:
    """The code to scan that opens a card's page."""
    code = segno.make(url, error="m", micro=False)
    # With a view box instead of a size of its own, so that it shrinks whole.
    drawn = code.svg_inline(
        border=2, light="#fff", omitsize=True, svgclass="card-qr", title=_("Code to scan")
    )
    # Safe: drawn by the library from an address of ours, which it does not repeat.
    return mark_safe(drawn)  # noqa: S308 - drawn here, from our own address


@register.filter
def as_typed(url: str) -> str:
    """An address as people type it, without https://, and without the code, which stands beside it.

    Where it needs two lines, the first ends after a slash: half a word is typed wrongly.
    """
    parts = url.partition("://")[2].rstrip("/").rpartition("/")[0].split("/")
    return format_html_join(mark_safe("/<wbr>"), "{}", ((part,) for part in parts))
