"""From cells that stand out to focus areas a resident would recognise."""

from dataclasses import replace

import numpy as np
import pytest

from alongside.methods.spatial.cells import neighbourhoods_from_lists
from alongside.methods.spatial.fdr import q_values
from alongside.methods.spatial.focus import (
    Homes,
    Layer,
    Locations,
    StudySet,
    band,
    focus_areas,
    groups,
    single_sites,
    site_of,
    stands_out,
)
from alongside.methods.spatial.gistar import local_g_star, standard_scores
from alongside.methods.spatial.spots import Spot

STREET = neighbourhoods_from_lists(
    [[1], [0, 2], [1, 3], [2, 4], [3, 5], [4, 6], [5, 7], [6]]
)  # eight in a row


def mask(*cells, n=8):
    chosen = np.zeros(n, dtype=bool)
    chosen[list(cells)] = True
    return chosen


def labels(*values):
    return np.array(values)


def layer(name, high, counts=None):
    """A layer in which just these cells are significant; z grows along the street."""
    q = np.where(mask(*high), 0.01, 0.6)
    z = np.where(mask(*high), 3.0 + np.arange(8) / 10, 0.2)
    return Layer(name, np.full(8, 4) if counts is None else np.array(counts), z, q)


ONE_PLACE = labels(*[0] * 8)


def areas_of(focus):
    return [area.cells.tolist() for area in focus.areas]


def busy(*cells, events=50):
    return np.where(mask(*cells), events, 0)


def simple(high, *, locations=None, **more):
    known = {"events": busy(*high), "neighborhood": ONE_PLACE, "division": ONE_PLACE} | more
    return focus_areas([layer("investigation", high)], STREET, StudySet(**known), locations=locations)


# --- Groups --------------------------------------------------------------------------------------


def test_cells_that_touch_are_one_area_and_cells_that_do_not_are_two():
    assert [g.tolist() for g in groups(mask(1, 2, 5, 6), STREET)] == [[1, 2], [5, 6]]
    assert [g.tolist() for g in groups(mask(1, 2, 3), STREET)] == [[1, 2, 3]]
    assert groups(mask(), STREET) == []


def test_an_area_stays_inside_its_neighborhood():
    focus = simple((1, 2, 3, 4), neighborhood=labels(7, 7, 7, 8, 8, 8, 8, 8))
    assert sorted(areas_of(focus)) == [[1, 2], [3, 4]]
    assert {area.neighborhood for area in focus.areas} == {7, 8}


def test_an_area_never_crosses_a_division():
    focus = simple((1, 2, 3, 4), division=labels(1, 1, 1, 1, 2, 2, 2, 2))
    assert sorted(areas_of(focus)) == [[1, 2, 3], [4]]
    assert {area.division for area in focus.areas} == {1, 2}


def test_cells_without_a_name_are_reported_not_named():
    focus = simple((1, 2, 3), neighborhood=labels(0, 0, 0, -1, -1, -1, -1, -1))
    assert areas_of(focus) == [[1, 2]]
    assert focus.unnamed.tolist() == [3]


def test_a_quiet_cell_between_busy_ones_is_not_named_for_them():
    focus = simple((1, 2, 5), events=np.array([9, 50, 50, 9, 9, 9, 9, 9]))
    assert areas_of(focus) == [[1, 2]]
    assert [area.cells.tolist() for area in focus.only_beside] == [[5]]


# --- Layers --------------------------------------------------------------------------------------


def test_high_on_one_layer_alone_is_not_high_on_both():
    stops, reports = layer("enforcement", (1, 2, 5)), layer("investigation", (2, 3, 5))
    assert np.flatnonzero(stands_out([stops, reports])).tolist() == [2, 5]
    assert np.flatnonzero(stands_out([stops])).tolist() == [1, 2, 5]


def test_unusually_quiet_is_not_high():
    quiet = Layer("investigation", np.full(8, 1), z=np.full(8, -4.0), q=np.full(8, 0.001))
    assert not stands_out([quiet]).any()


