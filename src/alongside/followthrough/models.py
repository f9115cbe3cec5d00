"""Concerns, the cards that open them, the steps they went through, and what the agency promises of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.urls import reverse, translate_url
from django.utils.functional import Promise as Said
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext, ngettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Agency, AgencyOwned, AgencyQuerySet, Member, Role, User
from alongside.core import clock, formats, keys, languages, tokens
from alongside.core.authored import Authored, Words
from alongside.core.care import patterns
from alongside.core.errors import Phrase, phrase
from alongside.core.ids import PublicIdField
from alongside.core.lines import Line, UrlLine
from alongside.core.origins import LONGEST_KEY, Origin
from alongside.core.said import Ends, SaidLine, SaidText
from alongside.followthrough.passing.models import Body, Passing, body_that_has
from alongside.followthrough.promises.loading.models import Load, Loaded
from alongside.followthrough.promises.models import Change, Promise
from alongside.followthrough.public import days as in_public
from alongside.followthrough.public.models import Word
from alongside.followthrough.triage.models import Alike, Bulk, Template
from alongside.outreach.subscriptions.models import Subscription

__all__ = ["Alike", "Body", "Bulk", "Change", "Load", "Loaded", "Passing", "Promise", "Template", "Word"]

LONGEST_WORDS, LONGEST_OUTCOME, LONGEST_NOTE, LONGEST_REASON, LONGEST_SUMMARY = 2000, 2000, 1000, 400, 280
CARDS_LAST = timedelta(days=366)

# Who reads every concern; commanders and officers read those they answer for.
READ_ALL = frozenset({Role.COORDINATOR, Role.INFORMATION_OFFICER, Role.RECORDS_OFFICER})
# What was withheld may be about one of the staff: few read it.
READ_WITHHELD = frozenset({Role.COORDINATOR, Role.RECORDS_OFFICER})
DESK = (
    Role.COORDINATOR,
    Role.COMMANDER,
    Role.OFFICER,
    Role.INFORMATION_OFFICER,
    Role.RECORDS_OFFICER,
)


# Beyond coordinators, who may do everything; and what those who answer for a concern may do to it.
MAY: dict[str, tuple[Role, ...]] = {
    "clear": (Role.INFORMATION_OFFICER,),
    "withhold": (Role.INFORMATION_OFFICER,),
    "redact": (Role.RECORDS_OFFICER,),
}
WORK = frozenset(
    {
        "acknowledge",
        "assign",
        "promise",
        "progress",
        "pass_on",
        "front",
        "unfront",
        "close",
        "reopen",
        "split",
        "link",
        "part",
        "sort",
        "withhold",
    }
)


class ConcernKind(models.TextChoices):
    CONCERN = "concern", _("Concern")
    IDEA = "idea", _("Idea")
    QUESTION = "question", _("Question")
    THANKS = "thanks", _("Thanks")


class Category(models.TextChoices):
    TRAFFIC = "traffic", _("Traffic and parking")
    LIGHTING = "lighting", _("Street lights")
    CLEANLINESS = "cleanliness", _("Trash and cleanliness")
    NOISE = "noise", _("Noise")
    SAFETY = "safety", _("Feeling safe")
    YOUTH = "youth", _("Young people")
    HOUSING = "housing", _("Housing and empty buildings")
    PARKS = "parks", _("Parks and play")
    STREETS = "streets", _("Sidewalks and streets")
    POLICING = "policing", _("How police act")
    OTHER = "other", _("Something else")


class HowItCame(models.TextChoices):
    """The door by which it came in: one list, each labelled."""

    HEARD = "heard", pgettext_lazy("concern", "Said to us, and written down by one of us")
    WEB = "web", pgettext_lazy("concern", "Written on this site")
    PARTNER = "partner", pgettext_lazy("concern", "Brought by a partner")
    PAPER = "paper", pgettext_lazy("concern", "On paper")
    PHONE = "phone", pgettext_lazy("concern", "By phone")
    LOADED = "loaded", pgettext_lazy("concern", "From before, loaded later")


class State(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("concern", "Written down")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("concern", "Read by one of us")
    OWNED = "owned", _("Somebody answers for it")
    PROMISED = "promised", pgettext_lazy("concern", "Promised")
    DONE = "done", pgettext_lazy("promise", "Done")
    DECLINED = "declined", _("Cannot be done")
    PASSED = "passed", pgettext_lazy("concern", "Passed to another body")
    WITHHELD = "withheld", _("Not handled here")


OPEN = (State.RECEIVED, State.ACKNOWLEDGED, State.OWNED, State.PROMISED)
ANSWERED_FOR = (State.OWNED, State.PROMISED)
CLOSED = (State.DONE, State.DECLINED, State.PASSED)


class Withheld(models.TextChoices):
    """Why a concern is not worked on here, and never published."""

    OFFICER = patterns.OFFICER, _("A complaint about a member of staff")
    CRIME = patterns.CRIME, _("It describes a crime")
    CJI = patterns.CJI, _("It holds details that may not be kept here")


def has_a_key_or_none(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(origin="") | Q(origin__contains=":"), name=name)


def in_public_order(name: str, *of: str) -> list[models.Index]:
    """For the public list, whole or `of` one place: what is open by its day, what is over from the latest on.

    They hold all that it sifts by, so that it is counted and cut into pages without a look at the rows; what makes it
    public, too, since SQLite looks at the row for that.
    """
    sifted = ["state", "heard_on", "kind", "category", "came"]
    public = Q(cleared_at__isnull=False, redacted_at__isnull=True)
    known = ["cleared_at", "redacted_at"]
    return [
        models.Index(
            fields=["agency", *of, "due", "id", *sifted, "first_due", "in_front_since", *known, "closed_at"],
            condition=public & Q(closed_at__isnull=True),
            name=f"{name}_open",
        ),
        models.Index(
            fields=["agency", *of, "closed_at", "id", *sifted, *known],
            condition=public & Q(closed_at__isnull=False),
            name=f"{name}_over",
        ),
    ]


def opened_again_since_cleared() -> models.Exists:
    """Of a concern: whether it was opened again after somebody released words for it."""
    mine = Step.objects.everywhere().filter(concern=models.OuterRef("pk"), deed=Deed.REOPENED)
    return models.Exists(mine.filter(GreaterThan(F("at"), models.OuterRef("cleared_at"))))


class ConcernQuerySet(AgencyQuerySet["Concern"]):
    readers = frozenset(DESK)

    def visible_to(self, user: Any, *, at: Agency) -> Self:
        """Coordinators and records officers see all; commanders and officers what they answer for."""
        here = super().visible_to(user, at=at)
        member = user.membership_at(at) if isinstance(user, User) else None
        if member is None or not member.may_read(self.readers):
            return here
        if not member.holds(READ_WITHHELD):
            here = here.exclude(state=State.WITHHELD)
        return here if member.holds(READ_ALL) else here.answered_by(member)

    def answered_by(self, member: Member) -> Self:
        """Those a member owns, and those of the divisions they command today."""
        today = member.agency.today()
        commands = member.commands.on(today).values("division")
        return self.filter(Q(owner=member) | Q(division__in=commands))

    def that_came_from(self, origins: Iterable[Origin]) -> Self:
        return self.filter(origin__in=[str(origin) for origin in origins])

    def open(self) -> Self:
        """Promises not yet kept or refused. A thank-you asks for nothing."""
        return self.filter(state__in=OPEN).exclude(kind=ConcernKind.THANKS)

    def late(self, today: date) -> Self:
        return self.open().filter(due__lt=today)

    def out_of_keeping(self, *, at: Agency | None = None, within: timedelta = timedelta()) -> Self:
        """Closed as long ago as the agency keeps words; or never to be closed, and heard as long ago.

        `at`, `within`: at one agency, and those that will be so in as many days.
        """
        closed = self.out_of_time("words_retention_days", moment="closed_at", at=at, within=within)
        heard = self.out_of_time("words_retention_days", moment="received_at", at=at, within=within)
        return closed | heard.filter(Q(kind=ConcernKind.THANKS) | Q(state=State.WITHHELD))

    def in_front(self) -> Self:
        """The few that a neighborhood has in front."""
        return self.filter(in_front_since__isnull=False)

    def unread(self) -> Self:
        """Those that none of us has read yet."""
        return self.open().filter(acknowledged_at=None)

    def unwritten(self) -> Self:
        """Promises of which the public reads nothing yet, not how they ended, or that they are done and are not."""
        ended_since = Q(state__in=CLOSED, cleared_at__lt=F("closed_at"))
        nothing_yet = Q(cleared_at=None, state__in=[*ANSWERED_FOR, *CLOSED])
        opened_since = Q(state__in=OPEN) & Q(opened_again_since_cleared())
        rows = self.filter(nothing_yet | ended_since | opened_since, redacted_at=None)
        return rows.exclude(kind=ConcernKind.THANKS)

    def telling_where_it_is(self) -> Self:
        """Each with `opened_since_cleared`, and `passed_to`: the body that has it."""
        return self.annotate(opened_since_cleared=opened_again_since_cleared(), passed_to=body_that_has("pk"))

    def last_done(self, deed: str) -> Self:
        """Those to which this happened last, by itself or by whoever said it: nobody of ours has looked since."""
        last = Step.objects.belonging_to(concern=models.OuterRef("pk")).order_by("-at", "-pk")
        seen = self.annotate(
            last_deed=models.Subquery(last.values("deed")[:1]),
            last_by=models.Subquery(last.values("by_name")[:1]),
        )
        return seen.filter(last_deed=deed, last_by="")

    def public(self, agency: Agency) -> Self:
        """Those on the public list: words released, and said long enough ago that nobody can tell who spoke."""
        up_to = in_public.heard_up_to(agency.today(), rules_of(agency).shown_after_days)
        return self.of(agency).cleared().filter(heard_on__lte=up_to, redacted_at=None)

    def cleared(self) -> Self:
        """Those whose words for the public a person has written and released."""
        return self.filter(cleared_at__isnull=False).exclude(state=State.WITHHELD)

    def open_first(self) -> Self:
        """What is open by its day, then what is over, the latest first."""
        over = Case(When(state__in=OPEN, then=0), default=1)
        return self.order_by(over, F("closed_at").desc(nulls_first=True), F("due").asc(nulls_last=True), "pk")

    def soonest(self) -> Self:
        """Late ones first, then by date; those without one last."""
        return self.order_by(F("due").asc(nulls_last=True), "received_at", "pk")

    def listed(self) -> Self:
        """With what a line of a list says; without the outline of the neighborhood."""
        return self.select_related("agency", "owner__rank", "neighborhood").defer("neighborhood__geometry")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("What was said is not deleted. Erase it by actions.redact: the reason remains.")

    def unload(self) -> None:
        """What a load from before brought goes with it, and its steps: it was typed off a table by mistake."""
        super(ConcernQuerySet, self.filter(came=HowItCame.LOADED)).delete()


WHEN_DONE = Ends(
    _("As long as somebody here answers for it. Then %(days)s days from the day it was closed."),
    days="words_retention_days",
)
OF_A_CONCERN: dict[str, Any] = {
    "ends": WHEN_DONE,
    "eraser": "followthrough.jobs.forget",
    "seen_by": _(
        "Coordinators and records officers, the person who answers for it, and the commander of the division. "
        "The public reads only words that we wrote and released, without your name or your block."
    ),
}


class Concern(AgencyOwned):
    """What somebody told us, and what we promised about it. No name, no account: a code opens its page."""

    public_id = PublicIdField()
    # The caller's own name for it: sent twice, it is once.
    key = models.CharField(max_length=120, editable=False)
    came = models.CharField(
        pgettext_lazy("concern", "How it came"), max_length=8, choices=HowItCame, default=HowItCame.HEARD
    )
    kind = models.CharField(_("Kind"), max_length=10, choices=ConcernKind, default=ConcernKind.CONCERN)
    category = models.CharField(
        pgettext_lazy("topic", "About"), max_length=12, choices=Category, default=Category.OTHER
    )
    words = SaidText(
        _("What was said"),
        max_length=LONGEST_WORDS,
        blank=True,
        validators=[MaxLengthValidator(LONGEST_WORDS)],
        purpose=_("So that somebody answers for it, and so that you can check what we wrote down."),
        what=_("What you told us on a walk or on a card"),
        **OF_A_CONCERN,
    )
    # With it the ledger's commitment to the words can be opened; it goes when they go.
    salt = models.CharField(max_length=64, blank=True, editable=False)
    # Which line of the ledger tells that it was received; without a name there, only this finds it.
    ledger_line = models.PositiveIntegerField(null=True, editable=False)
    language = models.CharField(
        max_length=languages.LONGEST_CODE, choices=languages.choices, default=settings.LANGUAGE_CODE
    )
    neighborhood = models.ForeignKey(
        "places.Area", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The division that answered for the neighborhood when it was said.
    division = models.ForeignKey(
        "places.Area", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    place = SaidLine(
        _("Where, to the block"),
        max_length=160,
        blank=True,
        purpose=_("So that whoever mends it finds it. We keep the block, never a house number."),
        what=_("Where it is"),
        **OF_A_CONCERN,
    )
    heard_on = models.DateField(pgettext_lazy("concern", "Said on"))
    received_at = models.DateTimeField(default=clock.now, editable=False)
    # The key of what it came from, which stays (see origins); the label and the link are for reading.
    origin = models.CharField(max_length=LONGEST_KEY, blank=True, editable=False)
    origin_label = Authored(max_length=160, one_line=True, blank=True)
    origin_link = models.CharField(max_length=200, blank=True)

    owner = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.RESTRICT, related_name="concerns"
    )
    due = models.DateField(_("Answer by"), null=True, blank=True)
    # The first day that was promised: it stays in sight, however often the day moves.
    first_due = models.DateField(null=True, editable=False)
    acknowledged_at = models.DateTimeField(null=True, editable=False)
    # One of the few that its neighborhood has in front (Rules.in_front).
    in_front_since = models.DateTimeField(null=True, editable=False)
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED, editable=False)
    outcome = Authored(_("What came of it"), max_length=LONGEST_OUTCOME, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    # Until when whoever asked is asked whether it is so, and when they said that it is.
    confirm_by = models.DateField(null=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    split_from = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="parts", editable=False
    )
    withheld = models.CharField(max_length=8, choices=Withheld, blank=True, editable=False)

    summary = Authored(_("Words for the public"), max_length=LONGEST_SUMMARY, blank=True, editable=False)
    cleared_at = models.DateTimeField(null=True, editable=False)
    cleared_by = Line(max_length=160, blank=True, editable=False)

    ENDED = Q(redacted_at__isnull=False)  # that its words were erased is known again after a backup
    redacted_at = models.DateTimeField(null=True, editable=False)
    redacted_because = Authored(max_length=LONGEST_REASON, one_line=True, blank=True, editable=False)

    # As ConcernQuerySet.telling_where_it_is found them; nobody else asks.
    opened_since_cleared: ClassVar[bool] = False
    passed_to: ClassVar[Words | None] = None

    objects = ConcernQuerySet.as_manager()

    class Meta:
        verbose_name = _("concern")
        verbose_name_plural = _("concerns")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["agency", "state", "due"], name="concern_by_date"),
            models.Index(fields=["agency", "origin"], name="concern_by_origin"),
            models.Index(fields=["agency", "neighborhood", "state"], name="concern_by_neighborhood"),
            *in_public_order("concern_public"),
            *in_public_order("concern_public_here", "neighborhood"),
        ]
        constraints = [
            has_a_key_or_none("concern_origin_is_a_key"),
            models.UniqueConstraint(fields=["agency", "key"], name="concern_once_per_key"),
            models.CheckConstraint(
                condition=~Q(state__in=ANSWERED_FOR) | Q(owner__isnull=False, due__isnull=False),
                name="concern_owned_by_somebody_by_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CLOSED, closed_at__isnull=False) & ~Q(outcome="")
                | (~Q(state__in=CLOSED) & Q(closed_at__isnull=True, outcome="")),
                name="concern_closed_with_words",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(state__in=CLOSED),
                name="concern_confirmed_once_closed",
            ),
            models.CheckConstraint(
                condition=Q(in_front_since__isnull=True) | Q(state__in=OPEN, neighborhood__isnull=False),
                name="concern_in_front_while_open",
            ),
            models.CheckConstraint(
                condition=Q(redacted_at__isnull=True) | Q(salt=""), name="concern_redacted_with_its_salt"
            ),
            models.CheckConstraint(
                condition=Q(state=State.WITHHELD) & Q(withheld__in=Withheld.values)
                | (~Q(state=State.WITHHELD) & Q(withheld="")),
                name="concern_withheld_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True, summary="")
                | (Q(cleared_at__isnull=False) & ~Q(summary="")),
                name="concern_cleared_with_words",
            ),
            models.CheckConstraint(
                condition=Q(redacted_at__isnull=True, redacted_because="")
                | (Q(redacted_at__isnull=False, words="", place="") & ~Q(redacted_because="")),
                name="concern_redacted_for_a_reason",
            ),
        ]

    @property
    def called(self) -> Phrase:
        """Never what was said: this is what the audit trail and error reports show."""
        kind, about = ConcernKind(self.kind).label, Category(self.category).label
        return Phrase("%(kind)s · %(about)s", {"kind": kind, "about": about})

    def __str__(self) -> str:
        return str(self.called)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("What was said is not deleted. Erase it by actions.redact: the reason remains.")

    def get_absolute_url(self) -> str:
        """Its page in the workspace. In public a concern is opened by its code alone."""
        return reverse("followthrough:concern", args=[self.agency.slug, self.public_id])

    @property
    def origin_page(self) -> str:
        """The page of what it came from, in the reader's language. The address is kept as in our first."""
        reader = get_language() or settings.LANGUAGE_CODE
        with override(settings.LANGUAGE_CODE):
            return translate_url(self.origin_link, reader)

    @property
    def said(self) -> str:
        """What was said; of a card that only says what it is about, that. Nothing, once the words were erased."""
        return self.words or (
            "" if self.redacted_at else f"{self.get_kind_display()}: {self.get_category_display()}"
        )

    @property
    def is_open(self) -> bool:
        return self.state in OPEN and self.kind != ConcernKind.THANKS

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED

    @property
    def is_withheld(self) -> bool:
        return self.state == State.WITHHELD

    @property
    def topic(self) -> Origin:
        """What somebody follows who left an address for news of it."""
        return Origin("concern", self.public_id)

    @cached_property
    def contact(self) -> Subscription | None:
        """The address that somebody left for news of it."""
        return Subscription.objects.of(self.agency_id).about(self.topic).first()

    @property
    def to_confirm(self) -> bool:
        """Whether whoever asked has still to say whether it is so: “answered, not confirmed”."""
        asked = self.is_closed and self.confirmed_at is None and self.redacted_at is None
        return asked and not self.is_loaded  # nobody of that time can be asked

    @property
    def answer_mark(self) -> str:
        """By which it is known which answer somebody has read; nothing where there is none."""
        return self.closed_at.isoformat() if self.closed_at is not None else ""

    @property
    def is_loaded(self) -> bool:
        """Whether it is from before, and was loaded later: wherever it is shown, that is said."""
        return self.came == HowItCame.LOADED

    @property
    def was_silent(self) -> bool:
        """Whether the days in which whoever asked could say whether it is so are over, and nobody said."""
        return self.to_confirm and self.confirm_by is not None and self.confirm_by < self.agency.today()

    @property
    def was_moved(self) -> bool:
        """Whether another day was promised first."""
        return self.first_due is not None and self.due is not None and self.first_due != self.due

    @property
    def may_bring_news(self) -> bool:
        """Whether its page speaks of news by e-mail: where they are wanted already, or something may follow."""
        return self.contact is not None or not (self.redacted_at or self.is_withheld)

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due is not None and self.due < self.agency.today()

    def allows(self, member: Member | None, deed: str) -> bool:
        """Whether a member who may see it may also do this to it."""
        if member is None:
            return False
        if member.holds([Role.COORDINATOR]) or member.holds(MAY.get(deed, ())):
            return True
        return deed in WORK and self.is_answered_by(member)

    def is_answered_by(self, member: Member) -> bool:
        """Whether it is theirs: they own it, or command its division today."""
        if self.owner_id == member.pk:
            return True
        today = self.agency.today()
        return (
            self.division_id is not None
            and member.commands.on(today).filter(division=self.division_id).exists()
        )

    def takes(self, deed: str) -> bool:
        """Whether this can be done to it now."""
        erased = self.redacted_at is not None
        return {
            "acknowledge": self.state in OPEN and self.acknowledged_at is None,
            "assign": self.state in OPEN,
            "promise": self.state in OPEN,
            "pass_on": self.state in OPEN,
            "front": self.state in OPEN and self.in_front_since is None,
            "unfront": self.in_front_since is not None,
            "close": self.state in OPEN,
            "reopen": self.is_closed and not erased,
            "split": self.state in OPEN and not erased,
            "link": not erased and not self.is_withheld,
            "part": True,
            "sort": not erased and not self.is_withheld,
            "progress": not erased,
            "clear": not erased and not self.is_withheld,
            "withhold": not erased and (not self.is_withheld or self.nobody_looked),
            "release": self.is_withheld,
            "redact": not erased,
        }[deed]

    @property
    def nobody_looked(self) -> bool:
        """Whether it was withheld by itself, and no person has said yet that it stays so."""
        last = self.steps.order_by("-at", "-pk").first() if self.is_withheld else None
        return last is not None and last.deed == Deed.WITHHELD and not last.by_name

    @property
    def outcome_is_cleared(self) -> bool:
        """Whether whoever released the words for the public had read how it ended."""
        return bool(self.closed_at and self.cleared_at and self.cleared_at >= self.closed_at)

    @property
    def time_left(self) -> str:
        """How far away the promised day is, in words: “in 9 days”, “3 days late”."""
        if self.due is None:
            return ""
        return days_from(self.agency.today(), self.due)

    @property
    def due_said(self) -> str:
        """The promised day, as people say it: “Thursday, June 4”."""
        if self.due is None:
            return ""
        return formats.weekday_and_day(self.due, with_year=self.due.year != self.agency.today().year)

    @property
    def guidance(self) -> str | Said:
        """What whoever told us this should do now, where it is not handled here."""
        return GUIDANCE[Withheld(self.withheld)] if self.withheld else ""


