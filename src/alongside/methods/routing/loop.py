"""The loop itself: out of a meeting place and back to it, meeting as many people as the time allows."""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import scipy  # loads each part when it is first used: most processes never compute
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from alongside.methods.routing import network
from alongside.methods.routing.bound import most_reach
from alongside.methods.routing.cues import Cue, cue_sheet
from alongside.methods.routing.graph import WalkGraph
from alongside.methods.routing.network import Allowed, AreaStreets, Floats, Ints, Prizes, Stretches
from alongside.methods.routing.orienteering import Stops, Tour, search, sketch
from alongside.methods.routing.polish import Polish, Step, steps_along

PACE_KMH = 3.0
"""A talking pace with its pauses: 50 metres a minute. See docs/methods/routes.md for where it comes from."""
ROUNDS_A_STRETCH = 20
SEARCH_ROUNDS = 250
POLISH_ROUNDS = 3000
"""How long to search: by the stretches there are, up to these, and never by the clock."""
SEARCHING = 0.6
"""The share of the time limit for the search; the rest is for the polish."""
STUB_M = 25.0
NEXT_TO_NOBODY = 0.01
"""A way out and straight back is not walked if it is shorter than this and meets no larger share of all one meets."""
MOST_STRETCHES = 700
"""The stretches searched; beyond this many, the ones with fewest people for their length wait."""


class NoRoute(Exception):
    """No loop can be walked as asked. Each refusal below says why, and what would help."""


class NoStreets(NoRoute):
    """There is no way in the area that may be walked: the area misses the map, or everything is left out."""


class StartTooFar(NoRoute):
    """The meeting place is further than `network.SNAP_M` from any way that may be walked."""

    def __init__(self, away_m: float) -> None:
        super().__init__(
            f"The nearest street on the map is {away_m:.0f} m from the meeting place; "
            f"choose one within {network.SNAP_M:.0f} m of a street."
        )
        self.away_m = away_m


class AreaUnreachable(NoRoute):
    """The area has streets, and no way that may be walked leads to them from the meeting place."""


class TooShort(NoRoute):
    """The time is too short to reach anyone in the area and come back."""


TOO_SHORT = (
    "The time is too short to reach anyone in this area and come back: start nearer, or give it longer."
)


@dataclass(frozen=True)
class LeftOut:
    """A street or a place in the area that the loop does not meet, and why.

    why: "time" (the time does not allow it), "far" (no loop of this length reaches it), "unreachable" (no way
    leads there), "avoid" (people should not walk there), "steps" (not step-free), "excluded" (a person left it out).
    """

    what: str
    name: str
    why: str
    reach: float
    metres: float


@dataclass(frozen=True)
class StepFree:
    """Metres of the loop by what the map knows of steps, kerbs and surface."""

    yes_m: float
    unknown_m: float
    no_m: float


@dataclass(frozen=True)
class Street:
    """A street of the loop, in the order first walked, and how far the loop follows it. "" has no name."""

    name: str
    metres: float


@dataclass(frozen=True, eq=False)
class Loop:
    """A closed walk and its reasons.

    nodes      graph nodes in order, the first again at the end
    edges      graph edges in order, with True where walked from edge_v to edge_u
    geometry   (lon, lat) in order, closed
    start      (lat, lon) of the node nearest to the meeting place; `start_gap_m` metres from it
    reach_*    residents on streets walked, each once, plus the weight of each place met; total for the area
    bound      no loop of this length covers more than this
    assumed    nobody has counted residents here: street length stands for them
    left_out   biggest first
    """

    nodes: list[int]
    edges: list[tuple[int, bool]]
    geometry: list[tuple[float, float]]
    start: tuple[float, float]
    start_gap_m: float
    length_m: float
    minutes: float
    streets: list[Street]
    reach_covered: float
    reach_total: float
    residents: float
    places: list[str]
    bound: float | None
    assumed: bool
    step_free: StepFree
    left_out: list[LeftOut]
    cues: list[Cue]

    def as_dict(self) -> dict[str, Any]:
        """The loop as plain lists and numbers, ready for JSON; the geometry as a GeoJSON LineString."""
        plain = {
            name: getattr(self, name) for name in ("length_m", "minutes", "start_gap_m", "assumed", "bound")
        }
        return plain | {
            "start": list(self.start),
            "closed": self.nodes[0] == self.nodes[-1],
            "geometry": {"type": "LineString", "coordinates": [list(point) for point in self.geometry]},
            "streets": [asdict(street) for street in self.streets],
            "reach_covered": self.reach_covered,
            "reach_total": self.reach_total,
            "residents": self.residents,
            "places": self.places,
            "step_free": asdict(self.step_free),
            "left_out": [asdict(item) for item in self.left_out],
            "cues": [asdict(cue) for cue in self.cues],
        }


