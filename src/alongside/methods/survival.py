"""How long until it is answered, where some still wait: the Kaplan–Meier curve, its median, and how sure that is.

Whoever takes the middle of the answered ones alone forgets the slow: what waits has no length yet, and the worse an
agency answers, the better that middle looks. Here whatever still waits counts for every day that it has waited, and for
none after.

`lasted`  shape (n,), days ≥ 0: from the question to its answer, or to today where it still waits
`ended`   shape (n,), bool: whether it was answered; False: it still waits (censored)
`times`   shape (n,), whole numbers ≥ 0: how often each row stands there; once, where nothing is said

1. What ends and what is censored on one day: the answer comes first, so the censored one was still waiting.
2. S(t), the share that still waits after day t, is the product over days s ≤ t of 1 − d(s)/r(s): d answered on that
   day, r still waiting at its beginning.
3. The median is the first day after which at most half still wait. None where the curve does not come down so far.
4. Its interval holds each day t at which S(t) = ½ is not refused: where ½ lies between the ends of
   exp(−exp(log(−log S) ± z·σ/|log S|)), σ² = Σ d/(r(r − d)). It begins on the first day on which the lower end is at
   most ½, and lasts until the first on which the upper end is. Where that never comes, its end is None: longer than
   anybody has waited.
5. After the last answer of a curve that ends at 0, σ is not known: this day can begin an interval, and never ends one.

Errors: ValueError for shapes that differ, for a length under 0 or of no number, and for a negative count.

Sources. Rules 1 and 2: Kaplan and Meier, *Journal of the American Statistical Association* 53, 1958; σ: Greenwood,
*Reports on Public Health* 33, 1926. Rule 4: Brookmeyer and Crowley, *Biometrics* 38, 1982, with the transform of
Kalbfleisch and Prentice, *The Statistical Analysis of Failure Time Data*, 2nd ed., section 1.4, since it keeps within 0
and 1 and covers well in small numbers (Borgan and Liestøl, *Scandinavian Journal of Statistics* 17, 1990).

Page: docs/methods/days-to-an-answer.md
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

HALF = 0.5 + 1e-12  # a product that should be exactly one half may come out above it


@dataclass(frozen=True)
class Curve:
    """The share that still waits, day by day.

    days     shape (k,): each day on which something was answered, from the first on
    waiting  shape (k,): how many still waited at its beginning
    answers  shape (k,): how many were answered on it
    share    shape (k,): S, after it
    answered, open  how many there are of each
    """

    days: NDArray[np.float64]
    waiting: NDArray[np.int64]
    answers: NDArray[np.int64]
    share: NDArray[np.float64]
    answered: int
    open: int

    @property
    def median(self) -> float | None:
        """Rule 3."""
        return _first(self.days, self.share <= HALF)

    def after(self, day: float) -> float:
        """S at the end of a day: 1 before the first answer, and after the last one as it was then."""
        known = int(np.searchsorted(self.days, day, side="right"))
        return float(self.share[known - 1]) if known else 1.0

    def interval(self, sure: float = 0.95) -> tuple[float | None, float | None]:
        """Rule 4: from which day to which the median lies, so surely. An end is None where nobody can say it."""
        low, high = self.band(sure)
        return _first(self.days, low <= HALF), _first(self.days, high <= HALF)

    def band(self, sure: float = 0.95) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Between what S lies, each day by itself. Rule 5: at the end of a curve that ends at 0, anywhere."""
        inside = (self.share > 0) & (self.share < 1)
        low, high = np.zeros_like(self.share), np.ones_like(self.share)
        log = np.log(self.share[inside])
        spread = NormalDist().inv_cdf((1 + sure) / 2) * np.sqrt(self._variance()[inside]) / -log
        low[inside], high[inside] = np.exp(log * np.exp(spread)), np.exp(log * np.exp(-spread))
        return low, high

    def _variance(self) -> NDArray[np.float64]:
        """Greenwood's sum; of log S."""
        left = self.waiting - self.answers
        with np.errstate(divide="ignore"):
            return np.cumsum(self.answers / (self.waiting * left.astype(float)))


def curve(lasted: ArrayLike, ended: ArrayLike, times: ArrayLike | None = None) -> Curve:
    """The curve of all of them together; see above. Of nothing at all it is empty, and has no median."""
    lengths, over = np.asarray(lasted, float), np.asarray(ended, bool)
    often = np.ones(lengths.shape, np.int64) if times is None else np.asarray(times, np.int64)
    if not lengths.shape == over.shape == often.shape or lengths.ndim != 1:
        raise ValueError(
            f"Lengths {lengths.shape}, ends {over.shape} and counts {often.shape} do not go together."
        )
    if not np.all(lengths >= 0) or not np.all(np.isfinite(lengths)) or np.any(often < 0):
        raise ValueError("A length is a number of days from 0 on, and a count is 0 or more.")
    days, place = np.unique(lengths, return_inverse=True)
    answers = np.bincount(place, weights=often * over, minlength=len(days)).astype(np.int64)
    leave = np.bincount(place, weights=often, minlength=len(days)).astype(np.int64)
    waiting = leave[::-1].cumsum()[::-1]  # rule 1: who is censored on a day still waits at its beginning
    some = answers > 0
    share = np.cumprod(1 - answers[some] / waiting[some])
    answered = int(answers.sum())
    return Curve(days[some], waiting[some], answers[some], share, answered, int(leave.sum()) - answered)


def _first(days: NDArray[np.float64], where: NDArray[np.bool_]) -> float | None:
    """The first of these days."""
    return float(days[where][0]) if where.any() else None
