"""Pages about places: Ada brings things in and sees what becomes of them first; others do not."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alongside.core import clock
from alongside.jobs import worker
from alongside.jobs.models import Job, State
from alongside.places import actions, staging
from alongside.places.models import Area, StreetNetwork, Venue
from alongside.places.tests.cities import (
    SOUTH,
    WEST,
    collection,
    column,
    feature,
    row,
    square,
    two_neighborhoods,
    write_streets,
)

VENUES = b"name,kind,lat,lon\nEastbank Library,library,38.205,-85.755\nNowhere,library,,\n"


def url(name, agency, *args):
    return reverse(f"places:{name}", args=[agency.slug, *args])


def upload(content, name):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def neighborhoods(riverbend):
    read = actions.read_areas(
        two_neighborhoods(), file_name="city.geojson", kind="neighborhood", name="name", population="people"
    )
    actions.keep_areas(riverbend, read, by=None)
    return list(Area.objects.order_by("name"))


@pytest.fixture
def extract(tmp_path):
    ways = [(row(n), {"highway": "residential"}) for n in range(10)]
    ways += [(column(n), {"highway": "residential"}) for n in range(10)]
    return write_streets(tmp_path / "city.osm.pbf", ways=ways)


PAGES = [
    "areas",
    "area-draw",
    "area-words",
    "area-import",
    "streets",
    "exposure",
    "venues",
    "venue-add",
    "venue-import",
]


@pytest.mark.parametrize("page", PAGES)
def test_ada_may_an_officer_may_not_and_to_eve_it_is_not_there(
    page, riverbend, ada, officer, eve, client, client_for
):
    address = url(page, riverbend)
    assert client_for(ada).get(address).status_code == 200
    assert client_for(officer).get(address).status_code == 403
    assert client_for(eve).get(address).status_code == 404
    stranger = client.get(address)
    assert stranger.status_code == 302
    assert "login" in stranger["Location"]


def test_an_analyst_sees_areas_and_streets_and_a_commander_the_venues(riverbend, analyst, dent, client_for):
    assert client_for(analyst).get(url("areas", riverbend)).status_code == 200
    assert client_for(analyst).get(url("venues", riverbend)).status_code == 403
    assert client_for(dent).get(url("venues", riverbend)).status_code == 200
    assert client_for(dent).get(url("venue-add", riverbend)).status_code == 403


def test_ada_sees_what_becomes_of_a_file_before_anything_is_kept(riverbend, ada, client_for):
    client = client_for(ada)
    content = collection(
        feature(square(WEST, SOUTH), NAME="Eastbank", pop=5), feature(None, NAME="Nothing", pop=1)
    )
    answer = client.post(
        url("area-import", riverbend), {"kind": "beat", "file": upload(content, "beats.geojson")}
    )
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert "beats.geojson" in page.text
    assert "no outline" in page.text
    assert '<option value="NAME" selected>' in page.text, "the field with the name is guessed"
    assert '<option value="pop" selected>' in page.text
    assert not Area.objects.exists(), "nothing is kept yet"

    chosen = {"kind": "beat", "name": "NAME", "population": "pop", "act": "keep"}
    kept = client.post(answer["Location"], chosen, follow=True)
    assert kept.redirect_chain[-1][0] == url("areas", riverbend) + "?kind=beat"
    assert "1 area is kept: 1 new, 0 changed." in kept.text
    area = Area.objects.get()
    assert (area.kind, area.name, area.population) == ("beat", "Eastbank", 5)
    gone = client.get(answer["Location"], follow=True)
    assert "not here any more" in gone.text, "what was kept is not kept twice"


def test_a_table_of_residents_is_joined_on_the_page_too(riverbend, ada, client_for):
    client = client_for(ada)
    content = collection(feature(square(WEST, SOUTH), name="T 1", geoid="101"))
    answer = client.post(
        url("area-import", riverbend),
        {
            "kind": "tract",
            "file": upload(content, "t.geojson"),
            "table": upload(b"GEOID,population\n101,7\n101,5\n", "p.csv"),
        },
    )
    page = client.get(answer["Location"])
    assert "12" in page.text
    chosen = {"kind": "tract", "name": "name", "key": "geoid", "csv_key": "GEOID", "csv_value": "population"}
    client.post(answer["Location"], chosen | {"act": "keep"})
    assert Area.objects.get().population == 12

    missing = client.post(
        url("area-import", riverbend),
        {
            "kind": "tract",
            "file": upload(content, "t.geojson"),
            "table": upload(b"GEOID,population\n101,7\n", "p.csv"),
        },
    )
    refused = client.post(missing["Location"], chosen | {"csv_value": "", "act": "keep"})
    assert refused.status_code == 422
    assert "To join the table" in refused.text


def test_a_file_in_feet_asks_for_its_projection_and_then_goes_on(riverbend, ada, client_for):
    import pyproj

    to_feet = pyproj.Transformer.from_crs("OGC:CRS84", "EPSG:2246", always_xy=True)
    corners = [list(to_feet.transform(*corner)) for corner in square(WEST, SOUTH)[0]]
    client = client_for(ada)
    answer = client.post(
        url("area-import", riverbend),
        {"kind": "beat", "file": upload(collection(feature([corners], name="Feet")), "f.geojson")},
    )
    asked = client.get(answer["Location"])
    assert asked.status_code == 422
    assert "metres or feet" in asked.text
    chosen = {"kind": "beat", "name": "name", "crs": "EPSG:2246"}
    assert "Converted from EPSG:2246" in client.post(answer["Location"], chosen | {"act": "look"}).text
    client.post(answer["Location"], chosen | {"act": "keep"})
    assert Area.objects.get().west == pytest.approx(WEST, abs=1e-6)


def test_a_bad_file_is_refused_at_the_form_and_leaves_nothing_behind(riverbend, ada, client_for, settings):
    answer = client_for(ada).post(
        url("area-import", riverbend), {"kind": "beat", "file": upload(b"PK\x03\x04zip", "areas.zip")}
    )
    assert answer.status_code == 422
    assert "Export the layer as GeoJSON" in answer.text
    assert not list((settings.DATA / "staging").glob("*/*"))


def test_eve_cannot_open_or_keep_what_ada_uploaded(riverbend, elsewhere, ada, eve, client_for):
    answer = client_for(ada).post(
        url("area-import", riverbend), {"kind": "beat", "file": upload(two_neighborhoods(), "f.geojson")}
    )
    staged = answer["Location"].rstrip("/").rsplit("/", 1)[-1]
    hers = client_for(eve)
    assert hers.get(answer["Location"]).status_code == 404
    theft = hers.post(
        url("area-preview", elsewhere, staged), {"kind": "beat", "name": "name", "act": "keep"}, follow=True
    )
    assert "not here any more" in theft.text
    assert not Area.objects.exists()


@pytest.mark.parametrize("forged", ["../../../secret", "x", "AAAAAAAAAA", "..", "a" * 40])
def test_a_forged_id_of_an_upload_opens_nothing(riverbend, forged):
    with pytest.raises(staging.Gone):
        staging.find(riverbend, forged)


def test_uploads_nobody_confirmed_are_swept_after_a_day(riverbend):
    import os
    import time

    old = staging.keep(riverbend, upload(b"x", "old"))
    new = staging.keep(riverbend, upload(b"x", "new"))
    yesterday = time.time() - 25 * 3600
    os.utime(old.path.parent, (yesterday, yesterday))
    assert staging.sweep() == 1
    assert not old.path.exists()
    assert new.path.exists()


def test_ada_draws_an_area_and_a_crossing_of_lines_is_mended(riverbend, ada, client_for):
    client = client_for(ada)
    good = {"kind": "neighborhood", "name": "Dock", "population": "", "drawing": json.dumps(
        {"type": "Polygon", "coordinates": square(WEST, SOUTH)})}  # fmt: skip
    answer = client.post(url("area-draw", riverbend), good)
    assert answer["Location"] == url("area", riverbend, Area.objects.get().public_id)
    twice = client.post(url("area-draw", riverbend), good)
    assert (twice.status_code, Area.objects.count()) == (422, 1)
    assert "There is an area called “Dock” already" in twice.text
    rubbish = client.post(url("area-draw", riverbend), good | {"name": "Other", "drawing": "scribble"})
    assert rubbish.status_code == 422
    assert "not JSON" in rubbish.text


def test_an_area_is_changed_on_its_page_and_eve_cannot(neighborhoods, riverbend, ada, eve, client_for):
    address = url("area", riverbend, neighborhoods[0].public_id)
    page = client_for(ada).get(address)
    assert "Eastbank" in page.text
    assert "0.4 sq mi" in page.text
    given = {"name": "East Bank", "population": "7", "active": "on"}
    assert client_for(eve).post(address, given).status_code == 404
    client_for(ada).post(address, given)
    changed = Area.objects.get(pk=neighborhoods[0].pk)
    assert (changed.name, changed.population, changed.active) == ("East Bank", 7, True)
    taken = client_for(ada).post(address, given | {"name": "mill row"})
    assert taken.status_code == 422


def test_the_agencys_own_words_are_used_everywhere(neighborhoods, riverbend, ada, client_for):
    client = client_for(ada)
    words = {"neighborhood_one": "Barrio", "neighborhood_several": "Barrios"}
    client.post(url("area-words", riverbend), words)
    assert "Barrios (2)" in client.get(url("areas", riverbend)).text


def test_lists_ask_the_database_as_often_for_many_as_for_few(neighborhoods, riverbend, ada, client_for):
    client = client_for(ada)

    def questions(page):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url(page, riverbend)).status_code == 200
        return len(asked)

    Venue.objects.create(agency=riverbend, name="V", kind="library", lat=SOUTH, lon=WEST)
    few = {page: questions(page) for page in ("areas", "venues")}
    for n in range(30):
        Venue.objects.create(agency=riverbend, name=f"V{n}", kind="library", lat=SOUTH, lon=WEST)
        columns = Area.columns_of(neighborhoods[0].shape)
        Area.objects.create(agency=riverbend, kind="neighborhood", name=f"N{n}", population=5, **columns)
    assert {page: questions(page) for page in ("areas", "venues")} == few
    assert max(few.values()) <= 10


def test_an_extract_is_read_in_the_background_and_its_report_shown(riverbend, ada, client_for, extract):
    client = client_for(ada)
    sent = client.post(
        url("streets", riverbend), {"file": upload(extract.read_bytes(), "city.osm.pbf")}, follow=True
    )
    assert "You may leave this page" in sent.text
    assert "Reading the street file" in sent.text
    assert not StreetNetwork.objects.exists()
    worker.drain()
    network = StreetNetwork.objects.get()
    assert network.file_name == "city.osm.pbf"
    page = client.get(url("streets", riverbend))
    assert "Residential streets" in page.text
    assert "© OpenStreetMap contributors" in page.text
    report = client.get(url("streets-report", riverbend, network.public_id)).json()
    assert report["edges"] == 180


def test_an_extract_that_cannot_be_read_says_why_on_the_page(riverbend, ada, client_for, settings):
    client = client_for(ada)
    client.post(url("streets", riverbend), {"file": upload(b"rubbish", "city.osm.pbf")})
    worker.drain()
    assert Job.objects.get().state == State.DEAD
    assert "no .osm.pbf" in client.get(url("streets", riverbend)).text


def test_an_extract_waits_while_there_is_nowhere_to_keep_it(
    riverbend, ada, client_for, extract, settings, tmp_path
):
    (tmp_path / "taken").write_text("a file, where a folder would be")
    as_it_was = settings.ALONGSIDE
    settings.ALONGSIDE = as_it_was.model_copy(update={"store": f"file://{tmp_path}/taken/town"})
    client_for(ada).post(url("streets", riverbend), {"file": upload(extract.read_bytes(), "city.osm.pbf")})
    worker.drain()
    assert (Job.objects.get().state, StreetNetwork.objects.count()) == (State.WAITING, 0)
    settings.ALONGSIDE = as_it_was
    Job.objects.update(run_after=clock.now())
    worker.drain()
    assert (Job.objects.get().state, StreetNetwork.objects.count()) == (State.DONE, 1)


def test_a_venue_is_added_with_good_errors(riverbend, ada, client_for):
    client = client_for(ada)
    good = {
        "name": "Eastbank Mall", "kind": "mall", "lat": "38.2", "lon": "-85.7", "step_free": "yes", "indoor": "yes",
        "parking": "yes", "toilets": "yes", "permission": "given", "permission_by": "Ms. Ellis", "active": "on",
    }  # fmt: skip
    for wrong, said in [
        ({"lat": "0", "lon": "0"}, "in the Atlantic"),
        ({"lat": "95"}, "less than or equal to 90"),
        ({"permission_by": ""}, "Say who gave it"),
        ({"capacity": "0"}, "greater than or equal to 1"),
        ({"name": ""}, "required"),
    ]:
        answer = client.post(url("venue-add", riverbend), good | wrong)
        assert answer.status_code == 422
        assert said in answer.text
    assert not Venue.objects.exists()
    assert client.post(url("venue-add", riverbend), good).status_code == 302
    venue = Venue.objects.get()
    assert "Eastbank Mall" in client.get(url("venues", riverbend)).text
    assert client.get(url("venue", riverbend, venue.public_id)).status_code == 200


def test_a_table_of_venues_is_previewed_and_then_kept(riverbend, ada, client_for):
    client = client_for(ada)
    answer = client.post(url("venue-import", riverbend), {"file": upload(VENUES, "venues.csv"), "kind": ""})
    page = client.get(answer["Location"])
    assert "Eastbank Library" in page.text
    assert "no coordinates" in page.text
    assert not Venue.objects.exists()
    columns = {f"column_{name}": name for name in ("name", "kind", "lat", "lon")}
    looked = client.post(answer["Location"], columns | {"column_name": "kind", "act": "look"})
    assert looked.status_code == 200
    assert not Venue.objects.exists()
    client.post(answer["Location"], columns | {"act": "keep"})
    assert [venue.name for venue in Venue.objects.all()] == ["Eastbank Library"]


def test_strangers_see_current_areas_and_venues_and_nothing_else(neighborhoods, riverbend, elsewhere, ada):
    from django.contrib.auth.models import AnonymousUser

    nobody = AnonymousUser()
    Area.objects.filter(name="Mill Row").update(active=False)
    Venue.objects.create(agency=riverbend, name="Off", kind="mall", lat=38, lon=-85, active=False)
    assert [area.name for area in Area.objects.visible_to(nobody, at=riverbend)] == ["Eastbank"]
    assert Area.objects.visible_to(ada, at=riverbend).count() == 2
    assert not Area.objects.visible_to(ada, at=elsewhere).exists()
    assert not Venue.objects.visible_to(nobody, at=riverbend).exists()
    assert Venue.objects.visible_to(ada, at=riverbend).count() == 1


def test_in_a_language_that_the_agency_left_empty_its_areas_have_our_word(
    neighborhoods, riverbend, ada, client_for
):
    client, page, form = client_for(ada), url("areas", riverbend), url("area-words", riverbend)
    words = {"neighborhood_one_en": "Ward", "neighborhood_several_en": "Wards"}
    client.post(form, words)
    assert "Wards (2)" in client.get(page).text
    assert "Vecindarios (2)" in client.get(f"/es{page}").text
    both = words | {"neighborhood_one_es": "Barrio", "neighborhood_several_es": "Barrios"}
    client.post(form, both)
    assert "Barrios (2)" in client.get(f"/es{page}").text
    half = client.post(form, both | {"neighborhood_several_es": ""})
    assert "both words, or neither" in half.text
    assert "Barrios (2)" in client.get(f"/es{page}").text
