"""Who is walked over the years: seasons that follow each other, as the page promises and as they were planned before.

    bin/bench season_years [--seasons 66] [--longest 104] [--dry]

Made-up cities of which nothing changes: 40 neighborhoods in the highest band and 20 in the lowest; the same with two
areas in each of ten neighborhoods; the same with a longest wait that 60 neighborhoods cannot keep. Seasons of twelve
weeks, each begun where the one before ended, drawn within 0.05 points. For each: the share of walks that each band was
promised and had after 66, 132, 264, 528 and 792 weeks; how far the neighborhoods' own shares lie from theirs, on the
average; the longest wait; how many were never walked; how many seasons had anybody overdue. `before` is what was
planned before waiting counted on: no ageing, no longest wait, and each area by itself.
Writes bench/results/season_years-DATE.json.
"""

import argparse
import itertools
import json
import math
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

from alongside.methods.scheduling import Area, PlanWeek, SeasonProblem, Turn, plan, seed_of, shares, waiting
from kept import keep, machine

BEGIN = date(2027, 1, 2)
WEEKS, BAND, DIVISIONS, YEAR = 12, 0.05, 8, 52
HIGH, LOW = 1.0, 1 / 3  # need in the highest and the lowest band


def main() -> None:
    options = argparse.ArgumentParser(description="Shares of walks and longest waits over many seasons.")
    options.add_argument("--seasons", type=int, default=66)
    options.add_argument(
        "--longest", type=int, default=104, help="the longest wait that is promised, in weeks"
    )
    options.add_argument("--dry", action="store_true", help="print, write no file")
    chosen = options.parse_args()
    cities = {
        "sixty": (a_city(), chosen.longest),
        "two areas in ten": (a_city(doubled=10), chosen.longest),
        "no such promise": (a_city(), None),
        "more than weeks": (a_city(), 52),
    }
    result: dict[str, object] = {}
    for name, (areas, longest) in cities.items():
        promised = of_bands(areas, shares(a_season(areas, 0, [], longest)))
        with as_before():
            old = years([replace(area, neighborhood="") for area in areas], chosen.seasons, None)
        new = years(areas, chosen.seasons, longest)
        result[name] = {
            "longest_wait": longest,
            "promised": promised,
            "before": told(areas, old, None),
            "now": told(areas, new, longest),
        }
        print(json.dumps({name: result[name]}, indent=1), flush=True)
    if not chosen.dry:
        print("written:", keep("season_years", {"cities": result, "machine": machine()}))


def a_city(doubled: int = 0) -> list[Area]:
    """40 neighborhoods in the highest band, 20 in the lowest; so many of the first with a second area in them."""
    homes = [(f"n{number:02d}", HIGH if number < 40 else LOW) for number in range(60)]
    areas = [Area(f"{home}.1", need, neighborhood=home) for home, need in homes]
    return areas + [Area(f"{home}.2", need, neighborhood=home) for home, need in homes[:doubled]]


def a_season(
    areas: list[Area], number: int, walked: list[tuple[date, str]], longest: int | None
) -> SeasonProblem:
    """The season that begins after so many others, from what was walked in them."""
    first = BEGIN + timedelta(weeks=WEEKS * number)
    last = {home: day for day, home in walked}
    year = Counter(home for day, home in walked if day >= first - timedelta(weeks=YEAR))
    in_division: Counter[str] = Counter()
    for home, walks in year.items():
        in_division[division_of(home)] += walks
    homes = {area.home for area in areas}
    return SeasonProblem(
        weeks=[PlanWeek(first + timedelta(weeks=each)) for each in range(WEEKS)],
        areas=[replace(area, last=last.get(area.home), division=division_of(area.home)) for area in areas],
        divisions={f"d{each}": Turn(1 / DIVISIONS, in_division[f"d{each}"]) for each in range(DIVISIONS)},
        neighborhoods={home: Turn(1 / len(homes), year[home]) for home in homes},
        longest_wait=longest,
        began=BEGIN,
    )


def division_of(home: str) -> str:
    return f"d{int(home[1:3]) % DIVISIONS}"


def years(areas: list[Area], seasons: int, longest: int | None) -> dict[str, object]:
    """Every walk of so many seasons, and what each plan said of who is overdue."""
    walked: list[tuple[date, str]] = []
    overdue, began = [], time.perf_counter()
    homes = {area.id: area.home for area in areas}
    for number in range(seasons):
        season = a_season(areas, number, walked, longest)
        planned = plan(season, alternatives=0, seed=seed_of("years", number), band=BAND)
        walked += [(week.day, homes[week.area]) for week in planned.weeks if week.area]
        overdue.append(Counter(each.why for each in planned.overdue))
    return {"walked": walked, "overdue": overdue, "seconds": time.perf_counter() - began}


@contextmanager
def as_before() -> Iterator[None]:
    """Waiting stops counting when all has faded."""
    now, waiting.AGEING = waiting.AGEING, math.inf
    try:
        yield
    finally:
        waiting.AGEING = now


def told(areas: list[Area], run: dict[str, object], longest: int | None) -> dict[str, object]:
    """What one run came to, by neighborhood, whatever it was planned by."""
    walked = [(day, home[:3]) for day, home in run["walked"]]
    promised = shares(a_season(areas, 0, [], longest))
    weeks = [each for each in (66, 132, 264, 528, 792) if each <= len(walked)]
    return {
        "shares_after_weeks": {each: of_bands(areas, had(walked[:each])) for each in weeks},
        "off_by_neighborhood": {each: round(off(promised, had(walked[:each])), 3) for each in weeks},
        "longest_wait_weeks": {
            band: max(longest_wait(walked, home) for home in promised if band_of(areas, home) == band)
            for band in ("high", "low")
        },
        "never_walked": sum(home not in had(walked) for home in promised),
        "same_neighborhood_within_spacing": too_near(walked),
        "seasons_with_overdue": sum(bool(each) for each in run["overdue"]),
        "overdue_because": dict(sum(run["overdue"], Counter())),
        "seconds": round(run["seconds"], 1),
    }


def had(walked: list[tuple[date, str]]) -> dict[str, float]:
    counts = Counter(home for _day, home in walked)
    return {home: walks / len(walked) for home, walks in counts.items()}


def band_of(areas: list[Area], home: str) -> str:
    return "high" if next(area.need for area in areas if area.home == home) == HIGH else "low"


def of_bands(areas: list[Area], share: dict[str, float]) -> dict[str, float]:
    sums: Counter[str] = Counter()
    for home, each in share.items():
        sums[band_of(areas, home)] += each
    return {band: round(sums[band], 3) for band in ("high", "low")}


def off(promised: dict[str, float], real: dict[str, float]) -> float:
    """How far a neighborhood's share lies from what was promised, as a part of that, on the average."""
    return sum(abs(real.get(home, 0.0) / share - 1.0) for home, share in promised.items()) / len(promised)


def longest_wait(walked: list[tuple[date, str]], home: str) -> float:
    days = [BEGIN, *(day for day, each in walked if each == home), walked[-1][0] + timedelta(weeks=1)]
    return max((later - day).days / 7 for day, later in itertools.pairwise(days))


def too_near(walked: list[tuple[date, str]]) -> int:
    last: dict[str, date] = {}
    near = 0
    for day, home in walked:
        near += home in last and day - last[home] < timedelta(weeks=6)
        last[home] = day
    return near


if __name__ == "__main__":
    sys.exit(main())
