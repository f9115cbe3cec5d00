"""A made-up town with two years of involvement, and runs written down without computing, for the tests of this room."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import h3.api.basic_int as h3
import numpy as np
import shapely

from alongside.agencies.models import Agency
from alongside.hotspots import actions
from alongside.hotspots.models import Band, FocusArea, Layer, Petition, PetitionKind, Run
from alongside.incidents import lake
from alongside.incidents.actions import import_files
from alongside.incidents.models import Import, LakePart
from alongside.places.models import Area, AreaKind, Venue, VenueKind

WEST, SOUTH = -84.60, 39.10
WIDE, HIGH = 0.03, 0.025  # of one neighborhood, degrees: some 2.6 by 2.8 km
NAMES = (("Old Market", "Mill Row", "Eastbank"), ("Shelby", "Hilltop", "Riverside"))
FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)
MALL = (39.1200, -84.5950)  # in Old Market
BOTH_HIGH = (39.1125, -84.5250)  # the middle of Eastbank: thefts and arrests
ON_THE_LINE = (39.1125, -84.5550)  # in Mill Row, where the divisions meet: thefts and arrests
THEFTS_ONLY = (39.1400, -84.5550)  # in Hilltop
HEADING = "Incident Number,Date Occurred,Crime Type,Latitude,Longitude\n"


def box(column: float, row: float, columns: float = 1, rows: float = 1) -> shapely.Polygon:
    return shapely.box(
        WEST + column * WIDE,
        SOUTH + row * HIGH,
        WEST + (column + columns) * WIDE,
        SOUTH + (row + rows) * HIGH,
    )


def an_area(agency: Agency, name: str, kind: str, shape: Any, population: int | None = None) -> Area:
    return Area.objects.create(
        agency=agency, name=name, kind=kind, population=population, **Area.columns_of(shape)
    )


def draw(agency: Agency) -> dict[str, Area]:
    """Six neighborhoods of 4,000 people; two divisions, whose line runs through the middle of the middle ones."""
    an_area(agency, "First Division", AreaKind.DIVISION, box(0, 0, 1.5, 2))
    an_area(agency, "Second Division", AreaKind.DIVISION, box(1.5, 0, 1.5, 2))
    return {
        name: an_area(agency, name, AreaKind.NEIGHBORHOOD, box(column, row), 4000)
        for row, names in enumerate(NAMES)
        for column, name in enumerate(names)
    }


def the_mall(agency: Agency, kind: str = VenueKind.MALL) -> Venue:
    lat, lon = MALL
    return Venue.objects.create(agency=agency, name="Market Mall", kind=kind, lat=lat, lon=lon)


class Writer:
    """Writes an incident file, seeded: the same town every time."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(5)
        self.lines: list[str] = []
        self.number = 0

    def anywhere(self, kind: str, events: int) -> None:
        spots = self.rng.uniform(0, 1, (events, 2)) * (2 * HIGH, 3 * WIDE) + (SOUTH, WEST)
        self.write(kind, spots)

    def around(self, middle: tuple[float, float], kind: str, events: int, spread: float = 0.0028) -> None:
        self.write(kind, np.array(middle) + self.rng.normal(0, spread, (events, 2)) * (1, 1.28))

    def at(self, spot: tuple[float, float], kind: str, events: int) -> None:
        self.write(kind, np.tile(spot, (events, 1)))

    def write(self, kind: str, spots: Any, *, again: str = "") -> None:
        """`again`: each incident has a second row of this kind, under the same number."""
        for lat, lon in spots:
            self.number += 1
            day = datetime.combine(FIRST, datetime.min.time()) + timedelta(
                hours=float(self.rng.integers(24 * ((LAST - FIRST).days + 1)))
            )
            for each in filter(None, (kind, again)):
                self.lines.append(f"T-{self.number},{day:%Y-%m-%d %H:%M},{each},{lat:.6f},{lon:.6f}\n")


@cache
def calls(*, enforcement: bool = True) -> str:
    """Two years of the town's involvement, as a file."""
    town = Writer()
    town.anywhere("THEFT", 240)
    town.around(BOTH_HIGH, "THEFT", 420)
    town.around(ON_THE_LINE, "THEFT", 420)
    town.around(THEFTS_ONLY, "THEFT", 420)
    town.at(MALL, "THEFT", 300)
    if enforcement:
        town.anywhere("WARRANT ARREST", 240)
        town.around(BOTH_HIGH, "WARRANT ARREST", 380)
        town.around(ON_THE_LINE, "WARRANT ARREST", 380)
        town.at(MALL, "WARRANT ARREST", 200)
        middle = np.array(BOTH_HIGH) + town.rng.normal(0, 0.002, (30, 2))
        town.write("BURGLARY", middle, again="WARRANT ARREST")
    return HEADING + "".join(town.lines)


