"""Who outside answers, and who has not for some time."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from alongside.core.phrases import PhraseField


class CircuitQuerySet(models.QuerySet["Circuit"]):
    def down(self) -> Self:
        """Those that have failed often enough to be left alone for a while."""
        return self.filter(down_since__isnull=False)


class Circuit(models.Model):
    """One server outside: how often in a row it gave no answer, and when it is asked again. A row, so that each
    process knows what another has found, and a new start forgets nothing.
    """

    server = models.CharField(max_length=255, unique=True)  # host:port
    what = PhraseField()
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    down_since = models.DateTimeField(null=True, blank=True)
    ask_after = models.DateTimeField(null=True, blank=True)
    why = PhraseField(blank=True)

    objects = CircuitQuerySet.as_manager()

    class Meta:
        verbose_name = _("server outside")
        constraints = [
            models.CheckConstraint(
                name="circuit_down_has_a_next_time",
                condition=models.Q(down_since__isnull=True, ask_after__isnull=True)
                | models.Q(down_since__isnull=False, ask_after__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.server
