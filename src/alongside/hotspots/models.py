"""What a run found, which criteria choose among it, what was chosen and why, and what residents said to it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import shapely
from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from alongside.agencies.models import Agency, AgencyOwned, AgencyQuerySet, Role
from alongside.core import clock, data, keys, languages, tokens
from alongside.core.authored import Authored
from alongside.core.errors import Phrase, phrase
from alongside.core.ids import PublicIdField
from alongside.core.kept import Kept, read_arrays
from alongside.core.lines import Line
from alongside.core.origins import Origin
from alongside.core.said import Ends, SaidLine, SaidText
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.models import Gathering, Status
from alongside.hotspots import often
from alongside.places.models import Area

ANALYSTS = frozenset({Role.ANALYST, Role.COORDINATOR})
PLANNERS = ANALYSTS | {Role.COMMANDER}


class Layer(models.TextChoices):
    """Which involvement was looked at."""

    BOTH = "both", _("Investigation and enforcement, both high")
    INVESTIGATION = "investigation", _("Investigation")
    ENFORCEMENT = "enforcement", _("Enforcement")


class Band(models.IntegerChoices):
    """How much more than the agency's average, even by the low end of the doubt. Three words, no ranks."""

    ABOVE = 1, _("Above average")
    TWICE = 2, _("At least twice the average")
    FOUR_TIMES = 3, _("At least four times the average")


class RunQuerySet(AgencyQuerySet["Run"]):
    readers = PLANNERS

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def latest_published(self) -> Run | None:
        return self.published().order_by("-published_at", "-pk").first()


class Run(Kept, AgencyOwned):
    """One look at the whole agency: which data, which questions, what came out, and how sure it is."""

    public_id = PublicIdField()
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    layer = models.CharField(max_length=14, choices=Layer)
    window_from = models.DateField(null=True)
    window_to = models.DateField(null=True)
    resolution = models.PositiveSmallIntegerField()
    cells = models.PositiveIntegerField()
    significant = models.PositiveIntegerField()
    # What a reader needs to weigh it: sentences, stability, concentration, sensitivity. Never a cell.
    findings = models.JSONField(default=dict)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = RunQuerySet.as_manager()
    shelf, below = "hot spot runs", "hotspots"

    class Meta:
        verbose_name = _("hot spot run")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(window_from__isnull=True, window_to__isnull=True)
                | Q(
                    window_from__isnull=False, window_to__isnull=False, window_from__lte=models.F("window_to")
                ),
                name="run_window_is_whole",
            )
        ]

    @property
    def called(self) -> Phrase:
        return Phrase("%(layer)s, %(days)s", {"layer": Layer(self.layer).label, "days": self.window})

    def __str__(self) -> str:
        return str(self.called)

    @property
    def window(self) -> Phrase:
        """The days it covers, in words."""
        if self.window_from is None or self.window_to is None:
            return phrase("undated counts")
        return Phrase("%(first)s – %(last)s", {"first": self.window_from, "last": self.window_to})

    @property
    def table_path(self) -> Path:
        """Every cell tested. A file of the lake: no cell is a row of the web database."""
        return data.folder("hotspots", str(self.agency_id)) / f"{self.public_id}.npz"

    @property
    def file_path(self) -> Path:
        return self.table_path

    def read_through(self) -> None:
        read_arrays(self.table_path)

    def not_whole(self, fault: Phrase) -> Phrase:
        return phrase(
            "the cells of a hot spot run (hotspots/%(agency)s/%(name)s, %(days)s) are not whole, the file %(fault)s: "
            "restore it from a backup, or run it again for the same days.",
            agency=self.agency_id,
            name=self.table_path.name,
            days=self.window,
            fault=fault,
        )

    @cached_property
    def table(self) -> dict[str, np.ndarray]:
        """cell, count, z, p, q: arrays of one length. Raises NotWhole."""
        return read_arrays(self.whole())


