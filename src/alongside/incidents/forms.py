"""Forms of this room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alongside.core.forms import ModelForm
from alongside.incidents.models import Rules
from alongside.incidents.reading import dates, mapping
from alongside.incidents.reading.staging import Opened

# What each role is called, in the order of the questions a person would ask.
ROLE_LABELS = {
    "id": _("Incident or case number"),
    "occurred": _("When it happened"),
    "time_of_day": _("Time of day, where it has a column of its own"),
    "reported": _("When it was reported"),
    "category": _("Kind of incident"),
    "arrest": _("Whether there was an arrest"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "x": _("X, in feet or meters"),
    "y": _("Y, in feet or meters"),
    "point": _("Both coordinates in one column"),
    "area": _("Beat or other small area, as recorded"),
    "division": _("Division or district, as recorded"),
    "address": _("Address, only to find those that are no place"),
    "accuracy": _("How well the address was found"),
    "agrees": _("Whether the point lies in the recorded division"),
    "count": _("How many, where rows have no dates"),
}


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or many."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, (list, tuple)) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files]


class UploadForm(forms.Form):
    uploaded = FilesField(
        label=_("Files"),
        help_text=_(
            "CSV, also packed with gzip or zip, or Parquet. Several months or years at once are fine."
        ),
    )


class ColumnsForm(forms.Form):
    """Which column means what: a choice for each role, begun with the guess."""

    def __init__(self, *args: Any, tables: Sequence[Opened], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heading, guessed = tables[0].heading, tables[0].mapping
        choices = [("", _("No column")), *((name, name) for name in self.heading)]
        for role, label in ROLE_LABELS.items():
            self.fields[role] = forms.ChoiceField(
                label=label, choices=choices, required=False, initial=guessed.columns.get(role, "")
            )
        self.fields["layer"] = forms.ChoiceField(
            label=_("Layer of these files"),
            required=False,
            initial=guessed.layer or "",
            choices=[
                ("", _("By the kind of incident and our rules")),
                ("investigation", _("All investigation")),
                ("enforcement", _("All enforcement")),
            ],
        )
        self.fields["date_order"] = forms.ChoiceField(
            label=_("In dates such as 3/4/2026"),
            required=False,
            initial=guessed.date_order or dates.MONTH_FIRST,
            choices=[
                (dates.MONTH_FIRST, _("the month comes first")),
                (dates.DAY_FIRST, _("the day comes first")),
            ],
        )
        self.fields["crs"] = forms.CharField(
            label=_("Projection of X and Y"),
            required=False,
            initial=guessed.crs or "",
            max_length=20,
            help_text=_("Such as EPSG:2246. Leave it empty to have it found out."),
        )
        self.names = tables[0].mapping.names

    def mapping(self) -> mapping.Mapping:
        answers = self.cleaned_data
        return mapping.Mapping(
            {role: answers[role] for role in ROLE_LABELS if answers[role]},
            names=self.names,
            crs=answers["crs"] or None,
            date_order=answers["date_order"] or None,
            layer=answers["layer"] or None,
        )


class LinesField(forms.CharField):
    """A list, one entry a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # a list is what these lines mean
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")


class RulesForm(ModelForm[Rules]):
    enforcement = LinesField(
        label=_("These kinds are enforcement"),
        required=False,
        help_text=_(
            "One a line; * stands for anything. A row with an arrest counts as enforcement in any case."
        ),
    )
    investigation = LinesField(
        label=_("These are investigation all the same"),
        required=False,
        help_text=_("They go before the list above. Whatever no list names is investigation."),
    )
    placeholders = LinesField(
        label=_("These addresses are no place"),
        required=False,
        help_text=_(
            "Rows with such an address are set aside: “unknown” is not a corner, and headquarters is no hot spot."
        ),
    )

    class Meta:
        model = Rules
        fields = ["enforcement", "investigation", "placeholders", "resolution", "flag_metres"]
        widgets = {
            "resolution": forms.Select(
                choices=[
                    (9, _("large, about 26 acres (105,000 m²)")),
                    (10, _("middle, about 3.7 acres (15,000 m²)")),
                    (11, _("small, about half an acre (2,100 m²)")),
                ]
            )
        }
