"""Addresses: what an address says of its place, told while it is here. Only the verdict goes on (`Spot`).

1. Two streets (`A / B`, `A & B`, `A @ B`, `A AT B`) are a crossing, whatever stands before them.
2. `700 BLOCK W BROADWAY`, `014XX S AVERS AVE`, `1200-1298 MAIN ST` or `… BETWEEN A AND B` is a block.
3. `1048 S 38TH ST` is a house, unless its file counts by the hundred: where most of a file's different addresses
   begin with a round number (or 0 or 1, as the block below 100 is written), all of them are blocks.
4. A place is one address where one address alone has most of its incidents, and enough of them to say so; it is one
   block where one block has; where no address has most, it is several. All else is unknown.
"""

from __future__ import annotations

import duckdb

from alongside.incidents.reading.workbench import literal
from alongside.methods.spatial.spots import Spot

HOUSE, BLOCK, CROSSING, ROUND = 1, 2, 3, 4
"""Forms of an address, in the staged rows; 0 where it has none of these."""
FEWEST_AT_AN_ADDRESS = 5
"""Incidents at one house before it says that its place is one: fewer may be one house of a street's."""

_FRACTION = r"\b\d/\d\b"
_CROSSING = r"[a-z0-9.] *(/|\\|&|@) *[a-z0-9]"
_IN_WORDS = r"^[^\d].* (AT|AND) |^\d+(ST|ND|RD|TH)\b.* (AT|AND) "
_BLOCK = r"\b(BLOCK|BLOCKS|BLK|BETWEEN|BTWN)\b|^\d*[X*]{2,}( |$)|^\d+X\b|^\d{3,} *- *\d{3,}\b"
_HOUSE = r"^#?\d+(-\d+)?[A-Z]?( \d/\d)? +[A-Z0-9].*[A-Z]"
_UNIT = r"[ ,]+(APT|UNIT|STE|SUITE|LOT|RM|ROOM|FL|FLOOR)\b.*$|[ ,]*#.*$"


def form(address: str) -> str:
    """SQL for rules 1 and 2, and the number of rule 3. `address`: SQL for the text, or NULL."""

    def says(pattern: str, value: str) -> str:
        return f"regexp_matches({value}, {literal(pattern)}, 'i')"

    whole = f"regexp_replace({address}, {literal(_FRACTION)}, '', 'g')"
    number = f"TRY_CAST(regexp_extract({address}, '^\\d+') AS BIGINT)"
    rounded = f"({number} % 100 = 0 OR {number} = 1)"
    return (
        f"CASE WHEN {address} IS NULL THEN 0 "
        f"WHEN {says(_CROSSING, whole)} OR ({says(_IN_WORDS, address)} AND NOT {says(_BLOCK, address)}) "
        f"THEN {CROSSING} "
        f"WHEN {says(_BLOCK, address)} THEN {BLOCK} "
        f"WHEN {says(_HOUSE, address)} THEN CASE WHEN {rounded} THEN {ROUND} ELSE {HOUSE} END "
        "ELSE 0 END"
    )


def same(address: str) -> str:
    """SQL for a number that is the same for an address written a little otherwise, or with its apartment."""
    plain = f"regexp_replace(upper({address}), {literal(_UNIT)}, '')"
    return f"hash(regexp_replace({plain}, '[^A-Z0-9]+', ' ', 'g'))"


def settle(con: duckdb.DuckDBPyConnection) -> str:
    """Rule 3. Makes the table `by_hundreds` (file), and answers the SQL for the settled form of a row of `rows`."""
    con.execute(f"""
        CREATE TABLE by_hundreds AS
        SELECT file FROM rows WHERE form IN ({HOUSE}, {ROUND}) GROUP BY file
        HAVING count(DISTINCT address) FILTER (WHERE form = {ROUND}) * 2 >= count(DISTINCT address)
    """)
    by_hundreds = f"CASE WHEN file IN (FROM by_hundreds) THEN {BLOCK} ELSE {HOUSE} END"
    return f"(CASE WHEN form IN ({HOUSE}, {ROUND}) THEN {by_hundreds} ELSE form END)::UTINYINT"


def judge(con: duckdb.DuckDBPyConnection) -> None:
    """Rule 4. Makes the table `said` (cell, form, address, spot) of what the rows of `incidents` have for addresses."""
    con.execute(f"""
        CREATE TABLE said AS
        SELECT cell, form, address, (CASE
            WHEN form = {CROSSING} THEN {Spot.CROSSING}
            WHEN n * 2 <= sum(n) OVER (PARTITION BY cell) THEN {Spot.SEVERAL}
            WHEN form = {BLOCK} THEN {Spot.BLOCK}
            WHEN n >= {FEWEST_AT_AN_ADDRESS} THEN {Spot.ADDRESS}
            ELSE {Spot.UNKNOWN} END)::UTINYINT AS spot
        FROM (SELECT cell, form, address, sum(n) AS n FROM incidents WHERE form > 0 GROUP BY ALL)
    """)
