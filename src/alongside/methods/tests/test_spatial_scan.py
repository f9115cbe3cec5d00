"""The scan: every circle by a slow twin, the deals' variance, the p under the null, the tail against many deals."""

import numpy as np
import pytest
import scipy

from alongside.methods.spatial.scan import (
    NotOneACell,
    bernoulli_scan,
    circles_around,
    dealt_among_trials,
    dealt_by_people,
    gumbel_tail,
    p_of,
    poisson_score,
    scan,
    steps,
)


def rng(seed=1):
    return np.random.default_rng(seed)


def hexagons(side=8, apart=300.0):
    """Centres of side × side cells of a hexagon lattice, metres."""
    row, column = np.divmod(np.arange(side * side), side)
    return np.column_stack((column + (row % 2) / 2, row * np.sqrt(3) / 2)) * apart


def a_ground(side=8, seed=3, events=300, dispersion=1.0, part=(), times=1.0):
    """Centres, uneven people and events that follow them, but for `part`, where the risk is `times` the others'."""
    random = rng(seed)
    people = random.gamma(2, 200, side * side)
    risk = np.where(np.isin(np.arange(side * side), part), times, 1.0)
    mean = people * risk / (people * risk).sum() * events
    counts = (
        random.poisson(mean)
        if dispersion == 1
        else random.negative_binomial(mean / (dispersion - 1), 1 / dispersion)
    )
    return counts, people, hexagons(side)


def disk(x_y, centre, reach):
    return np.flatnonzero(np.hypot(*(x_y - x_y[centre]).T) <= reach)


def every_circle(x_y, radii):
    """The slow, obvious twin: each centre, each radius, the cells within."""
    for centre in range(len(x_y)):
        for radius in radii:
            yield set(disk(x_y, centre, radius * (1 + 1e-9) + 1e-9).tolist())


def poisson_llr(c, mu, total):
    if c <= mu:
        return 0.0
    return float(scipy.special.xlogy(c, c / mu) + scipy.special.xlogy(total - c, (total - c) / (total - mu)))


def bernoulli_llr(c, n, total, of):
    """Log likelihood of two shares less that of one."""
    if c * (of - n) <= (total - c) * n:
        return 0.0

    def of_share(k, m):
        return scipy.special.xlogy(k, k / m) + scipy.special.xlogy(m - k, (m - k) / m)

    return float(of_share(c, n) + of_share(total - c, of - n) - of_share(total, of))


# --- Circles and scores --------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_the_part_is_the_best_of_all_circles(seed):
    counts, people, x_y = a_ground(side=6, seed=seed, events=120)
    best, cells = max(
        (poisson_llr(counts[list(z)].sum(), people[list(z)].sum() * counts.sum() / people.sum(), counts.sum()), z)
        for z in every_circle(x_y, steps(x_y))
        if people[list(z)].sum() <= people.sum() / 2
    )  # fmt: skip
    found = scan(counts, people, x_y, dispersion=1, rng=rng(), deals=0)
    assert found.llr == pytest.approx(best)
    assert set(found.cells.tolist()) == cells
    assert found.events == counts[found.cells].sum()
    assert found.expected == pytest.approx(people[found.cells].sum() * counts.sum() / people.sum())
    assert found.relative == pytest.approx(found.events / found.expected)
    assert set(disk(x_y, found.centre, found.radius_m * (1 + 1e-9)).tolist()) == cells


@pytest.mark.parametrize("seed", range(5))
def test_the_part_of_cases_is_the_best_of_all_circles(seed):
    trials, _, x_y = a_ground(side=6, seed=seed, events=400)
    cases = rng(seed).binomial(trials, 0.3)
    best = max(
        bernoulli_llr(cases[list(z)].sum(), trials[list(z)].sum(), cases.sum(), trials.sum())
        for z in every_circle(x_y, steps(x_y))
        if 0 < trials[list(z)].sum() <= trials.sum() / 2
    )
    assert bernoulli_scan(cases, trials, x_y, rng=rng(), deals=0).llr == pytest.approx(best)


