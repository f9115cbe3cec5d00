"""Which keys are needed: by how many stored digests, and until when. A key that nothing needs is deleted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import reduce
from pathlib import Path
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db.models import Aggregate, Count, F, Max, Model, Q, Value
from django.db.models.expressions import Case, When
from django.db.models.functions import Left

from alongside.core import clock, keys
from alongside.core.manifest import follow, manifests
from alongside.core.tokens import DigestField

# A process that read the ring before it was turned may still store a digest by the key of then. None lives that long;
# no session either, and who is signed in stays so meanwhile.
OVERLAP = timedelta(days=1)
BEFORE = ""  # what is stored where a digest would say its key: nothing


class Use(NamedTuple):
    """How many rows need a key, and the day after which none does; None where a row has no end."""

    rows: int
    until: date | None


NOTHING = Use(0, None)


def uses(ring: str) -> dict[str, Use]:
    """What needs the keys of a ring, by the key's id; digests of before there were rings under no id at all."""
    found: dict[str, Use] = {}
    for model, field in digest_fields():
        if field.ring == ring:
            for key, use in _uses_of(model, field):
                found[key] = _both(found.get(key, NOTHING), use)
    for room in manifests().values():
        if ring in room.keys:
            found |= {key: Use(rows, None) for key, rows in follow(room.keys[ring])().items()}
    return found


def rings() -> list[str]:
    """The rings that rows may need, whether their file is here or not."""
    return sorted(
        {field.ring for _model, field in digest_fields()} | {n for r in manifests().values() for n in r.keys}
    )


def missing(ring: str) -> int:
    """How many stored digests nobody can read: their key is not here."""
    here = {name for key in keys.ring(Path(settings.DATA), ring) for name in _names(key)}
    return sum(use.rows for key, use in uses(ring).items() if key not in here)


def needed(key: keys.Key, found: dict[str, Use]) -> Use:
    """What needs this key, of what `uses` found."""
    return reduce(_both, (found[name] for name in _names(key) if name in found), NOTHING)


def forget_what_nothing_needs() -> int:
    """Delete keys that are out of use for a day and that no stored digest needs. Answers how many."""
    data, gone = Path(settings.DATA), 0
    for name in keys.names(data):
        *older, _in_use = held = keys.ring(data, name)
        found = uses(name) if older else {}
        for key, successor in zip(older, held[1:], strict=True):
            out_of_use = successor.made is not None and successor.made < clock.now() - OVERLAP
            if out_of_use and not needed(key, found).rows:
                keys.forget(data, name, key.id)
                gone += 1
    return gone


def digest_fields() -> Iterator[tuple[type[Model], DigestField]]:
    """Every column of digests, of every room."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, DigestField):
                yield model, field


def _names(key: keys.Key) -> set[str]:
    """By what rows call a key."""
    return {key.id} if key.made else {key.id, BEFORE}


def _uses_of(model: type[Model], field: DigestField) -> Iterator[tuple[str, Use]]:
    name = field.name
    rows: Any = model._default_manager.exclude(**{name: ""})
    if field.until:
        # A day more: the day of an agency may end after ours.
        still = clock.now() - field.lasts - timedelta(days=1)
        rows = rows.filter(Q(**{f"{field.until}__gte": still}) | Q(**{f"{field.until}__isnull": True}))
    by_key = Case(
        When(**{f"{name}__contains": "."}, then=Left(F(name), keys.ID_LENGTH)), default=Value(BEFORE)
    )
    sums: dict[str, Aggregate] = {"rows": Count("pk")}
    if field.until:
        sums |= {"last": Max(field.until), "ending": Count(field.until)}
    for found in rows.order_by().values(key=by_key).annotate(**sums):
        ends = field.until and found["ending"] == found["rows"]
        yield found["key"], Use(found["rows"], _day(found["last"] + field.lasts) if ends else None)


def _both(one: Use, other: Use) -> Use:
    if not one.rows:
        return other
    until = max(one.until, other.until) if one.until and other.until else None
    return Use(one.rows + other.rows, until)


def _day(end: date) -> date:
    return end.date() if isinstance(end, datetime) else end
