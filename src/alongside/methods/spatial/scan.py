"""Scan: which part of this ground holds more than its people would make it hold, as one claim with one error.

Circles are laid around every cell, from the cell alone to half of the people at risk. Each is compared with the
ground outside it, and the one that stands out most is the part. How unusual is it? The events are dealt out anew,
in proportion to the people at risk, and on each deal the best of all circles is looked for again: the p is the share of
deals whose best circle does at least as well. So the p belongs to the part as a whole, and that one looked for the
best among thousands is paid for.

1. A circle holds the cells whose centres lie within its radius. It may hold half of the people at risk at the most.
   Cells where nobody is at risk are left out, and their events with them: there is nothing to compare them with.
2. A circle with c events, μ expected, of C events in all, scores the log likelihood ratio D(c; μ) + D(C − c; C − μ),
   and nothing unless c > μ, with the D of counts.py, which carries the dispersion φ; at φ = 1 it is Kulldorff's.
   His would at φ = 3 prefer circles of a cell or two, whose counts vary most, and no simple tail would fit them.
   In a Bernoulli scan the same is added for what is not a case, with μ from the trials: the Bernoulli ratio at φ = 1.
3. The deals carry the dispersion, too. Counts whose variance is φ·μ, whatever μ, are Dirichlet-multinomial once their
   total is known, with α_i = μ_i/(φ − 1). Without it, at φ = 3, nineteen of twenty even grounds would have a part.
   Cases among trials: beta-binomial in each cell, with trials/(φ − 1) for α + β; at φ = 1 the cases are
   dealt among the trials (hypergeometric).
4. Deals end when 20 have done as well: p = 20/l after l of them. Otherwise p = (1 + g)/(1 + R), g of all R having done
   as well. Where none has, the tail of a Gumbel distribution with the mean and variance of their best scores tells how
   much less than 1/(1 + R) it is: it reaches beyond the deals, and never makes a p that they could tell smaller.

Sources: Kulldorff 1997, Communications in Statistics: Theory and Methods 26(6); Besag & Clifford 1991, Biometrika 78(2)
(rule 4); Abrams, Kulldorff & Kleinman 2010, International Journal of Health Geographics 9:61 (Gumbel);
Mosimann 1962, Biometrika 49 (rule 3).
Page: docs/methods/scan.md
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, expm1, pi, sqrt

import numpy as np
import scipy  # loads each part when it is first used: most processes never compute

from .arrays import Floats, Ints, Mask
from .counts import unlikely, x_log_x

MOST_OF_THE_PEOPLE = 0.5
MOST_RADII = 24
ENOUGH = 20  # deals that do as well, after which a p needs no more of them
MOST_DEALS = 999
_AT_ONCE = 4_000_000  # scores held in memory, and pairs of cells: some 32 MB each
_SAME = 1e-9  # scores that differ by less are the same
_EULER = 0.5772156649015329

Deal = Callable[[int], Ints]  # r → (n, r): as many deals of all events over the cells
Score = Callable[[Ints, Ints], Floats]  # (w, r) counts in the windows, (1, r) their totals → (w, r)


class NotOneACell(ValueError):
    """Arrays that should have one entry a cell do not."""


@dataclass(frozen=True)
class Cluster:
    """The circle that stands out most, and how unusual that is.

    cells     positions of its cells, sorted
    centre, radius_m   the cell in its middle, and how far it reaches
    events, expected   inside it; expected if the ground's own rate held everywhere
    relative  events / expected: 1 = as the ground that was scanned
    llr       its score (rule 2)
    p         of the part as a whole (rule 4); 1 where no deals were asked for
    deals     how many stand behind it
    """

    cells: Ints
    centre: int
    radius_m: float
    events: int
    expected: float
    relative: float
    llr: float
    p: float
    deals: int


@dataclass(frozen=True)
class Windows:
    """Circles around every cell, as rings that add up.

    rings   (n·k, n) sparse, ones: row i·k + s holds the cells between the radii s − 1 and s of cell i
    radii_m (k,) from 0 up
    """

    rings: "scipy.sparse.csr_array"
    radii_m: Floats

    def sums(self, values: Floats | Ints) -> Floats:
        """(n,) or (n, r) amounts → (n·k,) or (n·k, r), added up in every circle."""
        shape = (-1, len(self.radii_m), *values.shape[1:])
        added: Floats = np.cumsum((self.rings @ values).reshape(shape), axis=1).reshape(-1, *values.shape[1:])
        return added

    def new(self) -> Mask:
        """(n·k,) circles that hold a cell which the one before does not."""
        more: Mask = np.diff(self.rings.indptr) > 0
        return more

    def cells(self, window: int) -> Ints:
        """Positions of the cells in a circle, sorted."""
        first = window - window % len(self.radii_m)
        start, end = self.rings.indptr[first], self.rings.indptr[window + 1]
        return np.sort(self.rings.indices[start:end]).astype(np.int64)


def scan(
    events: Ints,
    at_risk: Floats,
    x_y_m: Floats,
    *,
    dispersion: float,
    rng: np.random.Generator,
    deals: int = MOST_DEALS,
    enough: int = ENOUGH,
    windows: Windows | None = None,
) -> Cluster | None:
    """The part of this ground with more events than its people at risk would make it hold (Poisson).

    events      (n,) a cell
    at_risk     (n,) people at risk, 0 or more
    x_y_m       (n, 2) centres on a plane, metres
    dispersion  φ ≥ 1
    deals       at the most; 0 finds the part and leaves its p at 1
    windows     circles around exactly the cells that have people at risk, where many scans share them

    None where there is nothing to find: no events, people in fewer than two cells, or nowhere more than elsewhere.
    """
    _one_a_cell(x_y_m, events, at_risk)
    kept = np.flatnonzero(np.asarray(at_risk) > 0)  # rule 1
    counts, people = np.asarray(events, np.int64)[kept], np.asarray(at_risk, np.float64)[kept]
    total = int(counts.sum())
    if len(kept) < 2 or not total:
        return None
    circles = windows or circles_around(x_y_m[kept])
    inside = circles.sums(people)
    tried = np.flatnonzero(circles.new() & (inside <= MOST_OF_THE_PEOPLE * people.sum()))
    expected = inside[tried] * total / people.sum()
    found = _found(
        counts, circles, tried, poisson_score(expected, total, dispersion),
        dealt_by_people(people, total, dispersion, rng), deals, enough,
    )  # fmt: skip
    return None if found is None else _cluster(found, circles, kept, counts, float(expected[found.at]))


def bernoulli_scan(
    cases: Ints,
    trials: Ints,
    x_y_m: Floats,
    *,
    dispersion: float = 1.0,
    rng: np.random.Generator,
    deals: int = MOST_DEALS,
    enough: int = ENOUGH,
    windows: Windows | None = None,
) -> Cluster | None:
    """The part of this ground where more of the trials are cases: enforcement, say, among all involvement.

    Nothing is asked about who lives there: wherever more happens, more trials are there, too.

    cases, trials  (n,) a cell; cases ≤ trials
    windows        circles around exactly the cells that have trials
    The others, and what comes back, as in `scan`: `expected` is of cases.
    """
    _one_a_cell(x_y_m, cases, trials)
    kept = np.flatnonzero(np.asarray(trials) > 0)
    counts, among = np.asarray(cases, np.int64)[kept], np.asarray(trials, np.int64)[kept]
    total, of = int(counts.sum()), int(among.sum())
    if len(kept) < 2 or not 0 < total < of:
        return None
    circles = windows or circles_around(x_y_m[kept])
    inside = np.rint(circles.sums(among)).astype(np.int64)
    tried = np.flatnonzero(circles.new() & (inside <= MOST_OF_THE_PEOPLE * of))
    found = _found(
        counts, circles, tried, bernoulli_score(inside[tried], of, dispersion),
        dealt_among_trials(among, total, dispersion, rng), deals, enough,
    )  # fmt: skip
    expected = inside[tried] * total / of
    return None if found is None else _cluster(found, circles, kept, counts, float(expected[found.at]))


# --- Circles -------------------------------------------------------------------------------------


def circles_around(x_y_m: Floats, radii_m: Floats | None = None) -> Windows:
    """Circles around every point (rule 1). Radii are from 0 up; where not given, those of `steps`."""
    radii = steps(x_y_m) if radii_m is None else np.asarray(radii_m, np.float64)
    n, k = len(x_y_m), len(radii)
    tree = scipy.spatial.KDTree(x_y_m)
    within = pi * radii[-1] ** 2 * n / max(_ground(x_y_m), 1.0)
    some = max(1, int(_AT_ONCE / min(max(within, 1.0), n)))
    rows, cells = [], []
    for first in range(0, n, some):
        near = scipy.spatial.KDTree(x_y_m[first : first + some]).sparse_distance_matrix(
            tree, radii[-1] * (1 + _SAME) + _SAME, output_type="ndarray"
        )
        ring = np.searchsorted(radii * (1 + _SAME) + _SAME, near["v"])
        rows.append((near["i"] + first) * k + ring)
        cells.append(near["j"])
    row, cell = np.concatenate(rows), np.concatenate(cells)
    return Windows(scipy.sparse.csr_array((np.ones(len(row)), (row, cell)), shape=(n * k, n)), radii)


def steps(x_y_m: Floats, most: int = MOST_RADII) -> Floats:
    """(k,) radii from 0 to half the width of the ground: the distances that occur on a hexagon lattice.

    The step is the median distance to the next cell, and each radius reaches halfway to the distance after it, so that
    cells which are not quite where a lattice would have them are taken with their like. Where there are more than
    `most`, fewer are kept, the small ones first: each circle is then larger than the last by about the same share.
    """
    nearest, _ = scipy.spatial.KDTree(x_y_m).query(x_y_m, k=2)
    step = float(np.median(nearest[:, 1]))
    reach = int(np.ceil(np.hypot(*np.ptp(x_y_m, axis=0)) / 2 / step)) + 1
    i, j = np.meshgrid(np.arange(reach + 1), np.arange(reach + 1))
    far = np.sqrt(np.unique(i * i + i * j + j * j))
    radii = step * np.append(0.0, (far[1:-1] + far[2:]) / 2)[: 1 + int((far <= reach).sum())]
    return radii[np.unique(np.geomspace(1, len(radii), most).astype(np.int64)) - 1]


def _ground(x_y_m: Floats) -> float:
    wide, high = np.ptp(x_y_m, axis=0)
    return float(wide * high)


# --- Scores --------------------------------------------------------------------------------------


def poisson_score(expected: Floats, total: int, dispersion: float = 1.0) -> Score:
    """Rule 2 for windows that expect (w,) of `total` events."""
    table, mu = x_log_x(total), expected[:, None]

    def score(inside: Ints, _: Ints) -> Floats:
        both = unlikely(inside, mu, dispersion, table)
        both += unlikely(total - inside, total - mu, dispersion, table)
        return np.where(inside > mu, both, 0.0)

    return score


def bernoulli_score(trials: Ints, of: int, dispersion: float = 1.0) -> Score:
    """Rule 2 for windows with (w,) of `of` trials; how many are cases may differ from deal to deal."""
    table, within = x_log_x(of), trials[:, None]

    def score(inside: Ints, total: Ints) -> Floats:
        mu = within * (total / of)
        four = unlikely(inside, mu, dispersion, table)
        four += unlikely(within - inside, within - mu, dispersion, table)
        four += unlikely(total - inside, total - mu, dispersion, table)
        four += unlikely(of - within - total + inside, of - within - total + mu, dispersion, table)
        return np.where(inside > mu, four, 0.0)

    return score


# --- Deals ---------------------------------------------------------------------------------------


def dealt_by_people(at_risk: Floats, total: int, dispersion: float, rng: np.random.Generator) -> Deal:
    """Rule 3: `total` events over the cells, in proportion to the people at risk. All of `at_risk` is above 0."""
    share = at_risk / at_risk.sum()
    if dispersion <= 1:
        return lambda r: rng.multinomial(total, share, size=r).T

    def deal(r: int) -> Ints:
        drawn = rng.standard_gamma(share * total / (dispersion - 1), size=(r, len(share)))
        drawn[drawn.sum(axis=1) == 0] = share  # shapes so small that nothing was drawn at all
        return rng.multinomial(total, drawn / drawn.sum(axis=1, keepdims=True)).T

    return deal


def dealt_among_trials(trials: Ints, total: int, dispersion: float, rng: np.random.Generator) -> Deal:
    """Rule 3: cases among the trials of each cell, `total` in all (about as many where they are dispersed).

    All of `trials` is above 0.
    """
    if dispersion <= 1:
        return lambda r: rng.multivariate_hypergeometric(trials, total, size=r, method="marginals").T
    share = total / trials.sum()
    alpha, beta = (trials * part / (dispersion - 1) for part in (share, 1 - share))
    return lambda r: rng.binomial(trials, rng.beta(alpha, beta, size=(r, len(trials)))).T


# --- The best window, and its p ------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    """The best of the windows tried: which, and where it stands among the tried; its score and p."""

    window: int
    at: int
    llr: float
    p: float
    deals: int


def _found(
    counts: Ints, circles: Windows, tried: Ints, score: Score, deal: Deal, deals: int, enough: int
) -> _Found | None:
    def scored(dealt: Ints) -> Floats:
        inside = np.rint(circles.sums(dealt)[tried]).astype(np.int64)
        return score(inside, dealt.sum(axis=0, keepdims=True))

    if not len(tried):
        return None
    scores = scored(counts[:, None])[:, 0]
    at = int(scores.argmax())
    if scores[at] <= _SAME:
        return None
    some = max(1, _AT_ONCE // circles.rings.shape[0])
    p, used = p_of(
        float(scores[at]), lambda r: scored(deal(r)).max(axis=0), deals=deals, enough=enough, some=some
    )
    return _Found(int(tried[at]), at, float(scores[at]), p, used)


def p_of(
    reached: float, best: Callable[[int], Floats], *, deals: int, enough: int, some: int
) -> tuple[float, int]:
    """Rule 4: p, and the deals behind it. `best` gives the best scores of as many deals, `some` at a time."""
    scores = np.zeros(0)
    while len(scores) < deals:
        scores = np.append(scores, best(min(some, deals - len(scores), max(len(scores), 50))))
        as_good = np.flatnonzero(scores >= reached - _SAME)
        if len(as_good) >= enough:
            last = int(as_good[enough - 1]) + 1
            return enough / last, last
    if not deals:
        return 1.0, 0
    g = int((scores >= reached - _SAME).sum())
    counted = (1 + g) / (1 + deals)
    return (counted if g else min(counted, gumbel_tail(reached, scores))), deals


def gumbel_tail(reached: float, scores: Floats) -> float:
    """The chance of a best score of at least `reached`, from the mean and the variance of some."""
    scale = float(scores.std(ddof=1)) * sqrt(6) / pi if len(scores) > 1 else 0.0
    if scale <= 0:
        return 1 / (1 + len(scores))
    standard = (reached - float(scores.mean())) / scale + _EULER
    return -expm1(-exp(-standard))


def _cluster(found: _Found, circles: Windows, kept: Ints, counts: Ints, expected: float) -> Cluster:
    cells = circles.cells(found.window)
    centre, step = divmod(found.window, len(circles.radii_m))
    events = int(counts[cells].sum())
    return Cluster(
        cells=kept[cells], centre=int(kept[centre]), radius_m=float(circles.radii_m[step]), events=events,
        expected=expected, relative=events / expected, llr=found.llr, p=found.p, deals=found.deals,
    )  # fmt: skip


def _one_a_cell(x_y_m: Floats, *arrays: Floats | Ints) -> None:
    if any(np.shape(each) != (len(x_y_m),) for each in arrays) or np.shape(x_y_m)[1:] != (2,):
        raise NotOneACell("A scan needs events, people at risk and a centre for every cell.")
