"""A file for Excel: accents are right when it opens, nothing in it runs, and what stood in a cell stays in it."""

import csv
import io
import re
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
        "\u00ad=1",
        "\u202e=1",
        "\u2066=1",
        "\u2800=1",
        "\x00=1",
        "\u3000﹦1",
        "\ufe62=1",
    ],
)
def test_what_would_run_is_marked_as_words(typed):
    ((name, cell),) = opened([["Café con José Peña", typed]])
    assert name == "Café con José Peña"
    assert cell.startswith("'")
    assert cell.replace("'", "") == typed


@pytest.mark.parametrize("typed", ["Lamps;=1+1", "Lamps; +1", "Lamps\n@SUM(1)", "Lamps\t=1", "Lamps\r\n=1"])
def test_nothing_runs_where_a_spreadsheet_divides_at_something_else(typed):
    ((_name, cell),) = opened([["x", typed]])
    assert cell.replace("'", "") == typed
    for part in re.split("[;\t\r\n]", cell)[1:]:
        assert not part or part.lstrip().startswith("'"), part


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
