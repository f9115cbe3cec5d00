"""Tables of gatherings: CSV as spreadsheets write it, and lists in JSON as city portals do."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from alongside.core.errors import phrase
from alongside.gatherings.importing.rows import LARGEST_BYTES, MOST_ROWS, Aside, FileRow, Odd, UnreadableFile
from alongside.outside import texts, times
from alongside.places.sheets import Row, Sheet, guess, read_sheet, read_table

# For each thing we ask, the names of columns that usually hold it; the most likely first.
COLUMNS: dict[str, tuple[str, ...]] = {
    "title": ("subject", "summary", "event", "eventname", "eventtitle", "name", "titulo"),
    "start": (
        "startdatetime",
        "starts",
        "begins",
        "begin",
        "startdate",
        "dtstart",
        "eventdate",
        "date",
        "fecha",
    ),
    "start_time": ("starttime", "time", "begintime", "eventtime", "hora"),
    "end": ("enddatetime", "ends", "enddate", "dtend"),
    "end_time": ("endtime", "until"),
    "place": ("location", "venue", "where", "address", "lugar"),
    "details": ("description", "eventdetails", "notes", "body", "descripcion"),
    "language": ("lang", "idioma"),
    "kind": ("type", "category", "categories", "eventtype"),
    "uid": ("id", "eventid", "icaluid", "guid"),
    "version": ("modifieddate", "lastmodified", "modified", "updated", "updatedat"),
    "status": ("eventstatus", "state"),
    "came": (
        "attendance",
        "attended",
        "howmanycame",
        "residentscame",
        "residents",
        "people",
        "asistencia",
        "asistentes",
    ),
    "area": ("neighborhood", "neighbourhood", "district", "beat", "barrio", "vecindario"),
    "private": ("visibility", "sensitivity", "class", "classification"),
}
PRIVATE = {"private", "confidential", "personal", "true", "yes", "1", "x"}
NOTHING = {"", "null", "none", "nan"}
HELD = {
    "held",
    "done",
    "completed",
    "complete",
    "tookplace",
    "past",
    "yes",
    "realizado",
    "realizada",
    "hecho",
}
MOST_CAME = 100_000


def from_table(content: texts.Content) -> list[FileRow]:
    """Rows of a spreadsheet. Raises UnreadableFile, or UnreadableSheet."""
    return _rows(read_table(content))


def from_csv(content: texts.Content) -> list[FileRow]:
    """Rows of a CSV file. Raises UnreadableFile, or UnreadableSheet."""
    return _rows(read_sheet(content))


def from_json(content: texts.Content) -> list[FileRow]:
    """Rows of a list of objects, or of the first such list inside an object. Raises UnreadableFile."""
    text = texts.text_of(content, most_bytes=LARGEST_BYTES, refused=UnreadableFile)
    try:
        held = texts.json_of(text)
    except (ValueError, RecursionError) as error:
        where = getattr(error, "lineno", 0)
        raise UnreadableFile(
            phrase("this is no JSON that can be read (line %(line)s).", line=where)
            if where
            else phrase("this is no JSON that can be read.")
        ) from None
    if isinstance(held, dict):
        held = next((each for each in held.values() if _is_list(each)), None)
    if not _is_list(held):
        raise UnreadableFile(phrase("a list of objects is wanted, one for each gathering."))
    columns = dict.fromkeys(str(name) for each in held[:200] for name in each)
    rows = [
        Row(number, {str(name): _cell(cell) for name, cell in each.items()})
        for number, each in enumerate(held, 1)
    ]
    return _rows(Sheet(list(columns), rows))


def _is_list(held: Any) -> bool:
    return isinstance(held, list) and bool(held) and all(isinstance(each, dict) for each in held)


def _cell(held: Any) -> str:
    return "" if held is None or isinstance(held, (dict, list)) else str(held).strip()


def _rows(sheet: Sheet) -> list[FileRow]:
    if len(sheet.rows) > MOST_ROWS:
        raise UnreadableFile(
            phrase("the table has more than %(most)s rows: cut it down first.", most=f"{MOST_ROWS:,}")
        )
    chosen = guess(sheet.columns, COLUMNS)
    missing = [name for name in ("title", "start") if name not in chosen]
    if missing:
        raise UnreadableFile(
            phrase(
                "no column for %(missing)s: the table has %(columns)s. Name them title, start, end, "
                "place and details.",
                missing=" and ".join(missing),
                columns=", ".join(sheet.columns[:20]),
            )
        )
    dated = [column for name, column in chosen.items() if name in {"start", "end"}]
    day_first = times.is_day_first(row.cells.get(column, "") for row in sheet.rows for column in dated)
    return [_said(row, chosen, day_first=day_first) for row in sheet.rows]


def _said(row: Row, chosen: dict[str, str], *, day_first: bool) -> FileRow:
    cells = {name: row.cells.get(column, "") for name, column in chosen.items()}
    cells = {name: "" if cell.casefold() in NOTHING else cell for name, cell in cells.items()}
    if cells.get("private", "").casefold() in PRIVATE:
        return FileRow(line=row.line, title="", begins=None, trouble=Aside.PRIVATE)
    begins, status = (
        _moment(cells["start"], cells.get("start_time", ""), day_first=day_first),
        cells.get("status", "").casefold(),
    )
    return FileRow(
        line=row.line,
        title=cells["title"],
        begins=begins,
        ends=_end(cells, begins, day_first=day_first),
        details=cells.get("details", ""),
        place=cells.get("place", ""),
        kind=cells.get("kind", ""),
        language=cells.get("language", ""),
        uid=cells.get("uid", ""),
        version=_version(cells.get("version", "")),
        is_cancelled=status.startswith("cancel"),
        is_held=re.sub(r"\W+", "", status) in HELD,
        came=_came(cells.get("came", "")),
        area=cells.get("area", ""),
        notes=frozenset({Odd.TENTATIVE} if status == "tentative" else ()),
        trouble=Aside.NO_DATE if begins is None else "",
    )


def _came(said: str) -> int | None:
    """How many came, where it is a number and no guess (“about 20”, “20–30”)."""
    number = said.replace(",", "").removesuffix(".0")
    return int(number) if re.fullmatch(r"[0-9]{1,6}", number) and int(number) <= MOST_CAME else None


def _moment(day: str, hour: str, *, day_first: bool) -> datetime | date | None:
    """A day and its hour, from one cell or two."""
    moment = times.moment(day, day_first=day_first)
    if moment is None or not hour:
        return moment
    clock = times.clock(hour)
    whole = moment.date() if isinstance(moment, datetime) else moment
    return datetime.combine(whole, clock) if clock else moment


def _end(cells: dict[str, str], begins: datetime | date | None, *, day_first: bool) -> datetime | date | None:
    """The end, also where only its hour is said: then it is on the same day, or after midnight."""
    if cells.get("end"):
        return _moment(cells["end"], cells.get("end_time", ""), day_first=day_first)
    hour = times.clock(cells.get("end_time", ""))
    if hour is None or not isinstance(begins, datetime):
        return None
    end = datetime.combine(begins.date(), hour, tzinfo=begins.tzinfo)
    return end if end >= begins else end + timedelta(days=1)


def _version(text: str) -> str:
    moment = times.moment(text) if text else None
    return moment.isoformat() if moment is not None else ""
