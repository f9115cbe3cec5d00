"""Texts that come packed: what cannot be unpacked is refused in words, whatever its library raises."""

from __future__ import annotations

from collections import Counter

import pytest

from alongside.core.errors import Refusal
from alongside.outside.tests.zips import PACKED_AS, TABLE, damaged, zipped
from alongside.outside.texts import bytes_of


class NoText(Refusal):
    """For this test."""


@pytest.mark.parametrize("packed_as", PACKED_AS)
def test_a_zip_with_any_byte_changed_is_a_text_or_a_refusal(packed_as: str) -> None:
    assert bytes_of(zipped(packed_as), most_bytes=2**20, refused=NoText) == TABLE
    found: Counter[str] = Counter()
    for content in damaged(packed_as):
        try:
            bytes_of(content, most_bytes=2**20, refused=NoText)
            found["text"] += 1
        except NoText:
            found["refusal"] += 1
    assert min(found["text"], found["refusal"]) > 100
