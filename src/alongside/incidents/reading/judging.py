"""Judging: every row gets one verdict. Kept, merged into an incident that is kept, or set aside for one named reason.

Read = kept + merged + set aside, always: `Verdicts.balance` refuses to go on where it does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from alongside.core.errors import phrase
from alongside.incidents.reading import addresses, reasons
from alongside.incidents.reading.locating import SPOT
from alongside.incidents.reading.refusals import MappingIsWrong
from alongside.incidents.reading.workbench import literal
from alongside.methods.spatial.spots import Spot

INVESTIGATION, ENFORCEMENT = 1, 2
# More kinds than this and the column holds free text, which must not come in.
MOST_KINDS = 3000
MOST_AREAS = 5000
LONGEST_NAME = 80


@dataclass(frozen=True)
class Verdicts:
    """How many rows got which verdict, and what is new for the lake."""

    read: int
    kept: int
    merged: int
    set_aside: dict[str, int]
    flagged: int
    new_events: float
    amended: int
    first: datetime | None
    last: datetime | None

    def balance(self) -> None:
        """Read = kept + merged + set aside."""
        accounted = self.kept + self.merged + sum(self.set_aside.values())
        if accounted != self.read:
            raise AssertionError(f"{self.read} rows were read but {accounted} accounted for")


def judge(
    con: duckdb.DuckDBPyConnection,
    *,
    read: int,
    layer_of: Callable[[str], int],
    file_layers: dict[int, int],
    separate_files: Sequence[int] = (),
    lake: Sequence[Path] = (),
    amendments: Sequence[Path] = (),
    progress: Callable[[float], None] = lambda share: None,
) -> Verdicts:
    """Make the tables `fresh` (new events), `amended` (layers for known ones) and `aside` (file, line, reason).

    `layer_of`: kind → layer bits. `file_layers`: file → bits, for files that are all of one layer.
    `separate_files`: those in which rows that are alike are different incidents.
    `lake`, `amendments`: the Parquet files of what is known already. `progress` goes from 0 to 1.
    """
    _refuse_free_text(con)
    _good(con, layer_of, file_layers)
    progress(0.5)
    if separate_files:
        _set_apart(con, separate_files)
    _twins(con)
    progress(0.65)
    _incidents(con)
    progress(0.9)
    addresses.judge(con)
    _known(con, lake, amendments)
    _fresh(con)
    _aside(con)
    verdicts = _count(con, read)
    verdicts.balance()
    progress(1.0)
    return verdicts


def _refuse_free_text(con: duckdb.DuckDBPyConnection) -> None:
    for column, what, most in (("kind", "category", MOST_KINDS), ("area", "area", MOST_AREAS)):
        different = con.execute(f"SELECT count(DISTINCT {column}) FROM rows").fetchall()[0][0]
        if different > most:
            raise MappingIsWrong(
                phrase(
                    "the column mapped as %(what)s holds %(different)s different values, so it is text and "
                    "no %(what)s: map another column.",
                    what=what,
                    different=different,
                )
            )


def _good(
    con: duckdb.DuckDBPyConnection, layer_of: Callable[[str], int], file_layers: dict[int, int]
) -> None:
    """Rows without a fault, each with its cell and layers."""
    kinds = [
        kind for (kind,) in con.execute("SELECT DISTINCT kind FROM rows WHERE kind IS NOT NULL").fetchall()
    ]
    con.execute("CREATE TABLE kinds (kind VARCHAR, bits UTINYINT)")
    if kinds:
        con.executemany("INSERT INTO kinds VALUES (?, ?)", [[kind, layer_of(kind)] for kind in kinds])
    by_file = " ".join(f"WHEN file = {file} THEN {bits}" for file, bits in file_layers.items() if bits)
    bits = f"CASE {by_file} ELSE bits END" if by_file else "bits"
    con.execute(f"""
        CREATE TABLE good AS
        SELECT (file::BIGINT << 40) | line AS seq, id, fingerprint, t, left(kind, {LONGEST_NAME}) AS kind,
               left(coalesce(rows.area, division, ''), {LONGEST_NAME}) AS area,
               (({bits}) | CASE WHEN arrest THEN {ENFORCEMENT} ELSE 0 END)::UTINYINT AS layers,
               cell, disagrees OR recorded IS NOT NULL AS flagged, n, {addresses.settle(con)} AS form, address
        FROM rows JOIN kinds USING (kind) JOIN spots ON {SPOT} = spots.spot
        LEFT JOIN far ON far.spot = spots.spot AND recorded IN (rows.area, division)
        WHERE fault IS NULL AND verdict = 0
    """)


def _set_apart(con: duckdb.DuckDBPyConnection, files: Sequence[int]) -> None:
    """Rows that are alike in such a file are told apart by how often they came before in that file."""
    con.execute(f"""
        UPDATE good SET id = hash(good.id, place), fingerprint = hash(fingerprint, place)
        FROM (SELECT seq AS which, row_number() OVER (PARTITION BY seq >> 40, id ORDER BY seq) AS place
              FROM good WHERE seq >> 40 IN ({", ".join(map(str, files))}))
        WHERE seq = which AND place > 1
    """)


def _twins(con: duckdb.DuckDBPyConnection) -> None:
    """Rows that share their incident with another: which repeat a row before them, which belong to one before."""
    con.execute("CREATE TABLE repeated AS SELECT id FROM good GROUP BY id HAVING count(*) > 1")
    con.execute("""
        CREATE TABLE twins AS
        SELECT *, row_number() OVER (PARTITION BY id, fingerprint ORDER BY seq) AS again
        FROM good SEMI JOIN repeated USING (id)
    """)


def _incidents(con: duckdb.DuckDBPyConnection) -> None:
    """One row an incident: the earliest time, the first row's kind and place, the layers of all."""
    con.execute("""
        CREATE TABLE incidents AS
        SELECT id, seq, t, kind, area, layers, cell, flagged, n, 1 AS rows, form, address
        FROM good ANTI JOIN repeated USING (id)
        UNION ALL
        SELECT id, min(seq), min(t), arg_min(kind, seq), arg_min(area, seq), bit_or(layers), arg_min(cell, seq),
               bool_or(flagged), arg_min(n, seq), count(*), arg_min(form, seq), arg_min(address, seq)
        FROM twins WHERE again = 1 GROUP BY id
    """)


