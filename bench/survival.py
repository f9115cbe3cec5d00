"""Is the median's interval honest, and is it quick? Worlds whose median is known, answered by chance, seen on a day.

    bin/bench survival [--worlds 4000]

Each world: so many questions, asked evenly over a year, each answered after a time drawn from one of three laws, looked
at on the last day: what is not answered by then still waits. How often does the interval hold the true median, in how
many has it an end, and what would the middle of the answered alone have said? Days are whole, as ours are.

Writes bench/results/survival-DATE.json.
"""

import argparse
import json
import time

import numpy as np

from alongside.methods.survival import curve
from kept import keep, machine

SEED = 20_261_130
YEAR = 365
LAWS = {
    "constant chance each day": lambda rng, n, scale: rng.exponential(scale, n),
    "most near the promised day": lambda rng, n, scale: scale * rng.weibull(3, n),
    "a few very slow": lambda rng, n, scale: scale * rng.lognormal(0, 1.5, n),
}


def main() -> None:
    options = argparse.ArgumentParser(description="Is the median's interval honest?")
    options.add_argument("--worlds", type=int, default=4000)
    options.add_argument("--dry", action="store_true", help="print, write no file")
    chosen = options.parse_args()
    rng = np.random.default_rng(SEED)
    rows = [
        covered(rng, law, n, scale, chosen.worlds)
        for law in LAWS
        for n in (10, 25, 100, 400)
        for scale in (20, 120)
    ]
    result = {"coverage": rows, "seconds": quickness(rng), "machine": machine()}
    if not chosen.dry:
        print("written:", keep("survival", result))


def covered(rng, law, n, scale, worlds):
    draw = LAWS[law]
    truth = np.floor(np.median(draw(rng, 2_000_001, scale)))
    held = ended = naive = seen = waiting = 0
    for _world in range(worlds):
        asked, takes = rng.integers(0, YEAR, n), np.floor(draw(rng, n, scale))
        over = asked + takes <= YEAR
        found = curve(np.where(over, takes, YEAR - asked), over)
        low, high = found.interval()
        held += (low is None or low <= truth) and (high is None or truth <= high)
        ended += high is not None
        waiting += found.open
        if over.any():
            seen += 1
            naive += float(np.median(takes[over]))
    return shown(
        {
            "law": law,
            "questions": n,
            "true_median": float(truth),
            "still_open": round(waiting / worlds / n, 3),
            "held": round(held / worlds, 4),
            "has_an_end": round(ended / worlds, 4),
            "middle_of_the_answered_alone": round(naive / seen, 1),
        }
    )


def quickness(rng):
    """100,000 questions, each by itself; and counted by day, as a database hands them over."""
    takes, over = np.floor(rng.exponential(30, 100_000)), rng.random(100_000) < 0.8
    pairs, times = np.unique(np.column_stack([takes, over]), axis=0, return_counts=True)
    return shown(
        {
            "each_by_itself": best_of(lambda: curve(takes, over).interval()),
            "counted_by_day": best_of(lambda: curve(pairs[:, 0], pairs[:, 1], times).interval()),
        }
    )


def best_of(what, times=7):
    """The shortest of several, in seconds."""
    lengths = []
    for _time in range(times):
        begun = time.perf_counter()
        what()
        lengths.append(time.perf_counter() - begun)
    return round(min(lengths), 6)


def shown(result):
    print(json.dumps(result), flush=True)
    return result


if __name__ == "__main__":
    main()
