"""Posts on a roster, partners invited to a gathering, and what is known of members: away, usual areas, training."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self, TypeVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from alongside.agencies import audit
from alongside.agencies.models import AgencyOwned, AgencyQuerySet, Member, Role, User
from alongside.core.errors import Phrase
from alongside.core.ids import PublicIdField
from alongside.core.lines import Line
from alongside.core.origins import Origin
from alongside.core.said import Ends, SaidLine, SaidText
from alongside.gatherings.models import AFTER_THE_DAY, Gathering, Series
from alongside.people.models import Partner
from alongside.places.models import Area

LARGEST_GROUP = 60
LONGEST_TOPICS = 600
# What everybody hears who said that they come, also who wants no invitations.
OWED = frozenset({"changed", "cancelled"})

ROSTER_READERS = frozenset({Role.COORDINATOR, Role.COMMANDER, Role.OFFICER})
KEEPERS = frozenset({Role.COORDINATOR, Role.COMMANDER})


# -- who is asked ---------------------------------------------------------------------------------
class Part(models.TextChoices):
    """What somebody does at a gathering."""

    HOST = "host", _("Host")
    DEPUTY = "deputy", _("Deputy host")
    LEADER = "leader", _("Commander")
    OFFICER = "officer", _("Officer")
    SCRIBE = "scribe", _("Scribe")
    GUIDE = "guide", pgettext_lazy("person", "Guide")


ONE_ONLY = (Part.HOST, Part.DEPUTY)
ORDER_OF_PARTS = {part: place for place, part in enumerate(Part)}


class State(models.TextChoices):
    """Where somebody stands with a gathering they are asked to: one vocabulary for members and partners."""

    PROPOSED = "proposed", pgettext_lazy("somebody asked", "Proposed")
    INVITED = "invited", pgettext_lazy("somebody asked", "Asked")
    COMING = "coming", pgettext_lazy("somebody asked", "Coming")
    DECLINED = "declined", pgettext_lazy("somebody asked", "Not coming")
    RELEASED = "released", pgettext_lazy("somebody asked", "Taken off")
    CAME = "came", pgettext_lazy("somebody asked", "Came")


STANDING = (State.PROPOSED, State.INVITED, State.COMING, State.CAME)
ASKED = (State.INVITED, State.COMING)
SAID_YES = (State.COMING, State.CAME)
LOOKS = {State.COMING: "good", State.CAME: "good", State.INVITED: "wait", State.DECLINED: "bad"}


class Because(models.TextChoices):
    """Why somebody was proposed."""

    SERIES = "series", _("Hosts this series")
    NAMED = "named", _("Named on the page")
    RANK = "rank", _("Next by rank")
    COMMAND = "command", _("Commands this division")
    USUAL = "usual", _("Normally works here")
    KNOWN = "known", _("Has met people here before")
    TURN = "turn", _("Has walked least of late")
    CHOSEN = "chosen", _("Chosen by a person")


class Heard(models.TextChoices):
    """How an answer reached us."""

    LINK = "link", _("By link")
    PAGE = "page", _("On their page")
    TOLD = "told", _("Told the coordinator")
    AWAY = "away", pgettext_lazy("somebody asked", "Marked away")


Somebody = TypeVar("Somebody", bound="Invitee")


class InviteeQuerySet(AgencyQuerySet[Somebody]):
    readers = ROSTER_READERS

    def standing(self) -> Self:
        """Those who are on the list now; whoever declined or was taken off stays as history."""
        return self.filter(state__in=STANDING)

    def asked(self) -> Self:
        """Those who were asked and have not said no: they hear of changes."""
        return self.filter(state__in=ASKED)

    def coming(self) -> Self:
        """Those who said yes; after the gathering, those who came."""
        return self.filter(state__in=SAID_YES)

    def to_ask(self) -> Self:
        """Those who are proposed and were not asked yet."""
        return self.filter(state=State.PROPOSED)

    def still_ours(self) -> Self:
        """Whoever left us answers no more."""
        return self.filter(**{f"{self.model.who}__active": True})

    def with_people(self) -> Self:
        return self.select_related(self.model.who)


class PostQuerySet(InviteeQuerySet["Post"]):
    def with_people(self) -> Self:
        return self.select_related("member__rank", "member__user")


class PartnerInvitationQuerySet(InviteeQuerySet["PartnerInvitation"]):
    def to_ask(self) -> Self:
        """Who wants no invitations is not asked by a program."""
        return super().to_ask().filter(partner__invited=True, partner__active=True)

    def out_of_keeping(self) -> Self:
        """Of gatherings that lie as far back as the agency keeps what it was told for them."""
        return self.out_of_time("contact_retention_days", day="gathering__on")


class Invitee(AgencyOwned):
    """Somebody who is asked to a gathering: what they said, when, and what they were told.

    A kind of invitee is a model of its own. It says who they are and what differs: the field that names them, its
    mails and links, where to write to, and whom one may ask again. Asking and answering (`actions`) is the same.
    """

    who: ClassVar[str]
    """The field that names them. Their mails begin with it: `member_asked.txt`."""
    link_is_for: ClassVar[str]
    """What a link in their mails is for (a purpose in the manifest), and nothing else."""
    opens_as: ClassVar[str]
    """What the key of it begins with."""
    door: ClassVar[str]
    """The page that it opens."""
    may_leave: ClassVar[bool] = False
    """Whether they may tell us to write no more."""
    own_words: ClassVar[frozenset[str]]
    """What an answer of theirs may say beside yes and no."""
    deeds: ClassVar[dict[str, str]]
    """What the audit trail calls it."""

    public_id = PublicIdField()
    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="%(class)ss")
    state = models.CharField(_("State"), max_length=10, choices=State, default=State.PROPOSED)
    asked_at = models.DateTimeField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    heard = models.CharField(max_length=6, choices=Heard, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)
    # What they were told last: day, hour and place, or that it is off. Nobody hears the same twice.
    told_what = models.CharField(max_length=500, blank=True, editable=False)

    # Each kind has its own.
    objects: Any

    class Meta:
        abstract = True

    @property
    def look(self) -> str:
        """The color of its state on a page."""
        return LOOKS.get(State(self.state), "")

    @property
    def state_label(self) -> str:
        """Where they stand, as a page says it."""
        return str(State(self.state).label)

    @property
    def stands(self) -> bool:
        return self.state in STANDING

    @property
    def said_yes(self) -> bool:
        return self.state in SAID_YES

    @property
    def is_asked(self) -> bool:
        """They were asked, and have not said no."""
        return self.state in ASKED

    @property
    def may_answer(self) -> bool:
        return self.gathering.may_take_place and self.state not in {State.RELEASED, State.CAME}

    @property
    def may_be_invited(self) -> bool:
        """Nobody asked them yet."""
        return self.state == State.PROPOSED

    @property
    def may_be_won(self) -> bool:
        """They were asked, and have not said yes."""
        return self.state in {State.INVITED, State.DECLINED}

    @property
    def name(self) -> str:
        return str(self.person)

    @property
    def key(self) -> Origin:
        """What a link in their mails opens."""
        return Origin(self.opens_as, self.public_id)

    @property
    def person(self) -> Member | Partner:
        """Who has the links in their mails, and whatever else they were given for this gathering."""
        person: Member | Partner = getattr(self, self.who)
        return person

    @property
    def email(self) -> str:
        """Where to write to; empty where we have no address, and a person has to speak to them."""
        return ""

    @property
    def language(self) -> str:
        """In which language they are written to."""
        return self.gathering.agency.language

    @property
    def account(self) -> User | None:
        """Who speaks where their link is used, whoever else is signed in at that browser."""
        return None

    @property
    def is_ours(self) -> bool:
        """Whoever left us answers no more."""
        return self.person.active

    def wants(self, news: str) -> bool:
        """Whether they may be written to about this."""
        return True

    def after(self, *, came: bool) -> str:
        """What their state is after the gathering. A tick taken back leaves the answer that was given before."""
        if came:
            return State.CAME
        if self.state != State.CAME:
            return self.state
        return State.COMING if self.answered_at else State.INVITED if self.asked_at else State.PROPOSED


class Post(Invitee):
    """One member's part in one gathering. Asked again after a no, it is the same row, and the trail keeps both."""

    who = "member"
    link_is_for = "roster"
    opens_as = "post"
    door = "rosters:answer"
    own_words = frozenset({"named"})
    deeds = {
        "asked": audit.deed("asked to a roster"),
        "answered": audit.deed("answered a roster"),
        "released": audit.deed("took off a roster"),
        "came": audit.deed("marked who came to"),
    }

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="posts")
    part = models.CharField(pgettext_lazy("somebody’s", "Part"), max_length=10, choices=Part)
    because = models.CharField(_("Why"), max_length=10, choices=Because, default=Because.CHOSEN)
    because_area = Line(max_length=120, blank=True)  # the area they normally work, where that is why
    # A public page may say who comes. Not everybody can be named there.
    named = models.BooleanField(_("May be named in public"), default=True)
    stands_in_for = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replacements"
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post on a roster")
        verbose_name_plural = _("posts on a roster")
        ordering = ["gathering", "pk"]
        indexes = [models.Index(fields=["member", "state"], name="post_of_member")]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "member"], name="post_once_per_member"),
            models.UniqueConstraint(
                fields=["gathering", "part"],
                condition=Q(part__in=ONE_ONLY, state__in=STANDING),
                name="post_one_host_and_one_deputy",
            ),
        ]

    @property
    def called(self) -> Phrase:
        return Phrase("%(who)s → %(what)s", {"who": self.name, "what": self.gathering.called})

    def __str__(self) -> str:
        return str(self.called)

    @property
    def email(self) -> str:
        """Not everybody who works here can sign in, and so not everybody has an address here."""
        user = self.account
        return user.email if self.member.active and user is not None and user.is_active else ""

    @property
    def language(self) -> str:
        return (self.account.language if self.account else "") or super().language

    @property
    def account(self) -> User | None:
        return self.member.user


