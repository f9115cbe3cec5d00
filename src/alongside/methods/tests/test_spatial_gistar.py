"""Gi*: the score by hand, the p by counting every way to deal, the shuffles by both."""

import json
from fractions import Fraction
from itertools import combinations
from math import comb
from pathlib import Path

import numpy as np
import pytest
import scipy
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.methods.spatial.cells import neighbourhoods_from_lists
from alongside.methods.spatial.fdr import q_values
from alongside.methods.spatial.gistar import (
    PRECISION,
    CannotCount,
    NothingVaries,
    counted_p,
    local_g_star,
    pearson_residuals,
    sampled_p,
    scores_on_residuals,
    standard_scores,
)

ESDA = json.loads((Path(__file__).parent / "data" / "esda_g_star.json").read_text())
LINE = [[1], [0, 2], [1, 3], [2, 4], [3]]


def rng(seed=1):
    return np.random.default_rng(seed)


def a_town(side=12, seed=3):
    """A square lattice whose cells touch at sides, with skewed counts."""
    cells = [(r, c) for r in range(side) for c in range(side)]
    beside = [[(r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)] for r, c in cells]
    lists = [[r * side + c for r, c in row if 0 <= r < side and 0 <= c < side] for row in beside]
    return rng(seed).negative_binomial(0.6, 0.1, side * side), neighbourhoods_from_lists(lists)


def by_enumeration(values, hoods, cell, tail="upper"):
    """The slow, obvious twin: every way to deal the other cells' counts to the neighbours."""
    others = [int(v) for i, v in enumerate(values) if i != cell]
    dealt = int(hoods.size[cell]) - 1
    observed = int(hoods.sums(values)[cell]) - int(values[cell])
    sums = [sum(deal) for deal in combinations(others, dealt)]
    extreme = sum(s >= observed if tail == "upper" else s <= observed for s in sums)
    return Fraction(extreme, len(sums))


def by_whole_numbers(values, hoods, cell):
    """Another twin, for more cells: how many sets of k of the others have each sum, in exact integers."""
    dealt = int(hoods.size[cell]) - 1
    observed = int(hoods.sums(values)[cell]) - int(values[cell])
    sets = [{0: 1}] + [{} for _ in range(dealt)]
    for i, value in enumerate(values.tolist()):
        if i == cell:
            continue
        for k in range(dealt, 0, -1):
            for total, ways in list(sets[k - 1].items()):
                sets[k][total + value] = sets[k].get(total + value, 0) + ways
    reached = sum(ways for total, ways in sets[dealt].items() if total >= observed)
    return Fraction(reached, comb(len(values) - 1, dealt))


# --- The score -----------------------------------------------------------------------------------


def test_the_score_worked_by_hand():
    # Mean 2, variance (4·1 + 36)/5 − 4 = 4. Last cell: sum 7, expected 4, sd 2·√((5·2 − 4)/4).
    z = standard_scores(np.array([1, 1, 1, 1, 6]), neighbourhoods_from_lists(LINE))
    sd = 2 * np.sqrt(1.5)
    assert z == pytest.approx([-2 / sd, -3 / sd, -3 / sd, 2 / sd, 3 / sd])


def test_the_worked_example_of_the_pysal_manual():
    near = neighbourhoods_from_lists([[1, 3], [0, 3, 4], [4], [0, 1, 4], [1, 2, 3, 5], [4]])
    z = standard_scores(np.array([2, 3, 3.2, 5, 8, 7]), near)
    published = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    assert z == pytest.approx(published, abs=1e-8)


def test_the_score_is_esdas_to_nine_places():
    tested = local_g_star(np.array(ESDA["counts"]), neighbourhoods_from_lists(ESDA["neighbours"]), rng=rng())
    assert np.abs(tested.z - ESDA["z"]).max() < 1e-9
    assert np.abs(np.minimum(tested.p_analytic, 1 - tested.p_analytic) - ESDA["p_norm"]).max() < 1e-9


