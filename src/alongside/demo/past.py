"""What Riverbend did and promised in the years before it kept account here, as its office had it: two tables.

Written for the demo city. They come in by the same doors as any office's tables, and are marked as loaded later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from alongside.agencies.models import Agency, User
from alongside.core import spreadsheets
from alongside.followthrough.promises.loading import judging
from alongside.followthrough.promises.loading import keeping as promises
from alongside.gatherings.importing import keeping as walks
from alongside.gatherings.importing import reading
from alongside.places.sheets import TABLE

FIRST, LAST, EVERY = 1_095, 240, 35  # days before the city's last
RAIN = 0.12
RETIRED = "Sgt. Walter Pruitt (retired)"
WALKS = ("title", "date", "start time", "end time", "place", "neighborhood", "status", "attendance")
PROMISES = (
    "no",
    "asked",
    "promise",
    "owner",
    "date promised",
    "by when",
    "status",
    "what came of it",
    "closed on",
    "neighborhood",
    "where it was said",
    "about",
)


@dataclass(frozen=True)
class Before:
    """A promise of before: how long ago it was made, in how many days it was due, and ended."""

    ago: int
    what: str
    who: str
    due: int | None
    state: str
    outcome: str = ""
    ended: int | None = None
    asked: str = ""
    about: str = ""


KEPT, NOT_KEPT, OPEN = "Kept", "Not kept", "Open"
BEFORE = (
    Before(
        1_060,
        "Repaint the crosswalk by the school",
        "Ruth Calloway",
        60,
        KEPT,
        "Painted before the first day of school.",
        45,
        "The crosswalk by the school has worn away",
        "traffic",
    ),
    Before(
        1_025,
        "Bring a bench back to the bus stop",
        RETIRED,
        90,
        NOT_KEPT,
        "The transit agency had no money for it that year.",
        200,
        "There is nowhere to sit at the bus stop",
        "streets",
    ),
    Before(
        985,
        "Two officers on foot at the evening market, all summer",
        "Ruth Calloway",
        120,
        KEPT,
        "On 14 of 16 evenings.",
        118,
    ),
    Before(
        930,
        "Ask the city for a light at the footbridge",
        RETIRED,
        30,
        KEPT,
        "Asked, and built the year after.",
        95,
        "The footbridge is dark",
        "lighting",
    ),
    Before(
        850,
        "A list of whom to call, on every library’s wall",
        "Ada Okafor",
        None,
        KEPT,
        "It hangs there.",
        40,
    ),
    Before(
        760,
        "Clear the lot behind the old mill",
        RETIRED,
        60,
        NOT_KEPT,
        "Its owner could not be found.",
        190,
        "The lot behind the old mill is full of trash",
        "cleanliness",
    ),
    Before(
        640,
        "A basketball night at the rec center each month",
        "Ruth Calloway",
        45,
        KEPT,
        "Since then, every month.",
        41,
    ),
    Before(
        520,
        "Answer every noise complaint of Market Street within a week",
        RETIRED,
        90,
        NOT_KEPT,
        "Most were answered, a third came late.",
        92,
        "Nobody calls back about the noise",
        "noise",
    ),
    Before(
        400,
        "Training in Spanish for all who walk",
        "Ruth Calloway",
        240,
        KEPT,
        "Twelve of fourteen took part.",
        230,
    ),
    Before(310, "Walk the river path once each season, at dusk", "Ruth Calloway", 300, OPEN),
)


def load(
    agency: Agency,
    folder: Path,
    *,
    until: date,
    homes: Sequence[str],
    by: User,
    rng: np.random.Generator,
) -> tuple[int, int]:
    """Write both tables as the office kept them, and take them in. Returns how many walks and promises there are."""
    walked, promised = folder / "walks_before.csv", folder / "promises_before.csv"
    _write(walked, WALKS, _walks(until, homes, rng))
    _write(promised, PROMISES, _promises(until, homes))
    read = reading.read(agency, walked, file_name=walked.name)
    kept = walks.keep(agency, read, by=by, announce=True)
    told = judging.judged(agency, TABLE.read(promised), file_name=promised.name)
    _load, loaded = promises.load_file(agency, told, released=True, by=by)
    return kept.published, loaded.outcomes["added"]


def _write(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    path.write_text("".join(spreadsheets.lines(head, rows)), encoding="utf-8", newline="")


def _walks(until: date, homes: Sequence[str], rng: np.random.Generator) -> Iterable[Sequence[object]]:
    """A walk every five weeks, on a Saturday; some were rained off, and not everybody counted who came."""
    for ago in range(FIRST, LAST, -EVERY):
        day = until - timedelta(days=ago)
        on = day + timedelta(days=(5 - day.weekday()) % 7)
        home = str(rng.choice(homes))
        off = rng.random() < RAIN
        came = "" if off or rng.random() < RAIN else int(rng.integers(8, 45))
        yield ("Peace Walk", on, "10:00", "11:00", "", home, "Cancelled" if off else "Held", came)


def _promises(until: date, homes: Sequence[str]) -> Iterable[Sequence[object]]:
    for number, each in enumerate(BEFORE, start=1):
        made = until - timedelta(days=each.ago)
        yield (
            number,
            each.asked,
            each.what,
            each.who,
            made,
            _after(made, each.due),
            each.state,
            each.outcome,
            _after(made, each.ended),
            homes[number % len(homes)],
            f"Meeting of {made:%B %Y}",
            each.about,
        )


def _after(day: date, days: int | None) -> date | str:
    return "" if days is None else day + timedelta(days=days)
