"""`alongside walks season`: the keys are fixed, a refusal is one line."""

import hashlib
import json
from datetime import date

import pytest
from click.testing import CliRunner

from alongside.core import clock
from alongside.core.errors import Refusal
from alongside.season import actions
from alongside.season.commands import season as command
from alongside.season.models import Season
from alongside.season.tests.season_town import BANDS, DECEMBER, build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_december():
    with clock.at(DECEMBER):
        yield


def run(*words: str):
    return CliRunner().invoke(command, list(words))


def test_it_prints_one_object_and_keeps_nothing(riverbend):
    build(riverbend)
    riverbend.roof_minutes = 120
    riverbend.save()
    done = run("riverbend", "--from", "2027-03-20", "--weeks", "4", "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.output)
    assert {"weeks", "objective", "bound", "seconds"} <= set(answer)
    assert [week["date"] for week in answer["weeks"]] == [
        "2027-03-20",
        "2027-03-27",
        "2027-04-03",
        "2027-04-10",
    ]
    first, last = answer["weeks"][0], answer["weeks"][-1]
    names = {"date", "area", "neighborhood", "division", "venue", "indoor", "because"}
    assert names <= set(first)
    assert (first["indoor"], first["venue"]) == (True, "Fairground Mall")
    assert (last["indoor"], last["venue"]) == (False, None)
    assert len({week["neighborhood"] for week in answer["weeks"]} & {*BANDS}) == 4
    assert answer["objective"] <= answer["bound"] + 1e-6
    assert answer["season"] is None
    assert not Season.objects.exists()


def test_twelve_weeks_are_usual_and_kept_ones_wait_in_the_workspace(riverbend):
    build(riverbend)
    done = run("riverbend", "--from", "2027-04-03", "--keep", "--json")
    kept = Season.objects.get()
    assert len(json.loads(done.output)["weeks"]) == kept.weeks.count() == 12
    assert json.loads(done.output)["season"] == kept.public_id
    assert kept.made_by == "command line"
    assert kept.is_proposed


def test_people_can_read_it_too(riverbend):
    build(riverbend)
    done = run("riverbend", "--from", "2027-04-03", "--weeks", "2")
    assert "2027-04-03  Eastbank: Police involvement here is high" in done.output


def test_without_a_public_value_it_is_not_yet_drawn_and_with_one_anybody_can_draw_it_again(riverbend):
    build(riverbend)
    words = ("riverbend", "--from", "2027-04-03", "--weeks", "6")
    plain = json.loads(run(*words, "--json").output)
    assert (plain["drawn"], plain["draw"]["seed"], plain["draw"]["commitment"]) == (False, None, None)
    assert "Not yet drawn" in run(*words).output
    by_value = json.loads(run(*words, "--public", "03, 12 & 15", "--json").output)
    assert (by_value["drawn"], by_value["draw"]["public"]) == (True, "2027-04-03:3-12-15")
    assert by_value["draw"]["seed"] == hashlib.sha256(b"2027-04-03:3-12-15:0").hexdigest()
    assert by_value["draw"]["seed"] in run(*words, "--public", "3 12 15").output
    assert run(*words, "--public", "3", "--keep").exit_code == 2
    assert not Season.objects.exists()


def test_the_usual_day_of_the_agency_is_kept(riverbend):
    build(riverbend)
    actions.set_rhythm(riverbend, weekday=3, by=None)
    answer = json.loads(run("riverbend", "--from", "2027-04-03", "--weeks", "1", "--json").output)
    assert date.fromisoformat(answer["weeks"][0]["date"]) == date(2027, 4, 8)


@pytest.mark.parametrize(
    "words",
    [
        ("riverbend", "--from", "2027-04-03", "--weeks", "0"),
        ("riverbend", "--from", "2027-04-03", "--weeks", "53"),
        ("riverbend", "--from", "2027-04-03", "--weeks", "many"),
        ("riverbend", "--from", "yesterday"),
        ("riverbend",),
    ],
)
def test_what_is_no_number_or_day_is_a_usage_error(riverbend, words):
    done = run(*words)
    assert done.exit_code == 2
    assert not Season.objects.exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("riverbend", "--from", "2026-11-30"), "begins today or later"),
        (("riverbend", "--from", "9999-12-31"), "more than a year away"),
        (("riverbend", "--from", "2027-04-03"), "alongside hotspots run riverbend"),
        (("nowhere", "--from", "2027-04-03"), "no agency"),
    ],
)
def test_a_refusal_says_what_to_do(riverbend, words, says):
    done = run(*words, "--json")
    assert isinstance(done.exception, Refusal)
    assert says in str(done.exception)
    assert done.output == ""
