"""Imports, the manifest of the lake and the agency's rules for reading. No row of an incident is in this database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import AgencyOwned, AgencyQuerySet, Owned, Role, User
from alongside.core import clock, data
from alongside.core.errors import Phrase, phrase
from alongside.core.ids import PublicIdField
from alongside.core.kept import Kept
from alongside.core.phrases import PhraseField


class Dataset(models.TextChoices):
    """Two kinds of input that never mix."""

    DATED = "dated", _("Incidents with dates")
    UNDATED = "undated", _("Counts without dates")


class State(models.TextChoices):
    DRAFT = "draft", _("Waiting for you")
    WAITING = "waiting", _("In line")
    RUNNING = "running", pgettext_lazy("import", "Reading")
    DONE = "done", pgettext_lazy("import", "Done")
    FAILED = "failed", _("Could not be read")


class ForAnalysts(AgencyQuerySet[Owned]):
    readers = frozenset({Role.ANALYST, Role.COORDINATOR})


class ImportQuerySet(ForAnalysts["Import"]):
    def done(self) -> ImportQuerySet:
        return self.filter(state=State.DONE)


class Import(AgencyOwned):
    """One reading of one or more files into the lake, and its quality report."""

    public_id = PublicIdField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    dataset = models.CharField(max_length=10, choices=Dataset, default=Dataset.DATED)
    names = models.JSONField(_("Files"), default=list)
    mapping = models.JSONField(null=True, blank=True)
    percent = models.PositiveSmallIntegerField(_("Progress"), default=0)
    report = models.JSONField(default=dict, blank=True)
    error = PhraseField(blank=True)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident import")
        verbose_name_plural = _("incident imports")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="import_percent_within_100"),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="import_has_a_state"),
            models.CheckConstraint(
                condition=models.Q(dataset__in=Dataset.values), name="import_has_a_dataset"
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(self.names)[:160]

    @property
    def look(self) -> str:
        """The color of its state on a page."""
        return {State.DONE: "good", State.FAILED: "bad", State.DRAFT: ""}.get(State(self.state), "wait")

    @property
    def is_over(self) -> bool:
        return self.state in (State.DONE, State.FAILED)

    @property
    def set_aside(self) -> int:
        return sum(self.report.get("set_aside", {}).values())


class PartKind(models.TextChoices):
    EVENTS = "events", _("Events")
    AMENDMENTS = "amendments", _("Layers learnt later")
    SET_ASIDE = "set_aside", _("Rows set aside")


class LakePart(Kept, AgencyOwned):
    """One Parquet file of the lake. A file without its row here is an orphan, and is swept away."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="parts")
    kind = models.CharField(max_length=12, choices=PartKind)
    dataset = models.CharField(max_length=10, choices=Dataset)
    path = models.CharField(max_length=200, unique=True)  # below the lake's folder
    rows = models.PositiveBigIntegerField()
    events = models.FloatField(default=0)
    resolution = models.PositiveSmallIntegerField()
    key_mark = models.CharField(max_length=16)
    first = models.DateField(null=True, blank=True)
    last = models.DateField(null=True, blank=True)

    objects = ForAnalysts.as_manager()
    shelf = below = "lake"

    class Meta:
        verbose_name = _("part of the lake")
        verbose_name_plural = _("parts of the lake")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=PartKind.values), name="lake_part_has_a_kind"),
        ]

    def __str__(self) -> str:
        return self.path

    @property
    def file_path(self) -> Path:
        return lake_folder(self.agency_id) / self.path

    def read_through(self) -> None:
        from alongside.incidents.reading import workbench

        folder = self.file_path.parent
        with workbench.connect(None, folders=[folder], spill=folder, memory_mb=200) as con:
            path = workbench.literal(str(self.file_path))
            rows = con.execute(f"SELECT count(hash(part)) FROM read_parquet({path}) part").fetchall()[0][0]
        if rows != self.rows:
            raise ValueError(f"{rows} rows")

    def not_whole(self, fault: Phrase) -> Phrase:
        return phrase(
            "a part of the lake, lake/%(agency)s/%(path)s, %(fault)s: restore it from a backup, or take its import "
            "back and import the files again.",
            agency=self.agency_id,
            path=self.path,
            fault=fault,
        )


def lake_folder(agency_id: int) -> Path:
    """Where an agency's part of the lake is."""
    return data.folder("lake", str(agency_id)).resolve()


def _default_enforcement() -> list[str]:
    return [
        "*ARREST*",
        "*WARRANT*",
        "*CITATION*",
        "TRAFFIC STOP*",
        "SUBJECT STOP*",
        "PEDESTRIAN STOP*",
        "*STREET CHECK*",
        "*FIELD INTERVIEW*",
        "*FIELD CONTACT*",
        "*USE OF FORCE*",
        "*SEARCH WARRANT*",
        "*FIREARM RECOVERED*",
    ]


def _default_placeholders() -> list[str]:
    from alongside.incidents.reading.staging import DEFAULT_PLACEHOLDERS

    return list(DEFAULT_PLACEHOLDERS)


class Rules(AgencyOwned):
    """How this agency reads its files: which kinds are enforcement, which addresses are none, how fine a cell is."""

    agency = models.OneToOneField("agencies.Agency", on_delete=models.CASCADE, related_name="+")
    enforcement = models.JSONField(_("Kinds that are enforcement"), default=_default_enforcement, blank=True)
    investigation = models.JSONField(_("Kinds that are investigation all the same"), default=list, blank=True)
    placeholders = models.JSONField(
        _("Addresses that are no place"), default=_default_placeholders, blank=True
    )
    resolution = models.PositiveSmallIntegerField(
        _("Size of a cell"), default=10, validators=[MinValueValidator(9), MaxValueValidator(11)]
    )
    flag_metres = models.PositiveIntegerField(
        _("Metres from the recorded beat before a row is flagged"),
        default=250,
        validators=[MinValueValidator(50), MaxValueValidator(5000)],
    )

    objects = ForAnalysts.as_manager()

    class Meta:
        verbose_name = _("rules for reading incidents")
        verbose_name_plural = _("rules for reading incidents")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(resolution__gte=9, resolution__lte=11), name="incident_cell_of_stated_size"
            ),
            models.CheckConstraint(
                condition=models.Q(flag_metres__gte=50, flag_metres__lte=5000),
                name="incident_flag_distance_is_sane",
            ),
        ]

    def __str__(self) -> str:
        return str(self.agency)

    @classmethod
    def of(cls, agency: Any) -> Rules:
        """An agency's rules: its own, or else those everybody begins with."""
        return cls.objects.filter(agency=agency).first() or cls(agency=agency)
