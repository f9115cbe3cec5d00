"""A study area cut into cells: none missing, none beyond, each with its true neighbours."""

import h3.api.basic_int as h3
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.methods.spatial.cells import (
    GeocodesTooCoarse,
    MixedResolutions,
    cells_of,
    centres_of,
    choose_resolution,
    count_on,
    covered_share,
    edge_m,
    neighbourhoods_from_lists,
    neighbourhoods_of,
    outlines,
    parents_of,
    people_around,
    study_cells,
)

RIVER_BEND = shapely.Polygon(
    [(-85.80, 38.20), (-85.74, 38.19), (-85.70, 38.23), (-85.72, 38.28), (-85.77, 38.25), (-85.79, 38.27)],
    holes=[[(-85.76, 38.22), (-85.75, 38.22), (-85.75, 38.23), (-85.76, 38.23)]],
)
ISLAND = shapely.box(-85.66, 38.20, -85.655, 38.203)
STUDY = shapely.MultiPolygon([RIVER_BEND, ISLAND])


@pytest.mark.parametrize("resolution", [7, 8, 9])
def test_the_study_set_is_every_cell_that_touches_the_area(resolution):
    oracle = h3.h3shape_to_cells_experimental(h3.geo_to_h3shape(STUDY), resolution, contain="overlap")
    assert study_cells(STUDY, resolution).tolist() == sorted(oracle)


def test_an_area_smaller_than_a_cell_still_has_its_cell():
    speck = shapely.box(-85.7, 38.2, -85.69999, 38.20001)
    assert h3.latlng_to_cell(38.200005, -85.699995, 8) in study_cells(speck, 8).tolist()


@pytest.mark.parametrize("latitude", [-54.8, 0.0, 64.8])
def test_a_city_anywhere_keeps_all_of_its_points(latitude):
    town = shapely.box(20.0, latitude, 20.1, latitude + 0.05)
    cells = study_cells(town, 9)
    rng = np.random.default_rng(1)
    points = cells_of(rng.uniform(latitude, latitude + 0.05, 500), rng.uniform(20.0, 20.1, 500), 9)
    assert np.isin(points, cells).all()
    assert not np.isin(cells_of(np.array([latitude + 0.1]), np.array([20.2]), 9), cells).any()


def test_cells_are_sorted_unsigned_and_each_once():
    cells = study_cells(STUDY, 9)
    assert cells.dtype == np.uint64
    assert (np.diff(cells.astype(object)) > 0).all()


@settings(max_examples=50, deadline=None)
@given(st.floats(-80, 80), st.floats(-179, 179), st.integers(5, 13), st.integers(0, 5))
def test_parents_are_those_of_h3(latitude, longitude, resolution, up):
    cell = h3.latlng_to_cell(latitude, longitude, resolution)
    ours = parents_of(np.array([cell], np.uint64), max(resolution - up, 0))
    assert int(ours[0]) == h3.cell_to_parent(cell, max(resolution - up, 0))


def test_a_cell_has_no_parent_finer_than_itself():
    cells = study_cells(STUDY, 8)
    with pytest.raises(MixedResolutions):
        parents_of(cells, 9)


@pytest.mark.parametrize("resolution", [9, 10, 11])
def test_people_around_a_place_are_those_of_its_cell_and_ring(resolution):
    rng = np.random.default_rng(4)
    points = np.column_stack((rng.uniform(38.215, 38.225, 300), rng.uniform(-85.775, -85.765, 300)))
    people = rng.uniform(0, 5, 300)
    places = cells_of(rng.uniform(38.215, 38.225, 8), rng.uniform(-85.775, -85.765, 8), resolution)
    size = min(resolution, 10)
    for place, found in zip(places.tolist(), people_around(places, points, people), strict=True):
        ring = h3.grid_disk(h3.cell_to_parent(place, size), 1)
        at = [h3.latlng_to_cell(*point, size) in ring for point in points.tolist()]
        assert found == pytest.approx(people[at].sum())
    assert people_around(places[:0], points, people).tolist() == []


