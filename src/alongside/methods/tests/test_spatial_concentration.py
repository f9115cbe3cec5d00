"""How concentrated, how stable."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.methods.spatial.concentration import (
    NothingToShare,
    TooFewMonths,
    concentration,
    membership_of_top,
    stability,
)


def rng():
    return np.random.default_rng(9)


def test_a_curve_by_hand():
    curve = concentration(np.array([1, 0, 6, 3]))
    assert curve.events == pytest.approx([0, 0.6, 0.9, 1, 1])
    assert curve.share_in_top(0.25) == pytest.approx(0.6)
    assert curve.share_in_top(0.5) == pytest.approx(0.9)
    assert curve.gini == pytest.approx((2 * (2 * 0.1 + 3 * 0.3 + 4 * 0.6) - 5) / 4)


def test_few_events_on_many_cells_are_not_concentrated_by_that_alone():
    apart, together = np.zeros(100, int), np.zeros(100, int)
    apart[:4] = 1
    together[0] = 4
    assert concentration(apart).gini == pytest.approx(0)
    assert concentration(together).gini == pytest.approx(1 - 1 / 4)


@given(st.lists(st.integers(0, 40), min_size=2, max_size=30).filter(any))
def test_the_index_lies_between_even_and_all_in_one(counts):
    curve = concentration(np.array(counts))
    assert -1e-9 <= curve.gini <= 1
    assert (np.diff(curve.events) >= -1e-12).all()


def test_no_events_have_no_share():
    with pytest.raises(NothingToShare):
        concentration(np.zeros(5, int))
    with pytest.raises(NothingToShare):
        stability(np.ones(5, int), np.zeros((12, 5), int), rng=rng())


def test_cells_tied_at_the_border_share_the_places_left():
    assert membership_of_top(np.array([5, 2, 2, 2, 0]), 2) == pytest.approx([1, 1 / 3, 1 / 3, 1 / 3, 0])


def test_a_town_that_stays_the_same_is_stable():
    before = np.array([50, 30] + [1] * 38)
    year = rng().poisson(np.tile(before / 12, (12, 1)))
    held = stability(before, year, rng=rng())
    assert held.share == pytest.approx(year[:, :2].sum() / year.sum())
    assert held.low < held.share < held.high
    assert held.by_chance == pytest.approx(0.05)
    assert held.pai == pytest.approx(held.share / 0.05)
    assert held.pei == pytest.approx(1)
    assert held.months == 12


def test_a_town_that_moved_is_not():
    before, after = np.array([50, 30] + [1] * 38), np.array([1] * 38 + [30, 50])
    held = stability(before, rng().poisson(np.tile(after / 12, (12, 1))), rng=rng())
    assert held.high < 0.1
    assert held.pei < 0.2


def test_one_odd_month_widens_the_interval():
    before = np.array([50, 30] + [1] * 38)
    steady = np.tile(before, (12, 1))
    odd = steady.copy()
    odd[4] = 0
    odd[4, 20] = 3000
    even = stability(before, steady, rng=rng())
    assert even.low == pytest.approx(even.high)
    shaken = stability(before, odd, rng=rng())
    assert shaken.high - shaken.low > 0.3


def test_blocks_keep_months_that_hang_together_together():
    before = np.array([50, 30] + [1] * 38)
    seasons = np.tile(before, (12, 1))
    seasons[6:, :2] = 0  # half a year like before, half a year not at all
    alone = stability(before, seasons, rng=rng())
    blocks = stability(before, seasons, block=6, rng=rng())
    assert blocks.high - blocks.low > alone.high - alone.low


def test_too_few_months_are_refused():
    before = np.arange(20)
    assert stability(before, np.tile(before, (6, 1)), rng=rng()).months == 6
    with pytest.raises(TooFewMonths):
        stability(before, np.tile(before, (5, 1)), rng=rng())


def test_the_same_seed_gives_the_same_interval():
    before = np.arange(40)
    year = rng().poisson(before / 3, size=(12, 40))
    assert stability(before, year, rng=rng()) == stability(before, year, rng=rng())


def test_ground_that_nobody_lives_in_is_left_out_and_edges_count_by_their_part():
    counts = np.array([8, 4, 4, 100, 2])
    ground = np.array([1.0, 0.5, 0.5, 0.0, 2.0])
    curve = concentration(counts, ground)
    assert curve.cells == pytest.approx([0, 0.25, 0.375, 0.5, 1])
    assert curve.events == pytest.approx([0, 8 / 18, 12 / 18, 16 / 18, 1])
    held = stability(counts, np.tile(counts, (6, 1)), ground=ground, top=0.25, rng=rng())
    assert held.share == pytest.approx(8 / 18)
    assert held.pai == pytest.approx((8 / 18) / 0.25)
    assert membership_of_top(np.array([8, 4, 4, 2]), 1.5, ground[ground > 0]) == pytest.approx(
        [1, 0.5, 0.5, 0]
    )


def test_whole_cells_everywhere_are_as_no_ground_given():
    before, year = rng().poisson(2.0, 60), rng().poisson(2.0, (12, 60))
    assert stability(before, year, ground=np.ones(60), rng=rng()) == stability(before, year, rng=rng())
    assert concentration(before, np.ones(60)).gini == pytest.approx(concentration(before).gini)


@pytest.mark.heavy
@pytest.mark.parametrize("months", [6, 12])
@pytest.mark.parametrize("dispersion", [1.0, 3.0, 5.0])
@pytest.mark.parametrize("surges", [False, True])
def test_the_interval_covers_the_share_that_made_the_months(months, dispersion, surges):
    """Months with more and fewer events in all, cells that vary each on its own, and a quarter that surges as one."""
    chance = rng()
    usual = chance.gamma(0.4, 1, 400)
    usual *= 4000 / 12 / usual.sum()
    before = chance.poisson(12 * usual)
    truth = float(membership_of_top(before, 20) @ usual / usual.sum())
    hits = 0
    for _ in range(400):
        mean = usual * chance.gamma(20, 1 / 20, (months, 1))
        if surges:
            mean = mean * np.where(np.arange(400) < 40, chance.gamma(4, 1 / 4, (months, 1)), 1.0)
        drawn = (
            chance.poisson(mean)
            if dispersion == 1
            else chance.negative_binomial(mean / (dispersion - 1), 1 / dispersion)
        )
        held = stability(before, drawn, resamples=999, rng=chance)
        hits += held.low <= truth <= held.high
    assert hits >= 0.93 * 400
