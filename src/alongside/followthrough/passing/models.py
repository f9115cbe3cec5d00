"""Other bodies, and what was passed on to each: sent once, asked after, and their silence is shown."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import AgencyOwned, AgencyQuerySet, Role
from alongside.core import clock
from alongside.core.authored import Authored
from alongside.core.ids import PublicIdField
from alongside.core.lines import Line, UrlLine


class Speaks(models.TextChoices):
    """How another body takes what we pass on."""

    BY_HAND = "hand", _("By letter or phone: one of us writes down what they say")
    OPEN311_XML = "xml", _("Open311 GeoReport v2, XML")
    OPEN311_JSON = "json", _("Open311 GeoReport v2, JSON")


class BodyQuerySet(AgencyQuerySet["Body"]):
    readers = frozenset(
        {Role.COORDINATOR, Role.COMMANDER, Role.OFFICER, Role.INFORMATION_OFFICER, Role.RECORDS_OFFICER}
    )

    def active(self) -> Self:
        return self.filter(active=True)


class Body(AgencyOwned):
    """Another body, such as the city's public works: whom we pass on to, and how it is reached."""

    public_id = PublicIdField()
    name = Authored(_("Name"), max_length=160, one_line=True)
    reached = Authored(
        _("How residents reach it"), max_length=400, blank=True, help_text=_("Its phone number, its hours.")
    )
    page = UrlLine(_("Its page"), blank=True)
    speaks = models.CharField(
        _("How it takes what we pass on"), max_length=4, choices=Speaks, default=Speaks.BY_HAND
    )
    endpoint = UrlLine(_("Address of its GeoReport service"), blank=True)
    jurisdiction = Line(_("Jurisdiction id"), max_length=120, blank=True)
    # The key that it gave us, as the house keeps what is secret.
    secret = models.CharField(max_length=400, blank=True, editable=False)
    active = models.BooleanField(_("In use"), default=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("other body")
        verbose_name_plural = _("other bodies")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(speaks=Speaks.BY_HAND) | ~Q(endpoint=""),
                name="body_that_is_called_has_an_address",
            )
        ]

    def __str__(self) -> str:
        return str(self.name)


class Sending(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("passing on", "Waits to be sent")
    SENDING = "sending", pgettext_lazy("passing on", "Being sent")
    SENT = "sent", pgettext_lazy("passing on", "Sent")
    UNCLEAR = "unclear", pgettext_lazy("passing on", "We do not know whether it arrived")
    REFUSED = "refused", pgettext_lazy("passing on", "Not taken")
    ENDED = "ended", pgettext_lazy("passing on", "They closed it")


class PassingQuerySet(AgencyQuerySet["Passing"]):
    readers = BodyQuerySet.readers


class Passing(AgencyOwned):
    """One concern, handed to one body: what left here, the number it got there, and what they said since."""

    public_id = PublicIdField()
    concern = models.ForeignKey("followthrough.Concern", on_delete=models.CASCADE, related_name="passings")
    body = models.ForeignKey(Body, on_delete=models.RESTRICT, related_name="passings")
    state = models.CharField(max_length=8, choices=Sending, default=Sending.WAITING, editable=False)
    service_code = Line(max_length=120, blank=True)
    service_name = Line(max_length=200, blank=True)
    # What left here, word for word: the released words, the block, the answers that their service asks for.
    sent = models.JSONField(default=dict, editable=False)
    request_id = Line(max_length=200, blank=True, editable=False)
    token = Line(max_length=200, blank=True, editable=False)
    passed_at = models.DateTimeField(default=clock.now, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    # What they say: its state there, in their words; when they expect to be done; when it last changed.
    their_status = Line(max_length=60, blank=True, editable=False)
    their_notes = Authored(max_length=2000, blank=True, editable=False)
    expected_on = models.DateField(null=True, editable=False)
    changed_at = models.DateTimeField(null=True, editable=False)
    asked_at = models.DateTimeField(null=True, editable=False)
    # Why it was not taken, for staff.
    trouble = models.JSONField(default=dict, editable=False)

    objects = PassingQuerySet.as_manager()

    class Meta:
        verbose_name = _("handing on")
        ordering = ["-passed_at", "-pk"]
        indexes = [models.Index(fields=["state", "asked_at"], name="passing_to_ask_after")]
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "body"],
                condition=~Q(state__in=[Sending.REFUSED, Sending.ENDED]),
                name="passing_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[Sending.SENT, Sending.ENDED]) | Q(sent_at__isnull=False),
                name="passing_sent_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_name} {self.request_id}".strip()
