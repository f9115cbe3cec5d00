"""The entries of each agency's ledger: only ever added to."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import Any, Self

import orjson
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Agency, AgencyOwned, AgencyQuerySet
from alongside.core.origins import LONGEST_KEY
from alongside.ledger.chain import BEGUN, CHANGED, LOST, SEALED
from alongside.ledger.kinds import LONGEST_KIND, label_of

ONLY_ADDED = "The ledger is only added to."


class EntryQuerySet(AgencyQuerySet["Entry"]):
    def open_to_all(self) -> Self:
        """Up to the last head that was signed: who reads along by the minute could tell who spoke to police when."""
        signed = Entry.objects.of(OuterRef("agency")).heads().values("n")[:1]
        return self.filter(n__lte=Subquery(signed))

    def heads(self) -> Self:
        """What was signed, the last day first."""
        return self.filter(kind=SEALED).order_by("-n")

    def keys(self) -> Self:
        """What said which key signs, the last first."""
        return self.filter(kind__in=[BEGUN, CHANGED, LOST]).order_by("-n")

    def signed_or_turned(self) -> Self:
        """Heads, and what said which key signs them."""
        return self.filter(kind__in=[BEGUN, CHANGED, LOST, SEALED])

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(ONLY_ADDED)

    def update(self, **kwargs: Any) -> int:
        raise TypeError(ONLY_ADDED)


class Entry(AgencyOwned):
    """One line of a ledger, as it is exported, byte for byte. The columns beside it only find it again.

    The database refuses to change or delete one (migration 0001), and so no agency with a ledger is deleted.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency"))
    n = models.PositiveIntegerField(editable=False)
    kind = models.CharField(max_length=LONGEST_KIND, editable=False)
    about = models.CharField(max_length=LONGEST_KEY, blank=True, editable=False)
    hash = models.CharField(max_length=64, editable=False)
    line = models.TextField(editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the ledger")
        verbose_name_plural = _("entries of the ledger")
        ordering = ["agency", "n"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "n"], name="ledger_entry_never_forks"),
            models.CheckConstraint(condition=Q(n__gte=1), name="ledger_entry_counts_from_one"),
        ]
        indexes = [
            models.Index(fields=["agency", "kind", "n"], name="ledger_of_kind"),
            models.Index(fields=["agency", "about", "n"], name="ledger_about"),
            models.Index(fields=["hash"], name="ledger_by_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.n} {self.kind}"

    @cached_property
    def said(self) -> dict[str, Any]:
        """The entry as its line says it."""
        said: dict[str, Any] = orjson.loads(self.line)
        return said

    @property
    def at(self) -> str:
        return str(self.said["at"])

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)

    @property
    def day(self) -> date:
        """Of a signed head: the day that was over."""
        return date.fromisoformat(self.body["day"])

    @property
    def facts(self) -> str:
        """Its codes and numbers, as they stand there. A signature is for programs."""
        return "; ".join(f"{name}: {value}" for name, value in self.body.items() if name != "signature")

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = self.said["body"]
        return body

    @property
    def previous(self) -> str:
        return str(self.said["previous"])

    @property
    def label(self) -> str:
        """What happened, in the reader's language."""
        return label_of(self.kind)
