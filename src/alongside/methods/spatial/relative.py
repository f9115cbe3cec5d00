"""Relative risk: how many times as many events as people at risk would give, with its doubt.

With y_i events and n_i people at risk in each of n areas, and E_i = n_i·Σy/Σn what the same risk everywhere would give:

    y_i ~ negative binomial, mean E_i·RR_i, variance φ times the mean (φ = 1: Poisson)
    log RR_i = α + σ·(√ρ·u_i + √(1 − ρ)·v_i) + w_i                  (BYM2; an area beside no other: α + σ·v_i + w_i)
    u smooth over the areas beside one another, scaled; v_i ~ N(0, 1)
    w_i = 0 for most; with a chance of 1 in 20 from N(0, 1²)        (an area that is like no other)
    α ~ N(0, 2²)    σ ~ exponential with P(σ > 1) = 1 %    ρ ~ uniform on 0..1

Nothing is drawn by chance: the answer is a function of what is handed in. For each (σ, ρ) of a small lattice that
covers where the counts allow them, expectation propagation finds the Gaussian over α and u: each area's own part is
taken out of it, put back as it is, and the Gaussian is given the mean and variance that come out, until nothing moves.
What an area's own count then says of its risk is exact but for what the others say, and the lattice's answers are mixed
by how well each explains the counts.

Sources: Riebler, Sørbye, Simpson & Rue 2016, Statistical Methods in Medical Research 25(4) (BYM2); Simpson et al. 2017,
Statistical Science 32(1) (priors that prefer the simpler); Rue, Martino & Chopin 2009, Journal of the Royal Statistical
Society B 71(2) (the lattice, and mixing over it); Minka 2001, Uncertainty in Artificial Intelligence 17 (expectation
propagation); Naylor & Smith 1982, Applied Statistics 31(3) (quadrature that moves to where the mass is).
Page: docs/methods/relative-risk.md
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy  # loads each part when it is first used: most processes never compute

from .arrays import Floats, Ints
from .smooth import Smooth, smooth_over

THRESHOLD = 1.5
SPREAD_ABOVE_ONE = 0.01  # P(σ > 1) before any data
LEVEL_SD = 2.0  # of α
APART = 0.05  # chance of an area to be like no other
APART_SD = 1.0  # of its w
FEW = 0.01  # of the average area's people at risk: where so few are, the count speaks with half its voice
POISSON = 1e-6  # dispersion over 1 that makes no difference

_NOTHING = 1e-300  # so that logarithms have something to hold
_NODES, _NODE_WEIGHTS = np.polynomial.hermite.hermgauss(17)
_FIRST_LOOKS = 4  # for the quadrature to move to where the mass is
_MOST_TURNS = 40  # of expectation propagation
_CLOSE = 0.01  # standard deviations that an area's mean still moves
_PACE = 1.2  # standard deviations from one point of the lattice to the next
_DROP = 4.0  # log weight below the best, from which a point of the lattice is left out
_MOST_POINTS = 80
_REACH = 6.0  # standard deviations to each side
_STEPS = 161  # where each area's density is computed, for each of the two kinds it may be


class NothingToCompare(ValueError):
    """No events, or nobody at risk anywhere: there is no risk to be relative to."""


@dataclass(frozen=True)
class Densities:
    """How likely each area's log relative risk is to lie below each of k values of its own; (n, k) each."""

    log_relative: Floats
    share_below: Floats

    def quantile(self, share: float) -> Floats:
        """(n,) relative risk below which so much of the probability lies."""
        pairs = zip(self.share_below, self.log_relative, strict=True)
        return np.exp([np.interp(share, below, values) for below, values in pairs])

    def below(self, relative: Floats) -> Floats:
        """(n,) probability that each area's relative risk lies below its value here."""
        rows = zip(np.log(relative), self.log_relative, self.share_below, strict=True)
        return np.array([np.interp(value, values, below) for value, values, below in rows])


