"""Is the relative risk's doubt honest? Simulation-based calibration, worlds with planted risk, and how long it takes.

    bin/bench relative_risk [--draws 200]

Calibration: everything is drawn from the model as it is written (spread, mixing, smooth field, areas like no other,
counts), the method answers, and the truth is looked up in its answer. If the doubt is honest, the truth lies below the
method's q-quantile in a share q of all cases, for every q (Talts et al. 2018). Then the same where the model is wrong:
dispersion worked out from months, dispersion ignored, one risk everywhere, a planted pattern.

Writes bench/results/relative_risk-DATE.json and the plot on the method's page, docs/methods/relative-risk.svg.
"""

import argparse
import json
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from alongside.methods.spatial.relative import (
    APART,
    APART_SD,
    SPREAD_ABOVE_ONE,
    NothingToCompare,
    dispersion,
    relative_risk,
)
from kept import keep, machine
from relative_risk_oracle import beside_of, root_of_smooth

SEED = 20_261_130
MONTHS = 36
PLOT = Path(__file__).parents[1] / "docs/methods/relative-risk.svg"
# areas, expected events an area, dispersion
SIZES = [
    (25, 40, 3.0),
    (70, 5, 1.0),
    (70, 5, 3.0),
    (70, 40, 1.0),
    (70, 40, 3.0),
    (70, 40, 6.0),
    (300, 15, 3.0),
]