class EvaluationQuerySet(AgencyQuerySet["Evaluation"]):
    readers = PLANNERS


class FocusAreaQuerySet(AgencyQuerySet["FocusArea"]):
    readers = PLANNERS

    def open_to_all(self) -> Self:
        """Of a published run. Even then pages show a stranger its neighborhood and band, never its outline."""
        return self.filter(run__published_at__isnull=False)

    def of_latest_published(self) -> Self:
        latest = Run.objects.of(models.OuterRef("agency")).filter(published_at__isnull=False)
        newest = latest.order_by("-published_at", "-pk").values("pk")[:1]
        return self.filter(run=models.Subquery(newest))

    def walkable(self) -> Self:
        """Where a walk can go: not the parts that turned out to be one address."""
        return self.filter(site_share__isnull=True)

    def single_sites(self) -> Self:
        return self.filter(site_share__isnull=False)

    def listed(self) -> Self:
        """With the names of where they are, without the outlines of neighborhoods and divisions."""
        return self.select_related("neighborhood", "division").defer(
            "neighborhood__geometry", "division__geometry"
        )


class FocusArea(AgencyOwned):
    """Neighboring cells that stand out, inside one neighborhood and one division."""

    public_id = PublicIdField()
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="areas")
    neighborhood = models.ForeignKey(
        "places.Area", null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("neighborhood")
    )
    division = models.ForeignKey("places.Area", null=True, on_delete=models.SET_NULL, related_name="+")
    name = Line(max_length=160)
    band = models.PositiveSmallIntegerField(null=True, choices=Band)
    events = models.PositiveIntegerField()
    layer_events = models.JSONField(default=dict)
    population = models.FloatField(null=True)
    rate = models.FloatField(null=True)
    rate_low = models.FloatField(null=True)
    rate_high = models.FloatField(null=True)
    rate_missing = models.CharField(max_length=20, blank=True)
    # Of the neighborhood: layer → [risk against the whole, the low and the high end of 95 %]. Empty without residents.
    relative = models.JSONField(default=dict)
    # A part of the neighborhood that a scan names, the scan's p, and how many of the looks found it again.
    is_part = models.BooleanField(default=False)
    part_p = models.FloatField(null=True)
    looks = models.FloatField(null=True)
    peak_z = models.FloatField()
    peak_q = models.FloatField()
    cells = models.JSONField(default=list)
    outline = models.BinaryField()  # WKB, WGS 84, longitude first
    site_share = models.FloatField(null=True)
    site_cell = models.CharField(max_length=16, blank=True)
    site_name = Line(max_length=160, blank=True)

    objects = FocusAreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("focus area")
        verbose_name_plural = _("focus areas")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rate__isnull=True, rate_low__isnull=True, rate_high__isnull=True)
                | Q(rate__isnull=False, rate_low__lte=models.F("rate"), rate_high__gte=models.F("rate")),
                name="focus_area_rate_within_its_interval",
            ),
            models.CheckConstraint(
                condition=Q(band__isnull=True) | Q(band__in=Band.values),
                name="focus_area_band_is_one_of_three",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def shape(self) -> BaseGeometry:
        """The outline of its cells, in longitude and latitude."""
        return shapely.from_wkb(bytes(self.outline))

    @property
    def shares(self) -> dict[str, float]:
        """Layer → the share of its events that are in it."""
        return {
            name: count / self.events if self.events else 0.0 for name, count in self.layer_events.items()
        }

    @property
    def often(self) -> str:
        """How often police are involved in its neighborhood, beside the whole city; empty where no rate is formed."""
        return often.sentence(self.relative)

    @property
    def is_single_site(self) -> bool:
        return self.site_share is not None


class Evaluation(AgencyOwned):
    """The method on the agency's own history: lists made of each year, looked at in the next."""

    public_id = PublicIdField()
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    layer = models.CharField(max_length=14, choices=Layer)
    # When a neighborhood was called high, and one object for each origin: its days, and how each list held.
    threshold = models.FloatField()
    certainty = models.FloatField()
    origins = models.JSONField(default=list)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["-made_at", "-pk"]

    @property
    def called(self) -> Phrase:
        return Phrase("%(layer)s, %(n)s", {"layer": Layer(self.layer).label, "n": len(self.origins)})

    def __str__(self) -> str:
        return str(self.called)


class Criterion(models.TextChoices):
    """What may speak for a walk in one place rather than another."""

    INVOLVEMENT = "involvement", _("Police involvement, as measured")
    REQUESTS = "requests", _("Requests by residents")
    WAITING = "waiting", _("Time since the last walk")
    FAIRNESS = "fairness", _("Walks so far, for the number of residents")


WHY_IT_COUNTS: dict[str, str | Promise] = {
    Criterion.INVOLVEMENT: _(
        "Where people meet police mostly through enforcement, we owe them another kind of meeting."
    ),
    Criterion.REQUESTS: _("People who ask us to come are heard first."),
    Criterion.WAITING: _("No neighborhood should wait for ever."),
    Criterion.FAIRNESS: _("Walks are shared out by how many people live somewhere, not by who complains."),
}
LARGEST_WEIGHT = 10
LARGEST_THRESHOLD = 10.0
SHORTEST_REASON, LONGEST_REASON = 20, 1000


class CriteriaQuerySet(AgencyQuerySet["Criteria"]):
    def open_to_all(self) -> Self:
        """How we choose is public from the first version on."""
        return self.all()

    def in_force(self) -> Criteria | None:
        return self.order_by("-version").first()


class Criteria(AgencyOwned):
    """One version of how this agency chooses where to walk. A version is never changed, only followed by the next."""

    version = models.PositiveIntegerField()
    involvement = models.PositiveSmallIntegerField(default=4, validators=[MaxValueValidator(LARGEST_WEIGHT)])
    requests = models.PositiveSmallIntegerField(default=3, validators=[MaxValueValidator(LARGEST_WEIGHT)])
    waiting = models.PositiveSmallIntegerField(default=2, validators=[MaxValueValidator(LARGEST_WEIGHT)])
    fairness = models.PositiveSmallIntegerField(default=1, validators=[MaxValueValidator(LARGEST_WEIGHT)])
    # When a neighborhood is called high: its risk lies above so many times the whole's, with this certainty.
    threshold = models.FloatField(
        default=1.5, validators=[MinValueValidator(1.0), MaxValueValidator(LARGEST_THRESHOLD)]
    )
    certainty = models.FloatField(default=0.95, validators=[MinValueValidator(0.5), MaxValueValidator(0.999)])
    why = Authored(_("Why it is so"), max_length=LONGEST_REASON, blank=True)
    published_at = models.DateTimeField(default=clock.now)
    published_by = Line(max_length=160)

    objects = CriteriaQuerySet.as_manager()

    class Meta:
        verbose_name = _("criteria")
        verbose_name_plural = _("criteria")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "version"], name="criteria_once_per_version"),
            models.CheckConstraint(
                condition=Q(involvement__gt=0) | Q(requests__gt=0) | Q(waiting__gt=0) | Q(fairness__gt=0),
                name="criteria_weigh_something",
            ),
        ]

    @property
    def called(self) -> Phrase:
        return phrase("version %(number)s", number=self.version)

    def __str__(self) -> str:
        return str(self.called)

    @property
    def said(self) -> dict[str, Any]:
        """As the form for the next version begins."""
        rules = {"threshold": round(100 * self.threshold), "certainty": min(99, round(100 * self.certainty))}
        return {**self.weights, **rules, "why": self.why}

    @property
    def weights(self) -> dict[str, int]:
        return {criterion: getattr(self, criterion) for criterion in Criterion.values}

    @property
    def shares(self) -> list[tuple[str | Promise, float, str | Promise]]:
        """(criterion, its share of the whole, why it counts) for those that count."""
        total = sum(self.weights.values())
        return [
            (Criterion(name).label, weight / total, WHY_IT_COUNTS[name])
            for name, weight in self.weights.items()
            if weight
        ]


