"""Small towns for routing tests, laid out in metres, and a slow walker who tries every way through them."""

import itertools
import random

import shapely

from alongside.methods.ground import Frame
from alongside.methods.routing import Edges, Nodes, Places, WalkGraph, WayKind

ORIGIN = (0.0, 0.0)
GROUND = Frame(*ORIGIN)


def spot(east, north):
    """The latitude and longitude that many metres from the origin."""
    (lat,), (lon,) = GROUND.lat_lon([east, north])
    return float(lat), float(lon)


def town(points, edges, **columns):
    """A graph from {name: (east, north)} in metres and (from, to, street, residents) rows, all step-free homes."""
    index = {name: i for i, name in enumerate(points)}
    streets = sorted({row[2] for row in edges if row[2]})
    usual = {"kind": [WayKind.RESIDENTIAL] * len(edges), "step_free": [1] * len(edges)}
    lat, lon = GROUND.lat_lon(list(points.values()))
    return WalkGraph.build(
        Nodes(lat=lat, lon=lon),
        Edges(
            u=[index[row[0]] for row in edges],
            v=[index[row[1]] for row in edges],
            m=[_length(points[row[0]], points[row[1]]) for row in edges],
            name=[streets.index(row[2]) if row[2] else -1 for row in edges],
            names=streets,
            residents=[row[3] for row in edges],
            **(usual | of("edge", columns)),
        ),
        Places(**of("place", columns)),
    )


def of(what, columns):
    """Those columns that belong to edges, or to places: {"edge_kind": …} as {"kind": …}."""
    return {
        name.removeprefix(f"{what}_"): column
        for name, column in columns.items()
        if name.startswith(f"{what}_")
    }


def _length(a, b):
    return ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5


def grid(columns, rows, *, block=100, residents=lambda a, b: 10, **more):
    """A town of square blocks: avenues 0, 1, … run north, streets 0, 1, … run east."""
    points = {(c, r): (c * block, r * block) for r in range(rows) for c in range(columns)}
    edges = []
    for (c, r), (dc, dr) in itertools.product(points, ((1, 0), (0, 1))):
        there = (c + dc, r + dr)
        if there in points:
            name = f"Street {r}" if dc else f"Avenue {c}"
            edges.append(((c, r), there, name, residents((c, r), there)))
    return town(points, edges, **more)


def box(west, south, east, north):
    """An area from metres."""
    return GROUND.on_earth(shapely.box(west, south, east, north))


def everywhere():
    return box(-1000, -1000, 5000, 5000)


def random_town(seed, *, nodes=7, edges=10):
    """A few corners at random, joined at random, some of it steps, some of it closed to walkers."""
    dice = random.Random(seed)
    corners = dice.sample(list(itertools.product(range(0, 400, 10), repeat=2)), nodes)
    points = dict(enumerate(corners))
    pairs = [(i, dice.randrange(i)) for i in range(1, nodes)]
    others = [pair for pair in itertools.combinations(range(nodes), 2) if pair[::-1] not in pairs]
    pairs += dice.sample(others, edges - len(pairs))
    rows = [(a, b, f"Street {n % 5}", dice.randrange(0, 30)) for n, (a, b) in enumerate(pairs)]
    return town(
        points,
        rows,
        edge_step_free=[dice.choice((1, 1, 0, 0, -1)) for _ in rows],
        edge_avoid=[dice.random() < 0.1 for _ in rows],
    )


def most_residents(graph, *, home, budget, usable, meets=None):
    """The slow twin: every closed walk from home within the budget, and the most residents any of them meets.

    `meets` says what the edges walked are worth, where that is more than the residents of each.
    A state is (corner, streets walked); only the shortest way to each is kept.
    """
    at = {}
    for e in range(graph.edges):
        if usable[e]:
            u, v = int(graph.edge_u[e]), int(graph.edge_v[e])
            at.setdefault(u, []).append((e, v))
            at.setdefault(v, []).append((e, u))
    shortest = {(home, frozenset()): 0.0}
    waiting = [(home, frozenset())]
    while waiting:
        state = waiting.pop()
        node, walked = state
        for edge, there in at.get(node, ()):
            new = (there, walked | {edge})
            length = shortest[state] + float(graph.edge_m[edge])
            if length <= budget + 1e-6 and length < shortest.get(new, float("inf")) - 1e-9:
                shortest[new] = length
                waiting.append(new)
    meets = meets or (lambda walked: sum(float(graph.edge_residents[e]) for e in walked))
    return max(meets(sorted(walked)) for (node, walked) in shortest if node == home)
