"""Forms of this room: a pause, its end, and who takes over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Agency, Member, User
from alongside.cadence.models import Pause
from alongside.core.forms import DayField, ModelForm, a_day, offer_rows
from alongside.gatherings.models import Cause
from alongside.places.models import Area, AreaKind

# Of days without gatherings the weather is one thing, and going indoors is no reason.
OF_A_PAUSE = (Cause.INCIDENT, Cause.MOURNING, Cause.WEATHER, Cause.HOLIDAY, Cause.STAFFING, Cause.OTHER)


class PauseForm(ModelForm[Pause]):
    stand_in = forms.CharField(
        label=_("Who stands at the meeting point that people know"),
        max_length=120,
        required=False,
        help_text=_("Somebody who tells people who come anyway. Only staff see the name."),
    )

    cause = forms.ChoiceField(
        label=_("Cause"), choices=[("", "---------"), *((cause.value, cause.label) for cause in OF_A_PAUSE)]
    )

    class Meta:
        model = Pause
        fields = ["first", "last", "neighborhood", "cause", "reason"]
        field_classes = {"first": DayField, "last": DayField}
        widgets = {"first": a_day(), "last": a_day()}

    def choose_from(self, agency: Agency, by: User) -> None:
        """Only this agency's neighborhoods, under its own word for them."""
        areas = Area.objects.visible_to(by, at=agency).active().of_kind(AreaKind.NEIGHBORHOOD).listed()
        offer_rows(self, "neighborhood", areas, none=_("Everywhere"))

    def said(self) -> dict[str, Any]:
        """What the pause itself says, without who stands where."""
        return {name: value for name, value in self.cleaned_data.items() if name != "stand_in"}

    def _post_clean(self) -> None:
        """The action checks the whole, in the transaction that writes it; the form reads the fields."""


class EndForm(forms.Form):
    last = DayField(label=_("The last day of the pause"))


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(
        label=_("Who takes over"),
        queryset=Member.objects.none(),
        help_text=_(
            "Each open promise gets this name and keeps its day. Whoever asked and left an address is told."
        ),
    )

    def choose_from(self, agency: Agency, by: User, *, leaving: Member) -> None:
        shown = Member.objects.visible_to(by, at=agency).active().exclude(pk=leaving.pk)
        offer_rows(self, "to", shown.select_related("rank").order_by("rank__level", "name"))
