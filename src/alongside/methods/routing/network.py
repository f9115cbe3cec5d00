"""The part of a street network that one walk can use, and what walking it would meet.

Distances are metres on a plane laid at the area's centre (`methods.ground`); the length of a way is the graph's own
`edge_m`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy  # loads each part when it is first used: most processes never compute
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from alongside.methods.ground import Frame
from alongside.methods.routing.graph import LIVED_ON, WalkGraph, WayKind

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SNAP_M = 250.0
"""How far a meeting place may be from the nearest way."""
FRINGE_M = 25.0
"""A boundary usually runs along the middle of a street: that street belongs to the area."""
DETOUR_M = 150.0
"""How far outside the area a walk may pass to get on, and on either side of the way to the area."""
BESIDE_M = 25.0
BESIDE_DEGREES = 25.0
"""A sidewalk is beside a street when its middle is this near and it runs the same way."""
MEET_PLACE_M = 30.0
"""A walk meets a community place that it passes this closely..."""
STRETCH_M = 60.0
"""Edges between two junctions are joined up to about this length; beyond it a walk may want to turn back."""
NEAREST_PLACE_M = 120.0
"""...or when it walks the way nearest to the place, up to this far: a park's middle is not at its gate."""
SHARE_BESIDE = 0.5
"""Walking at least this share of a street's length on the sidewalks beside it is walking the street."""
ASSUMED_PER_M = 0.1
"""Where nobody has counted residents: one for every ten metres of a street that people live on."""

FELT = {
    WayKind.STEPS: 1.5,
    WayKind.MAJOR_WITH_SIDEWALK: 1.2,
    WayKind.MAJOR: 1.5,
    WayKind.TRACK: 1.2,
    WayKind.SERVICE: 1.1,
    WayKind.CYCLEWAY: 1.1,
    WayKind.SIDEWALK: 1.05,
}
"""How long a metre feels: of two ways about as long, the calmer one. Never counted as time."""
FELT_UNKNOWN = 1.03
FELT_NOT_STEP_FREE = 1.5
"""The same for a way whose steps the map does not tell, and for one known not to be step-free."""


@dataclass(frozen=True, eq=False)
class AreaStreets:
    """The streets as one area sees them: what may be walked, what lies inside, what each metre meets.

    usable    (E,) may be walked on this plan, wherever it is
    why       (E,) uint8, the reason why not, an index into `REASONS`; 0 where usable
    inside    (E,) the edge's middle is in the area or on its fringe
    reach     (E,) residents met by walking the edge, outside the area too; those of a street that may not be
              walked have gone to the sidewalks beside it
    beside    (E,) int64, the street edge that an unnamed footway runs along, else -1
    name      (E,) int64, index into the graph's names, with sidewalks called after their street; -1 none
    place_in  (P,) the place is in the area
    place_reach (P,) what meeting it is worth, in residents
    place_edges for each place, the edges that meet it
    assumed   nobody has counted residents here, so the length of streets stands for them
    """

    graph: WalkGraph
    frame: Frame
    area: BaseGeometry
    xy: Floats
    usable: Bools
    why: NDArray[np.uint8]
    inside: Bools
    reach: Floats
    beside: Ints
    name: Ints
    place_in: Bools
    place_reach: Floats
    place_edges: list[Ints]
    assumed: bool

    def total(self) -> float:
        """All there is to meet inside the area, walkable or not."""
        return float(self.reach[self.inside].sum() + self.place_reach[self.place_in].sum())

    def offers(self) -> Bools:
        """(E,) usable edges inside the area with someone, or some place, to meet."""
        some = self.reach > 0
        for place in np.flatnonzero(self.place_in & (self.place_reach > 0)):
            some[self.place_edges[place]] = True
        return self.usable & self.inside & some

    def edges_met(self, walked: Any) -> Ints:
        """The edges inside the area that a set of walked edges meets, each once."""
        walked = np.unique(np.asarray(walked, np.int64))
        met = np.zeros(self.graph.edges, bool)
        met[walked] = True
        along = walked[self.beside[walked] >= 0]
        length = np.bincount(self.beside[along], self.graph.edge_m[along], minlength=self.graph.edges)
        met |= length >= SHARE_BESIDE * self.graph.edge_m
        return np.flatnonzero(met & self.inside)

    def places_met(self, walked: Any) -> Ints:
        """The places inside the area that a set of walked edges meets, each once."""
        on = set(np.asarray(walked, np.int64).tolist())
        hits = [
            bool(self.place_in[p]) and not on.isdisjoint(e.tolist()) for p, e in enumerate(self.place_edges)
        ]
        return np.flatnonzero(hits)

    def covered(self, walked: Any) -> float:
        """What a set of walked edges meets: residents of each edge once, and each place once."""
        return float(
            self.reach[self.edges_met(walked)].sum() + self.place_reach[self.places_met(walked)].sum()
        )