@dataclass(frozen=True)
class RelativeRisk:
    """Each area's risk against the whole's; arrays are (n,).

    relative   the middle of what is likely (posterior median); 1 is as the whole
    low, high  95 % interval
    p_above    probability that the risk is above the whole's
    p_high     probability that it is above the threshold
    level      α, spread σ and mixing ρ: their means
    areas      the whole of each area's answer
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
    areas: Densities


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
    sites = _sites(events, at_risk, dispersion)
    fits = _lattice(sites, smooth_over(len(sites.events), beside))
    weights = scipy.special.softmax([fit.log_weight for fit in fits])
    areas = _mixed(sites, fits, weights)
    return RelativeRisk(
        areas.quantile(0.5),
        areas.quantile(0.025),
        areas.quantile(0.975),
        1 - areas.below(np.ones(len(sites.events))),
        1 - areas.below(np.full(len(sites.events), threshold)),
        level=float(weights @ [fit.level for fit in fits]),
        spread=float(weights @ [fit.spread for fit in fits]),
        mixing=float(weights @ [fit.mixing for fit in fits]),
        threshold=threshold,
        dispersion=dispersion,
        areas=areas,
    )


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


def _sites(events: Ints, at_risk: Floats, dispersion: float) -> "Sites":
    """Each area's count beside what is expected of it; raises as relative_risk does."""
    y, n = np.asarray(events, dtype=np.float64), np.asarray(at_risk, dtype=np.float64)
    if y.shape != n.shape or y.ndim != 1:
        raise ValueError("Events and people at risk are one number each an area.")
    if not (np.isfinite(y).all() and np.isfinite(n).all()) or y.min(initial=0) < 0 or n.min(initial=0) < 0:
        raise ValueError("Events and people at risk are numbers from 0 up.")
    if not (np.isfinite(dispersion) and dispersion >= 1):
        raise ValueError("Dispersion is 1 or more.")
    if not y.sum() or not n.sum():
        raise NothingToCompare("There are no events, or there is nobody at risk.")
    return Sites(y, n * (y.sum() / n.sum()), n / (n + FEW * n.mean()), dispersion)


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

    def log_likelihood(self, eta: Floats) -> Floats:
        """(n,), or (n, …) for several values each; up to a constant.

        Γ(y + r)/Γ(r) = r·Γ(y + r)/Γ(1 + r) for y ≥ 1, and 1 for y = 0: so nothing huge is taken from anything huge
        where hardly anybody is at risk and the size r is next to nothing.
        """
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

    def roughly(self) -> tuple[Floats, Floats]:
        """(n,) about what log relative risk each count speaks for, and with what precision: where to look first."""
        about = np.log((self.events + 0.5) / np.maximum(self.expected, _NOTHING))
        return np.where(self.weight > 0, about, 0.0), self.weight * (self.events + 0.5) / self.dispersion


@dataclass(frozen=True)
class Said:
    """What each count says of the part it shares with others, m = α + σ√ρ·u, as a Gaussian; (n,) each.

    pull, precision   its natural parameters
    middle, sd        (n, 2) of log relative risk if the area is as others, and if it is like no other
    """

    pull: Floats
    precision: Floats
    middle: Floats
    sd: Floats


@dataclass(frozen=True)
class Fit:
    """The answer at one spread and mixing, and how well these explain the counts.

    rest_mean, rest_variance  (n,) of m_i by all counts but the area's own
    own                       (n, 2) variance of what the area does not share: as others, like no other
    """

    log_spread: float
    logit_mixing: float
    level: float
    log_weight: float
    rest_mean: Floats
    rest_variance: Floats
    own: Floats
    said: Said

    @property
    def spread(self) -> float:
        return float(np.exp(self.log_spread))

    @property
    def mixing(self) -> float:
        return float(scipy.special.expit(self.logit_mixing))


def _fit(sites: Sites, field: Smooth, place: tuple[float, float], start: Said | None) -> Fit:
    """Expectation propagation: what each count says is mended until all of it hangs together."""
    spread, mixing = float(np.exp(place[0])), float(scipy.special.expit(place[1]))
    smooth = np.full(len(field.areas), spread * np.sqrt(mixing))
    alike = np.full(len(sites.events), spread**2)
    alike[field.areas] *= 1 - mixing
    own = np.stack([alike, alike + APART_SD**2], axis=1)
    said = start or _first_said(sites, own)
    pace, last = 1.0, np.inf
    for _ in range(_MOST_TURNS):
        level, mean, variance, log_whole = _shared(field, smooth, said)
        rest_variance = 1 / (1 / variance - said.precision)
        rest_mean = rest_variance * (mean / variance - said.pull)
        own_mean, own_variance, log_own, middle, sd = _with_own(sites, said, rest_mean, rest_variance, own)
        moved = float((np.abs(own_mean - mean) / np.sqrt(variance)).max())
        evidence = log_whole + (log_own - _log_gaussian(said, rest_mean, rest_variance)).sum()
        if moved < _CLOSE:
            break
        pace = max(pace / 2, 0.1) if moved > last else pace
        last = moved
        precision = np.maximum(1 / own_variance - 1 / rest_variance, 0.0)
        pull = own_mean * (precision + 1 / rest_variance) - rest_mean / rest_variance
        said = Said(
            said.pull + pace * (pull - said.pull),
            said.precision + pace * (precision - said.precision),
            middle,
            sd,
        )
    weight = float(evidence + _log_prior(*place))
    return Fit(*place, level, weight, rest_mean, rest_variance, own, said)


