"""Every row gets one verdict: kept, merged, or set aside for one named reason."""

from __future__ import annotations

import csv
import errno
import io
import os
from collections import Counter
from datetime import datetime
from pathlib import Path

import duckdb
import h3.api.basic_int as h3
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from alongside.incidents.reading import locating, mapping, pipeline, reasons
from alongside.incidents.reading.refusals import CannotImport, MappingIsWrong, MixedKinds
from alongside.incidents.tests.reading_help import (
    HEADING,
    NOW,
    RIVERBEND,
    aside,
    balanced,
    read,
    read_files,
    row,
    rows_of,
)


def test_a_good_row_is_kept_as_a_cell_and_a_hash(tmp_path: Path) -> None:
    outcome = read(tmp_path, HEADING + row())
    [event] = rows_of(outcome)
    assert outcome.report["kept"] == outcome.report["events"] == 1
    assert set(event) == {"id", "t", "kind", "area", "layers", "cell", "flagged", "spot"}
    assert event["t"] == datetime(2026, 3, 4, 18, 30)  # noqa: DTZ001 - as recorded, on the wall clock
    assert event["kind"] == "THEFT"
    assert event["layers"] == 1


BAD_ROWS = [
    (row("B1", when="1900-01-01"), reasons.DATE),
    (row("B2", when="2100-01-01"), reasons.DATE),
    (row("B3", when="1970-01-01 00:00:00"), reasons.DATE),
    (row("B4", when="soon"), reasons.DATE),
    (row("B5", when=""), reasons.DATE),
    (row("B6", when="2026-02-30"), reasons.DATE),
    (row("B7", at="0,0"), reasons.ZERO),
    (row("B8", at="0.0,0.00"), reasons.ZERO),
    (row("B9", at=","), reasons.NO_COORDINATES),
    (row("B10", at="NULL,NULL"), reasons.NO_COORDINATES),
    (row("B11", at="39.1,"), reasons.NO_COORDINATES),
    (row("B12", at="north,west"), reasons.NO_COORDINATES),
    (row("B13", at="nan,inf"), reasons.NO_COORDINATES),
    (row("B14", at="40.9,-84.5"), reasons.OUTSIDE),
    (row("B15", at="91.5,-84.5"), reasons.NO_COORDINATES),
    ("B16,2026-03-04,THEFT,39.1\n", reasons.UNREADABLE_ROW),
    ("B17,2026-03-04,THEFT,39.1,-84.5,more\n", reasons.UNREADABLE_ROW),
    (row("G0"), reasons.DUPLICATE),
]


def test_each_bad_row_is_set_aside_for_its_reason_by_its_line_and_the_good_ones_between_are_kept(
    tmp_path: Path,
) -> None:
    text = HEADING + "".join(row(f"G{at}") + bad for at, (bad, _) in enumerate(BAD_ROWS))
    outcome = read(tmp_path, text)
    assert aside(outcome) == [(3 + 2 * at, reason) for at, (_, reason) in enumerate(BAD_ROWS)]
    assert outcome.report["kept"] == len(BAD_ROWS)
    assert balanced(outcome)


def test_an_address_that_is_no_place_is_set_aside_although_it_was_geocoded(tmp_path: Path) -> None:
    heading = "Incident Number,Date Occurred,Crime Type,Block Address,Latitude,Longitude\n"
    places = [
        "100 BLOCK UNKNOWN SOLDIER RD",
        "COMMUNITY AT LARGE  ",
        "community at large",
        "UNKNOWN",
        "NULL",
        "",
    ]
    body = "".join(f"R-{at},2026-03-04,THEFT,{place},39.1,-84.5\n" for at, place in enumerate(places))
    outcome = read(tmp_path, heading + body)
    assert aside(outcome) == [(line, reasons.PLACEHOLDER) for line in (3, 4, 5, 6)]
    assert outcome.report["kept"] == 2  # a blank address may have good coordinates all the same


def test_rows_of_one_incident_are_merged_and_a_repeated_row_is_a_duplicate(tmp_path: Path) -> None:
    charges = row(kind="THEFT") + row(kind="ASSAULT") + row(kind="THEFT") + row(number="R-2")
    outcome = read(tmp_path, HEADING + charges)
    assert (outcome.report["kept"], outcome.report["merged"]) == (2, 1)
    assert aside(outcome) == [(4, reasons.DUPLICATE)]


