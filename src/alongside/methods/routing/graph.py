"""The streets a walk can use, as a handful of arrays.

Whoever reads a map fills a `WalkGraph`; whoever plans a walk reads it. Neither needs to know the other.
Storing is the caller's business: `to_arrays()` gives a flat dictionary that `numpy.savez` takes as it is,
`from_arrays()` takes it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMAT = 1
"""The version of what `to_arrays()` writes; `from_arrays()` refuses any other."""


class BadGraph(ValueError):
    """The arrays do not describe one street network; the message says which rule they break."""


class WayKind(IntEnum):
    """What a stretch of way is, as far as someone on foot cares. The numbers are stored: only ever add."""

    OTHER = 0
    FOOTWAY = 1
    """A way for walking that follows no road: through a park, between houses."""
    SIDEWALK = 2
    """A pavement mapped as a line of its own beside a road."""
    CROSSING = 3
    PATH = 4
    PEDESTRIAN = 5
    LIVING = 6
    RESIDENTIAL = 7
    SERVICE = 8
    """Alleys and access ways that the public may walk."""
    STEPS = 9
    CYCLEWAY = 10
    TRACK = 11
    MINOR_ROAD = 12
    """Unclassified and tertiary roads."""
    MAJOR_WITH_SIDEWALK = 13
    """Secondary, primary and trunk roads that the map says have a sidewalk."""
    MAJOR = 14
    """The same without a known sidewalk: the reader of the map will usually set `edge_avoid` too."""
    INDOOR = 15
    """A corridor, such as a mall's."""


LIVED_ON = frozenset({WayKind.RESIDENTIAL, WayKind.LIVING, WayKind.MINOR_ROAD, WayKind.PEDESTRIAN})
"""Kinds along which people live, where nothing better is known."""


@dataclass(frozen=True, eq=False)
class Nodes:
    """Where ways meet or end: lat, lon (N,) in WGS 84 degrees, any sequences."""

    lat: Any
    lon: Any


@dataclass(frozen=True, eq=False)
class Edges:
    """Ways between nodes, any sequences of length E. What is left out is unknown, unnamed, straight or nobody.

    u, v           node indices
    m              metres along the shape, > 0
    name, names    index into `names`, -1 for none; street names, each once
    kind           a `WayKind`
    step_free      1 known to be step-free, 0 the map does not say, -1 known not to be
    avoid          whether a group should not walk here
    residents      people who live along the edge
    geom_offsets   (E+1,) where each edge's inner shape points begin and end in `geom`
    geom           (G, 2) lat and lon
    """

    u: Any
    v: Any
    m: Any
    name: Any = None
    names: Any = ()
    kind: Any = None
    step_free: Any = None
    avoid: Any = None
    residents: Any = None
    geom_offsets: Any = None
    geom: Any = None


@dataclass(frozen=True, eq=False)
class Places:
    """Community places: lat, lon (P,) in degrees; kind (P,) an index into `kinds`; name, "" for none."""

    lat: Any = ()
    lon: Any = ()
    kind: Any = ()
    kinds: Any = ()
    name: Any = ()


NO_PLACES = Places()


