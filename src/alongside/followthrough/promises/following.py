"""What was promised about a concern follows it: to another owner, to another day, and to its end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F
from django.db.models.lookups import LessThanOrEqual

from alongside.agencies.models import Member, User
from alongside.core.authored import Words
from alongside.core.errors import phrase
from alongside.followthrough.promises import entering
from alongside.followthrough.promises.models import Change, Kept, Promise, PromiseQuerySet, Turn
from alongside.followthrough.public import finding

ERASED = phrase("The words were erased.")

if TYPE_CHECKING:
    from alongside.followthrough.models import Concern, Step


def to_owner_and_day(
    concern: Concern, *, was_owner: Member | None, was_due: date | None, why: Words, by: User | None
) -> None:
    """What its owner promised goes to the new one; those that were promised for the day that moves, move with it.

    What somebody else promised, who is at work, stays theirs. The concern's day is the first of them.
    """
    for promise in _of(concern).open():
        stood = promise.owner, promise.due
        if promise.owner == was_owner or not _is_at_work(promise.owner):
            promise.owner = concern.owner
        if promise.due == was_due:
            promise.due = concern.due or promise.due
        if (promise.owner, promise.due) == stood:
            continue
        promise.save(update_fields=["owner", "due"])
        entering.enter(promise, Turn.MOVED, text=why, was_due=stood[1], by=by)
    concern.due = first_day(concern) or concern.due
    concern.save(update_fields=["due"])


# How a promise ends whose concern ends so.
ENDS_AS = {"done": Kept.KEPT, "declined": Kept.NOT_KEPT, "passed": Kept.PASSED_ON}


def to_the_end(concern: Concern, *, by: User | None) -> list[Promise]:
    """What is still open of them ends with it, in its words: kept, not kept, or another body's to do."""
    ended = list(_of(concern).open())
    for promise in ended:
        promise.state = ENDS_AS[concern.state]
        promise.outcome, promise.closed_on = concern.outcome, concern.agency.today()
        promise.save(update_fields=["state", "outcome", "closed_on"])
        entering.enter(promise, entering.ENDED[Kept(promise.state)], text=promise.outcome, by=by)
    return ended


def ended_with(step: Step, promises: Iterable[Promise]) -> None:
    """They ended with their concern, by this step: they are open again when it is."""
    for promise in promises:
        promise.ended_with = step
        promise.save(update_fields=["ended_with"])


def to_the_opening(concern: Concern, *, by: User | None) -> None:
    """It was not so: all that ended with it is open again. A promised day stands; one that is over waits for the new.

    Also where its owner has left: it is kept no more, and goes to whoever answers next.
    """
    if concern.due is None:
        return
    for promise in _ended_with(concern):
        was_due, promise.due = promise.due, max(promise.due, concern.due)
        promise.state, promise.outcome, promise.closed_on, promise.told_at = Kept.OPEN, Words(), None, None
        promise.ended_with = None
        if concern.owner is not None and not _is_at_work(promise.owner):
            promise.owner = concern.owner
        promise.save(update_fields=["state", "outcome", "closed_on", "ended_with", "told_at", "owner", "due"])
        entering.enter(promise, Turn.REOPENED, was_due=was_due, by=by)
    concern.due = first_day(concern) or concern.due
    if concern.owner is not None and is_promised(concern):
        concern.state = "promised"
    concern.save(update_fields=["state", "due"])


def is_promised(concern: Concern) -> bool:
    """Whether something is, that has not ended."""
    return first_day(concern) is not None


def first_day(concern: Concern) -> date | None:
    """The first day of those that are promised of it and have not ended."""
    return min((each.due for each in Promise.objects.belonging_to(concern=concern).open()), default=None)


def _ended_with(concern: Concern) -> list[Promise]:
    """Those that its last end took along, and the one with which it ended.

    Not what was kept before by itself, and none of before of which a day is not known.
    """
    closing = concern.steps.filter(deed="closed").last()
    if closing is None:
        return []
    return list(_of(concern).filter(ended_with=closing).with_both_days().order_by("closed_on", "pk"))


def _is_at_work(owner: Member | None) -> bool:
    return owner is not None and owner.active


def to_the_withholding(concern: Concern, *, by: User | None) -> None:
    """It is not handled here: nothing stays promised of it, and nothing of that is public."""
    finding.nowhere(concern)
    _of(concern).update(published_at=None, told_at=None)
    for promise in _of(concern).open():
        promise.state, promise.closed_on = Kept.NOT_KEPT, concern.agency.today()
        promise.outcome = Words.made(phrase("It is not handled here."))
        promise.save(update_fields=["state", "outcome", "closed_on"])
        entering.enter(promise, Turn.SET_APART, by=by)


def to_the_erasure(concern: Concern) -> None:
    """Its words were erased, and so is what was promised of it, whoever wrote it. Who, when and the end stay."""
    for promise in _of(concern):
        _erase(promise)


def erase_brought_back() -> None:
    """Of concerns whose words were erased: what a backup brought back of what was promised by then."""
    rows = Promise.objects.everywhere().filter(made_at__lte=F("concern__redacted_at"))
    for promise in rows.select_related("agency").order_by("pk"):
        if getattr(promise.what.texts, "said", None) != ERASED:
            _erase(promise)
    changes = Change.objects.everywhere().filter(LessThanOrEqual(F("at"), F("promise__concern__redacted_at")))
    changes.exclude(text="", salt="").update(text="", salt="")


def _erase(promise: Promise) -> None:
    promise.what = Words.made(ERASED)
    promise.outcome = Words.made(ERASED) if promise.outcome else Words()
    promise.evidence_url = ""
    promise.save(update_fields=["what", "outcome", "evidence_url"])
    promise.changes.update(text="", salt="")


def to_the_public(concern: Concern) -> None:
    """Once words about it were released, everybody may find it and read what is promised; taken back, nobody."""
    finding.concern(concern)
    at = concern.cleared_at
    _of(concern).filter(published_at__isnull=at is not None).update(published_at=at, told_at=None)


def _of(concern: Concern) -> PromiseQuerySet:
    return Promise.objects.select_for_update(of=("self",)).filter(concern=concern).order_by("pk")
