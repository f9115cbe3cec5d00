"""From raw ways to a walkable graph: cut at junctions, measured, reduced to its largest connected part, reported."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy  # loads each part when it is first used: most processes never compute
import shapely
from numpy.typing import NDArray

from alongside.core.errors import Refusal, phrase
from alongside.methods import ground
from alongside.methods.routing.graph import Edges, Nodes, WalkGraph, WayKind
from alongside.places.streets.extract import Extract, Place, RawWay

LEAST_CONNECTED_M = 500.0
"""Less than this is no network to walk in: a file of crumbs, or one cut between its streets."""
SHORTEST_M = 0.1
SAME_PLACE_DEGREES = 0.001
"""A park drawn as an outline and again as a point, within some 100 m, is one park."""

Bounds = tuple[float, float, float, float]


class NoWalkableStreets(Refusal):
    """Nothing in the file can be walked."""


class NothingConnected(Refusal):
    """The ways of the file do not meet."""


@dataclass(frozen=True)
class Network:
    """The graph, what else is known of each edge, and how it came about."""

    graph: WalkGraph
    details: dict[str, NDArray[Any]]
    report: dict[str, Any]

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north."""
        return _bounds(self.graph)


@dataclass(frozen=True)
class _Edges:
    """Stretches between junctions: `point_u`, `point_v` index the extract's points."""

    point_u: NDArray[np.int64]
    point_v: NDArray[np.int64]
    way: NDArray[np.int64]
    metres: NDArray[np.float64]
    inner: NDArray[np.int64]
    offsets: NDArray[np.int64]

    def only(self, keep: NDArray[np.bool_]) -> _Edges:
        """Those edges, with their own inner points."""
        sizes = np.diff(self.offsets)
        return _Edges(
            self.point_u[keep],
            self.point_v[keep],
            self.way[keep],
            self.metres[keep],
            self.inner[np.repeat(keep, sizes)],
            np.concatenate([[0], np.cumsum(sizes[keep])]),
        )


_NOTHING = np.zeros(0, np.int64)
_NO_EDGES = _Edges(_NOTHING, _NOTHING, _NOTHING, np.zeros(0), _NOTHING, np.zeros(1, np.int64))


def build(extract: Extract, *, within: Bounds | None = None) -> Network:
    """A walkable network from raw ways, cut to the bounds `within` where they are given.

    Raises NoWalkableStreets, NothingConnected.
    """
    usable, missing, outside = _usable_points(extract, within)
    edges = _cut(extract, usable)
    if not len(edges.metres):
        raise NoWalkableStreets(
            phrase("no street in the file can be walked: is it an extract of roads for cars only?")
        )
    all_km = edges.metres.sum() / 1000
    edges, parts = _largest_part(edges)
    if edges.metres.sum() < LEAST_CONNECTED_M:
        raise NothingConnected(
            phrase(
                "the streets do not connect: not even the largest part is long enough to be walked. Cut the extract "
                "again with complete ways."
            )
        )
    graph, details = _graph(extract, edges)
    graph = replace(graph, **_places(extract, _bounds(graph)))
    graph.check()
    left_out = {"parts": parts - 1, "km": round(all_km - edges.metres.sum() / 1000, 2)}
    report = _report(extract, graph, details) | {
        "parts_left_out": left_out,
        "points_missing": missing,
        "points_outside": outside,
    }
    return Network(graph, details, report)


# -- cutting --------------------------------------------------------------------------------------
def _usable_points(extract: Extract, within: Bounds | None) -> tuple[NDArray[np.int64], int, int]:
    """For each position along the ways the index of its point, or -1 where nobody can pass."""
    if not len(extract.point_ids):
        return np.full(len(extract.refs), -1, np.int64), len(extract.refs), 0
    at = np.minimum(np.searchsorted(extract.point_ids, extract.refs), len(extract.point_ids) - 1)
    known = extract.point_ids[at] == extract.refs
    inside = np.ones(len(extract.point_ids), bool)
    if within is not None:
        west, south, east, north = within
        inside = (
            (extract.lon >= west) & (extract.lon <= east) & (extract.lat >= south) & (extract.lat <= north)
        )
    open_ = ~np.isin(extract.refs, np.fromiter(extract.blocked, np.int64, len(extract.blocked)))
    usable = np.where(known & inside[at] & open_, at, -1)
    return usable, int((~known).sum()), int((known & ~inside[at]).sum())


