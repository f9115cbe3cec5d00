"""Where in an area to meet: the corner with most people in reach on foot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy  # loads each part when it is first used: most processes never compute
from shapely.geometry.base import BaseGeometry

from alongside.methods.routing import network
from alongside.methods.routing.graph import WalkGraph
from alongside.methods.routing.network import Allowed, AreaStreets, Floats, Ints, Prizes

AROUND = 1 / 6
"""People are in reach of a corner if their street lies within this share of the walk's length: 500 metres of an hour's
walk. A loop that goes around as a circle is a third of its length away from its start at its far side; half of that."""
HALF = 0.5
"""A start with this share of the best corner's people in reach is let be."""
AT_ONCE = 256
"""Corners looked at together: so much memory, and no more, whatever the size of the area."""


@dataclass(frozen=True)
class Corner:
    """A junction: at (lat, lon), the streets that meet there, each once, and whom a walk reaches around it."""

    at: tuple[float, float]
    streets: tuple[str, ...]
    in_reach: float


def best_corner(
    graph: WalkGraph,
    area: BaseGeometry,
    *,
    length_m: float,
    allowed: Allowed,
    prizes: Prizes,
    instead_of: tuple[float, float] | None = None,
) -> Corner | None:
    """The corner inside `area` (lon, lat) with most residents and places of the area in reach.

    None without streets, or where a start, `instead_of` (lat, lon), has half as many in reach already.

    In reach is what lies on streets whose middle is at most `AROUND` of `length_m` metres away, along ways that may be
    walked. Corners of streets with names go before others: people must find them. Of two alike the one nearer to the
    area's middle.
    """
    middle = area.representative_point()
    start = instead_of or (middle.y, middle.x)
    streets = network.survey(graph, area, start=start, allowed=allowed, prizes=prizes)
    corners = _corners(streets)
    if not len(corners):
        return None
    people = _in_reach(streets, corners, AROUND * length_m)
    if instead_of is not None:
        ends = np.unique(np.concatenate((graph.edge_u[streets.usable], graph.edge_v[streets.usable])))
        nearest = ends.astype(np.int64)[[np.hypot(*(streets.xy[ends] - streets.frame.xy(*start)).T).argmin()]]
        if _in_reach(streets, nearest, AROUND * length_m)[0] >= HALF * people.max():
            return None
    away = np.hypot(*streets.xy[corners].T)
    best = int(np.lexsort((away, -people))[0])
    node = int(corners[best])
    return Corner(
        (float(graph.node_lat[node]), float(graph.node_lon[node])),
        tuple(sorted(_names_at(streets).get(node, ()))),
        float(people[best]),
    )


def _corners(streets: AreaStreets) -> Ints:
    """Nodes on the largest connected part of what may be walked, in the area: where named streets meet, else any."""
    graph = streets.graph
    if not (streets.usable & streets.inside).any():
        return np.zeros(0, np.int64)
    within = streets.usable & streets.inside
    ends = np.unique(np.concatenate((graph.edge_u[within], graph.edge_v[within]))).astype(np.int64)
    ends = ends[network.largest_part(graph, streets.usable)[ends]]
    names = _names_at(streets)
    named = np.array([node for node in ends.tolist() if len(names.get(node, ())) > 1], np.int64)
    return named if len(named) else ends


def _names_at(streets: AreaStreets) -> dict[int, set[str]]:
    """The names of the streets that may be walked, by the nodes at which they begin or end."""
    graph = streets.graph
    names: dict[int, set[str]] = {}
    for e in np.flatnonzero(streets.usable & (graph.edge_name >= 0)).tolist():
        for node in (int(graph.edge_u[e]), int(graph.edge_v[e])):
            names.setdefault(node, set()).add(graph.names[int(graph.edge_name[e])])
    return names


def _in_reach(streets: AreaStreets, corners: Ints, most_m: float) -> Floats:
    """For each of these nodes, what lies on streets whose middle is at most so far away on foot."""
    graph, near = streets.graph, np.flatnonzero(streets.usable)
    metres = graph.edge_m[near].astype(np.float64)
    offered = network.worth(streets, streets.usable)[near]
    nodes, flat = np.unique(np.concatenate((graph.edge_u[near], graph.edge_v[near])), return_inverse=True)
    u, v = flat[: len(near)], flat[len(near) :]
    matrix = network.shortest_parallel(u, v, metres, len(nodes))[0]
    some = np.flatnonzero(offered > 0)
    people = np.zeros(len(corners))
    for first in range(0, len(corners), AT_ONCE):
        here = np.searchsorted(nodes, corners[first : first + AT_ONCE])
        away = scipy.sparse.csgraph.dijkstra(matrix, directed=False, indices=here, limit=most_m)
        middle = np.minimum(away[:, u[some]], away[:, v[some]]) + metres[some] / 2
        people[first : first + AT_ONCE] = (middle <= most_m) @ offered[some]
    return people
