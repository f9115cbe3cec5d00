"""How the pages of accounts, which a library draws, take on the house's look."""

from collections.abc import Container

from django import template

register = template.Library()


@register.filter
def button_look(tags: Container[str]) -> str:
    """The class of a button from the library's tags for it; the plain one where it asks for an outline."""
    if "danger" in tags:
        return "stop"
    return "" if "outline" in tags or "secondary" in tags else "main"
