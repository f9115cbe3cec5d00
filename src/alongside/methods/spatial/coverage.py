"""Which days a file of dated events really covers: its strays, its gaps and its ends.

A rate a year is wrong by as much as its window is longer than the data. A file of one month holds a few dates of years
before; an export stops for a quarter; a month at the end is half there. So days are found covered or not from the
events alone, as the two states of a hidden chain: events come at the usual rate, or at a hundredth of it.

Days are NumPy's `datetime64[D]`. Covered days are an array of them, sorted, each once: its length is the time that a
rate stands on, and what two layers cover in common is `np.intersect1d` of the two.

Source: Kleinberg 2002, Bursty and hierarchical structure in streams, KDD (two states, a price for each change, the
cheapest course by Viterbi).
Page: docs/methods/coverage.md
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .arrays import Floats, Ints, Mask

Days = NDArray[np.datetime64]
Stretch = tuple[np.datetime64, np.datetime64]

QUIETER = 100.0  # times fewer events where a file does not cover the days: strays, not nothing
SLOWEST = 5.0  # times fewer than usual: what a slow year may have
AROUND = 182  # days on either side that say how usual a day is
BURST = 10.0  # usual days: what one day may speak for; a default date holds thousands
SHORTEST_GAP = SHORTEST_STRETCH = 7  # days: shorter ones are weekends and holidays, or slips
WRONGLY = 0.01  # expected false changes in all
UNSEEN = 0.05  # the chance that a covered end stays without an event


def covered_days(days: Days, *, beside: Days | None = None) -> Days:
    """(k,) the days that events cover, sorted; none where there is no event.

    days    (n,) the day of each event, in any order
    beside  covered days of the whole file, where `days` are of one layer of it

    Where every date is the same day of its month (files that know the month only), whole months are covered or not.

    1. The usual rate is what the median event sees around it: a tenth of all events, over the time they take. λ is the
       rate of the half years before and after a day, at most the usual one and at least a fifth of it.
       Dispersion φ is that of neighbouring days, (x_t − x_{t+1})² over x_t + x_{t+1}, at least 1.
    2. A day of x events speaks for "covered" by (x·ln 100 − 0.99·λ)/φ; no day for more than ten usual ones.
       A stretch with less than a fifth of λ speaks against it, the more, the longer it is.
    3. The best course over all days pays ½·ln(days/0.01) for each change between covered and not.
    4. Gaps shorter than a week are filled. Covered stretches shorter than a week are strays, beside longer ones.
    5. A layer's first or last event lies a little inside the days that its file covers, the rarer its events, the
       further: an end nearer to the whole file's than ln(20)/λ days, what a covered end stays empty for in one of
       twenty cases (λ the usual rate), is the file's.
    """
    at = np.sort(np.asarray(days, dtype="datetime64[D]"))
    if not len(at):
        return at
    if _by_month(at):
        months = _covered(at.astype("datetime64[M]").astype(np.int64), shortest=1)
        return _days_of(months.astype("datetime64[M]"))
    numbers = at.astype(np.int64)
    covered = _covered(numbers, shortest=SHORTEST_GAP)
    if beside is not None and len(beside):
        reach = int(np.log(1 / UNSEEN) / _usual_rate(numbers))
        covered = _reached_out(covered, np.asarray(beside, "datetime64[D]").astype(np.int64), reach)
    return covered.astype("datetime64[D]")


def stretches(covered: Days) -> list[Stretch]:
    """First and last day of each unbroken run of covered days."""
    if not len(covered):
        return []
    starts, ends = _runs(covered.astype(np.int64))
    return [(covered[a], covered[b]) for a, b in zip(starts, ends, strict=True)]


def gaps(covered: Days) -> list[Stretch]:
    """First and last day of what lies uncovered between covered stretches."""
    runs = stretches(covered)
    day = np.timedelta64(1, "D")
    return [(before[1] + day, after[0] - day) for before, after in pairwise(runs)]


def whole_months(covered: Days) -> NDArray[np.datetime64]:
    """(m,) the months (`datetime64[M]`) of which every day is covered."""
    months, days = np.unique(covered.astype("datetime64[M]"), return_counts=True)
    length = (months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")
    whole: NDArray[np.datetime64] = months[days == length.astype(np.int64)]
    return whole


def _by_month(at: Days) -> bool:
    """Whether all dates are the same day of several months."""
    months = at.astype("datetime64[M]")
    number = at - months.astype("datetime64[D]")
    return bool(months[0] != months[-1] and (number == number[0]).all())


def _days_of(months: NDArray[np.datetime64]) -> Days:
    each = [np.arange(month, month + 1, dtype="datetime64[D]") for month in months]
    return np.concatenate(each)


def _covered(at: Ints, *, shortest: int) -> Ints:
    """The covered ones among whole numbered steps (days or months), from each event's step, sorted."""
    counts = np.bincount(at - at[0]).astype(np.float64)
    price = 0.5 * float(np.log(len(counts) / WRONGLY))
    mask = _best_course(_speaks_for(counts, _usual_rate(at)), price=price)
    return np.asarray(at[0] + np.flatnonzero(_without_short_ones(mask, counts, shortest)))


