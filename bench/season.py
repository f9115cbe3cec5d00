"""The season against a greedy choice week by week, and against the same program given whole to HiGHS.

    bin/bench season [--quick]

Made-up cities of 20, 60 and 120 areas, seasons of 12, 26 and 52 weeks, a winter with four malls, eight divisions,
calendars with gaps. For each: points and seconds of ours, of the greedy, of HiGHS without our bounds (stopped after
`--patience` seconds), the proven gap of both, and the seconds that one price of another choice takes, the middle of
nine. Of twelve weeks and sixty areas, the seconds of a thousand draws, from one past and from a thousand; and how many
pairs of a week and an area chance decided about (.1 to .9). Writes bench/results/season-DATE.json.
"""

import argparse
import json
import statistics
import sys
import time
from datetime import date, timedelta
from importlib.metadata import version

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from alongside.methods.scheduling import (
    Area,
    Choice,
    Place,
    PlanWeek,
    Roof,
    SeasonProblem,
    Turn,
    network,
    plan,
    redraws,
    worth,
)
from alongside.methods.scheduling.drawing import choice_at
from alongside.methods.scheduling.worth import tables
from kept import keep, machine

SEED = 20_261_122
BEGIN = date(2027, 1, 2)
DIVISIONS = 8


def main() -> None:
    options = argparse.ArgumentParser(description="Seasons: ours, greedy, and HiGHS alone.")
    options.add_argument("--quick", action="store_true", help="the two smallest only")
    options.add_argument("--patience", type=float, default=60.0, help="seconds for HiGHS alone")
    options.add_argument("--dry", action="store_true", help="print, write no file")
    chosen = options.parse_args()
    sizes = [(weeks, areas) for weeks in (12, 26, 52) for areas in (20, 60, 120)]
    rows = []
    for weeks, areas in sizes[:2] if chosen.quick else sizes:
        rows.append(compare(a_city(weeks, areas), chosen.patience))
        print(json.dumps(rows[-1]), flush=True)
    draws = drawing(a_city(12, 60), 100 if chosen.quick else 1000)
    print(json.dumps(draws), flush=True)
    result = {"seasons": rows, "draws": draws, "machine": machine(), "versions": versions()}
    if not chosen.dry:
        print("written:", keep("season", result))


