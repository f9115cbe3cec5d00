"""Relative risk: a rate as a model, with its doubt; equal risk names nobody, a real difference is found."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom, norm

from alongside.methods.spatial.relative import (
    NothingToCompare,
    Sites,
    dispersion,
    relative_risk,
)
from alongside.methods.tests.test_spatial_smooth import lattice, plain_covariance

SEED = 20_261_130


def counts(rng, mean, phi):
    """Drawn with variance phi times the mean."""
    mean = np.asarray(mean, dtype=float)
    return (
        rng.poisson(mean) if phi == 1 else rng.negative_binomial(np.maximum(mean, 1e-9) / (phi - 1), 1 / phi)
    )


@pytest.mark.parametrize("phi", [1.5, 3.0])
def test_a_count_is_a_negative_binomial_whose_variance_is_so_many_times_its_mean(phi):
    events, expected = np.array([0.0, 1.0, 7.0, 40.0]), np.array([0.5, 3.0, 4.0, 20.0])
    sites = Sites(events, expected, np.ones(4), phi)
    for eta in (-1.0, 0.0, 0.8):
        mean = expected * np.exp(eta)
        law = nbinom(mean / (phi - 1), 1 / phi)
        assert law.var() == pytest.approx(phi * mean)
        ours = sites.log_likelihood(np.full(4, eta)) - sites.log_likelihood(np.zeros(4))
        theirs = law.logpmf(events) - nbinom(expected / (phi - 1), 1 / phi).logpmf(events)
        assert ours == pytest.approx(theirs, abs=1e-9)


def by_drawing(events, at_risk, beside, *, phi, draws, seed):
    """The slow, obvious twin: draw all of it from the prior, weigh each draw by how likely it makes the counts."""
    rng, n = np.random.default_rng(seed), len(events)
    covariance, _ = plain_covariance(n, beside)
    root = np.linalg.cholesky(covariance + 1e-12 * np.eye(n))
    island = np.diag(covariance) == 0
    spread = rng.exponential(1 / -np.log(0.01), draws)[:, None]
    mixing = np.where(island, 0, rng.random(draws)[:, None])
    noise, smooth, apart = rng.normal(size=(3, draws, n))
    apart *= rng.random((draws, n)) < 0.05
    level = rng.normal(0, 0.7, draws)  # drawn closer to where it can be, and weighed for that below
    eta = (
        level[:, None] + apart + spread * (np.sqrt(mixing) * (smooth @ root.T) + np.sqrt(1 - mixing) * noise)
    )
    expected = at_risk * events.sum() / at_risk.sum()
    weigh = at_risk / (at_risk + 0.01 * at_risk.mean())
    log = (weigh * nbinom(expected * np.exp(eta) / (phi - 1), 1 / phi).logpmf(events)).sum(axis=1)
    log += (level / 0.7) ** 2 / 2 - (level / 2) ** 2 / 2
    weight = np.exp(log - log.max())
    whole = weight @ (np.exp(eta) @ expected) / weight.sum() / expected.sum()
    return eta - np.log(whole), weight


def test_the_answer_is_that_of_a_slow_twin_that_draws():
    events = np.array([28, 6, 1, 18, 12])
    at_risk = np.array([900.0, 700.0, 300.0, 1000.0, 400.0])
    beside = np.array([[0, 1], [1, 2], [2, 3]])
    ours = relative_risk(events, at_risk, beside, dispersion=2.0)
    eta, weight = by_drawing(events, at_risk, beside, phi=2.0, draws=300_000, seed=SEED)
    for i in range(5):
        order = np.argsort(eta[:, i])
        below = np.cumsum(weight[order]) / weight.sum()
        low, middle, high = np.interp([0.025, 0.5, 0.975], below, np.exp(eta[order, i]))
        assert ours.relative[i] == pytest.approx(middle, rel=0.02)
        assert ours.low[i] == pytest.approx(low, rel=0.08)
        assert ours.high[i] == pytest.approx(high, rel=0.04)
        assert ours.p_above[i] == pytest.approx(weight[eta[:, i] > 0].sum() / weight.sum(), abs=0.015)
        assert ours.p_high[i] == pytest.approx(
            weight[eta[:, i] > np.log(1.5)].sum() / weight.sum(), abs=0.015
        )


def test_equal_risk_with_dispersion_names_nobody():
    rng, beside = np.random.default_rng(SEED), lattice(8, 8)
    named = 0
    for _ in range(6):
        at_risk = rng.gamma(2, 1500, 64)
        events = counts(rng, at_risk / at_risk.mean() * 40, 3.0)
        named += int((relative_risk(events, at_risk, beside, dispersion=3.0).p_high >= 0.95).any())
    assert named == 0


def test_a_neighborhood_of_two_and_a_half_times_the_risk_is_found_and_no_other():
    rng, beside = np.random.default_rng(SEED), lattice(8, 8)
    planted = [9, 10, 30, 45, 46]
    found = wrong = 0
    for _ in range(6):
        at_risk = rng.uniform(3_000, 5_000, 64)
        risk = np.ones(64)
        risk[planted] = 2.5
        answer = relative_risk(
            counts(rng, at_risk / 4_000 * 200 * risk, 3.0), at_risk, beside, dispersion=3.0
        )
        named = np.flatnonzero(answer.p_high >= 0.95)
        found += len(np.intersect1d(named, planted))
        wrong += len(np.setdiff1d(named, planted))
    assert found >= 0.95 * 6 * len(planted)
    assert wrong == 0


def test_the_only_neighborhood_that_differs_is_not_drawn_down_to_the_others():
    """One of 225 areas, all others alike: the others' likeness is no evidence against it."""
    rng, beside = np.random.default_rng(SEED), lattice(15, 15)
    expected = rng.uniform(60, 100, 225)
    for one in (0, 112):
        risk = np.ones(225)
        risk[one] = 2.5
        answer = relative_risk(counts(rng, expected * risk, 2.0), expected, beside, dispersion=2.0)
        assert list(np.flatnonzero(answer.p_high >= 0.95)) == [one]
        assert answer.relative[one] > 2


