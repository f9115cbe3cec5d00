"""What is shown is what was written: nothing turns a line around, breaks a header or hides in it."""

import pytest

from alongside.core.text import begun_large, line, lines, number_in

ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


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
        ("Main\u200b Lib\u00adrary\ufeff", "Main Library"),
        ("Oak\U000e0048\U000e0069\U000e007f Street", "Oak Street"),
        ("\U0001f3f4\U000e0068\U000e0069\U000e0064\U000e0065", "\U0001f3f4"),
        (ENGLAND, ENGLAND),
        ("a\ufffeb\uffffc\ufdd0\U0001ffff", "a\ufffdb\ufffdc\ufffd\ufffd"),
    ],
)
def test_a_line_is_one_plain_line(typed, plain):
    assert line(typed, 80) == plain


def test_a_line_is_as_long_as_it_may_be():
    assert line("one two three", 8) == "one two"


def test_lines_stay_lines():
    assert lines("One.\r\n\r\n  Two\tthree. \n") == "One.\n\nTwo three."


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("no outline in the file.", "No outline in the file."),
        ("bad.csv is no text table.", "bad.csv is no text table."),
        ("streets/a.npz is cut off", "streets/a.npz is cut off"),
        ("ärgerlich: nichts.", "Ärgerlich: nichts."),
        ("", ""),
    ],
)
def test_a_sentence_begins_large_and_a_file_keeps_its_name(said, shown):
    assert begun_large(said) == shown


@pytest.mark.parametrize("sent", ["", "²", "٣", "-1", "1.0", "1_0", "9" * 19, "9" * 5000])
def test_what_no_page_of_ours_sends_is_no_number(sent):
    assert number_in(sent) is None
    assert number_in("17") == 17
