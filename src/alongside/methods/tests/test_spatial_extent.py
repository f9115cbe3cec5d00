"""A city without boundaries ends where its events end; a far point is no part of it."""

import h3.api.basic_int as h3
import numpy as np
import pytest
import shapely

from alongside.methods.spatial.cells import cells_of, parents_of
from alongside.methods.spatial.extent import RESOLUTION, cut_off, extent_of, outline_of

HERE, NEAR, FAR = (38.20, -85.70), (38.20, -85.66), (38.60, -85.70)  # NEAR is some 3.5 km off, FAR 44


def coarse(spot: tuple[float, float]) -> int:
    return h3.latlng_to_cell(*spot, RESOLUTION)


def extent_with(*towns: tuple[tuple[float, float], int]) -> set[int]:
    """The ground of towns, each a spot with its events, all of them at the spot."""
    cells = cells_of(*(np.array([spot[axis] for spot, _events in towns]) for axis in (0, 1)), 10)
    return set(extent_of(cells, np.array([events for _spot, events in towns], float)).tolist())


def around(spot: tuple[float, float]) -> list[tuple[float, float]]:
    """The middles of the cells next to a spot's."""
    return [h3.cell_to_latlng(cell) for cell in set(h3.grid_disk(coarse(spot), 1)) - {coarse(spot)}]


def test_a_city_is_where_events_are():
    assert extent_with((HERE, 100)) == {coarse(HERE)}


def test_one_event_is_a_slip_of_the_keyboard_unless_there_are_few():
    assert extent_with((HERE, 100), (FAR, 1)) == {coarse(HERE)}
    assert extent_with((HERE, 30), (NEAR, 1)) == {coarse(HERE), coarse(NEAR)}


def test_one_event_at_the_edge_of_town_belongs_to_it():
    beside, *_others = around(HERE)
    assert extent_with((HERE, 100), (beside, 1)) == {coarse(HERE), coarse(beside)}


def test_a_second_town_has_a_twentieth_of_the_events():
    assert extent_with((HERE, 96), (FAR, 4)) == {coarse(HERE)}
    assert extent_with((HERE, 95), (FAR, 5)) == {coarse(HERE), coarse(FAR)}


def test_what_lies_within_two_steps_is_one_town_however_small():
    assert h3.grid_distance(coarse(HERE), coarse(NEAR)) == 2, "the premise"
    assert extent_with((HERE, 998), (NEAR, 2)) == {coarse(HERE), coarse(NEAR)}


def test_a_lake_in_the_middle_is_ground_and_fields_around_are_not():
    shore = [(spot, 20) for spot in around(HERE)]
    assert extent_with(*shore) == set(h3.grid_disk(coarse(HERE), 1))
    assert coarse(HERE) not in extent_with(*shore[:5])


def test_the_outline_is_one_shape_without_slits():
    cells = extent_of(np.array([coarse(HERE)], np.uint64), np.array([100.0]))
    shape = outline_of(cells)
    assert shape.geom_type == "Polygon"
    assert len(shape.interiors) == 0
    assert shape.covers(shapely.Point(HERE[1], HERE[0]))
    assert not shape.covers(shapely.Point(FAR[1], FAR[0]))


def test_it_is_the_same_ground_at_any_resolution():
    rng = np.random.default_rng(3)
    fine = cells_of(rng.normal(38.2, 0.02, 500), rng.normal(-85.7, 0.02, 500), 11)
    events = np.ones(len(fine))
    assert extent_of(fine, events).tolist() == extent_of(parents_of(fine, 9), events).tolist()


def test_nowhere_is_no_ground():
    nothing = extent_of(np.zeros(0, np.uint64), np.zeros(0))
    assert nothing.tolist() == []
    assert outline_of(nothing) is None


def cut_off_of(*towns):
    cells = cells_of(*(np.array([spot[axis] for spot, _events in towns]) for axis in (0, 1)), 10)
    events = np.array([events for _spot, events in towns], float)
    return cut_off(cells, events, extent_of(cells, events))


def test_a_part_across_water_is_told_with_how_many_and_how_far():
    (told,) = cut_off_of((HERE, 300), (FAR, 8))
    expected = h3.great_circle_distance(h3.cell_to_latlng(coarse(HERE)), h3.cell_to_latlng(coarse(FAR)))
    assert told == (8.0, pytest.approx(expected, rel=0.005))


def test_slips_what_belongs_and_other_places_are_not_told():
    another = (39.60, -85.70)  # 155 km off
    assert cut_off_of((HERE, 300), (FAR, 4)) == []
    assert cut_off_of((HERE, 100), (FAR, 50)) == []
    assert cut_off_of((HERE, 300), (another, 12)) == []
