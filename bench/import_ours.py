"""Ours: the import as the product runs it, read by a process apart, without the web database.

Run by `bin/bench import` in a process of its own. Time is from the first look into the file until the parts lie ready;
memory is that of the process apart, at its highest.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import django
import shapely

from alongside.incidents.layers import layer_of
from alongside.incidents.readers import LOOK_AT_LEISURE, READ
from alongside.incidents.reading import locating, pipeline, staging


def main(path: str, work: str, box: list[float]) -> None:
    django.setup()
    began = time.perf_counter()
    order = pipeline.Order(
        tables=LOOK_AT_LEISURE.sized_to([Path(path)]).read([path]),
        rules=staging.Rules(key=b"k" * 32, now=datetime.now()),  # noqa: DTZ005 - on the wall clock
        around=locating.Surroundings(study=locating.StudyArea(shapely.box(*box), derived=False)),
        layer_of=layer_of(["*ARREST*"], []),
    )
    reader = READ.sized_to([Path(path)], more_megabytes=2 * order.memory_mb)
    told = [(0.0, time.perf_counter())]
    outcome, apart = replace(reader, parse=counted).read_telling(
        lambda share: told.append((share, time.perf_counter())), order, Path(work)
    )
    told.append((1.0, time.perf_counter()))
    result = {name: outcome.report[name] for name in ("read", "kept", "merged", "set_aside")} | {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time() + apart.ru_utime + apart.ru_stime,
        "peak_gb": apart.ru_maxrss / 1e6,
        "may_take": {"seconds": reader.seconds, "gb": reader.megabytes * 2**20 / 1e9},
        "progress_told": len(told) - 2,
        "longest_without_progress": longest_pause(told),
    }
    print(json.dumps(result))


def counted(
    order: pipeline.Order, folder: Path, *, progress: Callable[[float], None]
) -> tuple[pipeline.Outcome, resource.struct_rusage]:
    """In the process apart: the reading itself, and what it took."""
    return pipeline.run(order, folder, progress=progress), resource.getrusage(resource.RUSAGE_SELF)


def longest_pause(told: list[tuple[float, float]]) -> float:
    """The most seconds for which whoever watches saw the same percent."""
    percents = {int(share * 100): at for share, at in reversed(told)}  # when each was first seen
    seen = sorted(percents.values())
    return max(after - before for before, after in pairwise(seen))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))
