"""Ada brings her city's boundaries in: repaired, named, counted, and told what was done."""

import json

import numpy as np
import pyproj
import pytest
import shapely

from alongside.agencies.models import AuditEntry
from alongside.places import actions
from alongside.places.boundaries import geojson
from alongside.places.boundaries.counts import UnreadableCounts, read_counts
from alongside.places.models import Area, AreaLabel, labels_of
from alongside.places.tests.cities import SOUTH, WEST, collection, feature, square, two_neighborhoods


def read(content, **options):
    options = {"kind": "neighborhood", "name": "name"} | options
    return actions.read_areas(content, file_name="city.geojson", **options)


def test_two_neighborhoods_are_kept_with_their_outlines_and_residents(riverbend, ada):
    done = actions.keep_areas(riverbend, read(two_neighborhoods(), population="people"), by=ada)

    assert done.added == ["Eastbank", "Mill Row"]
    eastbank, mill_row = Area.objects.filter(agency=riverbend)
    assert (eastbank.name, eastbank.population, mill_row.population) == ("Eastbank", 1200, 800)
    assert eastbank.shape.equals(shapely.box(WEST, SOUTH, WEST + 0.01, SOUTH + 0.01))
    assert (eastbank.west, eastbank.north) == (WEST, pytest.approx(SOUTH + 0.01))
    entry = AuditEntry.objects.get(agency=riverbend, verb="imported areas of")
    assert entry.actor == ada
    assert entry.detail["added"] == 2


@pytest.mark.database
def test_the_same_file_again_changes_nothing(riverbend):
    actions.keep_areas(riverbend, read(two_neighborhoods()), by=None)
    before = list(Area.objects.values_list("pk", "public_id", "changed_at"))

    done = actions.keep_areas(riverbend, read(two_neighborhoods()), by=None)

    assert (done.added, done.changed, done.unchanged, done.removed) == ([], [], 2, [])
    assert list(Area.objects.values_list("pk", "public_id", "changed_at")) == before


def test_a_newer_file_changes_in_place_and_switches_off_what_it_leaves_out(riverbend):
    actions.keep_areas(riverbend, read(two_neighborhoods(), population="people"), by=None)
    old = Area.objects.get(name="Eastbank")
    newer = collection(
        feature(square(WEST, SOUTH, 0.02), name="EASTBANK"), feature(square(0, 40), name="Hill")
    )

    done = actions.keep_areas(riverbend, read(newer), by=None)

    assert (done.added, done.changed, done.removed) == (["Hill"], ["EASTBANK"], ["Mill Row"])
    now = Area.objects.get(pk=old.pk)
    assert now.public_id == old.public_id
    assert now.name == "EASTBANK"
    assert now.population == 1200, "a file without residents leaves those that were known"
    assert not Area.objects.get(name="Mill Row").active

    back = actions.keep_areas(riverbend, read(two_neighborhoods()), by=None)
    assert "Mill Row" in back.changed
    assert Area.objects.get(name="Mill Row").active


def test_areas_of_another_kind_and_of_another_agency_stay(riverbend, elsewhere):
    for agency, kind in ((riverbend, "division"), (elsewhere, "neighborhood")):
        actions.keep_areas(agency, read(two_neighborhoods(), kind=kind), by=None)
    actions.keep_areas(riverbend, read(collection(feature(square(WEST, SOUTH), name="Only"))), by=None)
    assert Area.objects.filter(agency=riverbend, kind="division", active=True).count() == 2
    assert Area.objects.filter(agency=elsewhere, active=True).count() == 2


BOW_TIE = [[[0.0, 40.0], [0.02, 40.02], [0.02, 40.0], [0.0, 40.02], [0.0, 40.0]]]
NESTED = {
    "type": "MultiPolygon",
    "coordinates": [square(-85.76, 38.2, 0.02), square(-85.755, 38.205, 0.005)],
}


def test_an_outline_that_crosses_itself_is_mended_and_reported():
    result = read(collection(feature(BOW_TIE, name="Bow Tie")))
    assert not shapely.Polygon(BOW_TIE[0]).is_valid, "the premise"
    assert result.areas[0].shape.is_valid
    assert result.report.repaired == [
        {
            "row": 1,
            "name": "Bow Tie",
            "reason": "Self-intersection",
            "at": [40.01, 0.01],
            "area_change_percent": pytest.approx(result.report.repaired[0]["area_change_percent"]),
        }
    ]


def test_a_part_drawn_inside_another_part_makes_no_hole():
    result = read(collection(feature(NESTED, name="Nested")))
    outer = shapely.box(-85.76, 38.2, -85.74, 38.22)
    assert result.report.repaired[0]["reason"] == "Nested shells"
    assert result.areas[0].shape.area == pytest.approx(outer.area)


