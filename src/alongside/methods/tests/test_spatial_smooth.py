"""The smooth field: the same answers as plain dense algebra, on any map."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.methods.spatial.smooth import smooth_over

SEED = 20_261_130


def lattice(wide: int, high: int) -> np.ndarray:
    places = np.arange(wide * high).reshape(high, wide)
    across = np.stack([places[:, :-1].ravel(), places[:, 1:].ravel()], axis=1)
    return np.concatenate([across, np.stack([places[:-1].ravel(), places[1:].ravel()], axis=1)])


def plain_covariance(n: int, beside: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """(n, n) the scaled field's covariance by pseudo-inverses, 0 for islands; and the connected parts."""
    touch = np.zeros((n, n))
    for i, j in beside:
        if i != j:
            touch[i, j] = touch[j, i] = 1
    reach = np.linalg.matrix_power(np.eye(n) + touch, n) > 0
    parts = [np.flatnonzero(row) for row in np.unique(reach, axis=0) if row.sum() > 1]
    covariance = np.zeros((n, n))
    for part in parts:
        own = touch[np.ix_(part, part)]
        inverse = np.linalg.pinv(np.diag(own.sum(axis=1)) - own)
        covariance[np.ix_(part, part)] = inverse / np.exp(np.log(np.diag(inverse)).mean())
    return covariance, parts


pairs_of_nine = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=20)


@given(pairs_of_nine, st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_after_data_the_field_is_what_dense_algebra_says(pairs, seed):
    beside = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    covariance, parts = plain_covariance(9, beside)
    field = smooth_over(9, beside)
    assert sorted(field.areas) == sorted(int(i) for part in parts for i in part)
    rng = np.random.default_rng(seed)
    data = rng.gamma(1, 1, 9) * (rng.random(9) < 0.7)
    # (C⁻¹ + D)⁻¹ without inverting a singular C
    after = covariance @ np.linalg.inv(np.eye(9) + np.diag(data) @ covariance)
    posterior = field.with_data(data[field.areas])
    x = rng.normal(size=9)
    assert posterior.variances() == pytest.approx(np.diag(after)[field.areas], rel=1e-4, abs=1e-6)
    assert posterior.solve(x[field.areas]) == pytest.approx((after @ x)[field.areas], rel=1e-4, abs=1e-5)
    determinant = np.linalg.slogdet(np.eye(9) + np.diag(data) @ covariance)[1]
    assert posterior.log_det - field.log_det == pytest.approx(determinant, abs=1e-4)


def test_one_spread_means_the_same_on_any_map():
    for beside, n in ((lattice(12, 9), 108), (np.array([[0, 1], [2, 3], [3, 4]]), 5)):
        field = smooth_over(n, beside)
        variance = field.with_data(np.zeros(n)).variances()
        for part in np.unique(field.part):
            assert np.exp(np.log(variance[field.part == part]).mean()) == pytest.approx(1, rel=1e-4)


def test_a_pair_said_twice_or_turned_round_is_one_pair():
    once = smooth_over(4, np.array([[0, 1], [1, 2]]))
    twice = smooth_over(4, np.array([[1, 0], [0, 1], [2, 1], [1, 2], [3, 3]]))
    assert list(twice.areas) == list(once.areas)
    assert twice.with_data(np.ones(3)).variances() == pytest.approx(once.with_data(np.ones(3)).variances())


def test_a_pair_of_an_area_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="not there"):
        smooth_over(3, np.array([[0, 3]]))
    assert len(smooth_over(3, np.array([[0, 2]])).areas) == 2


def test_a_city_of_islands_has_no_smooth_field():
    field = smooth_over(5, np.zeros((0, 2), dtype=np.int64))
    assert len(field.areas) == 0
    assert field.with_data(np.zeros(0)).solve(np.zeros(0)).shape == (0,)
