"""Other bodies, and what was passed on to each: sent once, asked after, and their silence is shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import Agency, AgencyOwned, AgencyQuerySet, Role
from alongside.core import clock, keys, shut
from alongside.core.authored import Authored
from alongside.core.errors import Phrase
from alongside.core.ids import PublicIdField
from alongside.core.lines import Line, UrlLine
from alongside.core.phrases import packed, unpacked
from alongside.followthrough.passing.georeport import JSON, XML, Attribute, Kind, Server, Service


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
    # What it takes reports of, as it said when it was last asked; what else each asks, where it is known.
    services = models.JSONField(default=list, editable=False)
    services_at = models.DateTimeField(null=True, editable=False)
    asking_since = models.DateTimeField(null=True, editable=False)
    trouble = models.JSONField(default=dict, editable=False)

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

    def get_absolute_url(self) -> str:
        """Its page in the workspace."""
        return reverse("followthrough:body", args=[self.agency.slug, self.public_id])

    @property
    def is_called(self) -> bool:
        """Whether a machine takes what we pass on; else one of us says it."""
        return self.speaks != Speaks.BY_HAND

    @property
    def has_key(self) -> bool:
        return bool(self.secret)

    @property
    def key(self) -> str:
        """The key that it gave us. Raises shut.CannotBeOpened."""
        return shut.opened(self.secret, of=self._whose, ring=keys.OUTSIDE) if self.secret else ""

    def keep_key(self, plain: str) -> None:
        """Shut it, or forget it. It is never shown again."""
        self.secret = shut.shut(plain, of=self._whose, ring=keys.OUTSIDE) if plain else ""

    @property
    def _whose(self) -> str:
        return f"body:{self.public_id}"

    def server(self) -> Server:
        """What speaks with it. Raises shut.CannotBeOpened."""
        return Server(
            url=self.endpoint,
            name=self.name.original,
            jurisdiction=self.jurisdiction,
            format=XML if self.speaks == Speaks.OPEN311_XML else JSON,
            key=self.key,
            zone=self.agency.zone,
        )

    @property
    def known_services(self) -> list[Service]:
        return [service_of(row) for row in self.services]

    def service(self, code: str) -> Service | None:
        return next((each for each in self.known_services if each.code == code), None)

    def attributes(self, code: str) -> list[Attribute] | None:
        """What else a service asks; None where we have not asked that yet."""
        row = next((row for row in self.services if row["code"] == code), None)
        if row is None or (row.get("asks_more") and row.get("attributes") is None):
            return None
        return [attribute_of(each) for each in row.get("attributes") or []]

    @property
    def wrong(self) -> Phrase:
        """Why its services could not be had; nothing, where they could."""
        return unpacked(self.trouble) if self.trouble else Phrase("")


def service_of(row: dict[str, Any]) -> Service:
    kept = {name: row[name] for name in ("code", "name", "description", "group", "asks_more")}
    return Service(**kept, keywords=tuple(row["keywords"]), kind=Kind(row["kind"]))


def attribute_of(row: dict[str, Any]) -> Attribute:
    return Attribute(**{**row, "values": tuple((key, name) for key, name in row["values"])})


class Sending(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("passing on", "Waits to be sent")
    SENDING = "sending", pgettext_lazy("passing on", "Being sent")
    SENT = "sent", pgettext_lazy("passing on", "Sent")
    UNCLEAR = "unclear", pgettext_lazy("passing on", "We do not know whether it arrived")
    REFUSED = "refused", pgettext_lazy("passing on", "Not taken")
    ENDED = "ended", pgettext_lazy("passing on", "They closed it")


# Of these nobody knows anything better until somebody looks.
STUCK = (Sending.UNCLEAR, Sending.REFUSED)
THERE = (Sending.SENT, Sending.ENDED)
SILENCE = timedelta(days=30)
NOT_LEFT = timedelta(days=1)


class PassingQuerySet(AgencyQuerySet["Passing"]):
    readers = BodyQuerySet.readers

    def visible_to(self, user: Any, *, at: Agency) -> Self:
        """Whoever may see a concern may see to whom it was passed on, and nobody else."""
        concerns: Any = self.model._meta.get_field("concern").related_model
        seen = concerns.objects.visible_to(user, at=at)
        return super().visible_to(user, at=at).filter(concern__in=seen)

    def open_first(self) -> Self:
        """What needs a person, what is under way, what is there; what is over last. The latest of each first."""
        order = [Sending.UNCLEAR, Sending.REFUSED, Sending.WAITING, Sending.SENDING, Sending.SENT]
        whens = [When(state=state, then=at) for at, state in enumerate(order)]
        return self.order_by(Case(*whens, default=len(order)), "-passed_at", "-pk")

    def to_ask_after(self, now: datetime) -> Self:
        """Those that it is time to ask after, the longest first."""
        due = self.filter(state=Sending.SENT, ask_after__lte=now).exclude(body__speaks=Speaks.BY_HAND)
        return due.filter(body__active=True).order_by("ask_after", "pk")

    def to_look_at(self, now: datetime) -> Self:
        """Those with which a machine can do nothing more: unclear, refused, not sent for a day, answered oddly."""
        unclear = Q(state=Sending.UNCLEAR)
        open_still = Q(concern__closed_at=None, concern__withheld="", concern__redacted_at=None)
        refused = Q(state=Sending.REFUSED, looked_at=None) & open_still
        late = Q(state__in=[Sending.WAITING, Sending.SENDING], passed_at__lt=now - NOT_LEFT)
        odd = Q(state=Sending.SENT, looked_at=None) & ~Q(trouble={})
        return self.filter(unclear | refused | late | odd)

    def silent(self, now: datetime) -> Self:
        """Those of which the other body has said nothing for long, and after which none of us has asked since."""
        before = now - SILENCE
        sent = self.filter(state=Sending.SENT, sent_at__lt=before)
        quiet = Q(changed_at=None) | Q(changed_at__lt=before)
        return sent.filter(quiet, Q(looked_at=None) | Q(looked_at__lt=before))


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
    # How its service gives numbers: at once, for a token, or never.
    kind = models.CharField(
        max_length=8, choices=[(each.value, each.value) for each in Kind], default=Kind.REALTIME
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # What whoever asked reads once it is there.
    outcome = Authored(max_length=2000, blank=True, editable=False)
    # When it is asked after next; None: no more.
    ask_after = models.DateTimeField(null=True, editable=False)
    # When one of us last looked, or asked by phone.
    looked_at = models.DateTimeField(null=True, editable=False)
    # Why it was not taken, for staff; numbers that may be its own.
    trouble = models.JSONField(default=dict, editable=False)

    objects = PassingQuerySet.as_manager()

    class Meta:
        verbose_name = _("handing on")
        ordering = ["-passed_at", "-pk"]
        indexes = [models.Index(fields=["state", "ask_after"], name="passing_to_ask_after")]
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

    def get_absolute_url(self) -> str:
        """Its page in the workspace."""
        return reverse("followthrough:passing", args=[self.agency.slug, self.public_id])

    @property
    def wrong(self) -> Phrase:
        """What went wrong, as the reader reads it; nothing, where all is well."""
        return unpacked(self.trouble["why"]) if self.trouble.get("why") else Phrase("")

    @property
    def maybe(self) -> list[str]:
        """Numbers over there that may be its own: a person says which."""
        return list(self.trouble.get("numbers", []))

    def note_trouble(self, why: Phrase | None, numbers: Iterable[str] = ()) -> None:
        self.trouble = {"why": packed(why), "numbers": list(numbers)} if why is not None else {}

    @property
    def is_there(self) -> bool:
        """Whether the other body has it."""
        return self.state in THERE

    @property
    def is_on_its_way(self) -> bool:
        return self.state in {Sending.WAITING, Sending.SENDING}

    @property
    def heard_at(self) -> datetime | None:
        """When the other body last said something new; since when it has it, where it said nothing."""
        return self.changed_at or self.sent_at

    @property
    def days_silent(self) -> int:
        """For how many days there has been nothing new, by the agency's calendar."""
        if self.heard_at is None:
            return 0
        return max((self.agency.today() - self.agency.local(self.heard_at).date()).days, 0)

    @property
    def is_closed_there(self) -> bool:
        return self.state == Sending.ENDED


def body_that_has(concern: str) -> Subquery:
    """The name of the body that has it, or had it last: of rows that name their concern so."""
    there = Passing.objects.everywhere().filter(concern=OuterRef(concern), state__in=THERE)
    return Subquery(there.order_by("-sent_at", "-pk").values("body__name")[:1])