class PartnerInvitation(Invitee):
    """One partner's part in one gathering: coming with how many, and what they would like discussed."""

    who = "partner"
    link_is_for = "partner-roster"
    opens_as = "invited"
    door = "rosters:partner"
    may_leave = True
    own_words = frozenset({"party", "topics"})
    deeds = {
        "asked": audit.deed("invited partner"),
        "answered": audit.deed("partner answered"),
        "released": audit.deed("took off the partners"),
        "came": audit.deed("marked partners who came to"),
    }

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="invitations")
    party = models.PositiveSmallIntegerField(
        _("How many of them"), default=1, validators=[MinValueValidator(1), MaxValueValidator(LARGEST_GROUP)]
    )
    cohost = models.BooleanField(_("Hosts it with us"), default=False)
    topics = SaidText(
        _("What should be talked about"),
        max_length=LONGEST_TOPICS,
        blank=True,
        purpose=_("So that whoever leads the walk can prepare for it."),
        ends=AFTER_THE_DAY,
        eraser="rosters.jobs.forget_words",
        what=_("What a partner wants to talk about on a walk"),
        sooner=_("By the link in the invitation: empty the box and send it again."),
    )
    thanked = models.BooleanField(default=False, editable=False)

    objects = PartnerInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation of a partner")
        verbose_name_plural = _("invitations of partners")
        ordering = ["gathering", "partner__name"]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "partner"], name="invitation_once_per_partner"),
            models.CheckConstraint(
                condition=Q(party__gte=1, party__lte=LARGEST_GROUP), name="invitation_party_is_a_group"
            ),
            models.CheckConstraint(
                condition=Q(thanked=False) | Q(state=State.CAME), name="invitation_thanked_for_coming"
            ),
        ]

    @property
    def called(self) -> Phrase:
        return Phrase("%(who)s → %(what)s", {"who": self.name, "what": self.gathering.called})

    def __str__(self) -> str:
        return str(self.called)

    @property
    def state_label(self) -> str:
        if self.thanked:
            return gettext("Came, and thanked")
        return pgettext("somebody asked", "Invited") if self.state == State.INVITED else super().state_label

    @property
    def email(self) -> str:
        return self.partner.email

    @property
    def language(self) -> str:
        return self.partner.language

    def wants(self, news: str) -> bool:
        """Who wants no invitations gets none. Whoever said that they come hears of a change all the same."""
        return self.partner.invited or news in OWED

    @property
    def may_be_invited(self) -> bool:
        """Nobody asked them, or they were taken off."""
        return self.state in {State.PROPOSED, State.RELEASED}

    @property
    def lacks_an_address(self) -> bool:
        """They are to be invited, and there is nowhere to write to."""
        return self.state == State.PROPOSED and not self.partner.email

    def after(self, *, came: bool) -> str:
        return self.state if self.thanked else super().after(came=came)


