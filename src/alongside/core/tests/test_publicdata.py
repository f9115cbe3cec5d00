"""Cleo takes a table along: the same in every form, whole or not at all, and none that runs on her machine."""

import csv
import io
import json
import tracemalloc
from datetime import date

import pytest
import shapely
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from alongside.core import publicdata
from alongside.core.publicdata import Column, Dataset, Edition

PEOPLE = _("Residents")
TABLE = Dataset(
    name="corners",
    title="Corners",
    about="Where people meet.",
    columns=(
        Column("id", "string", "Stays."),
        Column("name", "string", "As people say."),
        Column("people", "integer", PEOPLE),
        Column("lit", "boolean", "Whether there is a lamp."),
        Column("since", "date", "The first day."),
    ),
    has_shapes=True,
)
EDITION = Edition("Riverbend Police", "riverbend", date(2026, 12, 1))
SQUARE = shapely.box(-85.7123456789, 38.2, -85.7, 38.21)
THEN = date(2026, 1, 2)
ROWS = [
    {"id": "a1", "name": "José’s, “the” corner", "people": 7, "lit": True, "since": THEN, "geometry": SQUARE},
    {"id": "b2", "name": "=HYPERLINK(1)", "people": -1, "lit": False, "since": None, "geometry": SQUARE},
]  # fmt: skip


def asked(form, rows=ROWS, **headers):
    request = RequestFactory().get(f"/riverbend/corners.{form}", headers=headers)
    return publicdata.answer(request, TABLE, rows, form=form, edition=EDITION)


def text(answer):
    return answer.getvalue().decode("utf-8")


def test_every_form_has_the_same_columns_and_values():
    table = list(csv.reader(io.StringIO(asked("csv").getvalue().decode("utf-8-sig"), newline="")))
    whole = json.loads(text(asked("json")))
    shapes = json.loads(text(asked("geojson")))
    explained = json.loads(text(asked("csv-metadata.json")))
    names = [column.name for column in TABLE.columns]
    assert table[0] == names
    assert [list(row) for row in whole["rows"]] == [names, names]
    assert [feature["properties"] for feature in shapes["features"]] == whole["rows"]
    assert [column["name"] for column in whole["columns"]] == names
    assert [column["name"] for column in explained["tableSchema"]["columns"]] == names
    assert table[1] == ["a1", "José’s, “the” corner", "7", "true", "2026-01-02"]
    assert list(whole["rows"][0].values()) == ["a1", "José’s, “the” corner", 7, True, "2026-01-02"]
    assert whole["rows"][1]["since"] is None


def test_each_says_whose_it_is_of_which_day_and_what_may_be_done_with_it():
    for form in ("json", "geojson"):
        whole = json.loads(text(asked(form)))
        assert (whole["publisher"], whole["as_of"]) == ("Riverbend Police", "2026-12-01")
        assert whole["license"] == {"name": "CC BY 4.0", "url": publicdata.CC_BY.url}
    explained = json.loads(text(asked("csv-metadata.json")))
    assert explained["url"] == "corners.csv"
    assert explained["dc:license"] == {"@id": publicdata.CC_BY.url}
    assert explained["dc:modified"]["@value"] == "2026-12-01"
    answer = asked("csv")
    assert f'<{publicdata.CC_BY.url}>; rel="license"' in answer.headers["Link"]
    assert '</riverbend/corners.csv-metadata.json>; rel="describedby"' in answer.headers["Link"]
    assert answer.headers["Content-Disposition"] == 'inline; filename="riverbend-corners-2026-12-01.csv"'
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"


def test_shapes_are_as_fine_as_a_metre_and_known_by_their_row():
    (first, _second) = json.loads(text(asked("geojson")))["features"]
    assert first["id"] == "a1"
    assert min(x for x, _y in first["geometry"]["coordinates"][0]) == -85.71235


def test_nothing_that_somebody_typed_runs_in_a_spreadsheet():
    names = [row[1] for row in csv.reader(io.StringIO(text(asked("csv")), newline=""))]
    assert names[2] == "'=HYPERLINK(1)"
    assert json.loads(text(asked("json")))["rows"][1]["name"] == "=HYPERLINK(1)", "a program runs nothing"
    assert "-1" in text(asked("csv")), "a number is no formula"


@pytest.mark.parametrize("form", TABLE.forms)
def test_who_has_it_as_it_is_is_told_so(form):
    first = asked(form)
    again = asked(form, **{"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "max-age=300" in again.headers["Cache-Control"]
    other = asked(form, ROWS[:1], **{"If-None-Match": first.headers["ETag"]})
    assert other.status_code == (304 if form == "csv-metadata.json" else 200), "its columns are the same"


def test_names_of_columns_are_the_same_in_spanish_and_what_they_mean_is_not():
    english = json.loads(text(asked("json")))
    with translation.override("es"):
        spanish = json.loads(text(asked("json")))
        assert text(asked("csv")) == text(asked("csv"))
    assert english["rows"] == spanish["rows"]
    assert english["columns"][2]["about"] == "Residents"
    assert spanish["columns"][2]["about"] == "Residentes"


def test_a_large_table_does_not_fill_memory():
    row = {"id": "a1", "name": "x" * 1000, "people": 7, "lit": True, "since": None}
    tracemalloc.start()
    answer = asked("json", (row for _each in range(20_000)))
    size = int(answer.headers["Content-Length"])
    sent = sum(len(piece) for piece in answer)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sent == size > 20_000_000, "the premise: it is large"
    assert most < size / 4


def test_a_fault_halfway_is_no_short_table():
    with pytest.raises(KeyError):
        asked("csv", [ROWS[0], {"id": "b2"}])


def test_a_table_without_shapes_has_no_map():
    plain = Dataset("people", "People", "Who.", TABLE.columns)
    assert plain.forms == ["csv", "json", "csv-metadata.json"]
    assert "geojson" in TABLE.forms
    assert {str(each.pattern) for each in TABLE.paths("walks/", lambda request: None)} == {
        "walks/corners.csv",
        "walks/corners.json",
        "walks/corners.geojson",
        "walks/corners.csv-metadata.json",
    }
