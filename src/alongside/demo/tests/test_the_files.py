"""The files read like a real city's: OpenStreetMap data, and incident rows with the usual faults."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely

from alongside.demo import involvement, mapfile
from alongside.demo.city import City, CityFiles, write_city
from alongside.demo.tests.conftest import SEED, UNTIL

pytestmark = pytest.mark.heavy


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def investigated(files: CityFiles) -> list[dict[str, str]]:
    return rows_of(files.investigation)


@pytest.fixture(scope="session")
def enforced(files: CityFiles) -> list[dict[str, str]]:
    return rows_of(files.enforcement)


@pytest.fixture(scope="session")
def ways(files: CityFiles) -> list[tuple[list[int], dict[str, str]]]:
    listed: list[tuple[list[int], dict[str, str]]] = []
    known: set[int] = set()
    for thing in osmium.FileProcessor(str(files.streets)):
        if thing.is_node():
            known.add(thing.id)
        else:
            nodes = [node.ref for node in thing.nodes]
            assert set(nodes) <= known, "a way must come after its nodes"
            listed.append((nodes, dict(thing.tags)))
    return listed


def nodes_of(ways: list[tuple[list[int], dict[str, str]]], **tags: str) -> set[int]:
    return {node for nodes, has in ways if tags.items() <= has.items() for node in nodes}


def test_the_motorway_and_the_island_touch_no_street(ways: list) -> None:
    streets = {
        n for nodes, tags in ways if tags.get("highway") in ("residential", "secondary") for n in nodes
    }
    motorway, island = nodes_of(ways, highway="motorway"), nodes_of(ways, name="Heron Island Trail")
    assert motorway
    assert island
    assert not motorway & streets
    assert not island & streets


def test_the_map_says_what_real_maps_say_on_a_share_of_its_ways(ways: list) -> None:
    residential = [tags for _, tags in ways if tags.get("highway") == "residential"]
    for tag in ("sidewalk", "surface", "width"):
        share = sum(tag in tags for tags in residential) / len(residential)
        assert 0.1 < share < 0.9, tag
    assert nodes_of(ways, highway="steps")
    assert nodes_of(ways, access="private", highway="residential")
    assert nodes_of(ways, shop="mall")


def test_boundary_files_are_geojson_in_degrees(files: CityFiles) -> None:
    for path in (files.neighborhoods, files.divisions, files.beats, files.tracts):
        features = json.loads(path.read_text())["features"]
        shapes = [shapely.from_geojson(json.dumps(each["geometry"])) for each in features]
        assert all(shape.is_valid for shape in shapes)
        west, south, east, north = shapely.union_all(shapes).bounds
        assert -86.5 < west < east < -86.2
        assert 37.6 < south < north < 37.9


def test_rows_of_one_tract_sum_to_its_people(files: CityFiles) -> None:
    rows = rows_of(files.tract_population)
    assert max(Counter(row["tract"] for row in rows).values()) == 2
    assert sum(float(row["population"]) for row in rows) == files.counts["residents"]


def test_both_files_carry_the_faults_of_real_ones(investigated: list, enforced: list) -> None:
    for rows in (investigated, enforced):
        places = [row["block_address"] for row in rows]
        assert all(len(place) >= 60 for place in places), "padded with blanks"
        at_large = [row for row in rows if row["block_address"].strip() == "COMMUNITY AT LARGE"]
        assert 0.01 < len(at_large) / len(rows) < 0.12
        assert any(row["latitude"] in ("", "NULL") for row in rows)
        assert any(row["latitude"] == "0" for row in rows)
        assert any(row["date_occurred"] == "NULL" or "1900" in row["date_occurred"] for row in rows)
        numbers = Counter(row["incident_number"] for row in rows)
        assert max(numbers.values()) > 1, "one row a charge"
        whole = Counter(tuple(v for k, v in row.items() if k != "ObjectId") for row in rows)
        assert max(whole.values()) > 1, "typed in twice"


def test_some_incidents_are_in_both_files_and_most_are_not(investigated: list, enforced: list) -> None:
    ours, theirs = ({row["incident_number"] for row in rows} for rows in (investigated, enforced))
    shared = len(ours & theirs) / len(theirs)
    assert 0.25 < shared < 0.45


def test_two_years_end_on_the_day_asked_for(investigated: list) -> None:
    days = []
    for row in investigated:
        try:
            month, day, year = row["date_occurred"].split(" ")[0].split("/")
            days.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    real = [day for day in days if 2000 < day.year < 2090]
    assert max(real) == UNTIL
    assert min(real) == UNTIL - timedelta(days=involvement.DAYS - 1)
    assert len(real) / len(investigated) > 0.99


def test_the_mall_is_the_biggest_single_address_and_holds_few_of_all(investigated: list) -> None:
    spots = Counter(
        (row["latitude"], row["longitude"]) for row in investigated if "LARGE" not in row["block_address"]
    )
    spots.pop(("", ""), None)
    spots.pop(("NULL", "NULL"), None)
    _, most = spots.most_common(1)[0]
    assert 900 < most < 0.04 * len(investigated)


def test_involvement_is_concentrated_as_in_real_cities(city: City) -> None:
    streets = involvement.Streets(
        city.network, city.patchwork.homes, city.neighborhoods, city.beats, np.random.default_rng([SEED, 8])
    )
    events, _ = involvement.happen(streets, UNTIL, np.random.default_rng([SEED, 9]))
    by_block = np.sort(np.bincount(events.edge[events.place > -2], minlength=len(city.network.edges)))[::-1]
    share = by_block.cumsum() / by_block.sum()
    half = int(np.searchsorted(share, 0.5)) / len(share)
    assert 0.05 < half < 0.25, "half of it on a small part of the blocks"


def test_the_same_seed_writes_the_same_rows(city: City, files: CityFiles, tmp_path: Path) -> None:
    again = write_city(city, tmp_path, seed=SEED, until=UNTIL)
    assert again.investigation.read_bytes() == files.investigation.read_bytes()
    assert again.enforcement.read_bytes() == files.enforcement.read_bytes()
    assert again.venues.read_bytes() == files.venues.read_bytes()


def test_ids_on_the_map_are_nobody_elses() -> None:
    assert mapfile.FIRST_ID > 9_000_000_000