def test_on_a_lattice_the_radii_are_its_distances():
    x_y = hexagons(9)
    centre = 40
    rings = [len(disk(x_y, centre, radius)) for radius in steps(x_y, most=200)]
    assert rings[:6] == [1, 7, 13, 19, 31, 37]
    between = steps(x_y, most=6)
    assert between[0] == 0
    assert len(between) <= 6
    assert set(between) <= set(steps(x_y, most=200))
    assert between[-1] == steps(x_y, most=200)[-1]


def test_circles_add_up_what_lies_in_them_in_whatever_pieces_they_are_built(monkeypatch):
    x_y = rng(4).uniform(0, 3000, (50, 2))
    whole = circles_around(x_y)
    monkeypatch.setattr("alongside.methods.spatial.scan._AT_ONCE", 300)
    pieces = circles_around(x_y)
    assert (whole.rings != pieces.rings).nnz == 0
    amounts = rng(5).integers(0, 9, (50, 3))
    sums = whole.sums(amounts)
    for window, cells in enumerate(every_circle(x_y, whole.radii_m)):
        assert set(whole.cells(window).tolist()) == cells
        assert sums[window].tolist() == amounts[list(cells)].sum(axis=0).tolist()


def test_nobody_at_risk_nothing_to_compare():
    counts, people, x_y = a_ground()
    counts[9], people[9] = 500, 0
    found = scan(counts, people, x_y, dispersion=1, rng=rng())
    assert 9 not in found.cells
    assert found.expected == pytest.approx(
        people[found.cells].sum() / people.sum() * (counts.sum() - counts[9])
    )


def test_no_part_is_the_whole_or_most_of_its_people():
    counts, people, x_y = a_ground(events=500, part=np.arange(56), times=3)
    assert people[:56].sum() > 0.5 * people.sum()  # the premise: what is planted is most of it
    found = scan(counts, people, x_y, dispersion=1, rng=rng(), deals=0)
    assert people[found.cells].sum() <= 0.5 * people.sum()


def test_no_part_holds_most_of_the_trials():
    trials, cases = np.full(64, 20), np.where(np.arange(64) < 48, 10, 4)  # three quarters of the ground
    found = bernoulli_scan(cases, trials, hexagons(8), rng=rng(), deals=0)
    assert trials[found.cells].sum() <= 0.5 * trials.sum()


@pytest.mark.parametrize(
    ("counts", "people"),
    [([0, 0, 0], [5, 5, 5]), ([3, 4, 5], [0, 0, 9]), ([3, 4, 5], [0, 0, 0]), ([2, 2, 2], [7, 7, 7])],
)
def test_where_there_is_nothing_to_find_there_is_no_part(counts, people):
    x_y = hexagons(2)[:3]
    assert scan(np.array(counts), np.array(people, float), x_y, dispersion=1, rng=rng()) is None


def test_all_cases_or_none_have_no_part():
    trials, x_y = np.array([4, 5, 6, 7]), hexagons(2)
    assert bernoulli_scan(trials, trials, x_y, rng=rng()) is None
    assert bernoulli_scan(0 * trials, trials, x_y, rng=rng()) is None


def test_arrays_of_different_lengths_are_refused():
    counts, people, x_y = a_ground()
    with pytest.raises(NotOneACell):
        scan(counts[:-1], people, x_y, dispersion=1, rng=rng())
    with pytest.raises(NotOneACell):
        bernoulli_scan(counts, counts, x_y[:, 0], rng=rng())


# --- Deals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("dispersion", [1.0, 3.0])
def test_a_deal_has_the_mean_and_the_dispersion_asked_for(dispersion):
    people = np.array([0.2, 5, 50, 200, 400])
    dealt = dealt_by_people(people, 2_000, dispersion, rng())(20_000)
    mean = people / people.sum() * 2_000
    assert (dealt.sum(axis=0) == 2_000).all()
    assert dealt.mean(axis=1) == pytest.approx(mean, rel=0.05)
    of_a_share = 1 - mean / 2_000  # what a known total takes away
    assert dealt.var(axis=1) / mean == pytest.approx(dispersion * of_a_share, rel=0.1)


