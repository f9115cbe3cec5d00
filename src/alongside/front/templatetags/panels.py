"""Drawing what another room made for this page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string

from alongside.front.panels import Shown

register = template.Library()


@register.simple_tag(takes_context=True)
def show(context: Context, panel: Shown) -> str:
    """A panel of the page, drawn by its room's own template, which sees what this page sees and the panel's facts."""
    seen: dict[str, Any] = {str(name): value for name, value in context.flatten().items()}
    return render_to_string(panel.template, seen | panel.facts)
