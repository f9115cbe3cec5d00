"""How a concern stands, for whoever holds its code: how far it came, what is promised, who has it, what is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alongside.core.authored import Words
from alongside.followthrough import entering
from alongside.followthrough.actions import MOST_REOPENED
from alongside.followthrough.models import (
    Concern,
    ConcernKind,
    Deed,
    Rules,
    State,
    Step,
    days_from,
    rules_of,
)
from alongside.followthrough.passing import queries as passing
from alongside.followthrough.passing.queries import PassedOn
from alongside.followthrough.promises.models import Change, Promise, Turn
from alongside.followthrough.triage.models import Alike
from alongside.ledger.models import Entry
from alongside.people import consent

MOST_ALIKE = 5
TURNS = {Deed.ASSIGNED.value: Turn.MOVED, Deed.REOPENED.value: Turn.REOPENED}


@dataclass(frozen=True)
class Stage:
    """One stage of the way, and whether it is behind us or now."""

    label: str
    done: bool
    now: bool


@dataclass(frozen=True)
class Asked:
    """What whoever asked is asked, once there is an answer; “no” to what cannot be done is its appeal."""

    question: str
    yes: str
    no: str
    why_not: str
    may_say_no: bool


@dataclass(frozen=True)
class Standing:
    """All that its page says beside the concern itself."""

    concern: Concern
    steps: list[Step]
    promises: list[Promise]
    passed: list[PassedOn]
    alike: list[Concern]
    rules: Rules
    lines: list[Entry]

    @property
    def promise(self) -> Promise | None:
        """The one that comes first of those that are open, while somebody answers for it."""
        if self.concern.owner_id is None:
            return None
        return next((each for each in self.promises if each.is_open), None)

    @property
    def other_promises(self) -> list[Promise]:
        """All others: what else is promised, and what was kept or not, with how anybody can see it."""
        return [each for each in self.promises if each != self.promise]

    @property
    def keeps_contact(self) -> bool:
        """Whether whoever left an address agreed that it stays as long as this is open."""
        contact = self.concern.contact
        return contact is not None and contact.consent == consent.VERSION

    @property
    def read_by(self) -> date:
        """The day by which one of us has read it."""
        came = self.concern.agency.local(self.concern.received_at).date()
        return came + timedelta(days=self.rules.acknowledge_days)

    @property
    def first_day(self) -> date | None:
        """The day that was promised first, where it is another by now."""
        return self._now.first_due if self._now.was_moved else None

    @property
    def moved_because(self) -> Words:
        """Why the day was moved the last time, since it was opened again: of this promise, and of no other."""
        turns: list[tuple[str, object, Words]]
        if self.promise is not None:
            turns = [(each.turn, each.was_due, each.text) for each in self._changes]
        else:
            turns = [(TURNS.get(each.deed, ""), each.facts.get("was_due"), each.text) for each in self.steps]
        because = Words()
        for turn, was_due, why in turns:
            if turn == Turn.REOPENED:
                because = Words()
            elif turn == Turn.MOVED and was_due:
                because = why
        return because

    @property
    def promised_so(self) -> bool:
        """Whether who answers promised this day: not where it came to another, or where our rule set the day anew."""
        owner, by_person = "", True
        for change in self._changes:
            if change.turn == Turn.MADE:
                owner = change.owner_name
            elif change.was_due is not None:
                by_person = change.turn != Turn.REOPENED
        return by_person and all(change.owner_name == owner for change in self._changes)

    @property
    def _changes(self) -> list[Change]:
        return list(Change.objects.none() if self.promise is None else self.promise.changes.all())

    @property
    def time_left(self) -> str:
        return days_from(self.concern.agency.today(), self._now.due) if self._now.due else ""

    @property
    def is_late(self) -> bool:
        return self._now.is_late

    @property
    def _now(self) -> Promise | Concern:
        """What the heading speaks of."""
        return self.promise or self.concern

    @property
    def stages(self) -> list[Stage]:
        """From what was said to whether it is so. None, where nothing is to be done about it."""
        concern = self.concern
        if concern.is_withheld or concern.redacted_at or concern.kind == ConcernKind.THANKS:
            return []
        closed, owned = concern.is_closed, concern.is_closed or concern.owner_id is not None
        done = [
            True,
            closed or concern.acknowledged_at is not None,  # a rule may give it to somebody unread
            owned,
            closed,
            concern.confirmed_at is not None,
        ]
        now = done.index(False) if False in done else -1
        labels = (pgettext("concern", "Written down"), _("Read by one of us"), *self._ends())
        return [Stage(label, done[at], at == now) for at, label in enumerate(labels)]

    def _ends(self) -> tuple[str, str, str]:
        concern = self.concern
        promised = concern.state == State.PROMISED or bool(self.promises)
        end = {
            State.DONE: pgettext("promise", "Done"),
            State.DECLINED: _("Cannot be done"),
            State.PASSED: pgettext("concern", "Passed to another body"),
        }.get(State(concern.state), _("Done, or told why not"))
        return (
            pgettext("concern", "Promised") if promised else _("Somebody answers for it"),
            end,
            pgettext("concern", "Confirmed") if concern.confirmed_at else _("You say whether it is so"),
        )

    @property
    def asked(self) -> Asked | None:
        """The question, while there is an answer to ask about."""
        concern = self.concern
        if not concern.is_closed or concern.redacted_at is not None:
            return None
        question, yes, no, why_not = {
            State.DONE: (
                _("Is it so?"),
                _("Yes, it is so"),
                _("No: open it again"),
                _("What is not so?"),
            ),
            State.DECLINED: (
                _("Does that answer it?"),
                _("Yes, that answers it"),
                _("No: I appeal"),
                _("Why should we look again?"),
            ),
            State.PASSED: (
                _("Did they do it?"),
                _("Yes, they did"),
                _("No: open it again"),
                _("What is still to be done?"),
            ),
        }[State(concern.state)]
        again = sum(step.deed == Deed.REOPENED and not step.by_name for step in self.steps)
        return Asked(question, yes, no, why_not, may_say_no=again < MOST_REOPENED)


def of(concern: Concern) -> Standing:
    """Read once for its page: eight questions, two more where others are alike, however long its way was."""
    promises = concern.promises.telling_where_it_is().select_related("agency", "owner__rank")
    return Standing(
        concern=concern,
        steps=list(concern.steps.public()),
        promises=list(promises.prefetch_related("changes").order_by("due", "pk")),
        passed=passing.told_of(concern),
        alike=_alike(concern),
        rules=rules_of(concern.agency),
        lines=list(entering.entries_of(concern).order_by("n")),
    )


def _alike(concern: Concern) -> list[Concern]:
    """What others said that a person found alike, as far as it stands on the public list."""
    linked = Alike.objects.of(concern.agency_id).standing().filter(Q(one=concern) | Q(other=concern))
    pairs = linked.values_list("one", "other")
    others = {each for pair in pairs for each in pair} - {concern.pk}
    if not others:
        return []
    return list(
        Concern.objects.of(concern.agency)
        .public(concern.agency)
        .filter(pk__in=others)
        .listed()
        .open_first()[:MOST_ALIKE]
    )
