"""Forms of this room: three for whoever holds a code, the others for the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import Agency, Member
from alongside.core.authored import AuthoredField
from alongside.core.care import boxes
from alongside.core.doing import or_say_on
from alongside.core.forms import (
    CountField,
    DayField,
    EmailField,
    ModelChoiceField,
    ModelForm,
    Trap,
    offer_rows,
)
from alongside.followthrough import actions
from alongside.followthrough.models import (
    LONGEST_NOTE,
    LONGEST_OUTCOME,
    LONGEST_REASON,
    LONGEST_SUMMARY,
    Category,
    Concern,
    DueRule,
    Rules,
    State,
    Withheld,
    rules_of,
)
from alongside.followthrough.promises.loading.judging import Read
from alongside.followthrough.promises.loading.rows import COLUMNS, LABELS

OF_A_TOPIC = "days_of_"
# To another body it goes by a page of its own, which names that body.
BY_US = (State.DONE, State.DECLINED)


# -- for whoever holds a code ------------------------------------------------------------------------
class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Your code"),
        max_length=300,
        help_text=_(
            "13 letters and digits, such as 7K2M-9QDX-4TB8W. Big or small letters, with or without hyphens."
        ),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "code-typed",
            }
        ),
    )


class CorrectForm(boxes.CareForm, Trap):
    text = boxes.Box(
        label=_("What you meant"),
        validators=[MaxLengthValidator(LONGEST_NOTE)],
        help_text=_(
            "Whoever answers reads it. Please leave out names, and anything you would not say aloud."
        ),
        widget=boxes.Lines(attrs={"rows": 3}),
    )
    field_order = ["text", "x1"]


class ReopenForm(boxes.CareForm, Trap):
    """It is not so, in the words of whoever asked; of what cannot be done, their appeal."""

    words = boxes.Box(
        label=_("What is not so?"),
        validators=[MaxLengthValidator(LONGEST_NOTE)],
        error_messages={"required": _("Say in a sentence what is not so: whoever answers reads it.")},
        help_text=_("Whoever answers reads it. Please leave out names."),
        widget=boxes.Lines(attrs={"rows": 3}),
    )
    field_order = ["words", "x1"]


class ContactForm(Trap):
    email = EmailField(
        label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    field_order = ["email", "x1"]


# -- for the desk ------------------------------------------------------------------------------------
class MemberField(ModelChoiceField[Member]):
    """Who answers: somebody the agency employs, by rank and name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Member.objects.none(), **kwargs)


def staff_of(agency: Agency) -> QuerySet[Member]:
    return Member.objects.of(agency).filter(employee=True).active().select_related("rank")


class ActForm(forms.Form):
    """Something that is done to one thing. The action judges; the form reads the fields."""

    def prepare(self) -> None:
        """What depends on the thing."""

    def act(self, by: Any) -> None:
        """Do it, or put the refusal where it belongs."""
        with or_say_on(self):
            self.do(by=by, **self.cleaned_data)

    def do(self, *, by: Any, **given: Any) -> None:
        raise NotImplementedError


