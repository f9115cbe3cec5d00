"""A file of gatherings: which format it is, and its rows as they stand there. Nobody judges them yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from alongside.core.errors import phrase
from alongside.gatherings.importing import calendar_file, tables
from alongside.gatherings.importing.rows import LARGEST_BYTES, FileRow, UnreadableFile
from alongside.outside import texts, workbooks
from alongside.outside.readers import Reader


@dataclass(frozen=True)
class FileRows:
    """The rows of a file, and the format they were in."""

    rows: list[FileRow]
    format: str


def rows_of(content: texts.Content, *, today: date) -> FileRows:
    """The rows of a calendar, a table or a list: known by what it holds, since names lie. Raises UnreadableFile."""
    if workbooks.is_one(content):
        return FileRows(tables.from_table(content), "spreadsheet")
    content = texts.bytes_of(content, most_bytes=LARGEST_BYTES, refused=UnreadableFile)
    start = texts.decoded(content[:2048]).lstrip()
    if start[:15].upper() == "BEGIN:VCALENDAR":
        return FileRows(calendar_file.rows(content, today=today), "ics")
    if start[:1] in {"[", "{"}:
        return FileRows(tables.from_json(content), "json")
    if start[:5].lower() in {"<!doc", "<html", "<?xml"}:
        raise UnreadableFile(
            phrase("this is a web page, not a calendar: look for “export” or “.ics” in your calendar.")
        )
    return FileRows(tables.from_csv(content), "csv")


GATHERINGS = Reader(rows_of, seconds=8, megabytes=500, refused=UnreadableFile)
