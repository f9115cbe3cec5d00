"""A walk: its area, its routes and who checked them on foot."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Self

import shapely
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from alongside.agencies.models import AgencyOwned, AgencyQuerySet
from alongside.core import clock, keys, tokens
from alongside.core.errors import Phrase
from alongside.core.ids import PublicIdField
from alongside.core.lines import Line
from alongside.core.phrases import PhraseField
from alongside.gatherings.models import LEADERS, Gathering, Status
from alongside.places.models import Venue


class WalkQuerySet(AgencyQuerySet["Walk"]):
    def open_to_all(self) -> Self:
        """Walks that are no draft any more. Their routes stay with those who lead them."""
        return self.exclude(gathering__status=Status.DRAFT)

    def with_dates(self) -> Self:
        """With when and where, but without the outline of the neighborhood, which weighs more than all the rest."""
        return self.select_related(
            "agency",
            "gathering__agency",
            "gathering__venue",
            "gathering__neighborhood",
            "gathering__shelter__venue",
            "choice",
        ).defer("gathering__neighborhood__geometry")

    def with_hosts(self) -> Self:
        """With whom of ours the roster names."""
        return self.select_related("gathering__host_member__rank", "gathering__deputy_member__rank")

    def with_routes(self) -> Self:
        """Each with how many routes were laid, whether the latest was walked beforehand, and how few it meets."""
        latest = Route.objects.belonging_to(walk=models.OuterRef("pk")).order_by("-version")
        return self.annotate(
            routes_laid=models.Subquery(latest.values("version")[:1]),
            route_checked_by=models.Subquery(latest.values("checked_by")[:1]),
            route_of_better=models.Subquery(latest.values("of_better")[:1]),
        )

    def coming(self) -> Self:
        """Not over yet, soonest first."""
        return self.filter(gathering__ends_at__gt=clock.now()).order_by("gathering__starts_at", "pk")

    def past(self) -> Self:
        """Over, the latest first."""
        return self.filter(gathering__ends_at__lte=clock.now()).order_by("-gathering__starts_at", "-pk")


class Walk(AgencyOwned):
    """A gathering on foot. When and who is the gathering's; where it goes is here."""

    public_id = PublicIdField()
    gathering = models.OneToOneField(Gathering, on_delete=models.CASCADE, related_name="walk")
    focus_area = models.ForeignKey(
        "hotspots.FocusArea", null=True, blank=True, on_delete=models.SET_NULL, related_name="walks"
    )
    # Who decided that we walk here, and why: their words, said on the walk's page.
    choice = models.ForeignKey(
        "hotspots.Choice", null=True, blank=True, on_delete=models.SET_NULL, related_name="walks"
    )
    area_name = PhraseField(_("Area"), blank=True)
    # WKB, WGS 84, longitude first: as it was when the walk was planned. None where only a meeting place is known.
    area = models.BinaryField(null=True)
    turn_back = PhraseField(
        _("Where we turn back"),
        blank=True,
        help_text=_(
            "If it gets late, or somebody needs to stop. Such as “at the school, corner of Mill Row”."
        ),
    )
    form_digest = tokens.DigestField(
        ring=keys.FORMS, until="gathering__on", lasts=tokens.FORM_LASTS, blank=True, editable=False
    )

    routes_laid: int | None  # these three are there where the query set asked for them with the rows
    route_checked_by: str | None
    route_of_better: float | None

    objects = WalkQuerySet.as_manager()

    class Meta:
        verbose_name = _("walk")
        verbose_name_plural = _("walks")
        ordering = ["gathering__on", "gathering__at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "form_digest"], condition=~Q(form_digest=""), name="walk_once_per_form"
            )
        ]

    @property
    def called(self) -> Phrase:
        return self.gathering.called

    def __str__(self) -> str:
        return str(self.gathering.title)

    def get_absolute_url(self) -> str:
        return reverse("walks:detail", args=[self.agency.slug, self.public_id])

    @cached_property
    def shape(self) -> BaseGeometry | None:
        """The area to walk, in longitude and latitude; None where nobody said one."""
        return None if self.area is None else shapely.from_wkb(bytes(self.area))

    @property
    def alternative(self) -> Venue | None:
        """Where we go in bad weather."""
        shelter = getattr(self.gathering, "shelter", None)
        return shelter.venue if shelter else None

    @property
    def may_go_to(self) -> Venue | None:
        """Where we may still go in bad weather."""
        return None if self.gathering.is_over else self.alternative

    @cached_property
    def route(self) -> Route | None:
        """The latest route; the earlier ones stay, so that one can see what was changed."""
        return self.routes.order_by("-version").first()


FEW, BARELY = 2 / 3, 1 / 3
"""A route that meets less than these shares of what one from a better corner meets: warned of, and asked about."""


def meets_few(of_better: float | None) -> bool:
    return of_better is not None and of_better < FEW


def barely_touches(of_better: float | None) -> bool:
    return of_better is not None and of_better < BARELY


class RouteQuerySet(AgencyQuerySet["Route"]):
    readers = LEADERS


class Route(AgencyOwned):
    """One closed loop, as it was computed. Never public: where officers and residents will be is theirs to know."""

    walk = models.ForeignKey(Walk, on_delete=models.CASCADE, related_name="routes")
    version = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=clock.now)
    made_by = Line(max_length=160)
    minutes_asked = models.PositiveSmallIntegerField()
    accessible = models.BooleanField(default=True)
    excluded = models.JSONField(default=list)
    plan = models.JSONField()
    # What it meets, as a share of what a route from a better corner meets; None where no corner is much better.
    of_better = models.FloatField(null=True, editable=False)
    checked_by = Line(_("Walked beforehand by"), max_length=160, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    check_notes = models.TextField(_("What to know"), max_length=1000, blank=True)

    objects = RouteQuerySet.as_manager()

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["walk", "version"], name="route_once_per_version"),
            models.CheckConstraint(
                condition=Q(checked_by="", checked_at__isnull=True)
                | (~Q(checked_by="") & Q(checked_at__isnull=False)),
                name="route_checked_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=Q(of_better__isnull=True) | Q(of_better__gte=0, of_better__lt=1),
                name="route_meets_less_than_a_better_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.walk} ({self.version})"

    @property
    def geometry(self) -> dict[str, Any]:
        """The loop as a GeoJSON LineString."""
        line: dict[str, Any] = self.plan["geometry"]
        return line

    @property
    def covered(self) -> float | None:
        """The share of the area's people and places that the loop meets."""
        total = self.plan["reach_total"]
        return self.plan["reach_covered"] / total if total else None

    @property
    def better_start(self) -> dict[str, Any] | None:
        """A corner to meet at instead, with what a route from there meets: `planning.BetterStart`."""
        better: dict[str, Any] | None = self.plan.get("better_start")
        return better

    @property
    def meets_few(self) -> bool:
        return meets_few(self.of_better)

    @property
    def barely_touches(self) -> bool:
        return barely_touches(self.of_better)

    @property
    def step_free(self) -> dict[str, float]:
        """Metres known to be step-free, not known, and known not to be."""
        metres: dict[str, float] = self.plan["step_free"]
        return metres

    @property
    def is_checked(self) -> bool:
        return self.checked_at is not None

    @property
    def start(self) -> tuple[float, float]:
        """Latitude and longitude of the corner where it begins and ends."""
        lat, lon = self.plan["start"]
        return lat, lon
