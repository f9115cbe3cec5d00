"""What leaves for a spreadsheet: CSV, line by line, in which no cell that somebody typed runs as a formula.

UTF-8 that begins with its mark (a BOM), without which Excel reads “José” as “JosÃ©” when a file is opened by
a click; commas, one head; no value is written where there is none. Whoever takes public data into a program and cannot
bear the mark finds the same columns in JSON.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date
from numbers import Number
from typing import Any

from django.http import StreamingHttpResponse

from alongside.core.text import BLANK

MARK = "\ufeff"
# Blanks of every kind, and signs that nobody sees: a formula may stand behind them.
UNSEEN = (
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    rf"{''.join(sorted(BLANK))}]*"
)
# What a spreadsheet takes for the beginning of a formula, typed narrow, small or full-width: where a cell begins, and
# where one would begin for a spreadsheet that divides at semicolons or tabs, as many of Europe's do.
FORMULA = re.compile(rf"(^|[;\t\r\n])(?={UNSEEN}[=+\-@＝＋－＠﹦﹢﹣﹫])|^(?=[\t\r\n])")


def plain(cell: str) -> str:
    """The same words, marked as text where a spreadsheet would take them for a formula."""
    return FORMULA.sub(r"\1'", cell)


def lines(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The lines of a file. Numbers stay numbers; words are made plain."""
    writer = csv.writer(_Echo())
    yield MARK + writer.writerow([_cell(name) for name in head])
    for row in rows:
        yield writer.writerow([_cell(value) for value in row])


def download(name: str, head: Iterable[str], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """A file for staff, sent as it is written. What everybody may take goes by `publicdata`."""
    response = StreamingHttpResponse(lines(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cell(value: Any) -> Any:
    match value:
        case bool():
            return "true" if value else "false"
        case None | Number():
            return value
        case date():
            return value.isoformat()
        case _:  # words, also those that are made when they are read
            return plain(str(value))


class _Echo:
    """What a CSV writer writes to when each line goes straight out."""

    def write(self, line: str) -> str:
        return line