def test_a_hole_that_is_meant_stays_a_hole():
    ring = [*square(WEST, SOUTH, 0.02), square(WEST + 0.005, SOUTH + 0.005, 0.005)[0][::-1]]
    result = read(collection(feature(ring, name="Ring")))
    assert not result.report.repaired
    assert not result.areas[0].shape.covers(shapely.Point(WEST + 0.007, SOUTH + 0.007))


def test_heights_are_dropped_and_geometry_collections_give_their_polygons():
    with_heights = [[[*corner, 120.0] for corner in square(WEST, SOUTH)[0]]]
    mixed = {
        "type": "GeometryCollection",
        "geometries": [
            {"type": "Polygon", "coordinates": square(WEST + 0.02, SOUTH)},
            {"type": "Point", "coordinates": [WEST, SOUTH]},
        ],
    }
    result = read(collection(feature(with_heights, name="High"), feature(mixed, name="Mixed")))
    assert [area.name for area in result.areas] == ["High", "Mixed"]
    assert not result.areas[0].shape.has_z
    assert result.areas[1].shape.geom_type == "Polygon"


def test_features_of_one_name_become_one_area_and_their_residents_add_up():
    result = read(
        collection(
            feature(square(WEST, SOUTH), name="Isles", people=10),
            feature(square(WEST + 0.05, SOUTH), name=" isles ", people="1,005"),
        ),
        population="people",
    )
    assert len(result.areas) == 1
    assert result.areas[0].population == 1015
    assert result.areas[0].shape.geom_type == "MultiPolygon"
    assert result.report.merged == [{"name": "Isles", "rows": [1, 2]}]


def test_crumbs_are_dropped_and_reported_but_a_small_island_stays():
    crumbs = {
        "type": "MultiPolygon",
        "coordinates": [
            square(WEST, SOUTH),
            square(WEST + 0.05, SOUTH, 0.00005),
            square(WEST + 0.06, SOUTH, 0.0005),
        ],
    }
    result = read(collection(feature(crumbs, name="Crumbs")))
    assert len(result.areas[0].shape.geoms) == 2
    assert "1 slivers" in result.report.repaired[0]["reason"]


