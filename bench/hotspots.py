"""Hot spots against esda: the same Gi*, the same number of shuffles, in turn, in one run.

    bin/bench hotspots

Prints how many times faster ours is at 999 shuffles, the largest difference of any z, how far the two
p-values lie apart in units of esda's own sampling error, and how long our whole way takes from a study
area's outline and its events to q. Writes bench/results/hotspots-DATE.json.

Fair to esda: its compiled code is warmed up first, its weights are built outside the clock, simulations
are not kept, and the faster of its one-process and many-process runs is the one compared.
"""

import argparse
import json
import statistics
import sys
import time
import warnings
from importlib.metadata import version

import numpy as np
import shapely

from alongside.methods.ground import degrees_of
from alongside.methods.spatial.cells import Neighbourhoods, cells_of, count_on, neighbourhoods_of, study_cells
from alongside.methods.spatial.fdr import q_values
from alongside.methods.spatial.gistar import local_g_star
from kept import keep, machine

SEED = 20_261_122
PERMUTATIONS = 999
CENTRE = (38.2, -85.7)
RESOLUTION = 9


def main() -> None:
    options = argparse.ArgumentParser(description="Hot spots against esda, in one run.")
    options.add_argument("--cells", type=int, default=30_000)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--dry", action="store_true", help="print, write no file")
    chosen = options.parse_args()
    result = compare(chosen.cells, chosen.rounds)
    print(json.dumps(result, indent=2))
    if not chosen.dry:
        print("written:", keep("hotspots", result))


def compare(cells: int, rounds: int) -> dict[str, object]:
    """Both in turn, `rounds` times; medians and the ratio."""
    area, latitudes, longitudes = a_city(cells)
    whole = timed(lambda: whole_way(area, latitudes, longitudes))
    study = study_cells(area, RESOLUTION)
    hoods = neighbourhoods_of(study)
    counts = count_on(study, cells_of(latitudes, longitudes, RESOLUTION)).counts
    warm_up()
    times: dict[str, list[float]] = {"ours_999": [], "ours_counted": [], "ours_adaptive": [], "esda": []}
    jobs = quicker_jobs(counts, hoods)
    for _ in range(rounds):
        times["ours_999"].append(timed(lambda: ours(counts, hoods, most=PERMUTATIONS, way="sampled")))
        weights = as_weights(hoods)
        times["esda"].append(timed(lambda weights=weights: theirs(counts, weights, jobs)))
        times["ours_counted"].append(timed(lambda: ours(counts, hoods, way="counted")))
        times["ours_adaptive"].append(timed(lambda: ours(counts, hoods, way="sampled")))
    seconds = {name: statistics.median(each) for name, each in times.items()}
    return {
        "cells": len(study),
        "events": int(counts.sum()),
        "permutations": PERMUTATIONS,
        "rounds": rounds,
        "esda_jobs": jobs,
        "seconds": {name: round(value, 4) for name, value in seconds.items()}
        | {"whole_way": round(whole, 3)},
        "ratio": round(seconds["esda"] / seconds["ours_999"], 1),
        "ratio_counted": round(seconds["esda"] / seconds["ours_counted"], 1),
        **agreement(counts, hoods, jobs),
        "machine": machine(),
        "versions": {name: version(name) for name in ("esda", "libpysal", "numba", "numpy", "scipy", "h3")},
    }


def a_city(cells: int) -> tuple[shapely.Polygon, np.ndarray, np.ndarray]:
    """A square study area of about so many cells, with events in clusters over a quiet ground. Seeded."""
    rng = np.random.default_rng(SEED)
    half_km = np.sqrt(cells * 0.1053) / 2
    high, wide = degrees_of(half_km * 1000, at=CENTRE[0])
    area = shapely.box(CENTRE[1] - wide, CENTRE[0] - high, CENTRE[1] + wide, CENTRE[0] + high)
    middles = rng.uniform(-0.9, 0.9, size=(60, 2))
    ground = rng.uniform(-1, 1, size=(2 * cells, 2))
    clustered = middles[rng.integers(60, size=3 * cells)] + rng.normal(0, 0.04, size=(3 * cells, 2))
    offsets = np.clip(np.concatenate([ground, clustered]), -0.999, 0.999)
    return area, CENTRE[0] + offsets[:, 0] * high, CENTRE[1] + offsets[:, 1] * wide


