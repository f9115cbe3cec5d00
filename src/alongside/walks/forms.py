"""Forms of this room. Planning asks five things; everything else has an answer already."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from django import forms
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from alongside.agencies.models import Agency, User
from alongside.core.authored import AuthoredField
from alongside.core.errors import Refusal
from alongside.core.forms import CountField, DayField, HourField, Once, offer, offer_rows
from alongside.gatherings import hanging
from alongside.gatherings.checks import Fact
from alongside.gatherings.models import Gathering
from alongside.hotspots.models import FocusArea
from alongside.outside import texts
from alongside.people.queries import commander_for
from alongside.places import nearby
from alongside.places.models import Area, AreaKind, Venue, labels_of
from alongside.walks.actions import FARTHEST
from alongside.walks.planning import (
    AREA,
    LONGEST_MINUTES,
    SHORTEST_MINUTES,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

THURSDAY, SIX = 3, time(18, 0)
LARGEST_UPLOAD = 5_000_000
AROUND, ELSEWHERE = "around", "elsewhere"
Goal: TypeAlias = FocusArea | Area | BaseGeometry | None


def next_usual_day(today: date) -> date:
    """The Thursday after next: time enough to tell people."""
    return today + timedelta(days=(THURSDAY - today.weekday()) % 7 + 7)


class PlanForm(Once):
    """A walk: where, when, how long."""

    data: MultiValueDict[str, Any]

    area = forms.ChoiceField(label=_("Where do you walk?"))
    drawn = forms.CharField(
        label=_("The area, as GeoJSON"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )
    upload = forms.FileField(
        label=_("A GeoJSON file"), required=False, help_text=_("A polygon, in longitude and latitude.")
    )
    on = DayField(label=_("Day"))
    at = HourField(label=_("Time"))
    minutes = CountField(
        label=_("Minutes"), initial=60, min_value=SHORTEST_MINUTES, max_value=LONGEST_MINUTES
    )
    venue = forms.ChoiceField(
        label=_("Where do people meet?"),
        error_messages={"required": _("Say where people meet: choose a venue, or write the place.")},
    )
    meeting_point = AuthoredField(
        label=_("Where exactly"),
        max_length=200,
        one_line=True,
        required=False,
        help_text=_("Such as “by the front steps”. Or the whole address, if it is none of the venues."),
    )
    typed_host = forms.CharField(
        label=_("Who hosts it"),
        max_length=120,
        required=False,
        help_text=_("Left empty: whoever commands the division there."),
    )
    title = AuthoredField(
        label=_("Title"),
        max_length=140,
        one_line=True,
        required=False,
        help_text=_("Left empty: “Walk with us in …”."),
    )
    summary = AuthoredField(
        label=_("What happens"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Two or three plain sentences. Left empty: an hour, a talking pace, no enforcement."),
    )

    def __init__(self, *args: Any, agency: Agency, by: User, goal: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency, self.by = agency, by
        self.focus_areas = list(
            FocusArea.objects.visible_to(by, at=agency)
            .of_latest_published()
            .walkable()
            .select_related("neighborhood")
            .order_by("name")
        )
        self.homes = list(
            Area.objects.visible_to(by, at=agency)
            .active()
            .of_kind(AreaKind.NEIGHBORHOOD)
            .listed()
            .order_by("name")
        )
        offer(self, "area", self._areas())
        self.fields["area"].initial = self._offered(goal)
        self.fields["area"].widget.attrs |= {
            "hx-get": reverse("walks:plan", args=[agency.slug]),
            "hx-trigger": "change",
            "hx-target": "#near",
            "hx-include": "[name=venue]",
        }
        self.venues = list(Venue.objects.visible_to(by, at=agency).active())
        offer(self, "venue", self._venues(self._chosen(self["area"].value() or "")))
        self.fields["on"].initial = next_usual_day(agency.today())
        self.fields["at"].initial = SIX

    @property
    def more_is_open(self) -> bool:
        """Whether the folded part holds something, or something wrong."""
        names = ("typed_host", "title", "summary")
        return any(self[name].errors or self[name].value() for name in names)

    @property
    def other_is_open(self) -> bool:
        """The same of the part for an area of one's own."""
        return any(self[name].errors or self[name].value() for name in ("drawn", "upload"))

    def _areas(self) -> list[tuple[StrOrPromise, Any]]:
        choices: list[tuple[StrOrPromise, Any]] = [(AROUND, _("Around the place where people meet"))]
        if self.focus_areas:
            choices.append(
                (_("Focus areas"), [(f"focus:{each.public_id}", each.name) for each in self.focus_areas])
            )
        if self.homes:
            word = labels_of(self.agency)[AreaKind.NEIGHBORHOOD][1]
            choices.append((word, [(f"area:{each.public_id}", each.name) for each in self.homes]))
        return choices

    def _chosen(self, said: str) -> FocusArea | Area | None:
        """An area of the list."""
        kind, _sep, key = said.partition(":")
        lists: dict[str, list[FocusArea] | list[Area]] = {"focus": self.focus_areas, "area": self.homes}
        listed: Sequence[FocusArea | Area] = lists.get(kind, [])
        return next((each for each in listed if each.public_id == key), None)

    def _offered(self, goal: str) -> str:
        """What a link asks for, as it is on the list: a focus area of before by its neighborhood."""
        if self._chosen(goal):
            return goal
        former = FocusArea.objects.visible_to(self.by, at=self.agency).select_related("neighborhood")
        area = former.filter(public_id=goal.removeprefix("focus:")).first() if goal else None
        home = f"area:{area.neighborhood.public_id}" if area and area.neighborhood else ""
        return home if self._chosen(home) else AROUND

    def _venues(self, goal: FocusArea | Area | None) -> list[tuple[str, Any]]:
        """The nearest first, where one knows to what; step-free ones say so."""
        named = nearby.choices(self.venues, self.agency, goal.shape if goal else None)
        elsewhere = (ELSEWHERE, _("Somewhere else, as I write below"))
        return [("", _("Choose a place")), *named, elsewhere] if named else [elsewhere]

    def clean_venue(self) -> Venue | None:
        said = self.cleaned_data["venue"]
        return next((each for each in self.venues if str(each.pk) == said), None)

    def clean_upload(self) -> BaseGeometry | None:
        """The outline in the file. It goes into the text area too: a browser forgets a file that it has sent."""
        file = self.cleaned_data["upload"]
        if not file:
            return None
        if file.size > LARGEST_UPLOAD:
            raise forms.ValidationError(
                _("This file is larger than 5 MB: an area to walk is a small polygon.")
            )
        outline = _outline(texts.of_upload(file))
        self.data = self.data.copy()
        self.data[self.add_prefix("drawn")] = json.dumps(mapping(outline))
        return outline

    def clean_drawn(self) -> BaseGeometry | None:
        text = self.cleaned_data["drawn"]
        return _outline(text.encode()) if text else None

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on < self.agency.today():
            raise forms.ValidationError(_("This day has passed. Choose another."))
        if on - self.agency.today() > FARTHEST:
            raise forms.ValidationError(_("This day is more than two years away. Choose a nearer one."))
        return on

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["goal"] = self._goal(given)
        if not given.get("venue") and not given.get("meeting_point") and "venue" not in self.errors:
            self.add_error("meeting_point", _("Say where people meet: choose a venue, or write the place."))
        if given["goal"] is None and not given.get("venue") and (self.focus_areas or self.homes):
            self._ask_for_an_area()
        if given["goal"] is not None and not given.get("typed_host") and given.get("on"):
            given["typed_host"] = self._commander(given["goal"], given["on"])
        return given

    def _goal(self, given: dict[str, Any]) -> Goal:
        """What was uploaded or drawn goes before the list; with none of them, around the meeting place."""
        return given.get("upload") or given.get("drawn") or self._chosen(given.get("area") or "")

    def _ask_for_an_area(self) -> None:
        if not {"area", "drawn", "upload", "venue"} & set(self.errors):
            self.add_error("area", _("Choose an area, or a venue to walk around."))

    def _commander(self, goal: Any, on: date) -> str:
        """Proposed by place; who plans may say another."""
        _division, member = commander_for(self.agency, getattr(goal, "shape", goal), on=on)
        return str(member)[:120] if member else ""


