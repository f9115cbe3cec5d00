"""People who are somewhere without living there: jobs, boardings, meters of street, as weighted columns of a table.

Each row is a point (latitude, longitude), or names one of the agency's areas, over whose ground it is then spread.
A row counts for the sum of its columns times their weights, in people: `jobs=0.5` makes two jobs one person at risk.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from alongside.core.errors import Refusal
from alongside.places.boundaries.counts import plain_key, whole
from alongside.places.models import Area
from alongside.places.residents import even_grid
from alongside.places.sheets import Row, Sheet, Trouble, guess
from alongside.places.venue_file import COLUMNS, Bounds, number

WHERE = {
    "lat": COLUMNS["lat"],
    "lon": COLUMNS["lon"],
    "area": (
        *(
            "neighborhood",
            "neighbourhood",
            "tract",
            "geoid",
            "geoid20",
            "w_geocode",
            "geocode",
            "beat",
            "district",
        ),
        *("division", "key", "code", "name", "id"),
    ),
}
MOST_COLUMNS = 20
HEAVIEST = 1000.0
NOTHING = frozenset(["", "null", "na", "n/a", "none", "nan"])


class ExposureRefused(Refusal):
    """A table of people who are there cannot be used as it was described."""


@dataclass(frozen=True)
class ExposureRead:
    """A table, understood and not yet kept: points (k,), the columns at each (k, c), and what could not be used."""

    file_name: str
    weights: dict[str, float]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    counted: NDArray[np.float64]
    rows: int
    used: int
    set_aside: list[Trouble] = field(default_factory=list)

    @property
    def sums(self) -> dict[str, float]:
        return dict(zip(self.weights, self.counted.sum(axis=0).tolist(), strict=True))

    @property
    def people(self) -> float:
        """What all of it comes to, in people."""
        return sum(weight * self.sums[name] for name, weight in self.weights.items())

    @property
    def reasons(self) -> dict[str, int]:
        """Why rows were set aside, the most frequent first."""
        return dict(Counter(trouble.reason for trouble in self.set_aside).most_common())


def weights_of(given: Iterable[tuple[str, float]], columns: Sequence[str]) -> dict[str, float]:
    """Column → weight, if they will do. Raises ExposureRefused."""
    weights = dict(given)
    if not 1 <= len(weights) <= MOST_COLUMNS:
        raise ExposureRefused(
            _("give one to %(most)s columns a weight, such as jobs=0.5.") % {"most": MOST_COLUMNS}
        )
    for name, weight in weights.items():
        _refuse_if_absent(name, columns)
        if not (math.isfinite(weight) and 0 < weight <= HEAVIEST):
            raise ExposureRefused(
                _("the weight of “%(name)s” must be above 0, and at most %(most)s.")
                % {"name": name, "most": round(HEAVIEST)}
            )
    return weights


def _refuse_if_absent(name: str, columns: Sequence[str]) -> None:
    if name not in columns:
        raise ExposureRefused(
            _("the table has no column “%(name)s”: it has %(columns)s.")
            % {"name": name, "columns": ", ".join(columns[:20])}
        )


def understand(
    sheet: Sheet,
    *,
    file_name: str,
    weights: Mapping[str, float],
    areas: Sequence[Area] = (),
    where: Mapping[str, str] | None = None,
    within: Bounds | None = None,
) -> ExposureRead:
    """What each row of a table says.

    where   which column holds `lat` and `lon`, or `area`; guessed from the columns' names where not said
    areas   of every kind: those of the kind that most rows name are meant
    within  west, south, east, north, beyond which no point counts

    Raises ExposureRefused.
    """
    kept = weights_of(weights.items(), sheet.columns)
    said = {name: column for name, column in (where or {}).items() if column}
    for column in said.values():
        _refuse_if_absent(column, sheet.columns)
    chosen = said or guess([each for each in sheet.columns if each not in kept], WHERE)
    points = {"lat", "lon"} <= set(chosen)
    if not points and "area" not in chosen:
        raise ExposureRefused(
            _("no column says where: name two lat and lon, or one area. The table has %(columns)s.")
            % {"columns": ", ".join(sheet.columns[:20])}
        )
    shapes = {} if points else _named(areas, [row.cells.get(chosen["area"], "") for row in sheet.rows])
    places: dict[tuple[float, float] | str, list[float]] = {}
    troubles, used = [], 0
    for row in sheet.rows:
        place, trouble = _point(row, chosen, within) if points else _area(row, chosen, shapes)
        counted, fault = _counted(row, kept)
        if trouble or fault:
            troubles.append(Trouble(row.line, trouble or fault))
            continue
        used += 1
        sums = places.setdefault(place, [0.0] * len(kept))
        places[place] = [one + other for one, other in zip(sums, counted, strict=True)]
    lat, lon, values = _spread(places, shapes, len(kept))
    return ExposureRead(file_name, kept, lat, lon, values, len(sheet.rows), used, troubles)


def _named(areas: Sequence[Area], said: Sequence[str]) -> dict[str, BaseGeometry]:
    """Shapes by name and by key, of the kind of area that most rows name."""
    kinds: dict[str, dict[str, BaseGeometry]] = {}
    for area in areas:
        by_name = kinds.setdefault(area.kind, {})
        by_name |= {_plain(each): area.shape for each in (area.key, area.name) if each}
    wanted = Counter(map(_plain, said))
    return max(
        kinds.values(),
        key=lambda names: sum(count for name, count in wanted.items() if name in names),
        default={},
    )


def _plain(name: str) -> str:
    return plain_key(name).casefold()


def _area(row: Row, chosen: Mapping[str, str], shapes: Mapping[str, BaseGeometry]) -> tuple[str, str]:
    name = _plain(row.cells.get(chosen["area"], ""))
    if not name:
        return "", "no area"
    return name, "" if name in shapes else "no area of the agency is called so"


def _point(row: Row, chosen: Mapping[str, str], within: Bounds | None) -> tuple[tuple[float, float], str]:
    lat, lon = (number(row.cells.get(chosen[name], "")) for name in ("lat", "lon"))
    if lat is None or lon is None:
        return (0.0, 0.0), "no coordinates"
    if lat == 0 and lon == 0:
        return (lat, lon), "coordinates at 0, 0"
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return (lat, lon), "coordinates that are no place on Earth (are they feet or metres?)"
    if within and not (within[0] <= lon <= within[2] and within[1] <= lat <= within[3]):
        return (lat, lon), "outside the agency’s areas"
    return (lat, lon), ""


def _counted(row: Row, weights: Mapping[str, float]) -> tuple[list[float], str]:
    """The row's number in each column. An empty cell is none, where another has one."""
    cells = [row.cells.get(name, "") for name in weights]
    empty = [cell.casefold() in NOTHING for cell in cells]
    if all(empty):
        return [], "no number in any of the columns"
    values = [0.0 if none else whole(cell) for cell, none in zip(cells, empty, strict=True)]
    wrong = next((name for name, value in zip(weights, values, strict=True) if value is None), None)
    if wrong is not None:
        return [], f"“{wrong}” is no number, or below 0"
    return [value for value in values if value is not None], ""


def _spread(
    places: Mapping[tuple[float, float] | str, Sequence[float]],
    shapes: Mapping[str, BaseGeometry],
    columns: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Points and what is counted at each; an area's is spread evenly over its ground."""
    lat, lon, counted = [np.zeros(0)], [np.zeros(0)], [np.zeros((0, columns))]
    for place, values in places.items():
        if isinstance(place, str):
            lats, lons = even_grid(shapes[place])
        else:
            lats, lons = np.array([place[0]]), np.array([place[1]])
        lat.append(lats)
        lon.append(lons)
        counted.append(np.tile(np.asarray(values) / len(lats), (len(lats), 1)))
    return np.concatenate(lat), np.concatenate(lon), np.concatenate(counted)
