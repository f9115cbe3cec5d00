"""Links that ask the door they lead to, so that nobody is shown a way that ends at “not for you”."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django import template
from django.urls import URLResolver, get_resolver

from alongside.agencies.models import Member

register = template.Library()


@register.filter
def may_open(member: Member | None, name: str) -> bool:
    """Whether this member may open the view of that name: {% if member|may_open:"walks:plan" %}."""
    lets_in = getattr(_views()[name], "lets_in", None)
    return lets_in is None or lets_in(member)


@cache
def _views() -> dict[str, Any]:
    """Every view by the name that {% url %} knows it by."""
    return dict(_named(get_resolver(), ""))


def _named(resolver: URLResolver, space: str) -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _named(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        else:
            yield f"{space}{entry.name}", entry.callback
