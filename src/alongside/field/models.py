"""The field: what was heard and counted on the day, and the recap of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import Agency, AgencyOwned, AgencyQuerySet, Bearer, Owned, Role, User
from alongside.core import clock
from alongside.core.authored import Authored
from alongside.core.errors import Phrase
from alongside.core.ids import PublicIdField
from alongside.core.lines import Line
from alongside.core.said import Ends, SaidText
from alongside.followthrough.models import Concern, ConcernKind, Withheld
from alongside.gatherings.models import Gathering, Status
from alongside.people.models import Partner

LONGEST_WORDS = 1000
LONGEST_RECAP = 3000
LONGEST_PLACE = 120
LARGEST_CROWD = 5000
OPENS_BEFORE = timedelta(days=1)
CLOSES_AFTER = timedelta(days=3)
LOOKS_BACK = timedelta(days=14)
LATE_FOR = timedelta(days=3)

# Who may read what residents said. Officers and analysts may not: that is the wall.
DESK = frozenset({Role.COORDINATOR, Role.COMMANDER})
# Who may write down what is heard for their role. Anybody else may, whom a coordinator chose for it.
SCRIBES = (Role.OFFICER, Role.COMMANDER, Role.COORDINATOR)


class DeskQuerySet(AgencyQuerySet[Owned]):
    """Rows for those who answer for what was said; nobody else, and never the public."""

    readers = DESK

    def heard_at(self, gathering: Gathering) -> Self:
        return self.filter(gathering=gathering)


# -- passes ---------------------------------------------------------------------------------------
SCRIBE, LOOKING_BACK = "scribe", "look-back"


class Pass(AgencyOwned):
    """What comes by one link: of a phone that writes down what is heard, or of a partner who looks back.

    Whose it is and until when, its bearer says, which is forgotten a month after its end; what came by it stays. It
    opens nothing but its gathering: who finds it can add notes, and read none.
    """

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="passes")
    bearer = models.OneToOneField(Bearer, null=True, on_delete=models.SET_NULL, related_name="+")
    cards = models.PositiveIntegerField(default=0, editable=False)  # how many codes its phones were given

    # Who looks back, on a pass that a partner's link has opened.
    partner: Partner | None = None

    objects = DeskQuerySet.as_manager()

    class Meta:
        verbose_name = _("pass")
        verbose_name_plural = _("passes")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.gathering)

    @property
    def by(self) -> Bearer:
        """The link that it was opened by; an old pass whose link is forgotten opens nothing, and has none."""
        assert self.bearer is not None
        return self.bearer


# -- notes ----------------------------------------------------------------------------------------
class Source(models.TextChoices):
    PHONE = "phone", _("Phone")
    PAPER = "paper", _("Paper card")


class NoteQuerySet(DeskQuerySet["Note"]):
    def visible_to(self, user: Any, *, at: Agency) -> Self:
        """A complaint about an officer, or what looks like a record, is read by coordinators alone."""
        here = super().visible_to(user, at=at)
        member = user.membership_at(at) if isinstance(user, User) else None
        if member is not None and member.holds([Role.COORDINATOR]):
            return here
        return here.exclude(concern__withheld__in=[Withheld.OFFICER, Withheld.CJI]).filter(held_words="")

    def held(self) -> Self:
        return self.filter(held=True)

    def out_of_keeping(self) -> Self:
        """Heard as long ago as the agency keeps words: nobody will look at these any more."""
        return self.out_of_time("words_retention_days", moment="heard_at")


class Note(AgencyOwned):
    """One thing said at a gathering: who may have written it down, how, and when.

    What was said, about what and where is its concern's, and is nowhere else. While it is held, the note has the words
    as they were heard, where the concern has them without what may not be kept.
    """

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="notes")
    public_id = PublicIdField()
    client_id = models.UUIDField(editable=False)
    concern = models.OneToOneField(Concern, on_delete=models.RESTRICT, related_name="+")
    consent = models.CharField(max_length=20, editable=False)  # the wording that was read out
    heard_at = models.DateTimeField()
    received_at = models.DateTimeField(default=clock.now)
    source = models.CharField(max_length=8, choices=Source, default=Source.PHONE)
    wants_answer = models.BooleanField(_("Wants an answer"), default=False)
    came_by = models.ForeignKey(Pass, null=True, on_delete=models.SET_NULL, related_name="notes")

    signs = models.JSONField(default=list)  # names of the patterns that were seen
    # It came in withheld, and nobody has looked yet. Why, its concern says.
    held = models.BooleanField(default=False, editable=False)
    held_words = SaidText(
        max_length=LONGEST_WORDS,
        blank=True,
        editable=False,
        purpose=_("So that a person can see whether your words hold something that may not be kept."),
        ends=Ends(
            _("Until a person has looked, and never longer than %(days)s days."),
            days="words_retention_days",
        ),
        eraser="field.jobs.forget_words",
        what=_("Your words as a phone took them down, where they seem to hold a number plate or the like"),
        seen_by=_("Coordinators alone."),
    )
    settled_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    settled_at = models.DateTimeField(null=True, editable=False)

    # Known for this once, to whoever has just sent it: the code of its card, and whether it was here before.
    code, known = "", False

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["heard_at", "pk"]
        indexes = [models.Index(fields=["gathering", "heard_at"], name="note_of_gathering")]
        constraints = [
            models.UniqueConstraint(fields=["agency", "client_id"], name="note_once_per_client_id"),
            models.CheckConstraint(
                condition=Q(held=True, settled_at__isnull=True) | Q(held=False, held_words=""),
                name="note_has_words_only_while_held",
            ),
        ]

    @property
    def called(self) -> Phrase:
        """Never the words: this is what the audit trail and error reports show."""
        return Phrase("%(kind)s %(id)s", {"kind": ConcernKind(self.concern.kind).label, "id": self.public_id})

    def __str__(self) -> str:
        return str(self.called)

    @property
    def words(self) -> str:
        """As they were heard, while somebody has to look at them; then as they went on."""
        return self.held_words or self.concern.words


class HeadCount(AgencyOwned):
    """How many were there, as one device counted. The latest of a device counts; the earlier ones stay."""

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="head_counts")
    client_id = models.UUIDField(editable=False)
    device = models.CharField(max_length=40)
    residents = models.PositiveIntegerField(_("Residents"))
    officers = models.PositiveIntegerField(_("Officers"), default=0)
    partners = models.PositiveIntegerField(_("Partners"), default=0)
    at = models.DateTimeField(pgettext_lazy("heads", "Counted at"))
    received_at = models.DateTimeField(default=clock.now)
    came_by = models.ForeignKey(Pass, null=True, on_delete=models.SET_NULL, related_name="head_counts")

    known = False  # whether it was here before, to whoever has just sent it

    objects = DeskQuerySet.as_manager()

    class Meta:
        verbose_name = _("head count")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "client_id"], name="head_count_once_per_client_id"),
            models.CheckConstraint(
                condition=Q(
                    residents__lte=LARGEST_CROWD, officers__lte=LARGEST_CROWD, partners__lte=LARGEST_CROWD
                ),
                name="head_count_is_a_crowd",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gathering}: {self.residents}"


# -- looking back ---------------------------------------------------------------------------------
class HowMany(models.IntegerChoices):
    """Of the conversations somebody saw or had."""

    NONE = 0, pgettext_lazy("of those who came", "None")
    SOME = 1, pgettext_lazy("of those who came", "Some")
    MOST = 2, pgettext_lazy("of those who came", "Most")
    ALL = 3, pgettext_lazy("of those who came", "All")


class Quality(models.IntegerChoices):
    """How much of it an observer saw."""

    NEVER = 1, _("Not at all")
    LITTLE = 2, _("A little")
    MOSTLY = 3, pgettext_lazy("of the time", "Mostly")
    FULLY = 4, _("Throughout")


class LookBack(AgencyOwned):
    """Who looked back: a member of staff, or a partner by link. One of each person a gathering."""

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="%(class)ss")
    member = models.ForeignKey(
        "agencies.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    partner = models.ForeignKey(Partner, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True

    @property
    def who(self) -> str:
        return str(self.partner or self.member or "")


def _once_each(name: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(
            fields=["gathering", "member"], condition=Q(member__isnull=False), name=f"{name}_once_per_member"
        ),
        models.UniqueConstraint(
            fields=["gathering", "partner"],
            condition=Q(partner__isnull=False),
            name=f"{name}_once_per_partner",
        ),
    ]


class ContactQuality(LookBack):
    """Not how many hands were shaken, but how: introduced by name, asked for views, left a way to be reached."""

    introduced = models.PositiveSmallIntegerField(
        _("Officers said who they are, by name"), choices=HowMany, null=True, blank=True
    )
    asked_views = models.PositiveSmallIntegerField(
        _("They asked what people think, and listened"), choices=HowMany, null=True, blank=True
    )
    left_a_way = models.PositiveSmallIntegerField(
        _("They left a way to be reached"), choices=HowMany, null=True, blank=True
    )

    objects = DeskQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact quality")
        ordering = ["at", "pk"]
        constraints = _once_each("contact_quality")

    @property
    def called(self) -> Phrase:
        return Phrase("%(kind)s: %(what)s", {"kind": self._meta.verbose_name, "what": self.gathering.called})

    def __str__(self) -> str:
        return str(self.called)


class ObservationQuerySet(DeskQuerySet["Observation"]):
    def out_of_keeping(self) -> Self:
        return self.out_of_time("words_retention_days", moment="at")


class Observation(LookBack):
    """The observer’s checklist: voice, neutrality, respect, trustworthy motives; 1 to 4, and words if any."""

    voice = models.PositiveSmallIntegerField(
        _("Voice: people could speak, and were heard"), choices=Quality, null=True, blank=True
    )
    neutrality = models.PositiveSmallIntegerField(
        _("Neutrality: everybody was treated alike, and reasons were given"),
        choices=Quality,
        null=True,
        blank=True,
    )
    respect = models.PositiveSmallIntegerField(
        _("Respect: in words and manner"), choices=Quality, null=True, blank=True
    )
    motives = models.PositiveSmallIntegerField(
        _("Trustworthy motives: they were there for the people"), choices=Quality, null=True, blank=True
    )
    words = SaidText(
        _("In your words"),
        max_length=LONGEST_WORDS,
        blank=True,
        purpose=_("So that we learn how officers spoke with people."),
        ends=Ends(_("%(days)s days after it was written."), days="words_retention_days"),
        eraser="field.jobs.forget_words",
        what=_("What a partner or an observer writes about a walk"),
    )

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation")
        ordering = ["at", "pk"]
        constraints = _once_each("observation")

    @property
    def called(self) -> Phrase:
        return Phrase("%(kind)s: %(what)s", {"kind": self._meta.verbose_name, "what": self.gathering.called})

    def __str__(self) -> str:
        return str(self.called)


class ExceptionKind(models.TextChoices):
    """What must not happen on a walk, and is said when it did."""

    NONE = "none", _("No enforcement took place")
    STOP = "stop", pgettext_lazy("by police", "Stop")
    SEARCH = "search", pgettext_lazy("by police", "Search")
    CITATION = "citation", _("Citation")
    ARREST = "arrest", _("Arrest")
    FORCE = "force", _("Use of force")
    OTHER = "other", _("Other enforcement")


class ExceptionQuerySet(DeskQuerySet["EnforcementException"]):
    def open_to_all(self) -> Self:
        """Kind and count, confirmed or not: bad news is as easy to see as good."""
        return self.exclude(gathering__status=Status.DRAFT)


class EnforcementException(AgencyOwned):
    """The walk was declared free of enforcement: what happened all the same, as kind and count only.

    “None took place” is a statement too, with a count of 0, and a partner confirms it like any other.
    """

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="exceptions")
    public_id = PublicIdField()
    kind = models.CharField(_("Kind"), max_length=10, choices=ExceptionKind)
    count = models.PositiveIntegerField(
        _("How many"), validators=[MinValueValidator(0), MaxValueValidator(500)]
    )
    said_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    said_at = models.DateTimeField(default=clock.now)
    confirmed_by_partner = models.ForeignKey(
        Partner, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = ExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("enforcement exception")
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "kind"], name="exception_once_per_kind"),
            models.CheckConstraint(
                condition=Q(kind=ExceptionKind.NONE, count=0)
                | (~Q(kind=ExceptionKind.NONE) & Q(count__gte=1)),
                name="exception_counts_unless_none",
            ),
        ]

    @property
    def called(self) -> Phrase:
        return Phrase("%(kind)s: %(count)s", {"kind": ExceptionKind(self.kind).label, "count": self.count})

    def __str__(self) -> str:
        return str(self.called)

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


# -- the recap ------------------------------------------------------------------------------------
class RecapQuerySet(AgencyQuerySet["Recap"]):
    readers = DESK

    def open_to_all(self) -> Self:
        return self.filter(published_at__isnull=False).exclude(gathering__status=Status.DRAFT)


class Recap(AgencyOwned):
    """What a gathering came to: facts drawn from the rows, words of a person, approved by one with a name.

    `facts` are what the public may read. Once published they never change: two versions side by side
    would tell what the difference between them is, and so who said it.
    """

    gathering = models.OneToOneField(Gathering, on_delete=models.CASCADE, related_name="recap")
    facts = models.JSONField(default=dict)
    drawn_at = models.DateTimeField(default=clock.now)
    words = Authored(
        _("In a few sentences"),
        max_length=LONGEST_RECAP,
        blank=True,
        help_text=_(
            "What the walk was like, and what comes next. Nobody’s name, and nothing that tells who said what."
        ),
    )
    publish_by = models.DateField(pgettext_lazy("recap", "Published by"))
    edited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    approved_by = Line(max_length=160, blank=True, editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)

    objects = RecapQuerySet.as_manager()

    class Meta:
        verbose_name = _("recap")
        verbose_name_plural = _("recaps")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by="", approved_at=None)
                | (~Q(approved_by="") & Q(approved_at__isnull=False)),
                name="recap_approved_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(approved_at__isnull=False),
                name="recap_published_is_approved",
            ),
        ]

    @property
    def called(self) -> Phrase:
        return Phrase("%(kind)s: %(what)s", {"kind": self._meta.verbose_name, "what": self.gathering.called})

    def __str__(self) -> str:
        return str(self.called)

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class QuarterQuerySet(AgencyQuerySet["QuarterThemes"]):
    readers = DESK

    def open_to_all(self) -> Self:
        """Drawn to be published."""
        return self.all()


class QuarterThemes(AgencyOwned):
    """Themes of the gatherings whose own were too few to publish, together for one neighborhood and one quarter.

    Drawn once, after the quarter, and never again. A gathering is in one pool or tells its own themes, never both.
    """

    neighborhood = models.ForeignKey("places.Area", null=True, on_delete=models.CASCADE, related_name="+")
    first_day = models.DateField()
    gatherings = models.ManyToManyField(Gathering, related_name="+")
    facts = models.JSONField(default=dict)
    drawn_at = models.DateTimeField(default=clock.now)

    objects = QuarterQuerySet.as_manager()

    class Meta:
        verbose_name = _("themes of a quarter")
        ordering = ["-first_day"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "neighborhood", "first_day"], name="quarter_once_per_neighborhood"
            )
        ]

    def __str__(self) -> str:
        return f"{self.neighborhood}: {self.first_day.isoformat()}"
