"""Real cities: the placeholder and the malls must not come out as focus areas."""

import csv
import json

import numpy as np
import pytest
import shapely
from shapely.geometry import shape
from tests.realdata import real_data

from alongside.methods.spatial.cells import (
    cells_of,
    centres_of,
    choose_resolution,
    neighbourhoods_of,
    parents_of,
    study_cells,
)
from alongside.methods.spatial.fdr import q_values
from alongside.methods.spatial.focus import Layer, Locations, StudySet, focus_areas, single_sites
from alongside.methods.spatial.gistar import local_g_star

pytestmark = pytest.mark.heavy

JEFFERSON_MALL = (38.137693, -85.672052)
COMMUNITY_AT_LARGE = (38.271416, -85.625379)
FINE = 11


def polygons(path, name):
    features = json.loads(path.read_text())["features"]
    shapes = [shapely.make_valid(shape(each["geometry"])) for each in features]
    return shapes, [each["properties"][name] for each in features]


def place_of(cells, shapes):
    """Which shape each cell's centre lies in, −1 for none."""
    row = np.full(len(cells), -1)
    cell, which = shapely.STRtree(shapes).query(
        shapely.points(centres_of(cells)[:, ::-1]), predicate="within"
    )
    row[cell] = which
    return row


def located(latitudes, longitudes, events, cells):
    """Fine places with their events, and the study cell of each."""
    fine, which = np.unique(cells_of(latitudes, longitudes, FINE), return_inverse=True)
    parents = parents_of(fine, 9)
    at = np.minimum(np.searchsorted(cells, parents), len(cells) - 1)
    inside = np.where(cells[at] == parents, at, -1)
    return fine, Locations(inside, np.bincount(which, events).astype(np.int64))


def without(locations, sites):
    left = locations.events.copy()
    left[[site.location for site in sites]] = 0
    return Locations(locations.cell, left)


@pytest.fixture(scope="module")
def louisville():
    with real_data("louisville", "lmpd_incident_counts_by_block.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["latitude"]]
    divisions, _ = polygons(real_data("louisville", "lmpd_divisions.geojson"), "DISTRICT")
    neighborhoods, names = polygons(real_data("louisville", "neighborhoods_67.geojson"), "name")
    cells = study_cells(shapely.union_all(divisions), 9)
    points = np.array([(float(row["latitude"]), float(row["longitude"])) for row in rows])
    events = np.array([int(row["incidents"]) for row in rows])
    fine, locations = located(points[:, 0], points[:, 1], events, cells)
    hoods = neighbourhoods_of(cells)
    sites = single_sites(locations, hoods)
    left = without(locations, sites)
    counts = left.counts(len(cells))
    tested = local_g_star(counts, hoods, rng=np.random.default_rng(1))
    layer = Layer("investigation", counts, tested.z, q_values(tested.p_permutation))
    focus = focus_areas(
        [layer],
        hoods,
        StudySet(counts, place_of(cells, neighborhoods), place_of(cells, divisions)),
        locations=left,
    )
    return {
        "cells": cells,
        "fine": fine,
        "locations": locations,
        "sites": sites,
        "focus": focus,
        "names": names,
    }


def test_the_mall_is_a_single_site_and_no_focus_area(louisville):
    mall = cells_of(np.array([JEFFERSON_MALL[0]]), np.array([JEFFERSON_MALL[1]]), FINE)[0]
    assert mall in [louisville["fine"][site.location] for site in louisville["sites"]]
    inside = {int(louisville["cells"][c]) for area in louisville["focus"].areas for c in area.cells}
    assert int(parents_of(np.array([mall]), 9)[0]) not in inside


def test_the_placeholder_counts_nowhere(louisville):
    placeholder = cells_of(np.array([COMMUNITY_AT_LARGE[0]]), np.array([COMMUNITY_AT_LARGE[1]]), FINE)[0]
    (at,) = np.flatnonzero(louisville["fine"] == placeholder)
    assert louisville["locations"].events[at] > 4000  # the premise: the largest point of all
    assert louisville["locations"].events[at] == louisville["locations"].events.max()
    assert louisville["locations"].cell[at] == -1


def test_what_is_left_are_neighborhoods_people_would_name(louisville):
    named = {louisville["names"][area.neighborhood] for area in louisville["focus"].areas}
    assert {"Russell", "Central Business District", "California"} <= named
    assert len(named) < 15


def test_portland_from_calls_to_areas():
    neighborhoods, names = polygons(real_data("portland", "neighborhoods.geojson"), "name")
    with real_data("portland", "calls_2016_08.csv").open() as file:
        points = np.array([(float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)])
    study = shapely.union_all(neighborhoods)
    assert choose_resolution(369, len(points), 50).value == 9
    cells = study_cells(study, 9)
    hoods = neighbourhoods_of(cells)
    _, locations = located(points[:, 0], points[:, 1], np.ones(len(points)), cells)
    counts = locations.counts(len(cells))
    tested = local_g_star(counts, hoods, rng=np.random.default_rng(1))
    layer = Layer("investigation", counts, tested.z, q_values(tested.p_permutation))
    everywhere = np.zeros(len(cells), dtype=int)
    focus = focus_areas([layer], hoods, StudySet(counts, place_of(cells, neighborhoods), everywhere))
    named = {names[area.neighborhood] for area in focus.areas}
    assert {"Downtown", "Old Town-Chinatown"} <= named
    assert 0.95 * len(points) < counts.sum() < len(points)
