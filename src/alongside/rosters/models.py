"""Posts on a roster, partners invited to a gathering, and what is known of members: away, usual areas, training."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import AgencyOwned, AgencyQuerySet, Member, Role
from alongside.core import clock
from alongside.core.ids import PublicIdField
from alongside.gatherings.models import Gathering, Series
from alongside.people.models import Partner
from alongside.places.models import Area

LARGEST_GROUP = 60
LONGEST_TOPICS = 600

ROSTER_READERS = frozenset({Role.COORDINATOR, Role.COMMANDER, Role.OFFICER})
KEEPERS = frozenset({Role.COORDINATOR, Role.COMMANDER})


# -- who is on a roster ---------------------------------------------------------------------------
class Part(models.TextChoices):
    """What somebody does at a gathering."""

    HOST = "host", _("Host")
    DEPUTY = "deputy", _("Deputy host")
    LEADER = "leader", _("Commander")
    OFFICER = "officer", _("Officer")
    SCRIBE = "scribe", _("Scribe")
    GUIDE = "guide", _("Guide")


ONE_ONLY = (Part.HOST, Part.DEPUTY)
ORDER_OF_PARTS = {part: place for place, part in enumerate(Part)}


class PostState(models.TextChoices):
    """Where a member stands with a gathering."""

    PROPOSED = "proposed", _("Proposed")
    INVITED = "invited", _("Asked")
    COMING = "coming", _("Coming")
    DECLINED = "declined", _("Not coming")
    RELEASED = "released", _("Taken off")
    CAME = "came", _("Came")


STANDING = (PostState.PROPOSED, PostState.INVITED, PostState.COMING, PostState.CAME)
ASKED = (PostState.INVITED, PostState.COMING)


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
    AWAY = "away", _("Marked away")


class PostQuerySet(AgencyQuerySet["Post"]):
    readers = ROSTER_READERS

    def standing(self) -> Self:
        """Those who are on the roster now; whoever declined or was taken off stays as history."""
        return self.filter(state__in=STANDING)

    def asked(self) -> Self:
        """Those who were asked and have not said no: they hear of changes."""
        return self.filter(state__in=ASKED)

    def with_people(self) -> Self:
        return self.select_related("member__rank", "member__user")


POST_LOOKS = {
    PostState.COMING: "good",
    PostState.CAME: "good",
    PostState.INVITED: "wait",
    PostState.DECLINED: "bad",
}


class Post(AgencyOwned):
    """One member's part in one gathering. Asked again after a no, it is the same row, and the trail keeps both."""

    public_id = PublicIdField()
    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="posts")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="posts")
    part = models.CharField(_("Part"), max_length=10, choices=Part)
    state = models.CharField(_("State"), max_length=10, choices=PostState, default=PostState.PROPOSED)
    because = models.CharField(_("Why"), max_length=10, choices=Because, default=Because.CHOSEN)
    because_area = models.CharField(
        max_length=120, blank=True
    )  # the area they normally work, where that is why
    # A public page may say who comes. Not everybody can be named there.
    named = models.BooleanField(_("May be named in public"), default=True)
    stands_in_for = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replacements"
    )
    asked_at = models.DateTimeField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    heard = models.CharField(max_length=6, choices=Heard, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)
    # The change of the gathering that they heard of last, and what they were told: day, hour, place, or cancelled.
    told_of = models.DateTimeField(null=True, editable=False)
    told_what = models.CharField(max_length=500, blank=True, editable=False)

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

    def __str__(self) -> str:
        return f"{self.member} → {self.gathering}"

    @property
    def look(self) -> str:
        """The color of its state on a page."""
        return POST_LOOKS.get(PostState(self.state), "")

    @property
    def stands(self) -> bool:
        return self.state in STANDING

    @property
    def said_yes(self) -> bool:
        return self.state in {PostState.COMING, PostState.CAME}

    @property
    def is_asked(self) -> bool:
        """They were asked, and have not said no."""
        return self.state in ASKED

    @property
    def may_answer(self) -> bool:
        return self.gathering.may_take_place and self.state != PostState.RELEASED

    @property
    def email(self) -> str:
        """Where to write to. Not everybody who works here can sign in, and so not everybody has an address here."""
        user = self.member.user
        return user.email if self.member.active and user is not None and user.is_active else ""


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


