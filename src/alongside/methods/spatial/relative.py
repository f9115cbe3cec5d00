"""Relative risk: how many times as many events as people at risk would give, with its doubt.

With y_i events and n_i people at risk in each of n areas, and E_i = n_i·Σy/Σn what the same risk everywhere would give:

    y_i ~ negative binomial, mean E_i·RR_i, variance φ times the mean (φ = 1: Poisson)
    log RR_i = α + σ·(√ρ·u_i + √(1 − ρ)·v_i)                        (BYM2; an area beside no other: α + σ·v_i)
    u smooth over the areas beside one another, scaled; v_i ~ N(0, 1)
    α ~ N(0, 2²)    σ ~ exponential with P(σ > 1) = 1 %    ρ ~ uniform on 0..1

Nothing is drawn by chance: the answer is a function of what is handed in. For each (σ, ρ) of a small lattice that
covers where the data allow them, Newton's method finds the mode and a Gaussian around it; each area's own part is
then taken out of that Gaussian and put back as it is, so that few events are not told as if they were many; and the
lattice's answers are mixed by how well each explains the counts.

Sources: Riebler, Sørbye, Simpson & Rue 2016, Statistical Methods in Medical Research 25(4) (BYM2); Simpson et al. 2017,
Statistical Science 32(1) (priors that prefer the simpler); Rue, Martino & Chopin 2009, Journal of the Royal Statistical
Society B 71(2) (the inference); Cseke & Heskes 2011, Journal of Machine Learning Research 12 (marginals, corrected).
Page: docs/methods/relative-risk.md
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy  # loads each part when it is first used: most processes never compute

from .arrays import Floats, Ints
from .smooth import Posterior, Smooth, smooth_over

THRESHOLD = 1.5
SPREAD_ABOVE_ONE = 0.01  # P(σ > 1) before any data
LEVEL_SD = 2.0  # of α
FEW = 0.01  # of the average area's people at risk: where so few are, the count speaks with half its voice
POISSON = 1e-6  # dispersion over 1 that makes no difference

_NOTHING = 1e-300  # so that logarithms have something to hold
_MOST_TURNS = 60  # of Newton's method
_CLOSE = 1e-4  # its last step; the next would be the square of it
_SAME = 1e-9
_SHORTEST = 1e-3
_PACE = 1.2  # standard deviations from one point of the lattice to the next
_DROP = 4.0  # log weight below the best, from which a point of the lattice is left out
_MOST_POINTS = 120
_REACH = 6.0  # standard deviations to each side
_STEPS = 121  # where each area's density is computed


class NothingToCompare(ValueError):
    """No events, or nobody at risk anywhere: there is no risk to be relative to."""


@dataclass(frozen=True)
class RelativeRisk:
    """Each area's risk against the whole's; arrays are (n,).

    relative   the middle of what is likely (posterior median); 1 is as the whole
    low, high  95 % interval
    p_above    probability that the risk is above the whole's
    p_high     probability that it is above the threshold
    level      α, spread σ and mixing ρ: their means
    """

    relative: Floats
    low: Floats
    high: Floats
    p_above: Floats
    p_high: Floats
    level: float
    spread: float
    mixing: float
    threshold: float
    dispersion: float


def relative_risk(
    events: Ints,
    at_risk: Floats,
    beside: Ints,
    *,
    dispersion: float,
    threshold: float = THRESHOLD,
) -> RelativeRisk:
    """The relative risk of n areas, smoothed over those beside one another.

    events      (n,) whole numbers
    at_risk     (n,) people, residents or weighted; where nobody is, the area's count says nothing and its risk is
                what its neighbors' make likely
    beside      (k, 2) positions of areas that lie beside one another
    dispersion  variance over mean of the counts, 1 or more; see dispersion()
    threshold   of p_high

    Raises NothingToCompare; ValueError for numbers that cannot be.
    """
    y, n = _checked(events, at_risk, dispersion)
    sites = Sites(y, n * (y.sum() / n.sum()), n / (n + FEW * n.mean()), dispersion)
    field = smooth_over(len(y), beside)
    points = list(_weighed(sites, field))
    return _mixed(sites, points, threshold)


def dispersion(by_period: Ints) -> float:
    """Variance over mean of counts, from periods (months, say) × areas against their margins; at least 1.

        e_it = row_i·column_t/Σ          φ = Σ w·(y − e)²/e / Σ w·(1 − column_t/Σ)(1 − row_i/Σ),   w = e/(1 + e)

    A month in which an area expects a tenth of an event weighs a tenth of a busy one, so quiet months neither make nor
    hide it. What lasts longer than a period is not in it: an area that is busy for a quarter of a year adds
    more to the doubt of a year than its months show. Longer periods take that in; an area's trend counts as dispersion.

    by_period  (periods, n) whole numbers

    Raises NothingToCompare where fewer than two periods, or fewer than two areas, have events.
    """
    counts = np.asarray(by_period, dtype=np.float64)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        raise NothingToCompare(
            "How counts vary shows only in two periods and two areas with events, or more."
        )
    period, area = counts.sum(axis=1, keepdims=True), counts.sum(axis=0, keepdims=True)
    total = counts.sum()
    expected = period * area / total
    seen = ((counts - expected) ** 2 / (1 + expected)).sum()
    by_chance = (expected * (1 - period / total) * (1 - area / total) / (1 + expected)).sum()
    return max(1.0, float(seen / by_chance))


def _checked(events: Ints, at_risk: Floats, dispersion: float) -> tuple[Floats, Floats]:
    y, n = np.asarray(events, dtype=np.float64), np.asarray(at_risk, dtype=np.float64)
    if y.shape != n.shape or y.ndim != 1:
        raise ValueError("Events and people at risk are one number each an area.")
    if not (np.isfinite(y).all() and np.isfinite(n).all()) or y.min(initial=0) < 0 or n.min(initial=0) < 0:
        raise ValueError("Events and people at risk are numbers from 0 up.")
    if not (np.isfinite(dispersion) and dispersion >= 1):
        raise ValueError("Dispersion is 1 or more.")
    if not y.sum() or not n.sum():
        raise NothingToCompare("There are no events, or there is nobody at risk.")
    return y, n


@dataclass(frozen=True)
class Sites:
    """What each area's count says about its log relative risk; arrays are (n,).

    weight  0..1, the voice of its count: n/(n + few), 0 where nobody is at risk, so that an area's answer
            goes over into that of empty ground without a jump
    """

    events: Floats
    expected: Floats
    weight: Floats
    dispersion: float

    # Γ(y + r)/Γ(r) = r·Γ(y + r)/Γ(1 + r) for y ≥ 1, and 1 for y = 0: so nothing huge is taken from anything huge
    # where hardly anybody is at risk and the size r is next to nothing.

    def log_likelihood(self, eta: Floats) -> Floats:
        """(n,), or (n, k) for k values each; up to a constant."""
        y, expected, weight = (
            each.reshape(len(each), *[1] * (eta.ndim - 1))
            for each in (self.events, self.expected, self.weight)
        )
        mean = expected * np.exp(eta)
        if self.dispersion < 1 + POISSON:
            return np.asarray(weight * (y * eta - mean))
        size = np.maximum(mean / (self.dispersion - 1), _NOTHING)
        gammas = np.log(size) + scipy.special.gammaln(y + size) - scipy.special.gammaln(1 + size)
        return np.asarray(weight * (np.where(y > 0, gammas, 0.0) - size * np.log(self.dispersion)))

    def slopes(self, eta: Floats) -> tuple[Floats, Floats]:
        """Its first derivative and minus its second, the latter at least 0, (n,) each."""
        y, mean = self.events, self.expected * np.exp(eta)
        if self.dispersion < 1 + POISSON:
            return self.weight * (y - mean), self.weight * mean
        size, some = mean / (self.dispersion - 1), y > 0
        later = np.where(some, y, 1.0) + size
        gained = size * (scipy.special.digamma(later) - scipy.special.digamma(1 + size))
        turned = size**2 * (scipy.special.zeta(2, 1 + size) - scipy.special.zeta(2, later))  # trigammas
        lost = size * np.log(self.dispersion)
        return self.weight * (some + gained - lost), self.weight * np.maximum(turned - gained + lost, 0.0)


@dataclass(frozen=True)
class Mode:
    """The most likely log relative risks at one spread and mixing, and how well these explain the counts."""

    log_spread: float
    logit_mixing: float
    level: float
    log_weight: float
    eta: Floats
    slope: Floats
    bend: Floats
    inner: "Inner"

    @property
    def spread(self) -> float:
        return float(np.exp(self.log_spread))

    @property
    def mixing(self) -> float:
        return float(scipy.special.expit(self.logit_mixing))


@dataclass(frozen=True)
class Inner:
    """A Gaussian over level and smooth field, given what counts say of each area with its own noise."""

    posterior: Posterior
    smooth: Floats  # (m,) σ√ρ
    own: Floats  # (n,) variance of the area's own part
    shared: Floats  # (m,)
    level_precision: float


def _mode(sites: Sites, field: Smooth, place: tuple[float, float], start: Floats) -> Mode:
    """Newton's method, on the m areas' smooth part; the rest is worked out beside it.

    With g and W a count's slope and bend at η, the areas' own variance s² is taken together with the count:
    W/(1 + s²W) is what an observed area says of α + σ√ρ·u. Then η = (m + s²(Wη + g))/(1 + s²W).
    """
    spread, mixing = float(np.exp(place[0])), float(scipy.special.expit(place[1]))
    smooth = np.full(len(field.areas), spread * np.sqrt(mixing))
    own = np.full(len(sites.events), spread**2)
    own[field.areas] *= 1 - mixing
    eta, pull, best = start, np.zeros_like(start), -np.inf
    for turn in range(_MOST_TURNS):
        slope, bend = sites.slopes(eta)
        inner, level, new, new_pull = _step(field, smooth, own, eta, slope, bend)
        length, change = 1.0, new - eta
        value = _objective(sites, new, new_pull)
        while turn and value < best - _SAME and length > _SHORTEST:  # shorter steps, until one is better
            length /= 2
            value = _objective(sites, eta + length * change, pull + length * (new_pull - pull))
        eta, pull, best = eta + length * change, pull + length * (new_pull - pull), value
        if np.abs(change).max() < _CLOSE:
            break
    halves = np.log1p(own * bend).sum() + inner.posterior.log_det - field.log_det
    evidence = best - 0.5 * (halves + np.log(inner.level_precision * LEVEL_SD**2))
    return Mode(*place, level, float(evidence + _log_prior(*place)), eta, slope, bend, inner)


def _objective(sites: Sites, eta: Floats, pull: Floats) -> float:
    return float(sites.log_likelihood(eta).sum() - 0.5 * eta @ pull)


def _step(
    field: Smooth, smooth: Floats, own: Floats, eta: Floats, slope: Floats, bend: Floats
) -> tuple[Inner, float, Floats, Floats]:
    seen = bend / (1 + own * bend)
    said = (bend * eta + slope) / (1 + own * bend)
    posterior = field.with_data(smooth**2 * seen[field.areas])
    cross = smooth * seen[field.areas]
    both = posterior.solve(np.stack([cross, smooth * said[field.areas]], axis=1))
    shared = both[:, 0]
    level_precision = float(seen.sum() + LEVEL_SD**-2 - cross @ shared)
    level = float((said.sum() - cross @ both[:, 1]) / level_precision)
    middle = np.full(len(eta), level)
    middle[field.areas] += smooth * (both[:, 1] - shared * level)
    new = (middle + own * (bend * eta + slope)) / (1 + own * bend)
    return Inner(posterior, smooth, own, shared, level_precision), level, new, bend * eta + slope - bend * new


def _variances(field: Smooth, mode: Mode) -> Floats:
    """(n,) of each log relative risk around the mode."""
    inner = mode.inner
    middle = np.full(len(mode.eta), 1 / inner.level_precision)
    middle[field.areas] = (1 - inner.smooth * inner.shared) ** 2 / inner.level_precision
    middle[field.areas] += inner.smooth**2 * inner.posterior.variances()
    shrunk = 1 + inner.own * mode.bend
    return np.asarray(inner.own / shrunk + middle / shrunk**2)


def _log_prior(log_spread: float, logit_mixing: float) -> float:
    """Of (log σ, logit ρ), with what the change of scale adds."""
    rate = -np.log(SPREAD_ABOVE_ONE)
    mixing = scipy.special.log_expit(logit_mixing) + scipy.special.log_expit(-logit_mixing)
    return float(log_spread - rate * np.exp(log_spread) + mixing)


@dataclass(frozen=True)
class Point:
    """One point of the lattice: each area's Gaussian with and without its own count, (n,) each."""

    mode: Mode
    weight: float
    variance: Floats
    rest_mean: Floats
    rest_variance: Floats


