"""An address that asked to hear of a topic, what happened there, and that an address was written to at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Agency, AgencyOwned, AgencyQuerySet, Role
from alongside.core import clock, ids, keys, languages, tokens
from alongside.core.errors import Phrase
from alongside.core.manifest import topics
from alongside.core.origins import LONGEST_KEY, Origin
from alongside.core.said import Ends, SaidLine

# What nobody confirmed is deleted after a week; what somebody confirmed goes on for a year, and is asked for again.
TO_CONFIRM = timedelta(days=7)
STANDS = timedelta(days=365)


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")


class SubscriptionQuerySet(AgencyQuerySet["Subscription"]):
    readers = frozenset({Role.COORDINATOR})

    def confirmed(self) -> Self:
        """Those whose address has said yes, and that have not ended: we may write to them."""
        return self.exclude(confirmed_at=None)

    def to_confirm(self) -> Self:
        return self.filter(confirmed_at=None)

    def about(self, *topics: Origin) -> Self:
        return self.filter(topic__in=[str(topic) for topic in topics])

    def standing(self) -> Self:
        """Of topics that go on, not of one thing that somebody told us."""
        return self.filter(Q(*(Q(topic__startswith=f"{kind}:") for kind in topics()), _connector=Q.OR))

    def left_with_others_than(self, kind: str, things: QuerySet[Any]) -> Self:
        """Those that were left with a thing of this kind, but with none of these."""
        left = self.filter(topic__startswith=f"{kind}:").annotate(thing=Substr("topic", len(kind) + 2))
        return left.exclude(thing__in=things.values("public_id"))

    def out_of_keeping(self) -> Self:
        """Those whose day is over, by each agency's own calendar."""
        over = Q(pk__in=[])
        for agency in Agency.objects.all():
            over |= Q(agency=agency, ends_on__lt=agency.today())
        return self.filter(over).not_held()


class Subscription(AgencyOwned):
    """One address that hears of one topic, in one language, until a day. It says nothing else of anybody.

    A standing topic (a neighborhood, a program) is asked for twice: until its address has said yes, it gets one mail,
    which asks. What is about one thing that somebody did (`concern:…`, `rsvp:…`) needs no second word: it ends with
    that. Nothing brings those of one address together: whoever typed it need not be who reads there.
    """

    public_id = ids.PublicIdField()
    topic = models.CharField(max_length=LONGEST_KEY, editable=False)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.EMAIL, editable=False)
    address = SaidLine(
        _("Address"),
        max_length=254,
        purpose=_("To write to you about the one thing you asked for, and nothing else."),
        ends=Ends(
            _(
                "Left with a code: as long as what you told us is open, and %(days)s days after the last day on which "
                "we ask you whether it is so. After a week, where nobody confirms that they want news; after a year, "
                "where somebody does."
            ),
            days="contact_retention_days",
        ),
        eraser="outreach.jobs.forget_subscriptions",
        what=_("Your address, for news that you asked for"),
        seen_by=_("Nobody in full: staff see how many follow what, and the program sends the mail."),
        sooner=_("With one click from any mail, or on the page where you left it: “Delete my address now”."),
    )
    language = models.CharField(max_length=languages.LONGEST_CODE)
    # The same for all that one address asked of one agency: by this the links in its mails open its own page.
    reader = models.CharField(max_length=16, default=ids.public_id, db_index=True, editable=False)
    consent = models.CharField(max_length=20, blank=True, editable=False)  # which wording they agreed to
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    # None: with the thing it is about, whose day may move. Its room says when (`said.SaidApart`), and lets go of it.
    ends_on = models.DateField(_("Deleted after"), null=True, editable=False)
    # The number of the last happening that it was told of, or that was there before it.
    told = models.BigIntegerField(default=0, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        ordering = ["asked_at", "pk"]
        indexes = [
            models.Index(fields=["agency", "topic", "told"], name="subscription_of_topic"),
            models.Index(fields=["agency", "address"], name="subscription_of_address"),
            models.Index(fields=["ends_on"], name="subscription_ends"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "topic", "channel", "address"], name="subscription_once_each"
            ),
            models.CheckConstraint(condition=~Q(address=""), name="subscription_reaches_somebody"),
        ]

    @property
    def key(self) -> Origin:
        """By this it is known without its address."""
        return Origin("subscription", self.public_id)

    @property
    def called(self) -> Phrase:
        """Never the address: this is what the audit trail and error reports show."""
        return Phrase("%(what)s %(id)s", {"what": self._meta.verbose_name, "id": self.public_id})

    def __str__(self) -> str:
        return str(self.called)


def left_with(kind: str) -> SubscriptionQuerySet:
    """Inside a query of things that are known by keys of this kind: the address that was left with each."""
    topic = Concat(Value(f"{kind}:"), OuterRef("public_id"))
    return Subscription.objects.of(OuterRef("agency")).filter(topic=topic)


class HappeningQuerySet(AgencyQuerySet["Happening"]):
    def open(self) -> Self:
        """What not everybody who follows it has been told of."""
        return self.filter(done_at=None)

    def due(self) -> Self:
        return self.open().filter(due_at__lte=clock.now())

    def numbered(self) -> Self:
        return self.exclude(number=None)

    def old(self) -> Self:
        """Told for so long that no mail of it is on its way."""
        return self.filter(done_at__lt=clock.now() - TO_CONFIRM)


class Happening(AgencyOwned):
    """Something that those who follow a topic hear of: what about, which event, in which topics.

    Its words are made when the mail is, from the thing as it is then. Its number is given when it is first looked at,
    one after the other: rows of transactions that end in another order than they began must not be passed by.
    """

    about = models.CharField(max_length=LONGEST_KEY, editable=False)
    event = models.CharField(max_length=60, editable=False)
    topics: Any = models.JSONField(default=list, editable=False)
    urgent = models.BooleanField(default=False, editable=False)
    at = models.DateTimeField(default=clock.now, editable=False)
    due_at = models.DateTimeField(editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    number = models.BigIntegerField(null=True, editable=False)

    objects = HappeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("happening")
        ordering = ["pk"]
        indexes = [models.Index(fields=["done_at", "due_at"], name="happening_due")]
        constraints = [models.UniqueConstraint(fields=["agency", "number"], name="happening_in_its_order")]

    def __str__(self) -> str:
        return f"{self.event} {self.about}"


class FirstMail(models.Model):
    """That anybody's word made us write to an address: a digest of it, about what, on which day. Never the address.

    By these rows strangers cannot choose whom we write to more than a few times (`limits`).
    """

    digest = tokens.DigestField(ring=keys.ADDRESSES, until="until", editable=False)
    about = models.CharField(max_length=80, editable=False)
    day = models.DateField(editable=False)
    # The first, second … of its day: the database refuses that two at once take the last.
    number = models.PositiveSmallIntegerField(editable=False)
    # The last day on which something followed, and how many mails that day: answering and leaving again is no way to
    # write to somebody all day.
    last_on = models.DateField(editable=False)
    that_day = models.PositiveSmallIntegerField(default=1, editable=False)
    # As long as something may follow it: the day after which it is deleted.
    until = models.DateField(editable=False)

    class Meta:
        verbose_name = _("first mail")
        ordering = ["pk"]
        indexes = [models.Index(fields=["until"], name="first_mail_ends")]
        constraints = [
            models.UniqueConstraint(fields=["digest", "about"], name="first_mail_once_about_it"),
            models.UniqueConstraint(fields=["digest", "day", "number"], name="first_mail_so_many_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.about}, {self.day}"
