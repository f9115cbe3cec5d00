"""Staging: from the records of a file to typed rows, a block at a time.

Each row gets its line, the keyed hash of its id, its time, kind, place as written, and the first fault that can be
seen in the row alone. The count of rows is checked against the count of records; where they differ, the block is read
once more by a slower reader that asks nothing of anybody.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import duckdb

from alongside.core.errors import phrase
from alongside.incidents.reading import addresses, dates, reasons, records, sources, wildcards
from alongside.incidents.reading.mapping import (
    NOTHING,
    Guess,
    Mapping,
    guess_mapping,
    has_heading,
    unique_headings,
)
from alongside.incidents.reading.refusals import CannotImport, EmptyFile, MappingIsWrong, NotATable, TooLarge
from alongside.incidents.reading.workbench import literal, name
from alongside.outside import texts

SAMPLE_BYTES = 1024 * 1024
MOST_COLUMNS = 1000
SAMPLE_ROWS = 2000
WORKERS = 2
LINE = " line"  # no heading begins with a space
# More interruptions than this in a block, and each line is given its number in writing.
MOST_RUNS = 40
PARQUET_ROWS = 500_000
# A date before this is a placeholder (1 January 1900, the first second of 1970), not a memory.
EARLIEST = datetime(1970, 1, 2)  # noqa: DTZ001 - incident times stay as recorded, on the wall clock
DEFAULT_PLACEHOLDERS = (
    "COMMUNITY*LARGE",
    "UNKNOWN",
    "UNKNOWN *",
    "NULL",
    "NONE",
    "N/A",
    "NO ADDRESS*",
    "NOT AVAILABLE",
    "CONFIDENTIAL",
    "REDACTED",
    "CITYWIDE",
    "CITY WIDE",
    "POLICE HEADQUARTERS*",
    "HEADQUARTERS",
    "POLICE HQ*",
)
# How a geocoder says that it found the town and not the house.
COARSE = (
    "place",
    "city",
    "town",
    "county",
    "state",
    "country",
    "postal",
    "postcode",
    "zip",
    "zipcode",
    "zip code",
)
TRUE = ("true", "t", "yes", "y", "1", "arrest", "arrested")
FALSE = ("false", "f", "no", "n", "0")

ISO_FORMATS = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f",
]

ROWS = """
CREATE TABLE rows (
    file SMALLINT, line BIGINT, id UBIGINT, fingerprint UBIGINT, t TIMESTAMP, kind VARCHAR, area VARCHAR,
    division VARCHAR, arrest BOOLEAN, n DOUBLE, latitude DOUBLE, longitude DOUBLE, x DOUBLE, y DOUBLE,
    disagrees BOOLEAN, form UTINYINT, address UBIGINT, fault UTINYINT
)
"""


@dataclass(frozen=True)
class Opened:
    """A table that was looked into: how it is written, what it begins with, and what its columns mean."""

    source: sources.Source
    heading: tuple[str, ...]
    mapping: Mapping
    guess: Guess | None
    shape: records.Shape
    encoding: str
    has_heading: bool
    sample: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Rules:
    """What the agency says about reading: placeholders, the key that ids are hashed with, its clocks' zone."""

    key: bytes
    now: datetime
    placeholders: tuple[str, ...] = DEFAULT_PLACEHOLDERS
    zone: str = "UTC"


def look_into_all(names: Sequence[str], given: Mapping | None = None, *, strict: bool = True) -> list[Opened]:
    """Each table in the files named, looked into. Raises CannotImport."""
    return [look_into(source, given, strict=strict) for source in sources.find(names)]


