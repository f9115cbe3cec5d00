"""Ada brings a calendar to the desk, sees what would become of it, corrects a guess, and keeps it once."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from alongside.agencies.models import AuditEntry
from alongside.gatherings.models import Gathering, Import, ImportState
from alongside.jobs import worker

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"gatherings:{name}", args=["riverbend", *args])


def table(agency, extra=""):
    on = agency.today() + timedelta(days=20)
    good, backwards = f"Court Advocacy,{on} 09:00,{on} 10:00,River Café", f"Tea,{on} 11:00,{on} 10:00,Hall"
    return f"title,start,end,place\n{good}\n{backwards}\n{extra}"


def hand_over(desk, text, name="coffees.csv"):
    return desk.post(url("import"), {"file": SimpleUploadedFile(name, text.encode())})


def test_ada_sees_it_corrects_a_guess_and_keeps_it(riverbend, ada, client_for):
    desk = client_for(ada)
    looked = hand_over(desk, table(riverbend))
    assert looked.status_code == 302
    page = desk.get(looked["Location"]).text
    assert "Nothing is kept yet." in page
    assert "ends before it begins" in page
    assert 'name="kind-2"' in page
    assert not Gathering.objects.exists()

    kept = desk.post(looked["Location"], {"act": "keep", "kind-2": "listening", "announce": "on"})
    waiting = desk.get(kept["Location"]).text
    assert "You may leave this page" in waiting
    worker.drain()

    done = desk.get(kept["Location"]).text
    assert "1 are new" in done
    gathering = Gathering.objects.get()
    assert (gathering.kind, gathering.status) == ("listening", "published")
    report = desk.get(kept["Location"] + "report.json").json()
    assert report["read"] == report["kept"] + report["merged"] + report["set_aside"] == 2
    assert AuditEntry.objects.filter(verb="imported").count() == 1


def test_a_correction_on_one_page_of_many_is_remembered(riverbend, ada, client_for):
    on = riverbend.today() + timedelta(days=20)
    many = "".join(f"Meeting {n},{on} 12:00,,Hall {n}\n" for n in range(70))
    desk = client_for(ada)
    address = hand_over(desk, table(riverbend, many))["Location"]
    assert desk.get(address + "?page=2").text.count('name="kind-') == 21
    desk.post(address, {"act": "correct", "kind-2": "youth", "page": "1"})
    desk.post(address, {"act": "keep"})
    worker.drain()
    assert Gathering.objects.get(title="Court Advocacy").kind == "youth"


def test_a_double_click_keeps_it_once(riverbend, ada, client_for):
    desk = client_for(ada)
    address = hand_over(desk, table(riverbend))["Location"]
    first, second = desk.post(address, {"act": "keep"}), desk.post(address, {"act": "keep"})
    assert first["Location"] == second["Location"]
    worker.drain()
    assert (Import.objects.count(), Gathering.objects.count()) == (1, 1)


@pytest.mark.parametrize("text", ["", "<html>", "one,two\n1,2", "BEGIN:VCALENDAR\nEND:VCALENDAR"])
def test_what_cannot_be_read_is_said_and_nothing_is_put_aside(riverbend, ada, client_for, text):
    page = hand_over(client_for(ada), text)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert not Import.objects.exists()


def test_an_upload_that_was_kept_or_swept_is_gone(riverbend, ada, client_for):
    desk = client_for(ada)
    assert "not here any more" in desk.get(url("import-preview", "x2x3x4x5x6")).text
    address = hand_over(desk, table(riverbend))["Location"]
    desk.post(address, {"act": "keep"})
    worker.drain()
    assert "not here any more" in desk.get(address, follow=True).text


def test_a_file_that_goes_missing_is_told_and_not_tried_for_ever(riverbend, ada, client_for, settings):
    desk = client_for(ada)
    address = hand_over(desk, table(riverbend))["Location"]
    report = desk.post(address, {"act": "keep"})["Location"]
    for file in (settings.DATA / "staging").glob("*/*/note.json"):
        file.unlink()
    worker.drain()
    assert Import.objects.get().state == ImportState.FAILED
    assert "Upload the file again" in desk.get(report).text


def test_others_find_no_door(riverbend, dent, officer, eve, client_for):
    for member in (dent, officer):
        assert client_for(member).get(url("import")).status_code == 403
    assert client_for(eve).get(url("import")).status_code == 404