class ChoiceQuerySet(AgencyQuerySet["Choice"]):
    def listed(self) -> Self:
        """With the criteria of the day and the neighborhood's name, without its outline."""
        return self.select_related("agency", "criteria", "neighborhood", "area").defer(
            "neighborhood__geometry", "area__outline"
        )

    def not_walked(self) -> Self:
        """Those in a neighborhood where no walk was planned since. Elsewhere only the walk knows what it came from."""
        there = Gathering.objects.of(models.OuterRef("agency")).filter(
            kind=WALK.name, neighborhood=models.OuterRef("neighborhood")
        )
        since = there.filter(ends_at__gt=models.OuterRef("decided_at"))
        walked = models.Exists(since.exclude(status=Status.CANCELLED))
        return self.filter(~walked, neighborhood__isnull=False)


class Choice(AgencyOwned):
    """Where to walk next, decided by a named person, with a reason. A list may propose; it never decides."""

    public_id = PublicIdField()
    area = models.ForeignKey(FocusArea, null=True, on_delete=models.SET_NULL, related_name="choices")
    neighborhood = models.ForeignKey("places.Area", null=True, on_delete=models.SET_NULL, related_name="+")
    place_name = Line(max_length=160)
    criteria = models.ForeignKey(Criteria, null=True, on_delete=models.PROTECT, related_name="choices")
    reason = Authored(_("Why here"), min_length=SHORTEST_REASON, max_length=LONGEST_REASON)
    decided_at = models.DateTimeField(default=clock.now)
    decided_by = Line(max_length=160)

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice")
        ordering = ["-decided_at", "-pk"]

    def __str__(self) -> str:
        return self.place_name

    @property
    def plan_url(self) -> str:
        """Where one plans a walk there, with the place put in."""
        return plan_url(self.agency, self.area or self.neighborhood)