@dataclass(frozen=True)
class Effort:
    """How long to look for a loop, in seconds, and the seed of its chances.

    The seconds are a guard for slow machines: where it does not bite, the same seed gives the same loop.
    """

    seconds: float = 4.0
    seed: int = 0


STEP_FREE_WAYS, USUAL_PRIZES, USUAL_EFFORT = Allowed(), Prizes(), Effort()


def plan_loop(
    graph: WalkGraph,
    *,
    area: BaseGeometry,
    start: tuple[float, float],
    minutes: float = 60.0,
    pace_kmh: float = PACE_KMH,
    allowed: Allowed = STEP_FREE_WAYS,
    prizes: Prizes = USUAL_PRIZES,
    effort: Effort = USUAL_EFFORT,
) -> Loop:
    """The loop from `start` that meets the most residents and places of `area` in `minutes`.

    area      a shapely polygon or multipolygon in (lon, lat)
    start     (lat, lon) of the meeting place
    pace_kmh  kilometres an hour, pauses included
    allowed   which ways may be walked
    prizes    what meeting a place counts for
    effort    how long to look for it, and from which seed

    Raises NoStreets, StartTooFar, AreaUnreachable, TooShort; ValueError for an empty area, or time and pace that
    are not above zero.
    """
    deadline = time.perf_counter() + effort.seconds
    budget = _budget(area, minutes, pace_kmh)
    streets = network.survey(graph, area, start=start, allowed=allowed, prizes=prizes)
    home, gap = _home(streets, start)
    connected, walkable = network.within_reach(streets, home, budget)
    _refuse_the_impossible(streets, connected, walkable)
    parts = network.stretches(streets, walkable, home)
    walk = _best_walk(streets, parts, home, budget, seed=effort.seed, deadline=deadline)
    return _explain(streets, walk, home, gap, budget, pace_kmh, connected, walkable)


def _budget(area: BaseGeometry, minutes: float, pace_kmh: float) -> float:
    if area.is_empty or area.area == 0:
        raise ValueError("The area is empty: give a polygon in longitude and latitude.")
    if not (minutes > 0 and pace_kmh > 0 and math.isfinite(minutes * pace_kmh)):
        raise ValueError("Minutes and pace must be above zero.")
    return minutes * pace_kmh * 1000 / 60


def _home(streets: AreaStreets, start: tuple[float, float]) -> tuple[int, float]:
    """The node where the walk begins: the nearest one, on the largest part of the network if that is near enough."""
    graph, usable = streets.graph, streets.usable
    if not (usable & streets.inside).any():
        raise NoStreets(
            "No street in this area may be walked on this map: check the area, or what is left out."
        )
    nodes = np.unique(np.concatenate((graph.edge_u[usable], graph.edge_v[usable])))
    away = np.hypot(*(streets.xy[nodes] - streets.frame.xy(*start)).T)
    if away.min() > network.SNAP_M:
        raise StartTooFar(float(away.min()))
    main = network.largest_part(graph, usable)[nodes] & (away <= network.SNAP_M)
    choice = np.where(main, away, np.inf) if main.any() else away
    return int(nodes[choice.argmin()]), float(choice.min())


def _refuse_the_impossible(
    streets: AreaStreets, connected: NDArray[np.bool_], walkable: NDArray[np.bool_]
) -> None:
    there = streets.usable & streets.inside
    if not (connected & there).any():
        raise AreaUnreachable("No way that may be walked leads from the meeting place to this area.")
    if not (walkable & there).any():
        raise TooShort(
            "The time is too short to reach this area and come back: start nearer, or give it longer."
        )


