"""Agencies and their staff, and the rule for what each person may see."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Self, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core import clock, keys, languages, measures, tokens
from alongside.core.errors import Phrase
from alongside.core.ids import PublicIdField
from alongside.core.lines import EmailLine, Line
from alongside.core.manifest import purposes, records_of
from alongside.core.origins import LONGEST_KEY, Origin
from alongside.core.phrases import PhraseField

# Words that begin an address of the install itself: no agency may be called so.
RESERVED_SLUGS = frozenset(
    {
        "accounts",
        "admin",
        "agencies",
        "agency",
        "alongside",
        "api",
        "assets",
        "check",
        "demo",
        "favicon",
        "health",
        "healthz",
        "help",
        "install",
        "live",
        "login",
        "logout",
        "manifest",
        "media",
        "methods",
        "new",
        "robots",
        "setup",
        "sign-in",
        "signin",
        "static",
        "style",
        "sw",
        "system",
        "welcome",
        "well-known",
        "workspace",
        "www",
    }
)


class UserManager(BaseUserManager["User"]):
    """Staff accounts are known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """Somebody who can sign in: staff only. Residents need no account."""

    email = EmailLine(_("E-mail"), unique=True)
    is_active = models.BooleanField(default=True)
    # In which language they are written to; empty: the first of their agency.
    language = models.CharField(_("Language of your mail"), max_length=languages.LONGEST_CODE, blank=True)
    date_joined = models.DateTimeField(default=clock.now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("user")

    def __str__(self) -> str:
        return self.email

    # Of whoever has a session that was opened without its second step (agencies.second_step). A command, a job and the
    # name in the audit trail ask for people, not for sessions.
    half_signed_in = False

    def membership_at(self, agency: Agency) -> Member | None:
        """This person's place at an agency, asked of the database once a request. None in a session by half."""
        if self.half_signed_in:
            return None
        known: dict[int, Member | None] = self.__dict__.setdefault("_memberships", {})
        if agency.pk not in known:
            known[agency.pk] = (
                Member.objects.of(agency)
                .filter(user=self, active=True)
                .select_related("rank")
                .prefetch_related("duties")
                .first()
                if self.is_active
                else None
            )
        return known[agency.pk]


class Role(models.TextChoices):
    """What a member does here, and so what they may see and do. One person may hold several."""

    ADMINISTRATOR = "administrator", _("Administrator")
    COORDINATOR = "coordinator", _("Coordinator")
    ANALYST = "analyst", _("Analyst")
    COMMANDER = "commander", _("Commander")
    OFFICER = "officer", _("Officer")
    MODERATOR = "moderator", _("Moderator")
    INFORMATION_OFFICER = "information_officer", _("Public information officer")
    RECORDS_OFFICER = "records_officer", _("Records officer")
    PARTNER = "partner", _("Partner")


class AgencyKind(models.TextChoices):
    MUNICIPAL = "municipal", _("City or town police")
    COUNTY = "county", _("County or sheriff")
    TRIBAL = "tribal", _("Tribal police")
    STATE = "state", _("State police or highway patrol")
    CAMPUS = "campus", _("Campus police")


@cache
def timezones() -> frozenset[str]:
    """All that this machine knows. To list them is to look through hundreds of files, so it is done once."""
    return frozenset(available_timezones())


def real_timezone(value: str) -> None:
    if value not in timezones():
        raise ValidationError(
            _("“%(zone)s” is no time zone. Use a name such as America/New_York."), params={"zone": value}
        )


def free_slug(value: str) -> None:
    if value in RESERVED_SLUGS or languages.begins_an_address(value):
        raise ValidationError(
            _("“%(slug)s” is a word this site needs itself. Choose another."), params={"slug": value}
        )


def languages_we_have(value: Any) -> None:
    """A list of codes without one twice, each of a language that there are words in."""
    if not isinstance(value, list) or value != languages.among(value):
        raise ValidationError(
            _("Choose among the languages that this site has: %(codes)s."),
            params={"codes": ", ".join(languages.codes())},
        )


class LanguagesField(models.JSONField):
    """Codes of languages, an agency's own first. One that this site has lost since is not read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"default": languages.codes, "validators": [languages_we_have]})

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> list[str] | None:
        codes = super().from_db_value(value, expression, connection)
        return None if codes is None else languages.among(codes)  # none where a join found no agency


class AgencyModelQuerySet(models.QuerySet["Agency"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Published agencies, and those this person works for."""
        if not isinstance(user, User) or user.half_signed_in:
            return self.filter(published=True)
        mine = models.Q(members__user=user, members__active=True)
        return self.filter(models.Q(published=True) | mine).distinct()

    def with_releases(self) -> Self:
        """Each with how often it released something: every footer says it, in the question that every page asks."""
        counted = (
            Release.objects.of(OuterRef("pk")).order_by().values("agency").annotate(so_far=models.Count("pk"))
        )
        return self.annotate(releases_counted=models.Subquery(counted.values("so_far")))


class Agency(models.Model):
    """A police agency that runs its programs here."""

    slug = models.CharField(
        _("Address"),
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z][a-z0-9-]{1,38}[a-z0-9]\Z", _("Use 3 to 40 small letters, digits and hyphens.")
            ),
            free_slug,
        ],
        help_text=_("The last part of your public address, such as “riverbend”."),
    )
    name = Line(_("Name"), max_length=120)
    timezone = models.CharField(_("Time zone"), max_length=60, validators=[real_timezone])
    kind = models.CharField(
        _("Kind of agency"), max_length=20, choices=AgencyKind, default=AgencyKind.MUNICIPAL
    )
    languages = LanguagesField(_("Languages"))
    units = models.CharField(
        _("Lengths are told in"), max_length=10, choices=measures.Units, default=measures.Units.MILES
    )
    published = models.BooleanField(
        _("Open to the public"),
        default=True,
        help_text=_("Closed, only staff can see any page of this agency."),
    )
    # What a person has accepted that public pages say in the agency's name: by the statement's name, who and when.
    statements = models.JSONField(default=dict, blank=True, editable=False)
    contact_email = EmailLine(_("Public e-mail"), blank=True)
    contact_retention_days = models.PositiveSmallIntegerField(
        _("Days that residents’ contact details are kept"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("Counted from the day of the walk or meeting. Then they are deleted."),
    )
    words_retention_days = models.PositiveSmallIntegerField(
        _("Days that residents’ words are kept"),
        default=730,
        validators=[MinValueValidator(30), MaxValueValidator(3650)],
        help_text=_(
            "Counted from the day on which we were done with them: answered, or closed. Then they are deleted. "
            "Ask your records officer how long your state wants them kept."
        ),
    )
    roof_minutes = models.PositiveSmallIntegerField(
        _("Farthest indoor place, in minutes on foot"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_(
            "In winter and in bad weather nobody is sent farther from where we meet, or from the area. You can still "
            "choose a place yourself, such as a mall, to reach more people."
        ),
    )
    # How long records are kept, where a schedule says otherwise than the settings above: by the kind's name, the days
    # (none: until a law sets some), by which authority, who wrote it down and when (agencies.retention).
    schedule = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    # The day of the upgrade that brought clocks for what had none. They begin then: no upgrade deletes anything.
    clocks_since = models.DateField(null=True, editable=False)

    objects = AgencyModelQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(contact_retention_days__gte=1, contact_retention_days__lte=365),
                name="agency_contact_retention_within_a_year",
            ),
            models.CheckConstraint(
                condition=models.Q(words_retention_days__gte=30, words_retention_days__lte=3650),
                name="agency_words_retention_within_ten_years",
            ),
            models.CheckConstraint(
                condition=models.Q(roof_minutes__gte=1, roof_minutes__lte=120),
                name="agency_roof_within_two_hours",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def language(self) -> str:
        """The agency's own language: the one it writes in first, and to whoever has not said theirs."""
        own: str = self.languages[0]
        return own

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def local(self, moment: datetime) -> datetime:
        """The wall clock here at a moment."""
        return moment.astimezone(self.zone)

    def today(self) -> date:
        """The date here, which may not be the server's."""
        return self.local(clock.now()).date()

    def days_kept(self, setting: str, model: type[models.Model] | None = None) -> float:
        """For how many days rows of a model are kept: by the schedule, else by the setting. Infinite: no day is set."""
        known = records_of(model._meta.label) if model else None
        line = self.schedule.get(known[0].name, {}) if known and known[0].is_by_days else {}
        days: float = line.get("days", getattr(self, setting))
        return math.inf if days is None else days

    @cached_property
    def releases(self) -> int:
        """How often something of what people told us was released, ever."""
        if "releases_counted" in self.__dict__:
            return self.__dict__["releases_counted"] or 0
        return Release.objects.of(self).count()


Owned = TypeVar("Owned", bound="AgencyOwned", covariant=True)


class AgencyQuerySet(models.QuerySet[Owned]):
    """Rows that belong to an agency. Every read for a person begins with `visible_to`."""

    # Which roles may read rows that are not public. None: every active member. Administrators always may.
    readers: frozenset[Role] | None = None

    def open_to_all(self) -> Self:
        """Of these rows, what a stranger may see. Nothing, unless a model says otherwise."""
        return self.none()

    def visible_to(self, user: User | AnonymousUser, *, at: Agency) -> Self:
        """The rows of one agency that this person may see. The same door for pages, commands and programs."""
        here = self.filter(agency=at)
        member = user.membership_at(at) if isinstance(user, User) else None
        if member is not None and member.may_read(self.readers):
            return here
        return here.open_to_all() if at.published or member is not None else here.none()

    # -- reads by the agency itself: the word says why nobody need ask who is looking ----------------
    def of(self, agency: Agency | int | models.OuterRef) -> Self:
        """The agency's own, for its plans, forms and work. Whoever shows of these says to whom."""
        return self.filter(agency=agency)

    def belonging_to(self, **row: Any) -> Self:
        """What hangs on a row that passed the door before: `Post.objects.belonging_to(gathering=gathering)`."""
        names = [name.split("__")[0] for name in row]
        if not names or not all(self.model._meta.get_field(name).is_relation for name in names):
            raise TypeError(f"belonging_to names the row that {self.model.__name__} hangs on")
        return self.filter(**row)

    def everywhere(self) -> Self:
        """Of every agency: for work by the clock, for looking after the install, and for what a prefetch narrows."""
        return self.all()

    def out_of_time(
        self,
        days: str,
        *,
        day: str = "",
        moment: str = "",
        always: bool = False,
        at: Agency | None = None,
        within: timedelta = timedelta(),
    ) -> Self:
        """Rows whose day or moment lies as many days back as their agency has set, each by its own calendar; none held.

        `days`: the agency's setting; `day` or `moment`: the column that it is counted from. `always`: it was promised
        before there were clocks for all that is said, and so does not wait for them (`Agency.clocks_since`). `at`: of
        one agency; `within`: those of which this is so in so many days.
        """
        over = models.Q(pk__in=[])
        for agency in [at] if at else Agency.objects.all():
            set_for_these = agency.days_kept(days, self.model)
            if math.isinf(set_for_these):
                continue
            kept = timedelta(days=set_for_these) - within
            if not always and agency.clocks_since and agency.today() < agency.clocks_since + kept:
                continue
            past = {f"{day}__lte": agency.today() - kept} if day else {f"{moment}__lte": clock.now() - kept}
            over |= models.Q(agency=agency, **past)
        return not_held(self.filter(over))

    def not_held(self) -> Self:
        """Without those that a legal hold keeps."""
        return not_held(self)


class AgencyOwned(models.Model):
    """A thing of one agency."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+", verbose_name=_("agency"))

    class Meta:
        abstract = True


class Rank(AgencyOwned):
    """A rank as this agency has it: no two agencies share a ladder."""

    name = Line(_("Rank"), max_length=60)
    level = models.PositiveSmallIntegerField(
        pgettext_lazy("of ranks", "Order"), help_text=_("1 is the highest.")
    )

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["level", "name"]
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="rank_once_per_agency")]

    def __str__(self) -> str:
        return self.name


class MemberQuerySet(AgencyQuerySet["Member"]):
    def active(self) -> Self:
        return self.filter(active=True)

    def holding(self, *roles: Role) -> Self:
        return self.filter(duties__role__in=roles).distinct()


class Member(AgencyOwned):
    """A member of staff, or a helper such as a moderator from the community. Not everybody here can sign in."""

    KIND = "member"  # of a key

    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, related_name="members", verbose_name=_("agency")
    )
    public_id = PublicIdField()
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="memberships"
    )
    name = Line(_("Name"), max_length=120)
    rank = models.ForeignKey(Rank, null=True, blank=True, on_delete=models.SET_NULL, related_name="members")
    employee = models.BooleanField(_("Employed by the agency"), default=True)
    active = models.BooleanField(pgettext_lazy("at work here", "Active"), default=True)

    ENDED = models.Q(active=False)  # who left does not come back by a backup

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        ordering = ["rank__level", "name"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "user"], name="member_once_per_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.rank} {self.name}" if self.rank else self.name

    @property
    def language(self) -> str:
        """In which language they are written to."""
        return (self.user.language if self.user else "") or self.agency.language

    @property
    def key(self) -> Origin:
        """By this what they have is found, and whose account an invitation opens."""
        return Origin(self.KIND, self.public_id)

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(duty.role for duty in self.duties.all())

    def holds(self, roles: Iterable[Role]) -> bool:
        """Whether this member holds one of the roles. An administrator holds every role but the partner's."""
        return bool(self.roles & {Role.ADMINISTRATOR, *roles})

    def may_read(self, readers: frozenset[Role] | None) -> bool:
        if readers is None:  # all staff, but not a partner who came by a link
            return bool(self.roles - {Role.PARTNER})
        return self.holds(readers)


class Duty(models.Model):
    """A role that a member holds."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="duties")
    role = models.CharField(max_length=24, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "role"], name="duty_once_per_member"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="duty_is_a_role"),
        ]
        ordering = ["role"]

    def __str__(self) -> str:
        return str(Role(self.role).label)


class BearerQuerySet(AgencyQuerySet["Bearer"]):
    readers = frozenset({Role.COORDINATOR})

    def not_ended(self) -> Self:
        """Those that nobody ended, and whose own day has not come. What they open may be over all the same."""
        return self.filter(ended_at=None).exclude(ends_at__lte=clock.now())

    def had_by(self, person: Origin) -> Self:
        """What somebody has: one of ours, or whom a room above knows by this key."""
        if person.kind == Member.KIND:
            return self.filter(member__public_id=person.public_id)
        return self.filter(who=str(person))

    def named_first(self) -> Self:
        """Those of somebody whom we know before residents' own, of whom there are many; the newest first."""
        nameless = models.Case(
            models.When(member=None, who="", typed="", then=1), default=0, output_field=models.IntegerField()
        )
        return self.order_by(nameless, "-made_at", "-pk")

    def with_people(self) -> Self:
        return self.select_related("agency", "member__rank", "member__user").prefetch_related(
            "member__duties"
        )


class Bearer(AgencyOwned):
    """A link or a pass in somebody's hand: what for, whose, what it opens, until when. Only its digest is here.

    It ends with its person, with what it opens, or with its own day, whichever comes first: `bearers` asks at the door
    and in the list alike. `member` is one of ours; `who` the key of somebody whom a room above knows; `typed` a name
    that a person typed. With none of them it is whoever has it, as a resident with the link to their answer.
    """

    public_id = PublicIdField()
    purpose = models.CharField(max_length=20, editable=False)
    digest = tokens.DigestField(ring=keys.LINKS, until="ends_at", unique=True, editable=False)
    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.CASCADE, related_name="bearers"
    )
    who = models.CharField(max_length=LONGEST_KEY, blank=True, editable=False)
    typed = Line(max_length=80, blank=True)
    opens = models.CharField(max_length=LONGEST_KEY, editable=False)
    by_role = models.BooleanField(default=False, editable=False)
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    used_at = models.DateTimeField(null=True, editable=False)
    ends_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    # What opens nothing any more must not open again where a backup is restored (core.backup.erased).
    ENDED = models.Q(ended_at__isnull=False)

    objects = BearerQuerySet.as_manager()

    class Meta:
        verbose_name = _("link or pass")
        verbose_name_plural = _("links and passes")
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["agency", "purpose", "ended_at"], name="bearer_of_purpose"),
            models.Index(fields=["opens"], name="bearer_opens"),
            models.Index(fields=["who"], name="bearer_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(member=None, who="")
                | models.Q(member=None, typed="")
                | models.Q(who="", typed=""),
                name="bearer_of_one_person",
            ),
        ]

    def __str__(self) -> str:
        return str(self.called)

    @property
    def called(self) -> Phrase:
        """What it is for, and one of ours by name. Never a name that somebody typed: the audit trail keeps this."""
        label = purposes()[self.purpose].label
        if self.member is None:
            return Phrase("%(label)s", {"label": label})
        return Phrase("%(label)s: %(name)s", {"label": label, "name": str(self.member)})

    @property
    def person(self) -> Origin | None:
        """By which all of theirs are found; nobody for a guest."""
        if self.member:
            return self.member.key
        return Origin.of(self.who) if self.who else None

    @property
    def holder(self) -> str:
        """One of ours, or whoever was typed; for others their room knows a name."""
        return str(self.member or self.typed)

    @property
    def label(self) -> str:
        return str(purposes()[self.purpose].label)


