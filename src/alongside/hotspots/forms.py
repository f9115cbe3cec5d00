"""What analysts ask, coordinators decide, and residents write."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import Agency
from alongside.core import measures
from alongside.core.authored import AuthoredField
from alongside.core.care import boxes
from alongside.core.forms import CountField, DayField, OpenForm, offer, offer_rows
from alongside.hotspots.models import (
    LARGEST_THRESHOLD,
    LARGEST_WEIGHT,
    LONGEST_ANSWER,
    LONGEST_BECAUSE,
    LONGEST_PETITION,
    LONGEST_REASON,
    SHORTEST_REASON,
    Choice,
    Criteria,
    Criterion,
    FocusArea,
    Layer,
    PetitionKind,
)
from alongside.incidents.lake import Window
from alongside.methods.spatial import cells as hexes
from alongside.places.models import Area, AreaKind, AreaQuerySet, labels_of
from alongside.voices.devices import DeviceForm


class NewRun(forms.Form):
    """Which days, which layer, how fine."""

    window_from = DayField(label=_("From"), required=False)
    window_to = DayField(
        label=pgettext_lazy("last day", "To"),
        required=False,
    )
    layer = forms.ChoiceField(label=_("Involvement"), choices=Layer.choices, initial=Layer.BOTH)
    resolution = forms.TypedChoiceField(
        label=_("Size of a cell"),
        choices=[],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: Any, units: str, proposed: Window | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sizes = [(str(size), hexes.edge_m(size)) for size in range(hexes.COARSEST, hexes.FINEST + 1)]
        edges = _("Edges of about %(length)s")
        named = [(size, edges % {"length": measures.distance(edge, units)}) for size, edge in sizes]
        offer(self, "resolution", [("", _("As the data can bear")), *named])
        if proposed is not None:
            self.fields["window_from"].initial, self.fields["window_to"].initial = proposed

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("window_from"), given.get("window_to")
        if (first is None) != (last is None) and not self.errors:
            raise forms.ValidationError(_("Give both days, or neither."))
        if first and last and first > last:
            self.add_error("window_to", _("This day is before the first one."))
        return given


class CriteriaForm(forms.Form):
    """How much each criterion weighs."""

    involvement = CountField(label=Criterion.INVOLVEMENT.label, min_value=0, max_value=LARGEST_WEIGHT)
    requests = CountField(label=Criterion.REQUESTS.label, min_value=0, max_value=LARGEST_WEIGHT)
    waiting = CountField(label=Criterion.WAITING.label, min_value=0, max_value=LARGEST_WEIGHT)
    fairness = CountField(label=Criterion.FAIRNESS.label, min_value=0, max_value=LARGEST_WEIGHT)
    threshold = CountField(
        label=_("High means more than so many percent of the whole city’s rate"),
        min_value=100,
        max_value=round(100 * LARGEST_THRESHOLD),
        required=False,
        help_text=_("Empty: as it is now."),
    )
    certainty = CountField(
        label=_("How sure of that we must be, in percent"),
        min_value=50,
        max_value=99,
        required=False,
        help_text=_("Empty: as it is now."),
    )
    why = AuthoredField(label=_("Why it is so"), max_length=LONGEST_REASON, required=False)

    def said(self, known: Criteria) -> dict[str, Any]:
        """What was written, as `actions.set_criteria` takes it; `known`: the version in force."""
        given = self.cleaned_data
        return {
            "weights": {name: given[name] for name in Criterion.values},
            "threshold": given["threshold"] / 100 if given["threshold"] else known.threshold,
            "certainty": given["certainty"] / 100 if given["certainty"] else known.certainty,
            "why": given["why"],
        }


class ChoiceForm(forms.Form):
    """The reason of the person who decides."""

    reason = AuthoredField(
        label=_("Why here, and why now"),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        help_text=_("Residents read this under your name."),
    )


class ElsewhereForm(ChoiceForm):
    """A place that no data speaks for: people may."""

    neighborhood = forms.ModelChoiceField(
        label=_("Neighborhood"), queryset=Area.objects.none(), required=False, empty_label=_("Another place")
    )
    place = forms.CharField(label=_("Another place"), max_length=160, required=False)
    field_order = ["neighborhood", "place", "reason"]

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "neighborhood", _neighborhoods(agency))
        self.fields["neighborhood"].label = labels_of(agency)[AreaKind.NEIGHBORHOOD][0]

    def clean(self) -> dict[str, Any]:
        return _somewhere(self, super().clean() or {})


class PetitionForm(boxes.CareForm, OpenForm, DeviceForm):
    """What a resident writes. Nothing about themselves is asked."""

    neighborhood = forms.ModelChoiceField(
        label=_("Neighborhood"), queryset=Area.objects.none(), required=False, empty_label=_("Another place")
    )
    place = boxes.PlaceBox(
        label=_("Another place"), max_length=160, required=False, help_text=_("A street, a park, a building.")
    )
    text = boxes.Box(
        label=_("What should we know?"),
        max_length=LONGEST_PETITION,
        required=False,
        widget=boxes.Lines(attrs={"rows": 5}),
        help_text=_("Please write no names and nothing by which somebody could be recognized."),
    )

    def __init__(self, *args: Any, agency: Agency, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        homes = _described(agency) if kind == PetitionKind.LABEL else _neighborhoods(agency)
        offer_rows(self, "neighborhood", homes)
        self.fields["neighborhood"].label = labels_of(agency)[AreaKind.NEIGHBORHOOD][0]
        if kind == PetitionKind.LABEL:
            self.fields["text"].label = _("What is wrong with how we describe it?")
            self.fields["text"].required = True

    def clean(self) -> dict[str, Any]:
        return _somewhere(self, super().clean() or {})

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields that people see."""
        return [self[name] for name in ("neighborhood", "place", "text")]


def _neighborhoods(agency: Agency) -> AreaQuerySet:
    return Area.objects.of(agency).filter(kind=AreaKind.NEIGHBORHOOD, active=True).listed()


def _described(agency: Agency) -> AreaQuerySet:
    """The neighborhoods of which our public pages say something: by a band, or by why we chose them."""
    banded = FocusArea.objects.of(agency).of_latest_published().walkable().filter(band__isnull=False)
    chosen = Choice.objects.of(agency)
    said = Q(pk__in=banded.values("neighborhood")) | Q(pk__in=chosen.values("neighborhood"))
    return _neighborhoods(agency).filter(said)


def _somewhere(form: forms.Form, given: dict[str, Any]) -> dict[str, Any]:
    """One of the two says where."""
    if not given.get("neighborhood") and not given.get("place", "").strip() and not form.errors:
        form.add_error("place", _("Say where: choose a neighborhood, or write the name of a place."))
    return given


class EraseForm(forms.Form):
    """Why what a resident wrote is erased."""

    because = forms.CharField(
        label=_("Why the words are erased"),
        max_length=LONGEST_BECAUSE,
        help_text=_("The reason remains, also for whoever wrote them. The words cannot be brought back."),
    )


class AnswerForm(forms.Form):
    """What the agency answers."""

    text = AuthoredField(label=_("Our answer"), max_length=LONGEST_ANSWER)
