"""Areas, venues and streets: rows, constraints and small facts."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import numpy as np
import shapely
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from shapely.geometry.base import BaseGeometry

from alongside.agencies.models import Agency, AgencyOwned, AgencyQuerySet, Role, User
from alongside.core import clock, data
from alongside.core.authored import Authored, Words
from alongside.core.errors import Phrase, phrase
from alongside.core.ids import PublicIdField
from alongside.core.kept import Kept, read_arrays
from alongside.core.lines import Line
from alongside.methods.routing.graph import WalkGraph


class AreaKind(models.TextChoices):
    NEIGHBORHOOD = "neighborhood", _("Neighborhood")
    DIVISION = "division", _("Division")
    BEAT = "beat", _("Beat")
    DISTRICT = "district", _("District")
    TRACT = "tract", _("Census tract")


PLURALS = {
    AreaKind.NEIGHBORHOOD: _("Neighborhoods"),
    AreaKind.DIVISION: _("Divisions"),
    AreaKind.BEAT: _("Beats"),
    AreaKind.DISTRICT: _("Districts"),
    AreaKind.TRACT: _("Census tracts"),
}


LONGEST_LABEL = 40


class AreaLabel(AgencyOwned):
    """This agency's own word for a kind of area: a division may be a precinct, a beat a sector."""

    kind = models.CharField(_("Kind"), max_length=16, choices=AreaKind)
    singular = Authored(_("One of them"), max_length=LONGEST_LABEL, one_line=True)
    plural = Authored(pgettext_lazy("kind of area", "Several"), max_length=LONGEST_LABEL, one_line=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "kind"], name="area_label_once_per_kind"),
            models.CheckConstraint(
                condition=models.Q(kind__in=AreaKind.values), name="area_label_has_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return str(self.singular)


class AreaQuerySet(AgencyQuerySet["Area"]):
    def open_to_all(self) -> Self:
        """Names and outlines are public. An area that a newer file left out is not shown any more."""
        return self.filter(active=True)

    def active(self) -> Self:
        return self.filter(active=True)

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def listed(self) -> Self:
        """Without the outlines, which weigh more than everything else together."""
        return self.defer("geometry")


class Area(AgencyOwned):
    """A named piece of the city: a neighborhood, a division, a beat, a district, a census tract."""

    public_id = PublicIdField()
    kind = models.CharField(_("Kind"), max_length=16, choices=AreaKind)
    name = Line(_("Name"), max_length=120)
    key = Line(_("Key"), max_length=60, blank=True)
    population = models.PositiveIntegerField(_("Residents"), null=True, blank=True)
    geometry = models.BinaryField()  # WKB, WGS 84, longitude first
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    source = Line(max_length=160, blank=True)
    active = models.BooleanField(default=True)
    changed_at = models.DateTimeField(default=clock.now, editable=False)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "kind", "name"], name="area_once_per_name"),
            models.CheckConstraint(condition=models.Q(kind__in=AreaKind.values), name="area_has_a_kind"),
            models.CheckConstraint(
                condition=models.Q(
                    west__lt=models.F("east"),
                    south__lt=models.F("north"),
                    west__gte=-180,
                    east__lte=180,
                    south__gte=-90,
                    north__lte=90,
                ),
                name="area_lies_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def outline_from(self) -> str:
        """Where its outline came from, in words."""
        return str(pgettext_lazy("outline", "drawn here")) if self.source == "drawn" else self.source or "–"

    @cached_property
    def shape(self) -> BaseGeometry:
        """The outline, in longitude and latitude."""
        return shapely.from_wkb(bytes(self.geometry))

    @staticmethod
    def columns_of(shape: BaseGeometry) -> dict[str, Any]:
        """What is stored of an outline."""
        west, south, east, north = shape.bounds
        return {
            "geometry": shapely.to_wkb(shape, output_dimension=2),
            "west": west,
            "south": south,
            "east": east,
            "north": north,
        }

    @property
    def middle(self) -> tuple[float, float]:
        """Latitude and longitude of a point that surely lies inside."""
        point = self.shape.representative_point()
        return point.y, point.x


class VenueKind(models.TextChoices):
    OUTDOOR = "outdoor", _("Outdoor meeting point")
    MALL = "mall", _("Shopping mall")
    COMMUNITY_CENTER = "community_center", _("Community center")
    LIBRARY = "library", _("Library")
    WORSHIP = "worship", _("Place of worship")
    SCHOOL = "school", _("School")
    OTHER = "other", pgettext_lazy("venue", "Other")


INDOORS = frozenset(VenueKind.values) - {VenueKind.OUTDOOR, VenueKind.OTHER}


class Known(models.TextChoices):
    """What we know of a place. Not knowing is an answer too, and is never shown as yes."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


class Permission(models.TextChoices):
    NOT_NEEDED = "not_needed", pgettext_lazy("permission", "None needed")
    MISSING = "missing", _("Not asked yet")
    ASKED = "asked", pgettext_lazy("permission", "Asked")
    GIVEN = "given", pgettext_lazy("permission", "Given")


class VenueQuerySet(AgencyQuerySet["Venue"]):
    def open_to_all(self) -> Self:
        """Where people may meet is public; the notes and who gave permission are not shown on public pages."""
        return self.filter(active=True)

    def active(self) -> Self:
        return self.filter(active=True)

    def indoors(self) -> Self:
        return self.filter(indoor=Known.YES)

    def may_be_used(self, on: Any) -> Self:
        """Those whose owner lets us in on that day, or whose owner need not be asked."""
        given = models.Q(permission=Permission.GIVEN) & (
            models.Q(permission_until=None) | models.Q(permission_until__gte=on)
        )
        return self.filter(models.Q(permission=Permission.NOT_NEEDED) | given)


class Venue(AgencyOwned):
    """A place to meet: under the open sky, or a room with a roof."""

    public_id = PublicIdField()
    name = Line(_("Name"), max_length=120)
    kind = models.CharField(_("Kind"), max_length=20, choices=VenueKind)
    address = Line(_("Address"), max_length=200, blank=True)
    lat = models.FloatField(_("Latitude"), validators=[MinValueValidator(-90), MaxValueValidator(90)])
    lon = models.FloatField(_("Longitude"), validators=[MinValueValidator(-180), MaxValueValidator(180)])
    capacity = models.PositiveIntegerField(
        _("Room for how many people"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(200_000)],
    )
    step_free = models.CharField(
        _("Step-free from the street"), max_length=8, choices=Known, default=Known.UNKNOWN
    )
    indoor = models.CharField(_("Indoors"), max_length=8, choices=Known, default=Known.UNKNOWN)
    parking = models.CharField(_("Parking"), max_length=8, choices=Known, default=Known.UNKNOWN)
    toilets = models.CharField(_("Toilets"), max_length=8, choices=Known, default=Known.UNKNOWN)
    opening_hours = Line(
        _("Opening hours"), max_length=200, blank=True, help_text=_("As you would say it: “Mon–Sat 10 to 9”.")
    )
    permission = models.CharField(
        _("Owner’s permission"), max_length=12, choices=Permission, default=Permission.MISSING
    )
    permission_by = Line(pgettext_lazy("permission", "Given by"), max_length=120, blank=True)
    permission_until = models.DateField(pgettext_lazy("permission", "Given until"), null=True, blank=True)
    notes = models.TextField(_("Notes for staff"), blank=True, max_length=2000)
    active = models.BooleanField(_("In use"), default=True)

    objects = VenueQuerySet.as_manager()

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "name", "address"], name="venue_once_per_address"),
            models.CheckConstraint(
                condition=models.Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180),
                name="venue_lies_on_earth",
            ),
            models.CheckConstraint(
                condition=models.Q(capacity__isnull=True) | models.Q(capacity__gte=1),
                name="venue_holds_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(permission=Permission.GIVEN)
                | models.Q(permission_by="", permission_until__isnull=True),
                name="venue_permission_says_who_only_when_given",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_roof(self) -> bool:
        """Whether one is indoors here: as somebody wrote down, else by the kind of place."""
        return self.indoor == Known.YES or (self.indoor == Known.UNKNOWN and self.kind in INDOORS)


class StreetNetworkQuerySet(AgencyQuerySet["StreetNetwork"]):
    def open_to_all(self) -> Self:
        """The streets are OpenStreetMap's and anybody's."""
        return self.filter(current=True)

    def current(self) -> Self:
        return self.filter(current=True)


class StreetNetwork(Kept, AgencyOwned):
    """The walkable streets read from one OpenStreetMap extract. The latest import is the current one."""

    ATTRIBUTION = "© OpenStreetMap contributors (ODbL)"

    public_id = PublicIdField()
    file_name = Line(max_length=160)
    imported_at = models.DateTimeField(default=clock.now)
    current = models.BooleanField(default=True)
    report = models.JSONField(default=dict)
    nodes = models.PositiveIntegerField()
    edges = models.PositiveIntegerField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    objects = StreetNetworkQuerySet.as_manager()
    shelf = below = "streets"

    class Meta:
        verbose_name = _("street network")
        ordering = ["-imported_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=models.Q(current=True), name="streets_one_current_per_agency"
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def path(self) -> Path:
        """Where the arrays are: in the data folder, named by nothing a visitor could choose."""
        return data.folder("streets") / f"{self.public_id}.npz"

    @classmethod
    def with_files(cls) -> models.QuerySet[StreetNetwork]:
        """Older files go, some time after."""
        return cls._base_manager.filter(current=True)

    @property
    def file_path(self) -> Path:
        return self.path

    def read_through(self) -> None:
        read_arrays(self.path)

    def not_whole(self, fault: Phrase) -> Phrase:
        return phrase(
            "the streets of %(agency)s are not whole (streets/%(name)s %(fault)s): restore the file from a backup, or "
            "import them again: alongside streets import %(agency)s FILE.osm.pbf",
            agency=self.agency.slug,
            name=self.path.name,
            fault=fault,
        )

    def graph(self) -> WalkGraph:
        """The streets themselves. A city of 30,000 edges loads in some 50 ms: ask `queries.street_graph` instead.

        Raises NotWhole.
        """
        with np.load(self.whole(), allow_pickle=False) as arrays:
            return WalkGraph.from_arrays(arrays)


class ExposureQuerySet(AgencyQuerySet["Exposure"]):
    readers = frozenset({Role.ANALYST, Role.COORDINATOR})

    def in_force(self) -> Self:
        return self.filter(in_force=True)


class Exposure(Kept, AgencyOwned):
    """People who are there without living there, read from one table. The latest that was not withdrawn is in force.

    columns  for each column that counts its `name`, its `weight` in people, and its `sum` over all rows
    rows     how many could be used
    """

    public_id = PublicIdField()
    file_name = Line(max_length=160)
    columns = models.JSONField(default=list)
    rows = models.PositiveIntegerField()
    added_at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    in_force = models.BooleanField(default=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ExposureQuerySet.as_manager()
    shelf = below = "exposure"

    class Meta:
        verbose_name = _("table of people who are there")
        verbose_name_plural = _("tables of people who are there")
        ordering = ["-added_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=models.Q(in_force=True), name="exposure_one_in_force_per_agency"
            ),
            models.CheckConstraint(
                condition=models.Q(in_force=False) | models.Q(withdrawn_at=None),
                name="exposure_withdrawn_is_not_in_force",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def people(self) -> float:
        """What all of it comes to, in people."""
        return float(sum(column["weight"] * column["sum"] for column in self.columns))

    @classmethod
    def with_files(cls) -> models.QuerySet[Exposure]:
        """Those no longer in force have no file; the row says what was."""
        return cls._base_manager.filter(in_force=True)

    @property
    def file_path(self) -> Path:
        return data.folder("exposure") / f"{self.public_id}.npz"

    def read_through(self) -> None:
        read_arrays(self.file_path)

    def not_whole(self, fault: Phrase) -> Phrase:
        return phrase(
            "the people at risk of %(agency)s are not whole (exposure/%(name)s %(fault)s): restore the file from a "
            "backup, or import the table again: alongside places exposure %(agency)s FILE.csv --weight COLUMN=WEIGHT",
            agency=self.agency.slug,
            name=self.file_path.name,
            fault=fault,
        )


def labels_of(agency: Agency) -> dict[str, tuple[str, str]]:
    """This agency's words for each kind of area, for whoever reads: one of them, several.

    They stand in labels and inside sentences, where no mark fits: what the agency has not written in a language is
    said there in our own words of that language. The database is asked once a request.
    """
    ours = {kind: (str(label), str(PLURALS[AreaKind(kind)])) for kind, label in AreaKind.choices}
    theirs = {
        kind: (str(one), str(several))
        for kind, (one, several) in own_labels_of(agency).items()
        if not one.shown.is_foreign and not several.shown.is_foreign
    }
    return ours | theirs


def own_labels_of(agency: Agency) -> dict[str, tuple[Words, Words]]:
    """The words that the agency has written itself, in each language."""
    if "_area_words" not in agency.__dict__:
        own = AreaLabel.objects.of(agency).values_list("kind", "singular", "plural")
        agency.__dict__["_area_words"] = {kind: (singular, plural) for kind, singular, plural in own}
    chosen: dict[str, tuple[Words, Words]] = agency.__dict__["_area_words"]
    return chosen