def _first_said(sites: Sites, own: Floats) -> Said:
    about, precision = sites.roughly()
    seen = precision[:, None] / (1 + own * precision[:, None])
    wide = 1 / (precision[:, None] + 1 / (own + 1e-3))
    said = Said(about * seen[:, 0], seen[:, 0], wide * precision[:, None] * about[:, None], np.sqrt(wide))
    for _ in range(_FIRST_LOOKS):
        *_, middle, sd = _with_own(sites, said, np.zeros(len(about)), np.full(len(about), 0.01), own)
        said = Said(said.pull, said.precision, middle, sd)
    return said


def _shared(field: Smooth, smooth: Floats, said: Said) -> tuple[float, Floats, Floats, float]:
    """α's mean; (n,) mean and variance of m; and the log of how well all that is said goes together."""
    precision, pull = said.precision[field.areas], said.pull[field.areas]
    posterior = field.with_data(smooth**2 * precision)
    cross = smooth * precision
    turned = posterior.solve(np.stack([cross, smooth * pull], axis=1))
    by_level, by_pull = turned[:, 0], turned[:, 1]
    firm = float(said.precision.sum() + LEVEL_SD**-2 - cross @ by_level)
    level = float((said.pull.sum() - cross @ by_pull) / firm)
    mean, variance = np.full(len(said.pull), level), np.full(len(said.pull), 1 / firm)
    mean[field.areas] += smooth * (by_pull - by_level * level)
    variance[field.areas] = (1 - smooth * by_level) ** 2 / firm + smooth**2 * posterior.variances()
    halves = posterior.log_det - field.log_det + np.log(firm * LEVEL_SD**2)
    return level, mean, variance, float(said.pull @ mean - halves) / 2