def a_city(weeks: int, areas: int) -> SeasonProblem:
    """Anything but regular: needs in three bands, some petitions, half the areas walked before, closed Saturdays."""
    rng = np.random.default_rng(SEED)
    days = [BEGIN + timedelta(weeks=number) for number in range(weeks)]
    names = [f"a{number:03d}" for number in range(areas)]
    homes = max(1, 2 * areas // 3)
    people = rng.dirichlet(np.full(DIVISIONS, 4.0))
    return SeasonProblem(
        weeks=[
            PlanWeek(
                day,
                roof=Roof.NEEDED if day.month in {11, 12, 1, 2, 3} else Roof.NONE,
                closed="holiday" if rng.random() < 0.04 else "",
                led=frozenset(f"d{each}" for each in range(DIVISIONS) if rng.random() < 0.8),
            )
            for day in days
        ],
        areas=[
            Area(
                name,
                need=float(rng.integers(1, 4)) / 3,
                requests=float(rng.random()) if rng.random() < 0.3 else 0.0,
                last=BEGIN - timedelta(days=int(rng.integers(7, 400))) if rng.random() < 0.5 else None,
                division=f"d{rng.integers(DIVISIONS)}",
                neighborhood=f"n{rng.integers(homes)}",
            )
            for name in names
        ],
        places=[
            Place(
                f"mall{number}",
                frozenset(day for day in days if rng.random() < 0.8),
                {name: float(rng.random()) for name in names},
            )
            for number in range(4)
        ],
        divisions={
            f"d{each}": Turn(float(people[each]), int(rng.integers(0, 6))) for each in range(DIVISIONS)
        },
        neighborhoods={f"n{each}": Turn(1 / homes) for each in range(homes)},
    )


def compare(season: SeasonProblem, patience: float) -> dict[str, object]:
    """The three in turn, in one process."""
    ours = plan(season, alternatives=0, seconds=patience)
    simple, simple_seconds = timed(lambda: greedy(season))
    alone, alone_seconds = timed(lambda: whole(season, patience))
    a_price, exact = prices(season, patience)
    return {
        "weeks": len(season.weeks),
        "areas": len(season.areas),
        "ours": {
            "points": round(ours.best, 4),
            "gap": ours.gap,
            "seconds": round(ours.seconds, 3),
            "seconds_for_a_price": round(a_price, 3),
            "prices_exact": exact,
        },
        "greedy": {
            "points": round(simple, 4),
            "seconds": round(simple_seconds, 3),
            "short_by_walks": round(ours.best - simple, 3),
        },
        "highs_alone": alone | {"seconds": round(alone_seconds, 3)},
        "ratio": round(alone_seconds / max(ours.seconds, 1e-9), 1),
    }


def prices(season: SeasonProblem, patience: float) -> tuple[float, float]:
    """Seconds for the price of another choice, the middle of nine weeks; and the share of them solved to their end."""
    table = tables(season)
    every = network.arcs(table)
    asked = network.prices(season, table, every)
    through = network.paths(season, table, every, asked).through
    spent, exact = [], []
    for t in np.linspace(0, len(season.weeks) - 1, 9).astype(int):
        area = int(np.argsort(-through[:, t])[1])
        if not np.isfinite(through[area, t]):
            continue  # nobody walks in this week
        deadline = time.perf_counter() + patience
        solution, seconds = timed(
            lambda pair=(area, int(t)), end=deadline: network.solve(
                season, table, every, asked, forced=pair, deadline=end
            )
        )
        spent.append(seconds)
        exact.append(solution is None or solution.bound - solution.value < 1e-6)
    return statistics.median(spent), sum(exact) / len(exact)


def drawing(season: SeasonProblem, draws: int) -> dict[str, object]:
    """The same season drawn again and again, from its own past and from as many others."""
    rng = np.random.default_rng(SEED)
    pasts = [
        {home: BEGIN - timedelta(weeks=int(rng.integers(1, 60))) for home in season.homes}
        for _draw in range(draws)
    ]
    one, seconds = timed(lambda: redraws(season, "bench", band=0.05, draws=draws))
    _many, seconds_with_pasts = timed(lambda: redraws(season, "bench", band=0.05, draws=draws, pasts=pasts))
    chances = [chance for row in one.chances().values() for chance in row]
    return {
        "draws": draws,
        "seconds": round(seconds, 1),
        "seconds_with_pasts": round(seconds_with_pasts, 1),
        "different_seasons": len(set(one.draws)),
        "drawn_pairs": sum(0.1 <= chance <= 0.9 for chance in chances),
        "homes_left_to_chance": sum(0.1 <= chance <= 0.9 for chance in one.walked().values()),
    }


def greedy(season: SeasonProblem) -> float:
    """Week by week, whatever adds most points at once: what a careful person with a spreadsheet does."""
    table = tables(season)
    choices: list[Choice | None] = []
    for t in range(len(season.weeks)):
        options = [
            choice_at(season, table, area, t) for area in range(len(season.areas)) if table.possible[area, t]
        ]
        weighed = [(points(season, table, [*choices, each]), each) for each in options]
        choices.append(max(weighed, key=lambda pair: pair[0], default=(0.0, None))[1])
    return worth(season, choices, made=table).objective


def points(season, table, choices) -> float:
    try:
        return worth(season, choices, made=table).objective
    except ValueError:
        return -np.inf


def whole(season: SeasonProblem, patience: float) -> dict[str, object]:
    """The same program, every arc in it, given to HiGHS as it is."""
    table = tables(season)
    every = network.arcs(table)
    made = network.program(season, table, every)
    kinds = np.zeros(len(made.cost))
    kinds[: len(every)] = 1
    answer = milp(
        made.cost,
        constraints=LinearConstraint(made.rows, made.low, made.high),
        integrality=kinds,
        bounds=Bounds(0.0, made.most),
        options={"mip_rel_gap": 0.0, "time_limit": patience},
    )
    if answer.x is None:
        return {"points": None, "gap": None, "arcs": len(every)}
    value, bound = made.constant - answer.fun, made.constant - answer.mip_dual_bound
    return {"points": round(value, 4), "gap": max(0.0, (bound - value) / abs(bound)), "arcs": len(every)}


def timed(work):
    start = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - start


def versions() -> dict[str, str]:
    return {name: version(name) for name in ("numpy", "scipy")}


if __name__ == "__main__":
    sys.exit(main())
