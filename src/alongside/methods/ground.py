"""The ground as a plane, and how far apart places lie: the one file that knows how long a degree is.

Coordinates are degrees on the WGS 84 ellipsoid, latitude first in arguments; shapely geometries are x = longitude,
y = latitude. Lengths are metres.

Three ways, each for its use:

- `Frame`: everything near one point laid flat, for what needs a plane (distances to shapes, buffers, bearings). A
  transverse Mercator projection whose axis is the centre's own meridian, so that it is as true in Quito as in
  Tromsø, across the 180th meridian, and at a pole. A length x metres east or west of the centre is drawn too long by
  x²/2R², R = 6,371 km: 8 parts in a million at 25 km, the edge of a large city, and twice that for sizes of areas;
  1 in 1,300 at 250 km.
- `metres_between`, `square_metres`: on the ellipsoid itself, anywhere, as exact as the coordinates are. Sizes are taken
  on a cylinder on which they are all true (Lambert's), where an edge is straight as it is in degrees.
- `degree_at`, `degrees_of`: how long a degree is, for what is drawn or cut in degrees.

Sources: J. P. Snyder, Map Projections: A Working Manual, USGS Professional Paper 1395 (1987), sections 8 and 10;
C. F. F. Karney, Algorithms for geodesics, Journal of Geodesy 87 (2013). Both computed by PROJ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians, sin
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]

OFF_THE_PLANE = 1e7
"""A quarter of the world away the projection has no end: such a point is put this far, 10,000 km, from the axes."""
NORTHERNMOST = 87.0
"""Nearer to a pole than this, a degree of longitude is taken as wide as here, so that nothing is divided by zero."""


@dataclass(frozen=True)
class Frame:
    """A plane laid at a point: metres east (x) and north (y) of it."""

    lat: float
    lon: float

    @classmethod
    def of(cls, shape: BaseGeometry) -> Frame:
        """The frame at the middle of a shape."""
        middle = shape.centroid
        return cls(float(middle.y), float(middle.x))

    def xy(self, lat: ArrayLike, lon: ArrayLike) -> Floats:
        """(n,) and (n,) degrees → (n, 2) metres. One point is a row, too."""
        lat, lon = np.atleast_1d(np.asarray(lat, float)), np.atleast_1d(np.asarray(lon, float))
        flat = np.column_stack(_plane(self.lat, self.lon).transform(lon, lat))
        return np.where(np.isinf(flat), OFF_THE_PLANE, flat)

    def lat_lon(self, xy: ArrayLike) -> tuple[Floats, Floats]:
        """(n, 2) metres → (n,) and (n,) degrees."""
        x, y = np.asarray(xy, float).reshape(-1, 2).T
        lon, lat = _plane(self.lat, self.lon).transform(x, y, direction="INVERSE")
        return np.asarray(lat, float), np.asarray(lon, float)

    def flat(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape in degrees, laid on the plane. It may not cross the 180th meridian."""
        return shapely.transform(shape, lambda lonlat: self.xy(lonlat[:, 1], lonlat[:, 0]))

    def on_earth(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape of the plane, in degrees."""
        return shapely.transform(shape, lambda xy: np.column_stack(self.lat_lon(xy)[::-1]))


@lru_cache(maxsize=64)
def _plane(lat: float, lon: float) -> pyproj.Transformer:
    return _projection(f"+proj=tmerc +lat_0={lat!r} +lon_0={lon!r}")


def _projection(words: str) -> pyproj.Transformer:
    """From degrees to metres. A `Transformer` may be used by several threads at once; a `Proj` may not."""
    return pyproj.Transformer.from_pipeline(
        f"+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step {words} +ellps=WGS84"
    )


_EARTH = pyproj.Geod(ellps="WGS84")
_equal_areas = _projection("+proj=cea").transform


def metres_between(lat: Any, lon: Any, other_lat: Any, other_lon: Any) -> Any:
    """As the crow flies: numbers → a number, (n,) → (n,); nan where a coordinate is not finite."""
    return _EARTH.inv(lon, lat, other_lon, other_lat)[2]


def square_metres(shape: BaseGeometry) -> float:
    """The size of a polygon, or of several, whichever way round they are drawn."""
    return float(shapely.transform(shape, _equal_areas, interleaved=False).area)


def circle(lat: float, lon: float, metres: float) -> BaseGeometry:
    """What lies within so many metres of a point, as a polygon in degrees."""
    return Frame(lat, lon).on_earth(shapely.Point(0, 0).buffer(metres))


@dataclass(frozen=True)
class Degree:
    """Metres of one degree of latitude (`north`) and of longitude (`east`)."""

    north: float
    east: float


def degree_at(lat: float) -> Degree:
    """How long a degree is at a latitude: the ellipsoid's curvature along the meridian and across it."""
    bent = 1 - _EARTH.es * sin(radians(lat)) ** 2
    return Degree(
        north=radians(1) * _EARTH.a * (1 - _EARTH.es) / bent**1.5,
        east=radians(1) * _EARTH.a * cos(radians(lat)) / bent**0.5,
    )


def degrees_of(metres: float, *, at: float) -> tuple[float, float]:
    """A length in degrees of latitude and of longitude, at a latitude."""
    degree = degree_at(min(abs(at), NORTHERNMOST))
    return metres / degree.north, metres / degree.east
