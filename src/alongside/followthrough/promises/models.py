"""What was promised: who, what, by when; whether it was kept, and how anybody can see that."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Agency, AgencyOwned, AgencyQuerySet, Member, Role
from alongside.core import clock, formats
from alongside.core.authored import Authored, Words
from alongside.core.errors import Phrase, phrase
from alongside.core.ids import PublicIdField
from alongside.core.lines import Line, UrlLine
from alongside.core.origins import LONGEST_KEY, Origin
from alongside.followthrough.passing.models import body_that_has

LONGEST_PROMISE, LONGEST_ENDING = 280, 2000
ITEM = RegexValidator(
    r"^[a-z][a-z0-9-]{1,15}:[0-9A-Za-z][0-9A-Za-z.\-]{0,23}$", _("An item is written as in “tf:4.5.1”.")
)
TASK_FORCE = "tf"


class Kept(models.TextChoices):
    OPEN = "open", pgettext_lazy("promise", "Open")
    KEPT = "kept", pgettext_lazy("promise", "Kept")
    NOT_KEPT = "not kept", pgettext_lazy("promise", "Not kept")
    # It is another body’s to do: neither kept nor not kept by us.
    PASSED_ON = "passed", pgettext_lazy("promise", "Passed on")


OVER = (Kept.KEPT, Kept.NOT_KEPT, Kept.PASSED_ON)


class Turn(models.TextChoices):
    """What happened to a promise, as the ledger calls it."""

    MADE = "made", pgettext_lazy("promise", "Made")
    LOADED = "loaded", pgettext_lazy("promise", "Loaded later")
    MOVED = "moved", pgettext_lazy("promise", "Moved")
    KEPT = "kept", pgettext_lazy("promise", "Kept")
    NOT_KEPT = "not-kept", pgettext_lazy("promise", "Not kept")
    PASSED_ON = "passed-on", pgettext_lazy("promise", "Passed on")
    REOPENED = "reopened", pgettext_lazy("promise", "Opened again")
    PUBLISHED = "published", pgettext_lazy("promise", "Everybody may read it")
    SET_APART = "set-apart", pgettext_lazy("promise", "Not handled here")


class PromiseQuerySet(AgencyQuerySet["Promise"]):
    readers = frozenset(
        {
            Role.COORDINATOR,
            Role.COMMANDER,
            Role.OFFICER,
            Role.INFORMATION_OFFICER,
            Role.RECORDS_OFFICER,
        }
    )

    def visible_to(self, user: Any, *, at: Agency) -> Self:
        """What was promised of a concern is read at the desk by whoever may read that."""
        seen = apps.get_model("followthrough", "Concern").objects.visible_to(user, at=at)
        return super().visible_to(user, at=at).filter(Q(concern=None) | Q(concern__in=seen))

    def open_to_all(self) -> Self:
        """What was promised in public is everybody's to read; of a concern, once its words were released."""
        return self.filter(published_at__isnull=False)

    def open(self) -> Self:
        return self.filter(state=Kept.OPEN)

    def late(self, today: date) -> Self:
        return self.open().filter(due__lt=today)

    def kept_on_time(self) -> Self:
        """Kept, and no later than the day that was promised first."""
        return self.with_both_days().filter(state=Kept.KEPT, closed_on__lte=F("first_due"))

    def with_both_days(self) -> Self:
        """Those of which both days are known: the promised one, and the one on which it ended. For sums of days."""
        return self.filter(due_known=True, closed_known=True)

    def loaded_later(self) -> Self:
        """Those from before, typed in later."""
        return self.filter(loaded_at__isnull=False)

    def that_came_from(self, *origins: Origin) -> Self:
        return self.filter(origin__in=[str(origin) for origin in origins])

    def telling_where_it_is(self) -> Self:
        """Each with `passed_to`: the body that has what was passed on."""
        return self.annotate(passed_to=body_that_has("concern"))

    def listed(self) -> Self:
        """With what a line of a list says; without the outline of the area."""
        rows = self.telling_where_it_is().select_related("agency", "owner__rank", "area", "concern")
        return rows.defer("area__geometry", "concern__words", "concern__place")

    def soonest(self) -> Self:
        return self.order_by("due", "pk")


