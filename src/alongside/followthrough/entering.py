"""What happens to a concern goes into the public ledger, in the transaction that makes it.

Ids, days and choices; of words only a commitment, whose salt goes with them. What was set apart from the first is in no
ledger: that somebody complained is nobody's to read. Until words about it are released, it is told of under an id that
no public page shows: nobody can tell from the hour of an entry who spoke to us.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alongside.followthrough.committing import committed
from alongside.followthrough.models import Concern, Deed, Step
from alongside.ledger import actions as ledger
from alongside.ledger.commitments import commit
from alongside.ledger.models import Entry, EntryQuerySet

if TYPE_CHECKING:
    from collections.abc import Mapping

# Notes among staff are not told; a promise has entries of its own.
NOT_TOLD = frozenset({Deed.PROMISED, Deed.KEPT, Deed.NOT_KEPT})
# Never why something was set apart, and no name: who answers stands on the page, once its words are released.
TOLD = ("due", "was_due", "state")


def enter(step: Step) -> None:
    """Told of it, if it is for others than staff; and that it was received at all, before anything else is."""
    concern = step.concern
    if step.deed in NOT_TOLD or not (step.public or step.deed == Deed.CLEARED):
        return
    if not _is_in(concern):
        if concern.is_withheld:
            return
        is_new = step.deed == Deed.RECEIVED and not concern.is_loaded
        _take_in(concern, "received" if is_new else "taken_up")
    if step.deed != Deed.RECEIVED:
        _record(
            concern, step.deed, {name: str(step.facts[name]) for name in TOLD if step.facts.get(name)}, step
        )


def _is_in(concern: Concern) -> bool:
    """Its salt says so, while there is one; once its words are gone, its entries do."""
    return bool(concern.salt) or entries_of(concern).exists()


def entries_of(concern: Concern) -> EntryQuerySet:
    """All that the ledger tells of it: from before its words were released, and since."""
    keys = [str(concern.apart_in_ledger), str(concern.topic)]
    return Entry.objects.of(concern.agency_id).filter(about__in=keys)


def _take_in(concern: Concern, how: str) -> None:
    concern.salt, words = commit(concern.words)
    concern.save(update_fields=["salt"])
    _record(concern, how, {"words": words})


def _record(concern: Concern, deed: str, facts: Mapping[str, str], step: Step | None = None) -> None:
    # That words were released, or taken back, is of what everybody reads.
    about = concern.topic if deed == Deed.CLEARED else concern.in_ledger
    body = {"concern": about.public_id, **facts}
    said = said_of(step) if step is not None else ""
    if step is not None and said:
        step.salt, body["text"] = commit(said)
    ledger.record(concern.agency, f"concern.{deed.replace(' ', '_')}", body, about=about)


def said_of(step: Step) -> str:
    """What is committed to of a step: what whoever holds the code wrote; else our words, language by language."""
    return step.words or committed(step.text)