def whole_way(area: shapely.Polygon, latitudes: np.ndarray, longitudes: np.ndarray) -> int:
    """Outline and events in, number of significant cells out."""
    study = study_cells(area, RESOLUTION)
    counts = count_on(study, cells_of(latitudes, longitudes, RESOLUTION)).counts
    tested = ours(counts, neighbourhoods_of(study))
    return int((q_values(tested.p_permutation, floor=tested.floor) <= 0.05).sum())


def ours(counts, hoods, **choices):
    return local_g_star(counts, hoods, permutations=PERMUTATIONS, rng=np.random.default_rng(SEED), **choices)


def theirs(counts, weights, jobs):
    from esda.getisord import G_Local

    return G_Local(
        counts.astype(float), weights, transform="B", star=None, permutations=PERMUTATIONS,
        keep_simulations=False, n_jobs=jobs, seed=SEED,
    )  # fmt: skip


def as_weights(hoods: Neighbourhoods):
    """esda's kind of weights, binary, each cell its own neighbour.

    Made anew for each run: esda 2.9.0 empties the diagonal of the weights it is given, so that a second
    test on the same ones would silently be Gi, without the cell itself.
    """
    from libpysal.weights import W

    return W({i: row[row < len(hoods)].tolist() for i, row in enumerate(hoods.index)}, silence_warnings=True)


def warm_up() -> None:
    area, latitudes, longitudes = a_city(200)
    study = study_cells(area, RESOLUTION)
    counts = count_on(study, cells_of(latitudes, longitudes, RESOLUTION)).counts
    for jobs in (1, -1):
        theirs_or_none(counts, as_weights(neighbourhoods_of(study)), jobs)


def theirs_or_none(counts, weights, jobs):
    """esda with so many processes, or None where that version cannot (its stacking left numpy)."""
    try:
        return theirs(counts, weights, jobs)
    except AttributeError:
        return None


def quicker_jobs(counts, hoods) -> int:
    """1 or −1 (all cores): whichever makes esda faster on this many cells."""
    if theirs_or_none(counts, as_weights(hoods), -1) is None:
        return 1
    spent = {}
    for jobs in (1, -1):
        weights = as_weights(hoods)
        spent[jobs] = timed(lambda jobs=jobs, weights=weights: theirs(counts, weights, jobs))
    return min(spent, key=lambda jobs: spent[jobs])


def agreement(counts, hoods, jobs) -> dict[str, object]:
    """How far apart the answers are: z at all; p in standard errors of esda's 999 shuffles.

    esda's p is the smaller of both tails, chosen by the data; and whether a shuffle that equals what was
    seen counts as extreme is left to rounding. So its p is compared with the span between our p with
    all ties and the p with none.
    """
    peer = theirs(counts, as_weights(hoods), jobs)
    upper, lower = (ours(counts, hoods, way="counted", tail=tail) for tail in ("upper", "lower"))
    their_p = peer.p_sim.astype(float)
    error = np.sqrt(np.maximum(their_p * (1 - their_p), 1 / PERMUTATIONS) / PERMUTATIONS)
    span = (1 - lower.p_permutation, upper.p_permutation)
    apart = np.minimum(outside(their_p, *span), outside(1 - their_p, *span)) / error
    return {
        "largest_z_difference": float(np.abs(peer.Zs - upper.z).max()),
        "p_apart_in_standard_errors": {
            "middle": round(float(np.median(apart)), 2),
            "largest": round(float(apart.max()), 2),
        },
    }


def outside(p, low, high):
    """How far p lies outside the span from low to high."""
    return np.maximum(np.maximum(low - p, p - high), 0.0)


def timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    sys.exit(main())
