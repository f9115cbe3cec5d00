"""The outbox: a message is a row written with the news it carries; its words are made when it leaves, by a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import Agency, AgencyOwned, AgencyQuerySet, Role
from alongside.core import clock, languages
from alongside.core.errors import Phrase, phrase
from alongside.core.ids import PublicIdField
from alongside.core.manifest import follow, letters
from alongside.core.origins import LONGEST_KEY, Origin
from alongside.core.phrases import SaidPhrase
from alongside.core.readers import written_for
from alongside.core.said import Ends, SaidEmail
from alongside.outreach.subscriptions.models import FirstMail, Happening, Subscription

__all__ = ["FirstMail", "Happening", "Letter", "Mail", "Message", "State", "Subscription", "Untrue"]


@dataclass(frozen=True)
class Letter:
    """What a message says to its reader, in their language, from the facts and the rows as they are now."""

    subject: str
    text: str
    html: str = ""
    unsubscribe_url: str = ""
    # Of what may change, what it says: to be held against what is true when a later one leaves.
    told: Sequence[str] | None = None


class Untrue(Exception):
    """A message is true no longer, and is not sent. Its phrase says why, to staff.

    `heir`: a later message to the same reader that says it all, with what it has to know for that.
    """

    def __init__(
        self, why: Phrase, *, heir: Mail | None = None, inherits: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(why)
        self.why, self.heir, self.inherits = why, heir, inherits or {}


@dataclass(frozen=True)
class Message:
    """One thing to tell one person: which letter of a manifest, about what, and the facts that no row keeps.

    `about` is what it stands and falls with, `whose` the answer, post or person by which its reader is known: by
    these it is found again when a walk is called off or an address taken back. `once`: telling the same twice is
    telling it once. `batch`: what was told to several people at one time is counted together. `thing`: the row of
    `whose`, where whoever tells has it in hand. `typed_until`: anybody may have typed the address, so that limits hold
    for it (outreach.subscriptions.limits); until then something may follow from it. `can_wait`: not at night.
    `with_more`: what follows within minutes is told with it; it waits so long, and its letter takes along what came.
    """

    kind: str
    agency: Agency | None
    to: str
    language: str
    about: Origin | None = None
    whose: Origin | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    once: str | None = None
    batch: str = ""
    thing: Any = None
    typed_until: date | None = None
    can_wait: bool = False
    with_more: bool = False


class State(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("mail", "Waiting")
    SENT = "sent", pgettext_lazy("mail", "Sent")
    FAILED = "failed", pgettext_lazy("mail", "Failed")
    WITHDRAWN = "withdrawn", pgettext_lazy("mail", "Withdrawn")


# What the install itself wrote belongs to no agency, and so has no agency's time to be kept.
KEEP_OWN = timedelta(days=30)


def _earlier(mail: Mail) -> Q:
    return Q(not_before__lt=mail.not_before) | Q(not_before=mail.not_before, pk__lt=mail.pk)


class MailQuerySet(AgencyQuerySet["Mail"]):
    readers = frozenset({Role.COORDINATOR, Role.INFORMATION_OFFICER})

    def waiting(self) -> Self:
        return self.filter(state=State.WAITING)

    def failed(self) -> Self:
        return self.filter(state=State.FAILED)

    def in_order(self) -> Self:
        """As they leave: the oldest first, and what is held back at its hour."""
        return self.order_by("not_before", "pk")

    def to_the_same(self, mail: Mail) -> Self:
        """Of the same sender to the same address: these leave one after the other. Asked of an index, `mail_line`:
        however many wait for others, it costs the same."""
        return self.alias(line=Lower("to")).filter(agency=mail.agency_id, line=Lower(Value(mail.to)))

    def before(self, mail: Mail) -> Self:
        """Those whose turn is before it."""
        return self.filter(_earlier(mail))

    def after(self, mail: Mail) -> Self:
        """Those whose turn is after it."""
        return self.exclude(pk=mail.pk).exclude(_earlier(mail))

    def refused(self) -> Self:
        """Those whose address the mail server knows nothing of."""
        return self.exclude(refused_at=None).exclude(to="")

    def of_room(self, kind: str) -> Self:
        """Those that the same room writes: an address that fails one purpose is not judged for another."""
        return self.filter(kind__startswith=f"{kind.partition('.')[0]}.")

    def out_of_keeping(self) -> Self:
        """Sent or given up, and as old as its agency keeps addresses; or the install's own, and a month old."""
        own = Q(agency=None, created_at__lte=clock.now() - KEEP_OWN)
        old = Q(
            pk__in=self.out_of_time("contact_retention_days", moment="created_at", always=True).values("pk")
        )
        return self.exclude(state=State.WAITING).filter(own | old)


LATER = Ends(
    _("The words when the mail is sent; the address %(days)s days after it was written."),
    days="contact_retention_days",
)
FOR_MAIL: dict[str, Any] = {
    "purpose": _("To send what you asked to hear, and to see that it arrived."),
    "ends": LATER,
    "eraser": "outreach.jobs.erase",
    "what": _("Mail to you: its address and words"),
    "seen_by": _("Nobody in full: staff see the first letter of an address, and whether the mail arrived."),
    "sooner": _("Delete your address where you left it: mail that waits goes with it."),
}