def test_our_p_is_esdas_within_its_sampling_error():
    # esda's p_sim is the smaller tail, whichever that is; ours is the upper one, always. And whether a
    # shuffle that only equals what was seen counts as extreme is left to rounding there: so its p may lie
    # anywhere between the p with all such ties (ours) and the p with none.
    counts, hoods = np.array(ESDA["counts"]), neighbourhoods_from_lists(ESDA["neighbours"])
    with_ties = local_g_star(counts, hoods, rng=rng()).p_permutation
    without = 1 - local_g_star(counts, hoods, rng=rng(), tail="lower").p_permutation
    peer = np.array(ESDA["p_sim"])
    error = 5 * np.sqrt(peer * (1 - peer) / ESDA["provenance"]["permutations"]) + 1e-3
    either = [(without - error <= p) & (p <= with_ties + error) for p in (peer, 1 - peer)]
    assert np.logical_or(*either).all()
    assert peer.max() < 0.51
    assert with_ties.max() > 0.9


@given(st.floats(0.1, 100), st.integers(0, 50))
@settings(max_examples=25, deadline=None)
def test_neither_the_unit_nor_a_gift_to_all_changes_the_score(factor, gift):
    counts, hoods = a_town()
    assert standard_scores(counts * factor + gift, hoods) == pytest.approx(standard_scores(counts, hoods))


