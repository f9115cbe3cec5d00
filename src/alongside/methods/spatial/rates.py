"""Rates: events against the people who live there, with their doubt, and none where it would mislead.

Sources: Garwood 1936, Biometrika 28 (exact Poisson limits); Cameron & Trivedi 1998, Regression Analysis of Count Data,
ch. 3 (NB1: variance in proportion to the mean); Marshall 1991, Journal of the Royal Statistical Society C 40(2)
(empirical-Bayes smoothing towards the whole).
Page: docs/methods/rates.md
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy  # loads each part when it is first used: most processes never compute
import shapely
from shapely.geometry.base import BaseGeometry

from .arrays import Cells, Floats, Ints
from .cells import outlines

PER = 1000.0
SOMEBODY = 1.0  # residents: less than one person is what spreading leaves over
AS_POISSON = 1.0001  # dispersions below are not told from 1


@dataclass(frozen=True)
class Rate:
    """Events per 1,000 residents a year, its 95 % interval; or none of the three, and why not."""

    value: float | None
    low: float | None
    high: float | None
    missing: Literal["", "no population", "no residents", "no dates"] = ""


def rate(
    events: int,
    residents: float | None,
    years: float | None,
    *,
    dispersion: float = 1.0,
    per: float = PER,
    confidence: float = 0.95,
) -> Rate:
    """Events per `per` residents a year, with the interval of the count.

    events      whole number
    residents   people who live there, taken as known; None where not known
    years       length of the window; None where the events have no dates
    dispersion  variance over mean of such counts, at least 1

    The fewer residents, the wider the interval; there is none only where nobody lives.
    """
    if residents is None:
        return Rate(None, None, None, "no population")
    if residents < SOMEBODY:
        return Rate(None, None, None, "no residents")
    if not years:
        return Rate(None, None, None, "no dates")
    scale = per / (residents * years)
    low, high = count_interval(events, dispersion=dispersion, confidence=confidence)
    return Rate(events * scale, low * scale, high * scale)


def count_interval(events: int, *, dispersion: float = 1.0, confidence: float = 0.95) -> tuple[float, float]:
    """Limits for the expected number, given `events` seen, where counts vary more than one by one.

    The count is NB1: negative binomial with mean m and variance φ·m. As Garwood does for φ = 1, both ends are where
    what was seen is just too rare, P(Y ≥ events | low) = P(Y ≤ events | high) = (1 − confidence)/2; with
    P(Y ≤ y) = I_{1/φ}(m/(φ − 1), y + 1), the incomplete beta function, solved for its first argument.
    The low end is never above Garwood's: one event of a cluster is not surer than one event.

    dispersion  φ, at least 1; 1 is `poisson_interval`, to the last digit
    """
    if dispersion < 1:
        raise ValueError(
            "Counts vary at least as much as events that come one by one: dispersion is 1 or more."
        )
    garwood = poisson_interval(events, confidence=confidence)
    if dispersion < AS_POISSON:
        return garwood
    half, beyond = (1 - confidence) / 2, dispersion - 1
    high = float(scipy.special.btdtria(half, events + 1, 1 / dispersion)) * beyond
    if not events:
        return 0.0, high
    low = float(scipy.special.btdtria(1 - half, events, 1 / dispersion)) * beyond
    return min(low, garwood[0]), high


def poisson_interval(events: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Garwood's exact limits for the expected number, given `events` seen: [χ²(2n)/2, χ²(2n + 2)/2]."""
    half = (1 - confidence) / 2
    low = float(scipy.special.chdtri(2 * events, 1 - half)) / 2 if events else 0.0
    return low, float(scipy.special.chdtri(2 * events + 2, half)) / 2


@dataclass(frozen=True)
class Spread:
    """Residents a cell (n,), and the residents of areas that have no cell to live in."""

    residents: Floats
    unplaced: float


def spread_population(
    population: Floats, area: Ints, cell: Ints, weight: Floats, *, cells: int, whole: Floats | None = None
) -> Spread:
    """Spread each area's residents over its cells in proportion to weights.

    population  (a,) residents of each area (tract, neighborhood)
    area, cell, weight  (m,) triplets: metres of residential street, or square kilometres, that this
                area has in this cell
    cells       n, how many cells there are
    whole       (a,) each area's weight in all, its part outside the study area included; where not
                given, the sum of its triplets, so that everyone is placed inside
    """
    inside = np.bincount(area, weight, minlength=len(population))
    total = inside if whole is None else np.maximum(np.asarray(whole, dtype=np.float64), inside)
    per_weight = np.divide(population, total, out=np.zeros(len(population)), where=total > 0)
    residents = np.bincount(cell, weight * per_weight[area], minlength=cells).astype(np.float64)
    return Spread(residents, float(np.sum(np.asarray(population)[total <= 0])))


@dataclass(frozen=True)
class Overlaps:
    """Where areas and cells share ground: triplets for spread_population, and each area's whole size.

    Sizes are square degrees: good for shares within one area (a few kilometres), never across a map.
    """

    area: Ints
    cell: Ints
    size: Floats
    whole: Floats


def overlaps(areas: list[BaseGeometry], cells: Cells) -> Overlaps:
    """Which cells each area covers, and by how much. `areas` are valid shapely polygons."""
    shapes = np.array(areas, dtype=object)
    hexagons = outlines(cells)
    cell, area = shapely.STRtree(shapes).query(hexagons, predicate="intersects")
    size = shapely.area(shapely.intersection(shapes[area], hexagons[cell]))
    some = size > 0
    return Overlaps(
        area[some].astype(np.int64), cell[some].astype(np.int64), size[some], shapely.area(shapes)
    )


def smoothed_rates(events: Floats | Ints, residents: Floats) -> Floats:
    """(n,) empirical-Bayes rates, events per resident: small places are drawn towards the whole.

    With r_i = y_i/n_i, m = Σy/Σn and n̄ the mean of n (Marshall's global estimator):

    1. A = Σ n_i (r_i − m)²/Σn − m/n̄, at least 0: how much rates truly differ.
    2. smoothed_i = m + C_i (r_i − m), with C_i = A/(A + m/n_i): more trust for more residents.

    Places without residents get m: nothing is known of them.
    """
    y, n = np.asarray(events, dtype=np.float64), np.asarray(residents, dtype=np.float64)
    lived_in = n > 0
    overall = y[lived_in].sum() / n.sum()
    raw = np.divide(y, n, out=np.full(len(n), overall), where=lived_in)
    spread = (n * (raw - overall) ** 2).sum() / n.sum() - overall / n[lived_in].mean()  # rule 1
    if spread <= 0:
        return np.full(len(n), overall)
    trust = spread * n / (spread * n + overall)  # rule 2, without dividing by no residents
    return np.asarray(overall + trust * (raw - overall))
