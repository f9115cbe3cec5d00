"""How unlikely a count is: the likelihoods themselves, and the normal tail of the roots."""

import numpy as np
import pytest
import scipy

from alongside.methods.spatial.counts import signed_roots, unlikely, x_log_x


def by_likelihood(count, mu, dispersion):
    """Twice over: log likelihood with the count as the mean, less that with mu, the negative binomial's shape kept."""
    if dispersion == 1:
        ours, theirs = (scipy.stats.poisson.logpmf(count, mean) if mean else 0.0 for mean in (count, mu))
        return ours - theirs
    shape = mu / (dispersion - 1)
    ours, theirs = (scipy.stats.nbinom.logpmf(count, shape, shape / (shape + mean)) for mean in (count, mu))
    return ours - theirs


@pytest.mark.parametrize("dispersion", [1.0, 1.2, 3.0, 8.0])
def test_it_is_the_ratio_of_two_likelihoods(dispersion):
    for mu in (0.01, 0.7, 5.0, 40.0):
        counts = np.array([0, 1, 2, 7, 40, 90])
        ours = unlikely(counts, np.full(6, mu), dispersion, x_log_x(90))
        assert ours == pytest.approx([by_likelihood(int(c), mu, dispersion) for c in counts], abs=1e-9)


def test_a_dispersion_near_one_is_poisson():
    counts, mu = np.array([0, 3, 30]), np.array([1.0, 5.0, 12.0])
    near, exact = (unlikely(counts, mu, each, x_log_x(30)) for each in (1 + 1e-7, 1.0))
    assert near == pytest.approx(exact, abs=1e-5)


def test_nothing_where_nothing_is_expected_is_no_surprise():
    assert unlikely(np.array([0]), np.array([0.0]), 3.0, x_log_x(0)) == pytest.approx([0.0])


@pytest.mark.parametrize("dispersion", [1.0, 3.0])
def test_a_root_is_a_normal_score_where_a_residual_is_not(dispersion):
    mu = np.full(200_000, 0.2)
    random = np.random.default_rng(4)
    varied = mu if dispersion == 1 else random.gamma(mu / (dispersion - 1), dispersion - 1)
    counts = random.poisson(varied)
    chance = scipy.special.ndtr(-3)
    assert ((counts - mu) / np.sqrt(dispersion * mu) > 3).mean() > 5 * chance
    assert (signed_roots(counts, mu, dispersion) > 3).mean() < 2 * chance
    assert (np.sign(signed_roots(counts, mu, dispersion)) == np.sign(counts - mu)).all()