def _usual_rate(at: Ints) -> float:
    """Rule 1: events a step around the median event."""
    many = min(len(at), max(10, len(at) // 10))
    took = at[many - 1 :] - at[: len(at) - many + 1] + 1
    return float(np.median(many / took))


def _speaks_for(counts: Floats, usual: float) -> Floats:
    """Rule 2: the logarithm of how much likelier each step is covered than not."""
    seen = np.minimum(counts, BURST * max(usual, 1.0))
    both = float((seen[1:] + seen[:-1]).sum())
    dispersion = max(float((np.diff(seen) ** 2).sum()) / both, 1.0) if both else 1.0
    return np.asarray((seen * np.log(QUIETER) - (1 - 1 / QUIETER) * _then(seen, usual)) / dispersion)


def _then(seen: Floats, usual: float) -> Floats:
    """Rule 1: the usual rate as it was around each step, within its bounds."""
    total = np.concatenate(([0.0], np.cumsum(seen)))
    at = np.arange(len(seen))
    first, last = np.maximum(at - AROUND, 0), np.minimum(at + AROUND + 1, len(seen))
    around: Floats = (total[last] - total[first]) / (last - first)
    return np.asarray(np.clip(around, usual / SLOWEST, usual), np.float64)


def _best_course(score: Floats, *, price: float) -> Mask:
    """Rule 3: the two states' course with the largest sum of scores while covered, less the price of each change."""
    gains = score.tolist()
    on, off = 0.0, -price
    stayed_on, stayed_off = [], []
    for gain in gains:
        stayed_on.append(on >= off - price)
        stayed_off.append(off >= on - price)
        on, off = max(on, off - price) + gain, max(off, on - price)
    state = on >= off
    course = np.zeros(len(gains), bool)
    for step in range(len(gains) - 1, -1, -1):
        course[step] = state
        state = state if (stayed_on if state else stayed_off)[step] else not state
    return course


def _without_short_ones(mask: Mask, counts: Floats, shortest: int) -> Mask:
    """Rule 4. The stretch with most events stays, however short: it may be all there is."""
    kept = np.flatnonzero(mask)
    if not len(kept):
        return np.ones(len(mask), bool)
    starts, ends = _runs(kept, nearer_than=shortest)
    held = [counts[kept[a] : kept[b] + 1].sum() for a, b in zip(starts, ends, strict=True)]
    whole = np.zeros(len(mask), bool)
    for number, (a, b) in enumerate(zip(starts, ends, strict=True)):
        long_enough = kept[b] - kept[a] + 1 >= shortest
        whole[kept[a] : kept[b] + 1] = long_enough or number == int(np.argmax(held))
    return whole


def _reached_out(covered: Ints, beside: Ints, reach: int) -> Ints:
    """Rule 5: with the days between its ends and those of the stretches beside it, where these are near."""
    starts, ends = _runs(beside)
    more = [covered]
    for first, last in zip(beside[starts], beside[ends], strict=True):
        own = covered[(covered >= first) & (covered <= last)]
        if len(own) and own[0] - first <= reach:
            more.append(np.arange(first, own[0]))
        if len(own) and last - own[-1] <= reach:
            more.append(np.arange(own[-1] + 1, last + 1))
    return np.unique(np.concatenate(more))


def _runs(numbers: Ints, nearer_than: int = 1) -> tuple[Ints, Ints]:
    """Positions of the first and the last of each run of sorted whole numbers, joined over shorter holes."""
    breaks = np.flatnonzero(np.diff(numbers) > nearer_than)
    return np.concatenate(([0], breaks + 1)), np.concatenate((breaks, [len(numbers) - 1]))
