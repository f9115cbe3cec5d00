"""What staff, and partners themselves, fill in."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Agency, Member
from alongside.core import languages
from alongside.core.care import boxes
from alongside.core.forms import DayField, EmailField, ModelForm, offer_rows
from alongside.people.models import Partner
from alongside.places.models import Area, AreaKind


def areas_to_choose(agency: Agency) -> Any:
    """Areas that people name: neighborhoods, else divisions and districts; never tracts."""
    rows = Area.objects.of(agency).filter(active=True).listed()
    for kinds in ([AreaKind.NEIGHBORHOOD], [AreaKind.DISTRICT, AreaKind.DIVISION], [AreaKind.BEAT]):
        if rows.filter(kind__in=kinds).exists():
            return rows.filter(kind__in=kinds).order_by("name")
    return rows.none()


class CommandForm(forms.Form):
    """Who takes command of a division, from which day."""

    member = forms.ModelChoiceField(label=_("Who commands it"), queryset=Member.objects.none())
    since = DayField(label=_("From"))

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(
            self,
            "member",
            Member.objects.of(agency).filter(active=True, employee=True).select_related("rank"),
        )
        self.fields["since"].initial = agency.today()


class PartnerForm(ModelForm[Partner]):
    """A partner as staff describe it."""

    class Meta:
        model = Partner
        fields = [
            "name",
            "kind",
            "areas",
            "contact_name",
            "email",
            "phone",
            "language",
            "listed",
            "invited",
            "active",
        ]
        field_classes: ClassVar[dict[str, type[forms.Field]]] = {"email": EmailField}
        widgets = {"areas": forms.CheckboxSelectMultiple}

    language = forms.ChoiceField(label=_("Language to write in"), choices=languages.choices)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "areas", areas_to_choose(agency))


class OwnEntry(boxes.CareForm, PartnerForm):
    """A partner's entry as the partner itself may change it."""

    class Meta(PartnerForm.Meta):
        fields = ["name", "areas", "contact_name", "email", "phone", "listed", "invited"]
        field_classes: ClassVar[dict[str, type[forms.Field]]] = {
            "name": boxes.OrganizationBox,
            "contact_name": boxes.NameBox,
            "email": EmailField,
        }
        labels = {
            "listed": _("Show our name, kind and areas in public"),
            "invited": _("Invite us to walks and forums near us"),
        }
        help_texts = {"listed": "", "invited": _("Switch it off, and we stop writing to you.")}

    language = None  # type: ignore[assignment]  # so Django is told to leave out an inherited field


class PeopleUpload(forms.Form):
    file = forms.FileField(
        label=_("Table"),
        help_text=_("CSV. Its first line names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