def _weighed(sites: Sites, field: Smooth) -> Iterator[Point]:
    modes = _lattice(sites, field)
    weights = np.exp(np.array([mode.log_weight for mode in modes]) - max(mode.log_weight for mode in modes))
    weights /= weights.sum()
    for mode, weight in zip(modes, weights, strict=True):
        variance = _variances(field, mode)
        rest = variance / np.maximum(1 - variance * mode.bend, 1e-9)
        yield Point(mode, float(weight), variance, mode.eta - mode.slope * rest, rest)


def _lattice(sites: Sites, field: Smooth) -> list[Mode]:
    """Every lattice point that matters, found from the best one outwards, in steps of one standard deviation."""
    seen: dict[tuple[float, float], Mode] = {}
    eta = np.zeros(len(sites.events))

    def at(place: Floats) -> Mode:
        nonlocal eta
        key = (float(place[0]), float(place[1]))
        if key not in seen:
            seen[key] = _mode(sites, field, key, eta)
            eta = seen[key].eta
        return seen[key]

    found = scipy.optimize.minimize(
        lambda place: -at(place).log_weight,
        np.array([-1.0, 0.0]),
        method="Nelder-Mead",
        options={"xatol": 0.05, "fatol": 0.02, "maxfev": 80, "initial_simplex": [[-1, 0], [-2, 0], [-1, 1]]},
    )
    best = np.asarray(found.x, dtype=np.float64)
    axes = _axes(lambda place: at(place).log_weight, best)
    top = at(best).log_weight
    taken: dict[tuple[int, int], Mode] = {}
    waiting = [(0, 0)]
    while waiting and len(taken) < _MOST_POINTS:
        corner = waiting.pop(0)
        if corner in taken:
            continue
        mode = at(best + _PACE * axes @ np.array(corner, dtype=np.float64))
        top = max(top, mode.log_weight)
        if mode.log_weight < top - _DROP:
            continue
        taken[corner] = mode
        waiting += [(corner[0] + i, corner[1] + j) for i, j in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    return [mode for mode in taken.values() if mode.log_weight >= top - _DROP]


def _axes(log_weight: Callable[[Floats], float], best: Floats, step: float = 0.25) -> Floats:
    """(2, 2): a standard deviation along each axis of the surface around its top."""
    unit = np.eye(2) * step
    middle = log_weight(best)
    bend = np.empty((2, 2))
    for i in range(2):
        bend[i, i] = 2 * middle - log_weight(best + unit[i]) - log_weight(best - unit[i])
    across = log_weight(best + unit[0] + unit[1]) - log_weight(best + unit[0] - unit[1])
    across += log_weight(best - unit[0] - unit[1]) - log_weight(best - unit[0] + unit[1])
    bend[0, 1] = bend[1, 0] = -across / 4
    values, vectors = np.linalg.eigh(bend / step**2)
    return np.asarray(vectors / np.sqrt(np.clip(values, 1.0, None)))


def _mixed(sites: Sites, points: list[Point], threshold: float) -> RelativeRisk:
    """Each area's density over the lattice, on values of its own; its median, interval and two tails."""
    middles = np.stack([point.mode.eta for point in points])
    sds = np.sqrt(np.stack([point.variance for point in points]))
    low, high = (middles - _REACH * sds).min(axis=0), (middles + _REACH * sds).max(axis=0)
    eta = low[:, None] + (high - low)[:, None] * np.linspace(0, 1, _STEPS)
    said = sites.log_likelihood(eta)
    density = np.zeros_like(eta)
    for point in points:
        log = said - 0.5 * (eta - point.rest_mean[:, None]) ** 2 / point.rest_variance[:, None]
        here = np.exp(log - log.max(axis=1, keepdims=True))
        density += point.weight * here / here.sum(axis=1, keepdims=True)
    between = (density[:, 1:] + density[:, :-1]) / 2
    below = np.concatenate([np.zeros((len(eta), 1)), np.cumsum(between, axis=1)], axis=1)
    below /= below[:, -1:]
    at = np.array(
        [[np.interp(p, b, e) for p in (0.5, 0.025, 0.975)] for b, e in zip(below, eta, strict=True)]
    )
    over_one, over_threshold = (
        np.array([1 - np.interp(np.log(t), e, b) for e, b in zip(eta, below, strict=True)])
        for t in (1.0, threshold)
    )
    weights = np.array([point.weight for point in points])

    def mean(name: Literal["level", "spread", "mixing"]) -> float:
        return float(weights @ [getattr(point.mode, name) for point in points])

    relative, lowest, highest = np.exp(at).T
    return RelativeRisk(
        relative,
        lowest,
        highest,
        over_one,
        over_threshold,
        level=mean("level"),
        spread=mean("spread"),
        mixing=mean("mixing"),
        threshold=threshold,
        dispersion=sites.dispersion,
    )
