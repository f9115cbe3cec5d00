"""The crawler's commands.

python -m tests.crawl words --at http://localhost:8000 --into FOLDER   what every page says, and twenty pictures
python -m tests.crawl compare BEFORE AFTER                             two such folders; exits 1 if words differ
python -m tests.crawl check [--at ADDRESS]                             what is wrong with any page (bin/test crawl)

Two crawls to compare ask a server each, on a copy each of one demo city's folder. It is served without the worker,
so that nothing changes underneath: python -m uvicorn alongside.config.asgi:application --port 8000
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from contextlib import nullcontext
from itertools import groupby
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parents[2]
WORDS = "words.json"
ITS_FOLDER = "its data folder, in which the key lies that lets somebody in by one click"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def words(chosen: argparse.Namespace) -> int:
    from tests.browser.driver import browser
    from tests.crawl import pictures
    from tests.crawl.visitors import Site
    from tests.crawl.words import everything

    into: Path = chosen.into
    into.mkdir(parents=True, exist_ok=True)
    started, site = time.monotonic(), Site(chosen.at, chosen.data)
    with browser() as opened:
        pages: dict[str, Any] = {}
        for role, answers in groupby(everything(opened, site), key=lambda each: each[0].split()[0]):
            pages |= answers
            say(f"{role}: {len(pages)} answers so far, {time.monotonic() - started:.0f} s")
        (into / WORDS).write_text(json.dumps(pages, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
        read = sum("title" in each for each in pages.values())
        say(
            f"{len(pages)} answers, {read} of them pages read in the browser, {time.monotonic() - started:.0f} s"
        )
        if not chosen.no_pictures:
            taken = list(pictures.take(opened, site, pages, into))
            say(f"{len(taken)} pictures, {time.monotonic() - started:.0f} s in all")
    return 0


def compare(chosen: argparse.Namespace) -> int:
    from tests.crawl import comparing

    before, after = (json.loads((folder / WORDS).read_text()) for folder in (chosen.before, chosen.after))
    difference = comparing.compare(before, after)
    for line in comparing.report_lines(difference):
        say(line)
    side_by_side = chosen.after / "side-by-side"
    for line in comparing.compare_pictures(chosen.before, chosen.after, side_by_side):
        say(line)
    differing = sum(map(len, difference.words.values()))
    say(
        f"{len(before)} answers before, {len(after)} after: {differing} differ in {len(difference.words)} ways, "
        f"{len(difference.missing)} missing, {len(difference.new)} new"
    )
    return 1 if difference else 0


def check(chosen: argparse.Namespace) -> int:
    from tests.browser.driver import browser
    from tests.crawl import record
    from tests.crawl.check import inspect
    from tests.crawl.city import FOLDER, build, served
    from tests.crawl.visitors import Site

    started = time.monotonic()
    with nullcontext(chosen.at) if chosen.at else served(build()) as at, browser() as opened:
        site = Site(at, chosen.data if chosen.at else FOLDER)
        recorded = record.record(inspect(opened, site, say))
    record.write(recorded)
    for line in record.table(recorded):
        say(line)
    say(f"{time.monotonic() - started:.0f} s")
    return 1 if recorded["findings"] else 0


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.crawl", description=(__doc__ or "").splitlines()[0]
    )
    commands = parser.add_subparsers(required=True)
    crawl = commands.add_parser("words", help="what every page says, and pictures of twenty")
    crawl.add_argument("--at", default="http://localhost:8000", help="the server of the demo city")
    crawl.add_argument("--data", type=Path, default=ROOT / "var" / "demo", help=ITS_FOLDER)
    crawl.add_argument("--into", type=Path, required=True)
    crawl.add_argument("--no-pictures", action="store_true")
    crawl.set_defaults(run=words)
    both = commands.add_parser("compare", help="two crawls of the same city")
    both.add_argument("before", type=Path)
    both.add_argument("after", type=Path)
    both.set_defaults(run=compare)
    whole = commands.add_parser("check", help="what is wrong with any page of a demo city")
    whole.add_argument("--at", help="a city that is served already; otherwise one is built and served")
    whole.add_argument("--data", type=Path, default=ROOT / "var" / "demo", help=ITS_FOLDER)
    whole.set_defaults(run=check)
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alongside.config.settings")
    os.environ.setdefault("ALONGSIDE_DATA", str(ROOT / "build" / "crawl-settings"))
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    django.setup()
    sys.exit(chosen.run(chosen))


if __name__ == "__main__":
    main()