@dataclass(frozen=True, eq=False)
class WalkGraph:
    """A street network for walking. N nodes, E edges, P places; every edge can be walked both ways.

    Nodes are where ways meet or end (nodes in the middle of a way are welcome too, and cost only time).
    Coordinates are WGS 84 degrees. Text is kept once, in a list, and pointed to by index.

    node_lat, node_lon   (N,) float64
    edge_u, edge_v       (E,) int32, node indices; loops (u == v) and parallel edges are allowed
    edge_m               (E,) float32, metres along the shape, > 0
    edge_name            (E,) int32, index into `names`, -1 where the map gives no name
    names                street names, each once
    edge_kind            (E,) uint8, a `WayKind`
    edge_step_free       (E,) int8: 1 known to be step-free, 0 the map does not say, -1 known not to be
    edge_avoid           (E,) bool: a group should not walk here (no sidewalk on a fast road, private, closed)
    edge_residents       (E,) float32, people who live along the edge, both sides of the street together;
                         all zero where nobody has counted
    geom_offsets         (E+1,) int64: edge e's inner shape points are geom[geom_offsets[e]:geom_offsets[e+1]]
    geom                 (G, 2) float64, lat and lon, from edge_u to edge_v, both ends left out
    place_lat, place_lon (P,) float64, community places: shops, parks, libraries, worship, schools
    place_kind           (P,) int32, index into `place_kinds`
    place_kinds          kinds of places, each once: "library", "place_of_worship", ...
    place_name           P names, "" where the map gives none
    """

    node_lat: NDArray[np.float64]
    node_lon: NDArray[np.float64]
    edge_u: NDArray[np.int32]
    edge_v: NDArray[np.int32]
    edge_m: NDArray[np.float32]
    edge_name: NDArray[np.int32]
    names: list[str]
    edge_kind: NDArray[np.uint8]
    edge_step_free: NDArray[np.int8]
    edge_avoid: NDArray[np.bool_]
    edge_residents: NDArray[np.float32]
    geom_offsets: NDArray[np.int64]
    geom: NDArray[np.float64]
    place_lat: NDArray[np.float64]
    place_lon: NDArray[np.float64]
    place_kind: NDArray[np.int32]
    place_kinds: list[str]
    place_name: list[str]

    @classmethod
    def build(cls, nodes: Nodes, edges: Edges, places: Places = NO_PLACES) -> WalkGraph:
        """A checked graph from any sequences; what is left out is unknown, unnamed, straight or nobody.

        Raises BadGraph.
        """
        count = len(edges.u)

        def array(value: Any, dtype: Any, default: Any) -> NDArray[Any]:
            return np.full(count, default, dtype) if value is None else np.asarray(value, dtype)

        graph = cls(
            node_lat=np.asarray(nodes.lat, np.float64),
            node_lon=np.asarray(nodes.lon, np.float64),
            edge_u=np.asarray(edges.u, np.int32),
            edge_v=np.asarray(edges.v, np.int32),
            edge_m=np.asarray(edges.m, np.float32),
            edge_name=array(edges.name, np.int32, -1),
            names=[str(name) for name in edges.names],
            edge_kind=array(edges.kind, np.uint8, WayKind.OTHER),
            edge_step_free=array(edges.step_free, np.int8, 0),
            edge_avoid=array(edges.avoid, np.bool_, False),
            edge_residents=array(edges.residents, np.float32, 0.0),
            geom_offsets=np.zeros(count + 1, np.int64)
            if edges.geom_offsets is None
            else np.asarray(edges.geom_offsets, np.int64),
            geom=np.zeros((0, 2))
            if edges.geom is None
            else np.asarray(edges.geom, np.float64).reshape(-1, 2),
            place_lat=np.asarray(places.lat, np.float64),
            place_lon=np.asarray(places.lon, np.float64),
            place_kind=np.asarray(places.kind, np.int32),
            place_kinds=[str(kind) for kind in places.kinds],
            place_name=[str(name) for name in places.name],
        )
        graph.check()
        return graph

    @property
    def nodes(self) -> int:
        """How many nodes."""
        return len(self.node_lat)

    @property
    def edges(self) -> int:
        """How many edges."""
        return len(self.edge_u)

    @property
    def places(self) -> int:
        """How many community places."""
        return len(self.place_lat)

    def street(self, edge: int) -> str:
        """The name of the street that an edge belongs to, or ""."""
        index = int(self.edge_name[edge])
        return self.names[index] if index >= 0 else ""

    def shape(self, edge: int) -> NDArray[np.float64]:
        """The edge as (k, 2) lat, lon from `edge_u` to `edge_v`, both ends included."""
        u, v = self.edge_u[edge], self.edge_v[edge]
        inner = self.geom[self.geom_offsets[edge] : self.geom_offsets[edge + 1]]
        return np.vstack(
            ([[self.node_lat[u], self.node_lon[u]]], inner, [[self.node_lat[v], self.node_lon[v]]])
        )

    def with_residents(self, residents: Any) -> WalkGraph:
        """The same streets with other people along them: (E,) residents per edge. Raises BadGraph."""
        graph = replace(self, edge_residents=np.asarray(residents, np.float32))
        graph.check()
        return graph

    def check(self) -> None:
        """Nothing, or BadGraph with the first rule that is broken."""
        n, e, p = self.nodes, self.edges, self.places
        per_edge = (
            "edge_v",
            "edge_m",
            "edge_name",
            "edge_kind",
            "edge_step_free",
            "edge_avoid",
            "edge_residents",
        )
        _refuse(len(self.node_lon) != n, "node_lat and node_lon differ in length")
        for name in per_edge:
            _refuse(len(getattr(self, name)) != e, f"{name} has not one entry per edge")
        _refuse(len(self.geom_offsets) != e + 1, "geom_offsets has not one entry per edge and one more")
        for name in ("place_lon", "place_kind", "place_name"):
            _refuse(len(getattr(self, name)) != p, f"{name} has not one entry per place")
        _refuse(
            not _indices(self.edge_u, n) or not _indices(self.edge_v, n), "an edge points outside the nodes"
        )
        _refuse(not _indices(self.edge_name + 1, len(self.names) + 1), "edge_name points outside names")
        _refuse(not _indices(self.place_kind, len(self.place_kinds)), "place_kind points outside place_kinds")
        _refuse(not bool(np.all(np.isfinite(self.edge_m) & (self.edge_m > 0))), "edge_m must be above zero")
        residents = self.edge_residents
        _refuse(
            not bool(np.all(np.isfinite(residents) & (residents >= 0))), "edge_residents must not be negative"
        )
        steps = np.diff(self.geom_offsets)
        fits = (
            self.geom_offsets[0] == 0 and self.geom_offsets[-1] == len(self.geom) and bool(np.all(steps >= 0))
        )
        _refuse(not fits, "geom_offsets does not divide geom")

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Everything as plain arrays (text as fixed-width unicode), ready for `numpy.savez`."""
        arrays = {field.name: np.asarray(getattr(self, field.name)) for field in fields(self)}
        for name in _TEXT:
            arrays[name] = np.asarray(getattr(self, name), dtype=np.str_)
        arrays["format"] = np.asarray(FORMAT)
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any]) -> WalkGraph:
        """The graph that `to_arrays()` wrote. Raises BadGraph for another format."""
        missing = [field.name for field in fields(cls) if field.name not in arrays]
        _refuse(bool(missing), f"missing: {', '.join(missing)}")
        _refuse(int(arrays["format"]) != FORMAT if "format" in arrays else True, "written by another version")
        nodes = Nodes(lat=arrays["node_lat"], lon=arrays["node_lon"])
        edges = Edges(
            u=arrays["edge_u"],
            v=arrays["edge_v"],
            m=arrays["edge_m"],
            name=arrays["edge_name"],
            names=arrays["names"],
            kind=arrays["edge_kind"],
            step_free=arrays["edge_step_free"],
            avoid=arrays["edge_avoid"],
            residents=arrays["edge_residents"],
            geom_offsets=arrays["geom_offsets"],
            geom=arrays["geom"],
        )
        places = Places(
            lat=arrays["place_lat"],
            lon=arrays["place_lon"],
            kind=arrays["place_kind"],
            kinds=arrays["place_kinds"],
            name=arrays["place_name"],
        )
        return cls.build(nodes, edges, places)


_TEXT = ("names", "place_kinds", "place_name")


def _indices(values: NDArray[Any], size: int) -> bool:
    return bool(np.all((values >= 0) & (values < size)))


def _refuse(broken: bool, message: str) -> None:
    if broken:
        raise BadGraph(message)