def _with_own(
    sites: Sites, said: Said, rest_mean: Floats, rest_variance: Floats, own: Floats
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Each area's own count put back as it is: (n,) mean and variance of m, log of the mass; (n, 2) middle and sd of η.

    Given η, m is Gaussian: what was between m and η is shared out by their variances.
    """
    wide = rest_variance[:, None] + own
    eta = said.middle[..., None] + np.sqrt(2) * said.sd[..., None] * _NODES
    log = sites.log_likelihood(eta) - 0.5 * (eta - rest_mean[:, None, None]) ** 2 / wide[..., None]
    log += np.log(_NODE_WEIGHTS) + _NODES**2
    top = log.max(axis=2, keepdims=True)
    mass = np.exp(log - top)
    total = mass.sum(axis=2, keepdims=True)
    mass /= total
    middle = (mass * eta).sum(axis=2)
    variance = (mass * (eta - middle[..., None]) ** 2).sum(axis=2)
    log_mass = np.log([1 - APART, APART]) + (top + np.log(total))[..., 0]
    log_mass += np.log(said.sd) - 0.5 * np.log(np.pi * wide)
    log_own = np.logaddexp(log_mass[:, 0], log_mass[:, 1])
    share = np.exp(log_mass - log_own[:, None])
    part = rest_variance[:, None] / wide
    shared = rest_mean[:, None] + part * (middle - rest_mean[:, None])
    mean = (share * shared).sum(axis=1)
    around = rest_variance[:, None] * (1 - part) + part**2 * variance + (shared - mean[:, None]) ** 2
    sd = np.maximum(np.sqrt(variance), said.sd / 4)  # a look that saw only one node comes closer in steps
    return mean, (share * around).sum(axis=1), log_own, middle, sd


def _log_gaussian(said: Said, mean: Floats, variance: Floats) -> Floats:
    """(n,) log ∫ N(m; mean, variance)·exp(pull·m − precision·m²/2) dm."""
    firm = 1 + variance * said.precision
    inner = variance * said.pull**2 + 2 * mean * said.pull - said.precision * mean**2
    return np.asarray(inner / firm - np.log(firm)) / 2


def _log_prior(log_spread: float, logit_mixing: float) -> float:
    """Of (log σ, logit ρ), with what the change of scale adds."""
    rate = -np.log(SPREAD_ABOVE_ONE)
    mixing = scipy.special.log_expit(logit_mixing) + scipy.special.log_expit(-logit_mixing)
    return float(log_spread - rate * np.exp(log_spread) + mixing)


def _lattice(sites: Sites, field: Smooth) -> list[Fit]:
    """Every lattice point that matters, found from the best one outwards."""
    seen: dict[tuple[float, float], Fit] = {}
    said: Said | None = None

    def at(place: Floats) -> Fit:
        nonlocal said
        key = (float(place[0]), float(place[1]))
        if key not in seen:
            seen[key] = _fit(sites, field, key, said)
            said = seen[key].said
        return seen[key]

    found = scipy.optimize.minimize(
        lambda place: -at(place).log_weight,
        np.array([-1.0, 0.0]),
        method="Nelder-Mead",
        options={"xatol": 0.1, "fatol": 0.05, "maxfev": 60, "initial_simplex": [[-1, 0], [-2, 0], [-1, 1]]},
    )
    best = np.asarray(found.x, dtype=np.float64)
    axes = _axes(lambda place: at(place).log_weight, best)
    top = at(best).log_weight
    taken: dict[tuple[int, int], Fit] = {}
    waiting = [(0, 0)]
    while waiting and len(taken) < _MOST_POINTS:
        corner = waiting.pop(0)
        if corner in taken:
            continue
        fit = at(best + _PACE * axes @ np.array(corner, dtype=np.float64))
        top = max(top, fit.log_weight)
        if fit.log_weight < top - _DROP:
            continue
        taken[corner] = fit
        waiting += [(corner[0] + i, corner[1] + j) for i, j in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    return [fit for fit in taken.values() if fit.log_weight >= top - _DROP]


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


def _mixed(sites: Sites, fits: list[Fit], weights: Floats) -> Densities:
    """Each area's density over the lattice, on values of its own, so that all together the whole has a risk of 1.

    With the dispersion that the counts have it nearly is; with one that is too high, sparse counts would put every area
    above the whole.
    """
    eta = _where(fits)
    said = sites.log_likelihood(eta)
    likelihood = np.exp(said - said.max(axis=1, keepdims=True))
    density = np.zeros_like(eta)
    for fit, weight in zip(fits, weights, strict=True):
        before = np.zeros_like(eta)
        for chance, own in zip((1 - APART, APART), fit.own.T, strict=True):
            wide = fit.rest_variance + own
            off = (eta - fit.rest_mean[:, None]) ** 2 / wide[:, None]
            before += chance * np.exp(-off / 2) / np.sqrt(wide)[:, None]
        here = before * likelihood
        density += weight * here / _between(here, eta).sum(axis=1, keepdims=True)
    below = np.cumsum(_between(density, eta), axis=1)
    below = np.concatenate([np.zeros((len(eta), 1)), below / below[:, -1:]], axis=1)
    mean = _between(density * np.exp(eta), eta).sum(axis=1)
    return Densities(eta - np.log(sites.expected @ mean / sites.expected.sum()), below)


def _where(fits: list[Fit]) -> Floats:
    """(n, k) values at which to compute: as many where an area is as others, a narrow hill, as where it is not."""
    values = []
    for kind in (0, 1):
        middle = np.stack([fit.said.middle[:, kind] for fit in fits], axis=1)
        reach = _REACH * np.stack([fit.said.sd[:, kind] for fit in fits], axis=1)
        low, high = (middle - reach).min(axis=1), (middle + reach).max(axis=1)
        values.append(low[:, None] + (high - low)[:, None] * np.linspace(0, 1, _STEPS))
    return np.sort(np.concatenate(values, axis=1), axis=1)


def _between(values: Floats, at: Floats) -> Floats:
    """(n, k − 1) area under each stretch, by trapezoids."""
    return (values[:, 1:] + values[:, :-1]) / 2 * np.diff(at, axis=1)
