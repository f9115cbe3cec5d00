"""A field of one line is kept as one: names, places and addresses, in every model."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from alongside.core.authored import Authored
from alongside.core.ids import PublicIdField
from alongside.core.lines import Line, OneLine
from alongside.core.tokens import DigestField
from tests.architecture.test_texts import EXCUSED, PROGRAM

# What the program makes itself of letters that it chooses, and nobody types: ids, digests, one of a list of words.
MADE = (PublicIdField, DigestField)
FACTS = "put together by the product, of fields that are lines"
OTHERWISE = {
    "outreach.Mail.subject": "as its letter has it, blank for blank; several lines are refused (outreach.actions)",
    "rosters.Post.told_what": FACTS,
    "rosters.PartnerInvitation.told_what": FACTS,
}
# Words of the program by sort (`test_texts`), which come from outside all the same.
FROM_OUTSIDE = {
    "gatherings.Import.file_name",
    "places.Area.key",
    "places.Area.source",
    "places.StreetNetwork.file_name",
    "weather.Kept.etag",
    "weather.Kept.last_modified",
    "weather.Kept.url",
}
BREAKS = ["\n", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\t", "\0", "\u202e"]


def short_fields() -> Iterator[tuple[str, models.Field]]:
    for model in apps.get_models():
        if model.__module__.startswith("alongside."):
            for field in model._meta.concrete_fields:
                if isinstance(field, models.CharField) and not field.choices and not isinstance(field, MADE):
                    yield f"{model._meta.label}.{field.name}", field


def may_be_typed(label: str) -> bool:
    return label in FROM_OUTSIDE or (EXCUSED.get(label) is not PROGRAM and label not in OTHERWISE)


def test_every_field_of_one_line_is_kept_as_one():
    typed = {label: field for label, field in short_fields() if may_be_typed(label)}
    assert len(typed) > 60, "the premise"
    assert [label for label, field in typed.items() if not isinstance(field, OneLine)] == []


def test_no_excuse_is_left_over():
    known = dict(short_fields())
    assert not {label for label in {*OTHERWISE, *FROM_OUTSIDE} if label not in known}
    assert not [label for label in OTHERWISE if isinstance(known[label], OneLine)]


@pytest.mark.parametrize("mark", BREAKS, ids=ascii)
def test_whatever_is_put_on_a_row_is_one_line_there(mark):
    said = f"Main{mark}Library"
    for field in (dict(short_fields())["places.Venue.name"], Line(max_length=80)):
        assert field.to_python(said).split() in (["Main", "Library"], ["MainLibrary"])
        assert len(field.to_python(said).splitlines()) == 1
        assert field.get_prep_value(said) == field.to_python(said)
    words = Authored(max_length=80, one_line=True).to_python(said)
    assert len(words.original.splitlines()) == 1