def look_into(source: sources.Source, given: Mapping | None = None, *, strict: bool = True) -> Opened:
    """Read the beginning of a table and settle what its columns mean: as given, or else as guessed.

    Not strict: a guess that will not do is answered all the same, for a person to mend.
    """
    if source.kind == "parquet":
        return _look_into_parquet(source, given, strict=strict)
    with source.open() as stream:
        text = sources.Text(stream)
        head = text.take(SAMPLE_BYTES)
        whole = len(head) < SAMPLE_BYTES
        stream.look_ahead()
    if head.count(b"\0") * 10 > len(head):
        raise NotATable(
            phrase(
                "%(file)s is no text table: it is full of zero bytes. Export it as CSV in UTF-8.",
                file=source.name,
            )
        )
    sample = _sample(head, whole=whole)
    _refuse_gibberish(sample, source.name)
    shape = records.shape_of(sample)
    rows = list(itertools.islice(records.rows_of(sample, shape), SAMPLE_ROWS))
    if not rows:
        _refuse_nothing(sample, source.name)
    named = has_heading(rows[0])
    if not named:  # then nothing stands above one: what looked so is a row, or set aside as none
        shape = replace(shape, above=0)
    heading, mapping, guess = _settle(source, rows, given, named=named, strict=strict)
    return Opened(
        source,
        heading,
        mapping,
        guess,
        shape,
        text.encoding,
        named,
        tuple(map(tuple, rows[named : named + 200])),
    )


def _settle(
    source: sources.Source, rows: Sequence[Sequence[str]], given: Mapping | None, *, named: bool, strict: bool
) -> tuple[tuple[str, ...], Mapping, Guess | None]:
    _refuse_many_columns(source, len(rows[0]))
    if given is None:
        try:
            guess = guess_mapping(rows)
        except MappingIsWrong as error:
            raise MappingIsWrong(phrase("%(file)s: %(error)s", file=source.name, error=error)) from error
        if strict:
            guess.mapping.check(guess.heading, source.name)
        return guess.heading, guess.mapping, guess
    heading = _heading(source, rows[0], given, named=named)
    given.check(heading, source.name)
    return heading, _with_date_order(given, heading, rows), None


def _refuse_many_columns(source: sources.Source, columns: int) -> None:
    if columns > MOST_COLUMNS:
        raise NotATable(
            phrase(
                "%(file)s has %(rows)s columns, which no table of incidents has: one row should be one "
                "incident.",
                file=source.name,
                rows=f"{columns:,}",
            )
        )


def _heading(source: sources.Source, first: Sequence[str], given: Mapping, *, named: bool) -> tuple[str, ...]:
    if named:
        return unique_headings(first)
    if given.names is None:
        return guess_mapping([first]).heading
    if len(given.names) != len(first):
        raise MappingIsWrong(
            phrase(
                "%(file)s has %(first)s columns and no heading, the mapping gives %(names)s names: give "
                "one for each column.",
                file=source.name,
                first=len(first),
                names=len(given.names),
            )
        )
    return given.names


def _with_date_order(given: Mapping, heading: Sequence[str], rows: Sequence[Sequence[str]]) -> Mapping:
    if given.date_order:
        return given
    places = [
        heading.index(given.columns[role]) for role in ("occurred", "reported") if role in given.columns
    ]
    order = dates.order_of(row[at] for row in rows for at in places if at < len(row))
    return Mapping(**{**given.__dict__, "date_order": order})


def _sample(head: bytes, *, whole: bool) -> str:
    if not whole:
        head = head[: max(head.rfind(b"\n"), head.rfind(b"\r")) + 1] or head
    text = texts.utf8(head.replace(b"\0", b"")).decode()
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refuse_nothing(sample: str, where: str) -> NoReturn:
    if sample.strip():
        raise NotATable(phrase("%(where)s is no text table: export it as CSV in UTF-8.", where=where))
    raise EmptyFile(phrase("%(file)s is empty: export it again.", file=where))


def _refuse_gibberish(sample: str, where: str) -> None:
    odd = sum(ord(letter) < 32 and letter not in "\t\n\r\f\v" for letter in sample[:20_000])
    if odd * 20 > len(sample[:20_000]):
        raise NotATable(phrase("%(where)s is no text table: export it as CSV in UTF-8.", where=where))


