"""Every address there is, read from the application itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """One address: its name, the parts that vary, and the view behind it."""

    name: str
    holes: tuple[str, ...]
    view: Any

    @property
    def of_agency(self) -> bool:
        return "agency" in self.holes

    @property
    def is_public(self) -> bool:
        return getattr(self.view, "login_required", True) is False


def every_route() -> list[Route]:
    return list(_walk(get_resolver(), "", ()))


def _walk(resolver: URLResolver, prefix: str, holes: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        here = holes + tuple(entry.pattern.converters)
        if isinstance(entry, URLResolver):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _walk(entry, space, here)
        elif isinstance(entry, URLPattern):
            yield Route(f"{prefix}{entry.name}", here, entry.callback)
