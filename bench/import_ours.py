"""Ours: the import as the command runs it, without the web database. Run by `bin/bench import` in its own process."""

import json
import resource
import sys
import time
from datetime import datetime
from pathlib import Path

import shapely

from alongside.incidents.layers import layer_of
from alongside.incidents.reading import locating, pipeline, sources, staging


def main(path: str, work: str, box: list[float]) -> None:
    began = time.perf_counter()
    order = pipeline.Order(
        tables=[staging.look_into(source) for source in sources.find([path])],
        rules=staging.Rules(key=b"k" * 32, now=datetime.now()),  # noqa: DTZ005 - on the wall clock
        around=locating.Surroundings(study=locating.StudyArea(shapely.box(*box), derived=False)),
        layer_of=layer_of(["*ARREST*"], []),
    )
    steps: list[float] = []
    outcome = pipeline.run(order, Path(work), progress=steps.append)
    result = {name: outcome.report[name] for name in ("read", "kept", "merged", "set_aside")} | {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time(),
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "progress_told": len(steps),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))
