"""Names with line breaks, pasted by somebody or sent by Eve, become one line by whichever way they come."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from alongside.core import text

typed = st.text(st.characters(codec="utf-8"), max_size=40) | st.text(
    alphabet="aé ́\u0308\u115f\u3164\u200d\u202e\u2028\n\r\t\0\x0b\x85.\u200b\uffff🏴\U000e0067\U000e007f",
    max_size=12,
)


@given(typed)
@example("\u3164")
@example("\u0301")
@example("A\u200d")
def test_a_line_is_one_and_stays_as_it_is(said):
    line = text.whole_line(said)
    assert len(line.splitlines()) <= 1
    assert not any(unicodedata.category(mark) in {"Cc", "Zl", "Zp"} for mark in line)
    assert text.whole_line(line) == line
    assert not set(map(ord, text.FLAG.sub("", line))) & {*text.TURNING, *text.HIDING, *text.NO_MARKS}


@given(typed)
def test_what_is_plain_at_a_glance_is_what_is_left_when_each_mark_is_looked_at(said):
    if said and text._is_plain(said):
        slowly = " ".join("".join(text._shown(mark) for mark in text._whole(said)).split())
        assert slowly == said
        assert any(text._is_seen(mark) for mark in said)
