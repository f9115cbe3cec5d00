"""What an address says of its place, before it is dropped: the verdict stays, nothing else does."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

from alongside.agencies.models import Agency
from alongside.core import data
from alongside.incidents import actions
from alongside.incidents.lake import Lake
from alongside.incidents.models import Dataset, LakePart
from alongside.incidents.reading import addresses
from alongside.incidents.tests.reading_help import read, rows_of
from alongside.methods.spatial.spots import Spot, verdicts

HEADING = "Incident Number,Date Occurred,Crime Type,Block Address,Latitude,Longitude\n"

FORMS = {
    addresses.HOUSE: [
        "1048 S 38TH ST",
        "123 1/2 MAIN ST",
        "123A MAIN ST",
        "45-12 QUEENS BLVD",
        "1234 BLACK AND WHITE RD",
        "1234 MAIN ST APT 4/5",
    ],
    addresses.ROUND: ["4800 OUTER LOOP", "1 ADVENTURE RD", "0 W MAIN ST"],
    addresses.BLOCK: [
        "700 BLOCK W BROADWAY",
        "800 Block of BRYANT ST",
        "11200 BLK  NEW HAMPSHIRE AVE",
        "014XX S AVERS AVE",
        "0000X W TERMINAL ST",
        "12** VINE ST",
        "XX MAIN ST",
        "1200-1298 MAIN ST",
        "1200 - 1299 BLOCK OF MAIN ST",
        "100 BLOCK WEST ADAIR STREET #2",
        "MAIN ST BETWEEN 1ST AND 2ND",
    ],
    addresses.CROSSING: [
        "S 26TH ST / W BROADWAY",
        "TAYLORSVILLE RD/TALBOTT AVE",
        "DIXIE HWY AT I265",
        "12600 I265N @ TAYLORSVILLE RD",
        "100 S 1ST ST & JACOB ST",
        "0 BLOCK & ROWAN ST",
        "5TH AVE AND BROADWAY",
    ],
    0: ["IROQUOIS PARK", "9TH ST ALY", ".2 I265S", "W MAIN ST", "PENDING LOCATION", ""],
}


@pytest.mark.parametrize(("form", "address"), [(form, each) for form, some in FORMS.items() for each in some])
def test_the_form_of_an_address_as_cities_write_it(form: int, address: str) -> None:
    told = duckdb.execute(f"SELECT {addresses.form('v')} FROM (SELECT ? AS v)", [address]).fetchall()
    assert told == [(form,)]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("600 BLOCK W JEFFERSON ST", "600 Block W. Jefferson St", True),
        ("12 Main St, Apt 3", "12 MAIN ST #4", True),
        ("12 MAIN ST", "14 MAIN ST", False),
    ],
)
def test_an_address_is_known_again(one: str, other: str, alike: bool) -> None:
    ((told,),) = duckdb.execute(
        f"SELECT {addresses.same('v')} = {addresses.same('w')} FROM (SELECT ? AS v, ? AS w)", [one, other]
    ).fetchall()
    assert told is alike


def a_file(*rows: tuple[str, str]) -> str:
    """Rows of (address, "latitude,longitude")."""
    lines = (f"R-{at},2026-03-04,THEFT,{each},{point}" for at, (each, point) in enumerate(rows))
    return HEADING + "\n".join(lines) + "\n"


HERE, THERE = "39.10,-84.50", "39.11,-84.51"


def spots_in(folder: Path, *rows: tuple[str, str]) -> list[int]:
    kept = rows_of(read(folder, a_file(*rows)))
    assert len(kept) == len(rows)
    return sorted(row["spot"] for row in kept)


def test_one_house_with_most_of_a_places_incidents_is_one_address(tmp_path: Path) -> None:
    mall = [("4801 OUTER LOOP", HERE)] * 6
    assert spots_in(tmp_path, *mall, ("17 ELM ST", HERE)) == [Spot.ADDRESS] * 6 + [Spot.SEVERAL]


def test_ten_houses_of_a_street_are_several(tmp_path: Path) -> None:
    street = [(f"{number} ELM ST", HERE) for number in range(11, 31, 2)]
    assert spots_in(tmp_path, *street) == [Spot.SEVERAL] * 10


def test_a_house_that_came_once_says_nothing_yet(tmp_path: Path) -> None:
    """An agency that imports every day would else make each house of a street the only one of its place."""
    assert spots_in(tmp_path, ("17 ELM ST", HERE)) == [Spot.UNKNOWN]


def test_a_file_that_counts_by_the_hundred_has_blocks_and_no_houses(tmp_path: Path) -> None:
    rounded = [(f"{100 * at} ELM ST", THERE) for at in range(1, 5)]
    block = [("4800 OUTER LOOP", HERE)] * 6
    assert spots_in(tmp_path, *block, *rounded, ("12 ELM ST", THERE)) == [Spot.BLOCK] * 6 + [Spot.SEVERAL] * 5


def test_a_round_number_among_houses_is_a_house(tmp_path: Path) -> None:
    houses = [(f"{number} ELM ST", THERE) for number in range(11, 21)]
    mall = [("4800 OUTER LOOP", HERE)] * 6
    assert spots_in(tmp_path, *mall, *houses) == [Spot.ADDRESS] * 6 + [Spot.SEVERAL] * 10


def test_a_crossing_is_a_crossing_whatever_lies_around(tmp_path: Path) -> None:
    corner = [("ELM ST / OAK ST", HERE)] * 7
    assert spots_in(tmp_path, *corner, ("700 BLOCK ELM ST", HERE)) == [Spot.CROSSING] * 7 + [Spot.SEVERAL]


def test_a_file_without_addresses_says_nothing(tmp_path: Path) -> None:
    content = HEADING.replace("Block Address", "Beat") + f"R-1,2026-03-04,THEFT,101,{HERE}\n"
    assert [row["spot"] for row in rows_of(read(tmp_path, content))] == [Spot.UNKNOWN]


def test_an_address_above_its_point_in_one_cell_is_read_too(tmp_path: Path) -> None:
    heading = "Incident Number,Date Occurred,Crime Type,Location\n"
    body = "".join(f'R-{at},2026-03-04,THEFT,"4801 OUTER LOOP\n({HERE})"\n' for at in range(6))
    assert [row["spot"] for row in rows_of(read(tmp_path, heading + body))] == [Spot.ADDRESS] * 6


@pytest.mark.parametrize(
    ("events", "verdict"),
    [
        ([0, 3, 0, 0, 0], Spot.ADDRESS),
        ([3, 3, 0, 0, 0], Spot.ADDRESS),  # half say nothing, the others agree
        ([4, 3, 0, 0, 0], Spot.UNKNOWN),
        ([0, 3, 0, 3, 0], Spot.SEVERAL),
        ([0, 0, 2, 3, 0], Spot.CROSSING),
        ([0, 0, 0, 0, 0], Spot.UNKNOWN),
    ],
)
def test_a_place_is_what_most_of_its_incidents_say(events: list[int], verdict: Spot) -> None:
    assert verdicts(np.array([events], float)).tolist() == [verdict]


# -- in the lake ------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_lake_tells_what_a_place_is_and_holds_no_address(riverbend: Agency, tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(
        a_file(*[("4801 OUTER LOOP", HERE)] * 6, *[("ELM ST / OAK ST", THERE)] * 2)
    )
    actions.import_files(riverbend, [str(tmp_path / "calls.csv")])
    lake = Lake(riverbend)
    counts = lake.cell_counts()
    told = dict(zip(counts.either.tolist(), lake.spots(counts.cells).tolist(), strict=True))
    assert told == {6.0: Spot.ADDRESS, 2.0: Spot.CROSSING}
    for path in data.folder("lake").rglob("*.parquet"):
        assert not any(word in path.read_bytes() for word in (b"OUTER", b"ELM ST", b"4801"))


@pytest.mark.django_db
def test_parts_of_before_say_nothing_of_their_places_and_are_read_as_ever(
    riverbend: Agency, tmp_path: Path
) -> None:
    (tmp_path / "first.csv").write_text(a_file(*[("4801 OUTER LOOP", HERE)] * 6))
    (tmp_path / "second.csv").write_text(a_file(*[("4801 OUTER LOOP", HERE)] * 6).replace("R-", "S-"))
    actions.import_files(riverbend, [str(tmp_path / "first.csv")])
    as_before(LakePart.objects.get(kind="events"))
    old = Lake(riverbend)
    assert (old.total, old.spots(old.cell_counts().cells).tolist()) == (6, [Spot.UNKNOWN])
    actions.import_files(riverbend, [str(tmp_path / "first.csv"), str(tmp_path / "second.csv")])
    both = Lake(riverbend)
    assert (both.total, len(both.events().cells)) == (12, 12)
    assert both.spots(both.cell_counts().cells).tolist() == [Spot.ADDRESS]


def as_before(part: LakePart) -> None:
    """The part as it was written before rows kept their spot."""
    path = str(part.file_path)
    duckdb.execute(f"CREATE TABLE kept AS SELECT * EXCLUDE (spot) FROM read_parquet('{path}')")
    duckdb.execute(f"COPY kept TO '{path}' (FORMAT parquet)")
    duckdb.execute("DROP TABLE kept")
    part.keep()
    part.save()


@pytest.mark.django_db
def test_an_empty_lake_and_places_without_an_event_say_nothing(riverbend: Agency) -> None:
    lake = Lake(riverbend, Dataset.UNDATED)
    assert lake.spots(np.zeros(0, np.uint64)).tolist() == []
    assert lake.spots(np.array([0x8A2A93000007FFF], np.uint64)).tolist() == [Spot.UNKNOWN]
