"""How a detail of the audit trail is read aloud."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from functools import cache
from typing import Any

from django import template
from django.db.models import Choices, Model
from django.utils.functional import Promise
from django.utils.translation import pgettext

from alongside.core import formats, origins
from alongside.core.manifest import Detail, follow, manifests
from alongside.core.tables import number

register = template.Library()

DAY = re.compile(r"\d{4}-\d\d-\d\d")


@register.filter
def detail_in_words(detail: dict[str, Any]) -> str:
    """What a deed was done with, in one line: “areas: Eastbank, Mill; file: areas.geojson”."""
    return "; ".join(f"{_name(name)}: {value_in_words(value, name)}" for name, value in detail.items())


def value_in_words(value: Any, name: str) -> str:
    """A list with commas, yes or no, a number or a day as the reader writes it, and a code by what it is called."""
    match value:
        case None | "" | []:
            return str(pgettext("detail", "none"))
        case list():
            return ", ".join(value_in_words(each, name) for each in value)
        case dict():
            said = ", ".join(f"{_called(each, name)}: {value_in_words(n, name)}" for each, n in value.items())
            return said or str(pgettext("detail", "none"))
        case bool():
            return str(pgettext("detail", "yes") if value else pgettext("detail", "no"))
        case int() | float():
            return number(value)
        case str() if DAY.fullmatch(value):
            return thing_in_words(value)
        case _:
            return _called(str(value.value if isinstance(value, Enum) else value), name)


@register.filter
def thing_in_words(name: Any) -> str:
    """What something is called; what is known by its day, by that day as it is written everywhere."""
    said = str(name)
    return formats.day(date.fromisoformat(said)) if DAY.fullmatch(said) else said


def _called(value: str, name: str) -> str:
    """What a room calls this value; one of a kind by its kind and its id; else as it stands."""
    word = None if name in _as_typed() else _word(value, name)
    if word is None and origins.SHAPE.fullmatch(value):
        origin = origins.Origin.of(value)
        return f"{_called(origin.kind, name)} {origin.public_id}"
    return str(value if word is None else word)


def _word(value: str, name: str) -> str | Promise | None:
    """A word that is a name, too, is called otherwise as a value: “heard: told” is not how many were told."""
    return _names().get(f"{name}: {value}") or _values().get(name, {}).get(value) or _names().get(value)


def _name(name: str) -> str:
    """What a detail is called; a name that is new here is shown as the code spells it."""
    return str(_names().get(name, name))


def _all() -> Iterator[tuple[str, str | Promise | Detail]]:
    return ((name, said) for room in manifests().values() for name, said in room.details.items())


@cache
def _names() -> dict[str, str | Promise]:
    """What every room calls the details of its deeds."""
    return {name: said.label if isinstance(said, Detail) else said for name, said in _all()}


@cache
def _as_typed() -> frozenset[str]:
    return frozenset(name for name, said in _all() if isinstance(said, Detail) and said.as_typed)


@cache
def _values() -> dict[str, dict[str, str | Promise]]:
    """What the codes of each detail are called, of every room that uses its name."""
    values: dict[str, dict[str, str | Promise]] = {}
    for name, said in _all():
        for dotted in said.values if isinstance(said, Detail) else ():
            values.setdefault(name, {}).update(_words_of(follow(dotted)))
    return values


def _words_of(known: Any) -> Mapping[str, str | Promise]:
    if isinstance(known, type) and issubclass(known, Choices):
        return {each.value: each.label for each in known}
    if isinstance(known, type) and issubclass(known, Model):
        names = ((each.name, each.verbose_name) for each in known._meta.fields)
        return {name: said for name, said in names if isinstance(said, Promise)}
    words: Mapping[str, str | Promise] = known
    return words
