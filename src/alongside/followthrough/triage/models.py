"""Concerns that are alike, replies to begin with, and what was done to many at once."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import AgencyOwned, AgencyQuerySet, Role
from alongside.core import clock
from alongside.core.authored import Authored
from alongside.core.ids import PublicIdField
from alongside.core.lines import Line

READERS = frozenset(
    {Role.COORDINATOR, Role.COMMANDER, Role.OFFICER, Role.INFORMATION_OFFICER, Role.RECORDS_OFFICER}
)


class AlikeQuerySet(AgencyQuerySet["Alike"]):
    readers = READERS

    def standing(self) -> Self:
        """Those that nobody has parted again."""
        return self.filter(parted_at=None)


class Alike(AgencyOwned):
    """Two concerns that a person found alike. They are never one: each keeps its page, its code and its people."""

    one = models.ForeignKey("followthrough.Concern", on_delete=models.CASCADE, related_name="alike_one")
    other = models.ForeignKey("followthrough.Concern", on_delete=models.CASCADE, related_name="alike_other")
    at = models.DateTimeField(default=clock.now)
    by_name = Line(max_length=160, blank=True)
    parted_at = models.DateTimeField(null=True)
    parted_by_name = Line(max_length=160, blank=True)

    objects = AlikeQuerySet.as_manager()

    class Meta:
        verbose_name = _("concerns that are alike")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="alike_in_order"),
            models.UniqueConstraint(
                fields=["one", "other"], condition=Q(parted_at__isnull=True), name="alike_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} ~ {self.other_id}"


class TemplateQuerySet(AgencyQuerySet["Template"]):
    readers = READERS


class Template(AgencyOwned):
    """A reply to begin with. It is never sent as it stands: whoever uses it fills its gaps."""

    public_id = PublicIdField()
    name = Line(_("What it is called"), max_length=80)
    text = Authored(_("The words"), max_length=1000)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply to begin with")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="template_once_per_name")]

    def __str__(self) -> str:
        return self.name


class BulkQuerySet(AgencyQuerySet["Bulk"]):
    readers = READERS


class Bulk(AgencyOwned):
    """One thing that was done to many concerns at once, with what stood before, so that it can be undone."""

    public_id = PublicIdField()
    deed = models.CharField(max_length=12)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # By the id of each concern: who answered, by when, its state; and what each became.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)

    objects = BulkQuerySet.as_manager()

    class Meta:
        verbose_name = _("deed done to many")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.deed} ({len(self.before)})"