def test_the_same_incident_in_both_layers_is_one_event_that_carries_both(tmp_path: Path) -> None:
    outcome = read(
        tmp_path, HEADING + row(kind="THEFT") + row(kind="ARREST ON VIEW") + row("R-2", kind="ARREST")
    )
    assert outcome.report["layers"] == {"investigation": 1, "enforcement": 2, "both": 1}
    assert sorted(event["layers"] for event in rows_of(outcome)) == [2, 3]
    assert outcome.report["merged"] == 1


def test_an_arrest_flag_counts_as_enforcement(tmp_path: Path) -> None:
    heading = "ID,Date,Primary Type,Arrest,Latitude,Longitude\n"
    flags = ["true", "false", "Y", "N", "1", "0", "", "NULL"]
    body = "".join(f"C{at},03/04/2026 01:00:00 PM,THEFT,{flag},39.1,-84.5\n" for at, flag in enumerate(flags))
    assert read(tmp_path, heading + body).report["layers"] == {
        "investigation": 8,
        "enforcement": 3,
        "both": 3,
    }


def test_without_ids_alike_rows_are_duplicates_unless_the_mapping_says_they_are_separate(
    tmp_path: Path,
) -> None:
    heading = "occ_date,category,latitude,longitude\n"
    body = "2026-03-04,NOISE,39.1,-84.5\n" * 3
    first = read(tmp_path, heading + body)
    assert (first.report["kept"], first.report["set_aside"]) == (1, {reasons.DUPLICATE: 2})
    columns = {
        "occurred": "occ_date",
        "category": "category",
        "latitude": "latitude",
        "longitude": "longitude",
    }
    separate = mapping.Mapping(columns, repeats="separate")
    apart = read(tmp_path, heading + body, name="apart.csv", given=separate)
    assert (apart.report["kept"], apart.report["set_aside"]) == (3, {})
    again = read_files(
        [tmp_path / "apart.csv"], tmp_path / "again", given=separate, lake=[apart.parts[0].path]
    )  # told apart the same way each time
    assert (again.report["kept"], again.report["set_aside"]) == (0, {reasons.DUPLICATE: 3})


def test_a_namespace_keeps_two_systems_numbers_apart(tmp_path: Path) -> None:
    columns = {
        "id": "Incident Number",
        "occurred": "Date Occurred",
        "latitude": "Latitude",
        "longitude": "Longitude",
    }
    one = read(tmp_path, HEADING + row("1"), given=mapping.Mapping(columns))
    other = read(
        tmp_path, HEADING + row("1"), name="b.csv", given=mapping.Mapping(columns, namespace="stops")
    )
    assert rows_of(one)[0]["id"] != rows_of(other)[0]["id"]


def test_a_row_far_from_its_recorded_beat_is_kept_and_flagged(tmp_path: Path) -> None:
    heading = "Incident Number,Date Occurred,Crime Type,Beat,Latitude,Longitude\n"
    body = (
        "R-1,2026-03-04,THEFT,101,39.1,-84.55\n"  # inside
        "R-2,2026-03-04,THEFT,0101,39.1,-84.499\n"  # 86 m outside
        "R-3,2026-03-04,THEFT,101,39.1,-84.45\n"  # 4 km outside
        "R-4,2026-03-04,THEFT,nowhere,39.1,-84.45\n"
    )
    outcome = read(tmp_path, heading + body)
    assert outcome.report["kept"] == 4
    assert outcome.report["flagged"] == {"far from the recorded area": 1}
    assert outcome.report["compared_with"] == "beat"


def test_counts_without_dates_add_up_and_negative_ones_are_set_aside(tmp_path: Path) -> None:
    heading = "block_address,incidents,latitude,longitude\n"
    body = "100 A ST,5,39.1,-84.5\n200 B ST,-3,39.1,-84.5\n300 C ST,many,39.1,-84.5\n400 D ST,2,39.1,-84.5\n"
    outcome = read(tmp_path, heading + body)
    assert outcome.dataset == "undated"
    assert outcome.report["events"] == 7
    assert outcome.report["set_aside"] == {reasons.UNREADABLE_ROW: 1, reasons.NEGATIVE_COUNT: 1}
    assert outcome.report["first"] is None


