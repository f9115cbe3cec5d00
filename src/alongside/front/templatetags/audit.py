"""How a detail of the audit trail is read aloud."""

from functools import cache
from typing import Any

from django import template
from django.utils.functional import Promise

from alongside.core.manifest import manifests

register = template.Library()


@register.filter
def detail_in_words(detail: dict[str, Any]) -> str:
    """What a deed was done with, in one line: “areas: Eastbank, Mill; file: areas.geojson”."""
    return "; ".join(f"{_name(name)}: {_value(value)}" for name, value in detail.items())


def _name(name: str) -> str:
    """What a detail is called; a name that is new here is shown as the code spells it."""
    return str(_names().get(name, name))


@cache
def _names() -> dict[str, str | Promise]:
    """What every room calls the details of its deeds."""
    return {name: said for room in manifests().values() for name, said in room.details.items()}


def _value(value: Any) -> str:
    """A list as words with commas; anything else as it is."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