@pytest.mark.parametrize("dispersion", [1.0, 3.0])
def test_cases_are_dealt_among_the_trials(dispersion):
    trials = np.array([1, 3, 40, 400, 800])
    dealt = dealt_among_trials(trials, 300, dispersion, rng())(20_000)
    share = 300 / trials.sum()
    assert (dealt <= trials[:, None]).all()
    assert dealt.mean(axis=1) == pytest.approx(trials * share, rel=0.05, abs=0.01)
    binomial = trials[1:4] * share * (1 - share)
    free = 1 - trials[1:4] / trials.sum() if dispersion == 1 else dispersion * trials[1:4] / (trials[1:4] + 2)
    assert dealt.var(axis=1)[1:4] / binomial == pytest.approx(free, rel=0.15)


def test_people_too_few_to_be_drawn_are_dealt_to_all_the_same():
    dealt = dealt_by_people(np.full(3, 1e-300), 1, 1e6, rng())(50)
    assert (dealt.sum(axis=0) == 1).all()


# --- The p ---------------------------------------------------------------------------------------


def test_a_planted_part_is_found_and_a_quiet_ground_is_not():
    x_y = hexagons(10)
    part = disk(x_y, 45, 650)
    counts, people, _ = a_ground(side=10, events=900, dispersion=3, part=part, times=2.5)
    found = scan(counts, people, x_y, dispersion=3, rng=rng())
    common = len(np.intersect1d(found.cells, part))
    assert len(part) == 19
    assert common >= 0.5 * len(np.union1d(found.cells, part))
    assert found.p < 0.001
    quiet = scan(*a_ground(side=10, events=900, dispersion=3)[:2], x_y, dispersion=3, rng=rng())
    assert quiet.p > 0.05
    assert quiet.deals < 999  # it ended early


def test_enforcement_among_all_involvement_needs_no_residents():
    x_y = hexagons(10)
    part = disk(x_y, 45, 650)
    trials = rng(8).poisson(np.where(np.arange(100) < 50, 3, 40))  # whoever lives or does not live there
    cases = rng(9).binomial(trials, np.where(np.isin(np.arange(100), part), 0.6, 0.2))
    found = bernoulli_scan(cases, trials, x_y, rng=rng())
    assert len(np.intersect1d(found.cells, part)) >= 0.5 * len(np.union1d(found.cells, part))
    assert found.p < 0.001
    assert bernoulli_scan(rng(10).binomial(trials, 0.2), trials, x_y, rng=rng()).p > 0.05


def test_the_same_seed_gives_the_same_answer():
    counts, people, x_y = a_ground()
    first, again = (scan(counts, people, x_y, dispersion=2, rng=rng(6)) for _ in range(2))
    assert (first.p, first.deals) == (again.p, again.deals)


def scores_of(*scores):
    """The best scores of deals, in this order, however many are asked for at a time."""
    left = list(scores)

    def best(r):
        return np.array([left.pop(0) for _ in range(r)])

    return best


def test_a_p_by_hand():
    quiet = [1.0, 2.0] * 50
    assert p_of(9.0, scores_of(*quiet, 9.0, 9.5), deals=102, enough=3, some=7) == (3 / 103, 102)
    assert p_of(9.0, scores_of(9.0, *quiet, 9.5), deals=102, enough=2, some=7) == (2 / 102, 102)
    assert p_of(9.0, scores_of(9.0, 9.0, *quiet), deals=102, enough=2, some=7) == (1.0, 2)
    beyond, _ = p_of(9.0, scores_of(*quiet), deals=100, enough=2, some=7)
    assert beyond == gumbel_tail(9.0, np.array(quiet))
    assert beyond < 1 / 101
    assert p_of(2.001, scores_of(*quiet), deals=100, enough=2, some=7) == (
        1 / 101,
        100,
    )  # not .05, as a tail says
    assert p_of(9.0, scores_of(), deals=0, enough=2, some=7) == (1.0, 0)


def test_deals_end_at_the_twentieth_that_does_as_well():
    counts, people, x_y = a_ground()
    found = scan(counts, people, x_y, dispersion=1, rng=rng())
    assert found.deals < 999
    assert found.p == 20 / found.deals


