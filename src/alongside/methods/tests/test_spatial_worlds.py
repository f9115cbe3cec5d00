"""Planted worlds, small: what is promised of false alarms and power, in one city made up by the benchmark."""

from importlib import import_module
from pathlib import Path

import pytest

pytestmark = pytest.mark.heavy

BENCH = Path(__file__).resolve().parents[4] / "bench"
RUNS = 12


@pytest.fixture
def worlds(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCH))
    return import_module("hotspots_worlds")


@pytest.fixture
def told(worlds):
    """What the worlds whose names hold these words tell, in some runs of the new way and one of the others."""
    city = worlds.made_up(40, 24)
    runs = worlds.Runs(new=RUNS, old=1, scan=1, gi=1, looks=2)
    return lambda words: next(iter(worlds.measured(city, runs, words)["worlds"].values()))


def test_equal_risk_names_nothing_and_once_named_where_people_live(told):
    even = told("equal risk, dispersion 3")
    assert even["new_names_anything"] <= 1 / RUNS
    assert even["gi_cells"] == 0
    assert even["old_areas"] > 0  # the premise


def test_whole_neighborhoods_are_found_and_hardly_anything_else(told):
    raised = told("whole neighborhoods")
    assert raised["new_found"] >= 0.95
    assert raised["new_named_planted_share"] >= 0.95
    assert raised["new_parts"] <= 1  # of eight that are even inside


def test_a_disk_in_a_high_neighborhood_is_placed_by_its_scan_and_by_the_looks(told):
    disks = told("disks of 19 cells")
    assert disks["new_part_placed"] >= 0.95
    assert disks["looks_part_placed"] >= 0.95