def fill_the_lake(agency: Agency, folder: Path, content: str | None = None) -> None:
    """Import a file. The same file is read once, and copied for the tests that come after."""
    wanted = content if content is not None else calls()
    if wanted in FILLED:
        FILLED[wanted].pour_into(agency)
        return
    path = folder / "calls.csv"
    path.write_text(wanted)
    done = import_files(agency, [str(path)])
    FILLED[wanted] = Filled.of(done)


@dataclass(frozen=True)
class Filled:
    """A lake that was read once: its files, and what the manifest says of them."""

    record: dict[str, Any]
    parts: list[dict[str, Any]]
    files: dict[str, bytes]

    @classmethod
    def of(cls, done: Import) -> Filled:
        parts = list(
            done.parts.values("kind", "dataset", "path", "rows", "events", "resolution", "first", "last")
        )
        where = lake.folder(done.agency)
        return cls(
            {"names": done.names, "dataset": done.dataset, "report": done.report, "state": done.state},
            parts,
            {part["path"]: (where / part["path"]).read_bytes() for part in parts},
        )

    def pour_into(self, agency: Agency) -> None:
        record = Import.objects.create(agency=agency, **self.record)
        for part in self.parts:
            path = lake.folder(agency) / part["path"]
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(self.files[part["path"]])
            LakePart.objects.create(agency=agency, of=record, **part)


FILLED: dict[str, Filled] = {}


# -- runs that nobody computed ----------------------------------------------------------------------
FINDINGS: dict[str, Any] = {
    "single_sites": [],
    "stability": None,
    "study_area": {"derived": False},
    "events": 5000,
    "outside": 0,
    "cells_left_out": 0,
    "cells_without_a_name": 0,
    "only_beside": [],
    "asked": "both",
    "tested": ["investigation", "enforcement"],
    "other_layer_until": None,
    "banded_by": "residents",
    "average_rate": 100.0,
    "neighborhoods": [],
    "resolution_limit": "finest",
    "cell_edge_m": 201,
    "precision_m": 76,
    "tail": "upper",
    "seed": 1,
    "curve": [[0.0, 0.0], [0.05, 0.3], [1.0, 1.0]],
    "gini": 0.5,
    "share_in_top": 0.3,
    "sensitivity": [],
}


def a_run(agency: Agency, *, published: bool = True, **findings: Any) -> Run:
    made = Run.objects.create(
        agency=agency,
        layer=Layer.BOTH,
        window_from=date(2025, 1, 1),
        window_to=date(2025, 12, 31),
        resolution=9,
        cells=400,
        significant=12,
        findings=FINDINGS | findings,
    )
    cells = np.array([h3.latlng_to_cell(*BOTH_HIGH, 9)], np.uint64)
    np.savez(made.table_path, cell=cells, count=[7], z=[3.5], p=[0.001], q=[0.01])
    return actions.publish(made, by=None) if published else made


def a_focus_area(made: Run, home: Area | None, *, name: str = "", **fields: Any) -> FocusArea:
    """An area of two cells around the middle of Eastbank, whatever it is called."""
    middle = h3.latlng_to_cell(*BOTH_HIGH, 9)
    cells = [middle, h3.grid_ring(middle, 1)[0]]
    outlines = [shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)]) for cell in cells]
    values: dict[str, Any] = {
        "band": Band.TWICE,
        "events": 300,
        "layer_events": {"investigation": 200, "enforcement": 120},
        "population": 1500.0,
        "rate": 200.0,
        "rate_low": 178.0,
        "rate_high": 224.0,
        "peak_z": 7.25,
        "peak_q": 0.0004,
    }
    return FocusArea.objects.create(
        agency=made.agency,
        run=made,
        neighborhood=home,
        name=name or f"{home}, south-west",
        cells=[f"{cell:x}" for cell in cells],
        outline=shapely.to_wkb(shapely.union_all(outlines)),
        **(values | fields),
    )


def a_petition(agency: Agency, home: Area | None = None, **words: Any) -> Petition:
    words = {"kind": PetitionKind.WALK, "text": "Come on a Saturday.", "device": a_device()} | words
    return actions.petition(agency, form_key=secrets.token_urlsafe(16), neighborhood=home, **words)


def a_device() -> str:
    return secrets.token_urlsafe(16)


WEIGHTS = {"involvement": 4, "requests": 3, "waiting": 2, "fairness": 1}
