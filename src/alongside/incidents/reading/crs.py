"""CRS: which projection coordinates in feet or metres are in, told by where they land; and where projections begin.

The question is asked only of projections that are in use around the study area. Several may put the points inside it;
where those agree with one another to within what a change of datum makes, the plainest of them is taken, and always
the same one. Where they do not agree, or none does it, the CRS cannot be told, and nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyproj
import shapely
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info
from pyproj.enums import PJType
from pyproj.exceptions import ProjError

from alongside.core.errors import phrase
from alongside.incidents.reading.refusals import MappingIsWrong
from alongside.methods.ground import metres_between

WEB_MERCATOR = "3857"
# Projections for whole continents are drawn on maps, not written into files of addresses.
WIDEST = 25.0
# The share of points that must land inside, and how far two answers may lie apart and still be the same answer.
ENOUGH = 0.6
SAME_METRES = 300.0
SAMPLE = 500
# How near a projection's origin a point counts as being at it, in degrees (about a kilometre).
AT_ORIGIN = 0.01
# A state plane's origin lies far outside the state's cities; nearer than this it could be a real place.
FAR = 0.3

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Projection:
    """A projection by where its points land: its name, and the share of points it puts inside the study area."""

    code: str
    share: float


def detect(x: np.ndarray, y: np.ndarray, area: shapely.Geometry) -> Projection | None:
    """The EPSG code that `x`, `y` (any unit) are in, if they lie in `area` (WGS 84), or None where it cannot be told.

    Deterministic: the same points and area give the same answer.
    """
    pick = np.unique(np.linspace(0, len(x) - 1, SAMPLE).astype(int))
    x, y = x[pick], y[pick]
    near = area.convex_hull.buffer(0.02)
    shapely.prepare(near)
    landed: list[tuple[float, tuple[int, int], str, np.ndarray]] = []
    for code, taste in candidates(_rounded(area.bounds)):
        points = _to_wgs84(code, x, y)
        if points is None:
            continue
        share = float(np.mean(shapely.contains_xy(near, points[0], points[1])))
        if share >= ENOUGH:
            landed.append((share, taste, code, points))
    if not landed:
        return None
    best = max(share for share, *_ in landed)
    rivals = sorted((each for each in landed if each[0] >= best - 0.05), key=lambda each: each[1])
    share, _, code, points = rivals[0]
    if any(_metres_apart(points, other) > SAME_METRES for *_, other in rivals[1:]):
        return None
    return Projection(f"EPSG:{code}", share)


def convert(code: str, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitudes and latitudes (WGS 84, degrees); infinite where a point lies outside the projection."""
    try:
        transformer = pyproj.Transformer.from_crs(code, "EPSG:4326", always_xy=True)
    except ProjError as error:
        raise MappingIsWrong(
            phrase("“%(code)s” is no CRS: write it as EPSG:2246, for example.", code=code)
        ) from error
    longitude, latitude = transformer.transform(x, y)
    return longitude, latitude


@lru_cache(maxsize=8)
def candidates(bounds: Bounds) -> tuple[tuple[str, tuple[int, int]], ...]:
    """The EPSG codes of projections used around `bounds`, each with how readily it is taken (smaller is readier)."""
    west, south, east, north = bounds
    known = query_crs_info(
        auth_name="EPSG",
        pj_types=[PJType.PROJECTED_CRS],
        area_of_interest=AreaOfInterest(west, south, east, north),
        contains=True,
        allow_deprecated=False,
    )
    local = [
        (info.code, (_datum_taste(info.name), int(info.code)))
        for info in known
        if info.area_of_use is not None and abs(info.area_of_use.east - info.area_of_use.west) < WIDEST
    ]
    return (*local, (WEB_MERCATOR, (0, int(WEB_MERCATOR))))


def _datum_taste(name: str) -> int:
    """Plain modern datums first, their later editions next, the historic ones last."""
    for taste, begins in enumerate(["NAD83 /", "WGS 84 /", "ETRS89 /", "NAD83("]):
        if name.startswith(begins):
            return taste
    return 9 if name.startswith(("NAD27", "WGS 72")) else 5


@lru_cache(maxsize=8)
def origins(bounds: Bounds) -> np.ndarray:
    """Where x = 0, y = 0 lies, as longitudes and latitudes, for each projection used around `bounds`. Shape (n, 2)."""
    zero = np.zeros(1)
    points = [_to_wgs84(code, zero, zero) for code, _ in candidates(bounds)]
    kept = np.array([point[:, 0] for point in points if point is not None and np.isfinite(point).all()])
    return kept.reshape(-1, 2)


def at_an_origin(longitude: np.ndarray, latitude: np.ndarray, bounds: Bounds) -> np.ndarray:
    """Which points outside `bounds` lie at the origin of a projection used there."""
    west, south, east, north = bounds
    far = (
        (longitude < west - FAR)
        | (longitude > east + FAR)
        | (latitude < south - FAR)
        | (latitude > north + FAR)
    )
    at_origin = np.zeros(len(longitude), dtype=bool)
    if not far.any():
        return at_origin
    places = origins(_rounded(bounds))
    for at in np.flatnonzero(far):
        away = np.abs(places - (longitude[at], latitude[at])).max(axis=1)
        at_origin[at] = bool((away < AT_ORIGIN).any())
    return at_origin


def _rounded(bounds: Bounds) -> Bounds:
    """So that small changes of a boundary ask no new question."""
    west, south, east, north = bounds
    return (round(west, 1), round(south, 1), round(east, 1), round(north, 1))


def _to_wgs84(code: str, x: np.ndarray, y: np.ndarray) -> np.ndarray | None:
    try:
        transformer = pyproj.Transformer.from_crs(f"EPSG:{code}", "EPSG:4326", always_xy=True)
        return np.array(transformer.transform(x, y))
    except ProjError:
        return None


def _metres_apart(one: np.ndarray, other: np.ndarray) -> float:
    """The median distance between two answers, in metres."""
    return float(np.nanmedian(metres_between(one[1], one[0], other[1], other[0])))
