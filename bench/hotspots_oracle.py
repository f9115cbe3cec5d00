"""Write down what esda says about a small lattice, so that the suite can check ours without esda.

    bin/bench hotspots_oracle

Run it again only when esda changes its mind; the file says which version spoke.
"""

import json
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np

SEED = 20_261_122
SIDE = 16
PERMUTATIONS = 9_999
TARGET = Path(__file__).parents[1] / "src/alongside/methods/tests/data/esda_g_star.json"


def hexagon_lattice(side: int) -> list[list[int]]:
    """Neighbours of each cell of a lattice in offset rows, as hexagons lie."""
    return [
        [r * side + c for r, c in around(row, column, side)] for row in range(side) for column in range(side)
    ]


def around(row: int, column: int, side: int) -> list[tuple[int, int]]:
    lean = row % 2
    steps = [(0, -1), (0, 1), (-1, lean - 1), (-1, lean), (1, lean - 1), (1, lean)]
    beside = [(row + r, column + c) for r, c in steps]
    return [(r, c) for r, c in beside if 0 <= r < side and 0 <= c < side]


def main() -> None:
    from esda.getisord import G_Local
    from esda.smoothing import Empirical_Bayes
    from libpysal.weights import W

    rng = np.random.default_rng(SEED)
    neighbours = hexagon_lattice(SIDE)
    counts = rng.negative_binomial(0.7, 0.12, SIDE * SIDE)
    counts[:40] += rng.poisson(6, 40)
    residents = np.maximum(rng.gamma(2, 300, SIDE * SIDE).round(), 1)
    weights = W({i: [i, *row] for i, row in enumerate(neighbours)}, silence_warnings=True)
    tested = G_Local(
        counts.astype(float), weights, transform="B", star=None, permutations=PERMUTATIONS,
        keep_simulations=False, n_jobs=1, seed=SEED,
    )  # fmt: skip
    smoothed = np.asarray(Empirical_Bayes(counts.astype(float), residents).r).ravel()
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(
        json.dumps(
            {
                "provenance": {
                    "script": "bench/hotspots_oracle.py",
                    "esda": version("esda"),
                    "libpysal": version("libpysal"),
                    "numpy": version("numpy"),
                    "seed": SEED,
                    "permutations": PERMUTATIONS,
                    "p_sim": "directed: the smaller tail, chosen by the data",
                },
                "neighbours": neighbours,
                "counts": counts.tolist(),
                "residents": residents.tolist(),
                "z": tested.Zs.tolist(),
                "p_norm": tested.p_norm.tolist(),
                "p_sim": [round(float(p), 7) for p in tested.p_sim],
                "smoothed": smoothed.tolist(),
            }
        )
        + "\n"
    )
    print(f"written: {TARGET.relative_to(Path(__file__).parents[1])}")


if __name__ == "__main__":
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    main()