INVITEES: tuple[type[Post | PartnerInvitation], ...] = (Post, PartnerInvitation)


# -- what is known of members ---------------------------------------------------------------------
class HostingQuerySet(AgencyQuerySet["Hosting"]):
    readers = ROSTER_READERS


class Hosting(AgencyOwned):
    """Who hosts the gatherings of a series, and who stands in when they are away."""

    series = models.OneToOneField(Series, on_delete=models.CASCADE, related_name="hosting")
    host = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", verbose_name=_("Host"))
    deputy = models.ForeignKey(
        Member,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Deputy host"),
    )

    objects = HostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("host of a series")
        verbose_name_plural = _("hosts of series")
        constraints = [
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("host")), name="hosting_deputy_is_another"
            )
        ]

    def __str__(self) -> str:
        return f"{self.series}: {self.host}"


class AwayQuerySet(AgencyQuerySet["Away"]):
    readers = KEEPERS

    def on(self, day: date) -> Self:
        return self.filter(first__lte=day, last__gte=day)

    def between(self, first: date, last: date) -> Self:
        return self.filter(first__lte=last, last__gte=first)

    def out_of_keeping(self) -> Self:
        return self.out_of_time("contact_retention_days", day="last")


class Away(AgencyOwned):
    """Days on which a member cannot come. Why is theirs to say or not."""

    public_id = PublicIdField()
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="away")
    first = models.DateField(_("First day away"))
    last = models.DateField(_("Last day away"))
    why = SaidLine(
        _("Why"),
        max_length=80,
        blank=True,
        help_text=_("Only if you like. “Away” is enough."),
        purpose=_("So that whoever plans knows whether to ask again."),
        ends=Ends(_("%(days)s days after the last day away."), days="contact_retention_days"),
        eraser="rosters.jobs.forget_words",
        what=_("Why a member of staff is away, if they say so"),
    )

    objects = AwayQuerySet.as_manager()

    class Meta:
        verbose_name = _("time away")
        verbose_name_plural = _("times away")
        ordering = ["first", "member"]
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="away_ends_after_beginning"),
            models.UniqueConstraint(fields=["member", "first", "last"], name="away_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member} ({self.first} – {self.last})"


class UsualAreaQuerySet(AgencyQuerySet["UsualArea"]):
    readers = ROSTER_READERS


class UsualArea(AgencyOwned):
    """Where a member normally works: a beat, a neighborhood, a division."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="usual_areas")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+")

    objects = UsualAreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("usual area")
        verbose_name_plural = _("usual areas")
        ordering = ["member", "area__name"]
        constraints = [models.UniqueConstraint(fields=["member", "area"], name="usual_area_once")]

    def __str__(self) -> str:
        return f"{self.member}: {self.area}"


class TrainingQuerySet(AgencyQuerySet["Training"]):
    readers = ROSTER_READERS


class Training(AgencyOwned):
    """A course that a member took. It is shown beside their name; nobody is barred for want of one."""

    public_id = PublicIdField()
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="trainings")
    name = Line(_("Training"), max_length=80)
    done_on = models.DateField(pgettext_lazy("training", "Done on"))
    expires_on = models.DateField(pgettext_lazy("training", "Valid until"), null=True, blank=True)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        ordering = ["member", "name"]
        constraints = [
            models.UniqueConstraint(fields=["member", "name"], name="training_once_per_member"),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("done_on")),
                name="training_ends_after_it_was_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.name}"

    def is_valid(self, on: date) -> bool:
        return self.expires_on is None or self.expires_on >= on


# -- public bodies --------------------------------------------------------------------------------
class PublicBodyQuerySet(AgencyQuerySet["PublicBody"]):
    readers = KEEPERS


class PublicBody(AgencyOwned):
    """A council or board whose members, enough of them in one place, may hold a meeting without meaning to."""

    public_id = PublicIdField()
    name = Line(_("Name"), max_length=120)
    members = models.PositiveSmallIntegerField(
        _("How many members it has"), validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    quorum = models.PositiveSmallIntegerField(
        _("Quorum"),
        validators=[MinValueValidator(1), MaxValueValidator(500)],
        help_text=_(
            "How many of them make a meeting. Ask your counsel: the law differs from state to state."
        ),
    )
    partners = models.ManyToManyField(Partner, through="Seat", related_name="bodies")

    objects = PublicBodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("public body")
        verbose_name_plural = _("public bodies")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="body_once_per_name"),
            models.CheckConstraint(
                condition=Q(quorum__gte=1, quorum__lte=F("members")), name="body_quorum_within_members"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """A partner who sits on a public body."""

    body = models.ForeignKey(PublicBody, on_delete=models.CASCADE, related_name="seats")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="seats")

    class Meta:
        verbose_name = _("seat")
        constraints = [models.UniqueConstraint(fields=["body", "partner"], name="seat_once")]

    def __str__(self) -> str:
        return f"{self.partner}, {self.body}"
