"""Forms of this room. Planning asks five things; everything else has an answer already."""

from __future__ import annotations

import secrets
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from alongside.agencies.models import Agency, User
from alongside.core.errors import Refusal
from alongside.hotspots.models import FocusArea
from alongside.places.models import Area, AreaKind, Known, Venue
from alongside.walks.planning import LONGEST_MINUTES, SHORTEST_MINUTES, area_from_geojson, nearest_venues

THURSDAY, SIX = 3, time(18, 0)


def next_usual_day(today: date) -> date:
    """The Thursday after next: time enough to tell people."""
    return today + timedelta(days=(THURSDAY - today.weekday()) % 7 + 7)


class PlanForm(forms.Form):
    """A walk: where, when, how long."""

    area = forms.ChoiceField(label=_("Where do you walk?"), required=False)
    drawn = forms.CharField(
        label=_("Or draw an area"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    upload = forms.FileField(
        label=_("Or a GeoJSON file"), required=False, help_text=_("A polygon, in longitude and latitude.")
    )
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    at = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    venue = forms.ModelChoiceField(
        label=_("Where do people meet?"),
        queryset=Venue.objects.none(),
        required=False,
        empty_label=_("Somewhere else"),
    )
    meeting_point = forms.CharField(
        label=_("Where exactly"),
        max_length=200,
        required=False,
        help_text=_("Such as “by the front steps”, or the whole address if it is none of the venues."),
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        initial=60,
        min_value=SHORTEST_MINUTES,
        max_value=LONGEST_MINUTES,
        help_text=_("At a talking pace, with time to stop."),
    )
    host = forms.CharField(label=_("Who hosts it"), max_length=120, required=False)
    title = forms.CharField(
        label=_("Title"),
        max_length=140,
        required=False,
        help_text=_("Leave it empty for “Walk with us in …”."),
    )
    form_key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(
        self, *args: Any, agency: Agency, by: User, goal: FocusArea | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.agency, self.by = agency, by
        self.focus_areas = list(
            FocusArea.objects.visible_to(by, at=agency).of_latest_published().walkable().order_by("name")
        )
        self.homes = list(
            Area.objects.visible_to(by, at=agency)
            .active()
            .of_kind(AreaKind.NEIGHBORHOOD)
            .listed()
            .order_by("name")
        )
        self.fields["area"].choices = self._areas()
        self.fields["venue"].queryset = Venue.objects.visible_to(by, at=agency).active()
        self.fields["venue"].choices = self._venues(goal)
        self.fields["on"].initial = next_usual_day(agency.today())
        self.fields["at"].initial = SIX
        self.fields["form_key"].initial = secrets.token_urlsafe(16)
        if goal is not None:
            self.fields["area"].initial = f"focus:{goal.public_id}"

    def _areas(self) -> list[tuple[str, Any]]:
        choices: list[tuple[str, Any]] = [("", _("Choose an area"))]
        if self.focus_areas:
            choices.append(
                (_("Focus areas"), [(f"focus:{each.public_id}", each.name) for each in self.focus_areas])
            )
        if self.homes:
            choices.append(
                (_("Neighborhoods"), [(f"area:{each.public_id}", each.name) for each in self.homes])
            )
        return choices

    def _venues(self, goal: FocusArea | None) -> list[tuple[str, Any]]:
        """The nearest first, where one knows to what; step-free ones say so."""
        venues = list(self.fields["venue"].queryset)
        if goal is not None:
            venues = [start.venue for start in nearest_venues(venues, goal.shape)]
        named = [
            (str(each.pk), f"{each.name} · {_('step-free')}" if each.step_free == Known.YES else each.name)
            for each in venues
        ]
        return [("", _("Somewhere else")), *named]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["goal"] = self._goal(given)
        if given["goal"] is None and not self.errors:
            self.add_error("area", _("Choose an area, draw one, or upload one."))
        if not given.get("venue") and not given.get("meeting_point") and "venue" not in self.errors:
            self.add_error("meeting_point", _("Say where people meet: choose a venue, or write the place."))
        if given.get("on") and given["on"] < self.agency.today():
            self.add_error("on", _("This day has passed. Choose another."))
        return given

    def _goal(self, given: dict[str, Any]) -> FocusArea | Area | BaseGeometry | None:
        """What was chosen; what was drawn or uploaded goes before the list."""
        try:
            if given.get("upload"):
                return area_from_geojson(given["upload"].read(5_000_000).decode("utf-8", "replace"))
            if given.get("drawn"):
                return area_from_geojson(given["drawn"])
        except Refusal as refusal:
            self.add_error("upload" if given.get("upload") else "drawn", str(refusal))
            return None
        kind, _sep, key = (given.get("area") or "").partition(":")
        if kind == "focus":
            return next((each for each in self.focus_areas if each.public_id == key), None)
        if kind == "area":
            return Area.objects.visible_to(self.by, at=self.agency).get(public_id=key)
        return None


class CheckForm(forms.Form):
    """Who walked the route beforehand."""

    name = forms.CharField(label=_("Who walked it"), max_length=160)
    notes = forms.CharField(
        label=_("What to know"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Steps, broken sidewalks, dogs, a corner without a light."),
    )
