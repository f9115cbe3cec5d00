"""What staff and partners fill in."""

from __future__ import annotations

from typing import Any, Self

from django import forms
from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import Agency, Member
from alongside.core.care import boxes
from alongside.core.errors import Refusal
from alongside.core.forms import DayField, ModelForm, a_day, offer, offer_rows
from alongside.gatherings.models import Gathering
from alongside.people.models import Partner
from alongside.places.models import Area, AreaKind, labels_of
from alongside.rosters.models import (
    LONGEST_TOPICS,
    Away,
    Part,
    PartnerInvitation,
    Post,
    PublicBody,
    State,
)
from alongside.rosters.partnering import party_of


def employees(agency: Agency) -> QuerySet[Member]:
    return (
        Member.objects.of(agency)
        .filter(active=True, employee=True)
        .select_related("rank")
        .order_by(F("rank__level").asc(nulls_last=True), "name")
    )


class AddPost(forms.Form):
    """Put somebody on a roster."""

    member = forms.ModelChoiceField(label=_("Who"), queryset=Member.objects.none())
    part = forms.ChoiceField(label=pgettext_lazy("part", "As"), choices=Part, initial=Part.OFFICER)

    def __init__(self, *args: Any, gathering: Gathering, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "member", employees(gathering.agency))


class AddPartner(forms.Form):
    """Ask a partner that was not proposed."""

    partner = forms.ModelChoiceField(label=_("Partner"), queryset=Partner.objects.none())

    def __init__(self, *args: Any, gathering: Gathering, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = PartnerInvitation.objects.belonging_to(gathering=gathering).exclude(state=State.RELEASED)
        offer_rows(
            self,
            "partner",
            Partner.objects.of(gathering.agency).filter(active=True).exclude(pk__in=there.values("partner")),
        )


class AwayForm(ModelForm[Away]):
    """Days on which somebody cannot come."""

    class Meta:
        model = Away
        fields = ["first", "last", "why"]
        field_classes = {"first": DayField, "last": DayField}
        widgets = {"first": a_day(), "last": a_day()}

    member = forms.ModelChoiceField(label=_("Who"), queryset=Member.objects.none())
    field_order = ["member", "first", "last", "why"]

    def __init__(self, *args: Any, agency: Agency, only: Member | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if only is None:
            offer_rows(self, "member", employees(agency))
        else:
            del self.fields["member"]


class AwayCalendar(forms.Form):
    """Days away from one's own calendar."""

    member = forms.ModelChoiceField(label=_("Who"), queryset=Member.objects.none())
    file = forms.FileField(
        label=_("Calendar"),
        help_text=_(
            "A file that ends in .ics. Only whole days are read, and only those you choose are kept."
        ),
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
    )

    def __init__(self, *args: Any, agency: Agency, only: Member | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if only is None:
            offer_rows(self, "member", employees(agency))
        else:
            del self.fields["member"]


class UsualAreasForm(forms.Form):
    """Where a member normally works."""

    areas = forms.ModelMultipleChoiceField(
        label=_("Normally works in"),
        queryset=Area.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = labels_of(agency)
        kinds = [AreaKind.BEAT, AreaKind.NEIGHBORHOOD, AreaKind.DIVISION]
        rows = list(Area.objects.of(agency).filter(active=True, kind__in=kinds).listed())
        offer_rows(self, "areas", Area.objects.of(agency).filter(active=True, kind__in=kinds).listed())
        offer(
            self,
            "areas",
            [
                (words[kind][1], [(area.pk, area.name) for area in rows if area.kind == kind])
                for kind in kinds
                if any(area.kind == kind for area in rows)
            ],
        )


class TrainingForm(forms.Form):
    """One course that somebody took."""

    member = forms.ModelChoiceField(label=_("Who"), queryset=Member.objects.none())
    name = forms.CharField(
        label=_("Training"), max_length=80, help_text=_("Such as “Procedural justice” or “De-escalation”.")
    )
    done_on = DayField(label=pgettext_lazy("training", "Done on"))
    expires_on = DayField(label=pgettext_lazy("training", "Valid until"), required=False, widget=a_day())

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "member", employees(agency))


class HostingForm(forms.Form):
    """Who hosts a series, and who stands in."""

    host = forms.ModelChoiceField(
        label=_("Host"),
        queryset=Member.objects.none(),
        required=False,
        empty_label=_("The highest rank that is free"),
    )
    deputy = forms.ModelChoiceField(
        label=_("Deputy host"),
        queryset=Member.objects.none(),
        required=False,
        empty_label=_("The next by rank"),
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("host", "deputy"):
            offer_rows(self, name, employees(agency))


class BodyForm(ModelForm[PublicBody]):
    """A council or board, its quorum, and who of our partners sits on it."""

    class Meta:
        model = PublicBody
        fields = ["name", "members", "quorum"]

    partners = forms.ModelMultipleChoiceField(
        label=_("Partners who sit on it"),
        queryset=Partner.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "partners", Partner.objects.of(agency).filter(active=True))
        if self.instance.pk:
            self.initial["partners"] = list(self.instance.seats.values_list("partner", flat=True))


class MemberAnswer(boxes.CareForm):
    """Whether a member may be named in public."""

    comes_with = frozenset({"yes", "no"})
    unnamed = forms.BooleanField(required=False)

    @classmethod
    def of(cls, post: Post, said: QueryDict | None) -> Self:
        return cls(said, initial={"unnamed": not post.named})

    @property
    def own_words(self) -> dict[str, Any]:
        return {"named": not self.cleaned_data["unnamed"]}


class PartnerAnswer(boxes.CareForm):
    """A partner's part: how many they bring, and what should be talked about."""

    comes_with = frozenset({"yes"})

    party = forms.CharField(
        label=_("How many of you come?"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 4}),
        help_text=_("Count everybody you bring."),
        error_messages={"required": _("Write how many of you come, as a number such as 2.")},
    )
    topics = boxes.Box(
        label=_("What should be talked about?"),
        required=False,
        max_length=LONGEST_TOPICS,
        help_text=_("Those who lead read this beforehand. Please name no person."),
        widget=boxes.Lines(attrs={"rows": 3}),
    )

    @classmethod
    def of(cls, invitation: PartnerInvitation, said: QueryDict | None) -> Self:
        return cls(said, initial={"party": invitation.party, "topics": invitation.topics})

    @property
    def own_words(self) -> dict[str, Any]:
        return self.cleaned_data

    def clean_party(self) -> int:
        try:
            return party_of(self.cleaned_data["party"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from None


class TableUpload(forms.Form):
    file = forms.FileField(
        label=_("Table"),
        help_text=_("CSV. Its first line names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