Way = list[tuple[int, bool]]
"""Stretches in order, each with True where walked from its second end to its first."""


@dataclass(frozen=True, eq=False)
class _Ways:
    """Shortest ways between junctions: chosen by feel, measured in metres.

    junctions (J,) graph nodes in order; all else goes by their position. end (S, 2) the ends of stretches;
    metres and before (J, J); by_pair (J, J) the stretch between neighbours, plus one.
    """

    junctions: Ints
    end: Ints
    metres: Floats
    before: Ints
    by_pair: scipy.sparse.csr_array

    def at(self, node: int) -> int:
        """The position of a graph node."""
        return int(np.searchsorted(self.junctions, node))

    def between(self, a: int, b: int) -> Way:
        """The way from position a to b.

        Of the ways there and back, which may differ though they feel the same, only the lower position's is used.
        """
        row = self.before[min(a, b)]
        path = [max(a, b)]
        while path[-1] != min(a, b):
            path.append(int(row[path[-1]]))
        if a < b:
            path.reverse()
        steps = [(int(self.by_pair[u, v]) - 1, u) for u, v in pairwise(path)]
        return [(s, int(self.end[s, 0]) != u) for s, u in steps]


def _best_walk(
    streets: AreaStreets, parts: Stretches, home: int, budget: float, *, seed: int, deadline: float
) -> list[tuple[int, bool]]:
    """The closed walk from home as directed edges: sketched, searched, polished."""
    rng = np.random.default_rng(seed)
    wanted = _worth_searching(parts)
    ways = _ways(parts, home)
    stops = _stops(parts, wanted, ways, home, budget)
    tours = sketch(stops, seed=seed)
    left = deadline - time.perf_counter()
    best = search(stops, rng=rng, iterations=_rounds(SEARCH_ROUNDS, wanted), seconds=left * SEARCHING)
    paths = [_expand(parts, wanted, ways, home, tour) for tour in (best.tour, *tours) if len(tour) > 1]
    if not paths:
        raise TooShort(TOO_SHORT)
    steps = steps_along(parts, ways.end)
    polish = Polish(steps, ways.metres, budget=budget, rng=rng, deadline=deadline)
    loops = [[_step(steps, ways, s, back) for s, back in path] for path in paths]
    path = [step.what for step in polish.best_of(loops, rounds=_rounds(POLISH_ROUNDS, wanted))]
    walk = [edge for s, back in path for edge in _stretch_edges(parts, s, back)]
    return _without_stubs(streets, _without_idle_turns(streets, walk))


def _step(steps: list[list[Step]], ways: _Ways, s: int, backwards: bool) -> Step:
    return next(step for step in steps[int(ways.end[s, int(backwards)])] if step.what == (s, backwards))


def _rounds(most: int, wanted: Ints) -> int:
    return min(most, ROUNDS_A_STRETCH * len(wanted))


def _worth_searching(parts: Stretches) -> Ints:
    """Indices of stretches that meet someone, at most `MOST_STRETCHES`."""
    some = np.flatnonzero(parts.reach > 0)
    if len(some) > MOST_STRETCHES:
        order = np.argsort(-parts.reach[some] / parts.metres[some], kind="stable")
        some = np.sort(some[order[:MOST_STRETCHES]])
    return some


def _ways(parts: Stretches, home: int) -> _Ways:
    junctions, flat = np.unique(np.append(parts.end.ravel(), home), return_inverse=True)
    end = flat[:-1].reshape(parts.end.shape)
    matrix, kept = network.shortest_parallel(end[:, 0], end[:, 1], parts.felt, len(junctions))
    _, before = scipy.sparse.csgraph.dijkstra(matrix, directed=False, return_predecessors=True)
    by_pair = scipy.sparse.csr_array((kept + 1, (end[kept, 0], end[kept, 1])), shape=matrix.shape)
    by_pair = by_pair + by_pair.T
    metres = _measure(before, by_pair, parts.metres)
    metres = np.triu(metres) + np.triu(metres, 1).T  # one way for there and back, see `between`
    return _Ways(junctions, end, metres, before, by_pair)


