"""A job is a row: what to run, whose turn it is, how it went."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from alongside.core import clock
from alongside.core.ids import PublicIdField
from alongside.core.phrases import PhraseField
from alongside.jobs import registry


class State(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("job", "Waiting")
    RUNNING = "running", pgettext_lazy("job", "Running")
    DONE = "done", pgettext_lazy("job", "Done")
    DEAD = "dead", pgettext_lazy("job", "Failed")


class JobQuerySet(models.QuerySet["Job"]):
    def of_agency(self, agency_id: int) -> Self:
        """One agency's work. The room above says who may look; this room knows agencies by number only."""
        return self.filter(agency_id=agency_id)

    def takeable(self, now: datetime) -> Self:
        """What a worker may take: due and waiting, or held by a worker that stopped saying it is alive."""
        due = Q(state=State.WAITING, run_after__lte=now)
        abandoned = Q(state=State.RUNNING, lease_until__lt=now)
        return self.filter(due | abandoned)

    def in_lane(self, lane: str) -> Self:
        return self.filter(name__in=registry.names(lane))

    def open(self) -> Self:
        return self.filter(state__in=[State.WAITING, State.RUNNING])

    def done(self) -> Self:
        return self.filter(state=State.DONE)

    def dead(self) -> Self:
        return self.filter(state=State.DEAD)

    def finished_before(self, moment: datetime) -> Self:
        return self.filter(finished_at__lt=moment)


class Job(models.Model):
    """One thing to do, kept until it is done or given up."""

    public_id = PublicIdField()
    name = models.CharField(max_length=80)
    # The same name and key are the same job, so asking twice is asking once.
    # NULL where there is none: the database takes any number of NULLs for different, but only one "".
    key = models.CharField(max_length=120, null=True, blank=True)  # noqa: DJ001 - see above
    args = models.JSONField(default=dict)
    # A number, not a foreign key: agencies is a room above this one.
    agency_id = models.BigIntegerField(null=True, blank=True, db_index=True)

    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    run_after = models.DateTimeField(default=clock.now)
    attempts = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=80, blank=True)
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    error = PhraseField(blank=True)

    steps_done = models.PositiveBigIntegerField(default=0)
    steps_total = models.PositiveBigIntegerField(null=True, blank=True)

    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    # When this process last wrote its progress; not a column.
    reported_at: datetime | None = None

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "key"], name="jobs_one_of_a_key"),
            models.CheckConstraint(
                name="jobs_held_exactly_while_running",
                condition=Q(state=State.RUNNING, lease_until__isnull=False) & ~Q(lease="")
                | ~Q(state=State.RUNNING) & Q(lease_until__isnull=True, lease=""),
            ),
            models.CheckConstraint(
                name="jobs_finished_exactly_when_over",
                condition=Q(state__in=[State.DONE, State.DEAD], finished_at__isnull=False)
                | Q(state__in=[State.WAITING, State.RUNNING], finished_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["state", "run_after"], name="jobs_whose_turn")]

    def __str__(self) -> str:
        return f"{self.name} {self.key or self.pk}"

    @property
    def kind(self) -> registry.Kind | None:
        """None for a job whose function went away in an upgrade: it waits, and the page says why."""
        return registry.find(self.name) if registry.known(self.name) else None

    @property
    def is_over(self) -> bool:
        return self.state in (State.DONE, State.DEAD)

    @property
    def latest_at(self) -> datetime:
        """When something last happened to it, or will."""
        begun = self.started_at if self.state == State.RUNNING else None
        return self.finished_at or begun or self.run_after

    @property
    def percent(self) -> int | None:
        """How far along, for a progress bar; None while the end is unknown."""
        if self.state == State.DONE:
            return 100
        if not self.steps_total:
            return None
        return min(100, 100 * self.steps_done // self.steps_total)

    @property
    def last_attempt(self) -> bool:
        return self.kind is None or self.attempts >= self.kind.attempts


class WorkerSeen(models.Model):
    """A worker, and when it last wrote that it is here. One that was asked to stop takes its row along."""

    worker = models.CharField(max_length=80, unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker
