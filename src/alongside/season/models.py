"""Rows of the season: how the agency walks, each version of a plan, and each of its weeks."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import Agency, AgencyOwned, AgencyQuerySet, Role
from alongside.core import clock, data
from alongside.core.authored import Authored
from alongside.core.errors import Phrase, phrase
from alongside.core.ids import PublicIdField
from alongside.core.kept import Kept
from alongside.core.lines import Line
from alongside.core.origins import Origin
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.models import Series, Weekday
from alongside.methods import scheduling
from alongside.methods.scheduling.redrawing import DRAWS
from alongside.season import seeds

PLANNERS = frozenset({Role.COORDINATOR, Role.COMMANDER})
READERS = PLANNERS | {Role.ANALYST, Role.OFFICER}
USUAL_WEEKS, MOST_WEEKS = 12, 52
LONGEST_WHY = 300


class Month(models.IntegerChoices):
    JANUARY = 1, _("January")
    FEBRUARY = 2, _("February")
    MARCH = 3, pgettext_lazy("month", "March")
    APRIL = 4, _("April")
    MAY = 5, pgettext_lazy("month", "May")
    JUNE = 6, _("June")
    JULY = 7, _("July")
    AUGUST = 8, _("August")
    SEPTEMBER = 9, _("September")
    OCTOBER = 10, _("October")
    NOVEMBER = 11, _("November")
    DECEMBER = 12, _("December")


class Rhythm(AgencyOwned):
    """How this agency walks: the usual day and hour, the months indoors, and the rules of a season's plan."""

    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    weekday = models.PositiveSmallIntegerField(
        _("Usual day"),
        choices=Weekday,
        null=True,
        blank=True,
        help_text=_("Empty: the day of the week on which a season begins."),
    )
    at = models.TimeField(_("Usual time"), default=time(10, 0))
    minutes = models.PositiveSmallIntegerField(
        _("Usual length in minutes"),
        default=60,
        validators=[MinValueValidator(20), MaxValueValidator(180)],
    )
    winter_first = models.PositiveSmallIntegerField(
        _("First month indoors"), choices=Month, default=Month.NOVEMBER
    )
    winter_last = models.PositiveSmallIntegerField(
        _("Last month indoors"), choices=Month, default=Month.MARCH
    )
    winter_outdoors = models.PositiveSmallIntegerField(
        _("Weeks of the winter that may be outdoors"),
        default=0,
        validators=[MaxValueValidator(MOST_WEEKS)],
        help_text=_("Used where no indoor place is open to us."),
    )
    spacing = models.PositiveSmallIntegerField(
        _("Weeks between two walks of one area, at the least"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(26)],
    )
    longest_wait = models.PositiveSmallIntegerField(
        _("Longest wait for a walk, in weeks"),
        default=52,
        validators=[MinValueValidator(1), MaxValueValidator(260)],
        help_text=_("Published. A season keeps it before anything else; where it cannot, its page says why."),
    )
    skip_holidays = models.BooleanField(_("No walks on federal holidays"), default=True)
    band = models.PositiveSmallIntegerField(
        _("Areas are alike within so many percent of a walk"),
        default=5,
        validators=[MaxValueValidator(20)],
        help_text=_("Among areas that are alike, a draw decides who comes first. 0 for no draw."),
    )

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("rhythm of walks")
        verbose_name_plural = _("rhythms of walks")
        constraints = [models.UniqueConstraint(fields=["agency"], name="rhythm_once_per_agency")]

    @property
    def called(self) -> Phrase:
        return phrase("How we walk")

    def __str__(self) -> str:
        return str(self.called)

    @classmethod
    def of(cls, agency: Agency) -> Rhythm:
        """What was set; else what the usual series of walks says; else the words of this class."""
        known = cls.objects.filter(agency=agency).first()
        if known is not None:
            return known
        usual = Series.objects.of(agency).filter(kind=WALK.name, active=True).order_by("pk").first()
        if usual is None:
            return cls(agency=agency)
        return cls(
            agency=agency,
            series=usual,
            weekday=usual.weekday,
            at=usual.at or time(10, 0),
            minutes=usual.minutes,
        )

    @classmethod
    def promised(cls, agency: Agency) -> int | None:
        """The longest wait that somebody of this agency has promised; None before they have."""
        return cls.objects.filter(agency=agency).values_list("longest_wait", flat=True).first()

    def is_winter(self, day: date) -> bool:
        """Whether a day lies in the months indoors, which may go over the turn of the year."""
        if self.winter_first <= self.winter_last:
            return self.winter_first <= day.month <= self.winter_last
        return day.month >= self.winter_first or day.month <= self.winter_last


class DrawQuerySet(AgencyQuerySet["Draw"]):
    readers = READERS

    def open_to_all(self) -> Self:
        """Which value draws a season is public from the moment it is named: so nobody can choose it afterwards."""
        return self.all()

    def in_force(self, first: date) -> Draw | None:
        """Of the season whose first walk is on that day."""
        return self.filter(first=first).order_by("-version").first()

    def newest_first(self) -> Self:
        return self.order_by("-first", "-version")


class Draw(AgencyOwned):
    """What draws the season whose first walk is on a day: a public value, named before anybody knows it.

    However often and from whichever day such a season is proposed, it has this one. It is never changed and never
    deleted: whoever must put it right makes the next version, which says why in public.
    """

    public_id = PublicIdField()
    first = models.DateField(_("Day of the first walk"))
    version = models.PositiveIntegerField(default=1)
    source = Line(_("Which public value"), max_length=160)
    known_on = models.DateField(_("It is known on"))
    # How it is written (`seeds.shape_of`); empty for values that were named before there were shapes.
    shape = Line(max_length=seeds.MOST, blank=True)
    # The rules as they stood when it was named (`planning.rules_now`); empty for values that were named before.
    rules = models.JSONField(default=dict, blank=True, editable=False)
    named_by = Line(max_length=160)
    named_at = models.DateTimeField(default=clock.now)
    value = Line(_("The value, as it was announced"), max_length=160, blank=True)
    typed_by = Line(max_length=160, blank=True)
    typed_at = models.DateTimeField(null=True, blank=True)
    why = Authored(_("Why it was put right"), max_length=LONGEST_WHY, blank=True)

    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of a season", "draw")
        verbose_name_plural = pgettext_lazy("of seasons", "draws")
        ordering = ["-first", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "first", "version"], name="draw_once_per_version"),
            models.CheckConstraint(
                condition=Q(value="", typed_at__isnull=True) | (~Q(value="") & Q(typed_at__isnull=False)),
                name="draw_typed_what_and_when",
            ),
            models.CheckConstraint(
                condition=Q(known_on__lt=models.F("first")), name="draw_known_before_the_first_walk"
            ),
        ]

    @property
    def called(self) -> Phrase:
        return phrase("Draw for the first walk on %(day)s", day=self.first.isoformat())

    def __str__(self) -> str:
        return str(self.called)

    @property
    def public(self) -> str:
        """What the season is drawn from; empty as long as the value is not known."""
        return seeds.public_of(self.first, self.value) if self.value else ""

    @property
    def seed(self) -> str:
        """The seed of the season itself, which is draw 0; empty as long as the value is not known."""
        return scheduling.seed_of(self.public, 0) if self.value else ""

    @property
    def waits(self) -> bool:
        return not self.value

    @property
    def followed(self) -> bool:
        """It was put right: a later version holds."""
        return Draw.objects.of(self.agency_id).filter(first=self.first, version__gt=self.version).exists()

    @property
    def is_due(self) -> bool:
        """The day has come on which the value is known, and nobody has typed it in."""
        return self.waits and self.known_on <= self.agency.today()


class SeasonState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("season", "Proposed")
    APPROVED = "approved", pgettext_lazy("season", "Approved")
    SUPERSEDED = "superseded", _("Replaced by a later version")
    DISCARDED = "discarded", pgettext_lazy("season", "Discarded")


class SeasonQuerySet(AgencyQuerySet["Season"]):
    readers = READERS

    def newest_first(self) -> Self:
        return self.order_by("-start", "-made_at", "-pk")

    def standing(self) -> Self:
        """Proposals that wait, and plans in force."""
        return self.filter(state__in=[SeasonState.PROPOSED, SeasonState.APPROVED])


