"""How a detail of the audit trail is read aloud."""

import re
from datetime import date
from functools import cache
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import pgettext

from alongside.core import formats
from alongside.core.manifest import manifests

register = template.Library()

DAY = re.compile(r"\d{4}-\d\d-\d\d")


@register.filter
def detail_in_words(detail: dict[str, Any]) -> str:
    """What a deed was done with, in one line: “areas: Eastbank, Mill; file: areas.geojson”."""
    return "; ".join(f"{_name(name)}: {_value(value, name)}" for name, value in detail.items())


def _name(name: str) -> str:
    """What a detail is called; a name that is new here is shown as the code spells it."""
    return str(_names().get(name, name))


@cache
def _names() -> dict[str, str | Promise]:
    """What every room calls the details of its deeds."""
    return {name: said for room in manifests().values() for name, said in room.details.items()}


def _value(value: Any, name: str) -> str:
    """A list with commas, yes or no, a day as a day; what the code calls by a word of its own, by its name.

    A word that is a name, too, is called otherwise as a value: “heard: told” is not how many were told.
    """
    match value:
        case list():
            return ", ".join(_value(each, name) for each in value)
        case bool():
            return str(pgettext("detail", "yes") if value else pgettext("detail", "no"))
        case str() if DAY.fullmatch(value):
            return formats.day(date.fromisoformat(value))
        case str():
            return str(_names().get(f"{name}: {value}") or _name(value))
        case _:
            return str(value)
