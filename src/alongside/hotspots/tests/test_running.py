"""Nia looks for hot spots: from a file of incidents to areas, with all that must be said beside them."""

import json
import os
import time
from datetime import date, timedelta

import pytest
import shapely
from click.testing import CliRunner
from django.urls import reverse

from alongside.agencies.models import AuditEntry
from alongside.hotspots import actions, answers, words
from alongside.hotspots.analysis import NothingToCompare
from alongside.hotspots.commands import hotspots
from alongside.hotspots.models import FocusArea, Run
from alongside.hotspots.tests import town
from alongside.places import actions as places
from alongside.places.models import Area, AreaKind, VenueKind

pytestmark = pytest.mark.django_db

FIXED = {
    "resolution",
    "window",
    "layer",
    "cells",
    "significant",
    "areas",
    "single_sites",
    "stability",
}
FIXED_OF_AN_AREA = {
    "id",
    "name",
    "neighborhood",
    "division",
    "band",
    "events",
    "population",
    "rate",
    "rate_interval",
    "peak_z",
    "peak_q",
    "cells",
}


@pytest.fixture
def full_lake(riverbend, tmp_path):
    homes = town.draw(riverbend)
    town.the_mall(riverbend)
    town.fill_the_lake(riverbend, tmp_path)
    return homes


def named(made):
    return {area.neighborhood.name for area in made.areas.walkable()}


def test_areas_are_high_on_both_layers_inside_one_neighborhood_and_division(riverbend, full_lake, analyst):
    made = actions.run(riverbend, by=analyst)

    assert (made.layer, made.resolution) == ("both", 9)
    assert (made.window_from, made.window_to) == (date(2025, 1, 1), date(2025, 12, 31))
    assert named(made) == {"Eastbank", "Mill Row"}  # Hilltop is high on one layer only
    for area in made.areas.walkable().select_related("neighborhood", "division"):
        centres = shapely.points([town.h3.cell_to_latlng(int(cell, 16))[::-1] for cell in area.cells])
        assert shapely.covers(area.neighborhood.shape, centres).all()
        assert shapely.covers(area.division.shape, centres).all()
        assert area.rate_low < area.rate < area.rate_high
        assert area.population > 100
    assert {area.name for area in made.areas.walkable()} >= {
        "Eastbank, middle",
        "Mill Row, middle, First Division",
    }
    split = {a.division.name for a in made.areas.walkable() if a.neighborhood.name == "Mill Row"}
    assert split == {"First Division", "Second Division"}, "the line of the divisions cuts that area in two"
    assert AuditEntry.objects.filter(agency=riverbend, verb="looked for", actor=analyst).exists()


@pytest.mark.parametrize(
    ("word", "said"), [("", "division 2"), ("Precinct", "precinct 2"), ("LMPD District", "LMPD District 2")]
)
def test_a_division_that_is_but_a_number_is_called_as_the_agency_calls_it(riverbend, full_lake, word, said):
    for number, division in enumerate(Area.objects.filter(kind=AreaKind.DIVISION).order_by("name"), start=1):
        division.name = str(number)
        division.save(update_fields=["name"])
    if word:
        places.name_kinds(riverbend, words={AreaKind.DIVISION: (word, f"{word}s")}, by=None)
    names = {area.name for area in actions.run(riverbend, by=None).areas.walkable()}
    assert f"Mill Row, middle, {said}" in names


def test_an_incident_in_both_layers_counts_once(riverbend, full_lake):
    made = actions.run(riverbend, by=None)
    eastbank = made.areas.walkable().filter(neighborhood__name="Eastbank").get()
    in_layers = sum(eastbank.layer_events.values())
    assert in_layers > eastbank.events, "some incidents are in both layers: that is what this test is about"
    assert 1.0 < sum(eastbank.shares.values()) < 1.3


def test_one_layer_can_be_asked_for_alone(riverbend, full_lake):
    made = actions.run(riverbend, layer="investigation", by=None)
    assert made.layer == "investigation"
    assert "Hilltop" in named(made)


