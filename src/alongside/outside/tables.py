"""Tables in text (CSV): what divides their cells, where their heading stands, and their rows, in one place.

Spreadsheets and portals differ: a semicolon where the comma is decimal, `sep=;` on the first line, a title and the day
of export above the heading, rows of nothing but commas below the last one.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from alongside.core.errors import Refusal, phrase

DELIMITERS = [",", ";", "\t", "|"]
SAMPLE_LETTERS, SAMPLE_ROWS = 200_000, 200
MOST_ABOVE = 20
"""So many lines may stand above the heading: titles, a day, a note."""
MOST_COLUMNS = 2_000
LONGEST_NAME = 200


@dataclass(frozen=True)
class Dialect:
    """What divides the cells, and how many lines stand above the heading."""

    delimiter: str
    above: int = 0


def dialect_of(text: str) -> Dialect:
    """How a table is written: the delimiter that cuts it into the most equal rows, and where its heading is."""
    sample = text[:SAMPLE_LETTERS]
    first = re.split(r"[\r\n]", sample, maxsplit=1)[0].strip().strip('"')
    if first[:4].lower() == "sep=" and len(first) == 5:
        return Dialect(first[4], 1)
    best, best_score = Dialect(","), (0.0, 1)
    for delimiter in DELIMITERS:
        rows = [(number, cells) for number, cells in _sample(sample, delimiter) if any(cells)]
        widths = Counter(len(cells) for _number, cells in rows)
        wide = max(widths, key=lambda width: (widths[width], width), default=0)
        score = (widths[wide] / max(len(rows), 1), wide)
        if wide > 1 and score > best_score:
            best, best_score = Dialect(delimiter, _above(rows, wide)), score
    return best


def _sample(sample: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The first rows, each with the number of lines above it."""
    reader, above = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter), 0
    try:
        for cells in itertools.islice(reader, SAMPLE_ROWS):
            yield above, [cell.strip() for cell in cells]
            above = reader.line_num
    except csv.Error:
        return


def _above(rows: list[tuple[int, list[str]]], wide: int) -> int:
    """The lines above the heading: the first row of which more than half is filled, if it comes soon."""
    for above, cells in rows[:MOST_ABOVE]:
        if sum(map(bool, cells)) * 2 > wide:
            return above
    return 0


def of_cells(rows: list[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """The same of rows that are cut into cells already, as those of a spreadsheet are: the heading first, and once."""
    filled = [(number, cells) for number, cells in rows if any(cells)]
    widths = Counter(_reach(cells) for _number, cells in filled[:SAMPLE_ROWS])
    wide = max(widths, key=lambda width: (widths[width], width), default=0)
    begins = _above(filled, wide)
    heading: list[str] = []
    for number, cells in filled:
        if number >= begins and cells != heading:
            yield number, cells if heading else apart(map(_name, cells))
            heading = heading or cells


def _reach(cells: list[str]) -> int:
    """How far a row reaches, to its last cell that says something."""
    return max((at for at, cell in enumerate(cells, 1) if cell), default=0)


def _name(cell: str) -> str:
    """The name of a column as it is said in a sentence: on one line, and no longer than one."""
    return " ".join(cell.split())[:LONGEST_NAME]


def apart(names: Iterable[str]) -> list[str]:
    """The names of columns, each once: one that came before gets its place as well. What is empty stays so.

    Small and capital letters are one, as they are in SQL.
    """
    made: list[str] = []
    seen = {""}
    for at, name in enumerate(names, start=1):
        other = name
        while name and other.casefold() in seen:
            other = f"{name} ({at})" if other == name else f"{other}*"
        seen.add(other.casefold())
        made.append(other)
    return made


class _Lines:
    """The lines of a text, and how many quotes those of one record hold."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.quotes = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.quotes += line.count('"')
            yield line

    def is_torn(self) -> bool:
        """Whether the record that was read has a quote that opens and does not close. The next one begins."""
        odd, self.quotes = self.quotes % 2 == 1, 0
        return odd


def rows_of(text: str, *, refused: type[Refusal]) -> Iterator[tuple[int, list[str]]]:
    """Each row that holds anything, with the line it begins on; the heading first, and once. Raises `refused`."""
    form = dialect_of(text)
    lines = _Lines(itertools.islice(io.StringIO(text, newline=""), form.above, None))
    reader = csv.reader(lines, delimiter=form.delimiter)
    begins = form.above + 1
    heading: list[str] = []
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS:
                raise refused(
                    phrase("a line has more than %(most)s cells: this is no table.", most=f"{MOST_COLUMNS:,}")
                )
            ends = form.above + reader.line_num
            if lines.is_torn() and ends > begins:  # it has taken the rows below for its own
                raise refused(
                    phrase("the table cannot be read near line %(line)s: a quote is not closed.", line=begins)
                )
            said = [cell.strip() for cell in cells]
            if any(said) and said != heading:
                yield begins, said if heading else apart(map(_name, cells))
                heading = heading or said
            begins = ends + 1
    except csv.Error as error:
        raise refused(
            phrase(
                "the table cannot be read near line %(line)s: %(error)s.",
                line=form.above + reader.line_num,
                error=error,
            )
        ) from None
