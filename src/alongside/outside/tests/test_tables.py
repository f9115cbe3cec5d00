"""Tables in text: their heading, their rows, and a quote that takes more than it should."""

from __future__ import annotations

import pytest

from alongside.core.errors import Refusal
from alongside.outside import tables


class NoTable(Refusal):
    """For this test."""


def rows(text: str) -> list[tuple[int, list[str]]]:
    return list(tables.rows_of(text, refused=NoTable))


def test_a_heading_that_comes_again_is_no_row():
    """As where two exports were joined into one."""
    assert rows("name,kind\nHall,hall\nname , kind\nRiver,cafe\n") == [
        (1, ["name", "kind"]),
        (2, ["Hall", "hall"]),
        (4, ["River", "cafe"]),
    ]


@pytest.mark.parametrize(
    ("names", "apart"),
    [
        (["name", "email", "email"], ["name", "email", "email (3)"]),
        (["Name", "name", "NAME"], ["Name", "name (2)", "NAME (3)"]),
        (["a", "a", "a (2)", "a (2)"], ["a", "a (2)", "a (2) (3)", "a (2) (4)"]),
        (["a (3)", "a", "a"], ["a (3)", "a", "a (3)*"]),
        (["", "a", "b", "a"], ["", "a", "b", "a (4)"]),
    ],
)
def test_columns_that_are_called_alike_stand_apart(names, apart):
    """The first keeps its name, so that the second cannot write over what it holds."""
    assert tables.apart(names) == apart
    assert rows(",".join(names) + "\n1,2,3,4\n")[0][1] == apart


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('name,kind\n"Hall,hall\nRiver,cafe\n', 2),
        ('name,kind\nHall,"hall\nRiver,cafe\n', 2),
        ('name,kind\nMill,hall\n\n"Hall,hall\n"River",cafe\nTower,shop\n', 4),
        ('"name,kind\nHall,hall\n', 1),
        ('A title\n\nname,kind\n"Hall,hall\nRiver,cafe\n', 4),
    ],
)
def test_a_quote_that_is_not_closed_takes_no_rows_with_it(text, line):
    with pytest.raises(NoTable, match=f"near line {line}: a quote is not closed"):
        rows(text)


@pytest.mark.parametrize("cell", ['"Hall\n2"', '"a ""quoted"" hall\n"', 'Hall 6"', '"Hall"', '""', '"\n"""'])
def test_a_quote_that_is_closed_and_one_within_a_line_are_well(cell):
    said = rows(f"name,kind\nMill,hall\n{cell},cafe\nTower,shop\n")
    assert [cells[-1] for _line, cells in said] == ["kind", "hall", "cafe", "shop"]