def _outline(content: texts.Content) -> BaseGeometry:
    try:
        return AREA.read(content)
    except Refusal as refusal:
        raise forms.ValidationError(str(refusal)) from None


class CheckForm(forms.Form):
    """Who walked the route beforehand."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Who walked it"),
        max_length=160,
        error_messages={"required": _("Say who walked it: a name, so that one can ask.")},
    )
    notes = forms.CharField(
        label=_("What to know"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Steps, broken sidewalks, dogs, a corner without a light."),
    )


class PlanCheckForm(forms.Form):
    """The last minute before publishing: who leads, where to turn back, and that somebody read the rules."""

    host = forms.CharField(label=_("Who hosts it"), max_length=120)
    deputy_host = forms.CharField(label=_("Who hosts it if the host is away"), max_length=120, required=False)
    turn_back = forms.CharField(
        label=_("Where we turn back"),
        max_length=200,
        required=False,
        help_text=_("If it gets late, or somebody needs to stop."),
    )
    alternative = forms.ModelChoiceField(
        label=_("In bad weather"),
        queryset=Venue.objects.none(),
        required=False,
        empty_label=_("No other place: it is called off, or moved to another day"),
    )
    rules_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)
    read = forms.BooleanField(
        label=_("I have read this plan and the rules above, and will tell them to everybody who leads."),
        error_messages={"required": _("Read the plan and the rules, then tick this box.")},
    )

    @property
    def boxes(self) -> list[forms.BoundField]:
        """What is asked for by name, for the page."""
        return [self[field] for field in self.asked]

    @property
    def taken(self) -> list[str]:
        """What whoever sent it takes upon themselves."""
        return [name for field, name in self.asked.items() if self.cleaned_data.get(field)]

    def clean_turn_back(self) -> object:
        """What the product proposed stays so, if it was agreed to."""
        typed, proposed = self.cleaned_data["turn_back"], self.initial.get("turn_back", "")
        return proposed if typed == str(proposed) else typed

    def __init__(
        self,
        *args: Any,
        gathering: Gathering,
        shelters: list[Venue],
        facts: Sequence[Fact] = (),
        **kwargs: Any,
    ) -> None:
        """Each of the facts that asks for more than reading gets a box of its own."""
        super().__init__(*args, **kwargs)
        self.asked = {f"take_{fact.name}": fact.name for fact in facts if fact.asks}
        for fact in facts:
            if fact.asks:
                self.fields[f"take_{fact.name}"] = forms.BooleanField(
                    label=fact.asks,
                    error_messages={"required": _("Tick this box, or lay another route first.")},
                )
        for name, typed in (("host", "typed_host"), ("deputy_host", "typed_deputy")):
            if typed in gathering.roster_names:
                del self.fields[name]
        roofs = [each for each in shelters if each.has_roof or each == self.initial.get("alternative")]
        offer_rows(self, "alternative", Venue.objects.everywhere().filter(pk__in=[each.pk for each in roofs]))
        asked = nearby.Asked(gathering.on, gathering.at, gathering.minutes, gathering.numbers.going)
        named = nearby.choices(
            roofs, gathering.agency, hanging.ground_of(gathering), asked=asked, in_order=True
        )
        field: Any = self.fields["alternative"]
        offer(self, "alternative", [("", field.empty_label), *named])
