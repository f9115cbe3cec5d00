"""Where records begin and end, against Python's own strict reader; and files that mean harm or are in a bad way."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.incidents.reading import reasons, records, sources
from alongside.incidents.reading.mapping import Mapping
from alongside.incidents.reading.refusals import CannotImport, EmptyFile, MappingIsWrong, NotATable, TooLarge
from alongside.incidents.tests.reading_help import HEADING, aside, balanced, read, read_files, row, rows_of
from alongside.outside.tests.zips import PACKED_AS, damaged


class Bytes:
    """A stream of bytes that are at hand."""

    def __init__(self, content: bytes) -> None:
        self._file = io.BytesIO(content)

    def read(self, size: int) -> bytes:
        return self._file.read(size)

    def progress(self) -> int:
        return self._file.tell()


def blocks_of(content: bytes, columns: int, *, block_bytes: int) -> list[records.Block]:
    text = sources.Text(Bytes(content))  # type: ignore[arg-type]  # only read() and progress() are asked of it
    return list(records.blocks(text, records.Shape(",", columns), block_bytes=block_bytes))


fields = st.text(alphabet='ab ,"\n\r;é', max_size=6)
tables = st.lists(st.tuples(fields, fields, fields), min_size=1, max_size=12)


@given(tables, st.integers(1, 40), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=60, deadline=None)
def test_every_well_formed_table_is_cut_into_its_records_whatever_the_block(
    table: list[tuple[str, str, str]], block_bytes: int, end: str
) -> None:
    file = io.StringIO()
    csv.writer(file, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(table)
    blocks = blocks_of(file.getvalue().encode(), 3, block_bytes=block_bytes)
    assert [line for block in blocks for line in block.broken] == []
    rows = [
        tuple(row) for block in blocks for row in csv.reader(io.StringIO(block.data.decode(), newline=""))
    ]
    flat = [
        tuple(value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", " ") for value in each)
        for each in table
    ]
    assert [each for each in rows if any(map(str.strip, each))] == [
        each for each in flat if any(map(str.strip, each))
    ]
    assert sum(block.records for block in blocks) == len(rows)


@given(tables, st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_a_row_of_nothing_on_one_line_is_no_row(table: list[tuple[str, str, str]], block_bytes: int) -> None:
    """Spreadsheets write hundreds of them below the last row."""
    lines = [",,", '"","",""', " ,\t, ", ";", *(f"{number},x,y" for number in range(len(table))), ",,", ""]
    blocks = blocks_of("\n".join(lines).encode(), 3, block_bytes=block_bytes)
    assert sum(block.records for block in blocks) == len(table) + 1, "a semicolon is something"
    assert [line for block in blocks for line in block.lines()] == [4, *range(5, 5 + len(table))]
    assert not [line for block in blocks for line in block.broken]


ABOVE = {
    "nothing": b"",
    "what divides the cells": b"sep=,\n",
    "a title, a day and a gap": b"Incident Export\nPrepared 03/02/2026\n\n",
    "a title on two lines": b'"Incidents\nof a year"\n\n',
    "rows of commas": b",,,,\n,,,,\nTitle,,,,\n",
    "nineteen gaps": b"\n" * 19,
}


@pytest.mark.parametrize("above", ABOVE)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_what_stands_above_the_heading_is_no_row_and_lines_are_counted_from_the_top(
    tmp_path: Path, above: str, ends: str
) -> None:
    lines = HEADING + row("R-1") + row("R-2", when="one day") + row("R-3")
    content = (ABOVE[above].decode() + lines).replace("\n", ends)
    outcome = read(tmp_path, content)
    assert (outcome.report["read"], outcome.report["kept"]) == (3, 2)
    assert aside(outcome) == [(ABOVE[above].count(b"\n") + 3, reasons.DATE)]


def test_without_a_heading_nothing_stands_above_it(tmp_path: Path) -> None:
    """What looks like a title may be a row with most cells empty: it is set aside, and said."""
    given = Mapping(
        {"occurred": "when", "latitude": "lat", "longitude": "lon"},
        names=("number", "when", "what", "lat", "lon"),
    )
    outcome = read(tmp_path, "R-0,,,,\n" + row("R-1") + row("R-2"), given=given)
    assert (outcome.report["read"], outcome.report["kept"]) == (3, 2)
    assert aside(outcome) == [(1, reasons.DATE)]


@pytest.mark.parametrize(
    "more", ["Status,Status", "status,STATUS", "Status,Status (7)", "2026,2027", "line_number, line", 'a"",ß']
)
def test_columns_may_be_called_alike_and_by_numbers(tmp_path: Path, more: str) -> None:
    lines = [f'{HEADING.strip()},{more},Status,"x"']
    lines += [f"{row(f'R-{number}').strip()},open,1,shut,y" for number in range(3)]
    outcome = read(tmp_path, "\n\n".join(lines) + "\n", given=None)
    assert (outcome.report["read"], outcome.report["kept"]) == (3, 3)


@given(
    st.lists(
        st.sampled_from(["1,a,b", '2,"x, y",b', '3,"oops,b', '4,a"b,c', "", '5,"two\nlines",c']), max_size=14
    )
)
@settings(max_examples=60, deadline=None)
def test_a_broken_line_costs_itself_and_nothing_after_it(lines: list[str]) -> None:
    blocks = blocks_of("".join(f"{line}\n" for line in lines).encode(), 3, block_bytes=25)
    kept = [row[0] for block in blocks for row in csv.reader(io.StringIO(block.data.decode()))]
    broken = [line for block in blocks for line in block.broken]
    assert kept == [line[0] for line in lines if line and not line.startswith("3")]
    starts = [1 + sum(each.count("\n") + 1 for each in lines[:at]) for at in range(len(lines))]
    assert broken == [start for start, line in zip(starts, lines, strict=True) if line.startswith("3")]
    numbers = [number for block in blocks for number in block.lines()]
    assert numbers == [start for start, line in zip(starts, lines, strict=True) if line and line[0] != "3"]


def test_one_unclosed_quote_sets_one_row_aside_and_swallows_none(tmp_path: Path) -> None:
    good = "".join(row(f"R-{at}") for at in range(500))
    more = "".join(row(f"S-{at}", kind='"THEFT, PETTY"') for at in range(500))
    outcome = read(tmp_path, HEADING + good + row("R-x", kind='"THEFT') + more)
    assert outcome.report["read"] == 1001
    assert aside(outcome) == [(502, reasons.UNREADABLE_ROW)]


WAYS = {
    "plain": lambda text: text.encode(),
    "mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "windows": lambda text: text.replace("\n", "\r\n").encode(),
    "old mac": lambda text: text.replace("\n", "\r").encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16 without mark": lambda text: text.encode("utf-16-le"),
    "latin": lambda text: text.encode("cp1252"),
    "semicolons": lambda text: text.replace(",", ";").encode(),
    "tabs": lambda text: text.replace(",", "\t").encode(),
    "pipes": lambda text: text.replace(",", "|").encode(),
    "no last line end": lambda text: text.rstrip("\n").encode(),
    "blank lines": lambda text: ("\n" + text.replace("\n", "\n\n")).encode(),
    "gzip": lambda text: gzip.compress(text.encode()),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_same_table_is_the_same_however_it_was_written(tmp_path: Path, way: str) -> None:
    text = HEADING + row("R-1", kind="CAFÉ BREAK-IN") + row("R-2", at="39.15,-84.45")
    outcome = read(tmp_path, WAYS[way](text))
    assert (outcome.report["read"], outcome.report["kept"]) == (2, 2)
    assert sorted(event["kind"] for event in rows_of(outcome)) == ["CAFÉ BREAK-IN", "THEFT"]


def test_a_decimal_comma_is_read_where_semicolons_part_the_columns(tmp_path: Path) -> None:
    text = "id;date;kind;lat;lon\n1;2026-03-04;THEFT;39,1;-84,5\n"
    assert read(tmp_path, text).report["kept"] == 1


def test_an_emoji_is_a_kind_like_any_other_and_a_nul_byte_spoils_its_row(tmp_path: Path) -> None:
    text = (HEADING + row("R-1", kind="NOISE 🎺") + row("R-2")).encode() + row("R-3").encode().replace(
        b"T", b"\0", 1
    )
    outcome = read(tmp_path, text)
    assert aside(outcome) == [(4, reasons.UNREADABLE_ROW)]
    assert {event["kind"] for event in rows_of(outcome)} == {"NOISE 🎺", "THEFT"}


def test_a_zip_of_several_tables_is_read_whole_and_each_row_known_by_its_file(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("january.csv", HEADING + row("R-1"))
        archive.writestr("february.csv", HEADING + row("R-2") + row("R-3", when="never"))
        archive.writestr("__MACOSX/february.csv", "no table")
        archive.writestr("readme.pdf", "no table")
    outcome = read_files([path], tmp_path / "work")
    assert (outcome.report["files"], outcome.report["read"]) == (2, 3)
    assert [each["file"] for each in rows_of(outcome, "set_aside")] == ["all.zip/february.csv"]


def test_parquet_with_real_types_is_read_like_its_csv(tmp_path: Path) -> None:
    path = tmp_path / "calls.parquet"
    duckdb.connect().execute(
        "COPY (SELECT 'R-' || i AS \"Incident Number\", TIMESTAMP '2026-03-04 18:30:00' AS \"Date Occurred\", "
        '\'THEFT\' AS "Crime Type", CASE WHEN i < 3 THEN 39.1 END AS "Latitude", -84.5 AS "Longitude" '
        f"FROM range(4) t(i)) TO '{path}' (FORMAT parquet)"
    )
    outcome = read_files([path], tmp_path / "work")
    assert (outcome.report["read"], outcome.report["kept"]) == (4, 3)
    assert aside(outcome) == [(4, reasons.NO_COORDINATES)]


def bomb(path: Path, *, packed_as: str) -> Path:
    size = 100 * 1024 * 1024
    content = HEADING.encode() + row().encode() * (size // len(row()))
    if packed_as == "gzip":
        path.write_bytes(gzip.compress(content, 9))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("calls.csv", content)
    return path


@pytest.mark.heavy
@pytest.mark.parametrize("packed_as", ["gzip", "zip"])
def test_a_bomb_is_refused_while_it_unpacks(tmp_path: Path, packed_as: str) -> None:
    with pytest.raises(TooLarge, match="200 times"):
        read_files([bomb(tmp_path / "bomb", packed_as=packed_as)], tmp_path / "work")


def test_a_small_bomb_is_refused_by_the_same_measure_and_a_good_zip_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "RATIO_MATTERS_FROM", 20_000)
    good, bad = tmp_path / "good.csv.gz", tmp_path / "bad.csv.gz"
    rows = "".join(row(f"R-{at}", at=f"39.{at:06d},-84.{at * 7 % 999999:06d}") for at in range(1500))
    good.write_bytes(gzip.compress((HEADING + rows).encode()))
    bad.write_bytes(gzip.compress((HEADING + row() * 20_000).encode()))
    assert read_files([good], tmp_path / "work").report["read"] == 1500
    with pytest.raises(TooLarge, match=r"bad\.csv\.gz unpacks to more than 200 times its size"):
        read_files([bad], tmp_path / "work2")


REFUSED = {
    "empty": (b"", EmptyFile, "is empty"),
    "only line ends": (b"\n\n\n", EmptyFile, "is empty"),
    "zeros": (bytes(5000), NotATable, "no text table"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, NotATable, "no text table"),
    "a broken zip": (b"PK\x03\x04" + b"x" * 50, NotATable, "damaged zip"),
    "a broken gzip": (gzip.compress(HEADING.encode() * 50)[:-30], NotATable, "damaged"),
    "a broken parquet": (b"PAR1" + b"x" * 50, NotATable, "damaged Parquet"),
    "no heading": (b"R-1,2026-03-04,THEFT,39.1,-84.5\n" * 3, MappingIsWrong, "does not name the columns"),
    "no date": (b"name,place\nx,y\n", MappingIsWrong, "tells when or how many"),
    "endless line": (HEADING.encode() + b"a" * (records.LONGEST_LINE + 10), TooLarge, "more than 4 MB"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_table_is_refused_in_one_line_that_says_what_to_do(tmp_path: Path, what: str) -> None:
    content, kind, words = REFUSED[what]
    with pytest.raises(kind, match=words) as refusal:
        read(tmp_path, content)
    assert "\n" not in str(refusal.value)
    assert "calls.csv" in str(refusal.value)


def test_a_file_that_is_not_there_a_folder_and_a_nested_zip_are_refused(tmp_path: Path) -> None:
    nested = tmp_path / "nested.zip"
    with zipfile.ZipFile(nested, "w") as archive:
        archive.writestr("inner.zip", b"PK")
    for path, words in [
        (tmp_path / "no.csv", "no file"),
        (tmp_path, "is a folder"),
        (nested, "packed once more"),
    ]:
        with pytest.raises(CannotImport, match=words):
            read_files([path], tmp_path / "work")


@pytest.mark.parametrize("packed_as", PACKED_AS)
def test_a_zip_with_any_byte_changed_is_read_or_refused(tmp_path: Path, packed_as: str) -> None:
    path, found = tmp_path / "calls.zip", Counter[str]()
    for content in damaged(packed_as):
        path.write_bytes(content)
        try:
            for source in sources.find([str(path)]):
                with source.open() as stream:
                    stream.read(2**20)
            found["read"] += 1
        except CannotImport:
            found["refused"] += 1
    assert min(found["read"], found["refused"]) > 100


def test_a_heading_without_rows_is_a_report_of_nothing(tmp_path: Path) -> None:
    outcome = read(tmp_path, HEADING)
    assert (outcome.report["read"], outcome.report["kept"], outcome.report["first"]) == (0, 0, None)
    assert balanced(outcome)