def _cut(extract: Extract, usable: NDArray[np.int64]) -> _Edges:
    """Ways cut where they meet or end. A point that cannot be passed ends the way on both sides of it."""
    way_of = np.repeat(np.arange(len(extract.ways)), np.diff(extract.offsets))
    position = np.flatnonzero(usable >= 0)
    if not len(position):
        return _NO_EDGES
    point, way = usable[position], way_of[position]
    follows = (np.diff(position) == 1) & (np.diff(way) == 0) & (np.diff(point) != 0)
    after, before = np.append(follows, False), np.insert(follows, 0, False)
    used = after | before
    point, way, after, before = point[used], way[used], after[used], before[used]
    if not len(point):
        return _NO_EDGES
    met = np.bincount(point, minlength=len(extract.point_ids))
    ends = (met[point] > 1) | ~after | ~before
    steps = np.where(after[:-1], _metres(extract, point[:-1], point[1:]), 0.0)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    stops = np.flatnonzero(ends)
    first, last = stops[:-1], stops[1:]
    run = np.cumsum(~before)
    joined = run[first] == run[last]
    first, last = first[joined], last[joined]
    metres = along[last] - along[first]
    edges = _Edges(
        point[first],
        point[last],
        way[first],
        np.maximum(metres, SHORTEST_M),
        point[~ends],
        np.concatenate([[0], np.cumsum(last - first - 1)]),
    )
    return edges.only((edges.point_u != edges.point_v) | (metres > 1.0))


