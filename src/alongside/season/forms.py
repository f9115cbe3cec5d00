"""Forms of the season."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from shapely.geometry.base import BaseGeometry

from alongside.agencies.models import Agency, User
from alongside.core.authored import AuthoredField
from alongside.core.forms import CountField, DayField, HourField, ModelForm, an_hour, offer
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.models import Series
from alongside.hotspots.models import FocusArea
from alongside.places import nearby
from alongside.places.models import Area, AreaKind, Venue, labels_of
from alongside.season import planning
from alongside.season.draws import Named
from alongside.season.models import LONGEST_WHY, MOST_WEEKS, USUAL_WEEKS, Rhythm

OUTDOORS, BEST = "outdoors", ""


class NameForm(forms.Form):
    """Which public value draws a season, and when it is known."""

    source = forms.CharField(
        label=_("Which public value draws it"),
        max_length=160,
        help_text=_(
            "One that everybody can look up, such as the evening draw of a lottery on a day to come."
        ),
    )
    known_on = DayField(
        label=_("It is known on"),
        help_text=_("Tomorrow or later, and before the first walk. We type it in then."),
    )
    example = forms.CharField(
        label=_("How it is written"),
        max_length=160,
        help_text=_(
            "An example with as many digits or letters, such as 000 or 00-00-00-00-00. In public: what is typed in "
            "later has this shape, so that one value is written in one way."
        ),
    )

    def named(self) -> Named:
        return Named(self.cleaned_data["source"], self.cleaned_data["known_on"], self.cleaned_data["example"])


class ProposeForm(NameForm):
    """From when, how many weeks, and what draws it. Without areas that are drawn for, nothing need be named."""

    start = DayField(label=_("From"))
    weeks = CountField(label=_("Weeks"), min_value=1, max_value=MOST_WEEKS, initial=USUAL_WEEKS)
    field_order = ("start", "weeks", "source", "known_on", "example")

    def __init__(self, *args: Any, draws: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not draws:
            for name in NameForm.base_fields:
                del self.fields[name]

    def season(self) -> dict[str, Any]:
        """What `propose` is asked for."""
        named = self.named() if "source" in self.fields else None
        return {"start": self.cleaned_data["start"], "weeks": self.cleaned_data["weeks"], "named": named}


class ValueForm(forms.Form):
    """The value, as it was announced."""

    value = forms.CharField(
        label=_("The value, as it was announced"),
        max_length=160,
        help_text=_(
            "The value and nothing else, in the shape that was named for it; zeros at the beginning of a number do not "
            "count."
        ),
    )


class PutRightForm(ValueForm):
    """Another value than the one that was typed in, and why: in public."""

    why = AuthoredField(label=_("Why it was put right"), max_length=LONGEST_WHY)


class AnotherForm(forms.Form):
    """Another place for a week, and under which roof."""

    area = forms.ChoiceField(label=_("Where"))
    roof = forms.ChoiceField(label=_("Indoors or outdoors"), required=False)
    why = forms.CharField(
        label=_("Why"),
        max_length=300,
        required=False,
        help_text=_("For those who sign. It stays with the plan, under your name."),
    )

    def __init__(
        self,
        *args: Any,
        agency: Agency,
        by: User,
        near: BaseGeometry | None,
        asked: nearby.Asked,
        **kwargs: Any,
    ) -> None:
        """`near`: the area, by whose distance roofs are listed; `asked`: the day and hour for which one is wanted."""
        super().__init__(*args, **kwargs)
        run = planning.run_of(agency)
        focus = FocusArea.objects.visible_to(by, at=agency).filter(run=run).walkable()
        homes = Area.objects.visible_to(by, at=agency).active().of_kind(AreaKind.NEIGHBORHOOD).listed()
        roofs = [venue for venue in Venue.objects.visible_to(by, at=agency).active() if venue.has_roof]
        indoors = nearby.choices(roofs, agency, near, asked=asked, by="public_id")
        offer(
            self,
            "area",
            [
                (_("Focus areas"), list(focus.order_by("name").values_list("public_id", "name"))),
                (
                    labels_of(agency)[AreaKind.NEIGHBORHOOD][1],
                    [(f"n:{home.public_id}", home.name) for home in homes.order_by("name")],
                ),
            ],
        )
        offer(
            self,
            "roof",
            [
                (BEST, _("As the season says, at the best place")),
                (OUTDOORS, _("Outdoors, on the streets of the area")),
                *(indoors if near else [(_("Indoors"), indoors)]),
            ],
        )


class RhythmForm(ModelForm[Rhythm]):
    """How the agency walks."""

    class Meta:
        model = Rhythm
        fields = [
            "series",
            "weekday",
            "at",
            "minutes",
            "winter_first",
            "winter_last",
            "winter_outdoors",
            "spacing",
            "longest_wait",
            "skip_holidays",
            "band",
        ]
        field_classes = {"at": HourField}
        widgets = {"at": an_hour()}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        series: Any = self.fields["series"]
        series.queryset = Series.objects.visible_to(by, at=self.instance.agency).filter(kind=WALK.name)
        series.label = _("Walks belong to the series")
        series.empty_label = pgettext_lazy("series", "None")

    def _post_clean(self) -> None:
        """The action checks the whole, and writes it; the form reads the fields."""
