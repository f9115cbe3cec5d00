"""What a season was drawn from, as JSON: kept, so that drawing it again later asks nobody what was known then.

It follows the types of `methods.scheduling` themselves, so that what they gain later is kept, too; what an older row
lacks is what it was before there was such a thing: the default.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from alongside.methods.scheduling import SeasonProblem


def frozen(value: Any) -> Any:
    """As JSON knows values. Sets are put in order, so that the same problem is always the same text."""
    if is_dataclass(value):
        return {field.name: frozen(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): frozen(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return sorted(frozen(each) for each in value)
    if isinstance(value, list | tuple):
        return [frozen(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def thawed(stored: Any) -> SeasonProblem:
    """The problem back from its JSON."""
    problem = _read(SeasonProblem, stored)
    assert isinstance(problem, SeasonProblem)
    return problem


def _read(kind: Any, stored: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return None if stored is None else _read(next(each for each in inner if each is not NoneType), stored)
    if origin is frozenset:
        return frozenset(_read(inner[0], each) for each in stored)
    if origin is not None and issubclass(origin, Mapping):
        return {_read(inner[0], key): _read(inner[1], each) for key, each in stored.items()}
    if origin is not None and issubclass(origin, Sequence):
        return [_read(inner[0], each) for each in stored]
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        known = {name: _read(hints[name], each) for name, each in stored.items() if name in hints}
        return kind(**known)  # type: ignore[operator]  # a class, as its caller hands one in
    return date.fromisoformat(stored) if kind is date else kind(stored)