def test_counts_never_mix_with_dated_rows(tmp_path: Path) -> None:
    (tmp_path / "counts.csv").write_text("block_address,incidents,latitude,longitude\n1 A ST,5,39.1,-84.5\n")
    (tmp_path / "rows.csv").write_text(HEADING + row())
    with pytest.raises(MixedKinds, match=r"counts\.csv"):
        read_files([tmp_path / "rows.csv", tmp_path / "counts.csv"], tmp_path / "work")
    assert not (tmp_path / "work").exists()


def test_the_reported_date_stands_in_only_where_the_other_is_blank(tmp_path: Path) -> None:
    heading = "Incident Number,Date Reported,Date Occurred,Crime Type,Latitude,Longitude\n"
    body = "R-1,2026-03-05,,THEFT,39.1,-84.5\nR-2,2026-03-05,1900-01-01,THEFT,39.1,-84.5\n"
    outcome = read(tmp_path, heading + body)
    assert [event["t"].day for event in rows_of(outcome)] == [5]
    assert outcome.report["set_aside"] == {reasons.DATE: 1}


def test_dates_in_many_formats_are_read_and_times_stay_as_recorded(tmp_path: Path) -> None:
    written = {
        "2026-03-04": (0, 0),
        "2026-03-04 18:30:00": (18, 30),
        "2026-03-04T18:30:00.000Z": (18, 30),
        "2026-03-04 18:30:00-05:00": (18, 30),
        "2026/03/04 18:30:00+00": (18, 30),
        "3/4/2026": (0, 0),
        "03/04/2026 06:30:00 PM": (18, 30),
        "3/4/26 6:30 PM": (18, 30),
        "03/04/2026 18:30": (18, 30),
        "4 Mar 2026": (0, 0),
        "04-MAR-26": (0, 0),
        "20260304": (0, 0),
    }
    body = "".join(row(number=f"R-{at}", when=when) for at, when in enumerate(written))
    outcome = read(tmp_path, HEADING + body)
    assert outcome.report["set_aside"] == {}
    expected = sorted(datetime(2026, 3, 4, *clock) for clock in written.values())  # noqa: DTZ001 - as recorded, on the wall clock
    assert sorted(event["t"] for event in rows_of(outcome)) == expected


def test_whether_the_day_comes_first_is_settled_by_the_file_and_never_guessed_for_a_row(
    tmp_path: Path,
) -> None:
    body = (
        row("R-1", "25/12/2025")
        + row("R-2", "26/12/2025")
        + row("R-3", "02/03/2026")
        + row("R-4", "12/30/2025")
    )
    outcome = read(tmp_path, HEADING + body)
    assert sorted((event["t"].month, event["t"].day) for event in rows_of(outcome)) == [
        (3, 2),
        (12, 25),
        (12, 26),
    ]
    assert aside(outcome) == [(5, reasons.DATE)]


def test_a_day_and_a_time_of_day_from_two_columns(tmp_path: Path) -> None:
    heading = "Incident Number,OccurDate,OccurTime,Crime Type,Latitude,Longitude\n"
    body = "R-1,3/4/2026,1830,THEFT,39.1,-84.5\nR-2,3/4/2026,5,THEFT,39.1,-84.5\nR-3,3/4/2026,,THEFT,39.1,-84.5\n"
    times = sorted(event["t"].strftime("%H:%M") for event in rows_of(read(tmp_path, heading + body)))
    assert times == ["00:00", "00:05", "18:30"]


def test_a_column_of_free_text_is_refused_as_a_category(tmp_path: Path) -> None:
    body = "".join(row(number=f"R-{at}", kind=f"he said {at}") for at in range(3001))
    with pytest.raises(MappingIsWrong, match="text and no category"):
        read(tmp_path, HEADING + body)


def test_losses_are_reported_by_category_area_and_month_the_largest_differences_first(tmp_path: Path) -> None:
    body = "".join(row(number=f"T-{at}") for at in range(60))
    body += "".join(row(number=f"H-{at}", kind="HOMICIDE", at=",") for at in range(30))
    body += "".join(row(number=f"S-{at}", kind="SUICIDE", at=",") for at in range(3))  # too few to say
    loss = read(tmp_path, HEADING + body).report["loss"]
    assert [(line["value"], line["lost"]) for line in loss["category"]] == [("HOMICIDE", 30), ("THEFT", 0)]
    assert loss["category"][0]["difference"] > 0 > loss["category"][1]["difference"]
    assert {"category", "area", "month"} == set(loss)


