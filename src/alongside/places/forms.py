"""What staff fill in about places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.authored import AuthoredField, Words
from alongside.core.forms import CountField, DayField, DegreesField, ModelForm, a_day, label_of, offer
from alongside.places.models import LONGEST_LABEL, AreaKind, Permission, Venue, VenueKind
from alongside.places.venue_file import COLUMNS, NEEDED, number


class BoundaryUpload(forms.Form):
    """A boundary file, and a table with residents where there is one."""

    kind = forms.ChoiceField(label=_("What are these areas?"))
    file = forms.FileField(
        label=_("Boundary file"),
        help_text=_("GeoJSON, as your city’s map portal offers it. Up to 300 MB."),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
    )
    table = forms.FileField(
        label=_("Table with residents"),
        required=False,
        help_text=_("A CSV file with a key and a count. Rows of one key are added up."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def __init__(self, *args: Any, labels: dict[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", [(kind, words[1]) for kind, words in labels.items()])


class BoundaryColumns(forms.Form):
    """Which field of the file holds what. Guessed; a person corrects it."""

    kind = forms.ChoiceField(label=_("Kind"))
    name = forms.ChoiceField(label=_("The field with the name"))
    population = forms.ChoiceField(label=_("The field with the number of residents"), required=False)
    key = forms.ChoiceField(
        label=_("The field that the table is joined on"),
        required=False,
        help_text=_("Such as the tract’s number."),
    )
    csv_key = forms.ChoiceField(label=_("The table’s column with that key"), required=False)
    csv_value = forms.ChoiceField(label=_("The table’s column with residents"), required=False)
    crs = forms.CharField(
        label=_("Projection"),
        required=False,
        max_length=40,
        help_text=_("Only if the file does not say: a name such as EPSG:2246."),
    )

    def __init__(
        self,
        *args: Any,
        labels: dict[str, tuple[str, str]],
        fields: list[str],
        columns: list[str] | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", [(kind, words[1]) for kind, words in labels.items()])
        offer(self, "name", [(field, field) for field in fields])
        for optional in ("population", "key"):
            offer(
                self, optional, [("", pgettext_lazy("column", "none")), *((field, field) for field in fields)]
            )
        for joined in ("csv_key", "csv_value"):
            offer(
                self,
                joined,
                [("", pgettext_lazy("column", "none")), *((column, column) for column in columns or [])],
            )
        for unused in ("key", "csv_key", "csv_value") if columns is None else ("population",):
            del self.fields[unused]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        joined = [cleaned.get(name) for name in ("key", "csv_key", "csv_value")]
        if any(joined) and not all(joined):
            raise forms.ValidationError(
                _("To join the table, choose its key, its count, and the file’s key.")
            )
        return cleaned


class AreaDrawing(forms.Form):
    """One area, drawn on the map or pasted."""

    kind = forms.ChoiceField(label=_("What is it?"))
    name = forms.CharField(label=_("Name"), max_length=120)
    population = CountField(
        label=_("Residents"), required=False, min_value=0, max_value=50_000_000, help_text=_("If you know.")
    )
    drawing = forms.CharField(
        label=_("The area, as GeoJSON"),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("The map fills this in. Without the map, paste a polygon here."),
        max_length=2_000_000,
    )

    def __init__(self, *args: Any, labels: dict[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", [(kind, words[0]) for kind, words in labels.items()])


class AreaForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    population = CountField(label=_("Residents"), required=False, min_value=0, max_value=50_000_000)
    active = forms.BooleanField(
        label=_("In use"), required=False, help_text=_("Switched off, it is no longer shown or counted.")
    )


class KindWords(forms.Form):
    """The agency's own words for each kind of area. What stays empty in a language has ours in it."""

    def __init__(self, *args: Any, own: Mapping[str, tuple[Words, Words]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in AreaKind:
            one, several = own.get(kind, (Words(), Words()))
            words = {"kind": kind.label}
            self.fields[f"{kind}_one"] = _label(_("%(kind)s: one of them") % words, one)
            self.fields[f"{kind}_several"] = _label(_("%(kind)s: several") % words, several)

    def clean(self) -> dict[str, Any]:
        """Where a language has a word for one of them, it has one for several."""
        given = super().clean() or {}
        for kind in AreaKind.values:
            one, several = given.get(f"{kind}_one"), given.get(f"{kind}_several")
            if one is not None and several is not None and one.texts.keys() != several.texts.keys():
                self.add_error(f"{kind}_several", _("In each language: both words, or neither."))
        return given

    @property
    def words(self) -> dict[str, tuple[Words, Words]]:
        given = self.cleaned_data
        return {kind: (given[f"{kind}_one"], given[f"{kind}_several"]) for kind in AreaKind.values}


def _label(label: str, words: Words) -> AuthoredField:
    return AuthoredField(label=label, max_length=LONGEST_LABEL, one_line=True, required=False, initial=words)


class StreetsUpload(forms.Form):
    file = forms.FileField(
        label=_("OpenStreetMap extract"),
        help_text=_("A file that ends in .osm.pbf. Your region’s is on any OpenStreetMap download page."),
        widget=forms.FileInput(attrs={"accept": ".pbf"}),
    )


class ExposureUpload(forms.Form):
    file = forms.FileField(
        label=_("Table of people who are there"),
        help_text=_(
            "CSV: each row a point (latitude, longitude) or one of your areas, with numbers such as jobs or boardings."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


class ExposureColumns(forms.Form):
    """Which columns say where, and how many people one of each other column is."""

    lat = forms.ChoiceField(label=_("Latitude"), required=False)
    lon = forms.ChoiceField(label=_("Longitude"), required=False)
    area = forms.ChoiceField(
        label=_("Or the area, by name or key"),
        required=False,
        help_text=_("Its numbers are then spread over the area’s ground."),
    )
    weights = forms.CharField(
        label=_("How many people each counts as"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("A column and its weight on each line, such as jobs = 0.5: two jobs are one person."),
    )

    def __init__(self, *args: Any, columns: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", pgettext_lazy("column", "none")), *((column, column) for column in columns)]
        for name in ("lat", "lon", "area"):
            offer(self, name, choices)

    def clean_weights(self) -> dict[str, float]:
        """Column → weight."""
        weights: dict[str, float] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["weights"].splitlines())):
            name, _equals, weight = line.rpartition("=")
            said = number(weight.strip())
            if not name.strip() or said is None:
                raise forms.ValidationError(
                    _("“%(line)s”: write a column, an equals sign and a number, such as jobs = 0.5."),
                    params={"line": line[:80]},
                )
            weights[name.strip()] = said
        return weights

    @property
    def where(self) -> dict[str, str]:
        """The columns that say where: of a point, if it has one."""
        said = {name: self.cleaned_data.get(name, "") for name in ("lat", "lon", "area")}
        return (
            {"lat": said["lat"], "lon": said["lon"]}
            if said["lat"] and said["lon"]
            else {"area": said["area"]}
        )


class VenueForm(ModelForm[Venue]):
    """A venue as a person describes it."""

    class Meta:
        model = Venue
        fields = [
            "name",
            "kind",
            "address",
            "lat",
            "lon",
            "capacity",
            "step_free",
            "indoor",
            "parking",
            "toilets",
            "opening_hours",
            "permission",
            "permission_by",
            "permission_until",
            "notes",
            "active",
        ]
        field_classes = {"permission_until": DayField, "lat": DegreesField, "lon": DegreesField}
        widgets = {
            "permission_until": a_day(),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "lat": _("Such as 38.2527. On a phone, hold a finger on any map to see it."),
            "lon": _("Such as -85.7585: west of Greenwich it is negative."),
            "permission_by": _("Only if it was given."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("lat") == 0 and cleaned.get("lon") == 0:
            self.add_error("lat", _("0, 0 lies in the Atlantic."))
        if cleaned.get("permission") == Permission.GIVEN and not cleaned.get("permission_by"):
            self.add_error("permission_by", _("Say who gave it."))
        return cleaned


class VenueUpload(forms.Form):
    file = forms.FileField(
        label=_("Table of venues"),
        help_text=_("CSV with at least a name, a latitude and a longitude."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind, for rows that do not say theirs"),
        required=False,
        choices=[("", _("set such rows aside")), *VenueKind.choices],
    )


class VenueColumns(forms.Form):
    """Which column holds what. Guessed; a person corrects it."""

    kind_else = forms.ChoiceField(
        label=_("Kind, for rows that do not say theirs"),
        required=False,
        choices=[("", _("set such rows aside")), *VenueKind.choices],
    )

    def __init__(self, *args: Any, columns: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", pgettext_lazy("column", "none")), *((column, column) for column in columns)]
        for name in COLUMNS:
            label = label_of(Venue, name)
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=label, choices=choices, required=name in NEEDED
            )

    @property
    def mapping(self) -> dict[str, str]:
        return {
            name: self.cleaned_data[f"column_{name}"]
            for name in COLUMNS
            if self.cleaned_data.get(f"column_{name}")
        }
