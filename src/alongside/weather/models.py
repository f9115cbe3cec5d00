"""What an agency wants to be warned of, what was forecast for each gathering, and where one goes in bad weather."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Agency, AgencyOwned, AgencyQuerySet
from alongside.core import clock, measures
from alongside.core.errors import Phrase, phrase
from alongside.core.lines import Line
from alongside.core.tables import number
from alongside.gatherings.models import Gathering
from alongside.places.models import Venue
from alongside.weather.sayings import Sky

DAYS_AHEAD = timedelta(days=3)
# Three hours' notice, and the half hour that may lie between two looks.
HOURS_AHEAD = timedelta(hours=3, minutes=30)


# -- what an agency wants to know -------------------------------------------------------------------
class ThresholdsQuerySet(AgencyQuerySet["Thresholds"]):
    pass


class Thresholds(AgencyOwned):
    """From where on the coordinators of an agency are warned. An agency that has set none has these."""

    agency = models.OneToOneField(
        Agency, on_delete=models.CASCADE, related_name="+", verbose_name=_("agency")
    )
    active = models.BooleanField(
        _("Look at the forecast"),
        default=True,
        help_text=_("For published gatherings under the open sky, from three days ahead."),
    )
    rain_percent = models.PositiveSmallIntegerField(
        _("Chance of rain or snow, in percent"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    wind_mph = models.PositiveSmallIntegerField(
        _("Wind or gusts, in miles an hour"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(150)],
    )
    heat_f = models.SmallIntegerField(
        _("Heat as it feels, in °F"),
        default=95,
        validators=[MinValueValidator(60), MaxValueValidator(150)],
        help_text=_("The heat index: temperature and humidity together."),
    )
    cold_f = models.SmallIntegerField(
        _("Cold as it feels, in °F"),
        default=20,
        validators=[MinValueValidator(-60), MaxValueValidator(59)],
        help_text=_("The wind chill: temperature and wind together."),
    )
    thunder = models.BooleanField(_("Thunderstorms"), default=True)
    official = models.BooleanField(
        _("Watches, warnings and advisories of the National Weather Service"), default=True
    )

    objects = ThresholdsQuerySet.as_manager()

    class Meta:
        verbose_name = _("weather thresholds")
        verbose_name_plural = _("weather thresholds")
        constraints = [
            models.CheckConstraint(
                condition=Q(rain_percent__gte=1, rain_percent__lte=100), name="weather_rain_is_a_share"
            ),
            models.CheckConstraint(condition=Q(cold_f__lt=F("heat_f")), name="weather_cold_below_heat"),
        ]

    @property
    def called(self) -> Phrase:
        return phrase("Weather thresholds")

    def __str__(self) -> str:
        return str(self.called)


def thresholds_of(agency: Agency) -> Thresholds:
    """Those an agency has set, else the usual ones, not saved."""
    return Thresholds.objects.of(agency).first() or Thresholds(agency=agency)


# -- where one goes ---------------------------------------------------------------------------------
class ShelterQuerySet(AgencyQuerySet["Shelter"]):
    def open_to_all(self) -> Self:
        """Where one goes in bad weather is on the page of what is published."""
        return self.exclude(gathering__status="draft")


class Shelter(AgencyOwned):
    """The place for bad weather, settled beforehand. Going there is still somebody's decision."""

    gathering = models.OneToOneField(Gathering, on_delete=models.CASCADE, related_name="shelter")
    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="+")

    objects = ShelterQuerySet.as_manager()

    class Meta:
        verbose_name = _("place for bad weather")
        verbose_name_plural = _("places for bad weather")

    def __str__(self) -> str:
        return self.venue.name


# -- what was forecast ------------------------------------------------------------------------------
class Sight(models.TextChoices):
    """What became of the last look at the forecast."""

    SEEN = "seen", pgettext_lazy("forecast", "Seen")
    BEYOND = "beyond", _("Not forecast yet")
    NO_POINT = "no_point", _("The place has no point on the map")
    NOT_COVERED = "not_covered", _("Not covered by the National Weather Service")
    SILENT = "silent", _("The service did not answer")


class OutlookQuerySet(AgencyQuerySet["Outlook"]):
    pass


class Outlook(AgencyOwned):
    """The forecast for the hours of one gathering, as it was when somebody last could see it."""

    gathering = models.OneToOneField(Gathering, on_delete=models.CASCADE, related_name="outlook")
    about = models.DateTimeField()  # the beginning it was seen for: one that was moved is seen anew
    sight = models.CharField(max_length=12, choices=Sight)
    looked_at = models.DateTimeField(default=clock.now)
    made_at = models.DateTimeField(null=True)
    sky = models.CharField(max_length=16, choices=Sky, blank=True)
    low_f = models.SmallIntegerField(null=True)
    high_f = models.SmallIntegerField(null=True)
    rain_percent = models.PositiveSmallIntegerField(null=True)
    wind_mph = models.PositiveSmallIntegerField(null=True)

    objects = OutlookQuerySet.as_manager()

    class Meta:
        verbose_name = _("forecast for a gathering")
        verbose_name_plural = _("forecasts for gatherings")

    def __str__(self) -> str:
        return f"{self.gathering}: {self.get_sight_display()}"

    @property
    def is_current(self) -> bool:
        """Whether it is about the day and hour at which the gathering now begins."""
        return self.about == self.gathering.starts

    @property
    def said(self) -> str:
        """The numbers in one line, without those that nobody forecast."""
        if self.sight != Sight.SEEN:
            return str(self.get_sight_display())
        parts = [self.get_sky_display(), _degrees(self.low_f, self.high_f)]
        if self.rain_percent is not None:
            parts.append(gettext("rain %(n)d %%") % {"n": self.rain_percent})
        if self.wind_mph is not None:
            parts.append(gettext("wind %(speed)s") % {"speed": measures.wind(self.wind_mph)})
        return ", ".join(part for part in parts if part)