def plan_url(agency: Agency, place: FocusArea | Area | None) -> str:
    """The form that plans a walk: at a focus area, in a neighborhood, or wherever one says."""
    form = reverse(WALK.plans, args=[agency.slug])
    if place is None:
        return form
    return f"{form}?area={'focus' if isinstance(place, FocusArea) else 'area'}:{place.public_id}"


class PetitionKind(models.TextChoices):
    WALK = "walk", _("Asks for a walk")
    LABEL = "label", _("Objects to how a neighborhood is described")


LONGEST_PETITION, LONGEST_ANSWER = 1500, 2000
LONGEST_BECAUSE = 400
# Why it was erased, where whoever wrote it did so: a fact, said in words where it is read.
TAKEN_BACK = "taken back"
WAITS = Q(answered_at__isnull=True, erased_at__isnull=True)


class PetitionQuerySet(AgencyQuerySet["Petition"]):
    readers = PLANNERS | {Role.INFORMATION_OFFICER, Role.RECORDS_OFFICER}

    def waiting(self) -> Self:
        return self.filter(WAITS)

    def waiting_first(self) -> Self:
        """Who waits for an answer, the longest first; then the latest."""
        since = models.Case(models.When(WAITS, then="received_at"))
        return self.order_by(since.asc(nulls_last=True), "-received_at", "-pk")

    def out_of_keeping(self) -> Self:
        """Answered, as long ago as the agency keeps what residents wrote."""
        return self.out_of_time("words_retention_days", moment="answered_at")

    def listed(self) -> Self:
        """With the name of where, without its outline."""
        return self.select_related("neighborhood").defer("neighborhood__geometry")


