"""What waiting is worth: how a claim grows, what it costs to keep somebody waiting too long, and what that leads to.

Rules 2, 3 and 9 of docs/methods/season.md, and the shares of walks that follow from them in the long run.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alongside.methods.scheduling.season import HALF_LIFE, SeasonProblem, Weights

AGEING = (
    52.0  # weeks of waiting that count as much as all that a walk did for it having faded, again and again
)
LATE = (
    50.0  # points that the first week beyond the longest wait costs: more than any walk could bring instead
)
FOREVER = 1e5  # weeks
Floats = NDArray[np.float64]


# -- how a claim grows ------------------------------------------------------------------------------
def faded(weeks: Floats, half_life: float) -> Floats:
    """How much of what a walk did has faded after so many weeks: 0 at once, half after one half-life."""
    return np.asarray(1.0 - 2.0 ** (-weeks / half_life), dtype=np.float64)


def grown(weeks: Floats, waits: Floats, need: Floats, weights: Weights, *, half_life: float) -> Floats:
    """What need and waiting make of a claim: a·need·f + c·(f + waits/52). The second part never stops growing.

    It grows alike for all, so the order of two claims does not turn round while both wait.

    weeks  since the last walk; infinite where there was never one
    waits  weeks of waiting: the same, or since some day where there was never a walk
    """
    gone = faded(weeks, half_life)
    return np.asarray(
        weights.need * need * gone + weights.waiting * (gone + waits / AGEING), dtype=np.float64
    )


def claim(
    need: float,
    requests: float,
    weeks: float,
    weights: Weights,
    *,
    half_life: float = HALF_LIFE,
    waits: float | None = None,
) -> dict[str, float]:
    """What speaks for a first walk in an area today (rules 2 and 3), in points: need, waiting and requests.

    need, requests  0 to 1, as in `Area`
    weeks           since the last walk there; infinite where there was never one
    waits           weeks since which who was never walked waits; not said: none
    """
    waited = weeks if np.isfinite(weeks) else waits or 0.0
    gone = float(faded(np.array(weeks), half_life))
    return {
        "need": weights.need * need * gone,
        "waiting": weights.waiting * (gone + waited / AGEING),
        "requests": weights.requests * requests,
    }


# -- who waits too long -----------------------------------------------------------------------------
def lateness(waits: Floats, longest: float) -> Floats:
    """What it costs that somebody waits so many weeks: nothing until the longest wait, then more with each week.

    It bends upwards, so that where not everybody can be in time, who waits longest goes first.
    """
    beyond = np.maximum(waits - longest, 0.0)
    return np.asarray(LATE * beyond * (1.0 + beyond / longest), dtype=np.float64)


def walks_within(season: SeasonProblem) -> int | None:
    """How many walks there are within the longest wait, if as many weeks are open as in this season; None: no promise.

    Where there are more homes than that, each is late before its turn comes: who waits longest is next, whatever else
    speaks for anybody.
    """
    if season.longest_wait is None or not season.weeks:
        return None
    return season.longest_wait * len(season.open_weeks) // len(season.weeks)


# -- in the long run --------------------------------------------------------------------------------
def shares(season: SeasonProblem) -> dict[str, float]:
    """Home → its share of all walks in the long run, if everything stays as it is and one walk comes after the other.

    Whoever's claim is highest is next. So each is walked whenever its claim has grown to one and the same height, after
    gᵢ weeks, or after the longest wait if that comes before:

        a·needᵢ·f(gᵢ) + c·(f(gᵢ) + gᵢ/52) = height,   spacing ≤ gᵢ ≤ longest wait,   Σ 1/gᵢ = 1

    Where there are more homes than weeks in the longest wait, they take turns. Requests, roofs, leaders and fair turns
    come and go; they move a walk by some weeks and no share for long.
    """
    need = np.zeros(len(season.homes))
    for area in season.areas:
        number = season.home_index[area.home]
        need[number] = max(need[number], area.need)
    each = 1.0 / intervals(season, need)
    return dict(zip(season.homes, (each / each.sum()).tolist(), strict=True))


def intervals(season: SeasonProblem, need: Floats) -> Floats:
    """(H,) weeks between two walks of each, so that there is one walk a week, as far as the bounds allow.

    By halving: the higher the height, the longer all wait, and the fewer walks there are.
    """
    longest = FOREVER if season.longest_wait is None else float(season.longest_wait)
    low, high = 0.0, float(_height(season, need, np.full(need.shape, FOREVER)).max())
    weeks = np.full(need.shape, longest)
    for _halving in range(60):
        height = (low + high) / 2.0
        weeks = np.clip(_until(season, need, height), season.spacing, longest)
        low, high = (height, high) if (1.0 / weeks).sum() > 1.0 else (low, height)
    return weeks


def _height(season: SeasonProblem, need: Floats, weeks: Floats) -> Floats:
    return grown(weeks, weeks, need, season.weights, half_life=season.half_life)


def _until(season: SeasonProblem, need: Floats, height: float) -> Floats:
    """(H,) after how many weeks each claim has grown so high, by halving, since no formula undoes it."""
    low, high = np.zeros(need.shape), np.full(need.shape, FOREVER)
    for _halving in range(60):
        middle = (low + high) / 2.0
        short = _height(season, need, middle) < height
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return high