def _known(con: duckdb.DuckDBPyConnection, lake: Sequence[Path], amendments: Sequence[Path]) -> None:
    """Incidents of this import that the lake has already, and the layers it knows for them."""
    if not lake:
        con.execute("CREATE TABLE known (id UBIGINT, had UTINYINT)")
        return
    sources = [f"SELECT id, layers FROM read_parquet({literal([str(path) for path in lake])})"]
    if amendments:
        sources.append(f"SELECT id, layers FROM read_parquet({literal([str(path) for path in amendments])})")
    con.execute(f"""
        CREATE TABLE known AS
        SELECT id, bit_or(layers)::UTINYINT AS had FROM ({" UNION ALL ".join(sources)})
        SEMI JOIN incidents USING (id) GROUP BY id
    """)


def _fresh(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"""
        CREATE VIEW fresh AS
        SELECT incidents.* EXCLUDE (form, address), coalesce(spot, {Spot.UNKNOWN})::UTINYINT AS spot
        FROM incidents ANTI JOIN known USING (id) LEFT JOIN said USING (cell, form, address)
    """)
    con.execute("""
        CREATE TABLE amended AS
        SELECT id, layers, rows FROM incidents JOIN known USING (id) WHERE layers & ~had != 0
    """)


def _aside(con: duckdb.DuckDBPyConnection) -> None:
    """Every row that is set aside: its file, line and reason, nothing of its content."""
    duplicate = reasons.CODE[reasons.DUPLICATE]
    con.execute(f"""
        CREATE TABLE aside AS
        SELECT file, line, fault AS reason FROM rows WHERE fault IS NOT NULL
        UNION ALL
        SELECT file, line, verdict FROM rows JOIN spots ON {SPOT} = spots.spot WHERE fault IS NULL AND verdict > 0
        UNION ALL
        SELECT (seq >> 40)::SMALLINT, seq & 1099511627775, {duplicate} FROM twins WHERE again > 1
        UNION ALL
        SELECT (seq >> 40)::SMALLINT, seq & 1099511627775, {duplicate}
        FROM (SELECT seq, id FROM good ANTI JOIN repeated USING (id)
              UNION ALL SELECT seq, id FROM twins WHERE again = 1)
        WHERE id IN (SELECT id FROM known) AND id NOT IN (SELECT id FROM amended)
    """)


def _count(con: duckdb.DuckDBPyConnection, read: int) -> Verdicts:
    kept, more, events, flagged = con.execute(
        "SELECT count(*), coalesce(sum(rows) - count(*), 0)::BIGINT, coalesce(sum(n), 0), "
        "count(*) FILTER (WHERE flagged) FROM fresh"
    ).fetchall()[0]
    amended, rows = con.execute("SELECT count(*), coalesce(sum(rows), 0)::BIGINT FROM amended").fetchall()[0]
    first, last = con.execute("SELECT min(t), max(t) FROM good").fetchall()[0]
    aside = dict(con.execute("SELECT reason, count(*) FROM aside GROUP BY 1 ORDER BY 1").fetchall())
    return Verdicts(
        read=read,
        kept=kept,
        merged=more + rows,
        set_aside={reasons.ALL[code - 1]: count for code, count in aside.items()},
        flagged=flagged,
        new_events=events,
        amended=amended,
        first=first,
        last=last,
    )
