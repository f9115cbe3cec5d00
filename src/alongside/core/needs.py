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


@dataclass(frozen=True)
class Need:
    """One thing that waits. `key`: of the row it waits on, such as `gathering:7fq2mz9k4b`; once in its kind.

    `about`: what a person knows it by. `by`: the day or the moment; None where nobody named one. `url`: where its
    button leads, on a page that the manifest names. Whose it is: of those `people`, by the number of their account,
    where it names any; else of whoever holds a role of its kind, a commander only where they command the `division`
    (the number of its area; None for what lies in none).
    """

    key: str
    about: Words | Phrase | str
    url: str
    by: date | datetime | None = None
    people: Collection[int | None] = ()
    division: int | None = None
