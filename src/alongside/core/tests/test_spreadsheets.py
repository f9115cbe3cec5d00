"""A file for Excel: accents are right when it opens, nothing in it runs, and what stood in a cell stays in it."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy as _

from alongside.core import spreadsheets


def opened(rows):
    written = "".join(spreadsheets.lines(["name", "what"], rows))
    assert written.encode().startswith(b"\xef\xbb\xbfname,what\r\n")
    return list(csv.reader(io.StringIO(written[1:], newline="")))[1:]


@pytest.mark.parametrize(
    "typed",
    [
        "=HYPERLINK(1)",
        "+1 502 555 0100",
        "-2+3",
        "@SUM(A1)",
        "＝1+1",
        "＋1",
        "－1+1",
        "＠SUM(1)",
        "-1",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u200b=1",
        "\ufeff=1",
    ],
)
def test_what_would_run_is_marked_as_words(typed):
    assert opened([["Café con José Peña", typed]]) == [["Café con José Peña", f"'{typed}"]]


@pytest.mark.parametrize("typed", ["Coffee = talk", "12", "a-b", "", "“=” is a sign", "O’Neil"])
def test_what_would_not_is_left(typed):
    assert opened([["x", typed]]) == [["x", typed]]


def test_lines_and_quotes_stay_in_their_cell():
    typed = 'first, "so said"\r\nsecond; third'
    assert opened([["x", typed], ["y", "z"]]) == [["x", typed], ["y", "z"]]


def test_numbers_stay_numbers_and_words_made_late_are_words():
    cells = [
        -3,
        -2.5,
        Decimal("-1.10"),
        True,
        None,
        date(2026, 12, 1),
        datetime(2026, 12, 1, 18, 30, tzinfo=UTC),
        _("Ranks"),
    ]
    assert opened([cells]) == [
        ["-3", "-2.5", "-1.10", "true", "", "2026-12-01", "2026-12-01T18:30:00+00:00", "Ranks"]
    ]
