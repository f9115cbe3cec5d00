"""What happens to a concern goes into the public ledger, in the transaction that makes it.

Choices and days; of words only a commitment, whose salt goes with them. Until words about it are released an entry
names no concern, and never what whoever spoke did: nobody can tell from the hour of an entry whose it is. The rows here
know which line is theirs, and so does whoever holds the code. What was set apart from the first is in no ledger at all:
that somebody complained is nobody's to read.
"""

from __future__ import annotations

from django.db.models import Q

from alongside.followthrough.committing import committed
from alongside.followthrough.models import Concern, Deed, Step
from alongside.ledger import actions as ledger
from alongside.ledger.commitments import commit
from alongside.ledger.models import Entry, EntryQuerySet

# A promise has entries of its own.
NOT_TOLD = frozenset({Deed.PROMISED, Deed.KEPT, Deed.NOT_KEPT})
# Never why something was set apart, no name, and no day of before, from which one could count back.
TOLD = ("due", "state")


def enter(step: Step) -> None:
    """Told of it, if it is for others than staff; and that it was received at all, before anything else is."""
    concern = step.concern
    if step.deed in NOT_TOLD or not (step.public or step.deed == Deed.CLEARED):
        return
    if concern.ledger_line is None:
        if concern.is_withheld:
            return
        is_new = step.deed == Deed.RECEIVED and not concern.is_loaded
        _take_in(concern, "received" if is_new else "taken_up")
    if step.deed != Deed.RECEIVED:
        body = {name: str(step.facts[name]) for name in TOLD if step.facts.get(name)}
        said = said_of(step)
        if said:
            step.salt, body["text"] = commit(said)
        if step.deed == Deed.RELEASED and concern.words and not concern.salt:  # it goes on in other words
            concern.salt, body["words"] = commit(concern.words)
            concern.save(update_fields=["salt"])
        step.ledger_line = tell(concern, step.deed, body, apart=_is_apart(step)).n


def _take_in(concern: Concern, how: str) -> None:
    concern.salt, words = commit(concern.words)
    concern.ledger_line = tell(concern, how, {"words": words}, apart=True).n
    concern.save(update_fields=["salt", "ledger_line"])


def _is_apart(step: Step) -> bool:
    """Before its words are released; and what whoever spoke does, whenever it is."""
    if step.deed == Deed.CLEARED:  # that words were released, or taken back, is of what everybody reads
        return False
    by_code = step.deed in {Deed.CONFIRMED, Deed.CORRECTED} or (
        step.deed == Deed.REOPENED and not step.by_name
    )
    return by_code or step.concern.cleared_at is None


def tell(concern: Concern, deed: str, body: dict[str, str], *, apart: bool) -> Entry:
    """One entry. `apart`: it names no concern and no day, and stands for one of many."""
    kind = f"concern.{deed.replace(' ', '_')}"
    if apart:
        facts = {name: value for name, value in body.items() if name in {"text", "words"}}
        return ledger.record(concern.agency, kind, facts)
    return ledger.record(concern.agency, kind, {"concern": concern.public_id, **body}, about=concern.topic)


def entries_of(concern: Concern) -> EntryQuerySet:
    """All that the ledger tells of it, for whoever holds its code."""
    lines = concern.steps.exclude(ledger_line=None).values("ledger_line")
    received = Q(n=concern.ledger_line) if concern.ledger_line is not None else Q(pk__in=[])
    return Entry.objects.of(concern.agency_id).filter(Q(n__in=lines) | received)


def said_of(step: Step) -> str:
    """What is committed to of a step: the words, by whoever holds the code or by us in each language, and its days."""
    days = [f"{name}: {step.facts[name]}" for name in ("due", "was_due", "state") if step.facts.get(name)]
    return "\n".join(each for each in [step.words or committed(step.text), *days] if each)
