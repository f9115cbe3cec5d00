"""Locating: where each row lies. Every distinct point is looked at once.

Its cell, whether it is inside the study area, and whether it lies far from the beat or division its row was recorded
in. Where an agency has no boundaries, the study area is derived from the points (`methods.spatial.extent`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import h3.api.basic_int as h3
import numpy as np
import shapely

from alongside.incidents.reading import crs, reasons
from alongside.incidents.reading.workbench import arrays, literal, store
from alongside.methods.ground import Frame
from alongside.methods.spatial import extent
from alongside.methods.spatial.cells import parents_of

DEFAULT_RESOLUTION = 10
FLAG_METRES = 250.0
AT_ONCE = 100_000  # points

# A point as one integer: its degrees in millionths (0.1 m).
SPOT = (
    "(CAST(round(latitude * 1e6) AS BIGINT) + 90000000) * 1000000000 "
    "+ CAST(round(longitude * 1e6) AS BIGINT) + 180000000"
)


@dataclass(frozen=True)
class StudyArea:
    """What the agency answers for: a shape in WGS 84, and whether it had to be derived from the data."""

    polygon: shapely.Geometry | None
    derived: bool


@dataclass(frozen=True)
class KnownArea:
    """A beat, division or neighborhood of the agency, to check a recorded one against."""

    kind: str
    name: str
    polygon: shapely.Geometry


@dataclass(frozen=True)
class Surroundings:
    """All that is known of the place before the file is read.

    `earlier`: the cells (at any resolution from 7 up) and counts of events already in the lake.
    """

    study: StudyArea = StudyArea(None, True)
    areas: tuple[KnownArea, ...] = ()
    resolution: int = DEFAULT_RESOLUTION
    flag_metres: float = FLAG_METRES
    earlier: tuple[np.ndarray, np.ndarray] | None = None


@dataclass(frozen=True)
class Located:
    """What was learnt about the points.

    `no_minus`: most would be inside, were they west and not east (or south). `cut_off`: groups of points that a
    derived study area leaves out, each with how many there are and how many kilometers away.
    """

    converted_from: str | None
    swapped: bool
    no_minus: bool
    study: StudyArea
    checked_against: str | None
    cut_off: tuple[tuple[float, float], ...] = ()


def locate(con: duckdb.DuckDBPyConnection, around: Surroundings, given_crs: dict[int, str | None]) -> Located:
    """Make the tables `spots` (spot, cell, verdict) and `far` (spot, area, division) for the rows without a fault."""
    converted = _convert(con, around, given_crs)
    swapped = _unswap(con, around.study)
    spot, weight = _distinct(con)
    latitude, longitude = degrees(spot)
    cells = _cells(latitude, longitude, around.resolution)
    study = around.study
    cut_off: tuple[tuple[float, float], ...] = ()
    if study.polygon is None:
        everywhere = _with_earlier(cells, weight, around.earlier)
        here = extent.extent_of(*everywhere)
        cut_off = tuple(extent.cut_off(*everywhere, here))
        study = StudyArea(extent.outline_of(here), derived=True)
        inside = np.isin(parents_of(cells, extent.RESOLUTION), here)
    else:
        inside = _inside(study.polygon, longitude, latitude)
    verdict = np.where(inside, 0, reasons.CODE[reasons.OUTSIDE]).astype(np.uint8)
    if study.polygon is not None and not inside.all():
        out = np.flatnonzero(~inside)
        at_origin = crs.at_an_origin(longitude[out], latitude[out], study.polygon.bounds)
        verdict[out[at_origin]] = reasons.CODE[reasons.ZERO]
    store(con, "spots", {"spot": spot, "cell": cells, "verdict": verdict})
    no_minus = not study.derived and _lack_a_minus(study.polygon, longitude, latitude)
    return Located(converted, swapped, no_minus, study, _check_recorded(con, around), cut_off)


def degrees(spot: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Latitudes and longitudes of spots."""
    return spot // 1_000_000_000 / 1e6 - 90, spot % 1_000_000_000 / 1e6 - 180


def cell_area_m2(resolution: int) -> float:
    """The mean area of a cell, in square metres."""
    return float(h3.average_hexagon_area(resolution, unit="m^2"))


def _distinct(con: duckdb.DuckDBPyConnection) -> tuple[np.ndarray, np.ndarray]:
    columns = arrays(
        con,
        f"SELECT {SPOT} AS spot, sum(n)::DOUBLE AS weight FROM rows WHERE fault IS NULL GROUP BY 1 ORDER BY 1",
    )
    return columns["spot"].astype(np.int64), columns["weight"].astype(np.float64)


