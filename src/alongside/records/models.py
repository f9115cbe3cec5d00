"""Records that somebody asked for by law, each looked at by a person, and the file that was made of them."""

from __future__ import annotations

import secrets
import zipfile
from pathlib import Path
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import RECORDS_READERS, AgencyOwned, AgencyQuerySet
from alongside.core import clock, data
from alongside.core.errors import Phrase, phrase
from alongside.core.ids import PublicIdField
from alongside.core.kept import Kept
from alongside.core.lines import Line
from alongside.core.manifest import record_kinds

LONGEST_ASKED, LONGEST_EXEMPTION = 1000, 200
SALT_BYTES = 16


def new_salt() -> str:
    return secrets.token_hex(SALT_BYTES)


class State(models.TextChoices):
    DRAFTING = "drafting", pgettext_lazy("records request", "Being gathered")
    REVIEW = "review", pgettext_lazy("records request", "To look through")
    WRITING = "writing", pgettext_lazy("records request", "Being written")
    FINISHED = "finished", pgettext_lazy("records request", "Ready to hand over")
    HANDED = "handed", pgettext_lazy("records request", "Handed over")
    WITHDRAWN = "withdrawn", pgettext_lazy("records request", "Withdrawn")


OVER = (State.HANDED, State.WITHDRAWN)


class RequestQuerySet(AgencyQuerySet["RecordsRequest"]):
    readers = RECORDS_READERS

    def to_look_through(self) -> Self:
        return self.filter(state=State.REVIEW)

    def to_hand_over(self) -> Self:
        return self.filter(state=State.FINISHED)


class RecordsRequest(AgencyOwned):
    """What somebody asked to see by law: which kinds, of which days. Until it is over, none of it is disposed of."""

    public_id = PublicIdField()
    number = Line(
        _("Number of the request"),
        max_length=60,
        help_text=_("As your office counts them, such as 2026-114."),
    )
    asked = models.TextField(
        _("What was asked"),
        max_length=LONGEST_ASKED,
        help_text=_("In your words, without the name of whoever asks."),
    )
    first = models.DateField(_("From"))
    last = models.DateField(pgettext_lazy("last day", "To"))
    kinds = models.JSONField(default=list, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFTING, editable=False)
    # What a text is compared by, between the look and the file: a digest mixed with this.
    salt = models.CharField(max_length=2 * SALT_BYTES, default=new_salt, editable=False)
    holds = models.JSONField(default=list, editable=False)  # the public ids of the holds that it placed
    opened_at = models.DateTimeField(default=clock.now, editable=False)
    opened_by = Line(max_length=160, editable=False)
    over_at = models.DateTimeField(null=True, editable=False)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("records request")
        verbose_name_plural = _("records requests")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "number"], name="request_once_per_number"),
            models.CheckConstraint(
                condition=Q(last__gte=models.F("first")), name="request_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OVER, over_at__isnull=False)
                | ~Q(state__in=OVER) & Q(over_at__isnull=True),
                name="request_over_since",
            ),
        ]

    def __str__(self) -> str:
        return str(self.called)

    def get_absolute_url(self) -> str:
        return reverse("records:request", args=[self.agency.slug, self.public_id])

    @property
    def called(self) -> Phrase:
        return Phrase("%(number)s", {"number": self.number})

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def look(self) -> str:
        """The color of its state."""
        return {State.REVIEW: "wait", State.FINISHED: "wait", State.HANDED: "good"}.get(State(self.state), "")

    @property
    def kind_labels(self) -> list[str | Promise]:
        known = record_kinds()
        return [known[name].label for name in self.kinds if name in known]

    @cached_property
    def export(self) -> Export | None:
        return Export.objects.belonging_to(request=self).first()


class Decision(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("record", "Not looked at")
    GIVEN = "given", pgettext_lazy("record", "Given as it is")
    REDACTED = "redacted", pgettext_lazy("record", "Given, with black bars")
    WITHHELD = "withheld", pgettext_lazy("record", "Withheld")


class PassageQuerySet(AgencyQuerySet["Passage"]):
    readers = RECORDS_READERS

    def waiting(self) -> Self:
        return self.filter(decision=Decision.WAITING)

    def given(self) -> Self:
        return self.filter(decision__in=[Decision.GIVEN, Decision.REDACTED])


class Passage(AgencyOwned):
    """One record of a request, and what a person decided of it. Never its words: those stay where they are.

    `bars`: by column, from where to where the text is made black; the whole column where it says so (`[[0, -1]]`).
    """

    request = models.ForeignKey(RecordsRequest, on_delete=models.CASCADE, related_name="passages")
    number = models.PositiveIntegerField(editable=False)
    kind = models.CharField(max_length=60, editable=False)
    model = models.CharField(max_length=60, editable=False)
    row = models.BigIntegerField(editable=False)
    on = models.DateField(null=True, editable=False)
    bars = models.JSONField(default=dict, editable=False)
    mark = models.CharField(max_length=64, blank=True, editable=False)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.WAITING, editable=False)
    exemption = Line(_("By which exemption"), max_length=LONGEST_EXEMPTION, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = Line(max_length=160, blank=True, editable=False)

    objects = PassageQuerySet.as_manager()

    class Meta:
        verbose_name = _("record asked for")
        verbose_name_plural = _("records asked for")
        ordering = ["request", "number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "model", "row"], name="passage_once_a_row"),
            models.UniqueConstraint(fields=["request", "number"], name="passage_once_a_number"),
            models.CheckConstraint(
                condition=~Q(decision__in=[Decision.REDACTED, Decision.WITHHELD]) | ~Q(exemption=""),
                name="passage_withheld_by_an_exemption",
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.WAITING, decided_at__isnull=True)
                | ~Q(decision=Decision.WAITING) & Q(decided_at__isnull=False),
                name="passage_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.number}"


class ExportQuerySet(AgencyQuerySet["Export"]):
    readers = RECORDS_READERS

    def out_of_date(self) -> Self:
        over = Q(pk__in=[])
        for agency in {export.agency for export in self.select_related("agency")}:
            over |= Q(agency=agency, expires_on__lt=agency.today())
        return self.filter(over)


class Export(Kept, AgencyOwned):
    """The file that was made for a request: black is black in it, and its day comes when it is deleted."""

    request = models.OneToOneField(RecordsRequest, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    made_at = models.DateTimeField(default=clock.now, editable=False)
    expires_on = models.DateField(editable=False)
    given = models.PositiveIntegerField(editable=False)
    redacted = models.PositiveIntegerField(editable=False)
    withheld = models.PositiveIntegerField(editable=False)

    objects = ExportQuerySet.as_manager()
    shelf, below = "records exports", "records"

    class Meta:
        verbose_name = _("export of records")
        verbose_name_plural = _("exports of records")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.public_id}"

    @property
    def file_path(self) -> Path:
        return folder() / f"{self.public_id}.zip"

    def read_through(self) -> None:
        with zipfile.ZipFile(self.file_path) as packed:
            if packed.testzip() is not None:
                raise ValueError("a member is damaged")

    def not_whole(self, fault: Phrase) -> Phrase:
        return phrase(
            "the export of a records request is not whole (records/%(name)s %(fault)s): write it again on the page of "
            "the request",
            name=self.file_path.name,
            fault=fault,
        )


def folder() -> Path:
    return data.folder("records")
