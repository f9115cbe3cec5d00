"""What anybody may take along: one list, one shape."""

import csv
import io
import json
import re
from datetime import date, timedelta

import pytest
import shapely
from django.test import Client
from django.urls import resolve, reverse

from alongside.agencies.models import Member, Rank
from alongside.core import clock
from alongside.core.authored import Words
from alongside.core.manifest import follow, manifests
from alongside.followthrough.models import Promise
from alongside.ledger import actions as ledger
from alongside.places.models import Area, AreaKind
from alongside.season.areas import AREAS
from alongside.season.models import Redraws
from tests.doors.populated import SECRET, one_of_everything
from tests.doors.routes import every_route

OFFERED = {name: room for room, offers in manifests().items() for name in offers.data}
EVERY = [(room, follow(name), form) for name, room in OFFERED.items() for form in follow(name).forms]
# Not tables: what a phone takes along to work alone, by a pass or as it is.
FOR_A_PHONE = {"field:phone-manifest", "field:way", "field:kit"}
pytestmark = pytest.mark.django_db


def address(room, dataset, form):
    return reverse(f"{room}:{dataset.view_names[form]}", args=["riverbend"])


@pytest.fixture
def filled(riverbend):
    one_of_everything(riverbend)
    Redraws.objects.update(published_at=clock.now())
    ledger.seal(riverbend)
    Member.objects.update(name="Sam Whitaker")  # who promises, and where, is public
    Rank.objects.update(name="Sergeant")
    Area.objects.update(name="Mill Row")
    Promise.objects.update(
        published_at=clock.now(), concern=None, what=Words.of("We will mend it.", language="en")
    )
    shape = shapely.box(-85.70, 38.20, -85.69, 38.21)
    Area.objects.create(agency=riverbend, kind=AreaKind.NEIGHBORHOOD, name="=Ñandú", **Area.columns_of(shape))
    return riverbend


def test_there_is_no_table_beside_the_list():
    """Whoever adds a file for everybody says so in a manifest, and it has all that the others have."""
    assert OFFERED, "the premise"
    named = {f"{room}:{dataset.view_names[form]}" for room, dataset, form in EVERY}
    found = {
        route.name
        for route in every_route()
        if route.of_agency
        and route.is_public
        and re.search(r"\.(csv|json|geojson)$", route.address("riverbend", "x2x3x4x5x6"))
    }
    assert found - FOR_A_PHONE == named


@pytest.mark.parametrize(("room", "dataset", "form"), EVERY, ids=lambda each: getattr(each, "name", each))
def test_each_form_is_there_with_its_license_its_day_and_its_tag(filled, room, dataset, form):
    first = Client().get(address(room, dataset, form))
    assert first.status_code == 200
    assert first.getvalue().endswith(b"\n")
    assert dataset.license.url in first.headers["Link"]
    assert str(filled.today()) in first.headers["Content-Disposition"]
    assert "public" in first.headers["Cache-Control"]
    again = Client().get(address(room, dataset, form), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", OFFERED)
def test_the_columns_are_the_same_in_every_form_and_each_is_explained(filled, name):
    room, dataset = OFFERED[name], follow(name)
    taken = {
        form: Client().get(address(room, dataset, form)).getvalue().decode("utf-8-sig")
        for form in dataset.forms
    }
    names = [column.name for column in dataset.columns]
    rows = list(csv.DictReader(io.StringIO(taken["csv"], newline="")))
    whole = json.loads(taken["json"])
    assert rows, "the premise"
    assert len(rows) == len(whole["rows"])
    assert {tuple(row) for row in (*rows, *whole["rows"])} == {tuple(names)}
    if "geojson" in taken:
        features = json.loads(taken["geojson"])["features"]
        assert [feature["properties"] for feature in features] == whole["rows"]
    assert [
        column["name"] for column in json.loads(taken["csv-metadata.json"])["tableSchema"]["columns"]
    ] == names
    assert all(
        len(str(column.about)) > 10 and re.fullmatch("[a-z_]+", column.name) for column in dataset.columns
    )
    for row in whole["rows"]:
        for column in dataset.columns:
            assert _is(column.kind, row[column.name]), (column, row)


def _is(kind, value):
    if value is None:
        return True
    if kind == "date":
        return date.fromisoformat(value) is not None
    return isinstance(value, {"string": str, "integer": int, "number": (int, float), "boolean": bool}[kind])


@pytest.mark.parametrize(("room", "dataset", "form"), EVERY, ids=lambda each: getattr(each, "name", each))
def test_a_member_takes_what_a_stranger_takes(filled, ada, client_for, room, dataset, form):
    """A draft in a file that caches may keep would be read by everybody."""
    taken = Client().get(address(room, dataset, form)).getvalue()
    assert client_for(ada).get(address(room, dataset, form)).getvalue() == taken
    assert SECRET.encode() not in taken


@pytest.mark.parametrize("name", OFFERED)
def test_the_address_in_its_description_is_its_own(riverbend, name):
    room, dataset = OFFERED[name], follow(name)
    described = Client().get(address(room, dataset, "csv"))
    beside = re.search(r'<([^>]+)>; rel="describedby"', described.headers["Link"])[1]
    assert resolve(beside).view_name == f"{room}:{dataset.view_names['csv-metadata.json']}"


def test_tomorrow_it_is_another_edition(filled):
    room, dataset, form = next(each for each in EVERY if each[1] is AREAS)
    first = Client().get(address(room, dataset, form))
    with clock.at(clock.now() + timedelta(days=1)):
        second = Client().get(address(room, dataset, form), headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