REASONS = ("", "avoid", "steps", "excluded")
"""Why an edge may not be walked: people should not walk there; it is not step-free; a person left it out."""


@dataclass(frozen=True)
class Allowed:
    """Which ways may be walked.

    excluded_edges    edges that a person left out
    excluded_streets  names, however capitalised; sidewalks along them are left out with them
    accessible        leave out what is known not to be step-free
    """

    excluded_edges: frozenset[int] = frozenset()
    excluded_streets: frozenset[str] = frozenset()
    accessible: bool = True


PLACE_WEIGHT = 10.0
"""Meeting a community place counts as meeting this many residents, unless the caller says otherwise."""


@dataclass(frozen=True)
class Prizes:
    """Residents that meeting a place counts for, by its kind; `otherwise` for kinds that are not named."""

    by_kind: Mapping[str, float] = field(default_factory=dict)
    otherwise: float = PLACE_WEIGHT


def survey(
    graph: WalkGraph,
    area: BaseGeometry,
    *,
    start: tuple[float, float],
    allowed: Allowed,
    prizes: Prizes,
) -> AreaStreets:
    """The streets for one plan. `area` in lon, lat; `start` as lat, lon."""
    frame = Frame.of(area)
    local = frame.flat(area)
    xy = frame.xy(graph.node_lat, graph.node_lon)
    middle = _middles(graph, frame)
    fringe = local.buffer(FRINGE_M)
    near = _near(local, frame.xy(*start)[0], middle)
    inside = shapely.contains_xy(fringe, middle)
    beside = _beside(graph, xy, middle, near)
    name = np.where((graph.edge_name < 0) & (beside >= 0), graph.edge_name[beside], graph.edge_name).astype(
        np.int64
    )
    why = _why_not(graph, name, allowed)
    usable = (why == 0) & near
    residents = graph.edge_residents.astype(np.float64)
    assumed = not bool(residents[inside].any())
    if assumed:
        residents = np.where(np.isin(graph.edge_kind, list(LIVED_ON)), graph.edge_m * ASSUMED_PER_M, 0.0)
    place_xy = frame.xy(graph.place_lat, graph.place_lon)
    place_in = shapely.contains_xy(fringe, place_xy)
    weights = np.array([prizes.by_kind.get(kind, prizes.otherwise) for kind in graph.place_kinds])
    return AreaStreets(
        graph=graph,
        frame=frame,
        area=local,
        xy=xy,
        usable=usable,
        why=why,
        inside=inside,
        reach=_share_with_sidewalks(graph, residents, usable, beside),
        beside=beside,
        name=name,
        place_in=place_in,
        place_reach=weights[graph.place_kind] if graph.places else np.zeros(0),
        place_edges=_place_edges(graph, frame, place_xy, place_in, usable),
        assumed=assumed,
    )


