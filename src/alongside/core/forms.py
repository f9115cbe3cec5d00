"""How forms are drawn: our own field template, so that each field has its label, hint and error in one place.

What every form needs that anybody may send; what a form offers to choose from, where that depends on who asks; and
what was wrong, as one sentence.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Field, Model, QuerySet
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

Kind = TypeVar("Kind", bound=forms.Field)


class Renderer(TemplatesSetting):
    form_template_name = "core/forms/form.html"
    field_template_name = "core/forms/field.html"


def fresh_key() -> str:
    """A key for each form shown, so that the same form sent twice is one deed."""
    return secrets.token_urlsafe(16)


class Trap(forms.Form):
    """A form for people without an account. They do not see its last field; programs that fill in everything do."""

    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Please empty the last field: it is there to catch programs."))
        return ""


class OpenForm(Trap):
    """A form that anybody may send, with nothing that says who: its key makes one of two sendings (decision 2).

    A page draws both unseen fields by `core/forms/_unseen.html`.
    """

    form_key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("form_key", fresh_key())


if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    ModelForm = forms.ModelForm
    ModelChoiceField = forms.ModelChoiceField
else:

    class ModelForm(forms.ModelForm):
        """Django's, and says of which model: `ModelForm[Partner]`. At run time that changes nothing."""

        def __class_getitem__(cls, _model):
            return cls

    class ModelChoiceField(forms.ModelChoiceField):
        """Django's, and says of which model it offers rows."""

        def __class_getitem__(cls, _model):
            return cls


def offer_rows(
    form: forms.BaseForm, name: str, rows: QuerySet[Any], *, none: StrOrPromise | None = None
) -> None:
    """Let a field choose from these rows; `none` is what stands there for no row."""
    field = _field(form, name, forms.ModelChoiceField)
    field.queryset = rows
    if none is not None:
        field.empty_label = none


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Let a field choose from these values, each with its label, or groups of them."""
    _field(form, name, forms.ChoiceField).choices = list(choices)


def label_of(model: type[Model], name: str) -> StrOrPromise:
    """The words that a model has for one of its own fields."""
    field = model._meta.get_field(name)
    if not isinstance(field, Field):
        raise TypeError(f"{model.__name__}.{name} is another model's")
    return field.verbose_name


def a_day() -> forms.DateInput:
    """Where a day is typed, or chosen from the browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def first_error(error: ValidationError, *, named: bool = False) -> str:
    """The first thing wrong, as one sentence; `named` with the field it is about, for whoever sees no form."""
    if not named or not hasattr(error, "error_dict"):
        return str(error.messages[0])
    field, problems = next(iter(error.message_dict.items()))
    return str(problems[0]) if field == NON_FIELD_ERRORS else f"{field}: {problems[0]}"


def _field(form: forms.BaseForm, name: str, kind: type[Kind]) -> Kind:
    field = form.fields[name]
    if not isinstance(field, kind):
        raise TypeError(f"{type(form).__name__}.{name} is no {kind.__name__}")
    return field
