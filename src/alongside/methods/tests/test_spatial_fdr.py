"""Many tests, one promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import false_discovery_control

from alongside.methods.spatial.cells import neighbourhoods_from_lists
from alongside.methods.spatial.fdr import TooFewPermutations, q_values, share_expected_wrong
from alongside.methods.spatial.gistar import local_g_star


def test_the_example_of_benjamini_and_hochberg():
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    assert (q_values(np.array(p)) <= 0.05).sum() == 4


@given(arrays(np.float64, st.integers(1, 60), elements=st.floats(1e-9, 1)))
def test_q_is_scipys(p):
    assert q_values(p) == pytest.approx(false_discovery_control(p))


def test_no_cells_no_q():
    assert len(q_values(np.array([]))) == 0


def test_shuffles_that_end_too_early_are_refused_and_enough_are_not():
    p = np.full(1000, 0.5)
    p[0] = 0.001
    with pytest.raises(TooFewPermutations) as refused:
        q_values(p, floor=0.001)
    enough = refused.value.permutations_needed
    assert enough == 19_999
    p[0] = floor = 1 / (1 + enough)
    assert q_values(p, floor=floor)[0] == pytest.approx(0.05)


def test_shuffles_too_few_for_one_cell_may_be_enough_for_many():
    p = np.full(1000, 0.5)
    p[:20] = 0.001
    assert (q_values(p, floor=0.001) <= 0.05).sum() == 20
    p[19] = 0.5
    with pytest.raises(TooFewPermutations):
        q_values(p, floor=0.001)


def test_of_towns_where_nothing_goes_on_few_have_any_focus_at_all():
    side = 10
    lists = [
        [
            r * side + c
            for r, c in ((i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1))
            if 0 <= r < side and 0 <= c < side
        ]
        for i in range(side)
        for j in range(side)
    ]
    hoods = neighbourhoods_from_lists(lists)
    alarms = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        counts = rng.negative_binomial(0.8, 0.1, side * side)
        alarms += bool((q_values(local_g_star(counts, hoods, rng=rng).p_permutation) <= 0.05).any())
    assert alarms <= 400 * 0.05 + 4 * np.sqrt(400 * 0.05 * 0.95)


def test_the_share_expected_wrong_is_what_the_probabilities_leave():
    assert share_expected_wrong(np.array([0.95, 0.99, 1.0])) == pytest.approx(0.02)
    assert share_expected_wrong(np.zeros(0)) == 0.0
