"""The commands call the same actions, speak one line where something is wrong, and one JSON object where asked."""

import json

import pytest
from click.testing import CliRunner

from alongside.agencies.commands import NoSuchAgency
from alongside.core.errors import Refusal
from alongside.places import commands
from alongside.places.models import Area, StreetNetwork, Venue
from alongside.places.tests.cities import (
    collection,
    column,
    feature,
    row,
    square,
    two_neighborhoods,
    write_streets,
)


def run(command, *words):
    return CliRunner().invoke(command, [str(word) for word in words])


@pytest.fixture
def city(tmp_path):
    file = tmp_path / "city.geojson"
    file.write_bytes(two_neighborhoods())
    return file


def test_places_import_says_what_it_did_and_prints_one_json_object(riverbend, city):
    words = ["import", "riverbend", city, "--kind", "beat", "--name", "name"]
    result = run(commands.places, *words, "--population", "people")
    assert result.exit_code == 0, result.output
    assert "2 areas (beat): 2 new" in result.output
    assert "2,000 residents in 2 areas" in result.output
    again = run(commands.places, *words, "--json")
    report = json.loads(again.output)
    assert (report["areas"], report["added"], report["unchanged"]) == (2, [], 2)
    assert report["repaired"] == report["set_aside"] == []


def test_a_table_needs_its_three_options_and_is_joined_with_them(riverbend, city, tmp_path):
    table = tmp_path / "people.csv"
    table.write_text("area,n\nEastbank,10\nEastbank,5\n")
    words = ["import", "riverbend", city, "--kind", "tract", "--name", "name", "--population-csv", table]
    refused = run(commands.places, *words)
    assert refused.exit_code == 2
    assert "needs --key, --csv-key and --csv-value" in refused.output
    joined = run(commands.places, *words, "--key", "name", "--csv-key", "area", "--csv-value", "n", "--json")
    people = json.loads(joined.output)["population"]
    assert (people["total"], people["keys_summed"], people["areas_without"]) == (15, 1, ["Mill Row"])


def test_refusals_name_the_way_out(riverbend, city, tmp_path):
    wrong = run(commands.places, "import", "riverbend", city, "--kind", "beat", "--name", "NAME")
    assert isinstance(wrong.exception, Refusal)
    assert "it has name, people" in str(wrong.exception)
    nobody = run(commands.places, "import", "nowhere", city, "--kind", "beat", "--name", "name")
    assert isinstance(nobody.exception, NoSuchAgency)
    assert not Area.objects.exists()


def test_a_long_report_names_repairs_and_what_was_set_aside(riverbend, tmp_path):
    file = tmp_path / "bad.geojson"
    tie = [[[0.0, 40.0], [0.02, 40.02], [0.02, 40.0], [0.0, 40.02], [0.0, 40.0]]]
    file.write_bytes(
        collection(
            feature(tie, name="Tie"),
            feature(None, name="Nothing"),
            feature(square(0.1, 40), name="Same"),
            feature(square(0.2, 40), name="Same"),
        )
    )
    result = run(commands.places, "import", "riverbend", file, "--kind", "beat", "--name", "name").output
    assert "Repaired Tie: Self-intersection" in result
    assert "Set aside, feature 2 Nothing: no outline." in result
    assert "became one area: Same." in result


def test_streets_import_reports_for_people_and_for_programs(riverbend, tmp_path):
    ways = [(row(n), {"highway": "residential"}) for n in range(10)]
    ways += [(column(n), {"highway": "residential"}) for n in range(10)]
    file = write_streets(tmp_path / "city.osm.pbf", ways=ways)
    result = run(commands.streets, "import", "riverbend", file)
    assert "180 stretches of street between 100 junctions" in result.output
    assert "© OpenStreetMap contributors" in result.output
    report = json.loads(run(commands.streets, "import", "riverbend", file, "--json").output)
    assert {"nodes", "edges", "km", "km_by_kind", "km_step_free", "places", "dropped", "bbox"} <= set(report)
    assert report["areas_covered"] is None, "without boundaries nobody can say"
    assert StreetNetwork.objects.filter(current=True).count() == 1


def test_venues_import_takes_columns_by_name(riverbend, tmp_path):
    file = tmp_path / "v.csv"
    file.write_text("What,North,West\nMill Library,38.2,-85.7\n")
    words = ["import", "riverbend", file]
    assert isinstance(run(commands.venues, *words).exception, Refusal)
    columns = ["--column", "name=What", "--column", "lat=North", "--column", "lon=West"]
    assert "1 venues in 1 rows: 1 new" in run(commands.venues, *words, *columns).output
    assert Venue.objects.get().kind == "library"
    assert run(commands.venues, *words, "--column", "name").exit_code == 2
