"""Sentences of ours that a row keeps: as their words in the catalogs and the facts that go into them.

Never as the sentence itself: it is made where it is read, in the language of whoever reads it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, time
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.core.validators import EMPTY_VALUES
from django.db import models
from django.db.models.expressions import Combinable
from django.utils import translation
from django.utils.functional import Promise

from alongside.core.columns import OnRow, Plain, is_expression
from alongside.core.errors import Phrase, said_by
from alongside.core.said import Said

if TYPE_CHECKING:
    TextField = models.TextField[Phrase | str | Combinable, Phrase]
else:  # Django's takes no types when it runs
    TextField = models.TextField


BEGINS = '{"words": '


def as_stored(said: Phrase) -> str:
    """Empty for no words, else JSON."""
    return json.dumps(packed(said), ensure_ascii=False) if said else ""


def from_stored(stored: str) -> Phrase:
    """What an earlier version kept as a text is read as words of others."""
    return unpacked(json.loads(stored)) if stored.startswith(BEGINS) else Phrase(stored)


def handed_over(said: Phrase) -> str:
    """For a link that proposes a sentence of ours; signed, so that no link says anything else in our name."""
    return signing.dumps(packed(said), salt=__name__)


def taken_back(handed: str) -> Phrase:
    """What such a link proposes; nothing, where it is not ours."""
    try:
        return unpacked(signing.loads(handed, salt=__name__))
    except signing.BadSignature:
        return Phrase("")


def phrase_of(value: object) -> Phrase:
    """As it stands on a row: a phrase as it is; a plain text as words of others, which stay as they came."""
    return value if isinstance(value, Phrase) else Phrase("" if value is None else str(value))


def packed(said: Phrase) -> dict[str, Any]:
    """As JSON keeps it."""
    return {"words": said.words, "parts": {name: _pack(part) for name, part in said.parts.items()}}


def _pack(part: object) -> Any:
    """What goes into a sentence, as facts: a number, a name, an hour, a day, a sentence inside."""
    if isinstance(part, BaseException):
        part = said_by(part)
    if isinstance(part, Promise):
        part = _label(part)
    if isinstance(part, Phrase):
        return {"phrase": packed(part)}
    if isinstance(part, time):
        return {"hour": part.isoformat("minutes")}
    if isinstance(part, date):
        return {"day": date(part.year, part.month, part.day).isoformat()}
    return part if isinstance(part, int | float) else str(part)


def _label(words: Promise) -> Phrase:
    """A label of ours, such as that of a choice, as the catalogs know it: what stands there in no language."""
    with translation.override(None):
        return Phrase(str(words))


def unpacked(kept: Mapping[str, Any]) -> Phrase:
    return Phrase(kept["words"], {name: _unpack(part) for name, part in kept["parts"].items()})


def _unpack(part: Any) -> object:
    if not isinstance(part, Mapping):
        return part
    ((kind, value),) = part.items()
    if kind == "phrase":
        return unpacked(value)
    return time.fromisoformat(value) if kind == "hour" else date.fromisoformat(value)


class PhraseField(Plain, TextField):
    """A sentence that the product says, kept as facts (`Phrase`). The column is text: empty, or JSON."""

    descriptor_class = OnRow
    empty_values = [*EMPTY_VALUES, Phrase("")]

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Phrase:
        return from_stored(value or "")

    def to_python(self, value: Any) -> Phrase:
        return phrase_of(value)

    def get_prep_value(self, value: Any) -> Any:
        return value if is_expression(value) else as_stored(phrase_of(value))


class SaidPhrase(Said, PhraseField):
    """One in which somebody's words may stand: a mail server's no may name whom we wrote to."""