def _measure(before: Ints, by_pair: scipy.sparse.csr_array, length: Floats) -> Floats:
    """Metres along the trees of predecessors: each node adds its last stretch to what came before, by doubling."""
    known = before >= 0
    total = np.zeros(before.shape)
    if known.any():
        total[known] = length[np.asarray(by_pair[before[known], np.nonzero(known)[1]]).ravel() - 1]
    jump = np.where(known, before, np.arange(len(before)))
    while (added := np.take_along_axis(total, jump, axis=1)).any():
        total = total + added
        jump = np.take_along_axis(jump, jump, axis=1)
    return np.where(known | np.eye(len(before), dtype=bool), total, np.inf)


def _stops(parts: Stretches, wanted: Ints, ways: _Ways, home: int, budget: float) -> Stops:
    """Home is stop 0; stretch k of `wanted` is stops 2k+1, walked from its first end, and 2k+2, from its second."""
    k = len(wanted)
    tail = np.concatenate(([ways.at(home)], ways.end[wanted].ravel()))
    head = np.concatenate(([ways.at(home)], ways.end[wanted][:, ::-1].ravel()))
    half = np.concatenate(([0.0], np.repeat(parts.metres[wanted] / 2, 2)))
    cost = half[:, None] + ways.metres[np.ix_(head, tail)] + half
    np.fill_diagonal(cost, 0.0)
    pair = np.arange(k)
    return Stops.build(
        cost,
        np.concatenate(([0.0], np.repeat(parts.reach[wanted], 2))),
        budget,
        item=np.concatenate(([0], np.repeat(pair + 1, 2))),
        mirror=np.concatenate(([0], np.column_stack((2 * pair + 2, 2 * pair + 1)).ravel())),
    )


