"""Many tests, one promise: of all that we name, at most one in twenty is expected to be chance.

What is named are areas: neighborhoods, and the part of each that a scan finds. Neighborhoods are named by their own
probability of being what they are called; parts by their p, corrected for how many were looked for, which is one in
each high neighborhood (a part's deals keep the neighborhood's total, so being chosen for it makes no part likelier).
Cells are corrected likewise where they are what is looked at.

Source: Benjamini & Hochberg 1995, Journal of the Royal Statistical Society B 57(1). It holds for
independent tests and for tests that rise and fall together (Benjamini & Yekutieli 2001, positive
dependence), as overlapping neighbourhoods do.
Page: docs/methods/hot-spots.md
"""

import numpy as np

from .arrays import Floats

ALPHA = 0.05


class TooFewPermutations(ValueError):
    """No cell could have come out significant, whatever the data: the shuffles end too early."""

    def __init__(self, floor: float, needed: float, tests: int):
        self.floor, self.needed, self.tests = floor, needed, tests
        self.permutations_needed = int(np.ceil(1 / needed)) - 1
        super().__init__(
            f"The smallest p that these shuffles could give is {floor:.2g}; among {tests:,} cells it takes "
            f"{needed:.2g}. Use at least {self.permutations_needed:,} shuffles."
        )


def q_values(p: Floats, *, alpha: float = ALPHA, floor: float = 0.0) -> Floats:
    """(m,) q: the false discovery rate at which each cell would just be called high.

    p      (m,) p-values in (0, 1]
    floor  the smallest p the test could have given (1/(1 + R) for R shuffles), 0 where there is no such end

    1. q of the i-th smallest p = the least of m·p_(j)/j over j ≥ i.
    2. Refused (TooFewPermutations) where the shuffles could not reach it: cells at the floor, if any,
       would not pass even as the first in line, floor > alpha · (cells at the floor, or one) / m.
    """
    p = np.asarray(p, dtype=np.float64)
    m = len(p)
    if not m:
        return p
    needed = alpha * max(int((p <= floor * (1 + 1e-9)).sum()), 1) / m
    if floor > needed:
        raise TooFewPermutations(floor, needed, m)  # rule 2
    order = np.argsort(p, kind="stable")
    stepped = p[order] * m / np.arange(1, m + 1)
    q = np.empty(m)
    q[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)  # rule 1
    return q


def share_expected_wrong(probabilities: Floats) -> float:
    """Of all that are named, the share expected not to be what they are called; 0 where nothing is.

    probabilities  (m,) of each that was named, to be what it is called. Where each is .95 or more, this is .05 or less

    Source: Newton, Noueiry, Sarkar & Ahlquist 2004, Biostatistics 5(2) (the direct posterior approach).
    """
    return float(np.mean(1 - np.asarray(probabilities))) if len(probabilities) else 0.0
