"""Riverbend hangs together: its areas, its streets and its people."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from alongside.demo.city import City, build_city
from alongside.demo.districts import RESIDENTS
from alongside.demo.network import ARTERIAL


def parts_joined(city: City, edges: np.ndarray) -> int:
    """How many pieces the streets fall into."""
    nodes = np.unique(edges)
    links = coo_array((np.ones(len(edges)), edges.T), shape=(len(city.network.nodes),) * 2)
    _, group = connected_components(links, directed=False)
    return len(np.unique(group[nodes]))


def over_water(city: City) -> np.ndarray:
    shapely.prepare(city.terrain.centreline)
    return shapely.intersects(city.terrain.centreline, city.network.shapes)


def test_neighborhoods_have_names_of_their_own_and_some_are_promised(city: City) -> None:
    names = [area.name for area in city.neighborhoods]
    assert len(names) == len(set(names)) == 28
    assert {"Eastbank", "Mill Row", "Three Oaks"} <= set(names)


def test_every_kind_of_area_covers_the_land_once_and_stays_out_of_the_river(city: City) -> None:
    land = city.terrain.land.area
    for areas in (city.neighborhoods, city.divisions, city.beats, city.tracts):
        whole = shapely.union_all([area.shape for area in areas])
        assert whole.area / land > 0.99
        assert sum(area.shape.area for area in areas) / whole.area < 1.001  # no ground is counted twice
        assert whole.intersection(city.terrain.river).area < 1_000
        assert all(area.shape.is_valid for area in areas)


def test_eastbank_is_on_the_east_bank_and_mill_row_is_not(city: City) -> None:
    where = {area.name: area.shape.representative_point() for area in city.neighborhoods}
    spots = np.array([[where[name].x, where[name].y] for name in ("Eastbank", "Mill Row")])
    assert city.terrain.side(*spots.T).tolist() == [False, True]


def test_eight_divisions_hold_whole_beats_and_cut_some_neighborhoods(city: City) -> None:
    assert [division.name for division in city.divisions][:2] == ["First Division", "Second Division"]
    assert len(city.divisions) == 8
    shapes = {division.name: division.shape for division in city.divisions}
    for beat in city.beats:
        assert beat.shape.difference(shapes[beat.parent].buffer(1)).area < 500
    cut = [
        area.name
        for area in city.neighborhoods
        if sum(area.shape.intersection(shape).area > 20_000 for shape in shapes.values()) > 1
    ]
    assert cut, "divisions follow other lines than neighborhoods, as in real cities"
    assert len(cut) < len(city.neighborhoods)


def test_everybody_lives_in_one_tract_one_neighborhood_and_one_division(city: City) -> None:
    for areas in (city.tracts, city.neighborhoods, city.divisions):
        assert abs(sum(area.population for area in areas) - RESIDENTS) <= len(areas)
    assert min(area.population for area in city.neighborhoods) > 2_000


def test_one_can_walk_from_anywhere_to_anywhere_but_only_over_two_bridges(city: City) -> None:
    edges = city.network.edges
    assert parts_joined(city, edges) == 1
    assert parts_joined(city, edges[~over_water(city)]) == 2
    names = {city.network.streets[street].name for street in city.network.street[over_water(city)]}
    assert names == {"Landing Bridge Road", "Tollhouse Road"}


def test_streets_are_named_and_no_name_is_given_out_foolishly(city: City) -> None:
    used = [city.network.streets[number] for number in np.unique(city.network.street)]
    assert all(street.name for street in used)
    times = Counter(street.name for street in used)
    assert len(times) > 250
    repeated = {name for name, count in times.items() if count > 4}
    assert repeated <= {"Water Street", "Eastbank Drive"}  # in stretches, along the bank
    bases = Counter(name.rsplit(" ", 1)[0] for name in times)
    assert max(bases.values()) <= 2


def test_blocks_are_of_a_size_that_people_walk(city: City) -> None:
    lengths = city.network.length
    assert 60 < np.median(lengths) < 250
    main = np.array([street.rank == ARTERIAL for street in city.network.streets])[city.network.street]
    assert 0.08 < main.mean() < 0.4


def test_every_neighborhood_has_a_school_and_somewhere_to_pray(city: City) -> None:
    for area in city.neighborhoods:
        kinds = {place.kind for place in city.landmarks if place.area == area.name}
        assert {"school", "place_of_worship"} <= kinds, area.name


@pytest.mark.heavy
@pytest.mark.parametrize("seed", [2, 7, 2026])
def test_other_seeds_make_cities_that_hang_together_too(seed: int) -> None:
    other = build_city(seed)
    test_neighborhoods_have_names_of_their_own_and_some_are_promised(other)
    test_every_kind_of_area_covers_the_land_once_and_stays_out_of_the_river(other)
    test_one_can_walk_from_anywhere_to_anywhere_but_only_over_two_bridges(other)
    test_eight_divisions_hold_whole_beats_and_cut_some_neighborhoods(other)


@pytest.mark.heavy
def test_the_same_seed_makes_the_same_city_and_another_seed_does_not(city: City) -> None:
    again, other = build_city(1), build_city(2)
    assert np.array_equal(again.network.nodes, city.network.nodes)
    assert [s.name for s in again.network.streets] == [s.name for s in city.network.streets]
    assert [p.name for p in again.landmarks] == [p.name for p in city.landmarks]
    assert len(other.network.nodes) != len(city.network.nodes)
