"""One concern, or one promise, as a line of a list says it to everybody: facts, and words that were released."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alongside.core.authored import Words
from alongside.followthrough.models import CLOSED, Category, Concern, ConcernKind, State, days_from
from alongside.followthrough.promises.models import Kept, Promise
from alongside.followthrough.public import rules
from alongside.places import pages

TONES = {"done": "good", "kept": "good", "passed": "info", "promised": "info", "open": "info"}
OVER = {*CLOSED, "kept", "not-kept", "passed"}


@dataclass(frozen=True)
class PublicPromise:
    """What everybody may read of a concern, or of a promise that was made aloud. Its page is at `url`."""

    summary: Words
    kind: str
    category: str
    neighborhood: str
    owner: str
    due: date | None
    first_due: date | None
    time_left: str
    is_late: bool
    state: str
    state_label: str
    so: str
    outcome: Words
    url: str
    evidence: str = ""
    in_front: bool = False
    is_loaded: bool = False
    """From before, and loaded later: wherever it is shown, that is said."""
    opened_again: bool = False
    """Opened again since somebody released words for it, which may say that it is done."""
    page: str = ""
    """The neighborhood's own."""
    passed_to: Words = field(default_factory=Words)
    """The body that has it, where it was passed on."""

    @property
    def tone(self) -> str:
        """The color of its badge; the word says it, too."""
        return "bad" if self.is_late else TONES.get(self.state, "")

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def words_wait(self) -> bool:
        """It ended since somebody released words: nobody has said yet how, for everybody."""
        return self.is_over and not self.outcome

    @property
    def says(self) -> str:
        """How it stands, in a word or two."""
        return pgettext("promise", "Late") if self.is_late else self.state_label

    @property
    def says_whole(self) -> str:
        """The same, with whose it is now where it was passed on: for what has no other line to say that."""
        if not self.passed_to:
            return self.says
        return _("Passed on to %(body)s") % {"body": self.passed_to.shown.with_mark}


def in_public(each: Concern | Promise) -> PublicPromise:
    return of_promise(each) if isinstance(each, Promise) else of_concern(each)


def of_concern(concern: Concern) -> PublicPromise:
    due, late = rules.due_of(concern), rules.is_late(concern)
    return PublicPromise(
        summary=concern.summary,
        kind=str(ConcernKind(concern.kind).label),
        category=str(Category(concern.category).label),
        neighborhood=concern.neighborhood.name if concern.neighborhood else "",
        owner=str(concern.owner) if concern.owner else "",
        due=due,
        first_due=rules.first_due_of(concern) if due else None,
        time_left=days_from(concern.agency.today(), due) if due else "",
        is_late=late,
        state=concern.state,
        state_label=str(State(concern.state).label),
        so=whether_it_is_so(concern),
        outcome=concern.outcome if concern.outcome_is_cleared else Words(),
        url=reverse("followthrough:public-concern", args=[concern.agency.slug, concern.public_id]),
        in_front=concern.in_front_since is not None,
        is_loaded=concern.is_loaded,
        opened_again=concern.is_open and concern.opened_since_cleared,
        page=pages.page(concern.agency, concern.neighborhood),
        passed_to=(concern.passed_to if concern.state == State.PASSED else None) or Words(),
    )


def of_promise(promise: Promise) -> PublicPromise:
    """Of a concern's: its end in words once somebody has released words after it; its page is that of the concern."""
    concern = promise.concern
    page = ("public-concern", concern) if concern is not None else ("public-promise", promise)
    by_a_day = promise.is_open and promise.due_known
    return PublicPromise(
        summary=promise.what,
        kind=_("Promise"),
        category="",
        neighborhood=promise.area.name if promise.area else "",
        owner=promise.who,
        due=promise.due if by_a_day else None,
        first_due=promise.first_due if by_a_day and promise.was_moved else None,
        time_left=days_from(promise.agency.today(), promise.due) if by_a_day else "",
        is_late=promise.is_late,
        state="not-kept" if promise.state == Kept.NOT_KEPT else promise.state,
        state_label=str(Kept(promise.state).label),
        so="",
        outcome=promise.outcome if concern is None or concern.outcome_is_cleared else Words(),
        url=reverse(f"followthrough:{page[0]}", args=[promise.agency.slug, page[1].public_id]),
        evidence=promise.evidence_url,
        is_loaded=promise.is_loaded,
        page=pages.page(promise.agency, promise.area),
        passed_to=(promise.passed_to if promise.state == Kept.PASSED_ON else None) or Words(),
    )


def whether_it_is_so(concern: Concern) -> str:
    """What whoever asked says of the answer; silence is shown as silence. Of before, nobody can be asked."""
    if concern.state not in CLOSED or concern.is_loaded:
        return ""
    if rules.is_confirmed(concern):
        return _("The person who asked says that it is so.")
    if rules.was_silent(concern):
        return _("Nobody has said whether it is so.")
    return _("Answered, not confirmed.")