def _cells(latitude: np.ndarray, longitude: np.ndarray, resolution: int) -> np.ndarray:
    """The cell of each point. Python's own numbers take four times the memory: there are never more than AT_ONCE."""
    cells = np.empty(len(latitude), dtype=np.uint64)
    for first in range(0, len(cells), AT_ONCE):
        here = slice(first, first + AT_ONCE)
        points = zip(latitude[here].tolist(), longitude[here].tolist(), strict=True)
        cells[here] = [h3.latlng_to_cell(lat, lon, resolution) for lat, lon in points]
    return cells


def _inside(polygon: shapely.Geometry, longitude: np.ndarray, latitude: np.ndarray) -> np.ndarray:
    shapely.prepare(polygon)
    inside: np.ndarray = shapely.intersects_xy(polygon, longitude, latitude)
    return inside


def _with_earlier(
    cells: np.ndarray, weight: np.ndarray, earlier: tuple[np.ndarray, np.ndarray] | None
) -> tuple[np.ndarray, np.ndarray]:
    if earlier is None:
        return cells, weight
    return np.concatenate([cells, earlier[0]]), np.concatenate([weight, earlier[1]])


def _convert(
    con: duckdb.DuckDBPyConnection, around: Surroundings, given_crs: dict[int, str | None]
) -> str | None:
    """Give rows in feet or metres their degrees, or the fault that nobody can tell the CRS. Answers the CRS found."""
    files = [row[0] for row in con.execute("SELECT DISTINCT file FROM rows WHERE x IS NOT NULL").fetchall()]
    if not files:
        return None
    hint = around.study.polygon or _hint(con, around.earlier)
    used: list[str] = []
    for file in sorted(files):
        points = arrays(
            con,
            "SELECT x, y, count(*) AS weight FROM rows WHERE x IS NOT NULL AND fault IS NULL AND file = ? "
            "GROUP BY ALL ORDER BY x, y",
            [file],
        )
        if not len(points["x"]):
            continue
        code = given_crs.get(file)
        if code is None and hint is not None:
            projection = crs.detect(points["x"], points["y"], hint)
            code = projection.code if projection else None
        if code is None:
            con.execute(
                "UPDATE rows SET fault = ? WHERE x IS NOT NULL AND fault IS NULL AND file = ?",
                [reasons.CODE[reasons.UNKNOWN_CRS], file],
            )
            continue
        used.append(code)
        _move(con, file, code, points["x"], points["y"])
    return ", ".join(dict.fromkeys(used)) or None


def _move(con: duckdb.DuckDBPyConnection, file: int, code: str, x: np.ndarray, y: np.ndarray) -> None:
    longitude, latitude = crs.convert(code, x, y)
    real = np.isfinite(longitude) & np.isfinite(latitude)
    store(con, "moved", {"x": x[real], "y": y[real], "lat": latitude[real], "lon": longitude[real]})
    con.execute(
        "UPDATE rows SET latitude = lat, longitude = lon FROM moved "
        "WHERE rows.x = moved.x AND rows.y = moved.y AND fault IS NULL AND file = ?",
        [file],
    )
    con.execute(
        "UPDATE rows SET fault = ? WHERE x IS NOT NULL AND latitude IS NULL AND fault IS NULL AND file = ?",
        [reasons.CODE[reasons.OUTSIDE], file],
    )


def _hint(
    con: duckdb.DuckDBPyConnection, earlier: tuple[np.ndarray, np.ndarray] | None
) -> shapely.Geometry | None:
    """Where to expect the points, without boundaries: around other rows that have degrees, or earlier events."""
    ranges = con.execute(
        "SELECT quantile_cont(longitude, [0.02, 0.98]), quantile_cont(latitude, [0.02, 0.98]), count(*) "
        "FROM rows WHERE latitude IS NOT NULL AND fault IS NULL"
    ).fetchall()[0]
    if ranges[2] >= 20:
        (west, east), (south, north) = ranges[0], ranges[1]
        return shapely.box(west, south, east, north)
    return extent.outline_of(extent.extent_of(*earlier)) if earlier is not None else None


def _unswap(con: duckdb.DuckDBPyConnection, study: StudyArea) -> bool:
    """Turn latitude and longitude round in files that have them the wrong way: told by where the points then lie."""
    if study.polygon is None:
        return False
    turned = False
    near = study.polygon.convex_hull
    for (file,) in con.execute("SELECT DISTINCT file FROM rows WHERE fault IS NULL ORDER BY 1").fetchall():
        points = arrays(
            con,
            "SELECT latitude, longitude FROM (SELECT latitude, longitude FROM rows WHERE fault IS NULL AND file = ? "
            "LIMIT 20000) USING SAMPLE reservoir(2000 ROWS) REPEATABLE (1)",
            [file],
        )
        lat, lon = points["latitude"], points["longitude"]
        if _share(near, lon, lat) < 0.05 and _share(near, lat, lon) > 0.5:
            con.execute(
                "UPDATE rows SET latitude = longitude, longitude = latitude WHERE fault IS NULL AND file = ?",
                [file],
            )
            turned = True
    return turned