def _expand(parts: Stretches, wanted: Ints, ways: _Ways, home: int, tour: Tour) -> Way:
    """Every stretch of a tour in the order and direction it is walked."""
    path: Way = []
    here = ways.at(home)
    for stop in tour[1:]:
        s, backwards = int(wanted[(stop - 1) // 2]), stop % 2 == 0
        tail, head = ways.end[s][::-1].tolist() if backwards else ways.end[s].tolist()
        path += [*ways.between(here, tail), (s, backwards)]
        here = head
    return path + ways.between(here, ways.at(home))


def _stretch_edges(parts: Stretches, s: int, backwards: bool) -> list[tuple[int, bool]]:
    run = list(zip(parts.edges[s], parts.flips[s]))
    return [(e, not flip) for e, flip in reversed(run)] if backwards else run


def _without_idle_turns(streets: AreaStreets, walk: list[tuple[int, bool]]) -> list[tuple[int, bool]]:
    """The walk without the detours, out of a corner and back to it, that meet nobody new."""
    walk = list(walk)
    full = streets.covered([e for e, _ in walk])
    shortened = True
    while shortened:
        shortened = False
        nodes = _nodes(streets.graph, walk)
        places: dict[int, list[int]] = {}
        for i, node in enumerate(nodes):
            places.setdefault(node, []).append(i)
        for visits in places.values():
            for i, j in pairwise(visits):
                rest = walk[:i] + walk[j:]
                if rest and streets.covered([e for e, _ in rest]) >= full - 1e-9:
                    walk, shortened = rest, True
                    break
            if shortened:
                break
    return walk


def _without_stubs(streets: AreaStreets, walk: list[tuple[int, bool]]) -> list[tuple[int, bool]]:
    """The walk without a few steps past a corner and straight back: no group does that to meet next to nobody."""
    walk = list(walk)
    i = 0
    while i + 1 < len(walk):
        (edge, flip), (after, back) = walk[i : i + 2]
        rest = walk[:i] + walk[i + 2 :]
        if (
            edge == after
            and flip != back
            and streets.graph.edge_m[edge] < STUB_M
            and rest
            and streets.covered([e for e, _ in rest])
            >= (1 - NEXT_TO_NOBODY) * streets.covered([e for e, _ in walk])
        ):
            walk, i = rest, max(i - 1, 0)
        else:
            i += 1
    return walk


def _nodes(graph: WalkGraph, walk: list[tuple[int, bool]]) -> list[int]:
    tail = [int(graph.edge_v[e] if flip else graph.edge_u[e]) for e, flip in walk]
    last, flip = walk[-1]
    return [*tail, int(graph.edge_u[last] if flip else graph.edge_v[last])]


def _explain(
    streets: AreaStreets,
    walk: list[tuple[int, bool]],
    home: int,
    gap: float,
    budget: float,
    pace_kmh: float,
    connected: NDArray[np.bool_],
    walkable: NDArray[np.bool_],
) -> Loop:
    graph = streets.graph
    edges = [e for e, _ in walk]
    length = float(graph.edge_m[edges].sum(dtype=np.float64))
    places = streets.places_met(edges)
    known = graph.edge_step_free[edges]
    metres = graph.edge_m[edges].astype(np.float64)
    return Loop(
        nodes=_nodes(graph, walk),
        edges=walk,
        geometry=_geometry(graph, walk),
        start=(float(graph.node_lat[home]), float(graph.node_lon[home])),
        start_gap_m=gap,
        length_m=length,
        minutes=length / pace_kmh * 60 / 1000,
        streets=_streets(streets, edges),
        reach_covered=streets.covered(edges),
        reach_total=streets.total(),
        residents=float(streets.reach[streets.edges_met(edges)].sum()),
        places=[graph.place_name[p] or graph.place_kinds[graph.place_kind[p]] for p in places],
        bound=most_reach(streets, walkable, home, budget),
        assumed=streets.assumed,
        step_free=StepFree(*(float(metres[known == value].sum()) for value in (1, 0, -1))),
        left_out=_left_out(streets, edges, connected, walkable),
        cues=cue_sheet(streets, walk, home, pace_kmh),
    )


def _geometry(graph: WalkGraph, walk: list[tuple[int, bool]]) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    for e, flip in walk:
        shape = graph.shape(e)[::-1] if flip else graph.shape(e)
        points += [(float(lon), float(lat)) for lat, lon in shape[bool(points) :]]
    return points


def _street_name(streets: AreaStreets, edge: int) -> str:
    index = int(streets.name[edge])
    return streets.graph.names[index] if index >= 0 else ""


def _streets(streets: AreaStreets, edges: list[int]) -> list[Street]:
    metres: dict[str, float] = {}
    for e in edges:
        name = _street_name(streets, e)
        metres[name] = metres.get(name, 0.0) + float(streets.graph.edge_m[e])
    return [Street(name, length) for name, length in metres.items()]


def _left_out(
    streets: AreaStreets, edges: list[int], connected: NDArray[np.bool_], walkable: NDArray[np.bool_]
) -> list[LeftOut]:
    """Streets, each once for each reason, then places, the most people first."""
    graph = streets.graph
    missed = streets.inside.copy()
    missed[streets.edges_met(edges)] = False
    residents = np.where(streets.reach > 0, streets.reach, 0.0)
    why = _why_left_out(streets, connected, walkable)
    totals: dict[tuple[str, str], list[float]] = {}
    for e in np.flatnonzero(missed & ((residents > 0) | (streets.why > 0)) & (streets.name >= 0)).tolist():
        row = totals.setdefault((_street_name(streets, e), why[e]), [0.0, 0.0])
        row[0] += float(residents[e])
        row[1] += float(graph.edge_m[e])
    out = [
        LeftOut("street", name, reason, reach, metres) for (name, reason), (reach, metres) in totals.items()
    ]
    met = set(streets.places_met(edges).tolist())
    for p in np.flatnonzero(streets.place_in).tolist():
        if p not in met:
            name = graph.place_name[p] or graph.place_kinds[graph.place_kind[p]]
            meets = streets.place_edges[p]
            reason = "time" if walkable[meets].any() else "far" if connected[meets].any() else "unreachable"
            out.append(LeftOut("place", name, reason, float(streets.place_reach[p]), 0.0))
    return sorted(out, key=lambda item: (-item.reach, -item.metres, item.what, item.name))


def _why_left_out(
    streets: AreaStreets, connected: NDArray[np.bool_], walkable: NDArray[np.bool_]
) -> list[str]:
    reasons = np.where(walkable, "time", np.where(connected, "far", "unreachable")).astype(object)
    for number, reason in enumerate(network.REASONS):
        if number:
            reasons[streets.why == number] = reason
    return list(reasons)
