"""The quality report: every row counted, and where the losses are uneven.

A file that loses one row in fifty may still lose every row of one kind. So the share lost is reported by category,
area and month, those that differ most from the whole first: whoever reads a map made of the rest should know what is
not on it.
"""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np

from alongside.incidents.reading import reasons
from alongside.incidents.reading.locating import SPOT
from alongside.incidents.reading.workbench import literal
from alongside.methods.spatial import coverage

HINTS = {
    reasons.OUTSIDE: "Most rows lie outside the boundaries: are these the boundaries of this city?",
    reasons.NO_COORDINATES: "Most rows have no coordinates: geocode them first, or name the columns that hold them.",
    reasons.UNKNOWN_CRS: 'Name the projection of X and Y in a mapping, such as crs = "EPSG:2246".',
    reasons.DATE: "Most dates cannot be read: is the right column named, and does the day or the month come first?",
    reasons.UNREADABLE_ROW: "Most rows cannot be read: is this the delimiter the file was written with?",
}
NO_MINUS = (
    "Most longitudes lie on the other side of the world: is their minus sign missing? Export them with it."
)
CUT_OFF = "A round number of rows is what portals hand out unless asked for more: is the file whole?"
# What portals hand out by default, or at most (Socrata, ArcGIS, CKAN, Opendatasoft).
ROUND = {100, 1000, 2000, 5000, 10_000, 16_000, 32_000, 50_000, 100_000}
# A group smaller than this says nothing about rates.
SMALLEST_GROUP = 30
SMALLEST_DIFFERENCE = 0.001
LONGEST_TABLE = 40
# One spot with this share of all rows is worth a look: a police station, a mall, an address that stands for "unknown".
CROWDED = 0.01


def losses(con: duckdb.DuckDBPyConnection, *, dated: bool) -> dict[str, list[dict[str, Any]]]:
    """The share of rows lost by category, area and month. Duplicates and merged rows are not lost."""
    con.execute(f"""
        CREATE OR REPLACE VIEW fates AS
        SELECT coalesce(kind, '') AS kind, coalesce(rows.area, division, '') AS area,
               coalesce(strftime(CASE WHEN year(t) BETWEEN 1971 AND 2100 THEN t END, '%Y-%m'), '') AS month,
               coalesce(nullif(fault, 0), nullif(verdict, 0), 0) > 0 AS lost
        FROM rows LEFT JOIN spots ON fault IS NULL AND {SPOT} = spots.spot
    """)
    columns = {"category": "kind", "area": "area"} | ({"month": "month"} if dated else {})
    return {name: _table(con, column) for name, column in columns.items()}


def _table(con: duckdb.DuckDBPyConnection, column: str) -> list[dict[str, Any]]:
    """Rows read and lost for each value of a column, the largest differences from the whole first."""
    rows = con.execute(f"""
        WITH counts AS (
            SELECT {column} AS value, count(*) AS read, count(*) FILTER (WHERE lost) AS lost FROM fates GROUP BY 1
        ), whole AS (SELECT sum(lost) / greatest(sum(read), 1) AS rate FROM counts)
        SELECT value, read, lost, lost / read AS rate, lost / read - rate AS difference FROM counts, whole
        WHERE read >= {SMALLEST_GROUP}
          AND abs(difference) >= {SMALLEST_DIFFERENCE}
        ORDER BY abs(difference) DESC, value LIMIT {LONGEST_TABLE}
    """).fetchall()
    return [
        {
            "value": value,
            "read": read,
            "lost": lost,
            "rate": round(rate, 4),
            "difference": round(difference, 4),
        }
        for value, read, lost, rate, difference in rows
    ]


def crowded(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Cells with an outsized share of what is kept: worth a look before anybody calls them a neighborhood."""
    rows = con.execute(f"""
        SELECT cell, sum(n) AS events, sum(n) / sum(sum(n)) OVER () AS share FROM fresh GROUP BY cell
        QUALIFY share >= {CROWDED} AND sum(n) >= 50 ORDER BY share DESC, cell LIMIT 10
    """).fetchall()
    return [
        {"cell": f"{cell:x}", "events": whole(events), "share": round(share, 4)}
        for cell, events, share in rows
    ]


def covered(con: duckdb.DuckDBPyConnection) -> list[list[str]]:
    """First and last day of each stretch that the new incidents cover: without strays, and broken by gaps."""
    rows = con.execute(
        "SELECT t::DATE AS day, count(*) AS number FROM fresh WHERE t IS NOT NULL GROUP BY 1 ORDER BY 1"
    ).fetchnumpy()
    days = np.repeat(
        np.asarray(rows["day"]).astype("datetime64[D]"), np.asarray(rows["number"], dtype=np.int64)
    )
    return [[str(first), str(last)] for first, last in coverage.stretches(coverage.covered_days(days))]


def layers(con: duckdb.DuckDBPyConnection) -> dict[str, int | float]:
    """How much of what is kept lies in each layer, and in both."""
    bits = dict(con.execute("SELECT layers, sum(n) FROM fresh GROUP BY 1").fetchall())
    return {
        "investigation": whole(bits.get(1, 0) + bits.get(3, 0)),
        "enforcement": whole(bits.get(2, 0) + bits.get(3, 0)),
        "both": whole(bits.get(3, 0)),
    }


def hints(read: int, set_aside: dict[str, int], *, no_minus: bool) -> list[str]:
    """What to look at first: where more than half of a file was lost for one reason, or it may be half a file."""
    lost = {reason for reason, count in set_aside.items() if count * 2 > read > 0}
    if no_minus and reasons.OUTSIDE in lost:
        lost.remove(reasons.OUTSIDE)
        return [NO_MINUS, *_hints(lost)]
    return _hints(lost) + [CUT_OFF] * (read in ROUND)


def _hints(lost: set[str]) -> list[str]:
    return [hint for reason, hint in HINTS.items() if reason in lost]


def by_reason() -> str:
    """SQL that names a reason from its number."""
    return f"{literal(list(reasons.ALL))}[reason]"


def whole(number: float) -> int | float:
    """A count as an integer, where it is one."""
    return int(number) if float(number).is_integer() else float(number)
