"""Files that are not what they say, brought to each door that takes files. Each is refused in a sentence."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest
from django.urls import reverse

from alongside.incidents.models import Import, LakePart
from alongside.places.models import Area, Venue
from alongside.walks.models import Walk

SQUARE = [[-85.70, 38.20], [-85.69, 38.20], [-85.69, 38.21], [-85.70, 38.21], [-85.70, 38.20]]


def feature(ring: object, **properties: object) -> dict:
    return {
        "type": "Feature",
        "properties": {"name": "Old Town", **properties},
        "geometry": {"type": "Polygon", "coordinates": ring},
    }


def collection(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


NO_BOUNDARIES = {
    "nothing": b"",
    "NUL": b"\x00" * 500,
    "half a file": collection(feature([SQUARE])).encode()[:120],
    "a list": b"[1, 2, 3]",
    "a number": b"7",
    "a number without end": b"9" * 5000,
    "null": b"null",
    "deep": b'{"type":"FeatureCollection","features":' + b"[" * 200_000,
    "a deep outline": (
        b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"x"},'
        b'"geometry":{"type":"Polygon","coordinates":' + b"[" * 900 + b"]" * 900 + b"}}]}"
    ),
    "features that are words": b'{"type":"FeatureCollection","features":["a","b"]}',
    "no outline": collection({"type": "Feature", "properties": {}, "geometry": None}).encode(),
    "words for numbers": collection(feature([[["a", "b"], ["c", "d"], ["a", "b"]]])).encode(),
    "one point": collection(feature([[[-85.7, 38.2]]])).encode(),
    "a line there and back": collection(feature([[SQUARE[0], SQUARE[1], SQUARE[0], SQUARE[0]]])).encode(),
    "not a number": b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"x"},'
    b'"geometry":{"type":"Polygon","coordinates":[[[NaN,1],[2,3],[4,Infinity],[NaN,1]]]}}]}',
    "beyond the earth": collection(
        feature([[[1e300, 1e300], [1e301, 1e300], [1e301, 1e301], [1e300, 1e300]]])
    ).encode(),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
    "a page": b"<!doctype html><title>404</title>",
}


@pytest.mark.parametrize("content", NO_BOUNDARIES.values(), ids=NO_BOUNDARIES)
class TestWhatIsNoBoundary:
    def test_is_refused_at_the_upload(self, client_for, ada, upload, content):
        address = reverse("places:area-import", args=["riverbend"])
        page = client_for(ada).post(
            address, {"kind": "neighborhood", "file": upload("areas.geojson", content)}, follow=True
        )
        assert page.status_code == 422
        assert not Area.objects.exists()

    def test_is_refused_as_a_drawing(self, client_for, ada, content):
        address = reverse("places:area-draw", args=["riverbend"])
        drawing = content.decode("utf-8", "replace")
        page = client_for(ada).post(address, {"kind": "neighborhood", "name": "Mine", "drawing": drawing})
        assert page.status_code == 422
        assert not Area.objects.exists()

    def test_is_refused_as_a_walk(self, client_for, ada, upload, content):
        address = reverse("walks:plan", args=["riverbend"])
        said = {
            "on": "2099-01-01",
            "at": "18:00",
            "minutes": "60",
            "meeting_point": "The gate",
            "form_key": "k",
        }
        for how in (
            {"drawn": content.decode("utf-8", "replace") or "{"},
            {"upload": upload("a.json", content)},
        ):
            assert client_for(ada).post(address, said | how).status_code == 422
        assert not Walk.objects.exists()


def zipped(*members: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


GOOD = b"id,date,type,lat,lon\n" + b"".join(b"%d,2026-01-02 10:00,THEFT,38.2,-85.7\n" % n for n in range(30))

NO_INCIDENTS = {
    "nothing": ("i.csv", b""),
    "NUL": ("i.csv", b"\x00" * 500),
    "a picture": ("i.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40),
    "the beginning of a zip": ("i.zip", zipped(("i.csv", GOOD * 50))[:200]),
    "the beginning of a gzip": ("i.csv.gz", gzip.compress(GOOD * 50)[:80]),
    "a Parquet file by name only": ("i.parquet", b"PAR1" + b"\x00" * 200 + b"PAR1"),
    "a zip in a zip": ("i.zip", zipped(("inner.zip", zipped(("i.csv", GOOD))))),
    "an empty zip": ("i.zip", zipped()),
    "a zip of folders": ("i.zip", zipped(("../../etc/", b""))),
    "one endless line": ("i.csv", b"a" * 3_000_000),
    "a hundred thousand columns": ("i.csv", b",".join(b"c%d" % n for n in range(100_000)) + b"\n"),
}


class TestWhatIsNoTableOfIncidents:
    @pytest.mark.parametrize(("name", "content"), NO_INCIDENTS.values(), ids=NO_INCIDENTS)
    def test_is_refused_and_leaves_nothing(self, client_for, ada, upload, settings, name, content):
        address = reverse("incidents:upload", args=["riverbend"])
        page = client_for(ada).post(address, {"uploaded": upload(name, content)}, follow=True)
        assert page.status_code in {200, 422}
        assert not Import.objects.exists()
        assert not LakePart.objects.exists()
        assert [each for each in settings.DATA.rglob("*") if each.is_file()] in ([], [settings.DATA / "keys"])

    @pytest.mark.parametrize(
        "name",
        [
            "../../escape.csv",
            "..\\..\\escape.csv",
            "/etc/escape.csv",
            "🦊" * 120 + ".csv",
            "x" * 400 + ".csv",
            "-rf.csv",
            "[a-z]*?.csv",
            "con.csv ",
            "a\u202ecsv.exe",
        ],
    )
    def test_a_good_one_with_an_odd_name_stays_in_its_folder(self, client_for, ada, upload, settings, name):
        address = reverse("incidents:upload", args=["riverbend"])
        page = client_for(ada).post(address, {"uploaded": upload(name, GOOD)}, follow=True)
        assert page.status_code == 200
        record = Import.objects.get()
        outside = [
            each
            for each in settings.DATA.parent.rglob("*")
            if each.is_file() and each.read_bytes() == GOOD and settings.DATA not in each.parents
        ]
        assert outside == []
        assert record.names


VENUES = "name,kind,address,lat,lon\n"
NO_VENUES = {
    "nothing": b"",
    "NUL": b"name,kind\x00,lat,lon\nA,mall,1,2\n",
    "a zip": zipped(("v.csv", b"name,kind,lat,lon\n")),
    "a header alone": VENUES.encode(),
    "one endless cell": VENUES.encode() + b'"' + b"a" * 1_000_000,
}


class TestTablesOfVenues:
    @pytest.mark.parametrize("content", NO_VENUES.values(), ids=NO_VENUES)
    def test_what_is_none_is_refused(self, client_for, ada, upload, content):
        page = client_for(ada).post(
            reverse("places:venue-import", args=["riverbend"]),
            {"file": upload("v.csv", content)},
            follow=True,
        )
        assert page.status_code == 422
        assert not Venue.objects.exists()

    @pytest.mark.parametrize(
        "row",
        [
            "A,mall,1 St,nan,inf",
            "A,mall,1 St,1e309,0",
            "A,mall,1 St,38.2,-85.7\x85",
            "A" * 5000 + ",mall,1 St,38.2,-85.7",
            "🦊,mall,1 St,38.2,-85.7",
            "\u202eA,mall,1 St,99999999999999999999999,-85.7",
        ],
    )
    def test_a_row_is_kept_or_named_never_a_breakdown(self, client_for, ada, upload, row):
        client = client_for(ada)
        page = client.post(
            reverse("places:venue-import", args=["riverbend"]), {"file": upload("v.csv", VENUES + row + "\n")}
        )
        shown = client.get(page.url)
        assert shown.status_code in {200, 422}
        kept = client.post(
            page.url, {"act": "keep", **{f"column_{n}": n for n in ("name", "kind", "address", "lat", "lon")}}
        )
        assert kept.status_code in {200, 302, 422}
