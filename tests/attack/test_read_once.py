"""A file is read once, however often it is looked at; who comes while others are read keeps what they typed."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from alongside.core.errors import Refusal
from alongside.gatherings.commands import gatherings as gatherings_command
from alongside.gatherings.models import Gathering
from alongside.jobs import worker
from alongside.outside import apart, readers
from alongside.people.commands import partners, staff
from alongside.places.commands import places, venues
from alongside.places.models import Area, Venue
from alongside.places.tests.cities import two_neighborhoods

pytestmark = pytest.mark.django_db


def a_file(content):
    return SimpleUploadedFile("file", content.encode() if isinstance(content, str) else content)


def to(page):
    return reverse(page, args=["riverbend"])


@pytest.fixture
def read(monkeypatch):
    """Which parsers ran, in order."""
    names, run = [], apart.run

    def noted(function, *args, **how):
        names.append(function.__name__)
        return run(function, *args, **how)

    monkeypatch.setattr(apart, "run", noted)
    return names


def test_gatherings(riverbend, ada, client_for, read):
    desk = client_for(ada)
    begins = riverbend.today() + timedelta(days=5)
    event = (
        f"BEGIN:VEVENT\nUID:1\nSUMMARY:Coffee\nDTSTART:{begins:%Y%m%d}T180000\nLOCATION:Hall\nEND:VEVENT\n"
    )
    looked = desk.post(to("gatherings:import"), {"file": a_file(f"BEGIN:VCALENDAR\n{event}END:VCALENDAR\n")})
    for _time in range(3):
        assert "Coffee" in desk.get(looked.url).text
    desk.post(looked.url, {"act": "correct", "kind-1": "forum"})
    desk.post(looked.url, {"act": "keep"})
    worker.drain()
    assert Gathering.objects.get().kind == "forum"
    assert read == ["rows_of"]


def test_venues(riverbend, ada, client_for, read):
    desk = client_for(ada)
    looked = desk.post(
        to("places:venue-import"), {"file": a_file("name,kind,lat,lon\nHall,library,38.2,-85.7\n")}
    )
    assert "Hall" in desk.get(looked.url).text
    columns = {f"column_{name}": name for name in ("name", "kind", "lat", "lon")}
    desk.post(looked.url, {"act": "keep", **columns})
    assert Venue.objects.get().name == "Hall"
    assert read == ["read_sheet"]


def test_areas_are_read_once_more_by_other_columns(riverbend, ada, client_for, read):
    desk = client_for(ada)
    looked = desk.post(
        to("places:area-import"), {"kind": "neighborhood", "file": a_file(two_neighborhoods())}
    )
    assert "Mill Row" in desk.get(looked.url).text
    assert read == ["fields_of", "areas_in"]
    chosen = {"kind": "neighborhood", "name": "name", "population": ""}
    desk.post(looked.url, {"act": "look", **chosen})
    assert read == ["fields_of", "areas_in", "areas_in"]
    desk.post(looked.url, {"act": "keep", **chosen})
    assert Area.objects.count() == 2
    assert read == ["fields_of", "areas_in", "areas_in"]


@pytest.fixture
def all_busy(monkeypatch):
    turns = readers._Turns()
    for line, most in ((turns.reading, readers.AT_ONCE), (turns.waiting, readers.WAITING)):
        for _place in range(most):
            assert line.acquire(blocking=False)
    monkeypatch.setattr(readers, "_turns", turns)


WALK = {
    "on": "2099-01-01",
    "at": "18:00",
    "minutes": "60",
    "form_key": "k",
    "meeting_point": "By the front steps",
}
FORMS = {
    "gatherings:import": ("file", {}),
    "places:area-import": ("file", {"kind": "beat"}),
    "places:venue-import": ("file", {"kind": "library"}),
    "people:partner-import": ("file", {}),
    "walks:plan": ("upload", WALK),
}


@pytest.mark.parametrize("page", FORMS)
def test_who_comes_while_others_are_read_keeps_what_they_typed(all_busy, settings, client_for, ada, page):
    field, typed = FORMS[page]
    answer = client_for(ada).post(to(page), typed | {field: a_file("name,lat,lon\nHall,38.2,-85.7\n")})
    assert answer.status_code == 422
    assert "Other files are being read just now." in answer.text
    for value in {"beat", "library"} & set(typed.values()):
        assert f'value="{value}" selected' in answer.text
    assert ("By the front steps" in answer.text) == (typed is WALK)
    assert not list((settings.DATA / "staging").glob("*/*")), (
        "the browser has the file, and we have no half of it"
    )


NONE_LEFT = {
    "calendar": (
        gatherings_command,
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nDTSTART:20261201T180000Z\nRRULE:FREQ=DAILY;INTERVAL=0\n"
        "END:VEVENT\nEND:VCALENDAR\n",
        [],
    ),
    "venues": (venues, "name,kind,lat,lon\nHall,library,here,there\n", []),
    "partners": (partners, "name,kind\n,watch\n", []),
    "staff": (staff, "name,roles\nBen,king\n", []),
    "areas": (
        places,
        json.dumps({"type": "Polygon", "coordinates": [[[10**400, 1], [1, 2], [2, 1], [10**400, 1]]]}),
        ["--kind", "beat", "--name", "name"],
    ),
}


@pytest.mark.parametrize(("command", "content", "more"), NONE_LEFT.values(), ids=NONE_LEFT)
def test_a_command_that_could_use_nothing_of_a_file_says_why_and_ends_with_2(
    riverbend, tmp_path, command, content, more
):
    (file := tmp_path / "file").write_text(content)
    done = CliRunner().invoke(command, ["import", "riverbend", str(file), *more])
    assert isinstance(done.exception, Refusal), "which the command line says on one line, and ends with 2"
    assert len(str(done.exception).splitlines()) == 1
    assert done.output == ""