def _metres(extract: Extract, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
    """How far apart points lie."""
    return np.asarray(
        ground.metres_between(extract.lat[one], extract.lon[one], extract.lat[other], extract.lon[other])
    )


def _largest_part(edges: _Edges) -> tuple[_Edges, int]:
    """The connected part with the most metres, and how many parts there were."""
    _points, compact = np.unique(np.concatenate([edges.point_u, edges.point_v]), return_inverse=True)
    labels, parts = _parts(compact[: len(edges.metres)], compact[len(edges.metres) :], len(_points))
    of_edge = labels[compact[: len(edges.metres)]]
    longest = np.bincount(of_edge, weights=edges.metres, minlength=parts).argmax()
    return edges.only(of_edge == longest), parts


def _parts(u: NDArray[Any], v: NDArray[Any], nodes: int) -> tuple[NDArray[Any], int]:
    links = scipy.sparse.coo_array((np.ones(len(u), np.int8), (u, v)), shape=(nodes, nodes))
    count, labels = scipy.sparse.csgraph.connected_components(links, directed=False)
    return labels, int(count)


# -- the graph ------------------------------------------------------------------------------------
def _graph(extract: Extract, edges: _Edges) -> tuple[WalkGraph, dict[str, NDArray[Any]]]:
    points, compact = np.unique(np.concatenate([edges.point_u, edges.point_v]), return_inverse=True)
    count = len(edges.metres)
    ways = extract.ways
    names, name_of = _indexed([way.name for way in ways])
    surfaces, surface_of = _indexed([way.surface for way in ways])
    kinds = np.array([way.way.kind for way in ways], np.uint8)[edges.way]
    graph = WalkGraph.build(
        Nodes(lat=extract.lat[points], lon=extract.lon[points]),
        Edges(
            u=compact[:count],
            v=compact[count:],
            m=edges.metres,
            name=name_of[edges.way],
            names=names,
            kind=kinds,
            step_free=_with_kerbs(extract, edges, kinds, ways),
            avoid=np.array([way.way.avoid for way in ways], bool)[edges.way],
            geom_offsets=edges.offsets,
            geom=np.column_stack([extract.lat[edges.inner], extract.lon[edges.inner]]),
        ),
    )
    details = {
        "detail_way": np.array([way.osm_id for way in ways], np.int64)[edges.way],
        "detail_surface": surface_of[edges.way],
        "detail_surfaces": np.array(surfaces, np.str_),
        "detail_width": np.array([way.width for way in ways], np.float32)[edges.way],
        "detail_slope": np.array([way.slope for way in ways], np.float32)[edges.way],
        "detail_node": extract.point_ids[points],
        "detail_node_crossing": np.isin(extract.point_ids[points], list(extract.crossings)),
        "detail_node_kerb": _kerbs_at(extract, points),
    }
    return graph, details


def _indexed(texts: list[str]) -> tuple[list[str], NDArray[np.int32]]:
    """Each text once, and where each came to; -1 for no text."""
    order = {text: index for index, text in enumerate(dict.fromkeys(text for text in texts if text))}
    return list(order), np.array([order.get(text, -1) for text in texts], np.int32)


def _kerbs_at(extract: Extract, points: NDArray[np.int64]) -> NDArray[np.int8]:
    return np.array([extract.kerbs.get(number, 0) for number in extract.point_ids[points].tolist()], np.int8)


def _with_kerbs(
    extract: Extract, edges: _Edges, kinds: NDArray[np.uint8], ways: list[RawWay]
) -> NDArray[np.int8]:
    """Step-free by the way's own tags; the kerbs of its points decide where they say more.

    A high kerb on the way bars wheels. A crossing with easy kerbs at both ends is known to be step-free.
    """
    known = np.array([way.way.step_free for way in ways], np.int8)[edges.way]
    kerb_u, kerb_v = _kerbs_at(extract, edges.point_u), _kerbs_at(extract, edges.point_v)
    inner = _kerbs_at(extract, edges.inner)
    of_edge = np.repeat(np.arange(len(known)), np.diff(edges.offsets))
    high = np.bincount(of_edge, weights=inner < 0, minlength=len(known)) > 0
    crossing = kinds == WayKind.CROSSING
    high |= crossing & ((kerb_u < 0) | (kerb_v < 0))
    easy = crossing & (kerb_u > 0) & (kerb_v > 0) & (known == 0)
    return np.where(high, -1, np.where(easy, 1, known)).astype(np.int8)


# -- places ---------------------------------------------------------------------------------------
def _places(extract: Extract, bounds: Bounds) -> dict[str, Any]:
    """Community places within the network's bounds, each once, as the graph keeps them."""
    west, south, east, north = bounds
    places: dict[tuple[str, str, int, int], tuple[float, float]] = {}
    for place in extract.places:
        where = _middle(extract, place)
        if where is None or not (south <= where[0] <= north and west <= where[1] <= east):
            continue
        near = (round(where[0] / SAME_PLACE_DEGREES), round(where[1] / SAME_PLACE_DEGREES))
        places.setdefault((place.kind, place.name, *near), where)
    kinds, kind_of = _indexed([kind for kind, *_ in places])
    return {
        "place_lat": np.array([lat for lat, _lon in places.values()], float),
        "place_lon": np.array([lon for _lat, lon in places.values()], float),
        "place_kind": kind_of,
        "place_kinds": kinds,
        "place_name": [name for _kind, name, *_ in places],
    }


def _middle(extract: Extract, place: Place) -> tuple[float, float] | None:
    """The middle of a place: of its outline where that closes, else of its points."""
    refs = np.array(place.refs, np.int64)
    at = np.minimum(np.searchsorted(extract.point_ids, refs), len(extract.point_ids) - 1)
    at = at[extract.point_ids[at] == refs]
    if not len(at):
        return None
    lats, lons = extract.lat[at], extract.lon[at]
    if len(refs) > 3 and refs[0] == refs[-1] and len(at) == len(refs):
        middle = shapely.Polygon(np.column_stack([lons, lats])).centroid
        return float(middle.y), float(middle.x)
    return float(lats.mean()), float(lons.mean())


# -- the report -----------------------------------------------------------------------------------
def _report(extract: Extract, graph: WalkGraph, details: dict[str, NDArray[Any]]) -> dict[str, Any]:
    """What is known of these streets, in numbers."""
    km = graph.edge_m / 1000
    places = Counter(graph.place_kinds[kind] for kind in graph.place_kind.tolist())
    crossing_nodes = details["detail_node_crossing"]
    return {
        "nodes": graph.nodes,
        "edges": graph.edges,
        "km": _km(km.sum()),
        "km_by_kind": {
            WayKind(kind).name.lower(): _km(km[graph.edge_kind == kind].sum())
            for kind in np.unique(graph.edge_kind).tolist()
        },
        "km_step_free": {
            word: _km(km[graph.edge_step_free == value].sum())
            for word, value in (("yes", 1), ("unknown", 0), ("no", -1))
        },
        "km_to_avoid": _km(km[graph.edge_avoid].sum()),
        "km_together_without_avoided": _km(_longest_km(graph)),
        "km_with_name": _km(km[graph.edge_name >= 0].sum()),
        "km_with_surface": _km(km[details["detail_surface"] >= 0].sum()),
        "km_with_width": _km(km[~np.isnan(details["detail_width"])].sum()),
        "km_with_incline": _km(km[~np.isnan(details["detail_slope"])].sum()),
        "crossings": int(crossing_nodes.sum()),
        "points_with_kerb": int((details["detail_node_kerb"] != 0).sum()),
        "steps": int((graph.edge_kind == WayKind.STEPS).sum()),
        "places": dict(sorted(places.items())),
        "places_without_name": sum(not name for name in graph.place_name),
        "ways_read": extract.highways,
        "ways_kept": len(extract.ways),
        "dropped": dict(extract.dropped.most_common()),
        "points_blocked": len(extract.blocked),
        "bbox": [round(each, 6) for each in _bounds(graph)],
    }


def _longest_km(graph: WalkGraph) -> float:
    """Kilometres that hang together without walking along a road to avoid."""
    free = ~graph.edge_avoid
    if not free.any():
        return 0.0
    labels, parts = _parts(graph.edge_u[free], graph.edge_v[free], graph.nodes)
    per_part = np.bincount(labels[graph.edge_u[free]], weights=graph.edge_m[free], minlength=parts)
    return float(per_part.max() / 1000)


def _km(value: float) -> float:
    return round(float(value), 2)


def _bounds(graph: WalkGraph) -> Bounds:
    return (
        float(graph.node_lon.min()),
        float(graph.node_lat.min()),
        float(graph.node_lon.max()),
        float(graph.node_lat.max()),
    )