class Promise(AgencyOwned):
    """One promise: made to whoever raised a concern, on a walk, or from a stage. Never without an owner."""

    public_id = PublicIdField()
    what = Authored(_("What is promised"), max_length=LONGEST_PROMISE, one_line=True)
    owner = models.ForeignKey(
        Member,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="promises",
        verbose_name=_("Who"),
    )
    # Of a promise from before: whoever made it, where no member of today is meant.
    typed_owner = Line(max_length=160, blank=True)
    made_on = models.DateField(pgettext_lazy("promise", "Promised on"))
    due = models.DateField(_("By when"))
    # The day that was promised first, however often it moves.
    first_due = models.DateField(editable=False)

    concern = models.ForeignKey(
        "followthrough.Concern", null=True, blank=True, on_delete=models.CASCADE, related_name="promises"
    )
    # The key of where it was made, which stays; the label and the link are for reading.
    origin = models.CharField(max_length=LONGEST_KEY, blank=True, editable=False)
    origin_label = Authored(max_length=160, one_line=True, blank=True)
    origin_link = models.CharField(max_length=200, blank=True)
    area = models.ForeignKey(
        "places.Area", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # What it answers to in a catalogue of recommendations, by reference: “tf:4.5.1”.
    item = models.CharField(_("Recommendation or action item"), max_length=40, blank=True, validators=[ITEM])

    state = models.CharField(max_length=8, choices=Kept, default=Kept.OPEN, editable=False)
    outcome = Authored(_("What came of it"), max_length=LONGEST_ENDING, blank=True, editable=False)
    evidence_url = UrlLine(_("Where anybody can see it"), blank=True)
    closed_on = models.DateField(null=True, editable=False)
    # The step that closed its concern, where it ended with that: opened again, both are.
    ended_with = models.ForeignKey(
        "followthrough.Step", null=True, on_delete=models.SET_NULL, related_name="ended", editable=False
    )
    # When the public could read it first, and when “you asked, we did” (or “we did not”) was told to those who follow.
    published_at = models.DateTimeField(null=True, editable=False)
    told_at = models.DateTimeField(null=True, editable=False)
    # It was made before this house kept promises, and was typed in later.
    loaded_at = models.DateTimeField(null=True, editable=False)
    # Of one from before: whether its record gives these days. Where it does not, the nearest sure day stands there.
    due_known = models.BooleanField(default=True, editable=False)
    closed_known = models.BooleanField(default=True, editable=False)
    key = models.CharField(max_length=120, editable=False)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    # As PromiseQuerySet.telling_where_it_is found it; nobody else asks.
    passed_to: ClassVar[Words | None] = None

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        ordering = ["due", "pk"]
        indexes = [
            models.Index(fields=["agency", "state", "due"], name="promise_by_date"),
            models.Index(fields=["agency", "area", "state"], name="promise_by_area"),
            models.Index(fields=["agency", "origin"], name="promise_by_origin"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["agency", "key"], name="promise_once_per_key"),
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | (Q(loaded_at__isnull=False) & ~Q(typed_owner="")),
                name="promise_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(due_known=True, closed_known=True)
                | (Q(loaded_at__isnull=False) & ~Q(state=Kept.OPEN)),
                name="promise_day_unknown_of_before",
            ),
            models.CheckConstraint(
                condition=Q(state=Kept.OPEN, closed_on__isnull=True, outcome="")
                | (Q(state__in=OVER, closed_on__isnull=False) & ~Q(outcome="")),
                name="promise_ended_with_words",
            ),
            models.CheckConstraint(
                condition=Q(ended_with__isnull=True) | Q(concern__isnull=False, state__in=OVER),
                name="promise_ended_with_its_concern",
            ),
            models.CheckConstraint(
                condition=~Q(state=Kept.PASSED_ON) | Q(concern__isnull=False),
                name="promise_passed_on_with_its_concern",
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(published_at__isnull=False),
                name="promise_told_of_in_public",
            ),
            models.CheckConstraint(
                condition=Q(origin="") | Q(origin__contains=":"), name="promise_origin_is_a_key"
            ),
        ]

    @property
    def called(self) -> Phrase:
        return phrase("Promise")

    def __str__(self) -> str:
        return str(self.what)

    @property
    def topic(self) -> Origin:
        return Origin("promise", self.public_id)

    @property
    def who(self) -> str:
        """Whoever answers for it, as the public reads it."""
        return str(self.owner) if self.owner is not None else self.typed_owner

    @property
    def is_open(self) -> bool:
        return self.state == Kept.OPEN

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due < self.agency.today()

    @property
    def tone(self) -> str:
        """The color of its badge; the word says it, too."""
        if self.state == Kept.KEPT:
            return "good"
        return "bad" if self.is_late or self.state == Kept.NOT_KEPT else "info"

    @property
    def is_passed_on(self) -> bool:
        """Whether it is another body's to do."""
        return self.state == Kept.PASSED_ON

    @property
    def was_moved(self) -> bool:
        return self.due != self.first_due

    @property
    def kept_on_time(self) -> bool:
        in_time = self.closed_on is not None and self.closed_on <= self.first_due
        return self.state == Kept.KEPT and in_time and self.due_known and self.closed_known

    @property
    def is_loaded(self) -> bool:
        """Whether it is from before, and was loaded later: wherever it is shown, that is said."""
        return self.loaded_at is not None

    @property
    def item_said(self) -> str:
        """The recommendation that it answers to, for whoever does not know catalogs by their keys."""
        catalog, _colon, number = self.item.partition(":")
        if catalog != TASK_FORCE:
            return self.item
        return gettext("recommendation %(number)s of the Task Force on 21st Century Policing") % {
            "number": number
        }

    @property
    def due_said(self) -> str:
        """The promised day, as people say it; nothing where the record of that time gives none."""
        if not self.due_known:
            return ""
        return formats.weekday_and_day(self.due, with_year=self.due.year != self.agency.today().year)


class ChangeQuerySet(AgencyQuerySet["Change"]):
    readers = PromiseQuerySet.readers

    def open_to_all(self) -> Self:
        """Whoever may read a promise may read what happened to it."""
        return self.filter(promise__published_at__isnull=False)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("What happened to a promise is only added to.")


class Change(AgencyOwned):
    """One thing that happened to a promise: who, when, for which day, and the words for it. Added to, never changed."""

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = Line(max_length=160, blank=True)
    turn = models.CharField(max_length=10, choices=Turn)
    text = Authored(max_length=LONGEST_ENDING, blank=True)
    salt = models.CharField(max_length=64, blank=True, editable=False)
    owner_name = Line(max_length=160, blank=True)
    due = models.DateField()
    was_due = models.DateField(null=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a promise")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["promise", "at"], name="change_of_promise")]

    def __str__(self) -> str:
        return self.get_turn_display()
