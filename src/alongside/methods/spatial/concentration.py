"""How concentrated, and how stable: do last year's cells still hold the events of this year?

Stability, not prediction: it says whether a choice made on old data is still a fair one. It cannot say
where the next event will be, because the same habits of reporting and patrol wrote both years.

Sources: Bernasco & Steenbeek 2017, Journal of Quantitative Criminology 33(3) (more places than crimes);
Chainey, Tompson & Uhlig 2008, Security Journal 21 (PAI); Hunt 2016 (PEI*); Künsch 1989, Annals of
Statistics 17(3) (blocks that keep what hangs together in time together).
Page: docs/methods/stability.md
"""

from dataclasses import dataclass

import numpy as np

from .arrays import Floats, Ints

TOP = 0.05
FEWEST_MONTHS = 6


class TooFewMonths(ValueError):
    """An interval over months needs some months to draw from."""


class NothingToShare(ValueError):
    """No events: there is no share of nothing."""


@dataclass(frozen=True)
class Curve:
    """Points of the concentration curve, busiest cells first: share of cells, share of events."""

    cells: Floats
    events: Floats
    gini: float

    def share_in_top(self, top: float) -> float:
        """Share of events in the busiest `top` (0..1) of the cells."""
        return float(np.interp(top, self.cells, self.events))


def concentration(counts: Ints) -> Curve:
    """(n + 1,) points from (0, 0) to (1, 1), and the generalised Gini index of the counts.

    G′ = max(1/c, 1/n)·(2 Σ i·y_i − n − 1) − max(n/c, 1) + 1, for c events on n cells, y_i the share of
    the i-th quietest. It compares with the most even spread that c events allow, so that few events on many
    cells do not look concentrated by that alone; with c ≥ n it is the ordinary Gini.
    """
    n, total = len(counts), int(np.sum(counts))
    if not total:
        raise NothingToShare("There are no events on these cells.")
    shares = np.sort(counts)[::-1] / total
    ranked = float((np.arange(n, 0, -1) * shares).sum())
    gini = max(1 / total, 1 / n) * (2 * ranked - n - 1) - max(n / total, 1) + 1
    points = np.concatenate(([0.0], np.cumsum(shares)))
    return Curve(np.arange(n + 1) / n, np.minimum(points, 1.0), gini)


@dataclass(frozen=True)
class Stability:
    """How much of the held-out time's events fell in the cells that were busiest before.

    share      of held-out events, 0..1, and its interval
    by_chance  what the same number of cells would hold if all were alike: top
    pai        share / top, times better than by chance
    pei        share / the most that as many cells could have held, known only afterwards
    months     held-out months behind the interval
    """

    share: float
    low: float
    high: float
    by_chance: float
    pai: float
    pei: float
    months: int


def stability(
    before: Ints,
    held_out: Ints,
    *,
    top: float = TOP,
    block: int = 1,
    resamples: int = 1999,
    confidence: float = 0.95,
    rng: np.random.Generator,
) -> Stability:
    """Share of held-out events in the `top` share of cells by `before`, with a month block-bootstrap interval.

    before    (n,) events a cell in the earlier time
    held_out  (months, n) events a cell in each later month, in order; at least 6 months
    block     months drawn together, in a circle: 1 supposes months that do not depend on each other

    1. The top ⌈top·n⌉ cells; cells tied at the border share the places left, in equal parts (no coin).
    2. share = events there / events anywhere, over all held-out months.
    3. Draw blocks of months with replacement until there are as many months; again `resamples` times;
       the interval is the middle 95 % of the shares.
    """
    months, n = held_out.shape
    if months < FEWEST_MONTHS:
        raise TooFewMonths(f"There are {months} held-out months; an interval needs at least {FEWEST_MONTHS}.")
    total = held_out.sum(axis=1)
    if not total.sum():
        raise NothingToShare("There are no events in the held-out months.")
    chosen = int(np.ceil(top * n))
    caught = held_out @ membership_of_top(before, chosen)
    share = float(caught.sum() / total.sum())  # rule 2
    drawn = _draw_months(rng, months, block, resamples)
    events = total[drawn].sum(axis=1)
    shares = (caught[drawn].sum(axis=1) / np.maximum(events, 1))[events > 0]
    low, high = np.quantile(shares, [(1 - confidence) / 2, (1 + confidence) / 2])
    best = np.sort(held_out.sum(axis=0))[::-1][:chosen].sum() / total.sum()
    part = chosen / n
    return Stability(share, float(low), float(high), part, share / part, share / float(best), months)


def membership_of_top(counts: Ints, chosen: int) -> Floats:
    """(n,) 1 for the busiest cells, a part of 1 for cells tied at the border, 0 for the rest (rule 1)."""
    border = np.sort(counts)[::-1][chosen - 1]
    above, tied = counts > border, counts == border
    part: Floats = above + tied * ((chosen - above.sum()) / tied.sum())
    return part


def _draw_months(rng: np.random.Generator, months: int, block: int, resamples: int) -> Ints:
    """(resamples, months) positions of months: runs of `block`, from anywhere in the circle (rule 3)."""
    starts = rng.integers(months, size=(resamples, -(-months // block)))
    runs = (starts[:, :, None] + np.arange(block)) % months
    return runs.reshape(resamples, -1)[:, :months]