def _degrees(low: int | None, high: int | None) -> str:
    if low is None or high is None:
        return ""
    if low == high:
        return gettext("feels like %(degrees)s") % {"degrees": measures.degrees(low)}
    return gettext("feels like %(low)s to %(high)s") % {"low": number(low, 0), "high": measures.degrees(high)}


class Hazard(models.TextChoices):
    RAIN = "rain", _("Rain or snow")
    WIND = "wind", _("Wind")
    HEAT = "heat", _("Heat")
    COLD = "cold", _("Cold")
    THUNDER = "thunder", _("Thunderstorm")
    OFFICIAL = "official", _("Official alert")


class Stage(models.TextChoices):
    """How long before it begins."""

    DAYS = "days", _("Days ahead")
    HOURS = "hours", _("Hours ahead")


class Level(models.IntegerChoices):
    CAUTION = 1, _("Take care")
    DANGER = 2, _("Danger")


class AlertQuerySet(AgencyQuerySet["Alert"]):
    def standing(self) -> Self:
        """Still forecast. Whether it is about the hour at which the gathering now begins, the caller asks."""
        return self.filter(ended_at__isnull=True, gathering__status="published")

    def worst_first(self) -> Self:
        return self.order_by("gathering__starts_at", "-level", "hazard", "pk")


class Alert(AgencyOwned):
    """Something forecast for a gathering, beyond what the agency wants to be warned of. It changes nothing by itself.

    One row for each hazard, stage and level: that is how often somebody is written to.
    """

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="weather_alerts")
    about = models.DateTimeField()  # the beginning it warns for
    hazard = models.CharField(max_length=8, choices=Hazard)
    stage = models.CharField(max_length=5, choices=Stage)
    level = models.PositiveSmallIntegerField(choices=Level)
    value = models.FloatField(null=True)
    worst_at = models.DateTimeField(null=True)
    # An official alert's own name, such as “Heat Advisory”, in English as it was issued.
    event = Line(max_length=120, blank=True)
    first_seen = models.DateTimeField(default=clock.now)
    last_seen = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = Line(max_length=160, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("weather alert")
        verbose_name_plural = _("weather alerts")
        ordering = ["-first_seen", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gathering", "about", "hazard", "stage", "level", "event"], name="weather_alert_once"
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by="")
                | (Q(settled_at__isnull=False) & ~Q(settled_by="")),
                name="weather_alert_settled_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gathering}: {self.get_hazard_display()}"

    @property
    def is_danger(self) -> bool:
        return self.level == Level.DANGER

    @property
    def said(self) -> Phrase:
        """One sentence that a person can act on, and may give as a reason."""
        hour = self.agency.local(self.worst_at or self.about).time()
        if self.hazard == Hazard.OFFICIAL:
            return phrase("The National Weather Service says: %(event)s.", event=Phrase(self.event))
        if self.hazard == Hazard.THUNDER:
            return phrase("Around %(hour)s, thunderstorms are forecast.", hour=hour)
        value = self.value or 0
        return {
            Hazard.RAIN: phrase(
                "Around %(hour)s, a %(n)s %% chance of rain or snow.", n=round(value), hour=hour
            ),
            Hazard.WIND: phrase("Around %(hour)s, wind up to %(n)s.", n=measures.wind(value), hour=hour),
            Hazard.HEAT: phrase(
                "Around %(hour)s, it feels like %(n)s.", n=measures.degrees(value), hour=hour
            ),
            Hazard.COLD: phrase(
                "Around %(hour)s, it feels like %(n)s.", n=measures.degrees(value), hour=hour
            ),
        }[Hazard(self.hazard)]


# -- what the service said, kept as long as it said ---------------------------------------------------
class Kept(models.Model):
    """One answer of the forecast service, as HTTP says it may be kept. It belongs to no agency: it is about a place."""

    url = Line(max_length=300, unique=True)
    status = models.PositiveSmallIntegerField()
    body = models.TextField(blank=True)
    etag = Line(max_length=200, blank=True)
    last_modified = Line(max_length=60, blank=True)
    fetched_at = models.DateTimeField(default=clock.now)
    fresh_until = models.DateTimeField()

    class Meta:
        verbose_name = _("kept forecast")
        verbose_name_plural = _("kept forecasts")

    def __str__(self) -> str:
        return self.url