@given(st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_cells_changes_nothing(random):
    counts, hoods = a_town(6)
    order = list(range(36))
    random.shuffle(order)
    new = {old: place for place, old in enumerate(order)}
    lists = [[new[j] for j in hoods.index[old][1 : hoods.size[old]].tolist()] for old in order]
    moved = local_g_star(counts[order], neighbourhoods_from_lists(lists), rng=rng())
    first = local_g_star(counts, hoods, rng=rng())
    assert moved.z == pytest.approx(first.z[order])
    assert moved.p_permutation == pytest.approx(first.p_permutation[order])


def test_where_nothing_varies_no_cell_can_stand_out():
    hoods = neighbourhoods_from_lists(LINE)
    for same in ([3, 3, 3, 3, 3], [0, 0, 0, 0, 0], [1, np.nan, 2, 3, 4]):
        with pytest.raises(NothingVaries):
            local_g_star(np.array(same), hoods, rng=rng())


def test_a_neighbourhood_that_is_everything_scores_nothing():
    everyone = neighbourhoods_from_lists([[1, 2], [0, 2], [0, 1]])
    tested = local_g_star(np.array([1, 2, 30]), everyone, rng=rng())
    assert tested.z.tolist() == [0, 0, 0]
    assert tested.p_permutation == pytest.approx([1, 1, 1])


# --- Every way counted ---------------------------------------------------------------------------


@given(st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(lambda x: len(set(x)) > 1))
@settings(max_examples=60, deadline=None)
def test_counting_agrees_with_dealing_every_hand(counts):
    values, hoods = np.array(counts, dtype=float), neighbourhoods_from_lists(LINE)
    for tail in ("upper", "lower"):
        expected = [float(by_enumeration(values, hoods, i, tail)) for i in range(5)]
        assert counted_p(values, hoods, tail=tail) == pytest.approx(expected, abs=1e-12)


def test_counting_agrees_with_whole_numbers_far_out_in_the_tail():
    counts, hoods = a_town()
    counts[[54, 65, 67, 78]] += 200  # all four neighbours of cell 66
    p = counted_p(counts.astype(float), hoods)
    checked = [0, 5, 49, 66, 67, 75, 143]
    exact = np.array([float(by_whole_numbers(counts, hoods, i)) for i in checked])
    assert np.abs(p[checked] - exact).max() < PRECISION
    assert exact.min() < 1e-7
    assert p[checked].min() == pytest.approx(exact.min(), rel=1e-4)


def test_no_p_is_smaller_than_rounding_allows():
    values = np.zeros(3000)
    values[:7] = 1000
    ring = [[j for j in range(7) if j != i] for i in range(7)] + [[] for _ in range(2993)]
    p = counted_p(values, neighbourhoods_from_lists(ring))
    assert 1 / comb(2999, 6) < PRECISION
    assert p[0] == PRECISION


def test_a_lone_busy_cell_scores_high_but_is_no_pattern():
    counts, hoods = a_town()
    counts = np.ones_like(counts)
    counts[66] = 400  # one mall; nothing around it
    counts[::7] += 1
    tested = local_g_star(counts, hoods, rng=rng())
    assert tested.z[66] > 3
    assert tested.p_analytic[66] < 0.001
    assert tested.p_permutation[66] > 0.1


def test_a_cell_without_neighbours_cannot_be_told_from_chance():
    hoods = neighbourhoods_from_lists([[1], [0], []])
    assert local_g_star(np.array([1, 2, 50]), hoods, rng=rng()).p_permutation[2] == 1


def test_rates_cannot_be_counted_and_say_so():
    counts, hoods = a_town()
    with pytest.raises(CannotCount):
        local_g_star(counts / 3, hoods, rng=rng(), way="counted")
    assert local_g_star(counts / 3, hoods, rng=rng(), most=999).way == "sampled"
    assert local_g_star(counts, hoods, rng=rng()).way == "counted"


def test_the_worked_example_of_the_method_page():
    p = counted_p(np.array([1, 1, 1, 1, 6.0]), neighbourhoods_from_lists(LINE))
    assert p[4] == pytest.approx(1)
    assert p[3] == pytest.approx(1 / 2)


# --- Shuffles ------------------------------------------------------------------------------------


def test_shuffles_come_near_the_counted_p_even_where_cells_are_few():
    # Nine cells, runs of seven: nearly every shuffle holds the cell itself, which is then struck out.
    lists = [
        [1, 2],
        [0, 2, 3],
        [0, 1, 3, 4],
        [1, 2, 4, 5],
        [2, 3, 5, 6, 7],
        [3, 4, 6],
        [4, 5, 7, 8],
        [4, 6, 8],
        [6, 7],
    ]
    values, hoods = np.array([0, 3, 1, 5, 2, 0, 7, 1, 1.0]), neighbourhoods_from_lists(lists)
    p, used = sampled_p(values, hoods, permutations=40_000, most=40_000, rng=rng())
    exact = np.array([float(by_enumeration(values, hoods, i)) for i in range(9)])
    assert (used == 40_000).all()
    assert (np.abs(p - exact) / np.sqrt(exact * (1 - exact) / 40_000 + 1e-9)).max() < 4.5


def test_shuffles_come_near_the_counted_p_in_a_town():
    counts, hoods = a_town()
    values = counts.astype(float)
    exact = counted_p(values, hoods)
    p, _ = sampled_p(values, hoods, permutations=20_000, most=20_000, rng=rng(8))
    assert (np.abs(p - exact) / np.sqrt(exact * (1 - exact) / 20_000 + 1e-7)).max() < 5


def test_the_same_seed_gives_the_same_answer_and_another_gives_another():
    counts, hoods = a_town()
    first, again, other = (
        local_g_star(counts, hoods, rng=rng(seed), way="sampled", most=999).p_permutation
        for seed in (5, 5, 6)
    )
    assert (first == again).all()
    assert (first != other).any()


def test_only_tails_that_need_it_go_on():
    counts, hoods = a_town()
    counts[60:64] += 200
    tested = local_g_star(counts, hoods, rng=rng(), way="sampled", most=99_999)
    stopped = tested.permutations_used == 999
    assert stopped.sum() > 100
    assert (tested.p_permutation[stopped] * 1000 >= 21).all()
    assert tested.permutations_used.max() == 99_999
    assert tested.floor == pytest.approx(1e-5)
    assert (tested.p_permutation >= tested.floor).all()


def test_a_p_from_stopping_early_keeps_its_promise():
    # Under the null every p must satisfy P(p ≤ a) ≤ a. Fresh towns, one cell each, ties broken by noise.
    _, hoods = a_town(8)
    ps = np.array(
        [
            sampled_p(rng(seed).normal(size=64), hoods, permutations=99, most=999, rng=rng(10_000 + seed))[0][
                27
            ]
            for seed in range(600)
        ]
    )
    for a in (0.01, 0.02, 0.05, 0.1, 0.21, 0.5):
        assert (ps <= a).mean() <= a + 4 * np.sqrt(a * (1 - a) / 600)
    assert (ps <= 0.5).mean() > 0.4  # and it is not merely timid


def test_the_lower_tail_is_the_upper_tail_of_the_opposite():
    counts, hoods = a_town()
    low = local_g_star(counts, hoods, rng=rng(2), tail="lower")
    opposite = local_g_star(counts.max() - counts, hoods, rng=rng(2))
    assert low.p_permutation == pytest.approx(opposite.p_permutation)
    assert low.p_analytic == pytest.approx(opposite.p_analytic)
    drawn = local_g_star(counts, hoods, rng=rng(2), tail="lower", way="sampled", most=999)
    assert np.abs(drawn.p_permutation - low.p_permutation).max() < 0.08


def test_real_numbers_tie_as_their_whole_twins_do():
    # 0.1 + 0.2 is not 0.3 to a computer; a shuffle that equals what was observed must still count.
    counts, hoods = a_town()
    whole, _ = sampled_p(counts.astype(float), hoods, permutations=999, most=999, rng=rng(4))
    tenths, _ = sampled_p(counts / 10, hoods, permutations=999, most=999, rng=rng(4))
    assert (whole == tenths).all()


# --- On residuals --------------------------------------------------------------------------------


def test_a_residual_worked_by_hand():
    # 12 events over 1, 1 and 4 people: 2, 2 and 8 expected, with a variance of 4 and 16 at a dispersion of 2.
    residuals = pearson_residuals(np.array([4, 2, 6]), np.array([1.0, 1.0, 4.0]), dispersion=2)
    assert residuals == pytest.approx([1.0, 0.0, -0.5])


def test_where_nobody_is_at_risk_no_residual_and_no_expectation():
    assert pearson_residuals(np.array([4, 2, 9]), np.array([1.0, 1.0, 0.0])).tolist() == [
        pytest.approx(1 / np.sqrt(3)), pytest.approx(-1 / np.sqrt(3)), 0.0,
    ]  # fmt: skip
    assert pearson_residuals(np.array([4]), np.array([0.0])).tolist() == [0.0]


def test_people_alone_make_no_hot_spot_of_residuals():
    _, hoods = a_town(30)
    row, column = np.divmod(np.arange(900), 30)
    people = 5 + 200 * np.exp(-((row - 15) ** 2 + (column - 15) ** 2) / 50)
    counts = rng(5).poisson(people * 0.2)
    by_count = local_g_star(counts, hoods, rng=rng()).p_permutation
    by_person = local_g_star(pearson_residuals(counts, people), hoods, rng=rng()).p_permutation
    assert (q_values(by_count) <= 0.05).sum() > 50  # the premise: people live in the middle
    assert (q_values(by_person) <= 0.05).sum() == 0
    scores = scores_on_residuals(counts, people, hoods, dispersion=1)
    assert (q_values(scipy.special.ndtr(-scores)) <= 0.05).sum() == 0


@pytest.mark.parametrize(("dispersion", "mean"), [(1.0, 0.3), (1.0, 5.0), (3.0, 0.6), (3.0, 6.0)])
def test_scores_on_residuals_have_a_normal_tail_however_few_are_expected(dispersion, mean):
    _, hoods = a_town(60)
    people = rng(2).gamma(2, 0.5, 3_600) + 0.1
    expected = people / people.sum() * mean * 3_600
    scores = np.concatenate([scores_on_residuals(each, people, hoods, dispersion=dispersion) for each in
                             dealt(expected, dispersion, 10)])  # fmt: skip
    for out, chance in ((1.645, 0.05), (2.326, 0.01), (3.09, 0.001)):
        assert (scores > out).mean() < 1.5 * chance
    assert (scores > 1.645).mean() > 0.02


def dealt(mean, dispersion, times):
    random = rng(9)
    for _ in range(times):
        varied = mean if dispersion == 1 else random.gamma(mean / (dispersion - 1), dispersion - 1)
        yield random.poisson(varied)


def test_on_uneven_ground_a_ring_must_stand_out_against_its_unevenness():
    _, hoods = a_town(40)
    people = np.ones(1_600)
    uneven = rng(3).poisson(rng(4).gamma(0.3, 20, 1_600))
    scores = scores_on_residuals(uneven, people, hoods, dispersion=1)
    assert scores.std() < 1.3  # a Poisson scale would put it near 4
