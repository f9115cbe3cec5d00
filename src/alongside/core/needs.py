"""What waits for a person: about what, by when, and where the one button leads. Rooms find it; `front` shows it.

A need is never stored. It is found anew in the rows as they are, so that it is gone when it is done, whoever did it
and on whatever page. What it is called, what its button says and whose it is stand in the manifest (`NeedKind`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from alongside.core.authored import Words
from alongside.core.errors import Phrase

Where = int | tuple[float, float] | None
"""An area, by its number; or a point, latitude first."""


@dataclass(frozen=True)
class Need:
    """One thing that waits. `key`: of the row it waits on, such as `gathering:7fq2mz9k4b`; once in its kind.

    `about`: what a person knows it by; `says`: what is the matter, where its kind does not say it all. `by`: the day or
    the moment; None where nobody named one. `url`: where its button leads, on a page that the manifest names; where
    that is a list, `alone` is where it leads while nothing else of its kind waits there. It is for these `people`, by
    the numbers of their accounts, and for whoever holds a role of its kind: for a commander only where they command the
    division that it lies in (`where`; None for what lies in none). `not_for`: who cannot do it, such as whoever signed
    the other line.
    """

    key: str
    about: Words | Phrase | str
    url: str
    by: date | datetime | None = None
    where: Where = None
    people: Collection[int | None] = ()
    not_for: Collection[int | None] = ()
    says: Phrase | str = ""
    alone: str = ""
