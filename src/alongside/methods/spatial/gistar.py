"""Getis-Ord Gi*: is there more here, in a cell and its ring, than chance would put there?

    G_i* = (Σ_j x_j − k_i·x̄) / (S·√((n·k_i − k_i²)/(n−1))),   j over the neighbourhood of i, itself included

with n cells, k_i cells in the neighbourhood, x̄ the mean and S² = Σx²/n − x̄² the variance of all cells.

How unusual is it? Hold the cell's own count and deal the counts of all other cells out anew: the
p is the share of all ways to deal that put at least as many events in the neighbourhood. Two answers:

* counted   every way is counted, none drawn (whole numbers). No sampling error, nothing to seed.
* sampled   seeded shuffles, more of them for the cells whose tail needs it (any numbers, e.g. rates).

Sources: Getis & Ord 1992, Geographical Analysis 24(3); Ord & Getis 1995, Geographical Analysis 27(4);
Anselin 1995, Geographical Analysis 27(2) (conditional permutation); Besag & Clifford 1991, Biometrika
78(2) (go on only where the tail needs it); North, Curtis & Sham 2002 (why (1 + c)/(1 + R)).
Page: docs/methods/hot-spots.md
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb
from typing import Literal

import numpy as np
import numpy.typing as npt
import scipy  # loads each part when it is first used: most processes never compute

from .arrays import Floats, Ints, Mask
from .cells import Neighbourhoods
from .counts import signed_roots

Tail = Literal["upper", "lower"]
Way = Literal["counted", "sampled"]
Waves = npt.NDArray[np.complex128]

PRECISION = 1e-12  # of a counted p: rounding in the transforms; no smaller p is ever reported
LARGEST_TABLE = 1 << 20  # sums that a counted answer keeps in memory; beyond it, sample
ENOUGH = 20  # shuffles at least as extreme, after which a p needs no more shuffles
MOST_PERMUTATIONS = 999_999
_BLOCK = 100_000
_SAME = 1e-12  # sums of real numbers that differ by less, relative to the largest, are the same


class NothingVaries(ValueError):
    """Every cell holds the same amount: no cell can stand out."""


class CannotCount(ValueError):
    """Every way to deal can be counted only for whole numbers that are not too large."""


@dataclass(frozen=True)
class LocalG:
    """One Gi* test a cell; arrays are (n,).

    z                  standard deviations above (below, if negative) what an even spread would put here
    p_analytic         the normal tail of z: quick, and too small for skewed counts
    p_permutation      share of the ways to deal that are at least as extreme
    permutations_used  shuffles behind each p_permutation; None where every way was counted
    floor              the smallest p_permutation that could have come out of it
    """

    z: Floats
    p_analytic: Floats
    p_permutation: Floats
    permutations_used: Ints | None
    floor: float
    way: Way
    tail: Tail


def local_g_star(
    values: Floats | Ints,
    neighbourhoods: Neighbourhoods,
    *,
    permutations: int = 999,
    most: int = MOST_PERMUTATIONS,
    rng: np.random.Generator,
    tail: Tail = "upper",
    way: Way | None = None,
) -> LocalG:
    """Gi* with binary weights, each cell in its own neighbourhood.

    values         (n,) a count, or any number, for every cell of the study area
    permutations   shuffles for every cell when sampling
    most           shuffles for a cell whose tail needs them; equal to `permutations`: none goes on
    tail           "upper" asks for more than chance, "lower" for less; never both in one p
    way            "counted" or "sampled"; where not given, counted if the values allow it

    Raises NothingVaries; CannotCount where `way="counted"` is asked for and impossible.
    """
    amounts = np.asarray(values, dtype=np.float64)
    z = standard_scores(amounts, neighbourhoods)
    sign = 1.0 if tail == "upper" else -1.0
    chosen = way or ("counted" if _countable(amounts, neighbourhoods) else "sampled")
    used: Ints | None = None
    if chosen == "counted":
        p, floor = counted_p(amounts, neighbourhoods, tail=tail), PRECISION
    else:
        p, used = sampled_p(sign * amounts, neighbourhoods, permutations=permutations, most=most, rng=rng)
        floor = 1 / (1 + max(permutations, most))
    return LocalG(z, scipy.special.ndtr(-sign * z), p, used, floor, chosen, tail)


def standard_scores(values: Floats | Ints, hoods: Neighbourhoods) -> Floats:
    """(n,) Gi* itself: standard deviations above or below what an even spread would put around a cell."""
    values = np.asarray(values, dtype=np.float64)
    spread = values.std() if len(values) else 0.0
    if not np.isfinite(spread) or spread <= _SAME * np.abs(values).max(initial=0.0):
        raise NothingVaries(
            "Every cell holds the same amount, or some amount is not a number: no cell can stand out."
        )
    return scores_against(values, hoods, mean=float(values.mean()), spread=float(spread))


def pearson_residuals(events: Floats | Ints, at_risk: Floats, *, dispersion: float = 1.0) -> Floats:
    """(n,) how far each cell's events lie from what its people at risk would make them, in standard deviations.

    Expected are all events, in proportion to the people at risk; the variance is `dispersion` times the expected.
    Where nobody is at risk nothing is expected and nothing can be said: 0. Leave such cells out before the test.
    """
    expected = expected_from(at_risk, events)
    residuals = np.zeros(len(expected))
    np.divide(events - expected, np.sqrt(dispersion * expected), out=residuals, where=expected > 0)
    return residuals


def scores_on_residuals(events: Ints, at_risk: Floats, hoods: Neighbourhoods, *, dispersion: float) -> Floats:
    """(n,) Gi* of events against people at risk, by a normal approximation that holds for small counts.

    A neighbourhood is taken as one count, and scored by its signed root (counts.py). The Pearson residuals of seven
    cells that expect half an event each add up to something with a longer tail: at a dispersion of 3, two looks of
    three at even ground found something, and so do 2 % of these. As Gi* is, it is held against how much the ground
    varies from cell to cell, where that is more than chance would have it.
    All of `at_risk` is above 0.
    """
    expected = expected_from(at_risk, events)
    varies = float(np.sqrt((signed_roots(events, expected, dispersion) ** 2).mean()))
    together = np.rint(hoods.sums(events)).astype(np.int64)
    return signed_roots(together, hoods.sums(expected), dispersion) / max(varies, 1.0)


def expected_from(at_risk: Floats, events: Floats | Ints) -> Floats:
    """(n,) all events where somebody is at risk, in proportion to the people at risk."""
    people: Floats = np.asarray(at_risk, dtype=np.float64)
    everybody = float(people.sum())
    return people * (float(np.asarray(events)[people > 0].sum()) / everybody if everybody else 0.0)


def scores_against(values: Floats | Ints, hoods: Neighbourhoods, *, mean: float, spread: float) -> Floats:
    """(n,) the same score with x̄ and S from elsewhere: a quieter ground, another year."""
    n, k = len(values), hoods.size
    scale = spread * np.sqrt((n * k - k * k) / (n - 1))
    # A neighbourhood that is the whole study area can never stand out: it scores nothing.
    return np.divide(hoods.sums(values) - k * mean, scale, out=np.zeros(n), where=scale > 0)


# --- Every way counted ---------------------------------------------------------------------------


def _countable(values: Floats, hoods: Neighbourhoods) -> bool:
    whole = bool(np.all(values == np.rint(values)))
    return whole and np.ptp(values) * (hoods.index.shape[1] - 1) < LARGEST_TABLE


def counted_p(values: Floats, hoods: Neighbourhoods, *, tail: Tail = "upper") -> Floats:
    """(n,) the exact conditional-permutation p of each cell, from all C(n−1, k−1) ways to deal.

    The sets of m cells by their sum are the elementary symmetric polynomials e_m of the n terms t^x;
    cells with the same own count share them, and a cell is taken out of the deal afterwards:

    1. power sums: p_m(t) = Σ t^(m·x), one Fourier transform of the histogram, read at every m-th place
    2. Newton: m·e_m = Σ_r (−1)^(r−1)·e_(m−r)·p_r
    3. without cell i of value v: e_m⁻ = Σ_j (−1)^j·t^(j·v)·e_(m−j)

    All as shares of the ways (divided by binomials), so that numbers stay near 1: the absolute error
    is some 1e-14 (PRECISION is reported at the least).
    """
    if not _countable(values, hoods):
        raise CannotCount(
            "Every way to deal can be counted only for whole numbers that are not too large: sample."
        )
    steps = np.rint(values - values.min()).astype(np.int64)  # from zero: a shift of all cells changes no p
    around = np.rint(hoods.sums(steps)).astype(np.int64) - steps
    tails = _tails_of_sums(steps, hoods.index.shape[1] - 1)
    reached = around if tail == "upper" else around + 1
    p = np.ones(len(steps))
    for others in np.unique(hoods.size - 1):
        group = np.flatnonzero(hoods.size - 1 == others)
        p[group] = _tail_without_self(tails, int(others), reached[group], steps[group], len(steps))
    if tail == "lower":
        p = 1.0 - p
    return np.clip(p, PRECISION, 1.0)


def _tails_of_sums(steps: Ints, most: int) -> list[Floats]:
    """For m = 0..most: element s is the share of sets of m cells whose sum is s or more."""
    n, length = len(steps), int(scipy.fft.next_fast_len(most * int(steps.max(initial=0)) + 1))
    histogram = scipy.fft.fft(np.bincount(steps, minlength=length) / n)
    places = np.arange(length // 2 + 1)  # real sums: the other half mirrors this one
    powers = [histogram[(m * places) % length] for m in range(1, most + 1)]  # rule 1
    sets = [np.ones(len(places), dtype=np.complex128)]
    while len(sets) <= most:
        sets.append(_next_sets(sets, powers, n))
    return [np.cumsum(scipy.fft.irfft(share, length)[::-1])[::-1] for share in sets]


def _next_sets(sets: list[Waves], powers: list[Waves], n: int) -> Waves:
    """Rule 2, with e_m divided by C(n, m): the sets of m cells from those of fewer."""
    m = len(sets)
    total = np.zeros_like(sets[0])
    for r in range(1, m + 1):
        ways = comb(n, m - r) * n / (m * comb(n, m))
        total += (-1) ** (r - 1) * ways * sets[m - r] * powers[r - 1]
    return total


def _tail_without_self(tails: list[Floats], others: int, reached: Ints, own: Ints, n: int) -> Floats:
    """Rule 3, on the tails: the share of sets of `others` cells, never cell i itself, that sum to `reached`."""
    share = np.zeros(len(reached))
    for j in range(others + 1):
        ways = (-1) ** j * comb(n, others - j) / comb(n - 1, others)
        share += ways * _read(tails[others - j], reached - j * own)
    return share


def _read(tail: Floats, at: Ints) -> Floats:
    """The tail at each sum: everything reaches a sum of 0 or less, nothing one beyond the table."""
    inside = tail[np.clip(at, 0, len(tail) - 1)]
    return np.where(at <= 0, 1.0, np.where(at >= len(tail), 0.0, inside))


# --- Shuffles ------------------------------------------------------------------------------------


def sampled_p(
    values: Floats,
    hoods: Neighbourhoods,
    *,
    permutations: int = 999,
    most: int = MOST_PERMUTATIONS,
    rng: np.random.Generator,
) -> tuple[Floats, Ints]:
    """(n,) upper-tail p = (1 + c)/(1 + R) and (n,) the R of each cell.

    c of R shuffles put at least the observed sum around the cell. Looks are taken after
    `permutations`, then ten times as many, and so on to `most`.

    1. A cell stops at the first look with c ≥ 20; the others go on.
    2. The p at that look is an honest one, whenever it stopped. P(p ≤ a) ≤ a for every a: let R be the
       first look with a·(R + 1) ≥ 20. A cell with p ≤ a had c ≤ a·(R + 1) − 1 at that look, stopped there
       or not, and that has a chance of at most a.
    3. A shuffle is a random run of cells. All cells share it: its first k − 1 are the neighbours dealt to
       a cell with k − 1 neighbours. Where the run holds the cell itself, the cell is struck out and the
       next in the run moves up, so each cell sees exactly R fair deals of the others.
    Shared shuffles make the ps of different cells go up and down together by chance, as a shared random
    number does; each p alone is as good as with shuffles of its own.
    """
    around = hoods.sums(values) - values
    reached = around - _SAME * (np.abs(values).max(initial=0.0) * hoods.index.shape[1])
    above = np.zeros(len(values), dtype=np.int64)
    used = np.zeros(len(values), dtype=np.int64)
    active = np.flatnonzero(hoods.size > 0)
    done = 0
    for look in _looks(permutations, most):
        for runs in _blocks_of_runs(rng, len(values), hoods.index.shape[1], look - done):
            above[active] += _at_least(runs, values, hoods.size - 1, reached, active)
        used[active] = done = look
        active = active[above[active] < ENOUGH]  # rule 1
        if not len(active):
            break
    return (1 + above) / (1 + used), used


def _looks(permutations: int, most: int) -> Iterator[int]:
    look = permutations
    while look < most:
        yield look
        look = min(10 * (look + 1) - 1, most)
    yield look


def _blocks_of_runs(rng: np.random.Generator, n: int, width: int, count: int) -> Iterator[Ints]:
    while count > 0:
        size = min(count, _BLOCK)
        yield _runs(rng, n, min(width, n), size)
        count -= size


def _runs(rng: np.random.Generator, n: int, width: int, count: int) -> Ints:
    """(count, width) ordered draws of distinct cells, all orders equally likely."""
    if n < 8 * width:
        return np.argsort(rng.random((count, n)), axis=1)[:, :width].astype(np.int64)
    runs = rng.integers(n, size=(count, width))
    while len(again := np.flatnonzero(_repeats(runs))):
        runs[again] = rng.integers(n, size=(len(again), width))
    return runs


def _repeats(runs: Ints) -> Mask:
    ordered = np.sort(runs, axis=1)
    twice: Mask = (ordered[:, 1:] == ordered[:, :-1]).any(axis=1)
    return twice


def _at_least(runs: Ints, values: Floats, others: Ints, reached: Floats, active: Ints) -> Ints:
    """For each active cell, how many runs deal it at least what it has around it."""
    sums = np.concatenate([np.zeros((len(runs), 1)), np.cumsum(values[runs], axis=1)], axis=1)
    counts = np.zeros(len(values), dtype=np.int64)
    for k in np.unique(others[active]):
        group = active[others[active] == k]
        counts[group] = len(runs) - np.searchsorted(np.sort(sums[:, k]), reached[group], side="left")
    return (counts + _struck_out(runs, sums, values, others, reached, active))[active]


def _struck_out(
    runs: Ints, sums: Floats, values: Floats, others: Ints, reached: Floats, active: Ints
) -> Ints:
    """Rule 3: runs that hold the cell itself are counted with the next cell moved up instead."""
    wanted = np.zeros(len(values), dtype=np.bool_)
    wanted[active] = True
    run, place = np.nonzero(wanted[runs] & (np.arange(runs.shape[1]) < others[runs]))
    cell = runs[run, place]
    k = others[cell]
    wrongly = sums[run, k] >= reached[cell]
    rightly = sums[run, k + 1] - values[cell] >= reached[cell]
    change = np.bincount(cell, rightly.astype(np.float64) - wrongly, minlength=len(values))
    return np.rint(change).astype(np.int64)
