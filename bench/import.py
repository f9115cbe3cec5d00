"""A large city's incident file into the lake: ours, and the same checks as a pandas pipeline, in turn, in one run.

    bin/bench import [--rows 6700000]

The file is generated (bench/import_city.py): 6.7 million rows, 1.2 GB, the layout and the faults of Chicago's public
file. It is read once beforehand, so that neither is charged for the disk. Ours is read by a process apart, as the
product reads it; pandas runs in a process of its own. The target is ours in at most 60 s and 2 GB. On a machine that
others use, compare processor seconds. Writes bench/results/import-DATE.json.
"""

import argparse
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from kept import keep

HERE = Path(__file__).resolve().parent
TARGET_SECONDS, TARGET_GB = 60, 2.0


def main() -> None:
    options = argparse.ArgumentParser(description="A city file into the lake, against pandas.")
    options.add_argument("--rows", type=int, default=6_700_000)
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--without-peer", action="store_true")
    options.add_argument("--dry", action="store_true", help="print, write no file")
    chosen = options.parse_args()
    city = the_city()
    path = HERE / "data" / f"city-{chosen.rows}.csv"
    city.make(path, chosen.rows)
    path.read_bytes()  # into the page cache, for both alike
    box = [city.WEST - 0.01, city.SOUTH - 0.01, city.EAST + 0.01, city.NORTH + 0.01]
    ours, theirs = [], []
    for _ in range(chosen.rounds):
        ours.append(run("import_ours.py", path, "work", box))
        if not chosen.without_peer:
            theirs.append(run("import_peer.py", path, "peer.parquet", box))
    result = compared(path, chosen.rows, ours, theirs)
    print(json.dumps(result, indent=2))
    if not chosen.dry:
        print("written:", keep("import", result))


def the_city() -> object:
    spec = importlib.util.spec_from_file_location("import_city", HERE / "import_city.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(script: str, path: Path, out: str, box: list[float]) -> dict[str, object]:
    folder = Path(tempfile.mkdtemp(dir=HERE / "data"))
    try:
        done = subprocess.run(
            [sys.executable, str(HERE / script), str(path), str(folder / out), json.dumps(box)],
            check=True, stdout=subprocess.PIPE, env=os.environ | {"ALONGSIDE_DATA": str(folder / "data")},
        )  # fmt: skip
        return json.loads(done.stdout)
    finally:
        shutil.rmtree(folder)


def compared(path: Path, rows: int, ours: list[dict], theirs: list[dict]) -> dict[str, object]:
    best = min(ours, key=lambda each: each["seconds"])
    result: dict[str, object] = {
        "rows": rows,
        "bytes": path.stat().st_size,
        "ours": best,
        "within_target": best["seconds"] <= TARGET_SECONDS and best["peak_gb"] <= TARGET_GB,
        "machine": {"cores": os.cpu_count(), "system": platform.platform(), "load": os.getloadavg()},
        "versions": {
            name: version(name) for name in ("duckdb", "numpy", "shapely", "h3", "pandas", "pyarrow")
        },
    }
    if theirs:
        peer = min(theirs, key=lambda each: each["seconds"])
        result |= {
            "pandas": peer,
            "ratio": round(peer["seconds"] / best["seconds"], 2),
            "cpu_ratio": round(peer["cpu_seconds"] / best["cpu_seconds"], 2),
            "memory_ratio": round(peer["peak_gb"] / best["peak_gb"], 2),
            "rows_pandas_lost_without_a_word": best["read"] - peer["read"],
        }
    return result


if __name__ == "__main__":
    main()
