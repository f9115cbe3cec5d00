"""Files as cities and their portals write them: what stands there is read, and what cannot be told is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import h3.api.basic_int as h3
import pytest
import shapely

from alongside.incidents.reading import locating, mapping, pipeline, reasons, report
from alongside.incidents.tests.reading_help import HEADING, look, order_of, read, row, rows_of

WHERE = "39.100000,-84.500000"


def the_row(outcome: pipeline.Outcome) -> dict[str, Any]:
    (row,) = rows_of(outcome)
    return row


def place_of(outcome: pipeline.Outcome) -> tuple[float, float]:
    latitude, longitude = h3.cell_to_latlng(the_row(outcome)["cell"])
    return round(latitude, 2), round(longitude, 2)


POINTS = [
    "(39.1, -84.5)",
    '"3800 4TH ST\nRIVERBEND, OH 40200\n(39.1, -84.5)"',
    '"100 12 35TH ST (39.1, -84.5)"',
    "POINT (-84.5 39.1)",
    "SRID=4326;POINT(-84.5 39.1)",
    '"{""type"": ""Point"", ""coordinates"": [-84.5, 39.1]}"',
    '"39.1, -84.5"',
]


@pytest.mark.parametrize("point", POINTS)
def test_a_point_is_found_wherever_it_stands_in_its_cell(tmp_path: Path, point: str) -> None:
    """Not in “4TH ST”, and not at the other end of the world."""
    cell = point if point.startswith('"') else f'"{point}"'
    outcome = read(tmp_path, f"Case Number,Date Occurred,Offense,Location\nA,2026-03-04 18:30,THEFT,{cell}\n")
    assert place_of(outcome) == (39.1, -84.5)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("39.1° N", "84.5° W"), ("39.1N", "84.5w"), ("39.1°", "-84.5°"), (" 39.1 ", "-84.5")],
)
def test_degrees_may_name_their_side(tmp_path: Path, latitude: str, longitude: str) -> None:
    outcome = read(
        tmp_path, f"Case Number,Date Occurred,Offense,Lat,Lon\nA,2026-03-04,THEFT,{latitude},{longitude}\n"
    )
    assert place_of(outcome) == (39.1, -84.5)


def test_where_the_minus_is_missing_it_is_said(tmp_path: Path) -> None:
    rows = "".join(f"A{n},2026-03-04,THEFT,39.1{n},84.5{n}\n" for n in range(9))
    outcome = read(tmp_path, f"Case Number,Date Occurred,Offense,Lat,Lon\n{rows}")
    assert outcome.report["set_aside"] == {reasons.OUTSIDE: 9}
    assert outcome.report["hints"] == [report.NO_MINUS]


@pytest.mark.parametrize(("rows", "hints"), [(1000, [report.CUT_OFF]), (999, [])])
def test_as_many_rows_as_a_portal_hands_out_by_itself_are_asked_about(
    tmp_path: Path, rows: int, hints: list[str]
) -> None:
    lines = "".join(f"A{n},2026-03-04,THEFT,{WHERE}\n" for n in range(rows))
    assert read(tmp_path, f"Case Number,Date Occurred,Offense,Lat,Lon\n{lines}").report["hints"] == hints


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ("1772649000000", "2026-03-04 13:30:00"),  # a moment: the clocks of the agency showed another hour
        ("1772649000000.0", "2026-03-04 13:30:00"),
        ("1772649000", "2026-03-04 13:30:00"),
        ("953647740000", "2000-03-21 09:09:00"),
        ("46085.77083", "2026-03-04 18:30:00"),  # days, as spreadsheets count: a clock on a wall
        ("46085", "2026-03-04 00:00:00"),
        ("20260304", "2026-03-04 00:00:00"),
    ],
)
def test_moments_are_told_by_the_agencys_clocks_and_days_by_the_calendar(
    tmp_path: Path, written: str, when: str
) -> None:
    (tmp_path / "f.csv").write_text(f"Case Number,Date,Offense,Lat,Lon\nA,{written},THEFT,{WHERE}\n")
    order = order_of(look(tmp_path / "f.csv"))
    order = replace(order, rules=replace(order.rules, zone="America/New_York"))
    assert the_row(pipeline.run(order, tmp_path / "work"))["t"] == datetime.fromisoformat(when)


@pytest.mark.parametrize(
    ("clock", "hour"),
    [
        ("1830", "18:30"),
        ("1830.0", "18:30"),
        ("30", "00:30"),
        ("2400", "00:00"),
        ("24:00", "00:00"),
        ("18:30:15", "18:30"),
        ("UNK", "00:00"),
        ("9999", "00:00"),
        ("", "00:00"),
        ("2575", "00:00"),
    ],
)
def test_an_hour_that_is_none_leaves_the_day(tmp_path: Path, clock: str, hour: str) -> None:
    outcome = read(
        tmp_path,
        f"Case Number,DATE OCC,TIME OCC,Offense,LAT,LON\nA,03/04/2026 12:00:00 AM,{clock},THEFT,{WHERE}\n"
        f"B,03/05/2026 12:00:00 AM,1200,THEFT,{WHERE}\n",
    )
    first, _other = sorted(rows_of(outcome), key=lambda row: row["t"])
    assert first["t"].strftime("%Y-%m-%d %H:%M") == f"2026-03-04 {hour}"


@pytest.mark.parametrize(
    ("heading", "values", "columns"),
    [
        (
            "Highest Offense Description,Occurred Date Time,Occurred Date,Occurred Time,Report Date Time",
            "THEFT,03/04/2026 06:30:00 PM,03/04/2026,1830,03/05/2026 08:00:00 AM",
            {"occurred": "Occurred Date Time", "category": "Highest Offense Description"},
        ),
        (
            "objectid,dispatch_date_time,dispatch_date,dispatch_time,dc_key,text_general_code",
            "1,2026-03-04 18:30:00+00,2026-03-04,18:30:00,202600000000,THEFT",
            {"id": "dc_key", "occurred": "dispatch_date_time", "category": "text_general_code"},
        ),
        (
            "Report Number,Offense Start DateTime,Offense End DateTime,Report DateTime,Offense",
            "A,03/04/2026 06:30:00 PM,,03/24/2026 06:30:00 PM,THEFT",
            {"occurred": "Offense Start DateTime", "reported": "Report DateTime"},
        ),
        (
            "CrimeDate,CrimeTime,Description,Total",
            "03/04/2026,18:30:00,THEFT,1",
            {"occurred": "CrimeDate", "time_of_day": "CrimeTime"},
        ),
        (
            "Row,Date Entered,Last Update Date,Begin Date/Time,Type",
            "A,03/09/2026,03/09/2026,03/04/2026 06:30 PM,THEFT",
            {"occurred": "Begin Date/Time"},
        ),
    ],
)
def test_of_several_dates_the_one_with_its_hour_at_which_it_happened_counts(
    tmp_path: Path, heading: str, values: str, columns: dict[str, str]
) -> None:
    outcome = read(tmp_path, f"{heading},Latitude,Longitude\n{values},{WHERE}\n")
    assert the_row(outcome)["t"] == datetime(2026, 3, 4, 18, 30)  # noqa: DTZ001 - on the wall clock
    assert "count" not in outcome.report["mappings"]["calls.csv"]
    assert columns.items() <= outcome.report["mappings"]["calls.csv"].items()


def test_a_count_without_a_date_is_still_a_count(tmp_path: Path) -> None:
    outcome = read(tmp_path, f"Block,Incidents,Latitude,Longitude\n100 Main,7,{WHERE}\n")
    assert (outcome.dataset, outcome.report["events"]) == ("undated", 7)


def test_what_a_column_is_called_is_cut_where_a_sentence_lists_it() -> None:
    with pytest.raises(mapping.MappingIsWrong) as refused:
        mapping.Mapping({}).check(["x" * 9000] * 90, "f.csv")
    assert len(str(refused.value)) < 4000


def test_a_part_of_town_across_water_that_is_cut_off_is_said(tmp_path: Path) -> None:
    nowhere_given = locating.Surroundings()
    town = [row(f"T-{at}", at=f"{39.1 + at % 10 / 500},{-84.5 + at // 10 / 500}") for at in range(200)]
    island = [row(f"I-{at}", at=f"39.{300 + at},-84.5") for at in range(8)]
    outcome = read(tmp_path, HEADING + "".join(town + island), around=nowhere_given)
    (part,) = outcome.report["study_area"]["cut_off"]
    assert part["events"] == outcome.report["set_aside"]["outside the study area"] == 8
    assert 15 < part["km"] < 25
    given = locating.Surroundings(locating.StudyArea(shapely.box(-84.7, 39.0, -84.3, 39.4), derived=False))
    whole = read(tmp_path, HEADING + "".join(town + island), name="again.csv", around=given)
    assert whole.report["kept"] == 208, "with boundaries they stay"
    assert whole.report["study_area"]["cut_off"] == []