class Invitation(AgencyOwned):
    """The address to which a member was invited, and the link by which they make their account: once."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="invitation")
    email = EmailLine(_("E-mail"))
    bearer = models.OneToOneField(Bearer, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = AgencyQuerySet.as_manager()

    def __str__(self) -> str:
        return self.email


class AuditQuerySet(AgencyQuerySet["AuditEntry"]):
    readers = frozenset({Role.COORDINATOR, Role.RECORDS_OFFICER, Role.COMMANDER, Role.INFORMATION_OFFICER})

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("The audit trail is only added to.")

    def update(self, **kwargs: Any) -> int:
        raise TypeError("The audit trail is only added to.")


class AuditEntry(AgencyOwned):
    """Who did what to which thing, when. Written in the same transaction as the deed, and never changed."""

    at = models.DateTimeField(default=clock.now, db_index=True)
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    actor_name = Line(max_length=160)
    verb = models.CharField(max_length=60)
    thing_kind = models.CharField(max_length=60)
    thing_id = models.CharField(max_length=40)
    thing_name = PhraseField()
    detail = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["agency", "-at"], name="audit_of_agency")]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb} {self.thing_name}"


# -- records ----------------------------------------------------------------------------------------
EVERYTHING = "everything"
RECORDS_READERS = frozenset({Role.RECORDS_OFFICER})


class HoldQuerySet(AgencyQuerySet["Hold"]):
    readers = RECORDS_READERS

    def standing(self) -> Self:
        return self.filter(lifted_at=None)


class Hold(AgencyOwned):
    """A legal hold: no clock disposes of what it covers, and nothing of it is erased, until it is lifted.

    It covers a kind of record, everything, or one thing by its key: what is known by it, and what came from it.
    """

    public_id = PublicIdField()
    kind = models.CharField(max_length=60, blank=True, editable=False)
    key = models.CharField(max_length=LONGEST_KEY, blank=True, editable=False)
    reason = Line(_("Why"), max_length=400)
    matter = Line(_("Number of the matter"), max_length=80, blank=True)
    placed_at = models.DateTimeField(default=clock.now, editable=False)
    placed_by = Line(max_length=160, editable=False)
    lifted_at = models.DateTimeField(null=True, editable=False)
    lifted_by = Line(max_length=160, blank=True, editable=False)
    lifted_because = Line(_("Why it is lifted"), max_length=400, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-placed_at", "-pk"]
        indexes = [models.Index(fields=["agency"], condition=Q(lifted_at__isnull=True), name="hold_standing")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="") & ~Q(key="") | Q(key="") & ~Q(kind=""), name="hold_covers_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by="", lifted_because="")
                | Q(lifted_at__isnull=False) & ~Q(lifted_by="") & ~Q(lifted_because=""),
                name="hold_lifted_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.called)

    @property
    def called(self) -> Phrase:
        """Never why: this is what the audit trail shows."""
        return Phrase("%(what)s %(id)s", {"what": self._meta.verbose_name, "id": self.public_id})


Held = TypeVar("Held", bound="models.QuerySet[Any]")


def not_held(rows: Held) -> Held:
    """Of these rows, those that no hold keeps. Asked in the same question, so that it costs none of its own."""
    known = records_of(rows.model._meta.label)
    agency = known[1].agency if known else "agency"
    covers = Q(kind__in=[EVERYTHING, *([known[0].name] if known else [])])
    if known:
        for column in known[1].keys:
            covers |= ~Q(key="") & Q(key=OuterRef(column))
        for kind, column in known[1].ids.items():
            covers |= Q(key=Concat(Value(f"{kind}:"), OuterRef(column)))
    holds = Hold.objects.of(OuterRef(agency)).standing().filter(covers)
    return rows.filter(~models.Exists(holds))


class ErasureQuerySet(AgencyQuerySet["Erasure"]):
    readers = RECORDS_READERS

    def waiting(self) -> Self:
        return self.filter(done_at=None)


class Erasure(AgencyOwned):
    """Somebody asked that what we keep under a key be erased, and a hold forbade it: it goes when the hold ends."""

    key = models.CharField(max_length=LONGEST_KEY, editable=False)
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure that waits")
        verbose_name_plural = _("erasures that wait")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "key"], condition=Q(done_at__isnull=True), name="erasure_waits_once"
            )
        ]

    def __str__(self) -> str:
        return self.key


class DisposalQuerySet(AgencyQuerySet["Disposal"]):
    readers = RECORDS_READERS

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("Certificates of disposal are only added to.")

    def update(self, **kwargs: Any) -> int:
        raise TypeError("Certificates of disposal are only added to.")


class Disposal(AgencyOwned):
    """A certificate: how many records of a kind a clock disposed of, of which days, by which rule. Never what."""

    public_id = PublicIdField()
    kind = models.CharField(max_length=60, editable=False)
    count = models.PositiveIntegerField(editable=False)
    first = models.DateField(null=True, editable=False)
    last = models.DateField(null=True, editable=False)
    # The rule as it was then: days (none: the kind's own clock), and by which authority.
    days = models.PositiveIntegerField(null=True, editable=False)
    authority = Line(max_length=200, blank=True, editable=False)
    at = models.DateTimeField(default=clock.now, editable=False)
    eraser = models.CharField(max_length=80, editable=False)  # the job by which they went

    objects = DisposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate of disposal")
        verbose_name_plural = _("certificates of disposal")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["agency", "-at"], name="disposal_of_agency")]
        constraints = [
            models.CheckConstraint(condition=Q(count__gte=1), name="disposal_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%F}"


class ReleaseKind(models.TextChoices):
    SUBPOENA = "subpoena", _("Subpoena")
    WARRANT = "warrant", _("Search warrant")
    COURT_ORDER = "court_order", _("Court order")
    RECORDS_REQUEST = "records_request", _("Public records request")
    OTHER = "other", pgettext_lazy("release", "Another legal duty")


class ReleaseQuerySet(AgencyQuerySet["Release"]):
    readers = RECORDS_READERS


class Release(AgencyOwned):
    """Something of what people told us was released because a law or a court demanded it. Of what, never of whom."""

    public_id = PublicIdField()
    kind = models.CharField(_("Kind"), max_length=20, choices=ReleaseKind)
    on = models.DateField(pgettext_lazy("release", "Released on"))
    basis = Line(
        pgettext_lazy("release", "Legal basis"),
        max_length=200,
        help_text=_("The law or the order, such as “KRS 61.870”. Never anybody’s name."),
    )
    records = models.PositiveIntegerField(_("How many records"), help_text=_("As they are counted here."))
    by_name = Line(max_length=160, editable=False)
    written_at = models.DateTimeField(default=clock.now, editable=False)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal release")
        verbose_name_plural = _("legal releases")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["agency", "on"], name="release_of_agency")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ReleaseKind.values), name="release_has_a_kind"),
        ]

    def __str__(self) -> str:
        return str(self.called)

    @property
    def called(self) -> Phrase:
        return Phrase("%(kind)s, %(day)s", {"kind": ReleaseKind(self.kind).label, "day": self.on})
