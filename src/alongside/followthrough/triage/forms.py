"""Forms of the list: which concerns it shows, what is done to many, replies to begin with, and who takes over."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import Agency, Member, User
from alongside.core.authored import AuthoredField
from alongside.core.forms import LineField, ModelChoiceField, offer, offer_rows
from alongside.followthrough.forms import MemberField, staff_of
from alongside.followthrough.models import (
    LONGEST_NOTE,
    Category,
    ConcernQuerySet,
    HowItCame,
    State,
    Template,
)
from alongside.followthrough.triage import handing_over
from alongside.places.models import Area, AreaKind, labels_of

ANY = pgettext_lazy("filter", "Any")


def neighborhoods(agency: Agency, user: User) -> QuerySet[Area]:
    return Area.objects.visible_to(user, at=agency).active().of_kind(AreaKind.NEIGHBORHOOD).listed()


class FilterForm(forms.Form):
    """Which concerns the list shows. What it does not know is ignored: addresses are passed around."""

    q = LineField(
        label=_("Words"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    neighborhood = ModelChoiceField[Area](label=_("Neighborhood"), queryset=None, required=False)
    category = forms.ChoiceField(
        label=pgettext_lazy("topic", "About"), choices=[("", ANY), *Category.choices], required=False
    )
    owner = ModelChoiceField[Member](label=_("Who answers"), queryset=None, required=False)
    state = forms.ChoiceField(label=_("State"), choices=[("", ANY), *State.choices], required=False)
    came = forms.ChoiceField(
        label=pgettext_lazy("concern", "How it came"), choices=[("", ANY), *HowItCame.choices], required=False
    )

    def __init__(self, *args: Any, agency: Agency, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "neighborhood", neighborhoods(agency, user), none=ANY)
        self.fields["neighborhood"].label = labels_of(agency)[AreaKind.NEIGHBORHOOD][0]
        # Who left may still be asked for: what they answered for is found by their name.
        held = Member.objects.of(agency).filter(Q(active=True, employee=True) | Q(concerns__isnull=False))
        offer_rows(self, "owner", held.distinct().select_related("rank"), none=ANY)
        self.is_valid()

    @property
    def chosen(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def folded(self) -> bool:
        """Whether nothing is asked for but words: the rest stays folded."""
        return not set(self.chosen) - {"q"}

    @property
    def kept(self) -> str:
        """What an address says of it."""
        return urlencode({name: self.data[name] for name in self.chosen})

    def of(self, seen: ConcernQuerySet) -> ConcernQuerySet:
        chosen = self.chosen
        words = chosen.pop("q", "")
        rows = seen.filter(**chosen)
        if not words:
            return rows
        in_words = Q(words__icontains=words) | Q(summary__icontains=words) | Q(place__icontains=words)
        return rows.filter(in_words | Q(public_id=words))


class ManyForm(forms.Form):
    """What is done to those that were chosen: one of three deeds, each by its own button."""

    owner = MemberField(label=_("Who answers"), required=False)
    category = forms.ChoiceField(
        label=pgettext_lazy("topic", "About"),
        choices=[("", pgettext_lazy("many", "As it is")), *Category.choices],
        required=False,
    )
    neighborhood = ModelChoiceField[Area](label=_("Neighborhood"), queryset=None, required=False)

    def __init__(self, *args: Any, agency: Agency, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "owner", staff_of(agency))
        areas = neighborhoods(agency, user)
        offer_rows(self, "neighborhood", areas, none=pgettext_lazy("many", "As it is"))
        self.fields["neighborhood"].label = labels_of(agency)[AreaKind.NEIGHBORHOOD][0]


class ReplyForm(forms.Form):
    name = LineField(
        label=_("What it is called"), max_length=80, help_text=_("Only staff see the name, when they choose.")
    )
    text = AuthoredField(
        label=_("The words"),
        max_length=LONGEST_NOTE,
        help_text=_("Mark each gap like [what was done]. Nobody can send it before every gap is filled."),
    )


class BeginForm(forms.Form):
    """Which reply somebody begins with."""

    reply = forms.ChoiceField(label=_("Begin with"), required=False)

    def __init__(self, *args: Any, templates: list[Template], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "reply", [(each.public_id, each.name) for each in templates])


class HandOverForm(forms.Form):
    to = MemberField(
        label=_("Who takes over"),
        help_text=_(
            "Each open promise gets this name and keeps its day. Whoever asked and left an address is told."
        ),
    )
    division = ModelChoiceField[Area](label=_("Which"), queryset=None, required=False)

    def __init__(self, *args: Any, leaving: Member, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "to", handing_over.may_take_over(leaving.agency, but=leaving))
        held = [area.pk for area, _n in handing_over.divisions_of(leaving, reader=reader)]
        rows = Area.objects.of(leaving.agency).filter(pk__in=held).listed()
        offer_rows(self, "division", rows, none=pgettext_lazy("handing over", "All of it"))
