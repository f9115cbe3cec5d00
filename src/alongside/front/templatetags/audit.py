"""How a detail of the audit trail is read aloud."""

from typing import Any

from django import template

register = template.Library()


@register.filter
def in_words(value: Any) -> str:
    """A list as words with commas; anything else as it is."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