class Mail(AgencyOwned):
    """One message to one person, by e-mail. Its facts go when it is over, its address when the agency's time is up."""

    # None for what the install itself writes, such as a new password: nobody's workspace shows those.
    agency = models.ForeignKey(  # type: ignore[assignment]  # of what an agency owns, only mail may have none
        Agency, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    public_id = PublicIdField()
    # Which letter of a manifest: it makes the words when the mail leaves.
    kind = models.CharField(max_length=60)
    # Keys (core.origins) of what it is about, and of the answer, post or person by which its reader is known.
    about = models.CharField(max_length=LONGEST_KEY, blank=True)
    whose = models.CharField(max_length=LONGEST_KEY, blank=True)
    # What was told at one time to several people.
    batch = models.CharField(max_length=60, blank=True)
    # What no row keeps, such as the token of a link. None once it is over, so that nothing opens by it.
    facts = models.JSONField(null=True, blank=True, default=dict)
    # The same agency and key are the same mail, so telling somebody twice is telling them once.
    # NULL where there is none: the database takes any number of NULLs for different, but only one "".
    key = models.CharField(max_length=120, null=True, blank=True)  # noqa: DJ001 - see above
    to = SaidEmail(_("To"), blank=True, **FOR_MAIL)
    # Of whoever reads it; empty in mails of before.
    language = models.CharField(max_length=languages.LONGEST_CODE, blank=True)
    # As it was sent; until then, as it would have been when it was written.
    subject = models.CharField(_("Subject"), max_length=250, blank=True)
    # The same at every attempt, so that a mail server or a reader can tell a second copy from a second mail.
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.WAITING)
    # Why it failed or was withdrawn. What the mail server answered may repeat the address.
    error = SaidPhrase(blank=True, **FOR_MAIL)
    created_at = models.DateTimeField(default=clock.now, db_index=True)
    # It does not leave before. By this, mails to one address stand in line.
    not_before = models.DateTimeField(default=clock.now)
    # An attempt has begun, and nobody knows yet whether the mail server took it.
    perhaps_taken = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    # What it said when it left, of what may change.
    told = models.JSONField(null=True, editable=False)
    # The address is dead: the mail server refused it for good, or the mail came back.
    refused_at = models.DateTimeField(null=True, blank=True)

    # The row of `whose`, while it is being written; not a column.
    thing: Any = None

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["agency", "state"], name="mail_of_agency"),
            models.Index(fields=["agency", "about"], name="mail_about"),
            models.Index(fields=["agency", "whose"], name="mail_whose"),
            models.Index(F("agency"), Lower("to"), F("state"), name="mail_line"),
            models.Index(fields=["not_before"], condition=Q(state=State.WAITING), name="mail_in_line"),
            models.Index(fields=["agency"], condition=Q(refused_at__isnull=False), name="mail_refused"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["agency", "key"], name="mail_one_of_a_key"),
            models.CheckConstraint(
                name="mail_waiting_has_an_address_and_facts",
                condition=~Q(state=State.WAITING) | ~Q(to="") & Q(facts__isnull=False),
            ),
            models.CheckConstraint(
                name="mail_sent_has_a_date_and_no_facts",
                condition=Q(state=State.SENT, sent_at__isnull=False, facts__isnull=True)
                | ~Q(state=State.SENT) & Q(sent_at__isnull=True),
            ),
            models.CheckConstraint(
                name="mail_withdrawn_has_no_facts",
                condition=~Q(state=State.WITHDRAWN) | Q(facts__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def may_be_sent_again(self) -> bool:
        """It failed, and its address and facts are not erased yet."""
        return self.state == State.FAILED and bool(self.to) and self.facts is not None

    @property
    def masked_to(self) -> str:
        """Enough of the address to know it again, and no more."""
        local, _at, domain = self.to.rpartition("@")
        return f"{local[:1]}…@{domain}" if self.to else ""

    @property
    def sender(self) -> Agency:
        """The agency that writes it. What the install itself writes has none, and no room makes its words."""
        assert self.agency is not None
        return self.agency

    # -- what it says -------------------------------------------------------------------------------
    @cached_property
    def letter(self) -> Letter:
        """What it says now, in the language of whoever reads it. Raises Untrue."""
        with written_for(self.language):
            made: Letter = follow(letters()[self.kind])(self)
        return made

    @property
    def text(self) -> str:
        return self.letter.text

    @property
    def reads(self) -> str:
        """As it would read if it left now; nothing where it has left, or is not true."""
        try:
            return self.text if self.facts is not None else ""
        except Untrue:
            return ""

    @property
    def html(self) -> str:
        return self.letter.html

    @property
    def unsubscribe_url(self) -> str:
        return self.letter.unsubscribe_url

    def must_be_the_last(self, *, or_before: Sequence[str] = (), **inherits: Any) -> None:
        """Raises Untrue where a later one of its kind waits for the same reader, which then knows what this one knows;
        or one of other kinds that say it all.

        Not where nobody knows whether this one has arrived.
        """
        if self.pk is None or self.perhaps_taken:
            return
        theirs = Mail.objects.of(self.sender).waiting().to_the_same(self)
        kinds = [self.kind, *or_before]
        if heir := theirs.filter(kind__in=kinds, whose=self.whose).after(self).in_order().first():
            raise Untrue(phrase("A later mail says it."), heir=heir, inherits=inherits)

    def what_is_known(self, before: list[str], *, now: list[str]) -> list[str]:
        """What its reader knows: as it was before; where that is true again, as the last mail that left said it.

        A mail that waits may be overtaken by one that says what is true as it leaves (`Letter.told`).
        """
        if before != now:
            return before
        theirs = Mail.objects.of(self.sender).filter(state=State.SENT, whose=self.whose, told__isnull=False)
        told: list[str] | None = theirs.order_by("-sent_at", "-pk").values_list("told", flat=True).first()
        return told or before

    @property
    def known(self) -> dict[str, Any]:
        """The facts that it was written with."""
        return self.facts or {}