def test_where_most_of_a_file_is_lost_the_report_says_what_to_look_at_first(tmp_path: Path) -> None:
    lost = read(tmp_path, HEADING + row("R-1") + row("R-2", at="10,10") + row("R-3", at="11,11"))
    assert lost.report["hints"] == [
        "Most rows lie outside the boundaries: are these the boundaries of this city?"
    ]
    fine = read(tmp_path, HEADING + row("R-1") + row("R-2", at="10,10") + row("R-3"), name="fine.csv")
    assert fine.report["hints"] == []


# -- a slow and obvious twin ------------------------------------------------------------------------
ids = st.sampled_from(["A", "B", "C", "D", ""])
whens = st.sampled_from(["2026-03-04", "2026-03-05 10:00:00", "1900-01-01", "2100-01-01", "never", ""])
kinds = st.sampled_from(["THEFT", "ARREST", ""])
points = st.sampled_from(["39.1,-84.5", "39.15,-84.45", "0,0", ",", "10,10", "1.5e3,2"])
cities = st.lists(st.tuples(ids, whens, kinds, points), max_size=12)


@given(cities)
@example([("", "", "", ",")])
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_read_is_kept_and_merged_and_set_aside_and_the_slow_twin_agrees(
    tmp_path_factory: pytest.TempPathFactory, city: list[tuple[str, str, str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("city")
    text = HEADING + row("start", at="39.01,-84.41") + "".join(row(*each) for each in city)
    outcome = read(folder, text)
    assert balanced(outcome)
    kept, merged, reasons_of = _slow_twin(text)
    assert (outcome.report["kept"], outcome.report["merged"]) == (kept, merged)
    assert outcome.report["set_aside"] == {reason: count for reason, count in reasons_of.items() if count}


def _slow_twin(text: str) -> tuple[int, int, Counter[str]]:
    seen_rows: set[tuple[str, ...]] = set()
    seen_ids: set[str] = set()
    merged = 0
    why: Counter[str] = Counter()
    for record in list(csv.reader(io.StringIO(text)))[1:]:
        number, when, _, lat, lon = record
        if not any(record):
            continue  # a line of commas is no row
        reason = _slow_reason(when, lat, lon)
        identity = number or "\x1f".join(record)
        if reason:
            why[reason] += 1
        elif tuple(record) in seen_rows:
            why[reasons.DUPLICATE] += 1
        elif identity in seen_ids:
            merged += 1
        if not reason:
            seen_rows.add(tuple(record))
            seen_ids.add(identity)
    return len(seen_ids), merged, why


def _slow_reason(when: str, lat: str, lon: str) -> str | None:
    try:
        moment = datetime.fromisoformat(when)
    except ValueError:
        return reasons.DATE
    if not 1971 <= moment.year <= NOW.year:
        return reasons.DATE
    if not lat:
        return reasons.NO_COORDINATES
    if float(lat) == float(lon) == 0:
        return reasons.ZERO
    if float(lat) > 90:
        return reasons.UNKNOWN_CRS
    inside = RIVERBEND.bounds[1] <= float(lat) <= RIVERBEND.bounds[3]
    return None if inside else reasons.OUTSIDE


def test_points_are_located_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locating, "AT_ONCE", 3)
    for points in (0, 2, 3, 7):
        latitude = np.linspace(39.0, 39.2, points)
        longitude = np.linspace(-84.6, -84.4, points)
        found = locating._cells(latitude, longitude, 10)
        assert found.tolist() == [
            h3.latlng_to_cell(*point, 10) for point in zip(latitude, longitude, strict=True)
        ]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "not enough disk"),
        (duckdb.IOException(f"Could not write file x: {os.strerror(errno.EFBIG)}"), "not enough disk"),
        (duckdb.OutOfMemoryException("failed to offload: 'max_temp_directory_size'"), "not enough disk"),
        (
            duckdb.OutOfMemoryException("could not allocate block of size 256.0 KiB"),
            "ALONGSIDE_LAKE_MEMORY_MB",
        ),
    ],
)
def test_want_of_memory_and_want_of_disk_are_told_apart(
    error: Exception, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object, **_how: object) -> None:
        raise error

    monkeypatch.setattr(pipeline.judging, "judge", fails)
    with pytest.raises(CannotImport, match=said):
        read(tmp_path, HEADING + row())
