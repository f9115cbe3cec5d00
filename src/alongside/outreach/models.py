"""The outbox: mail is a row written with the news it carries, and leaves by a job."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Agency, AgencyOwned, AgencyQuerySet, Role
from alongside.core import clock, languages
from alongside.core.ids import PublicIdField
from alongside.core.phrases import SaidPhrase
from alongside.core.said import Ends, SaidEmail, SaidText


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


# What the install itself wrote belongs to no agency, and so has no agency's time to be kept.
KEEP_OWN = timedelta(days=30)


class MailQuerySet(AgencyQuerySet["Mail"]):
    readers = frozenset({Role.COORDINATOR, Role.INFORMATION_OFFICER})

    def waiting(self) -> Self:
        return self.filter(state=State.WAITING)

    def failed(self) -> Self:
        return self.filter(state=State.FAILED)

    def written_before(self, moment: datetime) -> Self:
        return self.filter(created_at__lt=moment)

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
    """One message to one person. Its words go when it is sent, its address when the agency's time is up."""

    # None for what the install itself writes, such as a new password: nobody's workspace shows those.
    agency = models.ForeignKey(  # type: ignore[assignment]  # of what an agency owns, only mail may have none
        Agency, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    public_id = PublicIdField()
    # The same agency and key are the same mail, so telling somebody twice is telling them once.
    # NULL where there is none: the database takes any number of NULLs for different, but only one "".
    key = models.CharField(max_length=120, null=True, blank=True)  # noqa: DJ001 - see above
    to = SaidEmail(_("To"), blank=True, **FOR_MAIL)
    # Of whoever reads it; empty in mails of before.
    language = models.CharField(max_length=languages.LONGEST_CODE, blank=True)
    subject = models.CharField(_("Subject"), max_length=250)
    text = SaidText(blank=True, **FOR_MAIL)
    html = SaidText(blank=True, **FOR_MAIL)
    unsubscribe_url = models.URLField(max_length=500, blank=True)
    # The same at every attempt, so that a mail server or a reader can tell a second copy from a second mail.
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(_("State"), max_length=8, choices=State.choices, default=State.WAITING)
    # What the mail server answered, which may repeat the address.
    error = SaidPhrase(blank=True, **FOR_MAIL)
    created_at = models.DateTimeField(default=clock.now, db_index=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["agency", "state"], name="mail_of_agency")]
        constraints = [
            models.UniqueConstraint(fields=["agency", "key"], name="mail_one_of_a_key"),
            models.CheckConstraint(
                name="mail_waiting_has_an_address_and_words",
                condition=~Q(state=State.WAITING) | ~Q(to="") & ~Q(text=""),
            ),
            models.CheckConstraint(
                name="mail_sent_has_a_date_and_no_words",
                condition=Q(state=State.SENT, sent_at__isnull=False, text="", html="", unsubscribe_url="")
                | ~Q(state=State.SENT) & Q(sent_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def may_be_sent_again(self) -> bool:
        """It failed, and its address and words are not erased yet."""
        return self.state == State.FAILED and bool(self.to and self.text)

    @property
    def masked_to(self) -> str:
        """Enough of the address to know it again, and no more."""
        local, _at, domain = self.to.rpartition("@")
        return f"{local[:1]}…@{domain}" if self.to else ""
