"""Every change of a promise is a row, and an entry of the ledger, in the transaction that makes it."""

from __future__ import annotations

from datetime import date

from alongside.agencies import audit
from alongside.agencies.models import User
from alongside.core.authored import Words, words_of
from alongside.followthrough.promises.models import Change, Kept, Promise, Turn

ENDED = {Kept.KEPT: Turn.KEPT, Kept.NOT_KEPT: Turn.NOT_KEPT}


def enter(
    promise: Promise, turn: Turn, *, by: User | None, text: Words | str = "", was_due: date | None = None
) -> Change:
    """What happened to it, to be read by whoever may read the promise."""
    name = audit.name_of(by, promise.agency) if by is not None else ""
    return Change.objects.create(
        agency=promise.agency,
        promise=promise,
        by=by,
        by_name=name,
        turn=turn,
        text=words_of(text).signed(name),
        owner_name=promise.who,
        due=promise.due,
        was_due=was_due if was_due != promise.due else None,
    )