def test_an_incident_in_both_layers_is_one_event():
    focus = focus_areas(
        [layer("investigation", (2, 3), [6] * 8), layer("enforcement", (2, 3), [3] * 8)],
        STREET,
        StudySet(busy(2, 3, events=7), neighborhood=ONE_PLACE, division=ONE_PLACE),
    )
    (area,) = focus.areas
    assert area.events == 14
    assert area.layer_events == {"investigation": 12, "enforcement": 6}
    assert area.layer_share["enforcement"] == pytest.approx(6 / 14)


def test_a_peak_is_judged_by_its_weaker_layer():
    strong = Layer("investigation", np.full(8, 4), np.array([0, 9.0, 4.0, 0, 0, 0, 0, 0]), np.full(8, 0.001))
    weak = Layer("enforcement", np.full(8, 4), np.array([0, 2.5, 3.5, 0, 0, 0, 0, 0]), np.full(8, 0.04))
    study = StudySet(busy(1, 2), neighborhood=ONE_PLACE, division=ONE_PLACE)
    (area,) = focus_areas([strong, weak], STREET, study).areas
    assert (area.peak_cell, area.peak_z, area.peak_q) == (2, 3.5, 0.04)


def test_the_highest_peak_comes_first():
    assert areas_of(simple((1, 5, 6))) == [[5, 6], [1]]


# --- People --------------------------------------------------------------------------------------


def test_an_area_has_its_rate_and_its_doubt():
    (area,) = simple((2, 3), residents=np.full(8, 200.0), years=2.0).areas
    assert area.residents == 400
    assert area.rate.value == pytest.approx(100 / 0.4 / 2)
    assert area.rate.low < area.rate.value < area.rate.high


def test_an_area_where_nobody_lives_has_none_and_one_of_few_a_wide_interval():
    (area,) = simple((2, 3), residents=np.zeros(8), years=2.0).areas
    assert (area.rate.value, area.rate.missing) == (None, "no residents")
    few, many = (
        simple((2, 3), residents=np.full(8, people), years=2.0).areas[0].rate for people in (10.0, 200.0)
    )
    assert few.high - few.low == pytest.approx(20 * (many.high - many.low))
    (unknown,) = simple((2, 3), years=2.0).areas
    assert (unknown.residents, unknown.rate.missing) == (None, "no population")


def test_bands_compare_with_the_whole_by_the_low_end():
    assert [band(low, 10.0) for low in (5, 9.9, 10, 19.9, 20, 39.9, 40, 400)] == [
        None,
        None,
        1,
        1,
        2,
        2,
        3,
        3,
    ]
    assert band(None, 10.0) is None
    assert band(5.0, 0.0) is None


def test_a_small_area_is_not_put_high_on_a_few_events():
    few = simple((2, 3), events=busy(2, 3, events=4), residents=np.full(8, 60.0), years=1.0).areas[0]
    many = simple((2, 3), events=busy(2, 3, events=400), residents=np.full(8, 6000.0), years=1.0).areas[0]
    assert few.rate.value == pytest.approx(many.rate.value)
    assert band(few.rate.low, 15.0) == 1
    assert band(many.rate.low, 15.0) == 3


# --- Single sites --------------------------------------------------------------------------------


def a_quiet_town_with(sites, residential=()):
    """A row of 60 cells with two events each at two places, and some busy places."""
    row = neighbourhoods_from_lists([[j for j in (i - 1, i + 1) if 0 <= j < 60] for i in range(60)])
    cell = np.concatenate([np.repeat(np.arange(60), 2), [at for at, _ in sites]])
    events = np.concatenate([np.tile([1, 2], 60), [many for _, many in sites]])
    homes = np.zeros(len(cell), bool)
    homes[[120 + which for which in residential]] = True
    return row, Locations(cell.astype(np.int64), events.astype(np.int64), homes)


