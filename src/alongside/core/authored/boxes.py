"""The field of a form that asks for words in each language, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.text import capfirst
from django.utils.translation import get_language

from alongside.core import languages, spoken
from alongside.core.authored import hand
from alongside.core.authored.words import How, Text, Words, words_of


class Boxes(forms.Widget):
    """A box for each language of the agency, and below it whether a machine wrote what stands there.

    The box of a language is named `title_es`. What is sent as `title` alone is written in the reader's language: so
    does whoever sends a form without having seen it.
    """

    template_name = "core/forms/boxes.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, one_line: bool = False) -> None:
        super().__init__(attrs)
        self.one_line = one_line

    def id_for_label(self, id_: str | None, index: str = "0") -> str:
        return f"{id_}_{index}" if id_ else ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        asked: dict[str, Any] = context["widget"]["attrs"]
        if _are_several():  # one must be filled in, whichever; hints and errors are of the whole group
            asked = {key: each for key, each in asked.items() if key not in {"required", "aria-describedby"}}
        context["widget"] |= {
            "several": _are_several(),
            "boxes": [
                self._box(
                    f"{name}_{code}", code, words_of(value), asked, self.id_for_label(asked.get("id"), str(n))
                )
                for n, code in enumerate(hand.offered())
            ],
        }
        return context

    def _box(self, name: str, code: str, words: Words, asked: dict[str, Any], id_: str) -> dict[str, Any]:
        """One language: its box, and what is known of the text in it."""
        text = words.texts.get(code, Text(""))
        box = forms.TextInput() if self.one_line else forms.Textarea({"rows": 4})
        # By the placeholder the styles know an empty box.
        about = {"id": id_ or name, "lang": code, "dir": languages.direction_of(code), "placeholder": " "}
        by_machine = text.how == How.MACHINE
        return {
            "id": about["id"],
            "name": name,
            "label": capfirst(spoken.name_of(code)),
            "drawn": box.render(name, text.text, asked | about),
            "by_machine": by_machine,
            # What somebody writes first is no translation.
            "may_be_machines": by_machine or code != (words.source or languages.current()),
            "by": text.by,
            "instead": spoken.name_of(words.source) if words and not text.text else "",
        }

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, Text]:
        """What was typed in each box, empty ones among them."""
        typed = {
            code: Text(data[f"{name}_{code}"], _how(data, f"{name}_{code}_machine"))
            for code in hand.offered()
            if f"{name}_{code}" in data
        }
        if not typed and name in data:
            typed[languages.current()] = Text(data[name])
        return typed

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not self.value_from_datadict(data, files, name)


class Group(BoundField):
    """On a page the boxes are one group, where there are several."""

    @property
    def use_fieldset(self) -> bool:
        return _are_several()


class AuthoredField(forms.Field):
    """Words in each language that the agency writes in. Needed: one of them, whichever."""

    widget = Boxes
    bound_field_class = Group

    def __init__(
        self, *, max_length: int, min_length: int = 0, one_line: bool = False, **kwargs: Any
    ) -> None:
        widget = kwargs.pop("widget", None) or Boxes
        self.asks = widget if isinstance(widget, Boxes) else Boxes(getattr(widget, "attrs", None))
        self.asks.one_line = one_line
        self.one = forms.CharField(required=False, min_length=min_length, max_length=max_length)
        super().__init__(widget=self.asks, **kwargs)

    def bound_data(self, data: Any, initial: Any) -> Words:
        """What stands in the boxes of a form that was sent, whether it can be kept or not."""
        words = words_of(initial)
        for code, each in (data or {}).items():
            words = words.written(each.text, language=code, how=each.how)
        return words

    def _clean_bound_field(self, bound: BoundField) -> Words:
        """Beside what was typed it knows what stood there: who wrote each text, and other languages."""
        if self.disabled:
            return words_of(bound.initial)
        return self.clean(bound.data, before=words_of(bound.initial))

    def clean(self, value: Any, before: Words | None = None) -> Words:
        before = before or Words()
        typed = value if isinstance(value, Mapping) else words_of(value).texts
        words = before
        for code, each in typed.items():
            words = words.written(self._one(code, each.text), language=code, how=each.how)
        if not before and (here := get_language() or "") in words.texts:
            words = Words(here, words.texts).among(words.texts)
        self.validate(words or None)
        self.run_validators(words or None)
        return words

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled:
            return False
        before = words_of(initial).texts
        return any(
            (each.text.strip(), each.how) != ((old.text, old.how) if old else ("", How.HUMAN))
            for code, each in (data or {}).items()
            for old in [before.get(code)]
        )

    def _one(self, code: str, text: str) -> str:
        try:
            return str(self.one.clean(text))
        except ValidationError as error:
            if not _are_several():
                raise
            name = capfirst(spoken.name_of(code))
            raise ValidationError([f"{name}: {each}" for each in error.messages]) from None


def _are_several() -> bool:
    """Whether whoever writes now has a box for more than one language."""
    return len(hand.offered()) > 1


def _how(data: Mapping[str, Any], name: str) -> How:
    return How.MACHINE if data.get(name) else How.HUMAN