class Season(AgencyOwned):
    """One version of a season's plan. It is never changed, only followed by the next, and signed by two people."""

    public_id = PublicIdField()
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="followers"
    )
    version = models.PositiveIntegerField(default=1)
    start = models.DateField(_("From"))
    state = models.CharField(max_length=10, choices=SeasonState, default=SeasonState.PROPOSED)
    made_at = models.DateTimeField(default=clock.now)
    made_by = Line(max_length=160)
    # Why there is this version, as a word and its parts: `reasons.change` says it.
    change = models.JSONField(default=dict, blank=True)
    at = models.TimeField(_("Time"))
    minutes = models.PositiveSmallIntegerField(_("Minutes"))

    objective = models.FloatField()
    best = models.FloatField()
    bound = models.FloatField()
    seconds = models.FloatField()
    # What it was reckoned from: weights, version of the criteria, run, spacing, band, what was not known.
    inputs = models.JSONField(default=dict)
    # By what it is drawn. None where nobody has named a value, and for seasons of before, which a secret of ours drew.
    draw = models.ForeignKey(Draw, null=True, blank=True, on_delete=models.RESTRICT, related_name="seasons")
    # Both are empty as long as it is not drawn.
    seed = models.CharField(max_length=64, editable=False, blank=True)
    commitment = models.CharField(max_length=64, editable=False, blank=True)

    coordinator = Line(_("Coordinator"), max_length=160, blank=True)
    coordinator_at = models.DateTimeField(null=True, blank=True)
    commander = Line(_("Commander"), max_length=160, blank=True)
    commander_at = models.DateTimeField(null=True, blank=True)
    # Who signed, so that one person cannot sign twice, whatever roles they hold.
    coordinator_user = models.ForeignKey(
        "agencies.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    commander_user = models.ForeignKey(
        "agencies.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = SeasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("season")
        verbose_name_plural = _("seasons")
        ordering = ["-start", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["follows"], condition=Q(follows__isnull=False), name="season_followed_once"
            ),
            models.CheckConstraint(
                condition=Q(coordinator="", coordinator_at__isnull=True)
                | (~Q(coordinator="") & Q(coordinator_at__isnull=False)),
                name="season_coordinator_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(commander="", commander_at__isnull=True)
                | (~Q(commander="") & Q(commander_at__isnull=False)),
                name="season_commander_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(coordinator_at__isnull=False, commander_at__isnull=False),
                name="season_approved_by_both",
            ),
        ]

    @property
    def called(self) -> Phrase:
        return phrase("Season from %(day)s, version %(n)s", day=self.start.isoformat(), n=self.version)

    def __str__(self) -> str:
        return str(self.called)

    @property
    def key(self) -> Origin:
        return Origin("season", self.public_id)

    @property
    def is_proposed(self) -> bool:
        return self.state == SeasonState.PROPOSED

    @property
    def is_approved(self) -> bool:
        return self.state == SeasonState.APPROVED

    @property
    def wants_draw(self) -> bool:
        """Areas that are alike are drawn for, and nobody has drawn yet."""
        return bool(self.inputs.get("band")) and not self.seed

    @property
    def gap(self) -> float:
        """How far from the best possible, at the most, as a share of the bound."""
        return max(0.0, (self.bound - self.objective) / abs(self.bound)) if self.bound else 0.0


class RedrawsQuerySet(AgencyQuerySet["Redraws"]):
    readers = READERS

    def open_to_all(self) -> Self:
        return self.filter(published_at__isnull=False)

    def done(self) -> Self:
        return self.filter(done_at__isnull=False)

    def of_signed(self) -> Self:
        """Of seasons that are or were in force."""
        signed = Q(season__coordinator_at__isnull=False, season__commander_at__isnull=False)
        return self.done().filter(signed).order_by("season__start", "season__version", "pk")