def main() -> None:
    options = argparse.ArgumentParser(description="Is the relative risk's doubt honest?")
    options.add_argument("--draws", type=int, default=200)
    options.add_argument("--jobs", type=int, default=2, help="processes")
    options.add_argument("--dry", action="store_true", help="print, write no file")
    chosen = options.parse_args()
    with ProcessPoolExecutor(chosen.jobs) as pool:
        calibrated = [pool.submit(calibration, *size, chosen.draws) for size in SIZES]
        unknown = [
            pool.submit(calibration, 70, 40, 3.0, chosen.draws, supposed)
            for supposed in ("from months", "ignored")
        ]
        named = [pool.submit(planted, *world, chosen.draws // 2) for world in worlds()]
        result = {
            "calibration": [shown(each.result()) for each in calibrated],
            "dispersion_not_known": [shown(each.result()) for each in unknown],
            "planted": [shown(each.result()) for each in named],
        }
    result["seconds"] = shown(times())
    result["machine"] = machine()
    if not chosen.dry:
        PLOT.write_text(plot(result["calibration"]), encoding="utf-8")
        print("written:", keep("relative_risk", result), PLOT.name)


def shown(result):
    print(json.dumps({key: value for key, value in result.items() if key != "share_below"}), flush=True)
    return result


def a_map(rng, areas):
    """People at risk, unequal as neighborhoods are; pairs; and the root of the smooth field."""
    beside = beside_of(rng.random((areas, 2)))
    return rng.gamma(1.5, 1, areas) + 0.05, beside, root_of_smooth(areas, beside)


def counted(rng, mean, phi):
    if phi == 1:
        return rng.poisson(mean)
    return rng.negative_binomial(np.maximum(mean, 1e-9) / (phi - 1), 1 / phi)


def calibration(areas, expected, phi, draws, supposed="known"):
    """Truths drawn from the model, looked up in the method's answers.

    The reference is the whole as it was counted, as the method's is: the truth is told against it.
    """
    rng = np.random.default_rng([SEED, areas, expected, int(phi)])
    lookups, inside, one = [], [], []
    for _ in range(draws):
        at_risk, beside, (root, island) = a_map(rng, areas)
        spread, mixing = rng.exponential(-1 / np.log(SPREAD_ABOVE_ONE)), rng.random()
        mixing = np.where(island, 0, mixing)
        eta = spread * (
            np.sqrt(mixing) * (root @ rng.normal(size=root.shape[1]))
            + np.sqrt(1 - mixing) * rng.normal(size=areas)
        ) + rng.normal(0, APART_SD, areas) * (rng.random(areas) < APART)
        same = at_risk / at_risk.mean() * expected
        months = counted(rng, np.tile(same * np.exp(eta) / MONTHS, (MONTHS, 1)), phi)
        events = months.sum(axis=0)
        try:
            told = {"known": phi, "ignored": 1.0}.get(supposed) or dispersion(months)
            answer = relative_risk(events, at_risk, beside, dispersion=told)
        except NothingToCompare:
            continue
        truth = np.exp(eta) * same.sum() / events.sum()
        below = answer.areas.below(truth)
        lookups.append(below)
        one.append(below[rng.integers(areas)])
        inside.append(np.mean((answer.low < truth) & (truth < answer.high)))
    shares = np.concatenate(lookups)
    bins = np.histogram(one, bins=20, range=(0, 1))[0]
    return {
        "areas": areas,
        "expected": expected,
        "dispersion": phi,
        "supposed": supposed,
        "draws": len(lookups),
        "inside_95": round(float(np.mean(inside)), 4),
        "inside_95_error": round(float(np.std(inside) / np.sqrt(len(inside))), 4),
        "inside_50": round(float(np.mean(np.abs(shares - 0.5) < 0.25)), 4),
        "one_area_a_draw_chi2_19": round(float(((bins - len(one) / 20) ** 2 / (len(one) / 20)).sum()), 1),
        "share_below": [round(float(np.mean(shares <= q)), 4) for q in np.arange(1, 100) / 100],
    }


def worlds():
    """Name, areas, expected an area, dispersion, how many areas have which risk."""
    yield "one risk everywhere", 70, 40, 3.0, 0, 1.0
    yield "one risk everywhere", 300, 15, 3.0, 0, 1.0
    for expected in (30, 60, 120):
        yield "some 2.5 times", 100, expected, 3.0, 3, 2.5
    yield "one 2.5 times", 300, 120, 3.0, 1, 2.5


def planted(name, areas, expected, phi, how_many, risk, draws):
    """How often anything is named by chance; how much of what is planted is found, where so many are expected there."""
    rng = np.random.default_rng([SEED, areas, expected, how_many])
    runs = wrong = found = named = 0
    for _ in range(draws):
        at_risk, beside, _ = a_map(rng, areas)
        times = np.ones(areas)
        some = rng.choice(np.flatnonzero(at_risk >= np.median(at_risk)), how_many, replace=False)
        at_risk[some] = at_risk.mean()
        times[some] = risk
        events = counted(rng, at_risk / at_risk.mean() * expected * times, phi)
        high = np.flatnonzero(relative_risk(events, at_risk, beside, dispersion=phi).p_high >= 0.95)
        found += len(np.intersect1d(high, some))
        named += len(high)
        wrong += len(np.setdiff1d(high, some))
        runs += len(np.setdiff1d(high, some)) > 0
    return {
        "world": name,
        "areas": areas,
        "expected": expected,
        "dispersion": phi,
        "planted": how_many,
        "runs": draws,
        "runs_that_name_what_is_not_planted": round(runs / draws, 3),
        "found": round(found / (draws * how_many), 3) if how_many else None,
        "of_the_named_planted": round(1 - wrong / named, 3) if named else None,
    }


def times():
    """Seconds of one processor, the slower of one risk everywhere and risks that differ."""
    seconds = {}
    for areas in (70, 500, 3_000):
        rng = np.random.default_rng([SEED, areas])
        at_risk, beside = rng.gamma(1.5, 1, areas) + 0.05, beside_of(rng.random((areas, 2)))
        spent = []
        for spread in (0.0, 0.5):
            events = counted(rng, at_risk * 30 * np.exp(rng.normal(0, spread, areas)), 3.0)
            begun = time.process_time()
            relative_risk(events, at_risk, beside, dispersion=3.0)
            spent.append(time.process_time() - begun)
        seconds[str(areas)] = round(max(spent), 2)
    return seconds


def plot(calibrated) -> str:
    """The curves of share below against q, less q: level at 0 where the doubt is honest."""
    left, right, top, bottom, most = 60, 700, 20, 300, 0.06
    q = np.arange(1, 100) / 100
    x = left + q * (right - left)

    def height(value):
        return (top + bottom) / 2 - np.clip(value, -most, most) / most * (bottom - top) / 2

    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 350" role="img"'
        ' font-family="sans-serif" font-size="13">',
        "<title>How often the truth lies below each quantile, less what is promised</title>",
        '<rect width="720" height="350" fill="#fff"/>',
    ]
    for value in (-0.05, 0, 0.05):
        y = height(value)
        lines.append(f'<path d="M{left} {y:.1f}H{right}" stroke="#999" stroke-width="{1 if value else 2}"/>')
        lines.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{value:+.2f}</text>')
    for share in (0, 0.25, 0.5, 0.75, 1):
        lines.append(
            f'<text x="{left + share * (right - left):.0f}" y="{bottom + 18}" text-anchor="middle">{share}</text>'
        )
    for each in calibrated:
        off = height(np.array(each["share_below"]) - q)
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, off, strict=True))
        lines.append(
            f'<polyline points="{points}" fill="none" stroke="#1f5f8b" stroke-width="1.5" opacity=".7"/>'
        )
    lines.append(
        f'<text x="{(left + right) / 2:.0f}" y="{bottom + 40}" text-anchor="middle">quantile of the answer</text>'
    )
    return "\n".join([*lines, "</svg>"]) + "\n"


if __name__ == "__main__":
    main()
