"""The field of a model that holds authored words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.validators import EMPTY_VALUES, MaxLengthValidator, MinLengthValidator
from django.db import models
from django.db.models.expressions import Combinable

from alongside.core.authored.boxes import AuthoredField
from alongside.core.authored.words import Words, words_of
from alongside.core.columns import OnRow, is_expression
from alongside.core.text import plain_lines, whole_line

if TYPE_CHECKING:
    TextField = models.TextField[Words | str | Combinable, Words]
else:  # Django's takes no types when it runs
    TextField = models.TextField


class Authored(TextField):
    """A text that staff write for the public, in each of their languages (`Words`).

    A plain text that is put on a row is what somebody wrote just now. The column is text: empty, or JSON. `min_length`
    and `max_length` hold for each of the texts. `one_line`: each is asked for as one, and kept as one (`core.lines`).
    """

    descriptor_class = OnRow
    empty_values = [*EMPTY_VALUES, Words()]

    def __init__(
        self, *args: Any, max_length: int, min_length: int = 0, one_line: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs | {"max_length": max_length})
        self.min_length, self.one_line = min_length, one_line

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "alongside.core.authored.Authored", args, kwargs

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Words:
        return Words.from_stored(value or "")

    def to_python(self, value: Any) -> Words:
        return words_of(value).each(whole_line if self.one_line else plain_lines)

    def get_prep_value(self, value: Any) -> Any:
        return value if is_expression(value) else self.to_python(value).stored

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        limits = MinLengthValidator(self.min_length), MaxLengthValidator(self.max_length or 0)
        for text in value.texts.values():
            for within in limits:
                within(text.text)

    def formfield(self, **kwargs: Any) -> Any:
        asked: dict[str, Any] = {"form_class": AuthoredField, "one_line": self.one_line}
        asked |= {"min_length": self.min_length, "max_length": self.max_length}
        # Not TextField's: it would hand over a text area.
        return models.Field.formfield(self, **asked | kwargs)