def test_the_tail_of_a_gumbel_distribution_is_found_from_its_mean_and_variance():
    drawn = rng(2).gumbel(5, 2, 200_000)
    assert gumbel_tail(5 + 2 * 7, drawn) == pytest.approx(1 - np.exp(-np.exp(-7)), rel=0.1)
    assert gumbel_tail(9.0, np.full(99, 3.0)) == 0.01  # nothing varies: no tail to fit


@pytest.mark.parametrize("dispersion", [1.0, 3.0])
def test_on_even_ground_every_p_is_as_likely_as_another(dispersion):
    x_y = hexagons(7)
    circles = circles_around(x_y)
    p = []
    for seed in range(400):
        counts, people, _ = a_ground(side=7, seed=seed, events=250, dispersion=dispersion)
        found = scan(counts, people, x_y, dispersion=dispersion, rng=rng(seed), deals=99, windows=circles)
        p.append(1.0 if found is None else found.p)
    for level in (0.05, 0.1, 0.2, 0.5, 0.8):
        error = 3 * np.sqrt(level * (1 - level) / len(p))
        assert np.mean(np.array(p) <= level) == pytest.approx(level, abs=error)


def test_whoever_leaves_the_dispersion_out_finds_a_part_on_even_ground():
    x_y = hexagons(7)
    p = [
        scan(*a_ground(side=7, seed=seed, events=250, dispersion=3)[:2], x_y, dispersion=1, rng=rng(seed), deals=99).p
        for seed in range(60)
    ]  # fmt: skip
    assert np.mean(np.array(p) <= 0.05) > 0.8


def test_on_even_ground_every_p_of_cases_is_as_likely_as_another():
    x_y = hexagons(7)
    circles = circles_around(x_y)
    p = []
    for seed in range(400):
        trials = rng(seed).poisson(rng(seed).gamma(0.5, 30, 49)) + 1
        cases = rng(1_000 + seed).binomial(trials, 0.3)
        p.append(bernoulli_scan(cases, trials, x_y, rng=rng(seed), deals=99, windows=circles).p)
    for level in (0.05, 0.1, 0.2, 0.5, 0.8):
        error = 3 * np.sqrt(level * (1 - level) / len(p))
        assert np.mean(np.array(p) <= level) == pytest.approx(level, abs=error)


@pytest.mark.parametrize("dispersion", [1.0, 3.0])
def test_the_tail_is_that_of_many_more_deals(dispersion):
    people, x_y = rng(3).gamma(2, 200, 36), hexagons(6)
    circles, total = circles_around(x_y), 400
    inside = circles.sums(people)
    tried = np.flatnonzero(circles.new() & (inside <= people.sum() / 2))
    score = poisson_score(inside[tried] * total / people.sum(), total, dispersion)
    deal = dealt_by_people(people, total, dispersion, rng(4))
    best = np.concatenate(
        [score(np.rint(circles.sums(deal(1_000))[tried]).astype(int), np.array([[total]])).max(axis=0)
         for _ in range(20)]
    )  # fmt: skip
    for chance in (0.01, 0.001):
        reached = np.quantile(best, 1 - chance)
        fitted = [gumbel_tail(reached, some) for some in best.reshape(20, 1_000)]
        assert chance / 2 < np.median(fitted) < 1.5 * chance


def test_deals_that_do_as_well_are_counted_and_only_beyond_them_is_a_tail_fitted():
    # Eight events on four cells: so few that no smooth tail fits. All 4^8 deals, told one by one, give .1455.
    x_y, counts, people = np.arange(4)[:, None] * np.array([100.0, 0.0]), np.array([1, 1, 5, 1]), np.ones(4)
    found = scan(counts, people, x_y, dispersion=1, rng=rng(), deals=9_999, enough=10_000)
    assert found.cells.tolist() == [2]
    assert found.llr == pytest.approx(5 * np.log(5 / 2) + 3 * np.log(3 / 6))
    assert found.p == pytest.approx(0.1455, abs=0.012)
    sure = scan(np.array([1, 1, 60, 1]), people, x_y, dispersion=1, rng=rng())
    assert sure.p < 1 / 1_000
    unsure = scan(np.array([1, 1, 9, 1]), people, x_y, dispersion=1, rng=rng())
    assert unsure.deals == 999
    assert unsure.p * 1_000 == pytest.approx(round(unsure.p * 1_000))