AS_ASKED: dict[str, Any] = {
    "ends": Ends(
        _("As long as we have not answered. Then %(days)s days from our answer."),
        days="words_retention_days",
    ),
    "eraser": "hotspots.jobs.forget",
    "sooner": _("On the page of your code, press “Erase what I wrote”."),
}


class Petition(AgencyOwned):
    """A resident asks for a walk, or objects to a label. No account, no name; a code shows the answer."""

    public_id = PublicIdField()
    kind = models.CharField(max_length=6, choices=PetitionKind)
    neighborhood = models.ForeignKey("places.Area", null=True, on_delete=models.SET_NULL, related_name="+")
    place = SaidLine(
        _("Where"),
        max_length=160,
        blank=True,
        purpose=_("So that we know which place you mean."),
        what=_("The place you name when you ask for a walk or object to a label"),
        **AS_ASKED,
    )
    text = SaidText(
        _("Why"),
        max_length=LONGEST_PETITION,
        blank=True,
        validators=[MaxLengthValidator(LONGEST_PETITION)],
        purpose=_("So that we can answer you."),
        what=_("What you write when you ask for a walk or object to a label"),
        **AS_ASKED,
    )
    language = models.CharField(
        max_length=languages.LONGEST_CODE, choices=languages.choices, default=settings.LANGUAGE_CODE
    )
    form_digest = tokens.DigestField(
        ring=keys.FORMS, until="received_at", lasts=tokens.FORM_LASTS, editable=False
    )
    received_at = models.DateTimeField(default=clock.now)
    # Of the petitions of one device about one neighborhood the latest counts; all of them are read and answered.
    counts = models.BooleanField(default=True, editable=False)
    answer = Authored(_("Our answer"), max_length=LONGEST_ANSWER, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = Line(max_length=160, blank=True)
    erased_at = models.DateTimeField(null=True, editable=False)
    erased_because = Line(max_length=LONGEST_BECAUSE, blank=True, editable=False)

    objects = PetitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("petition")
        verbose_name_plural = _("petitions")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "form_digest"], name="petition_once_per_form"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="")
                | (Q(answered_at__isnull=False) & (~Q(answer="") | Q(erased_at__isnull=False))),
                name="petition_answered_with_words",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True, erased_because="")
                | (Q(erased_at__isnull=False, text="", place="", answer="") & ~Q(erased_because="")),
                name="petition_erased_for_a_reason",
            ),
        ]

    @property
    def key(self) -> Origin:
        """What a hold on it, and a wish to have it erased, are known by."""
        return Origin("petition", self.public_id)

    @property
    def called(self) -> Phrase:
        """Never what was typed: this is what the audit trail and error reports show."""
        kind = PetitionKind(self.kind).label
        if self.neighborhood is None:
            return Phrase("%(kind)s", {"kind": kind})
        return Phrase("%(kind)s: %(where)s", {"kind": kind, "where": self.neighborhood.name})

    def __str__(self) -> str:
        return str(self.called)

    @property
    def where(self) -> str:
        return (
            self.neighborhood.name
            if self.neighborhood
            else self.place or gettext("A place we no longer keep")
        )

    @property
    def why_erased(self) -> str:
        """The reason, which remains."""
        if self.erased_because == TAKEN_BACK:
            return gettext("Whoever wrote it took it back.")
        return self.erased_because


class CampusQuerySet(AgencyQuerySet["Campus"]):
    readers = ANALYSTS


class Campus(AgencyOwned):
    """A place where many people live at one address. It stays eligible, however many incidents are at its one spot."""

    name = Line(_("Name"), max_length=120)
    cell = models.CharField(max_length=16)
    noted_by = Line(max_length=160)
    noted_at = models.DateTimeField(default=clock.now)

    objects = CampusQuerySet.as_manager()

    class Meta:
        verbose_name = _("residential campus")
        verbose_name_plural = _("residential campuses")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["agency", "cell"], name="campus_once_per_cell")]

    def __str__(self) -> str:
        return self.name
