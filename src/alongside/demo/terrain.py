"""The ground under Riverbend: where it lies, its river, its edge, and which way its streets want to run.

Everything here is in metres east and north of the old landing; only `Frame` knows latitude and longitude.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from scipy.spatial import KDTree
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from alongside.methods import ground

# Fields and woods in western Kentucky. No town stands here: the map is real, the city is not.
ORIGIN_LATITUDE = 37.715
ORIGIN_LONGITUDE = -86.335

HALF_WIDTH = 7200.0  # the square of ground we draw on reaches this far from the landing


@dataclass(frozen=True)
class Frame:
    """Metres on a flat map, to and from degrees."""

    latitude: float = ORIGIN_LATITUDE
    longitude: float = ORIGIN_LONGITUDE

    @property
    def _ground(self) -> ground.Frame:
        return ground.Frame(self.latitude, self.longitude)

    def degrees(self, xy: np.ndarray) -> np.ndarray:
        """(n, 2) metres → (n, 2) longitude, latitude, to seven decimals as OpenStreetMap keeps them."""
        latitude, longitude = self._ground.lat_lon(xy)
        return np.column_stack([longitude, latitude]).round(7)

    def metres(self, lonlat: np.ndarray) -> np.ndarray:
        """(n, 2) longitude, latitude → (n, 2) metres."""
        lonlat = np.atleast_2d(np.asarray(lonlat, dtype=float))
        return self._ground.xy(lonlat[:, 1], lonlat[:, 0])

    def shape(self, geometry: BaseGeometry) -> BaseGeometry:
        """A geometry in metres → the same in degrees."""
        return shapely.transform(geometry, self.degrees)


@dataclass(frozen=True)
class Park:
    name: str
    shape: Polygon
    kind: str = "park"  # or cemetery, or industrial: ground where streets do not go


@dataclass(frozen=True)
class Terrain:
    """The ground, before anyone built on it."""

    outline: Polygon
    centreline: LineString
    river: Polygon
    island: Polygon
    creek: LineString
    motorway: LineString
    parks: tuple[Park, ...]
    mall: Polygon
    heading: np.ndarray  # (rows, columns) the angle, in radians, that avenues follow
    step: float  # metres between two rows or columns of `heading`

    @property
    def land(self) -> BaseGeometry:
        return self.outline.difference(self.river)

    @property
    def closed(self) -> BaseGeometry:
        """Where no ordinary street goes: water, parks, yards, the mall's own land, the motorway's verge."""
        verges = [self.motorway.buffer(55), self.creek.buffer(38), self.mall]
        return shapely.union_all([self.river.buffer(28), *verges, *(park.shape for park in self.parks)])

    def side(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """True on the west bank, where the city began."""
        line = np.asarray(self.centreline.coords)
        _, near = KDTree(line).query(np.column_stack([x, y]))
        near = np.clip(near, 0, len(line) - 2)
        ahead = line[near + 1] - line[near]
        here = np.column_stack([x, y]) - line[near]
        left: np.ndarray = ahead[:, 0] * here[:, 1] - ahead[:, 1] * here[:, 0] > 0
        return left


def survey(rng: np.random.Generator) -> Terrain:
    """Lay out the ground. The plan is fixed; the generator only moves it about a little."""
    centreline = _meander(rng)
    outline = _outline(rng)
    river, island = _river(centreline)
    creek = _creek(centreline, rng)
    motorway = _motorway(rng)
    parks = _parks(centreline, river, rng)
    heading, step = _heading(centreline, rng)
    return Terrain(
        outline=outline,
        centreline=centreline,
        river=river,
        island=island,
        creek=creek,
        motorway=motorway,
        parks=parks,
        mall=_mall(),
        heading=heading,
        step=step,
    )


def _meander(rng: np.random.Generator) -> LineString:
    """A sine-generated curve, the shape rivers take (Langbein and Leopold, 1966), running south to north."""
    metres = np.arange(-12_000.0, 12_000.0, 40.0)
    phase = rng.normal(0, 0.06)
    angle = (
        np.radians(93)
        + 0.80 * np.sin(2 * np.pi * metres / 8_600 + 0.45 + phase)
        + 0.20 * np.sin(2 * np.pi * metres / 3_900 + 2.1)
    )
    x, y = np.cumsum(40 * np.cos(angle)), np.cumsum(40 * np.sin(angle))
    middle = len(metres) // 2
    return LineString(np.column_stack([x - x[middle] + 620, y - y[middle]]))


def _river(centreline: LineString) -> tuple[Polygon, Polygon]:
    """The banks, widening in the north around an island that no bridge reaches."""
    line = np.asarray(centreline.coords)
    along = np.arange(len(line)) * 40.0 - 12_000
    ahead = np.gradient(line, axis=0)
    normal = np.column_stack([-ahead[:, 1], ahead[:, 0]]) / np.linalg.norm(ahead, axis=1)[:, None]
    swell = np.exp(-(((along - 3_350) / 620) ** 2))
    width = 118 + 16 * np.sin(along / 1_300) + 10 * np.sin(along / 410) + 128 * swell
    river = Polygon(np.vstack([line + normal * width[:, None], (line - normal * width[:, None])[::-1]]))
    lens = np.clip(1 - ((along - 3_350) / 640) ** 2, 0, None) ** 0.8 * 112
    body = lens > 0
    left = line[body] + normal[body] * (lens[body] * 0.9 + 12)[:, None]
    right = line[body] - normal[body] * (lens[body] * 1.05 - 12)[:, None]
    return river.buffer(0), Polygon(np.vstack([left, right[::-1]])).buffer(0)


def _outline(rng: np.random.Generator) -> Polygon:
    """The city's edge: a rounded shape with the bays and corners that annexation leaves."""
    turn = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    radius = 5_350 * (
        1
        + 0.10 * np.cos(2 * turn + 0.5)
        + 0.055 * np.cos(3 * turn + 2.2)
        + 0.035 * np.cos(5 * turn + rng.uniform(0, 6))
        + 0.02 * np.cos(9 * turn + rng.uniform(0, 6))
    )
    return Polygon(np.column_stack([radius * np.cos(turn) - 250, radius * np.sin(turn) - 100]))


