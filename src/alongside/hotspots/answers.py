"""What other programs read of a run. The names are fixed; docs/reference/json.md tells what each holds."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from alongside.core.errors import Refusal
from alongside.core.kept import NotWhole
from alongside.hotspots import words
from alongside.hotspots.candidates import last_walks, weeks_since
from alongside.hotspots.models import Evaluation, FocusArea, Run


class TableIsGone(Refusal):
    """The file of a run's cells is missing or not whole, as after a restore without the lake."""


def answer(run: Run, *, with_cells: bool = False) -> dict[str, Any]:
    """A run as one object; `with_cells` adds every cell tested. Raises TableIsGone."""
    areas = run.areas.walkable().listed().defer("outline")
    walked, today = last_walks(run.agency), run.agency.today()
    result: dict[str, Any] = {
        "id": run.public_id,
        "resolution": run.resolution,
        "window": [run.window_from.isoformat(), run.window_to.isoformat()]
        if run.window_from and run.window_to
        else None,
        "layer": run.layer,
        "cells": run.cells,
        "significant": run.significant,
        "areas": [
            {**_area(each), "weeks_since_walk": weeks_since(walked.get(each.neighborhood_id), today)}
            for each in areas
        ],
        **run.findings,
        "notes": words.notes(run),
    }
    return result | {"cell_table": cell_table(run)} if with_cells else result


def _area(area: FocusArea) -> dict[str, Any]:
    return {
        "id": area.public_id,
        "name": area.name,
        "neighborhood": area.neighborhood.name if area.neighborhood else None,
        "division": area.division.name if area.division else None,
        "band": area.band,
        "events": area.events,
        "layer_shares": area.shares,
        "population": area.population,
        "rate": area.rate,
        "rate_interval": [area.rate_low, area.rate_high] if area.rate is not None else None,
        "rate_missing": area.rate_missing or None,
        "peak_z": area.peak_z,
        "peak_q": area.peak_q,
        "part": area.is_part,
        "part_p": area.part_p,
        "looks": area.looks,
        "cells": area.cells,
    }


def evaluated(made: Evaluation) -> dict[str, Any]:
    """An evaluation as one object."""
    return {
        "id": made.public_id,
        "layer": made.layer,
        "threshold": made.threshold,
        "certainty": made.certainty,
        "origins": made.origins,
    }


def lists_of(made: Evaluation) -> list[list[Any]]:
    """Every list of every origin, as rows of a table: for whoever checks us."""
    return [
        [
            *each["made_of"],
            *each["seen_in"],
            held["list"],
            len(held["named"]),
            held["again"],
            held["incidents"],
            held["people"],
            held["relative"],
            "; ".join(held["named"]),
        ]
        for each in made.origins
        for held in each["lists"]
    ]


LIST_COLUMNS = [
    "made_of_from",
    "made_of_to",
    "seen_in_from",
    "seen_in_to",
    "list",
    "neighborhoods",
    "high_again",
    "share_of_incidents",
    "share_of_people",
    "relative",
    "named",
]


def cell_table(run: Run) -> list[list[Any]]:
    """[H3 id, count, z, p, q] for every cell tested. Raises TableIsGone."""
    try:
        table = run.table
    except NotWhole as error:
        raise TableIsGone(
            _("The cells of this run are not here any more: run it again for the same days.")
        ) from error
    columns = (table[name].tolist() for name in ("cell", "count", "z", "p", "q"))
    return [[f"{cell:x}", *numbers] for cell, *numbers in zip(*columns, strict=True)]
