"""What happened to a concern or a promise, step by step, as everybody may read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from alongside.core import formats
from alongside.core.authored import Words
from alongside.followthrough.models import SAYS, Concern, Deed, Step
from alongside.followthrough.passing.models import Passing, Sending
from alongside.followthrough.promises.models import Change, Kept, Promise, Turn
from alongside.followthrough.public import days, rules
from alongside.followthrough.public.rules import When

# What whoever asked did themselves.
THEIRS = {Deed.RECEIVED, Deed.CONFIRMED, Deed.REOPENED}
# What whoever asked wrote, and what another body did: it may name people.
NEVER_IN_WORDS = {*THEIRS, Deed.ANSWERED}
TOLD = {
    *THEIRS,
    Deed.ACKNOWLEDGED,
    Deed.ASSIGNED,
    Deed.PROMISED,
    Deed.KEPT,
    Deed.NOT_KEPT,
    Deed.NOTED,
    Deed.CLOSED,
    Deed.ANSWERED,
    Deed.SPLIT,
    Deed.FRONTED,
    Deed.UNFRONTED,
}

ENDS = {Turn.KEPT, Turn.NOT_KEPT, Turn.PASSED_ON, Turn.SET_APART}


@dataclass(frozen=True)
class Moment:
    """One thing that happened: when, what, and our words for it where they were released.

    `when`: None, where the record of that time does not say.
    """

    when: When | None
    sentence: str
    text: Words


def of_concern(concern: Concern, steps: Iterable[Step]) -> list[Moment]:
    """Rule 1: words of ours are shown once somebody has released words after them. Theirs never are."""
    stood = _not_undone(list(steps))
    chosen = _days_by_persons(concern, stood)
    return [moment for step in stood if (moment := _moment(concern, step, chosen)) is not None]


def _not_undone(steps: list[Step]) -> list[Step]:
    """What was done by mistake, and undone, is told to nobody as if it stood."""
    undone = {number for step in steps if step.deed == Deed.UNDONE for number in step.facts.get("undoes", ())}
    return [step for step in steps if step.pk not in undone]


def _days_by_persons(concern: Concern, steps: Iterable[Step]) -> set[str]:
    """Rule 4: the days that somebody promised, or moved to. All others may follow from our rule."""
    promised = {step.facts.get("due", "") for step in steps if step.deed == Deed.PROMISED}
    moved_to = {step.facts["due"] for step in steps if step.deed == Deed.ASSIGNED and "was_due" in step.facts}
    first = {concern.first_due.isoformat()} if concern.first_due is not None else set()
    return (promised | moved_to) - first


def _moment(concern: Concern, step: Step, chosen: set[str]) -> Moment | None:
    deed = Deed(step.deed)
    ours = deed not in NEVER_IN_WORDS or (deed == Deed.REOPENED and bool(step.by_name))
    text = step.text if _was_released(concern, step) and ours else Words()
    if deed not in TOLD or (deed == Deed.NOTED and not text):
        return None
    if deed == Deed.CONFIRMED and not rules.is_confirmed(concern):
        return None
    theirs = deed in THEIRS and not step.by_name
    when = rules.happened(concern, step.at, by_us=not theirs and deed != Deed.RECEIVED)
    # How it ended stands at the head of the page.
    return Moment(when, _sentence(step, chosen), Words() if deed == Deed.CLOSED else text)


def _was_released(concern: Concern, step: Step) -> bool:
    return concern.cleared_at is not None and concern.cleared_at >= step.at


def _sentence(step: Step, chosen: set[str]) -> str:
    """As whoever holds the code reads it; a day that our rule may have set, or another body, is the end of its week.

    Never their number: in their own list it leads to the block.
    """
    facts = {name: fact for name, fact in step.facts.items() if name != "number"}
    weekly = {Deed.ASSIGNED: ("due", "was_due"), Deed.ANSWERED: ("expected",)}.get(Deed(step.deed), ())
    facts |= {
        name: days.end_of_week(date.fromisoformat(facts[name])).isoformat()
        for name in weekly
        if facts.get(name) and facts[name] not in chosen
    }
    return SAYS[Deed(step.deed)](facts)


def of_promise(promise: Promise, changes: Iterable[Change]) -> list[Moment]:
    """A promise that was made aloud was public from the first: it has its days."""
    changes = list(changes)
    told = _of_before(promise, changes) if promise.is_loaded else []
    for change in changes:
        text = change.text if change.turn == Turn.MOVED else Words()
        on = promise.agency.local(change.at).date()
        told.append(Moment(When(on, by_month=False), _says(change), text))
    return told


def _of_before(promise: Promise, changes: list[Change]) -> list[Moment]:
    """What happened before it was loaded, on the days that the record of that time gives."""
    facts = {"owner": promise.who, "due": formats.day(promise.first_due)}
    made = (
        _("%(owner)s promised something by %(due)s.")
        if promise.due_known
        else _("%(owner)s promised something.")
    )
    told = [Moment(_on(promise.made_on), made % facts, Words())]
    if not promise.is_open and not any(change.turn in ENDS for change in changes):
        ended = (
            _("What was promised is done.")
            if promise.state == Kept.KEPT
            else _("What was promised was not done.")
        )
        when = _on(promise.closed_on) if promise.closed_on and promise.closed_known else None
        told.append(Moment(when, ended, Words()))
    return told


def _on(day: date) -> When:
    return When(day, by_month=False)


def _says(change: Change) -> str:
    facts = {"owner": change.owner_name, "due": formats.day(change.due)}
    if change.turn == Turn.MOVED:
        said = _("%(owner)s answers for it by %(due)s.") % facts
        if change.was_due is None:
            return said
        return said + " " + _("Promised before: %(day)s.") % {"day": formats.day(change.was_due)}
    if change.turn == Turn.KEPT:
        return _("What was promised is done.")
    if change.turn in {Turn.NOT_KEPT, Turn.SET_APART}:
        return _("What was promised was not done.")
    if change.turn == Turn.PASSED_ON:
        return _("It was passed on to another body.")
    if change.turn == Turn.REOPENED:
        return _("It is open again.")
    if change.turn == Turn.PUBLISHED:
        return _("Everybody may read it.")
    if change.turn == Turn.LOADED:
        return _("It is from before. It was loaded later, from a table.")
    return _("%(owner)s promised something by %(due)s.") % facts


# -- at another body --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Passed:
    """Where it was passed on, and what they said since: their silence, too. Under which number, the code opens."""

    body: Words
    page: str
    when: When | None
    says: str


def passed(concern: Concern, passings: Iterable[Passing]) -> list[Passed]:
    return [_passed(concern, each) for each in passings]


def _passed(concern: Concern, each: Passing) -> Passed:
    """Rule 3: what is passed on within a week of it is told by its month, as all that we do."""
    sent = rules.happened(concern, each.sent_at) if each.sent_at else None
    return Passed(each.body.name, each.body.page, sent, _their_word(concern, each))


def _their_word(concern: Concern, each: Passing) -> str:
    if each.state == Sending.ENDED:
        return _("They say that it is closed.")
    if each.changed_at is None or not each.their_status:
        return _("They have not said anything yet.")
    day = rules.happened(concern, each.changed_at)
    if each.their_status == "open":
        return _("Their last word, of %(day)s: it is open.") % {"day": day}
    return _("Their last word, of %(day)s: %(status)s.") % {"day": day, "status": each.their_status}