class Redraws(Kept, AgencyOwned):
    """A season drawn again a thousand times, by the seeds that follow its own: how likely each order was.

    Made by a job once the season is drawn, from what it was drawn from (`problem`). The file is published with its
    SHA-256 when the season is signed: what walks bring about is measured against it later.
    """

    public_id = PublicIdField()
    season = models.OneToOneField(Season, on_delete=models.CASCADE, related_name="redraws")
    public = Line(max_length=200, editable=False)
    draws = models.PositiveIntegerField(default=DRAWS)
    # What the season was drawn from (`freezing`), and for each area its names and its chance in each week.
    problem = models.JSONField(default=dict, editable=False)
    chances = models.JSONField(default=dict, editable=False)
    asked_by = models.ForeignKey(
        "agencies.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RedrawsQuerySet.as_manager()
    shelf, below = "re-draws", "redraws"

    class Meta:
        verbose_name = _("re-draws of a season")
        verbose_name_plural = _("re-draws of seasons")
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(done_at__isnull=False),
                name="redraws_published_when_done",
            )
        ]

    def __str__(self) -> str:
        return str(self.season)

    @classmethod
    def with_files(cls) -> models.QuerySet[Redraws]:
        return cls.objects.everywhere().done()

    @property
    def key(self) -> Origin:
        return Origin("redraws", self.public_id)

    @property
    def file_path(self) -> Path:
        return data.folder("redraws", str(self.agency_id)) / f"{self.public_id}.txt"

    def read_through(self) -> None:
        scheduling.Redraws.read(self.file_path.read_text())

    def not_whole(self, fault: Phrase) -> Phrase:
        return phrase(
            "the re-draws of a season (redraws/%(agency)s/%(name)s) are not whole, the file %(fault)s: restore it from "
            "a backup, or draw again on the season’s page.",
            agency=self.agency_id,
            name=self.file_path.name,
            fault=fault,
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the file, in hexadecimal."""
        return bytes(self.sha256).hex()

    @cached_property
    def every(self) -> scheduling.Redraws:
        """Every draw. Raises NotWhole."""
        return scheduling.Redraws.read(self.whole().read_text())


class WeekQuerySet(AgencyQuerySet["Week"]):
    readers = READERS

    def in_force(self) -> Self:
        """Of plans that two people have signed and that no later version has replaced."""
        return self.filter(season__state=SeasonState.APPROVED)

    def closed(self) -> Self:
        """Weeks in which nobody walks, with the reason why."""
        return self.filter(where="")

    def listed(self) -> Self:
        """With the names of where, without the outlines."""
        return self.select_related(
            "area", "neighborhood", "division", "venue", "walk__gathering__agency"
        ).defer(
            "area__outline",
            "area__cells",
            "neighborhood__geometry",
            "division__geometry",
            "walk__area",
        )


class Week(AgencyOwned):
    """One date of a season: where, under which roof, why, and what another choice would cost; or why nobody walks."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="weeks")
    number = models.PositiveSmallIntegerField()
    day = models.DateField()
    area = models.ForeignKey(
        "hotspots.FocusArea", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    neighborhood = models.ForeignKey(
        "places.Area", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    division = models.ForeignKey(
        "places.Area", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    venue = models.ForeignKey(
        "places.Venue", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The names on the day it was planned: a later run or file may call the place otherwise, or know it no more.
    where = Line(max_length=160, blank=True)
    neighborhood_name = Line(max_length=120, blank=True)
    division_name = Line(max_length=120, blank=True)
    venue_name = Line(max_length=120, blank=True)
    indoor = models.BooleanField(default=False)
    # Numbers and words behind the sentences of `reasons.because`; other areas and their costs.
    because = models.JSONField(default=dict)
    alternatives = models.JSONField(default=list)
    fixed = models.BooleanField(default=False)
    fixed_by = Line(max_length=160, blank=True)
    fixed_why = Line(_("Why"), max_length=300, blank=True)
    # Why nobody walks, as a word and its parts, such as a holiday's name; empty for a week with a walk.
    closed = models.JSONField(default=dict, blank=True)
    # The share of all draws in which this area is walked in this week; None as long as nobody knows.
    chance = models.FloatField(null=True, blank=True)
    walk = models.ForeignKey("walks.Walk", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = WeekQuerySet.as_manager()

    class Meta:
        verbose_name = _("week of a season")
        verbose_name_plural = _("weeks of a season")
        ordering = ["season", "number"]
        constraints = [
            models.UniqueConstraint(fields=["season", "number"], name="week_once_per_season"),
            models.UniqueConstraint(fields=["season", "day"], name="week_one_walk_a_day"),
        ]

    def __str__(self) -> str:
        return self.where or str(_("No walk"))

    @property
    def is_empty(self) -> bool:
        """Nobody walks."""
        return not self.where

    @property
    def needs_roof(self) -> bool:
        """It should be indoors, and no place is found yet."""
        return bool(self.where) and self.indoor and self.venue_id is None

    @property
    def has_marks(self) -> bool:
        """Whether its line has pills under the place: a roof or the want of one, fixed, a walk."""
        return bool(self.venue_name or self.needs_roof or self.fixed or self.walk_id)

    @property
    def is_published(self) -> bool:
        """Its walk was published when the season was planned, and has its own page to be changed on."""
        return bool(self.because.get("published"))

    @property
    def may_be_changed(self) -> bool:
        return self.day >= self.agency.today() and not self.is_published

    @property
    def key(self) -> str:
        """How the plan calls the area: it stays the same from version to version."""
        return str(self.because.get("key", ""))