@pytest.mark.parametrize("events_there", [0, 6])
def test_as_the_last_people_move_away_the_answer_goes_over_into_that_of_empty_ground(events_there):
    """Also where events are recorded there: no jump at any number of people."""
    rng, beside = np.random.default_rng(SEED), lattice(6, 5)
    at_risk = rng.gamma(2, 1500, 30)
    events = rng.poisson(at_risk / 100)
    events[14] = events_there
    at_risk[14] = 0
    empty = relative_risk(events, at_risk, beside, dispersion=2.0)
    gaps = []
    for people in (100, 10, 1, 0.01):
        at_risk[14] = people
        few = relative_risk(events, at_risk, beside, dispersion=2.0)
        gaps.append(float(np.abs(np.log([few.relative / empty.relative, few.high / empty.high])).max()))
    assert gaps[-1] < 1e-3
    assert gaps[-1] < gaps[-2] < gaps[-3]


def test_empty_ground_is_told_by_its_neighbors():
    """Nothing is known of it but what lies around: its interval is wider, and it leans their way."""
    beside, at_risk = lattice(6, 6), np.full(36, 1000.0)
    events = np.where(np.arange(36) // 6 < 3, 200, 50)
    at_risk[[7, 28]] = 0
    events[[7, 28]] = 0
    answer = relative_risk(events, at_risk, beside, dispersion=2.0)
    assert answer.relative[7] > 1.2
    assert answer.relative[28] < 0.8
    widths = np.log(answer.high / answer.low)
    assert widths[7] > 1.5 * widths[8]


def test_ground_of_which_nothing_is_known_may_be_like_no_other():
    """Where all else is alike: as the whole, but for the one chance in twenty of anything else."""
    rng, at_risk = np.random.default_rng(SEED), np.full(101, 1000.0)
    at_risk[100] = 0
    answer = relative_risk(rng.poisson(at_risk), at_risk, lattice(10, 10), dispersion=1.0)
    assert answer.p_high[100] == pytest.approx(0.05 * norm.sf(np.log(1.5)), abs=0.002)
    assert answer.relative[100] == pytest.approx(1, abs=0.01)


def test_an_island_is_drawn_to_the_whole_only():
    rng, beside = np.random.default_rng(SEED), lattice(5, 5)
    at_risk, events = np.full(26, 1000.0), np.append(rng.poisson(30 * rng.gamma(4, 1 / 4, 25)), 90)
    alone = relative_risk(events, at_risk, beside, dispersion=2.0)
    assert 1.5 < alone.relative[25] < 90 / (events.sum() / 26)


@given(st.integers(0, 10_000))
@settings(max_examples=5, deadline=None)
def test_the_answer_does_not_hang_on_the_order_of_areas(seed):
    rng, beside = np.random.default_rng(seed), lattice(5, 4)
    at_risk = rng.gamma(2, 1000, 20)
    events = counts(rng, at_risk / 60, 2.5)
    order = rng.permutation(20)
    one = relative_risk(events, at_risk, beside, dispersion=2.5)
    other = relative_risk(events[order], at_risk[order], np.argsort(order)[beside], dispersion=2.5)
    assert other.relative == pytest.approx(one.relative[order], rel=2e-3)
    assert other.p_high == pytest.approx(one.p_high[order], abs=2e-3)


def test_more_dispersion_is_more_doubt():
    rng, beside = np.random.default_rng(SEED), lattice(6, 6)
    at_risk = rng.gamma(4, 500, 36)
    events = counts(rng, at_risk / 50 * np.exp(rng.normal(0, 0.5, 36)), 2.0)
    widths = [
        np.log(answer.high / answer.low).mean()
        for answer in (relative_risk(events, at_risk, beside, dispersion=phi) for phi in (1.0, 2.0, 5.0))
    ]
    assert widths[0] < widths[1] < widths[2]


def test_the_worked_example_of_the_page():
    events = np.array([40, 36, 44, 38, 120, 42, 45, 35, 40, 41, 33, 9])
    at_risk = np.append(np.full(11, 2000.0), 200.0)
    answer = relative_risk(events, at_risk, lattice(4, 3), dispersion=2.0)
    told = [answer.relative, answer.low, answer.high, answer.p_high]
    assert [round(float(each[4]), 2) for each in told] == [2.48, 1.88, 3.16, 1.0]
    assert [round(float(each[0]), 2) for each in told] == [0.85, 0.69, 1.04, 0.0]
    assert [round(float(each[11]), 2) for each in told] == [0.86, 0.68, 1.64, 0.03]


@pytest.mark.parametrize("stated", [1.0, 3.0, 8.0])
def test_a_dispersion_that_is_not_the_counts_own_puts_nobody_above_the_whole(stated):
    """Sparse counts one by one, read as if they came in heaps: the heaps not seen are not made up."""
    rng, beside = np.random.default_rng(SEED), lattice(9, 9)
    at_risk = rng.gamma(2, 1500, 81)
    answer = relative_risk(rng.poisson(at_risk / 3000), at_risk, beside, dispersion=stated)
    assert not (answer.p_above >= 0.95).any()
    assert np.median(answer.relative) == pytest.approx(1, abs=0.1)


def test_what_cannot_be_is_refused():
    some, people, beside = np.array([1, 2]), np.array([10.0, 20.0]), np.array([[0, 1]])
    assert len(relative_risk(some, people, beside, dispersion=1.0).relative) == 2
    with pytest.raises(NothingToCompare):
        relative_risk(np.zeros(2, int), people, beside, dispersion=1.0)
    with pytest.raises(NothingToCompare):
        relative_risk(some, np.zeros(2), beside, dispersion=1.0)
    for bad in (0.9, np.nan):
        with pytest.raises(ValueError, match="Dispersion"):
            relative_risk(some, people, beside, dispersion=bad)
    with pytest.raises(ValueError, match="from 0 up"):
        relative_risk(some, np.array([10.0, np.nan]), beside, dispersion=1.0)
    with pytest.raises(ValueError, match="one number each"):
        relative_risk(some, people[:1], beside, dispersion=1.0)


@pytest.mark.parametrize("phi", [1.0, 2.0, 4.0])
@pytest.mark.parametrize("busy", [0.3, 5.0, 60.0])
def test_dispersion_is_found_in_quiet_and_busy_months(phi, busy):
    rng = np.random.default_rng(SEED)
    mean = busy * rng.gamma(2, 0.5, 60) * rng.gamma(8, 1 / 8, 36)[:, None]
    found = [dispersion(counts(rng, mean, phi)) for _ in range(20)]
    assert np.mean(found) == pytest.approx(phi, rel=0.08)


def test_an_empty_month_and_an_empty_area_say_nothing():
    rng = np.random.default_rng(SEED)
    table = counts(rng, np.full((12, 9), 6.0), 2.0)
    wider = np.pad(table, ((0, 3), (2, 0)))
    assert dispersion(wider) == dispersion(table)


def test_dispersion_needs_two_periods_and_two_areas():
    assert dispersion(np.array([[2, 3], [3, 2]])) == 1.0
    for table in ([[2, 3]], [[2], [3]], [[2, 3], [0, 0]]):
        with pytest.raises(NothingToCompare):
            dispersion(np.array(table))


def test_what_lasts_longer_than_a_period_shows_only_in_longer_periods():
    rng = np.random.default_rng(SEED)
    quarters = rng.gamma(4, 1 / 4, (16, 40)).repeat(3, axis=0)
    months = rng.poisson(10 * quarters)
    by_quarter = months.reshape(16, 3, 40).sum(axis=1)
    assert dispersion(by_quarter) > 1.5 * dispersion(months)