def test_a_mall_is_found_and_so_is_the_one_that_hides_behind_it():
    row, places = a_quiet_town_with([(30, 5000), (50, 40)])
    z = standard_scores(places.counts(60), row)
    assert z[50] < 1  # the premise: the first makes the second look ordinary
    sites = single_sites(places, row)
    assert [(site.location, site.cell, site.events) for site in sites] == [(120, 30, 5000), (121, 50, 40)]
    assert sites[0].share == pytest.approx(5000 / 5009)


def test_where_people_live_is_never_set_apart():
    row, places = a_quiet_town_with([(30, 5000), (50, 4000)], residential=[0])
    assert [site.cell for site in single_sites(places, row)] == [50]


def test_a_mall_in_a_town_where_all_else_is_alike_is_found():
    row = neighbourhoods_from_lists([[j for j in (i - 1, i + 1) if 0 <= j < 60] for i in range(60)])
    places = Locations(np.append(np.arange(60), 30), np.append(np.ones(60, int), 300))
    assert [site.location for site in single_sites(places, row)] == [60]
    few = Locations(np.append(np.arange(60), 30), np.append(np.ones(60, int), 2))
    assert single_sites(few, row) == []


def test_an_ordinary_town_has_no_single_site():
    row, places = a_quiet_town_with([])
    assert single_sites(places, row) == []


def test_a_busy_street_of_many_addresses_is_no_single_site():
    row, places = a_quiet_town_with([(at, 200) for at in (29, 30, 31, 29, 30, 31)])
    assert single_sites(places, row) == []


def test_places_outside_the_study_are_no_sites():
    row, places = a_quiet_town_with([(30, 5000)])
    outside = Locations(np.append(places.cell, -1), np.append(places.events, 9999), None)
    assert [site.cell for site in single_sites(outside, row)] == [30]
    assert outside.counts(60).sum() == places.counts(60).sum()


def test_an_area_that_is_mostly_one_address_is_shown_apart():
    places = Locations(np.array([2, 2, 3, 6, 6]), np.array([13, 1, 6, 10, 10]))
    focus = simple((2, 3, 6), events=places.counts(8), locations=places)
    assert areas_of(focus) == [[6]]  # half and half: neither holds most
    ((area, site),) = focus.single_sites
    assert area.cells.tolist() == [2, 3]
    assert (site.location, site.cell, site.events, site.share) == (0, 2, 13, pytest.approx(0.65))


def test_a_residential_campus_stays_eligible():
    places = Locations(np.array([2, 2, 3]), np.array([13, 1, 6]), np.array([True, False, False]))
    focus = simple((2, 3), events=places.counts(8), locations=places)
    assert areas_of(focus) == [[2, 3]]
    assert focus.single_sites == []
    assert site_of(focus.areas[0], places) is None


def test_setting_a_mall_apart_brings_back_what_it_hid():
    rng = np.random.default_rng(7)
    row = neighbourhoods_from_lists(
        [[j for j in range(i - 3, i + 4) if j != i and 0 <= j < 200] for i in range(200)]
    )
    counts = rng.poisson(2, 200)
    counts[100:106] += 15
    with_malls = counts.copy()
    with_malls[[20, 60, 150, 180]] += 4000

    def significant(values):
        tested = local_g_star(values, row, rng=rng)
        return q_values(tested.p_permutation) <= 0.05

    places = Locations(
        np.concatenate([np.arange(200), [20, 60, 150, 180]]), np.concatenate([counts, [4000] * 4])
    )
    sites = single_sites(places, row)
    assert [site.cell for site in sites] == [20, 60, 150, 180]
    left = places.events.copy()
    left[[site.location for site in sites]] = 0
    remaining = Locations(places.cell, left).counts(200)
    assert not significant(with_malls)[100:106].any()
    assert significant(remaining)[100:106].all()


# --- One address, and few homes ------------------------------------------------------------------