def _creek(centreline: LineString, rng: np.random.Generator) -> LineString:
    """Otter Creek comes in from the west and meets the river in the south."""
    mouth = np.asarray(centreline.interpolate(0.40, normalized=True).coords)[0]
    t = np.linspace(0, 1, 90)
    source = np.array([-6_400.0, 900.0])
    line = source + (mouth - source) * t[:, None]
    wander = (260 * np.sin(7.5 * t + 0.4) + 110 * np.sin(19 * t + rng.uniform(0, 1))) * np.sin(
        np.pi * t
    ) ** 0.6
    ahead = (mouth - source) / np.linalg.norm(mouth - source)
    return LineString(line + wander[:, None] * np.array([-ahead[1], ahead[0]]))


def _motorway(rng: np.random.Generator) -> LineString:
    """Route 9 sweeps past the west side. People must never be sent along it."""
    t = np.linspace(0, 1, 120)
    x = -3_150 + 520 * np.sin(7.2 * t + 0.2) + 2_600 * (t - 0.42) ** 2
    y = 7_000 - 14_000 * t
    return LineString(np.column_stack([x - rng.uniform(0, 60), y]))


def _blob(x: float, y: float, across: float, along: float, turn: float, rng: np.random.Generator) -> Polygon:
    """A park-like shape: a squarish oval, a little uneven."""
    angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    power = 0.62
    px = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power * across / 2
    py = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** power * along / 2
    uneven = 1 + 0.07 * np.cos(3 * angle + rng.uniform(0, 6)) + 0.04 * np.cos(5 * angle + rng.uniform(0, 6))
    px, py = px * uneven, py * uneven
    return Polygon(
        np.column_stack(
            [x + px * np.cos(turn) - py * np.sin(turn), y + px * np.sin(turn) + py * np.cos(turn)]
        )
    )


def _parks(centreline: LineString, river: Polygon, rng: np.random.Generator) -> tuple[Park, ...]:
    green = [
        Park("Signal Hill Park", _blob(-1_950, 2_450, 880, 760, 0.3, rng)),
        Park("Founders Park", _blob(-1_250, -350, 420, 300, 0.2, rng)),
        Park("Meadowlark Park", _blob(3_050, 900, 720, 560, -0.3, rng)),
        Park("Grange Park", _blob(-4_000, -3_150, 620, 460, 0.1, rng)),
        Park("Quarry Lake Park", _blob(-4_350, -1_350, 620, 640, 0.5, rng)),
        Park("Eastbank Commons", _blob(2_000, -1_650, 430, 330, -0.2, rng)),
        Park("Highmeadow Fields", _blob(-4_300, 3_150, 560, 420, 0.0, rng)),
        Park("Evergreen Cemetery", _blob(1_950, 3_250, 520, 420, 0.4, rng), "cemetery"),
        Park("St. Anne's Cemetery", _blob(-2_450, -2_450, 380, 330, 0.2, rng), "cemetery"),
        Park("South Yards", _blob(1_050, -4_300, 460, 800, 0.1, rng), "industrial"),
        Park("Northgate Works", _blob(-700, 4_250, 640, 420, 0.15, rng), "industrial"),
    ]
    strand = substring(centreline, 0.485, 0.545, normalized=True)
    landing = strand.buffer(225, cap_style="flat").difference(centreline.buffer(118))
    west = [part for part in getattr(landing, "geoms", [landing]) if part.centroid.x < strand.centroid.x]
    waterfront = [Park("Landing Park", west[0])] if west and isinstance(west[0], Polygon) else []
    return tuple(_dry(park, river) for park in green + waterfront)