def test_a_single_place_is_set_apart_and_named_only_as_a_public_venue(riverbend, full_lake):
    (site,) = actions.run(riverbend, by=None).findings["single_sites"]
    assert site["name"] == "Market Mall"
    assert site["set_apart"] == "before"
    assert site["share"] > 0.5

    from alongside.places.models import Venue

    Venue.objects.update(kind=VenueKind.OTHER)
    (site,) = actions.run(riverbend, by=None).findings["single_sites"]
    assert "name" not in site


def test_where_people_live_stays_eligible(riverbend, full_lake, analyst):
    before = actions.run(riverbend, by=analyst)
    assert "Old Market" not in named(before)
    actions.keep_eligible(
        riverbend,
        cell=before.findings["single_sites"][0]["cell"],
        name="Market Homes",
        by=analyst,
    )
    after = actions.run(riverbend, by=analyst)
    assert after.findings["single_sites"] == []
    # Its events count again now: all of its cell's neighborhood, not just what lay around it.
    assert after.findings["events"] == before.findings["events"]
    assert sum(after.table["count"]) > sum(before.table["count"])


def test_what_goes_beside_the_areas(riverbend, full_lake):
    made = actions.run(riverbend, by=None)
    findings = made.findings
    assert findings["stability"]["months"] == 12
    low, high = findings["stability"]["interval"]
    assert low < findings["stability"]["top_share"] < high
    assert findings["stability"]["by_chance"] == pytest.approx(0.05, abs=0.01)
    looks = {row.get("window") or row["resolution"] for row in findings["sensitivity"]}
    assert looks == {"first half", "second half", "before"}
    assert {row["name"] for row in findings["neighborhoods"]} == set(full_lake)
    for row in findings["neighborhoods"]:
        drawn, rate, average = row["smoothed_rate"], row["rate"], findings["average_rate"]
        assert min(rate, average) - 1 <= drawn <= max(rate, average) + 1
    assert findings["share_in_top"] > 0.2


def test_one_layer_only_is_said(riverbend, tmp_path):
    town.draw(riverbend)
    town.fill_the_lake(riverbend, tmp_path, town.calls(enforcement=False))
    made = actions.run(riverbend, by=None)
    assert made.layer == "investigation"
    assert any("one layer only: investigation" in note for note in words.notes(made))
    with pytest.raises(NothingToCompare, match="no incidents of this layer"):
        actions.run(riverbend, layer="enforcement", by=None)


def test_a_layer_whose_file_ends_earlier_is_said_with_its_day(riverbend, tmp_path):
    town.draw(riverbend)
    lines = town.calls().splitlines(keepends=True)
    kept = [line for line in lines if "ARREST" not in line or ",2024-" in line]
    town.fill_the_lake(riverbend, tmp_path, "".join(kept))
    later = (date(2025, 1, 1), date(2025, 12, 31))
    notes = words.notes(actions.run(riverbend, window=later, by=None))
    assert any("The other one ends on Dec." in note and "2024" in note for note in notes)


def only_of(days):
    """The town's file, less the lines of some days."""
    return "".join(line for line in town.calls().splitlines(keepends=True) if days(line.split(",")[1][:10]))


def test_without_days_asked_it_is_the_last_year_that_both_layers_cover(riverbend, tmp_path):
    town.draw(riverbend)
    lines = town.calls().splitlines(keepends=True)
    town.fill_the_lake(
        riverbend, tmp_path, "".join(line for line in lines if "ARREST" not in line or ",2024-" in line)
    )
    made = actions.run(riverbend, by=None)
    assert (made.window_from.year, made.window_to.year, made.layer) == (2024, 2024, "both")
    assert any("enforcement Jan." in note and "2025" in note for note in words.notes(made))
    alone = actions.run(riverbend, layer="investigation", by=None)
    assert (alone.window_from, alone.window_to) == (date(2025, 1, 1), date(2025, 12, 31))


