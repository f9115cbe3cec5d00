"""Pauses, with the reason that everybody may read."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import AgencyOwned, AgencyQuerySet
from alongside.core import clock
from alongside.core.authored import Authored
from alongside.core.ids import PublicIdField
from alongside.core.lines import Line
from alongside.gatherings import kinds
from alongside.gatherings.kind import Kind
from alongside.gatherings.models import Cause, Gathering, Series

SHORTEST_REASON, LONGEST_REASON = 10, 400


class PauseQuerySet(AgencyQuerySet["Pause"]):
    def open_to_all(self) -> Self:
        """That we stay away, and why, is public from the moment it is decided."""
        return self.all()

    def about(self, of: Kind | Series) -> Self:
        """Those that stop all gatherings of a kind, or one series: what stops its kind stops it, too."""
        if isinstance(of, Series):
            return self.filter(Q(series=of) | Q(series=None), kind=of.kind)
        return self.filter(kind=of.name, series=None)

    def touching(self, first: date, last: date) -> Self:
        """Those of which at least a day lies between two dates, both counted."""
        return self.filter(Q(last=None) | Q(last__gte=first), first__lte=last)


class Pause(AgencyOwned):
    """Days without gatherings of a kind, or of one series, and the reason that everybody may read.

    It is said beforehand, or afterwards of a week in which nobody walked.
    """

    public_id = PublicIdField()
    kind = models.CharField(max_length=12, choices=kinds.choices, editable=False)
    series = models.ForeignKey(Series, null=True, on_delete=models.RESTRICT, related_name="+", editable=False)
    first = models.DateField(_("From"))
    last = models.DateField(
        _("Until"), null=True, blank=True, help_text=_("Leave empty if nobody knows yet.")
    )
    neighborhood = models.ForeignKey(
        "places.Area",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Only here"),
    )
    cause = models.CharField(_("Cause"), max_length=12, choices=Cause)
    reason = Authored(
        _("Reason"),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        help_text=_("Everybody reads it. Name nobody who did not agree to it."),
    )
    said_by = Line(max_length=160, editable=False)
    said_at = models.DateTimeField(default=clock.now, editable=False)

    objects = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ["-first", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last=None) | Q(last__gte=F("first")), name="pause_ends_after_beginning"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="pause_says_why"),
        ]

    def __str__(self) -> str:
        return str(self.reason)

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def stops(self, gathering: Gathering) -> bool:
        """Whether that does not take place, as it was said."""
        return (
            gathering.kind == self.kind
            and self.series_id in {None, gathering.series_id}
            and self.neighborhood_id in {None, gathering.neighborhood_id}
            and self.covers(gathering.on)
        )
