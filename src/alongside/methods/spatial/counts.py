"""Counts: how unlikely a count is where another was expected, if its variance is φ times its mean.

D(c; μ) is the log likelihood of a count as its own mean, less that at μ: half of what is called the deviance.

    φ = 1, Poisson             c·log(c/μ) − (c − μ)
    φ > 1, negative binomial   c·log(φc/(μ + (φ − 1)c)) + μ/(φ − 1)·log(φμ/(μ + (φ − 1)c))

The second is of a negative binomial with the shape μ/(φ − 1), whose variance at μ is φ·μ, and becomes the first as φ
becomes 1. A count of c or more has a chance of about e^−D, however few are expected, and the root of 2D, with the sign
of c − μ, is near a standard normal: nearer than (c − μ)/√(φμ), by which one event where a hundredth was expected lies
ten standard deviations out.

Source: McCullagh & Nelder 1989, Generalized Linear Models, 2.4 (deviance and its residuals).
Page: docs/methods/scan.md
"""

import numpy as np
import scipy  # loads each part when it is first used: most processes never compute

from .arrays import Floats, Ints

_NOTHING = 1e-300  # so that logarithms have something to hold


def unlikely(counts: Ints, mu: Floats, dispersion: float, table: Floats) -> Floats:
    """D(c; μ), element by element. `table` is x_log_x of the largest count, or more."""
    mu, more = np.maximum(mu, _NOTHING), dispersion - 1
    if more <= 0:
        return table[counts] - counts * np.log(mu) - (counts - mu)
    fewer = (counts + mu / more) * np.log((mu + more * counts) / dispersion)
    return table[counts] - fewer + mu / more * np.log(mu)


def x_log_x(most: int) -> Floats:
    """(most + 1,) x·log x for x = 0, 1, 2, …: counts are whole, so no logarithm is taken twice."""
    x = np.arange(most + 1, dtype=np.float64)
    table: Floats = scipy.special.xlogy(x, x)
    return table


def signed_roots(counts: Ints, mu: Floats, dispersion: float) -> Floats:
    """±√2D, element by element: standard deviations above (below) what was expected."""
    how = unlikely(counts, mu, dispersion, x_log_x(int(counts.max(initial=0))))
    roots: Floats = np.sign(counts - mu) * np.sqrt(2 * np.maximum(how, 0.0))
    return roots
