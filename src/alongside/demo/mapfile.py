"""The map as OpenStreetMap would hold it, so that the streets are read like any other city's.

Ways are tagged the way mappers tag them: some streets say whether they have a sidewalk and most leave it
out, some crossings have a lowered kerb, the motorway and a gated lane are there and must not be walked, and
the paths on the island reach nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import osmium
import shapely
from osmium.osm import mutable
from scipy.spatial import KDTree
from shapely import LineString, Point, Polygon
from shapely.ops import substring

from alongside.demo.landmarks import PARK, Landmark
from alongside.demo.network import ARTERIAL, Network, lines_of
from alongside.demo.terrain import Frame, Terrain

FIRST_ID = 9_000_000_001  # far from real ids, so that nobody takes one for another
GATED = (4_850.0, -1_900.0, 330.0)  # a private estate: east, north, radius


@dataclass
class Way:
    nodes: list[int]
    tags: dict[str, str]


@dataclass
class Drawing:
    """Nodes and ways as they are drawn; the first nodes are the network's junctions."""

    points: list[tuple[float, float]] = field(default_factory=list)
    node_tags: dict[int, dict[str, str]] = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)

    def node(self, x: float, y: float, tags: dict[str, str] | None = None) -> int:
        self.points.append((float(x), float(y)))
        number = len(self.points) - 1
        if tags:
            self.node_tags[number] = dict(tags)
        return number

    def line(self, coordinates: np.ndarray, tags: dict[str, str]) -> list[int]:
        nodes = [self.node(x, y) for x, y in coordinates]
        self.ways.append(Way(nodes, dict(tags)))
        return nodes

    def ring(self, shape: Polygon, tags: dict[str, str]) -> None:
        nodes = [self.node(x, y) for x, y in shapely.get_coordinates(shape.exterior.simplify(1.0))[:-1]]
        self.ways.append(Way([*nodes, nodes[0]], dict(tags)))


def draw(terrain: Terrain, network: Network, landmarks: list[Landmark], rng: np.random.Generator) -> Drawing:
    """Everything the map file will hold."""
    drawing = Drawing(points=[(float(x), float(y)) for x, y in network.nodes])
    corners = KDTree(network.nodes)
    _streets(drawing, terrain, network, rng)
    _crossings(drawing, network, rng)
    _sidewalks(drawing, network, rng)
    _shortcuts(drawing, network, corners, terrain, rng)
    _parks(drawing, landmarks, corners, terrain, rng)
    _riverwalk(drawing, terrain, corners)
    _mall_paths(drawing, terrain, corners)
    _motorway(drawing, terrain)
    _island(drawing, terrain)
    _landmarks(drawing, landmarks)
    drawing.ring(
        terrain.river.intersection(terrain.outline.buffer(600)), {"natural": "water", "water": "river"}
    )
    drawing.line(shapely.get_coordinates(terrain.creek), {"waterway": "stream", "name": "Otter Creek"})
    return drawing


def _streets(drawing: Drawing, terrain: Terrain, network: Network, rng: np.random.Generator) -> None:
    """One way for each run of blocks that share a street and its tags."""
    tags = _street_tags(terrain, network, rng)
    by_street: dict[int, list[int]] = {}
    for edge, street in enumerate(network.street):
        by_street.setdefault(int(street), []).append(edge)
    for edges in by_street.values():
        for run in _runs(network, edges, tags):
            drawing.ways.append(Way(_through(drawing, network, run), dict(tags[abs(run[0]) - 1])))


def _runs(network: Network, edges: list[int], tags: list[dict[str, str]]) -> Iterator[list[int]]:
    """Chains of blocks joined end to end with like tags. Blocks count from 1, negative when walked backward."""
    at: dict[int, list[int]] = {}
    for edge in edges:
        for node in network.edges[edge]:
            at.setdefault(int(node), []).append(edge)
    left = set(edges)
    for edge in edges:
        if edge not in left:
            continue
        left.discard(edge)
        run = [edge + 1]
        for forward in (True, False):
            _extend(run, network, at, left, tags, forward=forward)
        yield run


def _extend(
    run: list[int],
    network: Network,
    at: dict[int, list[int]],
    left: set[int],
    tags: list[dict[str, str]],
    *,
    forward: bool,
) -> None:
    while True:
        last = run[-1] if forward else run[0]
        a, b = network.edges[abs(last) - 1]
        node = int((b if last > 0 else a) if forward else (a if last > 0 else b))
        following = [e for e in at[node] if e in left and tags[e] == tags[abs(last) - 1]]
        if not following:
            return
        edge = following[0]
        left.discard(edge)
        starts_here = int(network.edges[edge][0]) == node
        if forward:
            run.append(edge + 1 if starts_here else -edge - 1)
        else:
            run.insert(0, -edge - 1 if starts_here else edge + 1)


