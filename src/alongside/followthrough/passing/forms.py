"""Forms for other bodies, and for what goes to them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.authored import AuthoredField, Words
from alongside.core.errors import phrase
from alongside.core.forms import DayField, LineField, ModelForm
from alongside.followthrough.models import LONGEST_NOTE, LONGEST_OUTCOME, Concern
from alongside.followthrough.passing.georeport import LONGEST_ID, LONGEST_NAME, Attribute
from alongside.followthrough.passing.models import Body

LOOK, SEND = "look", "send"


class BodyForm(ModelForm[Body]):
    key = forms.CharField(
        label=_("The key that they gave you"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept shut, and never shown again. Empty: the one that stands here stays."),
    )
    no_key = forms.BooleanField(label=_("They need no key any more"), required=False)

    class Meta:
        model = Body
        fields = ["name", "reached", "page", "speaks", "endpoint", "jurisdiction", "active"]
        widgets = {"speaks": forms.RadioSelect}
        help_texts = {
            "endpoint": _(
                "Such as https://311.example.gov/v2, or its discovery file. Ask the city whether it has one."
            ),
            "jurisdiction": _("Only where one address serves several cities."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.has_key:
            del self.fields["no_key"]

    @property
    def new_key(self) -> str | None:
        """What was typed; nothing, where it goes; None, where what stands here stays."""
        if self.cleaned_data.get("no_key"):
            return ""
        return self.cleaned_data["key"] or None


class PassForm(forms.Form):
    """What goes to another body: a machine takes words, block and answers; by hand it is said already."""

    place = LineField(
        label=_("Where, to the block"),
        max_length=LONGEST_NAME,
        help_text=_("Such as “400 block of Oak Street”, or a crossing. A house number is rounded."),
    )
    number = LineField(
        label=_("The number that they gave you"),
        max_length=LONGEST_ID,
        required=False,
        help_text=_("If they gave one. Whoever asked can name it there."),
    )
    outcome = AuthoredField(
        label=_("What the person who asked reads"),
        max_length=LONGEST_OUTCOME,
        help_text=_("Who mends it, how they are reached, and what you do if they do not."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, concern: Concern, body: Body, asked: Sequence[Attribute] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = [each for each in asked if each.is_asked and not each.of_a_person]
        del self.fields["number" if body.is_called else "place"]
        self.initial.update(place=concern.place, outcome=proposed(body))
        for number, each in enumerate(self.asked):
            self.fields[f"more_{number}"] = field_for(each)
        self.order_fields(["place", *(f"more_{n}" for n in range(len(self.asked))), "number", "outcome"])

    @property
    def more(self) -> dict[str, list[str]]:
        """The answers to their questions, by the code of each."""
        said = {}
        for number, each in enumerate(self.asked):
            value = self.cleaned_data[f"more_{number}"]
            values = value if isinstance(value, list) else [value]
            if kept := [one for one in values if one]:
                said[each.code] = kept
        return said


def field_for(asked: Attribute) -> forms.Field:
    """One question of theirs, as they ask it; their words are in their language."""
    same: dict[str, Any] = {
        "label": asked.description,
        "help_text": asked.hint,
        "required": asked.is_required,
    }
    if asked.values and asked.takes_several:
        return forms.MultipleChoiceField(choices=asked.values, widget=forms.CheckboxSelectMultiple, **same)
    if asked.values:
        empty = [("", _("Please choose"))] if asked.is_required else [("", "–")]
        return forms.ChoiceField(choices=[*empty, *asked.values], **same)
    if asked.datatype == "text":
        return forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), **same)
    return LineField(max_length=200, **same)


def proposed(body: Body) -> Words:
    """Words to begin with, until a person writes others."""
    return Words.made(phrase("We passed it on to %(body)s.", body=body.name.original))


def digest_of(fields: Sequence[tuple[str, str]]) -> str:
    """Of what somebody saw before it left: another place typed beside the button is seen first, too."""
    return hashlib.sha256(json.dumps(list(fields)).encode()).hexdigest()


class NumberForm(forms.Form):
    number = LineField(
        label=_("Its number there"),
        max_length=LONGEST_ID,
        required=False,
        help_text=_("Empty, if they named none."),
    )


class AnswerForm(forms.Form):
    text = AuthoredField(
        label=_("What they say"),
        max_length=LONGEST_NOTE,
        help_text=_("In your words, without names. The person who asked reads it."),
    )
    expected_on = DayField(label=_("By when they expect to be done"), required=False)
    closed = forms.BooleanField(label=pgettext_lazy("other body", "They are done with it"), required=False)
