"""Holds, schedule and certificates on the records officer's pages; the schedule from a table."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.urls import reverse

from alongside.agencies import holds, retention
from alongside.agencies.models import EVERYTHING, Agency, Disposal, Hold
from alongside.core.manifest import record_kinds
from alongside.core.origins import Origin
from alongside.records.commands import records
from alongside.records.tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita(riverbend):
    return cast.rita(riverbend)


@pytest.fixture
def browser(rita, client_for):
    return client_for(rita)


def at(view, *args):
    return reverse(f"records:{view}", args=["riverbend", *args])


def test_she_holds_one_thing_by_its_key_and_lifts_it_for_a_reason(riverbend, browser):
    ben = cast.ben_was_here(riverbend)
    key = f"concern:{ben['concern'].public_id}"
    answer = browser.post(at("holds"), {"key": key, "reason": "Doe against the city", "matter": "26-CV-1"})
    assert answer.status_code == 302, answer.text
    assert "26-CV-1" in browser.get(at("holds")).text
    assert holds.held(ben["concern"])
    assert not holds.held(ben["petition"])
    hold = Hold.objects.get()
    assert browser.post(at("lift", hold.public_id), {"because": ""}).status_code == 422
    assert browser.post(at("lift", hold.public_id), {"because": "It was settled."}).status_code == 302
    assert not holds.held(ben["concern"])
    assert browser.get(at("lift", hold.public_id)).status_code == 404


@pytest.mark.parametrize(
    "said",
    [
        {"reason": "Why not"},
        {"key": "nonsense", "reason": "Why not"},
        {"key": "moon:7fq2mz9k4b", "reason": "Why not"},
        {"kind": "everything", "key": "concern:7fq2mz9k4b", "reason": "Why not"},
        {"kind": "everything", "reason": ""},
    ],
)
def test_a_hold_on_nothing_is_refused_and_nothing_typed_is_lost(browser, said):
    answer = browser.post(at("holds"), said)
    assert answer.status_code == 422
    assert said["reason"] in answer.text
    assert not Hold.objects.exists()


def test_what_came_of_a_gathering_is_held_with_it(riverbend, rita):
    ben = cast.ben_was_here(riverbend)
    holds.place(riverbend, key=Origin("gathering", "7fq2mz9k4b"), reason="A fall", by=rita)
    assert holds.held(ben["concern"]), "it was said there"
    assert not holds.held(ben["rsvp"]), "another gathering"


def test_she_sets_days_with_their_authority_and_takes_them_back(riverbend, browser):
    page = at("schedule-kind", "hotspots.petitions")
    assert browser.post(page, {"days": "1825", "authority": "Kentucky L5007"}).status_code == 302
    riverbend.refresh_from_db()
    line = riverbend.schedule["hotspots.petitions"]
    assert (line["days"], line["authority"], line["by"]) == (1825, "Kentucky L5007", "Rita Records")
    assert "Kentucky L5007" in browser.get(at("schedule")).text
    assert "1825 days" in browser.get(reverse("front:what-we-keep", args=["riverbend"])).text.replace(",", "")
    assert browser.post(page, {"days": "3"}).status_code == 422, "below what we promise to read"
    assert browser.post(page, {"act": "unset"}).status_code == 302
    riverbend.refresh_from_db()
    assert riverbend.schedule == {}
    assert browser.get(at("schedule-kind", "nobody.knows")).status_code == 404


def test_without_a_day_the_public_reads_that_it_stays(riverbend, browser):
    browser.post(at("schedule-kind", "hotspots.petitions"), {"days": "", "authority": "Pending"})
    page = browser.get(reverse("front:what-we-keep", args=["riverbend"])).text
    assert "Until the law, or we, set a day for it" in page


def test_a_schedule_comes_from_a_table_and_goes_as_one(riverbend, browser, tmp_path):
    file = tmp_path / "ky.csv"
    file.write_text(
        "kind,days,authority\nhotspots.petitions,1825,Kentucky L5007\nagencies.audit,,Kentucky L4954\n"
    )
    done = CliRunner().invoke(records, ["schedule", "riverbend", str(file)])
    assert done.exit_code == 0, done.output
    agency = Agency.objects.get()
    assert retention.days_of(agency, record_kinds()["hotspots.petitions"]) == 1825
    table = b"".join(browser.get(at("schedule-csv"))).decode()
    assert "hotspots.petitions,1825,Kentucky L5007" in table
    assert "agencies.audit,,Kentucky L4954" in table


@pytest.mark.parametrize("row", ["moon.phases,3,x", "hotspots.petitions,soon,x", "hotspots.petitions,1,x"])
def test_a_table_of_other_things_is_refused(riverbend, tmp_path, row):
    file = tmp_path / "ky.csv"
    file.write_text(f"kind,days,authority\n{row}\n")
    assert CliRunner().invoke(records, ["schedule", "riverbend", str(file)]).exception is not None
    assert Agency.objects.get().schedule == {}


def test_certificates_are_listed_printed_and_taken_along(riverbend, browser):
    made = Disposal.objects.create(
        agency=riverbend, kind="hotspots.petitions", count=7, days=730, eraser="hotspots.jobs.forget"
    )
    assert "730 days" in browser.get(at("certificates")).text
    assert "hotspots.jobs.forget" in browser.get(at("certificate", made.public_id)).text
    assert "hotspots.petitions,7" in b"".join(browser.get(at("certificates-csv"))).decode()


def test_nobody_else_holds_or_sets_anything(riverbend, ada, eve, client_for):
    for view in ("holds", "schedule", "certificates", "log", "requests"):
        assert client_for(ada).get(at(view)).status_code == 403
        assert client_for(eve).get(at(view)).status_code == 404
    assert client_for(ada).post(at("holds"), {"kind": EVERYTHING, "reason": "Me"}).status_code == 403
    assert not Hold.objects.exists()
