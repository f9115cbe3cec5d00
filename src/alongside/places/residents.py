"""Where people live: the counts of areas, spread along the streets that people live on.

A census counts by area; a walk meets people along streets, and a map of cells needs them where the homes are, not
in the river. So each area's residents are spread evenly over the metres of its residential streets. Where the
street file does not reach, they are spread over the ground instead, and the sentence says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from alongside.methods import ground
from alongside.methods.routing.graph import LIVED_ON, WalkGraph
from alongside.places.models import Area
from alongside.places.points import locate_in

SAMPLE_M = 25.0
"""Streets are followed in steps of this length, so that one which crosses a border counts on both sides."""
GRID_POINTS = 60
FINEST_GRID_M = 40.0


@dataclass(frozen=True)
class Residents:
    """People as points, and as residents along the edges of a street graph.

    lat, lon, people   (K,) points with the residents each stands for; they add up to `total`
    per_edge           (E,) residents along each edge of the graph, or None without streets
    on_streets         how many of `total` were spread along streets; the others over the ground
    source             the sentence for pages and answers
    """

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    people: NDArray[np.float64]
    per_edge: NDArray[np.float32] | None
    on_streets: float
    total: float
    source: str


def spread(areas: list[Area], graph: WalkGraph | None) -> Residents:
    """Spread the residents of areas over streets, and over the ground where no residential street is known."""
    shapes = [area.shape for area in areas]
    counted = np.array([area.population or 0 for area in areas], float)
    samples = _samples(graph) if graph is not None else _NO_SAMPLES
    reach = _reach(graph, shapes)
    home = locate_in(shapes, samples.lat, samples.lon)
    metres = np.bincount(home[home >= 0], weights=samples.metres[home >= 0], minlength=len(areas))
    on_streets = np.where(metres > 0, counted * reach, 0.0)
    per_metre = np.divide(on_streets, metres, out=np.zeros(len(areas)), where=metres > 0)
    along = np.where(home >= 0, samples.metres * per_metre[home], 0.0)
    over = [_over_ground(shapes[i], graph, counted[i] - on_streets[i], reach[i]) for i in range(len(areas))]
    lat, lon, people = (
        np.concatenate([first, *rest])
        for first, *rest in zip((samples.lat, samples.lon, along), *over, strict=True)
    )
    there = people > 0
    total = float(counted.sum())
    return Residents(
        lat=lat[there],
        lon=lon[there],
        people=people[there],
        per_edge=None if graph is None else _by_edge(samples.edge, along, graph.edges),
        on_streets=float(on_streets.sum()),
        total=total,
        source=_sentence(areas, total, float(on_streets.sum())),
    )


@dataclass(frozen=True)
class _Samples:
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    edge: NDArray[np.int64]
    metres: NDArray[np.float64]


_NO_SAMPLES = _Samples(np.zeros(0), np.zeros(0), np.zeros(0, np.int64), np.zeros(0))


def _samples(graph: WalkGraph) -> _Samples:
    """Points along the streets people live on, each with the metres it stands for."""
    lived = np.flatnonzero(np.isin(graph.edge_kind, list(LIVED_ON)))
    if not len(lived):
        return _NO_SAMPLES
    lines = _lines(graph)[lived]
    length = graph.edge_m[lived].astype(float)
    pieces = np.maximum(np.ceil(length / SAMPLE_M).astype(int), 1)
    of = np.repeat(np.arange(len(lived)), pieces)
    nth = np.arange(len(of)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    points = shapely.line_interpolate_point(lines[of], (nth + 0.5) / pieces[of], normalized=True)
    return _Samples(shapely.get_y(points), shapely.get_x(points), lived[of], (length / pieces)[of])


def _lines(graph: WalkGraph) -> NDArray[np.object_]:
    """Every edge as a line in longitude and latitude."""
    inner = np.diff(graph.geom_offsets)
    edge = np.repeat(np.arange(graph.edges), inner + 2)
    starts = np.concatenate([[0], np.cumsum(inner + 2)])
    lonlat = np.empty((len(edge), 2))
    middle = np.ones(len(edge), bool)
    middle[starts[:-1]] = middle[starts[1:] - 1] = False
    lonlat[middle] = graph.geom[:, ::-1]
    for ends, node in ((starts[:-1], graph.edge_u), (starts[1:] - 1, graph.edge_v)):
        lonlat[ends] = np.column_stack([graph.node_lon[node], graph.node_lat[node]])
    return np.asarray(shapely.linestrings(lonlat, indices=edge))


def hull(graph: WalkGraph) -> BaseGeometry:
    """The ground that a street file reaches: the convex hull of its junctions."""
    return shapely.convex_hull(shapely.multipoints(np.column_stack([graph.node_lon, graph.node_lat])))


def _reach(graph: WalkGraph | None, shapes: list[BaseGeometry]) -> NDArray[np.float64]:
    """For each area the share of its ground that the street file reaches."""
    if graph is None:
        return np.zeros(len(shapes))
    reached = hull(graph)
    return np.array([shapely.intersection(shape, reached).area / shape.area for shape in shapes])


def _over_ground(
    shape: BaseGeometry, graph: WalkGraph | None, people: float, reach: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Residents on an even grid inside an area: on the part that the street file does not reach, if it reaches any."""
    if people <= 1e-9:
        return np.zeros(0), np.zeros(0), np.zeros(0)
    beyond = shape if graph is None or reach in {0.0, 1.0} else shapely.difference(shape, hull(graph))
    lat, lon = even_grid(beyond if not beyond.is_empty else shape)
    return lat, lon, np.full(len(lat), people / len(lat))


def even_grid(shape: BaseGeometry) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Latitudes and longitudes of points spread evenly over a shape, one at least."""
    frame = ground.Frame.of(shape)
    flat = frame.flat(shape)
    west, south, east, north = flat.bounds
    step = max((flat.area / GRID_POINTS) ** 0.5, FINEST_GRID_M)
    x, y = np.meshgrid(np.arange(west + step / 2, east, step), np.arange(south + step / 2, north, step))
    spots = np.column_stack([x.ravel(), y.ravel()])
    shapely.prepare(flat)
    inside = shapely.contains_xy(flat, spots)
    if not inside.any():
        point = shape.representative_point()
        return np.array([point.y]), np.array([point.x])
    return frame.lat_lon(spots[inside])


def _by_edge(edge: NDArray[np.int64], people: NDArray[np.float64], edges: int) -> NDArray[np.float32]:
    return np.bincount(edge, weights=people, minlength=edges).astype(np.float32)


def _sentence(areas: list[Area], total: float, on_streets: float) -> str:
    kind = areas[0].get_kind_display().lower() if areas else ""
    words = {"kind": kind, "percent": round(100 * on_streets / total) if total else 0}
    if on_streets <= 0:
        return _("Residents by %(kind)s, spread evenly over its ground.") % words
    if on_streets >= 0.995 * total:
        return _("Residents by %(kind)s, spread over its residential streets.") % words
    return (
        _(
            "Residents by %(kind)s: %(percent)s %% spread over residential streets, the others over the ground, "
            "where the street map does not reach."
        )
        % words
    )
