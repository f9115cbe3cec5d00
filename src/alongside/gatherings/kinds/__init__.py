"""The kinds of gatherings there are: a file of this folder each. Whoever adds one adds a file, and touches no list."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from django.utils.functional import Promise

from alongside.gatherings.kind import Kind


def _found() -> dict[str, Kind]:
    files = [import_module(f"{__name__}.{file.name}") for file in iter_modules(__path__)]
    kinds = [value for file in files for value in vars(file).values() if isinstance(value, Kind)]
    return {kind.name: kind for kind in sorted(kinds, key=lambda kind: kind.at)}


KINDS = _found()


def choices() -> list[tuple[str, str | Promise]]:
    """Every kind by its name, for a form."""
    return [(kind.name, kind.label) for kind in KINDS.values()]
