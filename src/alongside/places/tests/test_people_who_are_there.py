"""People who are there without living there: a table, its weights, and who is at risk by it."""

import json

import numpy as np
import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from alongside.agencies.models import AuditEntry
from alongside.core.errors import Refusal
from alongside.core.kept import NotWhole
from alongside.places import actions, commands, queries
from alongside.places.exposure import ExposureRefused
from alongside.places.models import Exposure
from alongside.places.tests.cities import SOUTH, WEST, two_neighborhoods

JOBS = (
    "stop,lat,lon,jobs,boardings\n"
    f"Mill,{SOUTH + 0.005},{WEST + 0.005},100,\n"
    f'Market,{SOUTH + 0.005},{WEST + 0.015},"1,000",20\n'
)


@pytest.fixture
def city(riverbend):
    """Eastbank with 1,200 residents and Mill Row with 800."""
    read = actions.read_areas(
        two_neighborhoods(), file_name="f", kind="neighborhood", name="name", population="people"
    )
    actions.keep_areas(riverbend, read, by=None)
    return riverbend


def read(city, text, **weights):
    return actions.read_exposure(city, text.encode(), file_name="jobs.csv", weights=weights)


def keep(city, text, **weights):
    return actions.keep_exposure(city, read(city, text, **weights), by=None)


def test_without_a_table_people_at_risk_are_the_residents(city):
    assert queries.at_risk(city) is queries.residents(city)


def test_columns_count_by_their_weights_where_their_rows_lie(city, ada):
    actions.keep_exposure(city, read(city, JOBS, jobs=0.5, boardings=0.1), by=ada)
    people = queries.at_risk(city)
    assert people.total == pytest.approx(2000 + 0.5 * 1100 + 0.1 * 20)
    assert people.people.sum() == pytest.approx(people.total)
    market = (people.lon > WEST + 0.0149) & (people.lon < WEST + 0.0151) & (people.people > 400)
    assert people.people[market].tolist() == [502.0]
    assert "jobs × 0.5, boardings × 0.1" in people.source
    there = Exposure.objects.get()
    assert there.columns == [
        {"name": "jobs", "weight": 0.5, "sum": 1100.0},
        {"name": "boardings", "weight": 0.1, "sum": 20.0},
    ]
    entry = AuditEntry.objects.get(agency=city, actor=ada)
    assert entry.detail == {"file": "jobs.csv", "rows": 2, "weights": {"jobs": 0.5, "boardings": 0.1}}


def test_a_row_that_names_an_area_is_spread_over_its_ground(city):
    keep(city, "neighborhood,jobs\nMILL ROW,600\nEastbank,200\nMill Row,200\n", jobs=1)
    people = queries.at_risk(city)
    home = queries.locate(city, "neighborhood", people.lat, people.lon)
    there = np.bincount(home, people.people)
    assert there.tolist() == pytest.approx([1200 + 200, 800 + 800])
    assert (home == 1).sum() > 60, "the premise: over the ground, not at one point"


def test_nothing_is_lost_and_each_bad_row_is_named_by_its_line(city):
    bad = JOBS + (
        "a,,,5,5\n"
        "b,0,0,5,5\n"
        "c,400000,1200000,5,5\n"
        "d,45.0,-100.0,5,5\n"
        f"e,{SOUTH},{WEST},,\n"
        f"f,{SOUTH},{WEST},many,5\n"
        f"g,{SOUTH},{WEST},-3,5\n"
        f"h,{SOUTH},{WEST},7,\n"
    )
    told = read(city, bad, jobs=1, boardings=1)
    assert (told.rows, told.used, len(told.set_aside)) == (10, 3, 7)
    assert {trouble.line: trouble.reason for trouble in told.set_aside} == {
        4: "no coordinates",
        5: "coordinates at 0, 0",
        6: "coordinates that are no place on Earth (are they feet or metres?)",
        7: "outside the agency’s areas",
        8: "no number in any of the columns",
        9: "“jobs” is no number, or below 0",
        10: "“jobs” is no number, or below 0",
    }
    assert told.sums == {"jobs": 1107.0, "boardings": 20.0}


