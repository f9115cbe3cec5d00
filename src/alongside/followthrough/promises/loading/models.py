"""A file of promises of before, and by which row of it each of them came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import AgencyOwned, AgencyQuerySet, Role
from alongside.core import clock
from alongside.core.ids import PublicIdField
from alongside.core.lines import Line
from alongside.core.phrases import PhraseField


class LoadState(models.TextChoices):
    WAITING = "waiting", _("On its way")
    DONE = "done", pgettext_lazy("import", "Done")
    FAILED = "failed", pgettext_lazy("import", "Failed")


class LoadQuerySet(AgencyQuerySet["Load"]):
    readers = frozenset({Role.COORDINATOR})


class Load(AgencyOwned):
    """A file of promises and concerns from before, and what became of each of its rows."""

    public_id = PublicIdField()
    file_name = Line(max_length=160)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, choices=LoadState, default=LoadState.WAITING)
    staged = models.CharField(max_length=16, blank=True)
    # Whoever loads it has read that its words name nobody: everybody may read them.
    released = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    error = PhraseField(blank=True)
    undone_at = models.DateTimeField(null=True)

    objects = LoadQuerySet.as_manager()

    class Meta:
        verbose_name = _("load of promises from before")
        verbose_name_plural = _("loads of promises from before")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "staged"], condition=~Q(staged=""), name="load_once_per_upload"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def look(self) -> str:
        """The color of its state on a page."""
        return {LoadState.FAILED: "bad", LoadState.WAITING: "wait"}.get(LoadState(self.state), "good")


# What of a row is words, and is erased where they are; and what of that somebody said, which goes with the clock.
WORDS = {"concern": ("words", "summary", "outcome"), "promise": ("what", "outcome", "evidence_url")}
SAID = {"concern": ("words",)}


class LoadedQuerySet(AgencyQuerySet["Loaded"]):
    readers = frozenset({Role.COORDINATOR})

    def forget(self, names: Mapping[str, Sequence[str]]) -> int:
        """Let go of what these rows said, by name, of what they became: no newer row brings it back."""
        says = Q()
        for of, gone in names.items():
            says |= Q(**{f"said__{of}__has_any_keys": list(gone)})
        rows = list(self.filter(says))
        for row in rows:
            for of, gone in names.items():
                row.said[of] = {name: said for name, said in row.said.get(of, {}).items() if name not in gone}
        return self.model._base_manager.bulk_update(rows, ["said"], batch_size=500)


class Loaded(AgencyOwned):
    """By which row a promise, a concern or both came: by this the same row is known again, and a newer one mends it."""

    load = models.ForeignKey(Load, on_delete=models.CASCADE, related_name="rows")
    promise = models.OneToOneField(
        "followthrough.Promise", null=True, on_delete=models.CASCADE, related_name="loaded"
    )
    concern = models.OneToOneField(
        "followthrough.Concern", null=True, on_delete=models.CASCADE, related_name="loaded"
    )
    name_digest = models.CharField(max_length=64)
    line = models.PositiveIntegerField()
    # What the row said, in the fields that it became: so that the next version changes only what it changed itself.
    # Words go from here when they go from there.
    said = models.JSONField(default=dict)

    objects = LoadedQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a load")
        verbose_name_plural = _("rows of a load")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "name_digest"], name="loaded_once_per_row"),
            models.CheckConstraint(
                condition=Q(promise__isnull=False) | Q(concern__isnull=False), name="loaded_became_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.load}: {self.line}"
