"""The streets: traced along the ground's own directions, the way hills, rivers and old surveys bend them.

Avenues follow the ground's heading and cross streets stand square to it. Lines are laid the way Jobard and
Lefer (1997) lay streamlines: each new one starts a block away from one already there, and stops where two
would run too close. Arterials go first and far apart; smaller streets fill the ground between.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from alongside.demo.terrain import HALF_WIDTH, Terrain, inside

Apart = tuple[np.ndarray, np.ndarray]  # for each family, how far apart its lines are wanted at every pixel
AVENUE, CROSS = 0, 1  # with the ground's heading; square to it
ARTERIAL, LOCAL = "arterial", "local"
PIXEL = 12.0  # metres: how finely "too close" is judged
STRIDE = 24.0  # metres between two points of a traced line


@dataclass
class Street:
    """One line on the plan, before crossings cut it into blocks."""

    line: BaseGeometry
    family: int
    rank: str
    name: str = ""
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Network:
    """Junctions and the blocks between them.

    nodes (n, 2) metres; edges (m, 2) node numbers; shapes: m lines; street: (m,) index into `streets`.
    """

    nodes: np.ndarray
    edges: np.ndarray
    shapes: np.ndarray
    street: np.ndarray
    streets: tuple[Street, ...]

    @property
    def length(self) -> np.ndarray:
        metres: np.ndarray = shapely.length(self.shapes)
        return metres

    @property
    def middle(self) -> np.ndarray:
        """(m, 2) the middle of every block."""
        middles = shapely.line_interpolate_point(self.shapes, 0.5, normalized=True)
        points: np.ndarray = shapely.get_coordinates(middles)
        return points

    @property
    def degree(self) -> np.ndarray:
        return np.bincount(self.edges.ravel(), minlength=len(self.nodes))


class Loom:
    """Lays lines over the ground, keeping those of one family a chosen distance apart."""

    def __init__(self, terrain: Terrain) -> None:
        self.size = int(2 * HALF_WIDTH / PIXEL) + 1
        self.nearest = np.full((2, self.size, self.size), np.float32(1e9))
        self.heading = terrain.heading
        self.step = terrain.step
        axis = np.arange(self.size) * PIXEL - HALF_WIDTH
        self.x, self.y = np.meshgrid(axis, axis)
        self._discs: dict[int, np.ndarray] = {}

    def ground(self, shape: BaseGeometry) -> np.ndarray:
        """`shape` as a picture: True where a line may run."""
        return inside(shape, self.x.ravel(), self.y.ravel()).reshape(self.x.shape)

    def weave(
        self,
        seeds: Iterable[tuple[float, float]],
        *,
        allowed: np.ndarray,
        apart: Apart,
        shortest: float,
        reach: float,
        families: tuple[int, ...] = (AVENUE, CROSS),
    ) -> list[tuple[int, np.ndarray]]:
        """Lines of both families from the seeds outward, until the allowed ground is full."""
        waiting = deque((family, x, y) for x, y in seeds for family in families)
        laid: list[tuple[int, np.ndarray]] = []
        while waiting:
            family, x, y = waiting.popleft()
            row, column = self._pixel(x, y)
            if not self._free(row, column, family, allowed, apart, 0.97):
                continue
            line = self._trace(family, x, y, allowed, apart, reach)
            if len(line) * STRIDE < shortest:
                continue
            self._mark(family, line, apart[family], reach)
            laid.append((family, line))
            waiting.extend(self._beside(family, line, apart))
            waiting.extend((1 - family, *point) for point in line[:: max(1, int(90 / STRIDE))])
        return laid

    def mark(self, family: int, line: np.ndarray, reach: float) -> None:
        """Tell the loom of a line laid by other means."""
        self._mark(family, line, np.full_like(self.nearest[0], reach), reach)

    def _pixel(self, x: float, y: float) -> tuple[int, int]:
        return round((y + HALF_WIDTH) / PIXEL), round((x + HALF_WIDTH) / PIXEL)

    def _free(
        self, row: int, column: int, family: int, allowed: np.ndarray, apart: Apart, share: float
    ) -> bool:
        if not (0 <= row < self.size and 0 <= column < self.size) or not allowed[row, column]:
            return False
        return bool(self.nearest[family, row, column] >= share * apart[family][row, column])

    def _angle(self, x: float, y: float, family: int) -> float:
        row = min(max(round((y + HALF_WIDTH) / self.step), 0), len(self.heading) - 1)
        column = min(max(round((x + HALF_WIDTH) / self.step), 0), len(self.heading) - 1)
        return float(self.heading[row, column]) + (np.pi / 2 if family == CROSS else 0.0)

    def _trace(
        self, family: int, x: float, y: float, allowed: np.ndarray, apart: Apart, reach: float
    ) -> np.ndarray:
        start = self._angle(x, y, family)
        forward = self._walk(family, x, y, start, allowed, apart)
        backward = self._walk(family, x, y, start + np.pi, allowed, apart)
        return np.array(backward[:0:-1] + forward)

    def _walk(
        self, family: int, x: float, y: float, toward: float, allowed: np.ndarray, apart: Apart
    ) -> list[tuple[float, float]]:
        points = [(x, y)]
        for _ in range(600):
            angle = self._angle(x, y, family)
            if np.cos(angle - toward) < 0:
                angle += np.pi
            # The ground's heading is kept in coarse squares: turn toward it gently.
            toward += 0.45 * ((angle - toward + np.pi) % (2 * np.pi) - np.pi)
            x, y = x + STRIDE * np.cos(toward), y + STRIDE * np.sin(toward)
            if not self._free(*self._pixel(x, y), family, allowed, apart, 0.56):
                break
            points.append((x, y))
        return points

    def _mark(self, family: int, line: np.ndarray, apart: np.ndarray, reach: float) -> None:
        every = max(1, int(reach / 6 / STRIDE))
        for x, y in line[::every]:
            row, column = self._pixel(x, y)
            if 0 <= row < self.size and 0 <= column < self.size:
                self._stamp(family, row, column, int(min(reach, apart[row, column] * 1.25) / PIXEL) + 1)

    def _stamp(self, family: int, row: int, column: int, radius: int) -> None:
        disc = self._disc(radius)
        top, left = max(row - radius, 0), max(column - radius, 0)
        bottom, right = min(row + radius + 1, self.size), min(column + radius + 1, self.size)
        part = disc[
            top - row + radius : bottom - row + radius, left - column + radius : right - column + radius
        ]
        view = self.nearest[family, top:bottom, left:right]
        np.minimum(view, part, out=view)

    def _disc(self, radius: int) -> np.ndarray:
        if radius not in self._discs:
            span = np.arange(-radius, radius + 1) * PIXEL
            away = np.hypot(*np.meshgrid(span, span)).astype(np.float32)
            self._discs[radius] = np.where(away <= radius * PIXEL, away, np.float32(1e9))
        return self._discs[radius]

    def _beside(self, family: int, line: np.ndarray, apart: Apart) -> list[tuple[int, float, float]]:
        """Places one block to either side of a line, where its neighbours may begin."""
        if len(line) < 3:
            return []
        ahead = np.gradient(line, axis=0)
        normal = np.column_stack([-ahead[:, 1], ahead[:, 0]]) / np.linalg.norm(ahead, axis=1)[:, None]
        places = []
        for (x, y), (across, along) in zip(line[::3], normal[::3], strict=True):
            row, column = self._pixel(x, y)
            if 0 <= row < self.size and 0 <= column < self.size:
                gap = float(apart[family][row, column]) * 1.01
                places += [
                    (family, x + gap * across, y + gap * along),
                    (family, x - gap * across, y - gap * along),
                ]
        return places


def lay_arterials(terrain: Terrain, loom: Loom) -> list[Street]:
    """The main roads: two bridges first, a street along each bank, then a wide web over the land."""
    bridges = [_bridge_road(terrain, loom, at) for at in (0.503, 0.372)]
    banks = _bank_roads(terrain)
    for street in bridges + banks:
        for part in lines_of(street.line):
            loom.mark(street.family, _dense(part), 1_150)
    closed = [terrain.river.buffer(30), *(park.shape.buffer(-25) for park in terrain.parks), terrain.mall]
    allowed = loom.ground(terrain.outline.buffer(120).difference(shapely.union_all(closed)))
    far = np.clip((np.hypot(loom.x + 200, loom.y) - 1_500) / 3_500, 0, 1)
    apart = ((690 + 330 * far).astype(np.float32), (820 + 420 * far).astype(np.float32))
    seeds = [
        tuple(point) for street in bridges for part in lines_of(street.line) for point in _dense(part)[::25]
    ]
    laid = loom.weave(seeds, allowed=allowed, apart=apart, shortest=620, reach=1_350)
    web = [Street(LineString(line), family, ARTERIAL) for family, line in laid]
    return bridges + banks + web


def _bridge_road(terrain: Terrain, loom: Loom, at: float) -> Street:
    """A road square to the river at `at` (a share of its length), across it and on through the city."""
    x, y = np.asarray(terrain.centreline.interpolate(at, normalized=True).coords)[0]
    everywhere = loom.ground(terrain.outline.difference(terrain.mall))
    wide = np.zeros_like(loom.nearest[0])
    line = LineString(loom._trace(CROSS, x, y, everywhere, (wide, wide), 0.0))
    return Street(line, CROSS, ARTERIAL, tags={"bridge_road": "yes"})


def _bank_roads(terrain: Terrain) -> list[Street]:
    line = terrain.river.buffer(62).exterior.intersection(terrain.outline)
    park = shapely.union_all([p.shape for p in terrain.parks if p.kind == "park"])
    parts = [part for part in lines_of(shapely.line_merge(line)) if part.length > 900]
    streets = []
    for part in parts:
        kept = part.difference(park.buffer(12))
        streets += [
            Street(piece.simplify(4), AVENUE, ARTERIAL, tags={"bank_road": "yes"})
            for piece in lines_of(kept)
            if piece.length > 250
        ]
    return streets


def lay_local(
    terrain: Terrain, loom: Loom, arterials: list[Street], rng: np.random.Generator
) -> list[Street]:
    """The streets people live on: a close grid by the landing, looser and curvier toward the edge."""
    loom.nearest[:] = 1e9
    for street in arterials:
        for part in lines_of(street.line):
            loom.mark(street.family, _dense(part), 240)
    allowed = loom.ground(terrain.land.difference(terrain.closed))
    far = np.clip((np.hypot(loom.x + 300, loom.y) - 900) / 4_200, 0, 1)
    drift = 1 + 0.16 * np.sin(loom.x / 640 + 1.1) * np.cos(loom.y / 780)
    apart = (
        ((92 + 28 * far) * drift).astype(np.float32),
        ((128 + 105 * far) * drift).astype(np.float32),
    )
    seeds = [
        tuple(point) for street in arterials for part in lines_of(street.line) for point in _dense(part)[::4]
    ]
    seeds += [tuple(p) for p in rng.uniform(-HALF_WIDTH, HALF_WIDTH, (4_000, 2))]
    laid = loom.weave(seeds, allowed=allowed, apart=apart, shortest=130, reach=300)
    return [Street(LineString(line), family, LOCAL) for family, line in laid]


def knot(streets: list[Street], *, keep: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Network:
    """Cut all lines where they cross; drop loose ends; join junctions that are nearly one.

    keep(middles (m, 2), ranks (m,) bool arterial) → (m,) bool: False takes the block off the plan.
    """
    pieces = shapely.get_parts(shapely.union_all([street.line for street in streets]))
    pieces = pieces[shapely.length(pieces) > 1.0]
    half = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    owner = _owners(streets, half)
    arterial = np.array([street.rank == ARTERIAL for street in streets])[owner]
    chosen = keep(shapely.get_coordinates(half), arterial)
    nodes, edges = _graph(pieces[chosen])
    return _tidy(nodes, edges, pieces[chosen], owner[chosen], tuple(streets))


def _owners(streets: list[Street], points: np.ndarray) -> np.ndarray:
    """(m,) the street that each point lies on. Streets are looked up a stretch at a time: they are long."""
    starts, ends, numbers = [], [], []
    for number, street in enumerate(streets):
        for part in lines_of(street.line):
            coordinates = shapely.get_coordinates(part)
            starts.append(coordinates[:-1])
            ends.append(coordinates[1:])
            numbers.append(np.full(len(coordinates) - 1, number))
    stretches = shapely.linestrings(np.stack([np.concatenate(starts), np.concatenate(ends)], axis=1))
    nearest: np.ndarray = shapely.STRtree(stretches).nearest(points)
    owners: np.ndarray = np.concatenate(numbers)[nearest]
    return owners


def _graph(pieces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    ends = np.concatenate(
        [
            shapely.get_coordinates(shapely.get_point(pieces, 0)),
            shapely.get_coordinates(shapely.get_point(pieces, -1)),
        ]
    )
    nodes, number = np.unique(ends.round(2), axis=0, return_inverse=True)
    return nodes, number.reshape(2, -1).T


def _tidy(
    nodes: np.ndarray, edges: np.ndarray, shapes: np.ndarray, owner: np.ndarray, streets: tuple[Street, ...]
) -> Network:
    nodes, edges, shapes, owner = _merge_close(nodes, edges, shapes, owner, within=16.0)
    for _ in range(2):
        degree = np.bincount(edges.ravel(), minlength=len(nodes))
        loose = (degree[edges] == 1).any(axis=1)
        long_enough = shapely.length(shapes) > 78
        arterial = np.array([street.rank == ARTERIAL for street in streets])[owner]
        stay = ~loose | long_enough | (arterial & (shapely.length(shapes) > 240))
        edges, shapes, owner = edges[stay], shapes[stay], owner[stay]
    stay = _largest(len(nodes), edges)
    edges, shapes, owner = edges[stay], shapes[stay], owner[stay]
    used, number = np.unique(edges, return_inverse=True)
    return Network(nodes[used], number.reshape(-1, 2), shapes, owner, streets)


def _merge_close(
    nodes: np.ndarray, edges: np.ndarray, shapes: np.ndarray, owner: np.ndarray, *, within: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Two junctions a few steps apart are one junction."""
    short = shapely.length(shapes) < within
    pairs = coo_array((np.ones(short.sum()), (edges[short, 0], edges[short, 1])), shape=(len(nodes),) * 2)
    count, group = connected_components(pairs, directed=False)
    size = np.bincount(group, minlength=count)
    centre = np.column_stack([np.bincount(group, nodes[:, axis], count) / size for axis in (0, 1)])
    edges, shapes, owner = group[edges], shapes, owner
    real = (edges[:, 0] != edges[:, 1]) & ~short
    edges, shapes, owner = edges[real], shapes[real], owner[real]
    shapes = np.array(
        [_pinned(shape, centre[a], centre[b]) for shape, (a, b) in zip(shapes, edges, strict=True)]
    )
    pair = np.sort(edges, axis=1)
    _, first = np.unique(pair, axis=0, return_index=True)
    first.sort()
    return centre, edges[first], shapes[first], owner[first]