class Away(AgencyOwned):
    """Days on which a member cannot come. Why is theirs to say or not."""

    public_id = PublicIdField()
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="away")
    first = models.DateField(_("First day away"))
    last = models.DateField(_("Last day away"))
    why = models.CharField(
        _("Why"), max_length=80, blank=True, help_text=_("Only if you like. “Away” is enough.")
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
    name = models.CharField(_("Training"), max_length=80)
    done_on = models.DateField(_("Done on"))
    expires_on = models.DateField(_("Valid until"), null=True, blank=True)

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
    name = models.CharField(_("Name"), max_length=120)
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


# -- partners at a gathering ----------------------------------------------------------------------
class InvitationState(models.TextChoices):
    """Where a partner stands with a gathering."""

    PROPOSED = "proposed", _("Proposed")
    INVITED = "invited", _("Invited")
    ACCEPTED = "accepted", _("Coming")
    DECLINED = "declined", _("Not coming")
    RELEASED = "released", _("Taken off")
    CAME = "came", _("Came")
    THANKED = "thanked", _("Came, and thanked")


AT_THE_GATHERING = (InvitationState.ACCEPTED, InvitationState.CAME, InvitationState.THANKED)
PARTNERS_ASKED = (InvitationState.INVITED, InvitationState.ACCEPTED)
INVITATION_LOOKS = {
    **dict.fromkeys(AT_THE_GATHERING, "good"),
    InvitationState.INVITED: "wait",
    InvitationState.DECLINED: "bad",
}


class PartnerInvitationQuerySet(AgencyQuerySet["PartnerInvitation"]):
    readers = ROSTER_READERS

    def coming(self) -> Self:
        """Those who said yes; after the gathering, those who came."""
        return self.filter(state__in=AT_THE_GATHERING)

    def asked(self) -> Self:
        return self.filter(state__in=PARTNERS_ASKED)


class PartnerInvitation(AgencyOwned):
    """One partner's part in one gathering: asked, coming with how many, what they would like discussed."""

    public_id = PublicIdField()
    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="partner_invitations")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="invitations")
    state = models.CharField(
        _("State"), max_length=10, choices=InvitationState, default=InvitationState.PROPOSED
    )
    party = models.PositiveSmallIntegerField(
        _("How many of them"), default=1, validators=[MinValueValidator(1), MaxValueValidator(LARGEST_GROUP)]
    )
    cohost = models.BooleanField(_("Hosts it with us"), default=False)
    topics = models.TextField(_("What should be talked about"), max_length=LONGEST_TOPICS, blank=True)
    asked_at = models.DateTimeField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    heard = models.CharField(max_length=6, choices=Heard, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)
    told_of = models.DateTimeField(null=True, editable=False)
    told_what = models.CharField(max_length=500, blank=True, editable=False)

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
        ]

    def __str__(self) -> str:
        return f"{self.partner} → {self.gathering}"

    @property
    def look(self) -> str:
        """The color of its state on a page."""
        return INVITATION_LOOKS.get(InvitationState(self.state), "")

    @property
    def said_yes(self) -> bool:
        return self.state in AT_THE_GATHERING

    @property
    def is_asked(self) -> bool:
        """They were invited, and have not said no."""
        return self.state in PARTNERS_ASKED

    @property
    def may_be_invited(self) -> bool:
        """Nobody asked them, or they were taken off."""
        return self.state in {InvitationState.PROPOSED, InvitationState.RELEASED}

    @property
    def may_be_won(self) -> bool:
        """They were invited, and have not said yes."""
        return self.state in {InvitationState.INVITED, InvitationState.DECLINED}

    @property
    def lacks_an_address(self) -> bool:
        """They are to be invited, and there is nowhere to write to."""
        return self.state == InvitationState.PROPOSED and not self.partner.email

    @property
    def may_answer(self) -> bool:
        return self.gathering.may_take_place and self.state != InvitationState.RELEASED


class AnswerLink(models.Model):
    """A link by which one member, or one partner, answers for one gathering. Only its digest is here.

    Every mail carries a fresh one, since the old one cannot be read back. It opens nothing after the gathering.
    """

    post = models.ForeignKey(Post, null=True, on_delete=models.CASCADE, related_name="links")
    invitation = models.ForeignKey(
        PartnerInvitation, null=True, on_delete=models.CASCADE, related_name="links"
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("link of an answer")
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False, invitation__isnull=True)
                | Q(post__isnull=True, invitation__isnull=False),
                name="answer_link_of_one_of_them",
            )
        ]

    def __str__(self) -> str:
        return f"{self.post or self.invitation} ({self.made_at:%F})"
