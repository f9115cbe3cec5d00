"""How forms are drawn: our own field template, so that each field has its label, hint and error in one place.

What every form needs that anybody may send; what a form offers to choose from, where that depends on who asks; and
what was wrong, as one sentence.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from copy import copy
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CharField, Field, IntegerField, Model, QuerySet
from django.forms.models import ModelFormMetaclass
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core import clock, text, typed

Kind = TypeVar("Kind", bound=forms.Field)


CHOOSE = pgettext_lazy("empty choice", "Choose one")
NOT_CHOSEN = pgettext_lazy("empty choice", "Not chosen")


class Renderer(TemplatesSetting):
    form_template_name = "core/forms/form.html"
    field_template_name = "core/forms/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Of every form and every list: the choice of nothing has words, where its form gave it dashes."""
        widget = context.get("widget", {})
        for _group, options, _index in widget.get("optgroups", ()):
            for option in options:
                if option["value"] == "" and not any(map(str.isalpha, str(option["label"]))):
                    option["label"] = CHOOSE if widget["required"] else NOT_CHOSEN
        return super().render(template_name, context, request)


def fresh_key() -> str:
    """A key for each form shown, so that the same form sent twice is one deed."""
    return secrets.token_urlsafe(16)


class Trap(forms.Form):
    """A form for people without an account. They do not see one of its fields; programs that fill in everything do.

    Neither its name nor its label says anything to a browser that fills in forms by itself. Where one does so all the
    same, the person is shown the field, already emptied, and sends again: nobody is thanked for what was not kept.
    """

    x1 = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean_x1(self) -> str:
        if self.cleaned_data["x1"]:
            _said_anew(self, "x1", "")
            self.fields["x1"].widget.attrs.pop("tabindex")
            raise forms.ValidationError(
                _(
                    "Your browser filled this in by itself. It is there to catch programs, and nobody else sees it. "
                    "We have emptied it: please send again."
                )
            )
        return ""

    @property
    def is_caught(self) -> bool:
        """Whether the field was filled in, so that it is shown."""
        return "x1" in self.errors


class Once(forms.Form):
    """A form with a key: what is sent twice by it is one deed, and other words by the same key are another.

    A page comes back by a browser's button, from its cache, or in a second tab, and not always to the same person.
    """

    form_key = forms.CharField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}), max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("form_key", fresh_key())

    @property
    def once(self) -> str:
        """What makes two sendings one: the key, and what is said in the fields that people see. None without a key."""
        if not self.cleaned_data["form_key"]:
            return ""
        words = hashlib.blake2b(repr(said_in(self)).encode(), digest_size=16).hexdigest()
        return f"{self.cleaned_data['form_key']}.{words}"

    def ask_again(self, why: str) -> None:
        """Something else was sent by this key: say so, and let it be sent anew by a key of its own."""
        _said_anew(self, "form_key", fresh_key())
        self.add_error(None, why)


class OpenForm(Trap, Once):
    """A form that anybody may send, with nothing that says who: its key makes one of two sendings (decision 2).

    A page draws both unseen fields by `core/forms/_unseen.html`.
    """


def said_in(form: forms.BaseForm) -> list[tuple[str, str]]:
    """What somebody said in the fields that people see, as they typed it."""
    return [(field.name, str(field.data).strip()) for field in form.visible_fields() if field.name != "x1"]


def _said_anew(form: forms.BaseForm, name: str, value: str) -> None:
    """What stands in a field when the form is shown again, whatever was sent in it."""
    said: Any = copy(form.data)  # of what a browser sent, a copy that may be changed
    said[form.add_prefix(name)] = value
    form.data = said


if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    ModelForm = forms.ModelForm
    ModelChoiceField = forms.ModelChoiceField
else:

    class CountsAsTyped(ModelFormMetaclass):
        """Reads each whole number and each line of a model as people write one, without a list in each form."""

        def __new__(mcs, name, bases, attrs, **kwargs):
            if meta := attrs.get("Meta"):
                meta.formfield_callback = _as_typed
            return super().__new__(mcs, name, bases, attrs, **kwargs)

    def _as_typed(field, **kwargs):
        if isinstance(field, IntegerField):
            kwargs.setdefault("form_class", CountField)
        elif type(field) is CharField and not isinstance(kwargs.get("widget"), forms.Textarea):
            kwargs.setdefault("form_class", LineField)
        return field.formfield(**kwargs)

    class ModelForm(forms.ModelForm, metaclass=CountsAsTyped):
        """Django's, and says of which model: `ModelForm[Partner]`. Its numbers may have a comma."""

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


def an_hour() -> forms.TimeInput:
    """Where an hour is typed, or chosen."""
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def a_moment() -> forms.DateTimeInput:
    """Where a day and its hour are typed, or chosen."""
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class DayField(forms.DateField):
    """A day, as people write one."""

    widget = a_day()
    default_error_messages = {"invalid": _("Write the day with its month, such as 12/31/2026 or Dec 31.")}

    def to_python(self, value: Any) -> date | None:
        read = typed.day(value, today=clock.now().date()) if isinstance(value, str) else None
        return read or super().to_python(value)


class HourField(forms.TimeField):
    """An hour of the day, as people write one."""

    widget = an_hour()
    default_error_messages = {"invalid": _("Write the hour with a.m. or p.m., such as 6:00 PM, or as 18:00.")}

    def to_python(self, value: Any) -> time | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        if (read := typed.hour(value)) is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return read


class MomentField(forms.DateTimeField):
    """A day and its hour, as people write them, by the clock of the page."""

    widget = a_moment()
    default_error_messages = {"invalid": _("Write the day and the hour, such as 12/31/2026 6:00 PM.")}

    def to_python(self, value: Any) -> datetime | None:
        read = typed.moment(value, today=clock.now().date()) if isinstance(value, str) else None
        return super().to_python(read or value)


class LineField(forms.CharField):
    """A name or another line, as it will be shown: nothing turns in it, and what nobody can see is nothing."""

    def to_python(self, value: Any) -> str:
        said = super().to_python(value) or ""
        return text.line(said, len(said))


class CountField(forms.IntegerField):
    """A whole number, with or without a comma at the thousands.

    Typed as words: in a field for numbers some browsers drop a comma or a letter without a word, and send nothing.
    """

    widget = forms.TextInput
    default_error_messages = {"invalid": _("Write a whole number in digits, such as 12.")}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        if isinstance(widget, forms.TextInput):
            counts = isinstance(self.min_value, int) and self.min_value >= 0
            keypad = "numeric" if counts else "text"  # a keypad of digits has no minus
            attrs |= {"inputmode": keypad, "autocomplete": "off"}
        return attrs

    def to_python(self, value: Any) -> int | None:
        read = typed.whole(value) if isinstance(value, str) else None
        return super().to_python(value if read is None else read)


class DegreesField(forms.FloatField):
    """A latitude or a longitude, as maps write one."""

    widget = forms.TextInput
    default_error_messages = {"invalid": _("Write the degrees as a number, such as 38.2527.")}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "text", "autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        read = typed.degrees(value) if isinstance(value, str) else None
        return super().to_python(value if read is None else read)


class EmailField(forms.EmailField):
    """An address, without what pasting leaves around and in it."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(typed.plain(value) if isinstance(value, str) else value)


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
