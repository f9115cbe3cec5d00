"""Each release is counted in public, by year and kind, none so far too; of whom is said nowhere."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from alongside.agencies.models import Agency, Release
from alongside.records import actions, releases
from alongside.records.actions import ReleaseRefused
from alongside.records.tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita(riverbend):
    return cast.rita(riverbend)


def test_every_footer_says_how_many_and_leads_there_none_so_far_too(riverbend, rita, elsewhere):
    page = Client().get("/riverbend/walks/").text
    assert "0 releases so far" in page
    assert reverse("records:releases", args=["riverbend"]) in page
    actions.log_release(riverbend, kind="subpoena", on=riverbend.today(), basis="Rule 45", records=3, by=rita)
    assert "1 release so far" in Client().get("/riverbend/walks/").text
    assert "0 releases so far" in Client().get("/elsewhere/walks/").text


def test_it_costs_no_question_of_its_own(riverbend, django_assert_num_queries):
    """Every page asks who the agency is; the count comes along."""
    with django_assert_num_queries(1):
        agency = Agency.objects.filter(slug="riverbend").with_releases().get()
        assert agency.releases == 0
    with django_assert_num_queries(1):
        assert Agency(pk=riverbend.pk).releases == 0, "asked where it did not come along"


def test_the_page_counts_by_year_and_kind_and_says_nothing_else(riverbend, rita):
    today = riverbend.today()
    actions.log_release(riverbend, kind="warrant", on=today, basis="Order 12", records=4, by=rita)
    actions.log_release(
        riverbend, kind="subpoena", on=date(today.year - 2, 5, 1), basis="Rule 45", records=2, by=rita
    )
    years = releases.years(riverbend)
    assert [(each.year, each.all, each.records) for each in years] == [
        (today.year, 1, 4),
        (today.year - 1, 0, 0),
        (today.year - 2, 1, 2),
    ]
    page = Client().get(reverse("records:releases", args=["riverbend"])).text
    assert "2 releases so far" in page
    for untold in ("Order 12", "Rule 45", "Rita"):
        assert untold not in page
    table = Client().get(reverse("records:releases-csv", args=["riverbend"])).getvalue().decode()
    assert f"{today.year},warrant,1,4" in table
    assert f"{today.year},subpoena,0,0" in table


def test_none_so_far_is_a_table_of_noughts(riverbend):
    page = Client().get(reverse("records:releases", args=["riverbend"])).text
    assert "0 releases so far" in page
    assert str(riverbend.today().year) in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "gossip"},
        {"basis": "  "},
        {"basis": "As ben@neighbors.example asked"},
        {"basis": "For 502-555-0134"},
        {"records": -1},
        {"days": 1},
        {"days": -400 * 366},
    ],
)
def test_what_is_no_release_is_refused(riverbend, rita, wrong):
    day = riverbend.today() + timedelta(days=wrong.pop("days", 0))
    usual = {"kind": "warrant", "basis": "Order 12", "records": 1}
    with pytest.raises(ReleaseRefused):
        actions.log_release(riverbend, on=day, by=rita, **usual | wrong)
    assert not Release.objects.exists()


def test_rita_writes_one_down_and_nobody_else_reads_the_basis(riverbend, rita, ada, client_for):
    log = reverse("records:log", args=["riverbend"])
    said = {"kind": "court_order", "on": riverbend.today().isoformat(), "basis": "26-CV-1", "records": "12"}
    assert client_for(rita).post(log, said).status_code == 302
    assert "26-CV-1" in client_for(rita).get(log).text
    assert client_for(ada).get(log).status_code == 403