def _share(area: shapely.Geometry, longitude: np.ndarray, latitude: np.ndarray) -> float:
    return float(np.mean(shapely.contains_xy(area, longitude, latitude))) if len(longitude) else 0.0


def _lack_a_minus(area: shapely.Geometry | None, longitude: np.ndarray, latitude: np.ndarray) -> bool:
    if area is None:
        return False
    near = area.convex_hull
    return max(_share(near, -longitude, latitude), _share(near, longitude, -latitude)) > 0.5


_ORDINALS = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
_TITLES = re.compile(r"\b(the|division|district|precinct|beat|sector|zone|area|neighbou?rhood|ward|police)\b")


def canonical(area: str) -> str:
    """An area's name as it is compared: 3RD DIVISION, Third Division, 03 and 3 are one."""
    text = _TITLES.sub(" ", area.lower())
    for number, word in enumerate(_ORDINALS):
        text = re.sub(rf"\b{word}\b", str(number), text)
    text = re.sub(r"\b0*(\d+)(st|nd|rd|th)?\b", r"\1", text)
    return re.sub(r"[^a-z0-9]+", " ", text).strip()


def _check_recorded(con: duckdb.DuckDBPyConnection, around: Surroundings) -> str | None:
    """Make the table `far`: the spots that lie too far from the area their row was recorded in.

    Answers which kind of area could be compared, None where there is none.
    """
    con.execute("CREATE OR REPLACE TABLE far (spot BIGINT, recorded VARCHAR)")
    for column in ("area", "division"):
        kind, shapes = _matching_kind(con, column, around.areas)
        if kind is not None:
            _compare(con, column, shapes, around.flag_metres)
            return kind
    return None


def _matching_kind(
    con: duckdb.DuckDBPyConnection, column: str, areas: Sequence[KnownArea]
) -> tuple[str | None, dict[str, shapely.Geometry]]:
    """The kind of area that most recorded names belong to, and the shape for each recorded name."""
    recorded = con.execute(
        f"SELECT {column}, count(*) FROM rows WHERE fault IS NULL AND {column} IS NOT NULL GROUP BY 1 ORDER BY 1"
    ).fetchall()
    total = sum(count for _, count in recorded)
    best: tuple[int, str | None, dict[str, shapely.Geometry]] = (0, None, {})
    for kind in dict.fromkeys(area.kind for area in areas):
        shapes = {canonical(area.name): area.polygon for area in areas if area.kind == kind}
        matched = {name: shapes[canonical(name)] for name, _ in recorded if canonical(name) in shapes}
        rows = sum(count for name, count in recorded if name in matched)
        if rows * 2 > total and rows > best[0]:
            best = (rows, kind, matched)
    return best[1], best[2]


def _compare(
    con: duckdb.DuckDBPyConnection, column: str, shapes: dict[str, shapely.Geometry], metres: float
) -> None:
    names = sorted(shapes)
    spots = arrays(
        con,
        f"SELECT DISTINCT {SPOT} AS spot, list_position({literal(names)}, {column})::INT AS place FROM rows "
        f"WHERE fault IS NULL AND list_contains({literal(names)}, {column}) ORDER BY ALL",
    )
    spot, place = np.asarray(spots["spot"], dtype=np.int64), np.asarray(spots["place"])
    latitude, longitude = degrees(spot)
    far_spots, far_names = [], []
    for at, name in enumerate(names, start=1):
        mine = np.flatnonzero(place == at)
        away = mine[too_far(shapes[name], longitude[mine], latitude[mine], metres)]
        far_spots += spot[away].tolist()
        far_names += [name] * len(away)
    store(
        con,
        "far",
        {"spot": np.array(far_spots, dtype=np.int64), "recorded": np.array(far_names, dtype=object)},
    ) if far_spots else None


def too_far(
    polygon: shapely.Geometry, longitude: np.ndarray, latitude: np.ndarray, metres: float
) -> np.ndarray:
    """Which points lie more than `metres` outside a shape. Shape (n,), bool."""
    far = ~_inside(polygon, longitude, latitude)
    out = np.flatnonzero(far)
    if out.size:
        frame = Frame.of(polygon)
        points = shapely.points(frame.xy(latitude[out], longitude[out]))
        far[out] = shapely.distance(frame.flat(polygon), points) > metres
    return far
