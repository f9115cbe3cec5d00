"""Spreadsheets as files (.xlsx, .xls, .ods): the rows of their first sheet that holds any, as text says them.

A day is written as 2021-05-04, a number without the zeros behind it, a formula as what it came to. A cell that was
merged over several rows says the same of each; one merged over columns is a title, and stands where it begins.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
)

from alongside.core.errors import Refusal, phrase
from alongside.outside import tables
from alongside.outside.texts import OLD_SPREADSHEET, ZIP, Content

HEAD = 4000
# Names that stand in a packed spreadsheet, near its beginning or in the list at its end.
PARTS = (b"xl/", b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet")
MOST_ROWS, MOST_CELLS = 100_000, 5_000_000


def is_one(content: Content) -> bool:
    """Whether this is a spreadsheet, by what it holds: names lie."""
    head = _head(content)
    if head.startswith(OLD_SPREADSHEET):
        return True
    return head.startswith(ZIP) and any(part in head for part in PARTS)


def _head(content: Content) -> bytes:
    if isinstance(content, Path):
        with content.open("rb") as file:
            return file.read(HEAD)
    return content[:HEAD]


def rows_of(content: Content, *, most_bytes: int, refused: type[Refusal]) -> Iterator[tuple[int, list[str]]]:
    """Each row that holds anything, with its number in the sheet; the heading first. Raises `refused`."""
    size = content.stat().st_size if isinstance(content, Path) else len(content)
    if size > most_bytes:
        raise refused(
            phrase("the file is larger than %(largest)s MB: cut it down first.", largest=most_bytes // 2**20)
        )
    file = io.BytesIO(content.read_bytes() if isinstance(content, Path) else content)
    try:
        with CalamineWorkbook.from_filelike(file) as book:
            sheet = _first_filled(book, refused)
            return tables.of_cells(_texts(sheet))
    except PasswordError:
        raise refused(phrase("the spreadsheet is shut with a password: save it without one.")) from None
    except refused:
        raise
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # whatever a broken file makes the library trip over; its panics are no Exception
        raise refused(
            phrase("the spreadsheet cannot be opened: save it again, or save the sheet as CSV (UTF-8).")
        ) from None


def _first_filled(book: CalamineWorkbook, refused: type[Refusal]) -> CalamineSheet:
    """The first sheet that people see and that holds anything."""
    for known in book.sheets_metadata:
        if known.visible != SheetVisibleEnum.Visible:
            continue
        try:
            sheet = book.get_sheet_by_name(known.name)
        except CalamineError:  # a sheet of charts has no cells
            continue
        if sheet.total_height > MOST_ROWS or sheet.total_height * sheet.total_width > MOST_CELLS:
            raise refused(
                phrase("the table has more than %(most)s rows: cut it down first.", most=f"{MOST_ROWS:,}")
            )
        if sheet.height:
            return sheet
    raise refused(phrase("the file is empty."))


def _texts(sheet: CalamineSheet) -> list[tuple[int, list[str]]]:
    rows = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or []:
        for each in rows[top + 1 : bottom + 1]:
            if left < len(each):
                each[left] = rows[top][left]
    return [(number, [_text(cell) for cell in cells]) for number, cells in enumerate(rows, 1)]


def _text(cell: Any) -> str:
    """What a cell shows, as a table in text would say it."""
    match cell:
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time(0):
            return cell.date().isoformat()
        case datetime() | date():
            return cell.isoformat()
        case time():
            return f"{cell:%H:%M}"
        case timedelta():
            return str(cell)
        case _:
            return str(cell).replace("\x00", " ").strip()