def test_a_window_is_cut_to_the_days_that_the_data_covers(riverbend, tmp_path):
    """One month of calls, and strays of years before: a rate a year stands on the month, and that is said."""
    homes = town.draw(riverbend)
    stray = town.calls().splitlines(keepends=True)[1].replace("2024-", "2016-").replace("2025-", "2016-")
    busy = only_of(lambda day: day[:7] == "2025-03" or not day[0].isdigit())
    town.fill_the_lake(riverbend, tmp_path, busy + stray)
    asked = (date(2016, 1, 1), date(2025, 12, 31))
    made = actions.run(riverbend, window=asked, by=None)
    assert date(2025, 3, 1) <= made.window_from < made.window_to <= date(2025, 3, 31)
    assert made.findings["coverage"]["asked"] == ["2016-01-01", "2025-12-31"]
    assert made.findings["coverage"]["cut"]
    assert any("Asked for: Jan. 1, 2016" in note and "nothing else" in note for note in words.notes(made))
    days = (made.window_to - made.window_from).days + 1
    events = sum(row["events"] for row in made.findings["neighborhoods"])
    assert made.findings["average_rate"] == pytest.approx(
        events / (4000 * len(homes)) * 1000 * 365.25 / days, rel=0.02
    )
    assert made.findings["stability"] is None
    unasked = actions.run(riverbend, by=None)
    assert (unasked.window_from, unasked.window_to) == (made.window_from, made.window_to)
    assert not unasked.findings["coverage"]["cut"]


def test_a_gap_is_taken_out_and_said(riverbend, tmp_path, client):
    town.draw(riverbend)
    town.fill_the_lake(riverbend, tmp_path, only_of(lambda day: not "2025-04-01" <= day < "2025-07-01"))
    whole = actions.run(riverbend, by=None)
    ((first, last),) = whole.findings["coverage"]["gaps"]
    assert "2025-03-29" <= first <= "2025-04-01"
    assert "2025-06-30" <= last <= "2025-07-03"
    assert whole.findings["coverage"]["days"] < 365 - 85
    assert any("Left out" in note and "2025" in note for note in words.notes(whole))
    actions.publish(whole, by=None)
    page = client.get(reverse("hotspots:how-we-choose", args=["riverbend"])).text
    assert "Left out, since the data holds next to nothing of these days" in page


def test_each_named_neighborhood_is_compared_with_the_whole(riverbend, full_lake):
    rows = answers.answer(actions.run(riverbend, by=None))["neighborhoods"]
    assert [row["name"] for row in rows] == sorted(full_lake)
    for row in rows:
        assert set(row["layers"]) == {"investigation", "enforcement"}
        for layer in row["layers"].values():
            low, high = layer["relative_interval"]
            assert 0 < low < layer["relative"] < high
            assert layer["p_high"] <= layer["p_above"]
        assert row["high"] == all(layer["p_high"] >= 0.95 for layer in row["layers"].values())
        assert 0 <= row["looks"] <= 1
        assert row["passed_through"] is False
    assert {row["name"] for row in rows if row["high"]} == {"Eastbank", "Mill Row"}
    hilltop = next(row for row in rows if row["name"] == "Hilltop")
    assert hilltop["layers"]["investigation"]["p_high"] > 0.95 > hilltop["layers"]["enforcement"]["p_high"]


def test_without_residents_no_rate_is_formed_and_cells_are_compared(riverbend, full_lake):
    Area.objects.update(population=None)
    made = actions.run(riverbend, by=None)
    assert made.findings["banded_by"] == "ground"
    assert named(made) == {"Eastbank", "Mill Row"}
    rows = made.findings["neighborhoods"]
    assert {row["name"] for row in rows} == set(full_lake)
    for row in rows:
        assert (row["high"], row["passed_through"], row["looks"], row["population"]) == (
            None,
            False,
            None,
            None,
        )
        assert row["layers"]["enforcement"]["relative"] is None
    assert any("no rate" in note for note in words.notes(made))


def test_the_threshold_and_the_certainty_are_the_published_ones(riverbend, full_lake, ada):
    actions.set_criteria(riverbend, weights=town.WEIGHTS, threshold=2.5, by=ada)
    made = actions.run(riverbend, by=None)
    assert made.findings["high"]["threshold"] == 2.5
    assert named(made) == set()


def test_downtown_with_few_residents_is_shown_apart(riverbend, full_lake):
    """The same incidents, but hardly anybody lives where they are."""
    Area.objects.filter(name="Eastbank").update(population=200)
    made = actions.run(riverbend, by=None)
    eastbank = next(row for row in made.findings["neighborhoods"] if row["name"] == "Eastbank")
    assert (eastbank["high"], eastbank["passed_through"]) == (True, True)
    assert "Eastbank" not in named(made)


