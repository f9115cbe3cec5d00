"""What a member may do to one concern, in the order of what comes next, with one button that is the next thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import Member
from alongside.followthrough.forms import (
    AssignForm,
    ClearForm,
    DeedForm,
    RedactForm,
    ReleaseForm,
    WithholdForm,
)
from alongside.followthrough.models import Concern, State
from alongside.followthrough.triage.deeds import (
    AcknowledgeForm,
    CloseForm,
    FrontForm,
    LinkForm,
    PartForm,
    ProgressForm,
    PromiseForm,
    ReopenForm,
    SortForm,
    SplitForm,
    UnfrontForm,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class DeedKind:
    """One thing that is done to a concern: its form, its title and button, and what is said when it is done.

    `begins`: the field that a reply may begin. `look`: of its button, where it is not the next thing.
    """

    form: type[DeedForm]
    title: StrOrPromise
    button: StrOrPromise
    done: StrOrPromise
    words: StrOrPromise = ""
    begins: str = ""
    look: str = ""


# In the order of what comes next.
DEEDS: dict[str, DeedKind] = {
    "acknowledge": DeedKind(
        AcknowledgeForm,
        _("You have read it"),
        _("Mark it as read"),
        _("Marked as read. Whoever said it sees that somebody has."),
        _("The person who asked sees that one of us has read it."),
    ),
    "release": DeedKind(
        ReleaseForm,
        _("It was withheld by mistake"),
        _("Take it back"),
        _("Taken back. It is handled here again."),
    ),
    "assign": DeedKind(
        AssignForm,
        _("Say who answers, and by when"),
        pgettext_lazy("deed", "Save who answers"),
        pgettext_lazy("promise", "Promised."),
    ),
    "promise": DeedKind(
        PromiseForm,
        _("Promise something"),
        pgettext_lazy("button", "Promise"),
        pgettext_lazy("promise", "Promised."),
        _(
            "What will be done, by whom, by when. The person who asked reads it, and so does the public later."
        ),
    ),
    "progress": DeedKind(
        ProgressForm,
        _("Write down what happened"),
        _("Add"),
        pgettext_lazy("message", "Written down."),
        begins="text",
    ),
    "close": DeedKind(
        CloseForm,
        pgettext_lazy("promise", "Close it"),
        pgettext_lazy("promise", "Close"),
        _("Closed. Whoever asked reads it by their code."),
        _("The person who asked reads your words on their page, and says whether it is so."),
        begins="outcome",
    ),
    "clear": DeedKind(
        ClearForm,
        _("Words for the public"),
        _("Release"),
        pgettext_lazy("message", "Saved."),
        _("What was said is never published. These words are, with the neighborhood, the owner and the day."),
    ),
    "reopen": DeedKind(
        ReopenForm, _("It is not settled: open it again"), _("Open it again"), _("It is open again.")
    ),
    "front": DeedKind(
        FrontForm,
        _("Put it in front"),
        _("Put it in front"),
        _("In front of its neighborhood now."),
        _("Each neighborhood has a few in front, which everybody sees first."),
    ),
    "unfront": DeedKind(
        UnfrontForm, _("It is in front"), _("Take it from the front"), _("Not in front any more.")
    ),
    "sort": DeedKind(
        SortForm,
        _("Change the topic or the place"),
        pgettext_lazy("deed", "Change it"),
        pgettext_lazy("message", "Saved."),
    ),
    "split": DeedKind(
        SplitForm,
        _("Split it: more than one thing was said"),
        pgettext_lazy("concern", "Split it"),
        _("Split. Each part has a page of its own, and the code of the first opens them all."),
        _("This one stays the first part, with all that was said. Write down what else goes on by itself."),
    ),
    "withhold": DeedKind(
        WithholdForm,
        _("It does not belong here"),
        _("Withhold"),
        _("Withheld. The page by code says where to go."),
        _(
            "A complaint about staff goes to those who look into complaints, a crime to a report. Officers and "
            "commanders stop seeing it."
        ),
        look="stop",
    ),
    "redact": DeedKind(
        RedactForm, _("Erase the words"), _("Erase"), _("Erased. The reason remains."), look="stop"
    ),
    # These two have their buttons beside what they are about.
    "link": DeedKind(
        LinkForm, _("Link another by its id"), _("Link"), _("Linked. Each keeps its own page and code.")
    ),
    "part": DeedKind(PartForm, "", _("Part"), _("Parted. They are not alike.")),
}
SELDOM = frozenset({"unfront", "front", "sort", "split", "withhold", "redact"})
BESIDE = frozenset({"link", "part"})


@dataclass(frozen=True)
class Offered:
    """One of them as the page draws it: `is_next` is open, with the one filled button."""

    name: str
    kind: DeedKind
    form: DeedForm
    title: StrOrPromise
    button: StrOrPromise
    is_next: bool
    is_open: bool

    @property
    def is_seldom(self) -> bool:
        """Folded away with others that are done now and then, unless it is what comes next."""
        return self.name in SELDOM and not self.is_next

    @property
    def look(self) -> str:
        return "main" if self.is_next and not self.kind.look else self.kind.look

    @property
    def words(self) -> StrOrPromise:
        return self.kind.words

    @property
    def begins(self) -> bool:
        """Whether a reply may begin it."""
        return bool(self.kind.begins)


def deeds_of(
    concern: Concern,
    member: Member,
    *,
    failed: tuple[str, DeedForm] | None = None,
    begun: tuple[str, dict[str, Any]] | None = None,
) -> list[Offered]:
    """What this member may do now. `begun`: which of them begins with a reply, and what stands in its form."""
    may = [
        name for name in DEEDS if name not in BESIDE and concern.allows(member, name) and concern.takes(name)
    ]
    wrong, of_it = failed or ("", None)
    if wrong and wrong not in may and wrong not in BESIDE:
        may.append(wrong)
    coming = next_of(concern, may)
    begins, typed = begun or ("", {})
    return [
        Offered(
            name,
            DEEDS[name],
            of_it
            if of_it is not None and name == wrong
            else _form(concern, name, typed if name == begins else None),
            *_called(concern, name),
            is_next=name == coming,
            is_open=name == (wrong or begins or coming),
        )
        for name in may
    ]


def _form(concern: Concern, name: str, typed: dict[str, Any] | None) -> DeedForm:
    form = DEEDS[name].form(concern=concern, prefix=name)
    form.initial.update(typed or {})
    return form


def next_of(concern: Concern, may: list[str]) -> str:
    """What comes next: read it, say who answers, promise, keep it; then words for the public."""
    wanted: Mapping[str, bool] = {
        "withhold": concern.is_withheld,
        "acknowledge": True,
        "assign": concern.owner is None or not concern.owner.active,
        "promise": concern.state == State.OWNED,
        "close": concern.is_open,
        "clear": not concern.summary or not concern.outcome_is_cleared,
        "progress": concern.is_open,
    }
    return next((name for name, is_wanted in wanted.items() if is_wanted and name in may), "")


def _called(concern: Concern, name: str) -> tuple[StrOrPromise, StrOrPromise]:
    kind = DEEDS[name]
    if name == "assign" and concern.owner is not None:
        return _("Change who answers, or the day"), kind.button
    if name == "withhold" and concern.is_withheld:
        return _("You have looked, and it stays apart"), _("Keep it apart")
    return kind.title, kind.button