def _through(drawing: Drawing, network: Network, run: list[int]) -> list[int]:
    nodes: list[int] = []
    for step in run:
        edge = abs(step) - 1
        a, b = (int(node) for node in network.edges[edge])
        inner = shapely.get_coordinates(network.shapes[edge].simplify(0.8))[1:-1]
        between = [drawing.node(x, y) for x, y in inner]
        stretch = [a, *between, b] if step > 0 else [b, *between[::-1], a]
        nodes += stretch if not nodes else stretch[1:]
    return nodes


def _street_tags(terrain: Terrain, network: Network, rng: np.random.Generator) -> list[dict[str, str]]:
    """Tags by block. What a street is like is decided street by street, so that runs stay long."""
    middles = network.middle
    shapely.prepare(terrain.river)
    wet = shapely.intersects(terrain.river, network.shapes)
    gated = np.hypot(middles[:, 0] - GATED[0], middles[:, 1] - GATED[1]) < GATED[2]
    plain = {number: _plain_tags(network, number, rng) for number in np.unique(network.street)}
    tags = []
    for edge, street in enumerate(network.street):
        own = dict(plain[street])
        if wet[edge]:
            own |= {"bridge": "yes", "layer": "1", "sidewalk": "both", "name": own["name"]}
        if gated[edge] and own["highway"] == "residential":
            own |= {"access": "private"}
        tags.append(own)
    return tags


def _plain_tags(network: Network, number: int, rng: np.random.Generator) -> dict[str, str]:
    street = network.streets[number]
    at = (
        street.line.interpolate(0.5, normalized=True)
        if isinstance(street.line, LineString)
        else street.line.centroid
    )
    away = float(np.hypot(at.x, at.y))
    tags = {"highway": _highway(network, number, away, rng), "name": street.name}
    main = street.rank == ARTERIAL
    known = 0.85 if main else 0.6 if away < 2_600 else 0.35
    if rng.random() < known:
        better = 0.9 if away < 2_600 else 0.55
        tags["sidewalk"] = "both" if rng.random() < better else str(rng.choice(["left", "right", "no"]))
    if rng.random() < 0.5:
        brick = not main and away < 1_600 and rng.random() < 0.2
        tags["surface"] = "paving_stones" if brick else "asphalt" if rng.random() < 0.9 else "concrete"
        if rng.random() < (0.6 if away < 2_600 else 0.3):
            tags["smoothness"] = str(rng.choice(["excellent", "good", "good", "intermediate", "bad"]))
    if not main and rng.random() < 0.25:
        tags["width"] = f"{rng.choice([6.5, 7, 7.5, 8, 9]):g}"
    tags["maxspeed"] = {"primary": "35 mph", "secondary": "35 mph", "tertiary": "30 mph"}.get(
        tags["highway"], "25 mph"
    )
    if rng.random() < 0.4:
        tags["lit"] = "yes"
    return tags


def _highway(network: Network, number: int, away: float, rng: np.random.Generator) -> str:
    street = network.streets[number]
    if street.rank == ARTERIAL:
        if "bridge_road" in street.tags:
            return "primary"
        return "secondary" if street.line.length > 2_400 else "tertiary"
    if street.line.length < 330 and away < 900:
        return "pedestrian" if rng.random() < 0.5 else "living_street"
    return "tertiary" if street.line.length > 3_000 and rng.random() < 0.3 else "residential"


def _crossings(drawing: Drawing, network: Network, rng: np.random.Generator) -> None:
    """Marked crossings where small streets meet main roads; kerbs known at most of them."""
    main = np.array([street.rank == ARTERIAL for street in network.streets])[network.street]
    mains = np.bincount(network.edges[main].ravel(), minlength=len(network.nodes))
    for node in np.flatnonzero((mains > 0) & (network.degree > 2)):
        tags = {"highway": "traffic_signals" if mains[node] > 2 else "crossing"}
        if rng.random() < 0.7:
            tags |= {"crossing": "traffic_signals" if mains[node] > 2 else "marked"}
        if rng.random() < 0.6:
            tags |= {"kerb": str(rng.choice(["lowered", "lowered", "flush", "raised"]))}
        if rng.random() < 0.4:
            tags |= {"tactile_paving": str(rng.choice(["yes", "no"]))}
        drawing.node_tags[int(node)] = tags