GUIDANCE = {
    Withheld.OFFICER: _(
        "This is a complaint about a member of staff. It is not handled here, so that nobody it is about can "
        "read it. Please make your complaint to the people who look into complaints."
    ),
    Withheld.CRIME: _(
        "What you told us describes a crime. Notes from a walk are not police reports, and nobody investigates "
        "from them. Please report it: call 911 in an emergency, or the police number for reports."
    ),
    Withheld.CJI: _(
        "What was written down held details that may not be kept here, such as a license plate or a date of "
        "birth. Please tell us again without them."
    ),
}


def days_from(today: date, due: date) -> str:
    """How far a day is from today, in words."""
    days = (due - today).days
    if days == 0:
        return gettext("today")
    if days > 0:
        return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
    return ngettext("%(n)d day late", "%(n)d days late", -days) % {"n": -days}


class CardQuerySet(AgencyQuerySet["Card"]):
    readers = frozenset({Role.COORDINATOR})

    def unused(self, today: date) -> Self:
        return self.filter(concern=None, expires_on__gte=today)


class Card(AgencyOwned):
    """A code in somebody's hand: printed before a walk, shown on it, or in a mail. Only its digest is here."""

    digest = tokens.DigestField(ring=keys.CODES, until="expires_on", unique=True, editable=False)
    concern = models.ForeignKey(Concern, null=True, on_delete=models.CASCADE, related_name="cards")
    issued_at = models.DateTimeField(default=clock.now, editable=False)
    # A card nobody has used runs out. Once something is written down under it, it lasts as long as that.
    expires_on = models.DateField(null=True)
    used_at = models.DateTimeField(null=True)
    # The key of what it came from, which stays (see origins); the label and the link are for reading.
    origin = models.CharField(max_length=LONGEST_KEY, blank=True, editable=False)
    origin_label = Authored(max_length=160, one_line=True, blank=True)
    origin_link = models.CharField(max_length=200, blank=True)

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("card")
        ordering = ["-issued_at", "-pk"]
        indexes = [
            models.Index(fields=["agency", "concern", "expires_on"], name="card_not_used_yet"),
            models.Index(fields=["agency", "origin"], name="card_by_origin"),
        ]
        constraints = [
            has_a_key_or_none("card_origin_is_a_key"),
            models.CheckConstraint(
                condition=Q(concern__isnull=True, used_at__isnull=True, expires_on__isnull=False)
                | Q(concern__isnull=False, used_at__isnull=False),
                name="card_used_for_a_concern",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issued_at:%F}"


class Deed(models.TextChoices):
    """What happened to a concern."""

    RECEIVED = "received", pgettext_lazy("concern", "Written down")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("concern", "Read by one of us")
    ASSIGNED = "assigned", pgettext_lazy("promise", "Promised")
    NOTED = "noted", _("News")
    CORRECTED = "corrected", _("Corrected by the person who said it")
    PROMISED = "promised", pgettext_lazy("step", "Something was promised")
    KEPT = "kept", pgettext_lazy("step", "A promise was kept")
    NOT_KEPT = "not kept", pgettext_lazy("step", "A promise was not kept")
    CLOSED = "closed", pgettext_lazy("step", "Closed")
    CONFIRMED = "confirmed", _("Confirmed by the person who asked")
    REOPENED = "reopened", pgettext_lazy("step", "Opened again")
    ANSWERED = "answered", pgettext_lazy("step", "The other body says")
    LINKED = "linked", pgettext_lazy("step", "Linked with another that is alike")
    PARTED = "parted", pgettext_lazy("step", "Parted from another")
    SPLIT = "split", pgettext_lazy("step", "Split")
    SORTED = "sorted", pgettext_lazy("step", "Sorted anew")
    UNDONE = "undone", pgettext_lazy("step", "Undone")
    FRONTED = "fronted", pgettext_lazy("step", "Put in front")
    UNFRONTED = "unfronted", pgettext_lazy("step", "Not in front any more")
    CLEARED = "cleared", _("Words for the public released")
    WITHHELD = "withheld", pgettext_lazy("step", "Sent elsewhere")
    RELEASED = "released", pgettext_lazy("step", "Taken back")
    REDACTED = "redacted", _("Words erased")


class StepQuerySet(AgencyQuerySet["Step"]):
    readers = frozenset(DESK)

    def visible_to(self, user: Any, *, at: Agency) -> Self:
        """Whoever may see a concern may see what happened to it, and nobody else."""
        seen = Concern.objects.visible_to(user, at=at)
        return super().visible_to(user, at=at).filter(concern__in=seen)

    def public(self) -> Self:
        """What whoever holds the code may read."""
        return self.filter(public=True)

    def written_since(self, moment: datetime) -> Self:
        """Those that say something in our words, and came after a moment."""
        return self.public().filter(GreaterThan(F("at"), moment)).exclude(text="")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("The steps of a concern are only added to.")

    def update(self, **kwargs: Any) -> int:
        raise TypeError("The steps of a concern are only added to.")

    def out_of_keeping(self) -> Self:
        """What whoever holds the code wrote, and what we wrote for ourselves, of concerns that are out of keeping."""
        over = Concern.objects.everywhere().out_of_keeping()
        return self.filter(~Q(words="") | Q(public=False), concern__in=over)

    def brought_back(self) -> Self:
        """Those whose words were erased once with their concern's, and which a backup brought back."""
        before = self.filter(
            LessThanOrEqual(F("at"), F("concern__redacted_at")), concern__redacted_at__isnull=False
        )
        return before.exclude(deed=Deed.REDACTED).exclude(text="", words="", salt="")

    def erase_words(self) -> int:
        """The one change there is: the words go, who and when remain."""
        return super().update(text="", words="", salt="")


class Step(AgencyOwned):
    """One thing that happened to a concern: who, when, what. Added to, never changed."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = Line(max_length=160, blank=True)
    deed = models.CharField(max_length=12, choices=Deed)
    text = Authored(max_length=LONGEST_OUTCOME, blank=True)
    # What whoever said it writes by their code: that our words are wrong, or that it is not so.
    words = SaidText(
        max_length=LONGEST_NOTE,
        blank=True,
        purpose=_("So that the record says what you said, when you put our words right."),
        what=_("What you write on the page of your code"),
        **OF_A_CONCERN,
    )
    salt = models.CharField(max_length=64, blank=True, editable=False)
    ledger_line = models.PositiveIntegerField(null=True, editable=False)
    # Choices that were made: {"owner", "was_owner", "due", "was_due", "state", "reason", "promise", "what", "body",
    # "number", "other", "parts", "from", "undoes"}.
    facts = models.JSONField(default=dict)
    # Whether whoever holds the code reads it.
    public = models.BooleanField(default=False)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["concern", "at"], name="step_of_concern")]

    def __str__(self) -> str:
        return self.get_deed_display()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("The steps of a concern are only added to.")

    @property
    def tells_more(self) -> bool:
        """Its text is not on the page yet: how a concern ended stands at the head of it."""
        return self.deed != Deed.CLOSED

    @property
    def tells_who(self) -> bool:
        """Whoever wrote it down only held the pen: the page of a concern does not name them."""
        return self.deed != Deed.RECEIVED

    @property
    def sentence(self) -> str:
        """What happened, from the choices made."""
        return SAYS[Deed(self.deed)](self.facts)


def _says_assigned(facts: dict[str, Any]) -> str:
    said = gettext("%(owner)s answers for it by %(due)s.") % {
        "owner": facts.get("owner", ""),
        "due": _day(facts.get("due")),
    }
    if facts.get("was_due"):
        said += " " + gettext("Promised before: %(day)s.") % {"day": _day(facts["was_due"])}
    if facts.get("was_owner"):
        said += " " + gettext("Before: %(name)s.") % {"name": facts["was_owner"]}
    return said


def _says_closed(facts: dict[str, Any]) -> str:
    if facts.get("state") == State.PASSED:
        said = gettext("It was passed on: %(body)s can mend it.") % {"body": facts.get("body", "–")}
        return " ".join([said, *_its_number(facts)])
    return gettext("It is done.") if facts.get("state") == State.DONE else gettext("It cannot be done.")


def _its_number(facts: dict[str, Any]) -> list[str]:
    """Under which number another body has it: for whoever asked alone (docs/methods/concerns.md, rule 10)."""
    number = facts.get("number")
    return [gettext("Its number there: %(number)s.") % {"number": number}] if number else []


def _says_promised(facts: dict[str, Any]) -> str:
    return gettext("%(owner)s promised something by %(due)s.") % {
        "owner": facts.get("owner", ""),
        "due": _day(facts.get("due")),
    }


def _says_answered(facts: dict[str, Any]) -> str:
    """In their own word for how it stands, but for the two that all of them know."""
    status = facts.get("status", "")
    said = {
        "closed": gettext("%(body)s has closed it."),
        "open": gettext("%(body)s is at it."),
    }.get(status, gettext("%(body)s says: %(status)s.") if status else gettext("News from %(body)s."))
    told = [said % {"body": facts.get("body", "–"), "status": status}, *_its_number(facts)]
    if facts.get("expected"):
        told.append(gettext("They expect to be done by %(day)s.") % {"day": _day(facts["expected"])})
    return " ".join(told)


def _says_split(facts: dict[str, Any]) -> str:
    if facts.get("from"):
        return gettext("It was said together with something else, and is answered by itself.")
    return gettext("It was split: each part has a page of its own.")


def _says_withheld(facts: dict[str, Any]) -> str:
    return gettext("It is not handled here.")


SAYS: dict[Deed, Callable[[dict[str, Any]], str]] = {
    Deed.RECEIVED: lambda facts: gettext("We wrote it down."),
    Deed.ACKNOWLEDGED: lambda facts: gettext("One of us has read it."),
    Deed.ASSIGNED: _says_assigned,
    Deed.PROMISED: _says_promised,
    Deed.KEPT: lambda facts: gettext("What was promised is done."),
    Deed.NOT_KEPT: lambda facts: gettext("What was promised was not done."),
    Deed.NOTED: lambda facts: gettext("News"),
    Deed.CORRECTED: lambda facts: gettext("The person who said it put our words right."),
    Deed.CLOSED: _says_closed,
    Deed.CONFIRMED: lambda facts: gettext("The person who asked says that it is so."),
    Deed.REOPENED: lambda facts: gettext("It is open again."),
    Deed.ANSWERED: _says_answered,
    Deed.LINKED: lambda facts: gettext("It was linked with another that is alike."),
    Deed.PARTED: lambda facts: gettext("It was parted from another again."),
    Deed.SPLIT: _says_split,
    Deed.SORTED: lambda facts: gettext("It stands under another topic or place now."),
    Deed.UNDONE: lambda facts: gettext("What was done just before was a mistake. It is as it was."),
    Deed.FRONTED: lambda facts: gettext("It is one of the few that its neighborhood has in front."),
    Deed.UNFRONTED: lambda facts: gettext("It is not in front any more."),
    Deed.CLEARED: lambda facts: gettext("Words for the public were released."),
    Deed.WITHHELD: _says_withheld,
    Deed.RELEASED: lambda facts: gettext("It is handled here after all."),
    Deed.REDACTED: lambda facts: gettext("The words were erased."),
}


def _day(iso: str | None) -> str:
    return formats.day(date.fromisoformat(iso)) if iso else ""


class RulesQuerySet(AgencyQuerySet["Rules"]):
    readers = frozenset({Role.COORDINATOR})


class Rules(AgencyOwned):
    """What the agency promises of every concern: how soon, by whom, and where complaints about staff go."""

    days = models.PositiveSmallIntegerField(
        _("Days until we answer"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(180)],
        help_text=_("Counted from the day we hear of it, where nobody sets another date."),
    )
    acknowledge_days = models.PositiveSmallIntegerField(
        _("Days until one of us has read it"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    confirm_days = models.PositiveSmallIntegerField(
        _("Days in which whoever asked says whether it is so"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(180)],
        help_text=_("Asked first. Until then it reads “answered, not confirmed”."),
    )
    in_front = models.PositiveSmallIntegerField(
        _("How many each neighborhood has in front"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("Few are kept better than many: three are usual."),
    )
    shown_after_days = models.PositiveSmallIntegerField(
        _("Days until a concern stands on the public list"),
        default=7,
        validators=[MinValueValidator(0), MaxValueValidator(90)],
        help_text=_("Counted from the day it was said, so that nobody can tell who spoke to police."),
    )
    owner = models.ForeignKey(
        Member,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Who answers where nobody else does"),
        help_text=_("New concerns go to this person at once. Empty, they wait until somebody is chosen."),
    )
    complaints = Authored(
        _("Where complaints about staff go"),
        max_length=600,
        blank=True,
        help_text=_(
            "In plain words: the office, its phone number, its hours. Not the people the complaint is about."
        ),
    )
    complaints_url = UrlLine(_("Its page"), blank=True)
    reports = Authored(
        _("How to report a crime"),
        max_length=600,
        blank=True,
        help_text=_("The number for reports that are no emergency, and where to go."),
    )

    objects = RulesQuerySet.as_manager()

    class Meta:
        verbose_name = _("rules for follow-through")
        constraints = [
            models.UniqueConstraint(fields=["agency"], name="rules_once_per_agency"),
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=180), name="rules_answer_in_time"),
            models.CheckConstraint(
                condition=Q(
                    acknowledge_days__gte=1, confirm_days__gte=1, in_front__gte=1, shown_after_days__lte=90
                ),
                name="rules_can_be_kept",
            ),
        ]

    @property
    def called(self) -> Phrase:
        return phrase("Rules for follow-through")

    def __str__(self) -> str:
        return str(self.called)


class DueRuleQuerySet(AgencyQuerySet["DueRule"]):
    readers = frozenset({Role.COORDINATOR})


class DueRule(AgencyOwned):
    """In how many days what is about one thing is answered, where that is not as long as usual."""

    category = models.CharField(pgettext_lazy("topic", "About"), max_length=12, choices=Category)
    days = models.PositiveSmallIntegerField(
        _("Days until we answer"), validators=[MinValueValidator(1), MaxValueValidator(180)]
    )

    objects = DueRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("days for one topic")
        ordering = ["agency", "category"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "category"], name="due_rule_once_per_topic"),
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=180), name="due_rule_in_time"),
        ]

    def __str__(self) -> str:
        return self.get_category_display()


def rules_of(agency: Agency) -> Rules:
    """What the agency has set; what we propose, until it has."""
    return Rules.objects.of(agency).select_related("owner__rank").first() or Rules(agency=agency)


def days_to_answer(concern: Concern, rules: Rules) -> timedelta:
    """In how many days it is answered: as its topic asks, or as usual."""
    rule = DueRule.objects.of(concern.agency_id).filter(category=concern.category).first()
    return timedelta(days=rule.days if rule is not None else rules.days)
