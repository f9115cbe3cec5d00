"""Every address there is, read from the application itself."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter

from alongside.core.manifest import SOURCE

FIRST, UNIQUE = 1, UUID("4b1d0a6e-0d5f-4b7e-8c39-6f2a51c7e901")


@dataclass(frozen=True)
class Route:
    """One address: its name, the parts that vary with what fits into them, and the view behind it."""

    name: str
    fits: dict[str, Any] = field(hash=False)
    view: Any

    @property
    def holes(self) -> tuple[str, ...]:
        return tuple(self.fits)

    @property
    def of_agency(self) -> bool:
        return "agency" in self.fits

    @property
    def is_public(self) -> bool:
        return getattr(self.view, "login_required", True) is False

    def address(self, agency: str, word: str) -> str:
        """The address at an agency with this word in every other hole, or what fits where no word does."""
        words = {hole: _fitting(converter, word) for hole, converter in self.fits.items()}
        return reverse(self.name, kwargs=words | ({"agency": agency} if self.of_agency else {}))


def _fitting(converter: Any, word: str) -> Any:
    if isinstance(converter, IntConverter):
        return int(word) if word.isdigit() else FIRST
    return UNIQUE if isinstance(converter, UUIDConverter) else word


def every_route() -> list[Route]:
    return list(_walk(get_resolver(), "", {}))


def _walk(resolver: URLResolver, prefix: str, holes: dict[str, Any]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        here = holes | entry.pattern.converters
        if isinstance(entry, URLResolver):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _walk(entry, space, here)
        elif isinstance(entry, URLPattern):
            yield Route(f"{prefix}{entry.name}", here, entry.callback)


def views_under(door: str) -> set[str]:
    """The views that stand under a decorator of this name, each by its room, module and name."""
    return set(_under_each()[door])


@cache
def _under_each() -> dict[str, set[str]]:
    """Of each decorator in the sources, what stands under it."""
    found = defaultdict(set)
    for path in SOURCE.rglob("*.py"):
        module = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                for each in node.decorator_list:
                    found[ast.unparse(each).rpartition(".")[2]].add(f"{module}.{node.name}")
    return found
