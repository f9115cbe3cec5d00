"""Every change of a promise is a row, and an entry of the ledger, in the transaction that makes it."""

from __future__ import annotations

from datetime import date

from alongside.agencies import audit
from alongside.agencies.models import User
from alongside.core.authored import Words, words_of
from alongside.followthrough.committing import committed
from alongside.followthrough.promises.models import Change, Kept, Promise, Turn
from alongside.ledger import actions as ledger
from alongside.ledger.commitments import commit

ENDED = {Kept.KEPT: Turn.KEPT, Kept.NOT_KEPT: Turn.NOT_KEPT, Kept.PASSED_ON: Turn.PASSED_ON}


def enter(
    promise: Promise, turn: Turn, *, by: User | None, text: Words | str = "", was_due: date | None = None
) -> Change:
    """What happened to it, to be read by whoever may read the promise."""
    name = audit.name_of(by, promise.agency) if by is not None else ""
    change = Change(
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
    change.salt = _tell(promise, change)
    change.save(force_insert=True)
    return change


def _tell(promise: Promise, change: Change) -> str:
    """The entry, and the salt of what it commits to. What is promised is public by then, or will never be read."""
    salt, text = commit(committed(change.text)) if change.text else ("", "")
    body = {
        "promise": promise.public_id,
        "due": change.due.isoformat(),
        "first_due": promise.first_due.isoformat(),
        "was_due": change.was_due.isoformat() if change.was_due else "",
        "item": promise.item,
        "text": text,
    }
    kind = f"promise.{change.turn.replace('-', '_')}"
    ledger.record(
        promise.agency, kind, {name: fact for name, fact in body.items() if fact}, about=promise.topic
    )
    return salt
