"""What waits for a person: about what, by when, and where the one button leads. Rooms find it; `front` shows it.

A need is never stored. It is found anew in the rows as they are, so that it is gone when it is done, whoever did it
and on whatever page. What it is called, what its button says and whose it is stand in the manifest (`NeedKind`).

Of very many that are alike one need stands for all of them: the database counts them, and nobody reads their rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db.models import CharField, Count, F, Model, OrderBy, Q, QuerySet, Value, Window
from django.db.models.functions import Concat, RowNumber

from alongside.core.authored import Words
from alongside.core.errors import Phrase

RowT = TypeVar("RowT", bound=Model)

Where = int | tuple[float, float] | None
"""An area, by its number; or a point, latitude first."""

FEW = 12
"""So many that are alike stand each for itself; of more, one stands for all."""


@dataclass(frozen=True)
class Need:
    """One thing that waits. `key`: of the row it waits on, such as `gathering:7fq2mz9k4b`; once in its kind.

    `about`: what a person knows it by; `says`: what is the matter, where its kind does not say it all. `by`: the day or
    the moment; None where nobody named one. `url`: where its button leads, on a page that the manifest names; where
    that is a list, `alone` is where it leads while nothing else of its kind waits there. It is for these `people`, by
    the numbers of their accounts, for whoever commands the division `led_in`, by its number, and for whoever holds a
    role of its kind: for a commander only where they command the division that it lies in (`where`; None for what lies
    in none). `not_for`: who cannot do it, such as whoever signed the other line.

    `count`: how many wait like it, it being the first: of the same people, and all of them late or none. `keys`: of
    all of these, asked of the database only by whoever reads them.
    """

    key: str
    about: Words | Phrase | str
    url: str
    by: date | datetime | None = None
    where: Where = None
    people: Collection[int | None] = ()
    led_in: int | None = None
    not_for: Collection[int | None] = ()
    says: Phrase | str = ""
    alone: str = ""
    count: int = 1
    keys: Iterable[str] = ()


@dataclass(frozen=True)
class Some(Generic[RowT]):
    """One row that waits; or the first of many that are alike: how many they are, and their keys."""

    row: RowT
    count: int = 1
    keys: Iterable[str] = ()


def each_or_first(
    rows: QuerySet[RowT], *, of: str, alike: Sequence[str] = (), order: Sequence[str | OrderBy] = ("pk",)
) -> Iterator[Some[RowT]]:
    """Rows that are few among the `alike` each for itself; of more, the first in this order: two questions for all.

    `of`: what their keys begin with. `alike`: columns, or what `rows` says of each, by which one may stand for another.
    """
    among: dict[str, Any] = {"partition_by": [F(name) for name in alike]} if alike else {}
    counted = rows.annotate(
        so_many=Window(Count("pk"), **among), nth=Window(RowNumber(), order_by=list(order), **among)
    )
    first = counted.filter(Q(so_many__lte=FEW) | Q(nth=1)).order_by()
    so_many: dict[Any, int] = dict(first.values_list("pk", "so_many"))  # of each a number, no row
    for row in rows.filter(pk__in=so_many).order_by(*order):
        if so_many[row.pk] <= FEW:
            yield Some(row)
        else:
            like_it = rows.filter(**{name: getattr(row, name) for name in alike}).order_by()
            key = Concat(Value(f"{of}:"), "public_id", output_field=CharField())
            yield Some(row, so_many[row.pk], like_it.values_list(key, flat=True))
