"""What is shown is what was written: nothing turns a line around, breaks a header or hides in it."""

import pytest

from alongside.core.text import line, lines


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("  Oak   Street ", "Oak Street"),
        ("Subject\r\nBcc: eve@example.org", "Subject Bcc: eve@example.org"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("half \ud800 a mark", "half \ufffd a mark"),
        ("Nin\u0303o", "Niño"),
        ("a\0b", "a b"),
        ("\u200b", ""),
        ("\u2800 \u3164\u200d", ""),
        ("\u0301", ""),
        ("👩\u200d👧", "👩\u200d👧"),
        ("می\u200cرود", "می\u200cرود"),
    ],
)
def test_a_line_is_one_plain_line(typed, plain):
    assert line(typed, 80) == plain


def test_a_line_is_as_long_as_it_may_be():
    assert line("one two three", 8) == "one two"


def test_lines_stay_lines():
    assert lines("One.\r\n\r\n  Two\tthree. \n") == "One.\n\nTwo three."
