"""Hot spots from the lake, in all: a city of some 30,000 cells and a million events or more.

    bin/bench hotspots_lake [--cells 30000] [--events 1200000] [--dry]

Generates the city, imports it by the product's own importer into a data folder of its own, then runs hot spots as the
command does: lake, city, cells, each neighborhood's rate by the model, Gi* on both layers by dealing on the published
grid and over the ensemble of grids, the scans inside high neighborhoods, stability, three other windows, and the rows
written. Prints the seconds of each part and of the whole (the median of three), against the targets: 10 seconds without
the scans, 60 for the scans. Writes bench/results/hotspots_lake-DATE.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from kept import keep

SEED = 20_261_122
CENTRE = (38.2, -85.7)
TARGET_SECONDS, TARGET_OF_SCANS = 10.0, 60.0
FIRST, DAYS = date(2024, 1, 1), 731
BLOCKS_A_CELL = 8
ROUNDS = 3


def main() -> None:
    options = argparse.ArgumentParser(description="Hot spots from the lake, in all.")
    options.add_argument("--cells", type=int, default=30_000)
    options.add_argument("--events", type=int, default=1_200_000)
    options.add_argument("--dry", action="store_true", help="print, write no file")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = measured(Path(folder), chosen.cells, chosen.events)
    print(json.dumps(result, indent=2))
    if not chosen.dry:
        print("written:", keep("hotspots_lake", result))


def measured(folder: Path, cells: int, events: int) -> dict[str, Any]:
    agency = a_city_with_a_lake(folder, cells, events)
    from alongside.hotspots import actions, analysis, parts, reading

    seconds: dict[str, list[float]] = {"whole": [], "lake": [], "city": [], "analysis": [], "scans": []}
    scans = parts.named
    for _ in range(ROUNDS):
        forget_what_is_in_memory()
        made = timed(seconds["whole"], lambda: actions.run(agency, by=None))
    for _ in range(ROUNDS):
        forget_what_is_in_memory()
        involvement = timed(seconds["lake"], lambda: reading.involvement(agency))
        city = timed(seconds["city"], lambda: reading.city(agency))
        parts.named = lambda *given, **said: timed(seconds["scans"], lambda: scans(*given, **said))
        sited = reading.sited(involvement, city)
        timed(seconds["analysis"], lambda seen=sited, there=city: analysis.analyse(seen, there.shapes))
        parts.named = scans
    middle = {name: statistics.median(each) for name, each in seconds.items()}
    return {
        "cells": made.cells,
        "events_in_the_lake": reading.summary(agency).events,
        "events_in_the_window": made.findings["events"],
        "focus_areas": made.areas.walkable().count(),
        "other_looks": len(made.findings["sensitivity"]),
        "high": sum(row["high"] for row in made.findings["neighborhoods"]),
        "parts": made.areas.filter(is_part=True).count(),
        "looks": made.findings["high"]["looks"],
        "seconds": {name: round(each, 3) for name, each in middle.items()},
        "slowest_whole": round(max(seconds["whole"]), 3),
        "target_seconds": {"without the scans": TARGET_SECONDS, "scans": TARGET_OF_SCANS},
        "ratio_to_target": round((middle["whole"] - middle["scans"]) / TARGET_SECONDS, 2),
        "machine": {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1), "python": platform.python_version()},
        "versions": {name: version(name) for name in ("numpy", "scipy", "shapely", "h3", "duckdb", "django")},
    }  # fmt: skip


def timed(into: list[float], what: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    answer = what()
    into.append(time.perf_counter() - began)
    return answer


def forget_what_is_in_memory() -> None:
    """Each round begins like a command of its own."""
    from alongside.places import queries

    queries._residents.cache_clear()
    queries._graph.cache_clear()


def a_city_with_a_lake(folder: Path, cells: int, events: int) -> Any:
    """An install of its own: boundaries with residents, and both layers imported from one file."""
    os.environ.update(ALONGSIDE_DATA=str(folder), DJANGO_SETTINGS_MODULE="alongside.config.settings")
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from alongside.agencies import actions as agencies
    from alongside.incidents import actions as incidents
    from alongside.methods.ground import degrees_of

    agency = agencies.create_agency(slug="benchtown", name="Benchtown Police", timezone="America/New_York")
    half_km = np.sqrt(cells * 0.1053) / 2
    high, wide = degrees_of(half_km * 1000, at=CENTRE[0])
    draw(agency, high, wide)
    path = folder / "calls.csv"
    write_calls(path, cells, events, high, wide)
    incidents.import_files(agency, [str(path)])
    path.unlink()
    return agency


def draw(agency: Any, high: float, wide: float) -> None:
    """100 neighborhoods of 7,000 residents, in four divisions; outlines as wavy as real ones."""
    from alongside.places.models import Area, AreaKind

    def keep(kind: str, name: str, number: int, side: int, population: int | None) -> None:
        column, row = number % side, number // side
        step = 2 / side
        west, south = CENTRE[1] + (column * step - 1) * wide, CENTRE[0] + (row * step - 1) * high
        shape = shapely.segmentize(
            shapely.box(west, south, west + step * wide, south + step * high), step * high / 60
        )
        Area.objects.create(
            agency=agency, kind=kind, name=name, population=population, **Area.columns_of(shape)
        )

    for number in range(100):
        keep(AreaKind.NEIGHBORHOOD, f"Neighborhood {number:02}", number, 10, 7000)
    for number in range(4):
        keep(AreaKind.DIVISION, f"Division {number + 1}", number, 2, None)


def write_calls(path: Path, cells: int, events: int, high: float, wide: float) -> None:
    """Events at blocks: a quiet ground, and clusters where one layer or both are high. Seeded."""
    rng = np.random.default_rng(SEED)
    blocks = rng.uniform(-0.999, 0.999, (cells * BLOCKS_A_CELL, 2))
    middles = rng.uniform(-0.9, 0.9, (60, 2))
    busy = np.ones(len(blocks))
    for middle in middles:
        busy += 12 * np.exp(-(((blocks - middle) / 0.03) ** 2).sum(axis=1))
    at = blocks[rng.choice(len(blocks), events, p=busy / busy.sum())]
    moments = rng.integers(DAYS * 86_400, size=events)
    kinds = np.where(rng.random(events) < 0.35, "WARRANT ARREST", "THEFT")
    start = datetime.combine(FIRST, datetime.min.time())
    with path.open("w") as file:
        file.write("Incident Number,Date Occurred,Crime Type,Latitude,Longitude\n")
        for number, ((north, east), moment, kind) in enumerate(
            zip(at.tolist(), moments.tolist(), kinds.tolist(), strict=True)
        ):
            when = start + timedelta(seconds=moment)
            file.write(
                f"B-{number},{when:%Y-%m-%d %H:%M:%S},{kind},"
                f"{CENTRE[0] + north * high:.6f},{CENTRE[1] + east * wide:.6f}\n"
            )


if __name__ == "__main__":
    main()