def _dry(park: Park, river: Polygon) -> Park:
    """The park without the part that would lie in the river."""
    land = park.shape.difference(river.buffer(34))
    return replace(park, shape=max(shapely.get_parts(land), key=shapely.area))


def _mall() -> Polygon:
    """Riverbend Mall and its car parks, beside Route 9."""
    corner, turn = np.array([-2_420.0, -3_330.0]), 0.12
    shape = np.array([(0, 0), (520, 0), (520, 170), (560, 170), (560, 390), (0, 390)], dtype=float)
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return Polygon(shape @ spin + corner)


def _heading(centreline: LineString, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """Which way avenues run, everywhere: with the river near it, with each old survey grid away from it.

    Directions are averaged as tensors (doubled angles), so that 89° and 271° agree instead of cancelling.
    """
    step = 60.0
    axis = np.arange(-HALF_WIDTH, HALF_WIDTH + step, step)
    x, y = np.meshgrid(axis, axis)
    line = np.asarray(centreline.coords)
    ahead = np.gradient(line, axis=0)
    angle = np.arctan2(ahead[:, 1], ahead[:, 0])
    apart, near = KDTree(line).query(np.column_stack([x.ravel(), y.ravel()]))
    doubled = (
        np.exp(2j * angle[near]).reshape(x.shape) * np.exp(-((apart.reshape(x.shape) / 1_050) ** 2)) * 1.4
    )
    grids = [  # where each grid's survey began (metres), its avenues' bearing (degrees from east), its reach
        (-900, 300, 97, 1_500),
        (-3_000, 2_600, 112, 1_900),
        (-3_600, -2_000, 80, 2_000),
        (-600, -3_600, 90, 1_500),
        (-700, 3_700, 84, 1_500),
        (2_900, 1_300, 70, 1_700),
        (2_800, -2_500, 101, 1_900),
        (-5_200, 300, 95, 1_500),
    ]
    for east, north, bearing, reach in grids:
        pull = np.exp(-(((x - east) ** 2 + (y - north) ** 2) / reach**2))
        doubled = doubled + pull * np.exp(2j * np.radians(bearing + rng.normal(0, 1.5)))
    # A hill in the north-west: streets go around it.
    east, north = x + 1_950, y - 2_450
    around = np.arctan2(north, east) + np.pi / 2
    doubled = doubled + 1.1 * np.exp(-((east**2 + north**2) / 850**2)) * np.exp(2j * around)
    # The newer edge was drawn by hand, with curves.
    far = np.clip((np.hypot(x, y) - 2_600) / 2_200, 0, 1)
    sway = 0.24 * np.sin(x / 520 + 0.8) * np.sin(y / 610 + 0.3) + 0.12 * np.sin((x + y) / 350)
    return np.angle(doubled) / 2 + far * sway, step


def inside(shape: BaseGeometry, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Which of the points (x, y) lie in `shape`."""
    shapely.prepare(shape)
    within: np.ndarray = shapely.contains_xy(shape, x, y)
    return within


def middle(shape: BaseGeometry) -> Point:
    """A point that is surely inside, near the middle where the shape allows."""
    return shape.centroid if shape.contains(shape.centroid) else shape.representative_point()


def which(shapes: list[BaseGeometry], spots: np.ndarray) -> np.ndarray:
    """(n,) the shape that each of (n, 2) points lies in; for a point between shapes, the nearest."""
    index = np.full(len(spots), -1)
    for number, shape in enumerate(shapes):
        west, south, east, north = shape.bounds
        x, y = spots.T
        near = np.flatnonzero((index < 0) & (x >= west) & (x <= east) & (y >= south) & (y <= north))
        index[near[inside(shape, *spots[near].T)]] = number
    lost = np.flatnonzero(index < 0)
    if len(lost):
        edges, owner = shapely.get_coordinates(np.array(shapes, dtype=object), return_index=True)
        index[lost] = owner[KDTree(edges).query(spots[lost])[1]]
    return index