def _pinned(shape: LineString, start: np.ndarray, end: np.ndarray) -> LineString:
    """The same line with its ends moved onto its junctions."""
    points = shapely.get_coordinates(shape).copy()
    points[0], points[-1] = start, end
    return LineString(points)


def _largest(size: int, edges: np.ndarray) -> np.ndarray:
    links = coo_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(size, size))
    _, group = connected_components(links, directed=False)
    biggest = np.bincount(group[edges[:, 0]]).argmax()
    kept: np.ndarray = group[edges[:, 0]] == biggest
    return kept


def lines_of(geometry: BaseGeometry) -> list[LineString]:
    """The lines in whatever came out of an overlay."""
    if isinstance(geometry, LineString):
        return [geometry] if geometry.length else []
    if isinstance(geometry, MultiLineString) or hasattr(geometry, "geoms"):
        return [part for part in geometry.geoms if isinstance(part, LineString) and part.length]
    return []


def blocks_of(network: Network) -> np.ndarray:
    """The ground between streets: an array of polygons."""
    blocks: np.ndarray = shapely.get_parts(shapely.polygonize(network.shapes))
    return blocks


def _dense(line: LineString) -> np.ndarray:
    points: np.ndarray = shapely.get_coordinates(shapely.segmentize(line, STRIDE))
    return points
