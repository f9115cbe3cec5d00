"""Small cities made for tests: squares of ground, and streets written as real OpenStreetMap files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import osmium
from osmium.osm.mutable import Node, Relation, Way

WEST, SOUTH = -85.76, 38.2
STEP = 0.001  # about 111 m to the north, 87 m to the east


def square(west: float, south: float, size: float = 0.01) -> list[list[list[float]]]:
    """The ring of a square, in degrees."""
    east, north = west + size, south + size
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    if isinstance(geometry, list):
        geometry = {"type": "Polygon", "coordinates": geometry}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any, **members: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **members}).encode()


def two_neighborhoods() -> bytes:
    """Eastbank and Mill Row, side by side."""
    return collection(
        feature(square(WEST, SOUTH), name="Eastbank", people=1200),
        feature(square(WEST + 0.01, SOUTH), name="Mill Row", people=800),
    )


Tagged = tuple[list[int], Mapping[str, str]]


def write_streets(
    path: Path,
    *,
    ways: Iterable[Tagged],
    points: Mapping[int, tuple[float, float]] | None = None,
    tags: Mapping[int, Mapping[str, str]] | None = None,
    relations: Iterable[tuple[list[int], Mapping[str, str]]] = (),
) -> Path:
    """An .osm.pbf file. Points are (lat, lon); without them, point n of 100 lies in row n // 10, column n % 10."""
    points = points or {n: at(n) for n in range(100)}
    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(path)) as writer:
        for number, (lat, lon) in points.items():
            writer.add_node(Node(id=number, location=(lon, lat), tags=dict((tags or {}).get(number, {}))))
        for number, (refs, said) in enumerate(ways, start=1):
            writer.add_way(Way(id=number, nodes=refs, tags=dict(said)))
        for number, (members, said) in enumerate(relations, start=1):
            outer = [("w", member, "outer") for member in members]
            writer.add_relation(Relation(id=number, members=outer, tags={"type": "multipolygon", **said}))
    return path


def at(point: int) -> tuple[float, float]:
    """Where point n of the grid lies: (lat, lon)."""
    return SOUTH + (point // 10) * STEP, WEST + (point % 10) * STEP


def row(number: int) -> list[int]:
    """The points of one street that runs east."""
    return [10 * number + column for column in range(10)]


def column(number: int) -> list[int]:
    """The points of one street that runs north."""
    return [10 * line + number for line in range(10)]