def _sidewalks(drawing: Drawing, network: Network, rng: np.random.Generator) -> None:
    """In the middle of town some sidewalks are mapped as lines of their own, beside their main road."""
    main = np.array([street.rank == ARTERIAL for street in network.streets])[network.street]
    close = np.hypot(*network.middle.T) < 1_500
    for edge in np.flatnonzero(main & close & (network.length > 45)):
        beside = _eastern(network.shapes[edge], 9.0)
        inner = shapely.get_coordinates(substring(beside, 0.12, 0.88, normalized=True).simplify(0.8))
        a, b = (int(node) for node in network.edges[edge])
        name = network.streets[network.street[edge]].name
        tags = {
            "highway": "footway",
            "footway": "sidewalk",
            "surface": "concrete",
            "is_sidepath:of:name": name,
        }
        tags |= {"width": f"{rng.choice([1.5, 1.8, 2, 2.4]):g}"} if rng.random() < 0.6 else {}
        tags |= {"kerb": "lowered"} if rng.random() < 0.5 else {}
        ends = (
            (a, b)
            if np.hypot(*(inner[0] - network.nodes[a])) < np.hypot(*(inner[0] - network.nodes[b]))
            else (b, a)
        )
        drawing.ways.append(Way([ends[0], *(drawing.node(x, y) for x, y in inner), ends[1]], tags))


def _eastern(line: LineString, away: float) -> LineString:
    """The line moved `away` metres to its eastern side, so that one sidewalk stays on one side of its street."""
    points = shapely.get_coordinates(line)
    northward = points[-1][1] >= points[0][1]
    return line.offset_curve(-away if northward else away)


def _shortcuts(
    drawing: Drawing, network: Network, corners: KDTree, terrain: Terrain, rng: np.random.Generator
) -> None:
    """Footpaths from the end of a dead-end street through to the next one; on the hill they are steps."""
    closed = terrain.closed
    shapely.prepare(closed)
    dead_ends = np.flatnonzero(network.degree == 1)
    joined = {tuple(sorted(map(int, edge))) for edge in network.edges}
    for node in dead_ends:
        here = network.nodes[node]
        _, near = corners.query(here, k=7)
        for other in near[1:]:
            path = LineString([here, network.nodes[other]])
            apart = tuple(sorted((int(node), int(other)))) not in joined
            if 20 < path.length < 125 and apart and not closed.intersects(path) and rng.random() < 0.55:
                steep = np.hypot(here[0] + 1_950, here[1] - 2_450) < 1_300
                tags = {"highway": "steps", "step_count": "24"} if steep else {"highway": "footway"}
                tags |= {"surface": "concrete"} if rng.random() < 0.5 else {}
                drawing.ways.append(Way([int(node), int(other)], tags))
                break


def _parks(
    drawing: Drawing, landmarks: list[Landmark], corners: KDTree, terrain: Terrain, rng: np.random.Generator
) -> None:
    for place in landmarks:
        if place.kind not in (PARK, "cemetery") or place.shape is None:
            continue
        small = place.shape.area < 30_000
        if small:
            _across(drawing, place.shape, corners)
        else:
            _around(drawing, place.shape, corners, name=f"{place.name} Loop", rng=rng)


def _across(drawing: Drawing, shape: Polygon, corners: KDTree) -> None:
    """A small green has a path from corner to corner."""
    ends = [
        corners.query(point)[1] for point in shapely.get_coordinates(shape.minimum_rotated_rectangle)[[0, 2]]
    ]
    if ends[0] != ends[1]:
        at = drawing.node(shape.centroid.x, shape.centroid.y)
        drawing.ways.append(Way([int(ends[0]), at, int(ends[1])], {"highway": "footway", "surface": "paved"}))