def test_a_neighbourhood_is_the_cell_and_its_ring_inside_the_area():
    cells = study_cells(STUDY, 8)
    hoods = neighbourhoods_of(cells)
    for position, cell in enumerate(cells.tolist()):
        row = hoods.index[position][: hoods.size[position]]
        assert row[0] == position
        assert sorted(cells[row].tolist()) == sorted(set(h3.grid_disk(cell, 1)) & set(cells.tolist()))
    assert hoods.size.max() == 7
    assert hoods.size.min() < 7  # the edge of the area has fewer, none invented


def test_neighbourhoods_need_cells_of_one_size():
    mixed = np.sort(np.concatenate([study_cells(ISLAND, 8), study_cells(ISLAND, 9)]))
    with pytest.raises(MixedResolutions):
        neighbourhoods_of(mixed)


def test_sums_add_up_a_neighbourhood():
    hoods = neighbourhoods_from_lists([[1], [0, 2], [1], []])
    assert hoods.sums(np.array([1, 10, 100, 1000])).tolist() == [11, 111, 110, 1000]
    assert hoods.size.tolist() == [2, 3, 2, 1]


def test_every_event_is_counted_once_or_said_to_be_outside():
    cells = study_cells(STUDY, 9)
    rng = np.random.default_rng(2)
    where = cells_of(rng.uniform(38.15, 38.3, 2000), rng.uniform(-85.85, -85.6, 2000), 9)
    tally = count_on(cells, where)
    assert tally.counts.sum() + tally.outside == 2000
    assert 0 < tally.outside < 2000
    assert tally.counts[0] == (where == cells[0]).sum()


def test_counted_groups_weigh_as_many_events_as_they_hold():
    cells = study_cells(ISLAND, 9)
    tally = count_on(cells, np.array([cells[1], cells[1], 1], np.uint64), np.array([4, 5, 7]))
    assert tally.counts[1] == 9
    assert tally.outside == 7


def test_an_outline_goes_around_its_centre():
    cells = study_cells(ISLAND, 9)
    centres = shapely.points(centres_of(cells)[:, ::-1])
    assert shapely.contains(outlines(cells), centres).all()


def test_cells_are_never_finer_than_the_geocodes():
    fine = choose_resolution(400, 100_000, 50)
    blocks = choose_resolution(400, 100_000, 250)
    assert (fine.value, fine.limit) == (9, "finest")
    assert (blocks.value, blocks.limit) == (8, "precision")
    assert blocks.edge_m >= 250 > edge_m(9)
    assert "250 m" in blocks.why


def test_cells_are_never_so_fine_that_counts_are_noise():
    assert choose_resolution(1100, 22_000, 50).value == 9
    few = choose_resolution(1100, 2_000, 50)
    assert (few.value, few.limit) == (8, "events")
    hardly_any = choose_resolution(1100, 40, 50)
    assert (hardly_any.value, hardly_any.limit) == (7, "few")


def test_places_known_only_roughly_are_refused():
    with pytest.raises(GeocodesTooCoarse, match="Use areas instead"):
        choose_resolution(400, 100_000, 5_000)


@settings(max_examples=30, deadline=None)
@given(st.floats(1, 5000), st.integers(0, 10**6), st.floats(0, 1400))
def test_the_rule_always_has_an_answer_that_keeps_its_word(area, events, precision):
    chosen = choose_resolution(area, events, precision)
    assert chosen.edge_m >= precision
    assert 7 <= chosen.value <= 9


def test_the_covered_share_cuts_the_cells_at_the_edge_only():
    cells = study_cells(STUDY, 9)
    slow = shapely.area(shapely.intersection(outlines(cells), STUDY)) / shapely.area(outlines(cells))
    share = covered_share(cells, STUDY)
    assert share == pytest.approx(slow, abs=1e-12)
    assert 0 <= share.min() < 0.2
    assert np.count_nonzero(share == 1) > 0.3 * len(cells)
    away = cells_of(np.array([39.0]), np.array([-85.0]), 9)
    assert covered_share(away, STUDY) == pytest.approx([0.0])
    assert len(covered_share(cells[:0], STUDY)) == 0
