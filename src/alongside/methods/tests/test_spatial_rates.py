"""Rates: against the people who live there, with their doubt, and none where it would mislead."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from alongside.methods.spatial.cells import study_cells
from alongside.methods.spatial.rates import (
    count_interval,
    overlaps,
    poisson_interval,
    rate,
    smoothed_rates,
    spread_population,
)

ESDA = json.loads((Path(__file__).parent / "data" / "esda_g_star.json").read_text())


def test_a_rate_is_events_for_a_thousand_residents_a_year():
    measured = rate(50, 2_000, 2.0)
    assert measured.value == pytest.approx(12.5)
    assert (measured.low, measured.high) == pytest.approx((9.278, 16.480), abs=1e-3)
    assert measured.missing == ""


@pytest.mark.parametrize(
    ("residents", "years", "missing"),
    [
        (None, 1.0, "no population"),
        (0.0, 1.0, "no residents"),
        (0.4, 1.0, "no residents"),
        (500.0, None, "no dates"),
    ],
)
def test_no_rate_where_it_would_mislead_and_the_reason_why(residents, years, missing):
    none = rate(10, residents, years)
    assert (none.value, none.low, none.high, none.missing) == (None, None, None, missing)


def test_a_rate_is_continuous_in_residents_and_the_wider_the_fewer_they_are():
    measured = [rate(10, people, 1.0) for people in (5.0, 99.0, 100.0, 101.0, 4000.0)]
    assert [each.value for each in measured] == pytest.approx([2000, 101.01, 100, 99.01, 2.5], rel=1e-4)
    widths = [each.high - each.low for each in measured]
    assert widths == sorted(widths, reverse=True)


def test_garwoods_limits_as_tables_print_them():
    assert poisson_interval(0) == pytest.approx((0, 3.689), abs=1e-3)
    assert poisson_interval(1) == pytest.approx((0.0253, 5.572), abs=1e-3)
    assert poisson_interval(10) == pytest.approx((4.795, 18.39), abs=5e-3)


@given(st.integers(1, 5000))
@settings(max_examples=40, deadline=None)
def test_at_its_limits_the_count_is_just_too_rare(events):
    low, high = poisson_interval(events)
    assert poisson.sf(events - 1, low) == pytest.approx(0.025, rel=1e-6)
    assert poisson.cdf(events, high) == pytest.approx(0.025, rel=1e-6)


def nb1(rng, mean, dispersion, many):
    """Counts whose variance is so many times their mean."""
    return rng.negative_binomial(mean / (dispersion - 1), 1 / dispersion, many)


def clusters(rng, mean, dispersion, many):
    """The same mean and variance another way: nights that come one by one, each with a geometric number of events."""
    p = 2 / (dispersion + 1)
    nights = rng.poisson(mean * p, many)
    return nights + rng.negative_binomial(np.maximum(nights, 1), p) * (nights > 0)


@pytest.mark.parametrize("dispersion", [2.0, 3.5, 5.0])
@pytest.mark.parametrize("drawn", [nb1, clusters])
def test_the_interval_covers_counts_that_vary_more_than_one_by_one(drawn, dispersion):
    """Garwood's covers 63 to 84 of 100 of them where means are not small."""
    rng = np.random.default_rng(20)
    for mean in (3, 10, 50, 400, 3000):
        counts, times = np.unique(drawn(rng, mean, dispersion, 4000), return_counts=True)
        wide = [count_interval(int(count), dispersion=dispersion) for count in counts]
        plain = [poisson_interval(int(count)) for count in counts]

        def covered(intervals, times=times, mean=mean):
            return np.average([low <= mean <= high for low, high in intervals], weights=times)

        assert 0.94 <= covered(wide) <= 0.992
        if mean >= 50:
            assert 0.60 <= covered(plain) <= 0.86, "the premise"


