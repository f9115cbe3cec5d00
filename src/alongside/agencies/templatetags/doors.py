"""Links that ask the door they lead to, so that nobody is shown a way that ends at “not for you”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.urls import Resolver404, URLResolver, get_resolver, resolve
from django.utils import translation
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from alongside.agencies.models import Member
from alongside.core.links import absolute

register = template.Library()

LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.S)


@register.filter
def may_open(member: Member | None, name: str) -> bool:
    """Whether this member may open the view of that name: {% if member|may_open:"walks:plan" %}."""
    return _lets_in(_views()[name], member)


@register.filter
def links_open_to(drawn: str, member: Member | None) -> SafeString:
    """A text in which addresses are links, without those that this member may not follow: their words stay.

    {{ words|urlize|links_open_to:member }}
    """

    def kept(link: re.Match[str]) -> str:
        return link[0] if _leads(unescape(link[1]), member) else link[2]

    return SafeString(LINK.sub(kept, conditional_escape(drawn)))


def _leads(url: str, member: Member | None) -> bool:
    """Whether a link may be followed: into the world by everybody, to a page of ours by whom its door lets in."""
    if not url.startswith(absolute("/")):
        return True
    path = urlsplit(url).path
    with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            return _lets_in(resolve(path).func, member)
        except Resolver404:
            return True


def _lets_in(view: Any, member: Member | None) -> bool:
    lets_in = getattr(view, "lets_in", None)
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