def _look_into_parquet(source: sources.Source, given: Mapping | None, *, strict: bool) -> Opened:
    con = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": "300MB",
            "temp_directory": "",
            "threads": "1",
        }
    )
    try:
        _refuse_a_parquet_bomb(con, source)
        sample = con.execute(f"SELECT * FROM read_parquet({literal(str(source.path))}) LIMIT {SAMPLE_ROWS}")
        heading = [column[0] for column in sample.description or []]
        rows = [["" if value is None else str(value) for value in row] for row in sample.fetchall()]
    except duckdb.OutOfMemoryException:
        raise MemoryError from None
    except duckdb.Error as error:
        raise NotATable(
            phrase("%(file)s is a damaged Parquet file: export it again.", file=source.name)
        ) from error
    finally:
        con.close()
    _, mapping, guess = _settle(source, [heading, *rows], given, named=True, strict=strict)
    shape = records.Shape(",", len(heading))
    return Opened(
        source, tuple(heading), mapping, guess, shape, "parquet", True, tuple(map(tuple, rows[:200]))
    )


def _refuse_a_parquet_bomb(con: duckdb.DuckDBPyConnection, source: sources.Source) -> None:
    """What its footer says of it, before any of it is unpacked. One that lies there is ended while it is read."""
    path = literal(str(source.path))
    rows = con.execute(f"SELECT num_rows FROM parquet_file_metadata({path})").fetchall()[0][0]
    if rows > sources.ROWS_MATTER_FROM and rows > sources.MOST_ROWS_A_BYTE * source.size:
        raise TooLarge(
            phrase(
                "%(file)s says that it holds %(rows)s rows in %(bytes)s bytes, which no table of incidents does: "
                "export it again.",
                file=source.name,
                rows=f"{rows:,}",
                bytes=f"{source.size:,}",
            )
        )
    columns = con.execute(f"SELECT count(*) FROM parquet_schema({path}) WHERE type IS NOT NULL").fetchall()
    _refuse_many_columns(source, columns[0][0])
    unpacked = con.execute(f"SELECT sum(total_uncompressed_size) FROM parquet_metadata({path})").fetchall()
    sources.refuse_a_bomb(source.name, source.size, int(unpacked[0][0] or 0))


@dataclass
class Staged:
    """What came out of one table: rows read, and the lines that hold no readable record."""

    read: int = 0
    broken: int = 0


