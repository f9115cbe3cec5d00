"""What leaves for a spreadsheet: CSV, line by line, in which no cell that somebody typed runs as a formula.

UTF-8 without a mark at its beginning, commas, one head; no value is written where there is none.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse


def plain(cell: str) -> str:
    """The same words, marked as text where a spreadsheet would take them for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"} else cell


def lines(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The lines of a file. Numbers stay numbers; words are made plain."""
    writer = csv.writer(_Echo())
    yield writer.writerow(head)
    for row in rows:
        yield writer.writerow([_cell(value) for value in row])


def download(name: str, head: Iterable[str], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """A file for staff, sent as it is written. What everybody may take goes by `publicdata`."""
    response = StreamingHttpResponse(lines(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value) if isinstance(value, str) else value


class _Echo:
    """What a CSV writer writes to when each line goes straight out."""

    def write(self, line: str) -> str:
        return line