@given(st.integers(0, 20_000), st.floats(1.0, 30.0))
@settings(max_examples=60, deadline=None)
def test_more_dispersion_is_never_a_narrower_interval(events, dispersion):
    garwood, wide = poisson_interval(events), count_interval(events, dispersion=dispersion)
    wider = count_interval(events, dispersion=dispersion + 1)
    assert max(wide[0], wider[0]) <= garwood[0]
    assert garwood[1] <= wide[1] * (1 + 1e-9)
    assert wide[1] <= wider[1] * (1 + 1e-9)


def test_a_dispersion_of_one_is_garwoods():
    for events in (0, 1, 17, 50_000):
        assert count_interval(events) == poisson_interval(events)
        assert count_interval(events, dispersion=1.0002) == pytest.approx(poisson_interval(events), rel=1e-3)
    with pytest.raises(ValueError, match="1 or more"):
        count_interval(3, dispersion=0.9)
    assert rate(50, 2000, 2.0, dispersion=3.0).low < rate(50, 2000, 2.0).low


def test_residents_are_spread_and_none_is_lost():
    spread = spread_population(
        np.array([100.0, 50.0, 7.0]),
        np.array([0, 0, 1]),
        np.array([0, 1, 1]),
        np.array([300.0, 100.0, 5.0]),
        cells=3,
    )
    assert spread.residents == pytest.approx([75, 75, 0])
    assert spread.unplaced == 7  # the third area has no street in any cell
    assert spread.residents.sum() + spread.unplaced == pytest.approx(157)


def test_the_part_of_an_area_outside_keeps_its_people():
    half = spread_population(
        np.array([100.0]), np.array([0]), np.array([0]), np.array([2.0]), cells=1, whole=np.array([4.0])
    )
    assert half.residents == pytest.approx([50])


def test_overlaps_give_back_the_whole_of_an_area_inside():
    tracts = [shapely.box(-85.76, 38.22, -85.74, 38.24), shapely.box(-85.74, 38.22, -85.72, 38.24)]
    cells = study_cells(shapely.union_all(tracts), 9)
    shared = overlaps(tracts, cells)
    assert np.bincount(shared.area, shared.size) == pytest.approx(shapely.area(tracts))
    spread = spread_population(
        np.array([900.0, 100.0]), shared.area, shared.cell, shared.size, cells=len(cells), whole=shared.whole
    )
    assert spread.residents.sum() == pytest.approx(1000)


def test_an_area_half_outside_the_study_brings_half_its_people():
    tract = shapely.box(-85.76, 38.22, -85.72, 38.24)
    cells = study_cells(shapely.box(-85.90, 38.20, -85.74, 38.26), 9)
    shared = overlaps([tract], cells)
    brought = spread_population(
        np.array([1000.0]), shared.area, shared.cell, shared.size, cells=len(cells), whole=shared.whole
    ).residents.sum()
    assert 500 <= brought < 600  # cells that touch the border reach a little over it


def test_smoothing_is_marshalls_as_esda_computes_it():
    ours = smoothed_rates(np.array(ESDA["counts"]), np.array(ESDA["residents"]))
    assert np.abs(ours - ESDA["smoothed"]).max() < 1e-12


def test_small_places_are_drawn_to_the_whole_and_large_ones_hardly():
    events, residents = np.array([4, 4000, 10, 300]), np.array([10.0, 10_000.0, 1_000.0, 10_000.0])
    smooth = smoothed_rates(events, residents)
    overall = events.sum() / residents.sum()
    raw = events / residents
    drawn = (raw - smooth) / (raw - overall)
    assert drawn.min() >= 0
    assert drawn.max() <= 1
    assert drawn[0] > drawn[2] > drawn[1]


def test_places_that_differ_no_more_than_chance_are_all_the_same():
    assert smoothed_rates(np.array([10, 11, 9]), np.array([100.0, 100.0, 100.0])) == pytest.approx(
        [0.1, 0.1, 0.1]
    )


def test_where_no_one_lives_nothing_is_known():
    smooth = smoothed_rates(np.array([5, 100, 2]), np.array([0.0, 500.0, 500.0]))
    assert smooth[0] == pytest.approx(102 / 1000)
