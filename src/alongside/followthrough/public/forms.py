"""What somebody looks for on the public list. Whatever it does not know is ignored: addresses are passed around."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.followthrough.models import Category, HowItCame
from alongside.followthrough.public.listing import STATES, Asked
from alongside.places.models import Area

LONGEST_SEARCH = 100


class ListForm(forms.Form):
    q = forms.CharField(
        label=pgettext_lazy("search", "Words"),
        max_length=LONGEST_SEARCH,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    neighborhood = forms.ChoiceField(label=_("Neighborhood"), required=False)
    topic = forms.ChoiceField(label=pgettext_lazy("topic", "About"), required=False)
    came = forms.ChoiceField(label=pgettext_lazy("concerns", "How it came"), required=False)
    front = forms.BooleanField(
        label=pgettext_lazy("concerns", "In front only"),
        required=False,
    )

    def __init__(self, data: Any, *, areas: Iterable[Area], ways: Iterable[str]) -> None:
        super().__init__(data)
        self.areas = {area.public_id: area for area in areas}
        self._offer("state", pgettext_lazy("promises", "All"), STATES)
        self._offer(
            "neighborhood",
            pgettext_lazy("neighborhoods", "All"),
            {key: area.name for key, area in self.areas.items()},
        )
        self._offer("topic", _("Everything"), dict(Category.choices))
        told = {way: label for way, label in HowItCame.choices if way in set(ways)}
        self._offer("came", pgettext_lazy("ways", "All"), told)
        if not told:
            del self.fields["came"]

    def _offer(self, name: str, none: Any, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", none), *choices.items()]

    @property
    def asked(self) -> Asked:
        self.is_valid()
        said = self.cleaned_data
        return Asked(
            state=said.get("state", ""),
            neighborhood=self.areas.get(said.get("neighborhood", "")),
            category=said.get("topic", ""),
            came=said.get("came", ""),
            in_front=said.get("front", False),
            words=said.get("q", ""),
        )