def test_rows_that_are_no_areas_are_set_aside_one_by_one():
    result = read(
        collection(
            feature(square(WEST, SOUTH), name="Good"),
            feature(None, name="No outline"),
            feature({"type": "Point", "coordinates": [0, 0]}, name="A point"),
            feature(square(WEST, SOUTH), name=None),
            feature(square(WEST, SOUTH), name="  "),
            feature({"type": "Polygon", "coordinates": "rubbish"}, name="Rubbish"),
            feature({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, name="Two corners"),
            "not even a feature",
        )
    )
    assert [area.name for area in result.areas] == ["Good"]
    assert [row["row"] for row in result.report.set_aside] == [2, 3, 4, 5, 6, 7, 8]
    assert result.report.set_aside[1]["reason"] == "a Point instead of a polygon"


def test_overlaps_and_gaps_are_reported_with_their_size():
    around = [
        feature(square(WEST, SOUTH, 0.01), name="South-west"),
        feature(square(WEST + 0.01, SOUTH, 0.01), name="South-east"),
        feature([[[WEST, SOUTH + 0.01], [WEST + 0.005, SOUTH + 0.01], [WEST + 0.005, SOUTH + 0.02],
                  [WEST, SOUTH + 0.02], [WEST, SOUTH + 0.01]]], name="West"),
        feature([[[WEST + 0.01, SOUTH + 0.008], [WEST + 0.02, SOUTH + 0.008], [WEST + 0.02, SOUTH + 0.02],
                  [WEST + 0.01, SOUTH + 0.02], [WEST + 0.01, SOUTH + 0.008]]], name="East"),
        feature([[[WEST, SOUTH + 0.02], [WEST + 0.02, SOUTH + 0.02], [WEST + 0.02, SOUTH + 0.03],
                  [WEST, SOUTH + 0.03], [WEST, SOUTH + 0.02]]], name="North"),
    ]  # fmt: skip
    report = read(collection(*around)).report
    assert [each["names"] for each in report.overlaps] == [["South-east", "East"]]
    assert report.overlaps[0]["km2"] == pytest.approx(0.01 * 0.002 * 111.2 * 87.4, rel=0.02)
    assert len(report.gaps) == 1
    assert report.gaps[0]["km2"] == pytest.approx(0.005 * 0.01 * 111.2 * 87.4, rel=0.02)


@pytest.mark.parametrize(
    "name", ["EPSG:2246", "urn:ogc:def:crs:EPSG::2246", "urn:ogc:def:crs:EPSG:9.1:2246", "epsg:2246"]
)
def test_a_projection_that_the_file_names_is_converted(name):
    to_feet = pyproj.Transformer.from_crs("OGC:CRS84", "EPSG:2246", always_xy=True)
    corners = [list(to_feet.transform(*corner)) for corner in square(WEST, SOUTH)[0]]
    crs = {"type": "name", "properties": {"name": name}}
    result = read(collection(feature([corners], name="Feet"), crs=crs))
    assert result.report.converted_from == "EPSG:2246"
    assert np.allclose(result.areas[0].shape.bounds, (WEST, SOUTH, WEST + 0.01, SOUTH + 0.01), atol=1e-6)


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"])
def test_names_of_wgs_84_leave_the_coordinates_alone(name):
    crs = {"type": "name", "properties": {"name": name}}
    result = read(collection(feature(square(WEST, SOUTH), name="Plain"), crs=crs))
    assert result.report.converted_from is None
    assert result.areas[0].shape.bounds[0] == WEST


def test_feet_without_a_projection_are_refused_and_accepted_once_it_is_named():
    to_feet = pyproj.Transformer.from_crs("OGC:CRS84", "EPSG:2246", always_xy=True)
    corners = [list(to_feet.transform(*corner)) for corner in square(WEST, SOUTH)[0]]
    content = collection(feature([corners], name="Feet"))
    with pytest.raises(geojson.NeedsProjection, match="--crs EPSG:number"):
        read(content)
    assert read(content, crs="EPSG:2246").areas[0].shape.bounds[0] == pytest.approx(WEST, abs=1e-6)


# -- residents from a table -----------------------------------------------------------------------
TRACTS = collection(
    feature(square(WEST, SOUTH), tract="21111000201", name=2.01),
    feature(square(WEST + 0.01, SOUTH), tract="21111000202", name=2.0),
    feature(square(WEST + 0.02, SOUTH), tract="21111000300", name=3.0),
)


def test_rows_of_one_key_are_summed_and_what_does_not_join_is_reported():
    table = (
        b"\xef\xbb\xbfdistrict,tract,population\r\n"
        b'1,21111000201,"1,000.0"\r\n2,21111000201,500\r\n1,21111000202.0, 70 \r\n'
        b"9,999,5\r\n9,21111000300,unknown\r\n9,21111000300,-4\r\n9,,12\r\n"
    )
    counts = read_counts(table, key="tract", value="population")
    result = read(TRACTS, kind="tract", key="tract", counts=counts)

    assert [(area.name, area.population) for area in result.areas] == [("2.01", 1500), ("2", 70), ("3", None)]
    people = result.report.population
    assert people["total"] == 1570
    assert people["rows"] == 7
    assert people["keys_summed"] == 1
    assert people["unusable_rows"] == 3
    assert people["areas_without"] == ["3"]
    assert (people["keys_without_area"], people["residents_without_area"]) == (["999"], 5)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (b"", "empty"),
        (b"tract;persons\n1;2\n", "has no column “people”: it has tract, persons"),
        (b"tract,people\n1,many\n", "no count in"),
        (b"tract,people\n\x001,2\n", "NUL"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(table, said):
    with pytest.raises(UnreadableCounts, match=said):
        read_counts(table, key="tract", value="people")


# -- drawing and naming ---------------------------------------------------------------------------
def test_ada_draws_an_area_and_a_second_of_the_same_name_is_refused(riverbend, ada):
    drawing = json.dumps({"type": "Polygon", "coordinates": square(WEST, SOUTH)})
    area = actions.draw_area(riverbend, kind="neighborhood", name=" Dock ", drawing=drawing, by=ada)
    assert (area.name, area.source) == ("Dock", "drawn")
    with pytest.raises(actions.NameTaken):
        actions.draw_area(riverbend, kind="neighborhood", name="DOCK", drawing=drawing, by=ada)
    assert actions.draw_area(riverbend, kind="beat", name="Dock", drawing=drawing, by=ada).kind == "beat"


def test_a_drawing_whose_lines_cross_is_mended_and_a_line_is_refused(riverbend, ada):
    crossed = json.dumps({"type": "Polygon", "coordinates": BOW_TIE})
    assert actions.draw_area(riverbend, kind="beat", name="Tie", drawing=crossed, by=ada).shape.is_valid
    line = json.dumps({"type": "LineString", "coordinates": [[WEST, SOUTH], [WEST, SOUTH + 1]]})
    with pytest.raises(geojson.UnreadableBoundaries):
        actions.draw_area(riverbend, kind="beat", name="Line", drawing=line, by=ada)


def test_the_agency_says_it_its_own_way_and_can_take_that_back(riverbend, elsewhere, ada):
    actions.name_kinds(riverbend, words={"division": ("Precinct", "Precincts")}, by=ada)
    assert labels_of(riverbend)["division"] == ("Precinct", "Precincts")
    assert labels_of(elsewhere)["division"] == ("Division", "Divisions")
    actions.name_kinds(riverbend, words={"division": ("", "")}, by=ada)
    assert not AreaLabel.objects.filter(agency=riverbend).exists()
