"""Tables that people bring: CSV as spreadsheets and city portals write it, read the same way for every list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from alongside.core.errors import Refusal
from alongside.outside import tables, texts, workbooks
from alongside.outside.readers import Reader

LARGEST_BYTES = 50 * 1024 * 1024
LARGEST_WORKBOOK_BYTES = 20 * 1024 * 1024
MOST_ROWS = 100_000
WEB_PAGE = re.compile(r"\s*<(?:!doc|html|\?xml|table|meta|head|script)", re.I)


class UnreadableSheet(Refusal):
    """A table cannot be read."""


@dataclass(frozen=True)
class Row:
    """One row: the line it began on, and its cells by column, without the blanks around them."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """A table with a header."""

    columns: list[str]
    rows: list[Row]


@dataclass(frozen=True)
class Trouble:
    """Why one row cannot be used. It says nothing of what the row holds."""

    line: int
    reason: str


def read_sheet(content: texts.Content) -> Sheet:
    """A table from a CSV file. Raises UnreadableSheet, which says what to do."""
    text = texts.text_of(content, most_bytes=LARGEST_BYTES, refused=UnreadableSheet)
    return _sheet_of(tables.rows_of(text, refused=UnreadableSheet))


def read_table(content: texts.Content) -> Sheet:
    """The same, and a spreadsheet as it is saved: known by what it holds. Raises UnreadableSheet."""
    if workbooks.is_one(content):
        return _sheet_of(
            workbooks.rows_of(content, most_bytes=LARGEST_WORKBOOK_BYTES, refused=UnreadableSheet)
        )
    text = texts.text_of(content, most_bytes=LARGEST_BYTES, refused=UnreadableSheet)
    if WEB_PAGE.match(text[:200]):
        raise UnreadableSheet(
            _("this is a web page that is named like a table: open it in a spreadsheet, and save it as one.")
        )
    return _sheet_of(tables.rows_of(text, refused=UnreadableSheet))


def _sheet_of(said: Iterator[tuple[int, list[str]]]) -> Sheet:
    _line, columns = next(said, (1, []))
    if len([name for name in columns if name]) < 2:
        raise UnreadableSheet(_("the first line should name the columns, such as name,kind,address,lat,lon."))
    rows: list[Row] = []
    for line, cells in said:
        if len(rows) == MOST_ROWS:
            raise UnreadableSheet(
                _("the table has more than %(most)s rows: cut it down first.") % {"most": f"{MOST_ROWS:,}"}
            )
        rows.append(Row(line, dict(zip(columns, cells, strict=False))))
    if not rows:
        raise UnreadableSheet(_("the table has a header and no rows."))
    return Sheet([name for name in dict.fromkeys(columns) if name], rows)


TABLE = Reader(read_table, seconds=20, megabytes=1000, refused=UnreadableSheet)
SHEET = Reader(read_sheet, seconds=10, megabytes=1000, refused=UnreadableSheet)


def guess(columns: Iterable[str], words: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """For each field the column that most likely holds it, by the words its name is known under.

    The first word counts most; each column is used once.
    """
    chosen: dict[str, str] = {}
    plain = {_plain(column): column for column in reversed(list(columns))}
    for name, known in words.items():
        for word in (_plain(name), *known):
            column = plain.get(word)
            if column is not None and column not in chosen.values():
                chosen[name] = column
                break
    return chosen


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())