def _middles(graph: WalkGraph, frame: Frame) -> Floats:
    """(E, 2): the middle inner point of each edge's shape, or of its two ends where it is straight."""
    ends = (graph.node_lat[graph.edge_u] + graph.node_lat[graph.edge_v]) / 2
    lat, lon = ends, (graph.node_lon[graph.edge_u] + graph.node_lon[graph.edge_v]) / 2
    count = np.diff(graph.geom_offsets)
    bent = count > 0
    point = (graph.geom_offsets[:-1] + count // 2)[bent]
    lat, lon = lat.copy(), lon.copy()
    lat[bent], lon[bent] = graph.geom[point].T
    return frame.xy(lat, lon)


def _near(local: BaseGeometry, start: Floats, middle: Floats) -> Bools:
    """Edges in the area, around it, or along the straight way from the meeting place to it."""
    here = shapely.Point(start)
    way = shapely.shortest_line(here, local)
    region = shapely.union_all([local.buffer(DETOUR_M), way.buffer(DETOUR_M), here.buffer(SNAP_M + DETOUR_M)])
    return np.asarray(shapely.contains_xy(region, middle), bool)


def _why_not(graph: WalkGraph, name: Ints, allowed: Allowed) -> NDArray[np.uint8]:
    why = np.zeros(graph.edges, np.uint8)
    why[graph.edge_avoid] = REASONS.index("avoid")
    if allowed.accessible:
        steps = (graph.edge_step_free < 0) | (graph.edge_kind == WayKind.STEPS)
        why[steps & (why == 0)] = REASONS.index("steps")
    folded = {street.casefold().strip() for street in allowed.excluded_streets}
    out = np.array([street.casefold().strip() in folded for street in graph.names] + [False])
    why[out[name]] = REASONS.index("excluded")
    why[sorted(e for e in allowed.excluded_edges if 0 <= e < graph.edges)] = REASONS.index("excluded")
    return why


def _beside(graph: WalkGraph, xy: Floats, middle: Floats, near: Bools) -> Ints:
    """For each unnamed footway, the named street that runs along it, else -1."""
    kinds = np.isin(graph.edge_kind, [WayKind.SIDEWALK, WayKind.FOOTWAY])
    along = np.flatnonzero(near & kinds & (graph.edge_name < 0))
    roads = ~np.isin(
        graph.edge_kind,
        [WayKind.SIDEWALK, WayKind.FOOTWAY, WayKind.CROSSING, WayKind.STEPS, WayKind.PATH, WayKind.INDOOR],
    )
    streets = np.flatnonzero(near & roads & (graph.edge_name >= 0))
    beside = np.full(graph.edges, -1, np.int64)
    if not len(along) or not len(streets):
        return beside
    lines = shapely.linestrings(np.stack((xy[graph.edge_u[streets]], xy[graph.edge_v[streets]]), axis=1))
    points = shapely.points(middle[along])
    point, street = shapely.STRtree(lines).query(points, predicate="dwithin", distance=BESIDE_M)
    bearing = _bearing(graph, xy)
    turn = np.abs(bearing[along[point]] - bearing[streets[street]]) % 180
    parallel = np.minimum(turn, 180 - turn) <= BESIDE_DEGREES
    point, street = point[parallel], street[parallel]
    distance = shapely.distance(points[point], lines[street])
    order = np.lexsort((street, distance))[::-1]  # the nearest is written last, and stays
    beside[along[point[order]]] = streets[street[order]]
    return beside


def _bearing(graph: WalkGraph, xy: Floats) -> Floats:
    step = xy[graph.edge_v] - xy[graph.edge_u]
    return np.degrees(np.arctan2(step[:, 0], step[:, 1])) % 360


def _share_with_sidewalks(graph: WalkGraph, residents: Floats, usable: Bools, beside: Ints) -> Floats:
    """Residents per edge once those of a street nobody may walk have gone to the sidewalks along it, by length."""
    reach = residents.copy()
    along = np.flatnonzero(usable & (beside >= 0))
    along = along[~usable[beside[along]]]
    if len(along):
        street = beside[along]
        length = np.bincount(street, graph.edge_m[along], minlength=graph.edges)
        reach[along] += residents[street] * graph.edge_m[along] / length[street]
        reach[np.unique(street)] = 0.0
    return reach


def _place_edges(
    graph: WalkGraph, frame: Frame, place_xy: Floats, place_in: Bools, usable: Bools
) -> list[Ints]:
    """For each place inside the area, the usable edges that meet it."""
    meets: list[Ints] = [np.zeros(0, np.int64) for _ in range(graph.places)]
    edges = np.flatnonzero(usable)
    wanted = np.flatnonzero(place_in)
    if not len(edges) or not len(wanted):
        return meets
    lines = shapely.linestrings(
        frame.xy(*np.concatenate([graph.shape(int(e)) for e in edges]).T),
        indices=np.repeat(np.arange(len(edges)), np.diff(graph.geom_offsets)[edges] + 2),
    )
    tree = shapely.STRtree(lines)
    points = shapely.points(place_xy[wanted])
    close = tree.query(points, predicate="dwithin", distance=MEET_PLACE_M)
    nearest = tree.query_nearest(points, max_distance=NEAREST_PLACE_M)
    for place, edge in np.unique(np.hstack((close, nearest)), axis=1).T:
        meets[wanted[place]] = np.append(meets[wanted[place]], edges[edge])
    return meets


@dataclass(frozen=True, eq=False)
class Stretches:
    """The streets with every run between two junctions made one stretch: what the search chooses among.

    end    (S, 2) the junctions, as graph nodes
    metres (S,) length
    felt   (S,) length as it feels
    edges  for each stretch, its edges in order from end[s, 0] to end[s, 1]
    flips  for each stretch, for each of its edges: walked from edge_v to edge_u
    reach  (S,) residents of its edges inside the area, and the places whose nearest way it is
    """

    end: Ints
    metres: Floats
    felt: Floats
    edges: list[list[int]]
    flips: list[list[bool]]
    reach: Floats


def within_reach(streets: AreaStreets, home: int, budget: float) -> tuple[Bools, Bools]:
    """(E,) edges connected to `home`, and those of them that a loop of `budget` metres can walk."""
    graph, usable = streets.graph, streets.usable
    distance = distances(graph, usable, graph.edge_m.astype(np.float64), home)
    u, v = distance[graph.edge_u], distance[graph.edge_v]
    connected = usable & np.isfinite(u)
    with np.errstate(invalid="ignore"):
        loop = u + v + graph.edge_m
    return connected, connected & (np.nan_to_num(loop, nan=np.inf) <= budget)


def distances(graph: WalkGraph, usable: Bools, metres: Floats, home: int) -> Floats:
    matrix = shortest_parallel(graph.edge_u[usable], graph.edge_v[usable], metres[usable], graph.nodes)[0]
    return np.asarray(scipy.sparse.csgraph.dijkstra(matrix, directed=False, indices=home))


def shortest_parallel(u: Any, v: Any, length: Floats, nodes: int) -> tuple[scipy.sparse.csr_array, Ints]:
    """A matrix with the shortest of each bundle of parallel edges, and which ones those are.

    Sparse matrices add up duplicates, and a zero is no edge: both would be wrong distances.
    """
    low, high = np.minimum(u, v).astype(np.int64), np.maximum(u, v).astype(np.int64)
    order = np.lexsort((np.arange(len(low)), length, high, low))
    key = low[order] * nodes + high[order]
    first = np.concatenate(([True], key[1:] != key[:-1])) if len(key) else np.zeros(0, bool)
    kept = order[first]
    kept = kept[low[kept] != high[kept]]
    matrix = scipy.sparse.csr_array((length[kept], (low[kept], high[kept])), shape=(nodes, nodes))
    return matrix, kept


def largest_part(graph: WalkGraph, usable: Bools) -> Bools:
    """(N,) the nodes of the largest connected part of the usable edges."""
    u, v = graph.edge_u[usable], graph.edge_v[usable]
    matrix = scipy.sparse.csr_array((np.ones(len(u)), (u, v)), shape=(graph.nodes, graph.nodes))
    _, label = scipy.sparse.csgraph.connected_components(matrix, directed=False)
    size = np.bincount(label[u], minlength=int(label.max(initial=0)) + 1)
    return np.asarray(label == int(size.argmax()), bool)


def felt_metres(graph: WalkGraph) -> Floats:
    """(E,) the length of each edge as it feels."""
    factor = np.ones(graph.edges)
    for kind, feels in FELT.items():
        factor[graph.edge_kind == kind] = feels
    factor[graph.edge_step_free == 0] *= FELT_UNKNOWN
    factor[graph.edge_step_free < 0] *= FELT_NOT_STEP_FREE
    return np.asarray(graph.edge_m * factor, np.float64)


def stretches(streets: AreaStreets, walkable: Bools, home: int) -> Stretches:
    """The walkable edges joined, where nothing branches off, into stretches between junctions."""
    graph = streets.graph
    edges = np.flatnonzero(walkable)
    at: dict[int, list[int]] = {}
    for e in edges.tolist():
        at.setdefault(int(graph.edge_u[e]), []).append(e)
        at.setdefault(int(graph.edge_v[e]), []).append(e)
    junction = {node for node, incident in at.items() if len(incident) != 2} | {home}
    felt, offered = felt_metres(graph), worth(streets, walkable)
    used: set[int] = set()
    rows: list[tuple[int, int, list[int], list[bool]]] = []
    for node in sorted(junction) + sorted(set(at) - junction):  # a ring without a junction begins anywhere
        for first in at.get(node, ()):
            if first not in used:
                rows.append(_run(graph, at, junction, node, first, used))
    return Stretches(
        end=np.array([row[:2] for row in rows], np.int64).reshape(-1, 2),
        metres=np.array([graph.edge_m[row[2]].sum(dtype=np.float64) for row in rows]),
        felt=np.array([felt[row[2]].sum() for row in rows]),
        edges=[row[2] for row in rows],
        flips=[row[3] for row in rows],
        reach=np.array([offered[row[2]].sum() for row in rows]),
    )


def _run(
    graph: WalkGraph, at: dict[int, list[int]], junction: set[int], node: int, edge: int, used: set[int]
) -> tuple[int, int, list[int], list[bool]]:
    """Follow the way from a node along an edge to the next junction, or make one when it is long enough."""
    begin, length = node, 0.0
    run: list[int] = []
    flips: list[bool] = []
    while True:
        used.add(edge)
        length += float(graph.edge_m[edge])
        flip = int(graph.edge_u[edge]) != node
        run.append(edge)
        flips.append(flip)
        node = int(graph.edge_u[edge] if flip else graph.edge_v[edge])
        if length > STRETCH_M:
            junction.add(node)
        onward = [e for e in at[node] if e not in used]
        if node in junction or node == begin or not onward:
            return begin, node, run, flips
        edge = onward[0]


def worth(streets: AreaStreets, walkable: Bools) -> Floats:
    """(E,) what each edge offers the search: its residents inside, and the places it is the first to meet."""
    offered = np.where(streets.inside & walkable, streets.reach, 0.0)
    for place in np.flatnonzero(streets.place_in):
        meets = streets.place_edges[place]
        meets = meets[walkable[meets]]
        if len(meets):
            best = meets[np.argmax(offered[meets])]  # where residents are met anyway
            offered[best] += streets.place_reach[place]
    return offered