def a_mall_of(verdict, *, homes=0.0, residents=60_000.0, venue=False, events=5000):
    """The quiet town with one busy place of which this is known; everywhere else lives who lives there."""
    row, places = a_quiet_town_with([(30, events)])
    known = np.full(121, Spot.UNKNOWN)
    known[120] = verdict
    around = np.full(121, residents / 60)
    around[120] = homes
    there = np.zeros(121, bool)
    there[120] = venue
    return row, replace(places, verdict=known, homes=Homes(around, residents), venue=there)


@pytest.mark.parametrize("verdict", list(Spot))
def test_only_a_crossing_and_several_addresses_are_never_one_site(verdict):
    row, places = a_mall_of(verdict)
    found = single_sites(places, row)
    assert bool(found) == (verdict not in (Spot.CROSSING, Spot.SEVERAL))


@pytest.mark.parametrize("verdict", [Spot.BLOCK, Spot.UNKNOWN])
def test_a_block_is_one_site_only_where_few_people_live_around_it(verdict):
    row, few = a_mall_of(verdict, homes=500.0)
    _, many = a_mall_of(verdict, homes=12_000.0)
    share = float(few.events.sum()) / 60_000.0
    assert 10 * 500 * share < 5000 < 10 * 12_000 * share  # the premise
    assert [site.location for site in single_sites(few, row)] == [120]
    assert single_sites(many, row) == []


def test_it_does_not_switch_at_a_number_of_residents_but_goes_with_events():
    row, busy_block = a_mall_of(Spot.BLOCK, homes=7000.0)
    _, quiet_block = a_mall_of(Spot.BLOCK, homes=7000.0, events=60)
    assert single_sites(busy_block, row) == single_sites(quiet_block, row) == []
    around = np.where(np.arange(121) == 120, 0.0, quiet_block.homes.around)
    empty = replace(quiet_block, homes=Homes(around, 60_000.0))
    assert [site.location for site in single_sites(empty, row)] == [120]


@pytest.mark.parametrize("known", [{"verdict": Spot.ADDRESS}, {"verdict": Spot.BLOCK, "venue": True}])
def test_of_one_address_or_a_known_venue_less_is_asked(known):
    row, places = a_mall_of(**known, homes=12_000.0)
    assert [site.location for site in single_sites(places, row)] == [120]
    _, tower = a_mall_of(**known, homes=40_000.0)
    assert single_sites(tower, row) == []


def test_a_venue_at_a_crossing_does_not_make_the_crossing_one_site():
    row, places = a_mall_of(Spot.CROSSING, venue=True)
    assert single_sites(places, row) == []


def test_where_residents_are_not_known_only_the_address_speaks():
    row, places = a_mall_of(Spot.BLOCK, homes=40_000.0)
    assert single_sites(places, row) == []
    assert single_sites(replace(places, homes=None), row) != []


@pytest.mark.parametrize(("events", "found"), [(35, [120]), (2, [])])
def test_a_block_with_most_of_a_named_neighborhood_is_set_apart_and_a_few_events_are_not(events, found):
    row, places = a_mall_of(Spot.BLOCK, homes=5.0, events=events)
    cell = np.arange(121) // 2
    busy_beside = np.where((cell == 29) | (cell == 31), 40, np.where(cell == 30, 0, places.events))
    busy_beside[120] = events
    here = replace(places, events=busy_beside)
    assert single_sites(here, row) == [], "the premise: it does not hold most of the ring"
    named = np.where(np.arange(60) == 30, 0, -1)
    assert [site.location for site in single_sites(here, row, named)] == found
    assert single_sites(replace(here, verdict=np.full(121, Spot.CROSSING)), row, named) == []
    assert single_sites(replace(here, homes=None), row, named) == [], "nobody knows who lives there"


def test_an_area_that_is_mostly_one_crossing_stays_a_neighborhood():
    places = Locations(np.array([2, 2, 3]), np.array([13, 1, 6]), verdict=np.array([Spot.CROSSING, 0, 0]))
    focus = simple((2, 3), events=places.counts(8), locations=places)
    assert areas_of(focus) == [[2, 3]]
    assert focus.single_sites == []
