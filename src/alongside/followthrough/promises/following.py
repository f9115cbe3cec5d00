"""What was promised about a concern follows it: to another owner, to another day, and to its end."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F

from alongside.agencies.models import User
from alongside.core.authored import Words
from alongside.core.errors import phrase
from alongside.followthrough.promises import entering
from alongside.followthrough.promises.models import Change, Kept, Promise, PromiseQuerySet, Turn
from alongside.followthrough.public import finding

ERASED = phrase("The words were erased.")

if TYPE_CHECKING:
    from alongside.followthrough.models import Concern


def to_owner_and_day(concern: Concern, *, was_due: date | None, why: Words, by: User | None) -> None:
    """The new owner answers for each; those that were promised for the day that moves, move with it."""
    for promise in _of(concern).open():
        moves = promise.due == was_due
        promise.owner, promise.due = concern.owner, concern.due if moves and concern.due else promise.due
        promise.save(update_fields=["owner", "due"])
        entering.enter(promise, Turn.MOVED, text=why, was_due=was_due if moves else None, by=by)


def to_the_end(concern: Concern, *, by: User | None) -> None:
    """What is still open of them ends with it, in its words: kept if it is done, and else not."""
    for promise in _of(concern).open():
        promise.state = Kept.KEPT if concern.state == "done" else Kept.NOT_KEPT
        promise.outcome, promise.closed_on = concern.outcome, concern.agency.today()
        promise.save(update_fields=["state", "outcome", "closed_on"])
        entering.enter(promise, entering.ENDED[promise.state], text=promise.outcome, by=by)


def to_the_opening(concern: Concern, *, by: User | None) -> None:
    """It was not so: the last that ended with it is open again, by the concern's new day. Its first day stands."""
    last = _of(concern).exclude(state=Kept.OPEN).order_by("-closed_on", "-pk").first()
    if last is None or concern.owner is None or concern.due is None:
        return
    last.state, last.outcome, last.closed_on, last.told_at = Kept.OPEN, Words(), None, None
    last.owner, last.due = concern.owner, concern.due
    last.save(update_fields=["state", "outcome", "closed_on", "told_at", "owner", "due"])
    concern.state = "promised"
    concern.save(update_fields=["state"])
    entering.enter(last, Turn.REOPENED, by=by)


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
    changes = Change.objects.everywhere().filter(at__lte=F("promise__concern__redacted_at"))
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