def _around(
    drawing: Drawing, shape: Polygon, corners: KDTree, *, name: str, rng: np.random.Generator
) -> None:
    """A park has a loop path, an inner path, and gates to the streets around it."""
    inset = 38 if shape.area > 120_000 else 16
    lawn = shape.buffer(-inset)
    if lawn.is_empty or not isinstance(lawn, Polygon):
        return
    ring = shapely.get_coordinates(shapely.segmentize(lawn.exterior.simplify(4), 70))[:-1]
    tags = {
        "highway": "footway",
        "name": name,
        "surface": str(rng.choice(["asphalt", "asphalt", "fine_gravel"])),
        "width": "3",
        "smoothness": "good",
    }
    loop = [drawing.node(x, y) for x, y in ring]
    drawing.ways.append(Way([*loop, loop[0]], tags))
    if 4 * np.pi * shape.area / shape.length**2 > 0.5:  # a long thin park needs no way across
        half = len(ring) // 2
        across = [loop[0], *_bent(drawing, ring[0], ring[half]), loop[half]]
        drawing.ways.append(Way(across, {"highway": "path", "surface": "ground"}))
    gates = 0
    for place in range(0, len(ring), max(1, len(ring) // 7)):
        away, corner = corners.query(ring[place])
        if away < inset + 120:
            drawing.ways.append(Way([loop[place], int(corner)], {"highway": "footway"}))
            gates += 1
    if not gates:
        away, corner = corners.query(ring)
        best = int(away.argmin())
        drawing.ways.append(Way([loop[best], int(corner[best])], {"highway": "footway"}))


def _bent(drawing: Drawing, start: np.ndarray, end: np.ndarray) -> list[int]:
    middle = (start + end) / 2 + 0.12 * np.array([-(end - start)[1], (end - start)[0]])
    return [drawing.node(*middle)]


def _riverwalk(drawing: Drawing, terrain: Terrain, corners: KDTree) -> None:
    """A path along each bank, with a ramp or a flight of steps up to the street every little while."""
    banks = terrain.river.buffer(24).exterior.intersection(terrain.outline.buffer(-250))
    for bank in lines_of(shapely.line_merge(banks)):
        if bank.length < 900:
            continue
        points = shapely.get_coordinates(shapely.segmentize(bank.simplify(3), 90))
        nodes = drawing.line(
            points,
            {
                "highway": "footway",
                "name": "Riverwalk",
                "surface": "asphalt",
                "width": "3.5",
                "wheelchair": "yes",
            },
        )
        for place in range(2, len(points), 5):
            away, corner = corners.query(points[place])
            if away < 130:
                steps = place % 3 == 0
                tags = (
                    {"highway": "steps", "step_count": "18", "handrail": "yes"}
                    if steps
                    else {"highway": "footway"}
                )
                drawing.ways.append(Way([nodes[place], int(corner)], tags))


def _mall_paths(drawing: Drawing, terrain: Terrain, corners: KDTree) -> None:
    """The mall's ring road belongs to its owner; a public footway leads to the doors."""
    ring = terrain.mall.buffer(-14).exterior
    drawing.line(
        shapely.get_coordinates(shapely.segmentize(ring, 80)),
        {"highway": "service", "access": "private", "service": "driveway"},
    )
    doors = terrain.mall.buffer(-55)
    corner_nodes = corners.query(shapely.get_coordinates(terrain.mall.exterior)[:-1])[1]
    inside = drawing.node(doors.centroid.x, doors.centroid.y, {"entrance": "main", "wheelchair": "yes"})
    for corner in dict.fromkeys(int(node) for node in corner_nodes[:3]):
        drawing.ways.append(Way([corner, inside], {"highway": "footway", "surface": "concrete"}))


def _motorway(drawing: Drawing, terrain: Terrain) -> None:
    for side in (11.0, -11.0):
        line = terrain.motorway.offset_curve(side)
        points = shapely.get_coordinates(line)
        tags = {
            "highway": "motorway",
            "ref": "RT 9",
            "name": "Route 9",
            "oneway": "yes",
            "lanes": "2",
            "foot": "no",
        }
        drawing.line(points if side > 0 else points[::-1], tags)


def _island(drawing: Drawing, terrain: Terrain) -> None:
    """Heron Island: reached by canoe. Its paths belong to no walk that starts in the city."""
    drawing.ring(terrain.island, {"place": "island", "name": "Heron Island"})
    trail = terrain.island.buffer(-32)
    nodes = drawing.line(
        shapely.get_coordinates(shapely.segmentize(trail.exterior.simplify(4), 80))[:-1],
        {"highway": "path", "name": "Heron Island Trail", "surface": "ground"},
    )
    drawing.ways[-1].nodes.append(nodes[0])
    hut = Point(terrain.island.centroid)
    drawing.ways.append(
        Way([nodes[0], drawing.node(hut.x, hut.y), nodes[len(nodes) // 2]], {"highway": "path"})
    )


def _landmarks(drawing: Drawing, landmarks: list[Landmark]) -> None:
    for place in landmarks:
        number, street = place.address.split(" ", 1)
        tags = {**place.tags, "name": place.name, "addr:housenumber": number, "addr:street": street}
        if place.shape is not None:
            drawing.ring(place.shape, tags)
        else:
            drawing.node(place.x, place.y, tags)


def write(drawing: Drawing, frame: Frame, path: Path) -> None:
    """Write nodes, then ways, in order of id, as readers expect."""
    degrees = frame.degrees(np.array(drawing.points))
    header = osmium.io.Header()
    header.set("generator", "Alongside demo city: generated, not a real place")
    header.add_box(osmium.osm.Box(*degrees.min(axis=0), *degrees.max(axis=0)))
    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(path), header=header) as writer:
        for number, (longitude, latitude) in enumerate(degrees):
            writer.add_node(
                mutable.Node(
                    id=FIRST_ID + number,
                    location=(float(longitude), float(latitude)),
                    tags=drawing.node_tags.get(number, {}),
                    version=1,
                )
            )
        for number, way in enumerate(drawing.ways):
            nodes = [FIRST_ID + node for node in way.nodes]
            writer.add_way(mutable.Way(id=FIRST_ID + number, nodes=nodes, tags=way.tags, version=1))
