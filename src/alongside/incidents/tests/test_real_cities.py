"""Real cities' files, where they are at hand: what is known about them must come out."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import h3.api.basic_int as h3
import numpy as np
import pytest
import shapely
from tests.realdata import real_data

from alongside.agencies.models import Agency
from alongside.incidents import actions, lake
from alongside.incidents.reading import locating
from alongside.incidents.tests.reading_help import read_files
from alongside.methods.spatial.spots import Spot

HEADQUARTERS = (38.254196, -85.76041)  # 600 block of West Jefferson
JEFFERSON_MALL = (38.137693, -85.672052)
BROADWAY_AT_26TH, BROADWAY_AT_28TH = (38.249448, -85.794878), (38.249567, -85.798277)

pytestmark = [pytest.mark.heavy, pytest.mark.django_db]


def imported(agency: Agency, *paths: Path) -> dict[str, Any]:
    report: dict[str, Any] = actions.import_files(agency, [str(path) for path in paths]).report
    assert report["read"] == report["kept"] + report["merged"] + sum(report["set_aside"].values())
    return report


def spot_at(agency: Agency, lat: float, lon: float, dataset: str = "dated") -> int:
    here = np.array([h3.latlng_to_cell(lat, lon, 10)], np.uint64)
    return int(lake.Lake(agency, dataset).spots(here)[0])


def test_portlands_calls_are_all_investigation_and_none_is_far_out(elsewhere: Agency) -> None:
    report = imported(elsewhere, real_data("portland", "calls_2016_08.csv"))
    assert report["read"] == 19375
    assert report["kept"] > 19000
    assert (report["first"], report["last"]) == ("2016-08-01", "2016-08-31")
    assert report["layers"]["enforcement"] == 0
    assert report["study_area"]["derived"]


def test_portlands_feet_are_known_from_the_police_districts_alone(elsewhere: Agency, tmp_path: Path) -> None:
    path = real_data("portland", "calls_2016_08.csv")
    shapes = shapely.from_geojson(real_data("portland", "police_districts.geojson").read_text())
    area = shapely.union_all(shapely.make_valid(shapely.get_parts(shapes)))
    with path.open() as source, (tmp_path / "feet.csv").open("w", newline="") as target:
        writer = csv.writer(target)
        writer.writerows(row[:-2] for row in csv.reader(source))
    around = locating.Surroundings(study=locating.StudyArea(area, derived=False))
    feet = read_files([tmp_path / "feet.csv"], tmp_path / "feet", around=around)
    degrees = read_files([path], tmp_path / "degrees", around=around)
    assert feet.report["converted_from"] in ("EPSG:2269", "EPSG:2913")
    assert degrees.report["converted_from"] is None
    assert (
        abs(feet.report["kept"] - degrees.report["kept"]) <= 20
    )  # a foot is coarser than a digit: a few more repeat
    bare = read_files([tmp_path / "feet.csv"], tmp_path / "bare", around=locating.Surroundings())
    assert bare.report["kept"] == 0  # without boundaries or degrees nobody can tell
    assert list(bare.report["set_aside"]) == ["coordinates in feet or metres whose CRS cannot be told"]


def test_louisvilles_dated_rows_are_merged_and_carry_both_layers(riverbend: Agency) -> None:
    report = imported(
        riverbend,
        real_data("louisville", "lmpd_assaulted_officers_2010_2018.csv"),
        real_data("louisville", "lmpd_firearms_recovered_2008_2017.csv"),
    )
    assert report["read"] == 22942
    assert report["layers"]["both"] > 100
    assert report["merged"] > 5000
    assert report["loss"]["category"][0]["rate"] > 0.9  # homicides and suicides come without coordinates
    assert not {"BLOCK_ADDRESS", "UOR_DESC"} - set(report["dropped_fields"])
    counts = lake.Lake(riverbend).cell_counts()
    assert counts.either.sum() > 2 * counts.investigation.sum()  # two files: no share of one in the other
    assert spot_at(riverbend, *HEADQUARTERS) == Spot.BLOCK
    assert spot_at(riverbend, *BROADWAY_AT_26TH) == Spot.CROSSING


def test_louisvilles_placeholder_does_not_enter_and_its_counts_stay_apart(riverbend: Agency) -> None:
    report = imported(riverbend, real_data("louisville", "lmpd_incident_counts_by_block.csv"))
    assert report["set_aside"]["placeholder address"] >= 1
    assert report["events"] == lake.Lake(riverbend, "undated").total < 354_000
    assert lake.Lake(riverbend).is_empty
    assert spot_at(riverbend, *JEFFERSON_MALL, "undated") == Spot.BLOCK  # “4800 OUTER LOOP” is the block
    assert spot_at(riverbend, *BROADWAY_AT_28TH, "undated") == Spot.CROSSING
    share = report["crowded_cells"][0]["share"] if report["crowded_cells"] else 0
    assert share < 0.0125  # the placeholder alone would have been the biggest spot of all


def test_the_four_vintages_of_the_lmpd_heading_are_read_without_help(riverbend: Agency) -> None:
    folder = real_data("louisville", "format_samples")
    report = imported(riverbend, *sorted(folder.glob("*.csv")))
    assert (report["files"], report["read"]) == (4, 25)
    assert set(report["set_aside"]) == {"no coordinates", "placeholder address"}  # the dates of all are read


def test_chicagos_arrests_are_enforcement_and_its_masked_rows_have_no_place(riverbend: Agency) -> None:
    report = imported(riverbend, real_data("chicago", "incidents_2016_2017.csv.gz"))
    assert report["read"] == 536605
    assert report["layers"]["enforcement"] == report["layers"]["both"] > 100_000
    assert report["set_aside"]["no coordinates"] == 4383
    assert len(lake.Lake(riverbend).months()) == 24
    counts = lake.Lake(riverbend).cell_counts()
    assert (
        counts.either == counts.investigation
    ).all()  # each arrest is of an incident: a share can be asked
    assert set(lake.Lake(riverbend).spots(counts.cells)) <= {
        Spot.BLOCK,
        Spot.SEVERAL,
    }  # no house is told there