class Stager:
    """Reads tables into `rows`, two blocks at a time, each with a cursor of its own."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        folder: Path,
        rules: Rules,
        *,
        progress: Callable[[int], None] = lambda done: None,
    ) -> None:
        self._con = con
        self._folder = folder
        self._rules = rules
        self._progress = progress
        self._blocks = 0
        self._likeliest: str | None = None
        con.execute(ROWS)
        for macro in _macros(rules.key):
            con.execute(macro)

    def read(self, opened: Opened, number: int) -> Staged:
        """All rows of one table, which the report knows as file `number`."""
        self._likeliest = likeliest_format(self._con, opened)
        if opened.source.kind == "parquet":
            return self._read_parquet(opened, number)
        staged = Staged()
        with opened.source.open() as stream, ThreadPoolExecutor(WORKERS) as pool:
            text = sources.Text(stream)
            waiting: set[Future[int]] = set()
            try:
                for block in records.blocks(text, opened.shape, skip=int(opened.has_heading)):
                    staged.read += block.read
                    waiting = self._make_room(waiting, staged)
                    self._blocks += 1
                    waiting.add(pool.submit(self._read_block, opened, number, block, self._blocks))
                    self._progress(text.progress())
                for done in wait(waiting, return_when=FIRST_EXCEPTION).done:
                    staged.broken += done.result()
            except CannotImport as error:
                raise type(error)(f"{opened.source.name}: {error}") from error
        return staged

    def _make_room(self, waiting: set[Future[int]], staged: Staged) -> set[Future[int]]:
        """Wait until a reader is free: more than a few blocks at once would be memory for nothing."""
        if len(waiting) <= WORKERS:
            return waiting
        done, waiting = wait(waiting, return_when="FIRST_COMPLETED")
        staged.broken += sum(each.result() for each in done)
        return waiting

    def _read_block(self, opened: Opened, number: int, block: records.Block, at: int) -> int:
        """Stage one block; answers how many of its lines were no readable record."""
        cursor = self._con.cursor()
        file = self._folder / f"block-{at}.csv"
        try:
            broken = self._stage(cursor, opened, number, block, file) if block.records else block.broken
            if broken:
                fault = reasons.CODE[reasons.UNREADABLE_ROW]
                cursor.execute(
                    "INSERT INTO rows (file, line, fault) SELECT ?, unnest(?::BIGINT[]), ?",
                    [number, broken, fault],
                )
            return len(broken)
        finally:
            file.unlink(missing_ok=True)
            cursor.close()

    def _stage(
        self, cursor: duckdb.DuckDBPyConnection, opened: Opened, number: int, block: records.Block, file: Path
    ) -> list[int]:
        """Insert the block's rows; answers the lines that no reader could read."""
        for _ in range(2):
            rejected = self._insert(cursor, opened, number, block, file)
            if rejected == set():
                return block.broken
            if rejected is None:
                break
            block = block.without(rejected)
            if not block.records:
                return block.broken
        good, bad = _slowly(block, opened.shape)
        if good.records and self._insert(cursor, opened, number, good, file) != set():
            lines = block.lines()
            raise CannotImport(
                phrase(
                    "lines %(first)s to %(last)s cannot be read reliably: look for stray quotes there.",
                    first=lines[0],
                    last=lines[-1],
                )
            )
        return bad

    def _insert(
        self, cursor: duckdb.DuckDBPyConnection, opened: Opened, number: int, block: records.Block, file: Path
    ) -> set[int] | None:
        """Insert a block if exactly as many rows come out as went in: the empty set says that it was done.

        Otherwise the places of the records that the fast reader rejects; None where it gives no account of itself.
        """
        numbered = len(block.runs) > MOST_RUNS
        file.write_bytes(records.with_line_numbers(block, opened.shape.delimiter) if numbered else block.data)
        line = f"{name(LINE)}::BIGINT" if numbered else _line_of(block)
        scan = f"(SELECT * FROM {_scan(opened, file, numbered=numbered)})"
        select = typed(opened, self._rules, number=number, line=line, scan=scan, likeliest=self._likeliest)
        cursor.execute("BEGIN")
        try:
            inserted = cursor.execute(f"INSERT INTO rows {select}").fetchall()[0][0]
            rejected = {
                line - 1 for (line,) in cursor.execute("SELECT DISTINCT line FROM rejects").fetchall()
            }
        except duckdb.Error:
            cursor.execute("ROLLBACK")
            return None
        whole = inserted == block.records and not rejected
        cursor.execute("COMMIT" if whole else "ROLLBACK")
        cursor.execute("DROP TABLE IF EXISTS rejects; DROP TABLE IF EXISTS rejects_scan")
        if whole:
            return set()
        return rejected if rejected and inserted + len(rejected) == block.records else None

    def _read_parquet(self, opened: Opened, number: int) -> Staged:
        path = literal(str(opened.source.path))
        columns = ", ".join(
            f"CAST({name(column)} AS VARCHAR) AS {name(column)}" for column in dict.fromkeys(opened.heading)
        )
        total = self._con.execute(f"SELECT count(*) FROM read_parquet({path})").fetchall()[0][0]
        for start in range(0, total, PARQUET_ROWS):
            scan = (
                f"(SELECT file_row_number + 1 AS {name(LINE)}, {columns} FROM read_parquet({path}, "
                f"file_row_number=true) WHERE file_row_number >= {start} "
                f"AND file_row_number < {start + PARQUET_ROWS})"
            )
            self._con.execute(
                "INSERT INTO rows "
                + typed(
                    opened,
                    self._rules,
                    number=number,
                    line=name(LINE),
                    scan=scan,
                    likeliest=self._likeliest,
                )
            )
            self._progress(opened.source.size * min(start + PARQUET_ROWS, total) // max(total, 1))
        return Staged(read=total)


def _slowly(block: records.Block, shape: records.Shape) -> tuple[records.Block, list[int]]:
    """The block as a strict, obvious reader reads it, a line at a time: the good records, and every broken line."""
    good = records.Block(b"", 0, [])
    parts: list[bytes] = []
    bad = list(block.broken)
    for number, line in zip(block.lines(), block.data.split(b"\n"), strict=False):
        try:
            rows = list(csv.reader([line.decode()], delimiter=shape.delimiter, strict=True))
        except csv.Error:
            rows = []
        if len(rows) == 1 and len(rows[0]) == shape.columns:
            good.take(parts, records.one_line(rows[0], shape.delimiter) + b"\n", 1, number)
        else:
            bad.append(number)
    good.data = b"".join(parts)
    return good, bad


def _line_of(block: records.Block) -> str:
    """SQL for the line in the file of the record that comes out next."""
    record = "row_number() OVER () - 1"
    cases = " ".join(f"WHEN {record} >= {first} THEN {line - first}" for first, line in reversed(block.runs))
    return f"{record} + CASE {cases} END" if len(block.runs) > 1 else f"{record} + {block.runs[0][1]}"


def _scan(opened: Opened, file: Path, *, numbered: bool) -> str:
    """The fast reader, given everything, so that it guesses nothing."""
    names = ([LINE] if numbered else []) + list(opened.heading)
    columns = "{" + ", ".join(f"{literal(each)}: 'VARCHAR'" for each in names) + "}"
    return (
        f"read_csv({literal(str(file))}, header=false, auto_detect=false, delim={literal(opened.shape.delimiter)}, "
        f"quote='\"', escape='\"', new_line='\\n', columns={columns}, strict_mode=true, null_padding=false, "
        f"parallel=false, max_line_size={records.LONGEST_LINE * 2}, buffer_size={records.LONGEST_LINE * 16}, "
        "store_rejects=true, rejects_table='rejects', rejects_scan='rejects_scan')"
    )


def _macros(key: bytes) -> list[str]:
    """SQL words used below. `keyed` is HMAC-SHA-256 (RFC 2104), cut to 64 bits."""
    padded = key.ljust(64, b"\0")
    inner = "".join(f"\\x{byte ^ 0x36:02X}" for byte in padded)
    outer = "".join(f"\\x{byte ^ 0x5C:02X}" for byte in padded)
    nothing = literal(sorted(NOTHING))
    return [
        f"CREATE MACRO cleaned(v) AS CASE WHEN lower(trim(v)) IN ({nothing[1:-1]}) THEN NULL ELSE trim(v) END",
        f"CREATE MACRO keyed(v) AS ('0x' || left(sha256('{outer}'::BLOB || unhex(sha256('{inner}'::BLOB || "
        "encode(v)))), 16))::UBIGINT",
    ]


def typed(
    opened: Opened, rules: Rules, *, number: int, line: str, scan: str, likeliest: str | None = None
) -> str:
    """The query that turns records into rows of the table `rows`. `likeliest`: the date format to try first."""
    mapping = opened.mapping
    fields = _fields(opened, rules, likeliest)
    select = ", ".join(f"{sql} AS {role}" for role, sql in fields.items())
    fault = _fault(mapping, rules)
    return (
        f"SELECT {number}, line, id, fingerprint, t, kind, area, division, arrest, n, "
        "CASE WHEN geographic THEN latitude END, CASE WHEN geographic THEN longitude END, "
        "CASE WHEN projected THEN x END, CASE WHEN projected THEN y END, disagrees, form, address, "
        f"{fault} FROM (SELECT *, {_GEOGRAPHIC} AS geographic, {_PROJECTED} AS projected FROM "
        f"(SELECT {line} AS line, {select} FROM {scan}))"
    )


_GEOGRAPHIC = (
    "coalesce(abs(latitude) <= 90 AND abs(longitude) <= 180 AND NOT (abs(latitude) < 1e-6 AND abs(longitude) < 1e-6), "
    "false)"
)
_PROJECTED = (
    f"(NOT {_GEOGRAPHIC} AND coalesce(isfinite(x) AND isfinite(y) AND (abs(x) > 180 OR abs(y) > 180), false))"
)


def _fault(mapping: Mapping, rules: Rules) -> str:
    """The first fault that can be seen in the row alone, as its number."""
    code = reasons.CODE
    checks = []
    if mapping.undated:
        checks += [("n IS NULL", reasons.UNREADABLE_ROW), ("n < 0", reasons.NEGATIVE_COUNT)]
    else:
        latest = literal(rules.now.isoformat(sep=" ", timespec="seconds"))
        earliest = literal(EARLIEST.isoformat(sep=" "))
        checks.append((f"t IS NULL OR t < {earliest}::TIMESTAMP OR t > {latest}::TIMESTAMP", reasons.DATE))
    checks += [
        ("placeholder", reasons.PLACEHOLDER),
        ("coarse", reasons.COARSE),
        (
            "NOT geographic AND NOT projected AND (coalesce(latitude, x) = 0 AND coalesce(longitude, y) = 0)",
            reasons.ZERO,
        ),
        ("NOT geographic AND NOT projected", reasons.NO_COORDINATES),
    ]
    cases = " ".join(f"WHEN {sql} THEN {code[reason]}" for sql, reason in checks)
    return f"CASE {cases} END"


def _fields(opened: Opened, rules: Rules, likeliest: str | None) -> dict[str, str]:
    """Role → SQL on the columns as read, for every field of a row."""
    mapping = opened.mapping
    texts = {role: f"cleaned({name(column)})" for role, column in mapping.columns.items()}
    raw = {role: name(column) for role, column in mapping.columns.items()}
    everything = ", ".join(name(column) for column in opened.heading)
    address = _address(texts)
    latitude, longitude, x, y = _coordinates(texts, raw, decimal_comma=opened.shape.delimiter == ";")
    return {
        "id": _identity(mapping, texts, everything),
        "fingerprint": f"hash({everything})",
        "t": _time(mapping, texts, likeliest, rules.zone),
        "kind": f"coalesce({texts.get('category', 'NULL')}, '')",
        "area": texts.get("area", "NULL"),
        "division": texts.get("division", "NULL"),
        "arrest": _is_one_of(texts.get("arrest"), TRUE),
        "n": f"TRY_CAST({texts['count']} AS DOUBLE)" if mapping.undated else "1",
        "latitude": latitude,
        "longitude": longitude,
        "x": x,
        "y": y,
        "placeholder": _matches(raw["address"], rules.placeholders) if "address" in raw else "false",
        "coarse": _is_one_of(texts.get("accuracy"), COARSE),
        "disagrees": _is_one_of(texts.get("agrees"), FALSE),
        "form": addresses.form(address),
        "address": addresses.same(address),
    }


def _address(texts: dict[str, str]) -> str:
    """The address as written: a column of its own, or what stands before the brackets in a cell of points."""
    if "address" in texts:
        return texts["address"]
    return f"regexp_extract({texts['point']}, '^[^({{]+')" if "point" in texts else "NULL::VARCHAR"


def _is_one_of(value: str | None, words: Sequence[str]) -> str:
    return f"coalesce(lower({value}) IN ({literal(words)[1:-1]}), false)" if value else "false"


def _matches(value: str, patterns: Sequence[str]) -> str:
    """Whether a value is one of the patterns from end to end, in small or capital letters."""
    pattern = wildcards.pattern(patterns)
    return (
        f"coalesce(regexp_full_match(trim({value}), {literal(pattern)}, 'i'), false)" if pattern else "false"
    )


def _identity(mapping: Mapping, texts: dict[str, str], everything: str) -> str:
    """What makes an incident the same incident: its number, or else everything its row says."""
    namespace = literal(mapping.namespace + "\x1f")
    whole = f"'row' || concat_ws(chr(31), {everything})"
    if "id" not in texts:
        return f"keyed({namespace} || {whole})"
    return f"keyed({namespace} || coalesce('id' || upper({texts['id']}), {whole}))"


def _time(mapping: Mapping, texts: dict[str, str], likeliest: str | None, zone: str) -> str:
    """The time as written. The format most of the file uses is tried first: a failed try costs a hundred times more."""
    if mapping.undated:
        return "NULL::TIMESTAMP"
    written = _written(texts)
    slow = _any_format("v", dates.formats(mapping.date_order or dates.MONTH_FIRST), zone)
    # As a lambda: the plain expression would have its repeated parts worked out for every row, needed or not.
    slow = f"list_transform([{written}], lambda v: {slow})[1]"
    if likeliest is None:
        return slow
    return f"coalesce(try_strptime({written}, {literal(likeliest)}), {slow})"


# An offset after a time of day, which is left off: what the clock on the wall showed is what was recorded.
_OFFSET = "(:\\d\\d[.\\d]*)\\s*(Z|UTC|[+-]\\d\\d(:?\\d\\d)?)$"


def _any_format(written: str, formats: Sequence[str], zone: str) -> str:
    """ISO 8601, a moment since 1970 or days since 1900 as machines count them, or one of the formats.

    A moment is no clock on a wall: it is told by the clocks of the agency.
    """
    counted = f"make_timestamp(CAST({written} AS DECIMAL(18, 0))::BIGINT * {{}})"
    in_zone = f"AT TIME ZONE 'UTC' AT TIME ZONE {literal(zone)}"
    return (
        f"CASE WHEN regexp_matches({written}, '^\\d{{4}}[-/]') "
        f"THEN TRY_CAST(regexp_replace({written}, '{_OFFSET}', '\\1') AS TIMESTAMP) "
        f"WHEN regexp_full_match({written}, '{_MILLISECONDS}') THEN {counted.format(1000)} {in_zone} "
        f"WHEN regexp_full_match({written}, '{_SECONDS}') THEN {counted.format(1_000_000)} {in_zone} "
        f"WHEN regexp_full_match({written}, '{_DAYS}') "
        f"THEN TIMESTAMP '1899-12-30' + to_seconds(round(CAST({written} AS DOUBLE) * 86400)) "
        f"ELSE try_strptime({written}, {literal(formats)}) END"
    )


# From 2001 on in seconds, from 1973 on in milliseconds; days, as spreadsheets count them, from 1982 to 2064.
_SECONDS, _MILLISECONDS, _DAYS = r"\d{10}(\.0*)?", r"\d{12,13}(\.0*)?", r"[3-5]\d{4}(\.\d+)?"


def _written(texts: dict[str, str]) -> str:
    """When it occurred, as written; when it was reported, where that is blank."""
    occurred, reported = texts.get("occurred"), texts.get("reported")
    if occurred and "time_of_day" in texts:
        occurred = _with_clock(occurred, texts["time_of_day"])
    return f"coalesce({occurred}, {reported})" if occurred and reported else str(occurred or reported)


def likeliest_format(con: duckdb.DuckDBPyConnection, opened: Opened) -> str | None:
    """The format that reads most of the first rows; None where that is ISO 8601, or where none stands out."""
    if opened.mapping.undated:
        return None
    texts = {
        role: f"cleaned(row[{opened.heading.index(column) + 1}])"
        for role, column in opened.mapping.columns.items()
    }
    formats = ISO_FORMATS + dates.formats(opened.mapping.date_order or dates.MONTH_FIRST)
    counts = ", ".join(f"count(try_strptime(v, {literal(each)}))" for each in formats)
    rows = [list(row) for row in opened.sample if len(row) == len(opened.heading)]
    matches = con.execute(
        f"SELECT {counts} FROM (SELECT {_written(texts)} AS v FROM (SELECT unnest(?::VARCHAR[][]) AS row))",
        [rows],
    ).fetchall()[0]
    best = max(range(len(formats)), key=lambda at: matches[at])
    return formats[best] if matches[best] * 2 > len(rows) else None


def _with_clock(day: str, clock: str) -> str:
    """A day and a time of day from two columns: 1230, 1230.0, 0 or 12:30 after a date without one.

    2400 is the midnight of its day. An hour that is none (UNK, 9999) leaves the day.
    """
    plain = f"regexp_replace({clock}, '\\.0+$', '')"
    digits = f"lpad({plain}, 4, '0')"
    hours = f"CASE WHEN regexp_full_match({plain}, '\\d{{1,4}}') THEN left({digits}, 2) || ':' || right({digits}, 2) "
    hours += f"ELSE {clock} END"
    only_day = f"regexp_replace({day}, '[ T]0?0:00(:00(\\.0+)?)?$|[ ]12:00(:00)? AM$', '')"
    said = f"regexp_replace({hours}, '^24:00(:00)?$', '00:00')"
    is_an_hour = f"regexp_matches({said}, '^([01]?\\d|2[0-3]):[0-5]\\d')"
    return f"CASE WHEN coalesce({is_an_hour}, false) THEN {only_day} || ' ' || {said} ELSE {day} END"


def _coordinates(
    texts: dict[str, str], raw: dict[str, str], *, decimal_comma: bool
) -> tuple[str, str, str, str]:
    """SQL for latitude, longitude, x, y. Degrees under the heading X, or feet under Latitude, find their way."""

    def number(role: str) -> str:
        if role not in texts:
            return "NULL::DOUBLE"
        plain = f"replace({raw[role]}, ',', '.')" if decimal_comma else raw[role]
        return f"coalesce(TRY_CAST({plain} AS DOUBLE), {_with_a_side(plain)})"

    latitude, longitude, x, y = (number(role) for role in ("latitude", "longitude", "x", "y"))
    if "point" in texts and "latitude" not in texts:
        latitude, longitude = _from_point(texts["point"])
    if "latitude" not in texts and "x" in texts:
        degrees = f"abs({x}) <= 180 AND abs({y}) <= 90"
        if "point" not in texts:
            latitude, longitude = f"CASE WHEN {degrees} THEN {y} END", f"CASE WHEN {degrees} THEN {x} END"
    elif "latitude" in texts and "x" not in texts:
        x, y = longitude, latitude
    return latitude, longitude, x, y


_SIDE = "^\\s*(-?\\d+(?:\\.\\d+)?)\\s*[°º]?\\s*([NSEWnsew])?\\s*$"


def _with_a_side(value: str) -> str:
    """Degrees with their sign or the side of the world behind them: “85.7187° W”."""
    degrees = f"TRY_CAST(regexp_extract({value}, '{_SIDE}', 1) AS DOUBLE)"
    side = f"upper(regexp_extract({value}, '{_SIDE}', 2))"
    return f"CASE WHEN {side} IN ('S', 'W') THEN -abs({degrees}) ELSE {degrees} END"


_NUMBER = "(-?\\d+(?:\\.\\d+)?)"
# Two numbers that are all there is, or stand in brackets at the end, below an address.
_PAIR = f"(?:^|\\()\\s*{_NUMBER}(?:\\s*,\\s*|\\s+){_NUMBER}\\s*\\)?\\s*$"
_GEOJSON = f'"coordinates"\\s*:\\s*\\[\\s*{_NUMBER}\\s*,\\s*{_NUMBER}'


def _from_point(value: str) -> tuple[str, str]:
    """Latitude and longitude out of “4 Main St (41.88, -87.63)”, “POINT (-87.63 41.88)” or GeoJSON."""
    first, second = (f"TRY_CAST(regexp_extract({value}, '{_PAIR}', {at}) AS DOUBLE)" for at in (1, 2))
    east, north = (f"TRY_CAST(regexp_extract({value}, '{_GEOJSON}', {at}) AS DOUBLE)" for at in (1, 2))
    wkt, geojson = f"upper({value}) LIKE '%POINT%(%'", f"{value} LIKE '{{%'"
    return (
        f"CASE WHEN {geojson} THEN {north} WHEN {wkt} THEN {second} ELSE {first} END",
        f"CASE WHEN {geojson} THEN {east} WHEN {wkt} THEN {first} ELSE {second} END",
    )