@pytest.mark.parametrize(
    ("text", "weights", "why"),
    [
        (JOBS, {}, "a weight"),
        (JOBS, {"desks": 1.0}, "no column “desks”"),
        (JOBS, {"jobs": 0.0}, "above 0"),
        (JOBS, {"jobs": float("nan")}, "above 0"),
        (JOBS, {"jobs": 1e9}, "at most 1000"),
        ("what,jobs\nx,3\n", {"jobs": 1.0}, "no column says where"),
        ('lat,lon,jobs\n38.2,-85.7,"3\n38.2,-85.7,4\n', {"jobs": 1.0}, "near line 2: a quote"),
        ("", {"jobs": 1.0}, "the file is empty"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(city, text, weights, why):
    with pytest.raises(Refusal, match=why):
        read(city, text, **weights)
    assert not Exposure.objects.exists()


def test_a_column_named_by_hand_must_be_there(city):
    with pytest.raises(ExposureRefused, match="no column “where”"):
        actions.read_exposure(
            city, JOBS.encode(), file_name="f", weights={"jobs": 1.0}, where={"area": "where"}
        )


def test_the_latest_is_in_force_and_the_one_before_leaves_its_row(city, django_capture_on_commit_callbacks):
    before = keep(city, JOBS, jobs=1)
    path = before.file_path
    with django_capture_on_commit_callbacks(execute=True):
        keep(city, JOBS, jobs=0.5)
    assert queries.at_risk(city).total == pytest.approx(2000 + 550)
    assert [row.in_force for row in Exposure.objects.order_by("added_at", "pk")] == [False, True]
    assert not path.exists()


def test_it_can_be_withdrawn_and_then_residents_alone_count(city, ada, django_capture_on_commit_callbacks):
    there = keep(city, JOBS, jobs=1)
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw_exposure(city, by=ada)
    assert queries.at_risk(city) is queries.residents(city)
    there.refresh_from_db()
    assert not there.in_force
    assert there.withdrawn_at
    assert not there.file_path.exists()
    assert AuditEntry.objects.filter(
        agency=city, actor=ada, verb="withdrew which people are there, of"
    ).exists()
    with pytest.raises(actions.NothingInForce):
        actions.withdraw_exposure(city, by=ada)


def test_without_residents_those_who_are_there_are_all_there_are(riverbend):
    keep(riverbend, JOBS, jobs=1)
    assert queries.residents(riverbend) is None
    assert queries.at_risk(riverbend).total == pytest.approx(1100)


def test_another_agencys_table_counts_nobody_here(city, elsewhere):
    keep(elsewhere, JOBS, jobs=1)
    assert queries.at_risk(city) is queries.residents(city)


def test_a_file_that_is_not_whole_is_refused_with_what_to_do(city):
    keep(city, JOBS, jobs=1).file_path.unlink()
    with pytest.raises(NotWhole, match="alongside places exposure riverbend"):
        queries.at_risk(city)


# -- the command ----------------------------------------------------------------------------------
def run(*words):
    return CliRunner().invoke(commands.places, ["exposure", "riverbend", *map(str, words)])


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text(JOBS + "a,,,5,5\n")
    return path


def test_the_command_says_what_it_did_and_prints_one_json_object(city, table):
    done = run(table, "--weight", "jobs=0.5", "--weight", "boardings=0.1")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [
        "3 rows: 2 kept.",
        "Set aside, 1 rows: no coordinates (line 4).",
        "jobs: 1,100, each 0.5 of a person.",
        "boardings: 20, each 0.1 of a person.",
        "People at risk: 2,552 (2,000 residents, 552 others).",
    ]
    said = json.loads(run("--json").output)
    assert (said["in_force"], said["people"], said["residents"], said["at_risk"]) == (
        "jobs.csv",
        552,
        2000,
        2552,
    )
    assert "no table of others is in force" in run("--withdraw").output
    assert isinstance(run("--withdraw").exception, actions.NothingInForce)


@pytest.mark.parametrize("words", [["--weight", "jobs"], ["--weight", "jobs=many"], ["--withdraw"]])
def test_the_command_refuses_what_it_cannot_mean(city, table, words):
    assert run(table, *words).exit_code == 2
    assert not Exposure.objects.exists()


def test_a_table_of_which_nothing_can_be_used_is_an_error(city, tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text("lat,lon,jobs\n0,0,5\n")
    assert isinstance(run(path, "--weight", "jobs=1").exception, Refusal)
    assert not Exposure.objects.exists()


# -- its pages ------------------------------------------------------------------------------------
def url(name, city, *args):
    return reverse(f"places:{name}", args=[city.slug, *args])


def upload(client, city, text=JOBS):
    """The page on which a table waits."""
    answer = client.post(url("exposure", city), {"file": SimpleUploadedFile("jobs.csv", text.encode())})
    assert answer.status_code == 302
    return answer["Location"]


def test_an_officer_may_not_and_to_eve_it_is_not_there(city, ada, officer, eve, client_for):
    assert client_for(ada).get(url("exposure", city)).status_code == 200
    assert client_for(officer).get(url("exposure", city)).status_code == 403
    assert client_for(eve).get(url("exposure", city)).status_code == 404
    assert client_for(officer).post(url("exposure-withdraw", city)).status_code == 403


def test_ada_sees_what_a_table_would_count_before_anything_is_kept(city, ada, client_for):
    client = client_for(ada)
    waiting = upload(client, city, JOBS + "a,,,5,5\n")
    page = client.get(waiting)
    assert "stop, lat, lon, jobs, boardings" in page.text
    assert '<option value="lat" selected>' in page.text, "where the points are is guessed"
    chosen = {"lat": "lat", "lon": "lon", "weights": "jobs = 0.5\nboardings=0.1\n"}
    looked = client.post(waiting, chosen | {"act": "look"})
    assert "552" in looked.text
    assert "from 2 of 3 rows" in looked.text
    assert "no coordinates" in looked.text
    assert not Exposure.objects.exists()
    kept = client.post(waiting, chosen | {"act": "keep"}, follow=True)
    assert "These people count from the next run on." in kept.text
    assert "2,552" in kept.text
    assert "jobs × 0.5, boardings × 0.1" in kept.text
    assert queries.at_risk(city).total == pytest.approx(2552)


@pytest.mark.parametrize(
    ("weights", "why"),
    [
        ("jobs", "write a column, an equals sign and a number"),
        ("desks = 1", "The table has no column “desks”"),
        ("jobs = 0", "must be above 0"),
    ],
)
def test_weights_that_mean_nothing_are_said_where_they_stand(city, ada, client_for, weights, why):
    client = client_for(ada)
    waiting = upload(client, city)
    answer = client.post(waiting, {"lat": "lat", "lon": "lon", "weights": weights, "act": "keep"})
    assert answer.status_code == 422
    assert why in answer.text
    assert weights in answer.text, "what was typed still stands there"
    assert not Exposure.objects.exists()


def test_a_file_that_is_no_table_is_refused_on_the_form(city, ada, client_for):
    answer = client_for(ada).post(url("exposure", city), {"file": SimpleUploadedFile("x.csv", b"\0" * 99)})
    assert answer.status_code == 422


def test_ada_withdraws_it_and_the_page_keeps_what_was(city, ada, client_for):
    client = client_for(ada)
    keep(city, JOBS, jobs=1)
    after = client.post(url("exposure-withdraw", city), follow=True)
    assert "From the next run on, residents alone count." in after.text
    assert "jobs.csv" in after.text
    again = client.post(url("exposure-withdraw", city))
    assert again.status_code == 422
    assert "No table of people who are there is in force" in again.text


def test_a_file_that_is_gone_is_said_on_the_page(city, ada, client_for):
    keep(city, JOBS, jobs=1).file_path.unlink()
    page = client_for(ada).get(url("exposure", city))
    assert page.status_code == 200
    assert "are not whole" in page.text
