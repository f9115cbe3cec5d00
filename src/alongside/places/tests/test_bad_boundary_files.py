"""Files that are no boundaries: each gets one sentence that says what to do, and nothing is half-written."""

import json

import pytest

from alongside.core.errors import Refusal
from alongside.places import actions
from alongside.places.boundaries import geojson
from alongside.places.models import Area
from alongside.places.tests.cities import SOUTH, WEST, collection, feature, square

GOOD = collection(feature(square(WEST, SOUTH), name="Good", place="x"))


def read(content, **options):
    return actions.read_areas(content, file_name="f", **({"kind": "beat", "name": "name"} | options))


BAD = {
    "an empty file": (b"", "empty"),
    "only a byte order mark": (b"\xef\xbb\xbf\r\n", "empty"),
    "NUL bytes": (b"\x00\x00\x00", "empty"),
    "cut off": (GOOD[:80], "not JSON .* cut off"),
    "letters that no GeoJSON is about": (b'{"type": "\xff\xfe\xfa"}', "no GeoJSON"),
    "JSON, but a list": (b"[1, 2]", "no GeoJSON"),
    "JSON, but other": (b'{"hello": "world"}', "no GeoJSON"),
    "no features": (b'{"type": "FeatureCollection", "features": []}', "no features"),
    "a zipped shapefile": (b"PK\x03\x04rest", "shapefile.*Export the layer as GeoJSON"),
    "a shapefile": (b"\x00\x00\x27\x0a" + b"\x00" * 96, "shapefile"),
    "KML": (b"<?xml version='1.0'?><kml/>", "XML"),
    "TopoJSON": (b'{"type": "Topology", "objects": {}, "arcs": []}', "TopoJSON"),
    "Esri JSON": (b'{"geometryType": "esriGeometryPolygon", "features": []}', "Esri JSON"),
    "NaN": (GOOD.replace(b"38.2,", b"NaN,", 1).replace(b"38.2]", b"NaN]", 1), "NaN"),
    "only points": (collection(feature({"type": "Point", "coordinates": [1, 2]}, name="P")), "no outline"),
    "exchanged": (
        collection(feature([[[38.2, -95.76], [38.3, -95.76], [38.3, -95.7], [38.2, -95.76]]], name="X")),
        "exchanged",
    ),
    "exchanged, east of 90° W": (
        collection(feature([[[38.2, -85.8], [38.3, -85.8], [38.3, -85.7]]], name="X")),
        "exchanged",
    ),
    "exchanged, in New York": (collection(feature(square(40.7, -74.0), name="X")), "exchanged"),
    "half of it": (
        collection(feature(square(WEST, SOUTH), name="X"), exceededTransferLimit=True),
        "only some",
    ),
    "half of it, as others say": (
        collection(feature(square(WEST, SOUTH), name="X"), properties={"exceededTransferLimit": True}),
        "only some",
    ),
    "beyond Earth": (collection(feature(square(200, 95), name="X")), "no place on Earth"),
    "at 0, 0": (collection(feature(square(0, 0), name="X")), "0, 0"),
    "a strange projection": (
        collection(feature(square(1, 1), name="X"), crs={"type": "name", "properties": {"name": "Mine"}}),
        "projection “Mine” is not known",
    ),
    "degrees called feet": (
        collection(
            feature(square(WEST, SOUTH), name="X"),
            crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2246"}},
        ),
        "smaller than",
    ),
    "nested too deep": (b"[" * 100_000, "nested|not JSON"),
}


@pytest.mark.parametrize("case", BAD)
def test_each_bad_file_is_refused_in_one_line_that_helps(case):
    content, said = BAD[case]
    with pytest.raises(geojson.UnreadableBoundaries, match=said) as refused:
        read(content)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize("mark", ["", "\x1e"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\n\n"])
def test_a_feature_on_each_line_is_read_as_a_collection(mark, ends):
    lines = [
        json.dumps(feature(square(WEST + n, SOUTH), name=name)) for n, name in enumerate(("Mill", "Hall"))
    ]
    found = read("".join(f"{mark}{line}{ends}" for line in lines).encode())
    assert [area.name for area in found.areas] == ["Mill", "Hall"]


@pytest.mark.parametrize("place", [(-70.9, -53.2), (25.7, 78.2), (15.6, 78.2), (-68.3, -54.8), (-85.8, 38.2)])
def test_cities_near_the_poles_are_where_they_are(place):
    assert [area.name for area in read(collection(feature(square(*place), name="Far"))).areas] == ["Far"]


def test_infinity_that_hides_in_an_exponent_is_set_aside():
    hidden = GOOD.replace(b"38.2]", b"1e999]", 1)
    with pytest.raises(geojson.UnreadableBoundaries, match="no numbers"):
        read(hidden)


def test_a_wrong_field_name_lists_the_fields_there_are():
    with pytest.raises(Refusal, match="no field “NAME” in the file: it has name, place"):
        read(GOOD, name="NAME")


def test_a_wrong_kind_lists_the_kinds_there_are():
    with pytest.raises(Refusal, match="neighborhood, division, beat"):
        read(GOOD, kind="precinct")


def test_a_byte_order_mark_an_emoji_and_control_characters_do_no_harm():
    content = "\ufeff".encode() + collection(feature(square(WEST, SOUTH), name="Mill\u0000\n Row \U0001f333"))
    assert [area.name for area in read(content).areas] == ["Mill Row \U0001f333"]


@pytest.mark.parametrize("how", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_file_in_other_letters_is_read_with_its_names(how):
    content = json.dumps(json.loads(GOOD) | {"a": 1}, ensure_ascii=False).replace("Good", "Río")
    assert "Río" in content, "the premise"
    assert "Río" in {area.name for area in read(content.encode(how)).areas}


def test_one_row_with_a_number_without_end_is_set_aside_alone():
    endless = feature(square(WEST, SOUTH), name="Endless")
    endless["geometry"]["coordinates"][0][1][0] = 10**400
    found = read(collection(feature(square(WEST, SOUTH), name="Good"), endless))
    assert [area.name for area in found.areas] == ["Good"]
    assert [(row["row"], row["reason"]) for row in found.report.set_aside] == [
        (2, "an outline that cannot be read")
    ]
    with pytest.raises(geojson.UnreadableBoundaries, match="no outline in the file"):
        read(collection(endless))


def test_too_many_features_and_too_many_bytes_are_refused(monkeypatch):
    monkeypatch.setattr(geojson, "MOST_FEATURES", 2)
    with pytest.raises(geojson.UnreadableBoundaries, match="more than the 2"):
        geojson.read(collection(*[feature(square(WEST, SOUTH), name=str(n)) for n in range(3)]))
    monkeypatch.setattr(geojson, "LARGEST_BYTES", 10)
    with pytest.raises(geojson.UnreadableBoundaries, match="larger than"):
        geojson.read(GOOD)


def test_nothing_is_kept_of_a_file_that_is_refused(riverbend):
    with pytest.raises(Refusal):
        actions.keep_areas(riverbend, read(b"[]"), by=None)
    assert not Area.objects.exists()