def test_without_boundaries_the_study_area_is_derived_and_said(riverbend, tmp_path):
    town.fill_the_lake(riverbend, tmp_path)
    made = actions.run(riverbend, by=None)
    assert made.findings["study_area"]["derived"]
    assert any("No boundaries were given" in note for note in words.notes(made))
    assert {(a.neighborhood, a.division) for a in made.areas.all()} == {(None, None)}
    assert made.areas.walkable().exists()


def counts_without_dates(riverbend, tmp_path):
    rows = [line.split(",")[3:] for line in town.calls().splitlines()[1:]]
    content = "Block,Latitude,Longitude,Incidents\n" + "".join(
        f"{number} MAIN ST,{lat},{lon},{1 + number % 3}\n" for number, (lat, lon) in enumerate(rows)
    )
    town.fill_the_lake(riverbend, tmp_path, content)


def test_counts_without_dates_have_no_window_no_rate_a_year_and_no_stability(riverbend, tmp_path):
    town.draw(riverbend)
    counts_without_dates(riverbend, tmp_path)
    made = actions.run(riverbend, undated=True, by=None)
    assert (made.window_from, made.window_to) == (None, None)
    assert made.findings["stability"] is None
    assert made.findings["banded_by"] == "relative"  # people are counted: no date is needed for that
    assert {row["high"] for row in made.findings["neighborhoods"]} == {True, False}
    assert {area.rate_missing for area in made.areas.all()} == {"no dates"}
    with pytest.raises(NothingToCompare, match="no window"):
        actions.run(riverbend, undated=True, window=(town.FIRST, town.LAST), by=None)
    with pytest.raises(NothingToCompare, match="lake is empty"):
        actions.run(riverbend, by=None)  # dated rows never mix with counts


def test_what_cannot_be_asked_is_refused_and_leaves_nothing(riverbend, full_lake):
    for question, why in [
        ({"window": (date(1999, 1, 1), date(1999, 12, 31))}, "the lake goes from 2024"),
        ({"resolution": 10}, "finer than 9"),
    ]:
        with pytest.raises(NothingToCompare, match=why):
            actions.run(riverbend, by=None, **question)
    assert not Run.objects.exists()
    assert not FocusArea.objects.exists()


def test_the_lake_is_empty(riverbend):
    with pytest.raises(NothingToCompare, match="import incidents first"):
        actions.run(riverbend, by=None)


def test_the_same_run_twice_says_the_same(riverbend, full_lake):
    once, again = (answers.answer(actions.run(riverbend, by=None), with_cells=True) for _ in range(2))
    for each in (once, again):
        each["id"] = ""
        each["areas"] = [{**area, "id": ""} for area in each["areas"]]
    assert once == again


def test_the_command_prints_one_object_with_the_fixed_keys(riverbend, full_lake):
    done = CliRunner().invoke(hotspots, ["run", "riverbend", "--json", "--cells"])
    payload = json.loads(done.stdout)
    assert set(payload) >= FIXED
    assert payload["window"] == ["2025-01-01", "2025-12-31"]
    assert payload["areas"]
    for area in payload["areas"]:
        assert set(area) >= FIXED_OF_AN_AREA
        assert area["weeks_since_walk"] is None
    assert all(set(site) >= {"events", "share", "cell"} for site in payload["single_sites"])
    assert set(payload["stability"]) >= {"top_share", "interval"}
    assert len(payload["cell_table"]) == payload["cells"]
    cell, count, z, p, q = payload["cell_table"][0]
    assert town.h3.is_valid_cell(int(cell, 16))
    assert isinstance(count, int)
    assert 0 < p <= q <= 1
    tested = {row[0] for row in payload["cell_table"]}
    assert tested >= {cell for area in payload["areas"] for cell in area["cells"]}
    assert isinstance(z, float)
    without = json.loads(CliRunner().invoke(hotspots, ["run", "riverbend", "--json"]).stdout)
    assert "cell_table" not in without


