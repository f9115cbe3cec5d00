"""The draw: among places that speak for themselves nearly as loud, chance decides, and anybody can draw again.

Each home is given a lot for each week, from 0 to the band, made from a seed by SHA-256; the season is the plan that is
best with the lots added. So wherever the rules allow it and it costs less than the band, every order can come out; and
no season costs more than the band for each of its walks. Chance is not hidden in a library: any tool that knows SHA-256
makes the same lots.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace

import numpy as np

from alongside.methods.scheduling import network
from alongside.methods.scheduling.network import Arcs, Solution
from alongside.methods.scheduling.season import SeasonProblem
from alongside.methods.scheduling.waiting import Floats
from alongside.methods.scheduling.worth import NO_ROOF, STREETS, Choice, Tables

Choices = tuple[Choice | None, ...]
SURE = 1e-5  # points: a plan so near to its bound is the best
LOT_BITS = 52  # of the hash, so that a lot is a number that every computer holds exactly


def commitment(seed: str) -> str:
    """The SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(seed.encode()).hexdigest()


def seed_of(public: str, number: int) -> str:
    """The seed of a draw: SHA-256 of the public value, a colon and the draw's number. Draw 0 is the season."""
    return hashlib.sha256(f"{public}:{number}".encode()).hexdigest()


def lots(seed: str, season: SeasonProblem) -> Floats:
    """(H, T) each home's lot in each week, from 0 up to but not including 1.

    The lot is the first 52 bits of SHA-256 of the seed, the day as in 2027-01-02 and the home, with colons between.
    """
    return np.array(
        [[lot(seed, week.day.isoformat(), home) for week in season.weeks] for home in season.homes]
    )


def lot(seed: str, day: str, home: str) -> float:
    """One lot: a fraction of one."""
    drawn = hashlib.sha256(f"{seed}:{day}:{home}".encode()).hexdigest()
    return float(int(drawn[: LOT_BITS // 4], 16) / 2**LOT_BITS)


def draw(
    season: SeasonProblem,
    table: Tables,
    every: Arcs,
    *,
    seed: str,
    band: float,
    deadline: float = math.inf,
) -> Solution:
    """The plan that is best with the lots added. Its `value` and `bound` hold them, too.

    Raises OutOfTime where the clock ends before it is proven best: another clock would have drawn another plan.
    """
    added = band * lots(seed, season)[table.home]
    drawn = replace(table, base=table.base + added)
    here = replace(every, worth=every.worth + added[every.area, every.week])
    solution = network.solve(season, drawn, here, network.prices(season, drawn, here), deadline=deadline)
    if solution is None:  # cannot be: lots change no rule
        raise RuntimeError("no season keeps every rule")
    if solution.bound - solution.value > SURE:
        raise network.OutOfTime
    return solution


def choices_of(season: SeasonProblem, table: Tables, solution: Solution) -> Choices:
    """What happens in each week."""
    return tuple(
        choice_at(season, table, solution.taken[t], t, outdoors=t in solution.outdoors)
        if t in solution.taken
        else None
        for t in range(len(season.weeks))
    )


def choice_at(season: SeasonProblem, table: Tables, area: int, t: int, *, outdoors: bool = False) -> Choice:
    """The walk of an area in a week, at its best spot."""
    spot, name = int(table.spot[area, t]), season.areas[area].id
    if outdoors or spot == STREETS:
        return Choice(name, None, True)
    return Choice(name, None if spot == NO_ROOF else season.places[spot].id, False)
