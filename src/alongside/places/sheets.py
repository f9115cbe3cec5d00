"""Tables that people bring: CSV as spreadsheets and city portals write it, read the same way for every list."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from alongside.core.errors import Refusal

LARGEST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 100_000
DELIMITERS = ",;\t|"


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


def read_sheet(content: bytes) -> Sheet:
    """A table from the bytes of a CSV file. Raises UnreadableSheet, which says what to do."""
    text = _text(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        columns = [cell.strip() for cell in next(reader)]
        rows, line = [], reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append(
                    Row(line, {name: cell.strip() for name, cell in zip(columns, cells, strict=False)})
                )
            line = reader.line_num + 1
            if len(rows) > MOST_ROWS:
                raise UnreadableSheet(
                    _("the table has more than %(most)s rows: cut it down first.")
                    % {"most": f"{MOST_ROWS:,}"}
                )
    except csv.Error as error:
        raise UnreadableSheet(
            _("the table cannot be read near line %(line)s: %(error)s.")
            % {"line": reader.line_num, "error": error}
        ) from None
    if len([name for name in columns if name]) < 2:
        raise UnreadableSheet(_("the first line should name the columns, such as name,kind,address,lat,lon."))
    if not rows:
        raise UnreadableSheet(_("the table has a header and no rows."))
    return Sheet([name for name in dict.fromkeys(columns) if name], rows)


def _text(content: bytes) -> str:
    if len(content) > LARGEST_BYTES:
        raise UnreadableSheet(
            _("the table is larger than %(largest)s MB: cut it down first.")
            % {"largest": LARGEST_BYTES // 2**20}
        )
    if not content.strip(b"\xef\xbb\xbf \r\n\t"):
        raise UnreadableSheet(_("the file is empty."))
    if content[:4] in {b"PK\x03\x04", b"\xd0\xcf\x11\xe0"}:
        raise UnreadableSheet(_("the file is a spreadsheet or a zip file: save the sheet as CSV (UTF-8)."))
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16", errors="replace").lstrip("\ufeff")
    if b"\x00" in content:
        raise UnreadableSheet(_("the file holds NUL bytes: save the sheet as CSV (UTF-8)."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """The one that the header uses most."""
    header = text.lstrip("\r\n").split("\n", 1)[0]
    return max(DELIMITERS, key=header.count)


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
