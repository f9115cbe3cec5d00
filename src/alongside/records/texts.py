"""What a record says, column by column, as a reader of paper reads it; and what in it should be black."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import pgettext

from alongside.agencies.models import Agency
from alongside.core.authored import Words
from alongside.core.care import patterns
from alongside.core.manifest import RecordKind, Rows, records_of
from alongside.core.readers import written_for
from alongside.core.said import Said
from alongside.core.tokens import DigestField

WHOLE = [[0, -1]]
BAR = "█████"
"""As long for a short word as for a long one: its length tells nothing."""

Bars = dict[str, list[list[int]]]


# -- columns ----------------------------------------------------------------------------------------
def columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """What of a row is a record: not its number, not what opens something, not whose install it is."""
    known = records_of(model._meta.label)
    never = known[1].never if known else ()
    return [field for field in model._meta.concrete_fields if _is_told(field) and field.name not in never]


def _is_told(field: models.Field[Any, Any]) -> bool:
    hidden = (
        field.primary_key or field.name == "agency" or isinstance(field, DigestField | models.BinaryField)
    )
    return not hidden and not isinstance(field, models.UUIDField)


def rows_of(agency: Agency, rows: Rows, first: date, last: date) -> models.QuerySet[Any]:
    """Rows of an agency whose day lies between these; all of a kind that has no day of its own."""
    model = apps.get_model(rows.model)
    found: models.QuerySet[Any] = model._base_manager.filter(**{rows.agency: agency})
    if rows.since:
        found = found.filter(**_between(model, rows.since, first, last, agency))
    return found.order_by(*filter(None, [rows.since, "pk"]))


def _between(
    model: type[models.Model], since: str, first: date, last: date, agency: Agency
) -> dict[str, date | datetime]:
    if not is_moment(model, since):
        return {f"{since}__gte": first, f"{since}__lte": last}
    begins = datetime.combine(first, time.min, tzinfo=agency.zone)
    ends = datetime.combine(last, time.max, tzinfo=agency.zone)
    return {f"{since}__gte": begins, f"{since}__lte": ends}


def is_moment(model: type[models.Model], path: str) -> bool:
    """Whether a column holds moments, and not days."""
    for name in path.split("__"):
        field: Any = model._meta.get_field(name)
        model = field.related_model or model
    return isinstance(field, models.DateTimeField)


def together(model: type[models.Model]) -> list[str]:
    """What a row names by number, and is told by name."""
    return [field.name for field in columns(model) if field.is_relation]


# -- words ------------------------------------------------------------------------------------------
def told(row: models.Model, agency: Agency) -> dict[str, str]:
    """What a row says, by the name of the column, in the agency's language: as the file has it, whoever looks.

    What is empty is left out.
    """
    with written_for(agency.language):
        said = {field.name: _said(row, field, agency) for field in columns(type(row))}
    return {name: unicodedata.normalize("NFC", value) for name, value in said.items() if value}


def _said(row: models.Model, field: models.Field[Any, Any], agency: Agency) -> str:
    value = getattr(row, field.name)
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    match value:
        case None | "" | [] | {}:
            return ""
        case bool():
            return pgettext("detail", "yes") if value else pgettext("detail", "no")
        case datetime():
            return agency.local(value).isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case Words():
            return "\n".join(each.text for each in value.texts.values())
        case list() | dict():
            return json.dumps(value, ensure_ascii=False, default=str)
        case _:
            return str(value)


def label(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    return capfirst(str(field.verbose_name))


def day_of(row: models.Model, rows: Rows, agency: Agency) -> date | None:
    if not rows.since:
        return None
    value: Any = row
    for name in rows.since.split("__"):
        value = getattr(value, name)
    return agency.local(value).date() if isinstance(value, datetime) else value


def mark(said: dict[str, str], salt: str) -> str:
    """By which it is seen whether a record says the same as when a person looked at it."""
    held = json.dumps(said, sort_keys=True, ensure_ascii=False).encode()
    return hashlib.blake2b(held, key=bytes.fromhex(salt), digest_size=32).hexdigest()


# -- bars -------------------------------------------------------------------------------------------
def proposed(model: type[models.Model], said: dict[str, str]) -> Bars:
    """What a person should look at first: names, addresses and numbers of people are black until somebody says no."""
    bars: Bars = {}
    for field in columns(model):
        if field.name in said:
            found = (
                WHOLE if _is_personal(field) else [list(span) for span in patterns.found_in(said[field.name])]
            )
            if found:
                bars[field.name] = found
    return bars


def _is_personal(field: models.Field[Any, Any]) -> bool:
    """A line of somebody's own: a name, a phone number, an address. What they say in sentences is looked through."""
    return isinstance(field, Said) and not isinstance(field, models.TextField)


def also(said: dict[str, str], bars: Bars, words: Iterable[str]) -> Bars:
    """The same, and these words wherever they stand, in whatever case."""
    more = {name: [list(span) for span in spans] for name, spans in bars.items()}
    for word in filter(None, (unicodedata.normalize("NFC", each.strip()) for each in words)):
        for name, text in said.items():
            spans = [list(span) for span in _where(text, word)]
            if spans and more.get(name) != WHOLE:
                more[name] = joined([*more.get(name, []), *spans])
    return more


def _where(text: str, word: str) -> Iterator[tuple[int, int]]:
    lower, sought, at = text.lower(), word.lower(), 0
    if len(lower) != len(text):  # a letter that is two when it is small: nothing could be placed by it
        lower, sought = text, word
    while (at := lower.find(sought, at)) >= 0:
        yield at, at + len(sought)
        at += len(sought)


def joined(spans: Iterable[Sequence[int]]) -> list[list[int]]:
    """In order, those that touch as one."""
    made: list[list[int]] = []
    for start, end in sorted((span[0], span[1]) for span in spans):
        if made and start <= made[-1][1]:
            made[-1][1] = max(end, made[-1][1])
        else:
            made.append([start, end])
    return made


def parts(text: str, spans: Sequence[Sequence[int]]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is black."""
    if [list(span) for span in spans] == WHOLE:
        return [(text, True)]
    made, at = [], 0
    for start, end in joined(spans):
        made += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [(piece, black) for piece, black in [*made, (text[at:], False)] if piece]


def barred(text: str, spans: Sequence[Sequence[int]]) -> str:
    """A text as it is given: bars for what is black, and nothing of it behind them."""
    return "".join(BAR if black else piece for piece, black in parts(text, spans))


def kind_of(model: type[models.Model]) -> RecordKind:
    known = records_of(model._meta.label)
    if known is None:
        raise LookupError(model._meta.label)
    return known[0]
