"""How concentrated, and how stable: do last year's cells still hold the events of this year?

Stability, not prediction: it says whether a choice made on old data is still a fair one. It cannot say
where the next event will be, because the same habits of reporting and patrol wrote both years.

Sources: Bernasco & Steenbeek 2017, Journal of Quantitative Criminology 33(3) (more places than crimes);
Chainey, Tompson & Uhlig 2008, Security Journal 21 (PAI); Hunt 2016 (PEI*); Künsch 1989, Annals of
Statistics 17(3) (blocks that keep what hangs together in time together); Hesterberg 2015, American Statistician
69(4) (quantiles of few values, expanded).
Page: docs/methods/stability.md
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy  # loads each part when it is first used: most processes never compute
from numpy.typing import NDArray

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


def concentration(counts: Ints, ground: Floats | None = None) -> Curve:
    """(n + 1,) points from (0, 0) to (1, 1), densest first, and the generalised Gini index of the counts.

    G′ = 1 − max(n/c, 1)·(1 − G), for c events on n cells, G the ordinary Gini of the curve. It compares with the
    most even spread that c events allow, so that few events on many cells do not look concentrated by that alone;
    with c ≥ n it is G.

    ground  (n,) how much of each cell lies inside the study area, 0..1, and is lived in; 1 where not given. Cells
            without ground are left out, with what fell on them; n is the sum of the others.
    """
    seen, size = _on_ground(np.asarray(counts), ground)
    total, n = int(seen.sum()), float(size.sum())
    if not total:
        raise NothingToShare("There are no events on these cells.")
    order = np.argsort(-seen / size, kind="stable")
    events = np.concatenate(([0.0], np.minimum(np.cumsum(seen[order]) / total, 1.0)))
    cells = np.concatenate(([0.0], np.minimum(np.cumsum(size[order]) / n, 1.0)))
    gini = 2 * float(np.trapezoid(events, cells)) - 1
    return Curve(cells, events, 1 - max(n / total, 1.0) * (1 - gini))


def _on_ground(counts: NDArray[Any], ground: Floats | None) -> tuple[NDArray[Any], Floats]:
    """The last axis without cells that have no ground, and the ground of the others."""
    if ground is None:
        return counts, np.ones(counts.shape[-1])
    some = ground > 0
    return counts[..., some], ground[some]


@dataclass(frozen=True)
class Stability:
    """How much of the held-out time's events fell in the cells that were busiest before.

    share      of held-out events, 0..1, and its interval
    by_chance  what as much ground would hold if all were alike: top
    pai        share / by_chance, times better than by chance
    pei        share / the most that as much ground could have held, known only afterwards
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
    ground: Floats | None = None,
    top: float = TOP,
    block: int = 1,
    resamples: int = 1999,
    confidence: float = 0.95,
    rng: np.random.Generator,
) -> Stability:
    """Share of held-out events in the `top` share of cells by `before`, with a bootstrap interval over months.

    before    (n,) events a cell in the earlier time
    held_out  (months, n) events a cell in each later month, in order; at least 6 months
    ground    (n,) as for `concentration`: cells nobody lives in are left out, edge cells count by their part
    block     months drawn together, in a circle: 1 supposes months that do not depend on each other

    1. The busiest cells that make ⌈top·n⌉ whole cells of ground; cells tied at the border share what is left, in
       equal parts (no coin).
    2. share = events there / events anywhere, over all held-out months.
    3. Draw blocks of months with replacement until there are as many months; again `resamples` times. A month keeps
       all of its cells, so that what surges together stays together. Cells are not drawn: all of the city's are here.
    4. The interval is cut where a mean of k = months/block values would need it: at Φ(−t·√(k/(k − 1))), t of k − 1
       degrees, instead of at 2.5 %: few months make the plain quantiles too narrow.
    5. Beside it stands the normal interval of cells that vary from month to month each on its own, whose error many
       cells tell well where few months do not. At each end the wider of the two counts.
    """
    months = len(held_out)
    before, size = _on_ground(np.asarray(before), ground)
    held_out, _ = _on_ground(np.asarray(held_out), ground)
    if months < FEWEST_MONTHS:
        raise TooFewMonths(f"There are {months} held-out months; an interval needs at least {FEWEST_MONTHS}.")
    total = held_out.sum(axis=1)
    if not total.sum():
        raise NothingToShare("There are no events in the held-out months.")
    chosen = float(np.ceil(top * size.sum()))
    inside = membership_of_top(before, chosen, size)
    caught = held_out @ inside
    share = float(caught.sum() / total.sum())  # rule 2
    drawn = _draw_months(rng, months, block, resamples)
    events = total[drawn].sum(axis=1)
    shares = (caught[drawn].sum(axis=1) / np.maximum(events, 1))[events > 0]
    tail = _expanded((1 - confidence) / 2, months / block)
    low, high = np.quantile(shares, [tail, 1 - tail])
    aside = float(scipy.special.ndtri((1 + confidence) / 2)) * _error_by_cell(held_out, inside - share)
    low, high = max(min(low, share - aside), 0.0), min(max(high, share + aside), 1.0)  # rule 5
    later = held_out.sum(axis=0)
    best = float(membership_of_top(later, chosen, size) @ later / total.sum())
    part = chosen / float(size.sum())
    return Stability(share, float(low), float(high), part, share / part, share / best, months)


def membership_of_top(counts: Ints, chosen: float, ground: Floats | None = None) -> Floats:
    """(n,) 1 for the busiest cells, a part of 1 for cells tied at the border, 0 for the rest (rule 1).

    chosen  how many whole cells of ground; ground as for `concentration`, all of it above 0
    """
    size = np.ones(len(counts)) if ground is None else ground
    order = np.argsort(-counts, kind="stable")
    reached = int(np.searchsorted(np.cumsum(size[order]), chosen - 1e-9))
    border = counts[order[min(reached, len(counts) - 1)]]
    above, tied = counts > border, counts == border
    part: Floats = above + tied * min(1.0, float((chosen - size[above].sum()) / size[tied].sum()))
    return part


def _error_by_cell(held_out: Ints, weight: Floats) -> float:
    """Rule 5: the standard error of Σ weight·events / Σ events, months exchangeable within each cell."""
    months = len(held_out)
    variance = months * held_out.var(axis=0, ddof=1)
    return float(np.sqrt((weight**2 * variance).sum()) / held_out.sum())


def _expanded(half: float, values: float) -> float:
    """Rule 4, the tail to cut instead of `half`."""
    freedom = max(values - 1, 1.0)
    t = float(scipy.special.stdtrit(freedom, 1 - half))
    return float(scipy.special.ndtr(-t * np.sqrt((freedom + 1) / freedom)))


def _draw_months(rng: np.random.Generator, months: int, block: int, resamples: int) -> Ints:
    """(resamples, months) positions of months: runs of `block`, from anywhere in the circle (rule 3)."""
    starts = rng.integers(months, size=(resamples, -(-months // block)))
    runs = (starts[:, :, None] + np.arange(block)) % months
    return runs.reshape(resamples, -1)[:, :months]
