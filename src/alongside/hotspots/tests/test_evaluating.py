"""Would it have done well? The method on the town's own two years."""

import csv
import io
import json

import pytest
from click.testing import CliRunner
from django.urls import reverse

from alongside.agencies.models import AuditEntry
from alongside.hotspots import actions, reading
from alongside.hotspots.analysis import NothingToCompare
from alongside.hotspots.commands import hotspots
from alongside.hotspots.models import Evaluation
from alongside.hotspots.tests import town
from alongside.jobs import worker
from alongside.places.models import Area

pytestmark = pytest.mark.django_db


@pytest.fixture
def full_lake(riverbend, tmp_path):
    town.draw(riverbend)
    town.fill_the_lake(riverbend, tmp_path)


def test_years_are_cut_back_from_the_last_covered_day(riverbend, full_lake):
    years = reading.years(riverbend, "both")
    assert [(str(year.first), str(year.last)) for year in years] == [
        ("2024-01-01", "2024-12-31"),
        ("2025-01-01", "2025-12-31"),
    ]
    assert all(year.months == 12 for year in years)


def test_a_list_made_of_one_year_is_seen_in_the_next(riverbend, full_lake, analyst):
    (origin,) = actions.evaluate(riverbend, by=analyst).origins
    assert (origin["made_of"], origin["seen_in"]) == (
        ["2024-01-01", "2024-12-31"],
        ["2025-01-01", "2025-12-31"],
    )
    held = {each["list"]: each for each in origin["lists"]}
    assert set(held) == {"high", "most residents", "most incidents"}, (
        "nobody knows of a year before the first"
    )
    assert held["high"]["named"] == ["Eastbank", "Mill Row"]
    assert held["high"]["again"] == 2
    assert held["high"]["people"] == pytest.approx(1 / 3, abs=0.01)
    assert held["high"]["relative"] > held["most residents"]["relative"] > 1
    assert AuditEntry.objects.filter(agency=riverbend, verb="looked for", actor=analyst).exists()


def test_without_residents_there_is_nothing_to_evaluate(riverbend, full_lake):
    Area.objects.update(population=None)
    with pytest.raises(NothingToCompare, match="no history"):
        actions.evaluate(riverbend, by=None)
    assert not Evaluation.objects.exists()


def test_the_command_prints_what_the_page_shows(riverbend, full_lake):
    done = CliRunner().invoke(hotspots, ["evaluate", "riverbend"])
    assert "high: 2 neighborhoods, 2 high again" in done.stdout
    answer = json.loads(CliRunner().invoke(hotspots, ["evaluate", "riverbend", "--json"]).stdout)
    assert set(answer) == {"id", "layer", "threshold", "certainty", "origins"}


def test_an_analyst_looks_reads_and_takes_the_table_along(riverbend, full_lake, analyst, client_for):
    desk, there = client_for(analyst), reverse("hotspots:evaluation", args=["riverbend"])
    assert "Nobody has looked yet" in desk.get(there).text
    assert desk.post(there).status_code == 302
    assert "Years looked at" in desk.get(there).text
    worker.drain()
    page = desk.get(there).text
    assert "High by our method" in page
    assert "Eastbank, Mill Row" in page
    made = Evaluation.objects.get()
    taken = desk.post(reverse("hotspots:evaluation-export", args=["riverbend", made.public_id]))
    rows = list(csv.DictReader(io.StringIO(b"".join(taken).decode("utf-8-sig"))))
    assert [row["list"] for row in rows] == ["high", "most residents", "most incidents"]
    assert AuditEntry.objects.filter(verb="exported", actor=analyst).exists()


def test_a_look_at_no_history_says_why(riverbend, analyst, client_for, tmp_path):
    town.fill_the_lake(riverbend, tmp_path)
    desk, there = client_for(analyst), reverse("hotspots:evaluation", args=["riverbend"])
    desk.post(there)
    worker.drain()
    assert "no history" in desk.get(there).text


def test_an_officer_sees_no_evaluation(riverbend, officer, client_for):
    assert client_for(officer).get(reverse("hotspots:evaluation", args=["riverbend"])).status_code == 403