def test_the_command_tells_a_person(riverbend, full_lake):
    done = CliRunner().invoke(hotspots, ["run", "riverbend", "--publish"])
    assert "Eastbank" in done.stdout
    assert "a year for 1,000 residents" in done.stdout
    assert Run.objects.get().published_at is not None


@pytest.mark.parametrize(
    "wrong",
    [["--from", "2025-01-01"], ["--from", "2025-02-01", "--to", "2025-01-01"], ["--resolution", "11"]],
)
def test_the_command_refuses_half_a_question(riverbend, wrong):
    assert CliRunner().invoke(hotspots, ["run", "riverbend", *wrong]).exit_code == 2


def test_a_table_whose_run_was_never_kept_is_swept(riverbend, full_lake, monkeypatch):
    def die(*_args):
        raise RuntimeError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr(actions, "_keep", die)
        with pytest.raises(RuntimeError):
            actions.run(riverbend, by=None)
    folder = Run(agency=riverbend).table_path.parent
    (orphan,) = folder.iterdir()
    assert actions.sweep_tables(riverbend) == 0, "another process may be about to commit it"
    yesterday = time.time() - timedelta(days=1).total_seconds()
    os.utime(orphan, (yesterday, yesterday))

    made = actions.run(riverbend, by=None)

    assert list(folder.iterdir()) == [made.table_path]


def test_cells_that_are_gone_are_a_refusal(riverbend):
    made = town.a_run(riverbend)
    assert answers.cell_table(made)[0][1:] == [7, 3.5, 0.001, 0.01]
    made.table_path.unlink()
    with pytest.raises(answers.TableIsGone):
        answers.cell_table(Run.objects.get())


def test_a_neighborhood_too_small_for_any_cell_is_named_all_the_same(riverbend, full_lake):
    """At a corner where three cells meet: a few blocks hold the center of none."""
    lat, lon = town.h3.cell_to_boundary(town.h3.latlng_to_cell(*town.BOTH_HIGH, 8))[0]
    blocks = shapely.box(lon - 0.003, lat - 0.002, lon + 0.003, lat + 0.002)
    rest = full_lake["Eastbank"].shape.difference(blocks)
    Area.objects.filter(name="Eastbank").update(population=3900, **Area.columns_of(rest))
    small = town.an_area(riverbend, "Market Blocks", AreaKind.NEIGHBORHOOD, blocks, 100)

    made = actions.run(riverbend, resolution=8, by=None)

    found = made.areas.get(neighborhood=small)
    assert found.shape.equals(small.shape)
    assert found.population == pytest.approx(100, rel=0.05)
    (row,) = [row for row in made.findings["neighborhoods"] if row["name"] == "Market Blocks"]
    assert row["high"]
    assert row["events"] == found.events > 20


def test_a_park_with_nobody_and_nothing_is_not_high_by_its_neighbors(riverbend, full_lake):
    lat, lon = town.BOTH_HIGH
    park = shapely.box(lon + 0.011, lat + 0.009, lon + 0.0125, lat + 0.0105)
    town.an_area(riverbend, "Quiet Park", AreaKind.NEIGHBORHOOD, park, 0)
    (row,) = [
        row
        for row in actions.run(riverbend, by=None).findings["neighborhoods"]
        if row["name"] == "Quiet Park"
    ]
    assert row["high"] is False


def test_numbers_of_a_run_are_numbers_that_json_has(riverbend, full_lake):
    """Residents are known, but of none of the named neighborhoods."""
    Area.objects.exclude(name="Shelby").update(population=None)
    Area.objects.filter(name="Shelby").update(kind=AreaKind.TRACT)
    made = actions.run(riverbend, by=None)
    json.dumps(made.findings, allow_nan=False)


def test_what_a_run_says_of_its_doubt(riverbend, full_lake):
    made = actions.run(riverbend, by=None)
    high = made.findings["high"]
    doubts = [
        sum(1 - layer["p_high"] for layer in row["layers"].values())
        for row in made.findings["neighborhoods"]
        if row["high"]
    ]
    assert high["expected_wrong"] == pytest.approx(sum(doubts) / len(doubts), abs=1e-3)
    assert not high["stated_dispersion"]
    assert any("expected to be so by chance" in note for note in words.notes(made))