class DeedForm(ActForm):
    """Something a member does to one concern."""

    def __init__(self, *args: Any, concern: Concern, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.concern = concern
        self.prepare()


class AssignForm(DeedForm):
    owner = MemberField(label=_("Who answers"))
    due = DayField(label=_("By when"))
    why = AuthoredField(
        label=_("Why the day moves"),
        required=False,
        max_length=LONGEST_NOTE,
        one_line=True,
        help_text=_("Needed when a promised day moves back. The person who asked reads it."),
    )

    def prepare(self) -> None:
        offer_rows(self, "owner", staff_of(self.concern.agency))
        self.initial.update(owner=self.concern.owner_id, due=self.concern.due)

    def do(self, *, by: Any, **given: Any) -> None:
        actions.assign(self.concern, by=by, **given)


class ProgressForm(DeedForm):
    text = AuthoredField(label=_("What happened"), max_length=LONGEST_NOTE)
    public = forms.TypedChoiceField(
        label=_("Who reads it"),
        choices=[("yes", _("The person who asked")), ("no", _("Staff only"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )

    def do(self, *, by: Any, **given: Any) -> None:
        actions.progress(self.concern, by=by, **given)


class CloseForm(DeedForm):
    state = forms.ChoiceField(
        label=_("How it ends"),
        choices=[(state, State(state).label) for state in BY_US],
        widget=forms.RadioSelect,
    )
    outcome = AuthoredField(
        label=_("What came of it"),
        max_length=LONGEST_OUTCOME,
        help_text=_("Plain words that the person who asked can check: what was done, where, or why not."),
    )

    def do(self, *, by: Any, **given: Any) -> None:
        actions.close(self.concern, by=by, **given)


class ClearForm(DeedForm):
    summary = AuthoredField(
        label=_("Words for the public"),
        required=False,
        max_length=LONGEST_SUMMARY,
        help_text=_(
            "In your own words, in up to 280 characters. No names, no block, nothing that tells who spoke to "
            "us. Leave it empty to take the words back."
        ),
    )

    def prepare(self) -> None:
        self.initial["summary"] = self.concern.summary

    def do(self, *, by: Any, **given: Any) -> None:
        actions.clear(self.concern, by=by, **given)


class WithholdForm(DeedForm):
    reason = forms.ChoiceField(label=_("Why"), choices=Withheld.choices, widget=forms.RadioSelect)

    def prepare(self) -> None:
        self.initial["reason"] = self.concern.withheld

    def do(self, *, by: Any, **given: Any) -> None:
        actions.withhold(self.concern, by=by, **given)


class ReleaseForm(DeedForm):
    def do(self, *, by: Any, **given: Any) -> None:
        actions.release(self.concern, by=by)


class RedactForm(DeedForm):
    because = AuthoredField(
        label=_("Why the words are erased"),
        max_length=LONGEST_REASON,
        one_line=True,
        help_text=_(
            "The reason remains, for everybody who may see the concern. The words cannot be brought back. What it "
            "was split into is erased with it."
        ),
    )

    def do(self, *, by: Any, **given: Any) -> None:
        actions.redact(self.concern, by=by, **given)


class CardsForm(forms.Form):
    count = forms.TypedChoiceField(
        label=_("How many cards"),
        choices=[(n, n) for n in (10, 20, 40, 60, 100)],
        coerce=int,
        initial=20,
        help_text=_("Ten fit on a sheet."),
    )
    origin_label = AuthoredField(
        label=_("What they are for"),
        required=False,
        max_length=160,
        one_line=True,
        help_text=_("Such as “Peace Walk in Eastbank, June 4”. It is printed on no card."),
    )


class RulesForm(ModelForm[Rules]):
    """What holds for every concern; and below it the topics that are answered sooner or later than usual."""

    complaints_url = forms.URLField(
        label=_("Its page"), required=False, max_length=200, assume_scheme="https"
    )

    class Meta:
        model = Rules
        fields = [
            "days",
            "acknowledge_days",
            "confirm_days",
            "in_front",
            "shown_after_days",
            "owner",
            "complaints",
            "complaints_url",
            "reports",
        ]

    def __init__(self, data: Any = None, *, agency: Agency, **kwargs: Any) -> None:
        super().__init__(data, instance=rules_of(agency), **kwargs)
        offer_rows(self, "owner", staff_of(agency), none=_("Nobody yet"))
        own = dict(DueRule.objects.of(agency).values_list("category", "days"))
        for category, label in Category.choices:
            self.fields[f"{OF_A_TOPIC}{category}"] = CountField(
                label=label, required=False, min_value=1, max_value=180, initial=own.get(category)
            )

    @property
    def of_all(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.startswith(OF_A_TOPIC)]

    @property
    def of_topics(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith(OF_A_TOPIC)]

    @property
    def has_own_days(self) -> bool:
        """Whether a topic has days of its own, or something about one is wrong: then the fold is open."""
        return any(field.value() or field.errors for field in self.of_topics)

    @property
    def said(self) -> dict[str, Any]:
        """What the action takes: days by topic together."""
        given = {n: each for n, each in self.cleaned_data.items() if not n.startswith(OF_A_TOPIC)}
        topics = {n.removeprefix(OF_A_TOPIC): n for n in self.fields if n.startswith(OF_A_TOPIC)}
        days = {topic: self.cleaned_data[name] for topic, name in topics.items() if self.cleaned_data[name]}
        return given | {"by_category": days}

    def _post_clean(self) -> None:
        """The action checks the whole, in the transaction that writes it; the form reads the fields."""


# -- promises from before ------------------------------------------------------------------------------
class LoadForm(forms.Form):
    file = forms.FileField(
        label=_("A table of promises"),
        help_text=_("A spreadsheet (.xlsx, .ods) or a table in text (.csv, .tsv), up to 5,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods,text/csv"}),
    )


class LoadColumns(forms.Form):
    """Which column holds what. Guessed; a person corrects it."""

    def __init__(self, *args: Any, read: Read, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", pgettext_lazy("column", "none")), *((column, column) for column in read.columns)]
        for name in COLUMNS:
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=LABELS[name], choices=choices, required=False, initial=read.mapping.get(name, "")
            )

    @property
    def mapping(self) -> dict[str, str]:
        said = {name: self.cleaned_data.get(f"column_{name}", "") for name in COLUMNS}
        return {name: column for name, column in said.items() if column}
