"""Who lives where, and the names of places: tracts, neighborhoods, beats and divisions.

All are built from the same small pieces of ground between main roads, so that boundaries run along streets
and water as they do in real cities; but divisions are grouped without regard to neighborhoods, so some
neighborhoods lie in two of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from alongside.demo.network import ARTERIAL, LOCAL, Network, lines_of
from alongside.demo.terrain import Terrain, inside, middle, which

RESIDENTS = 241_380
DIVISIONS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth")


@dataclass
class District:
    """One area on a map of areas."""

    code: str
    name: str
    shape: BaseGeometry
    population: int
    parent: str = ""


@dataclass(frozen=True)
class Wish:
    """Where a name would feel at home: its bank (None: either), and what it would lie near (metres east, north)."""

    name: str
    west: bool | None
    near: tuple[float, float]


# The first matter most.
NAMES = (
    Wish("Old Landing", True, (100, 250)),
    Wish("Mill Row", True, (300, -1_300)),
    Wish("Eastbank", False, (1_700, -500)),
    Wish("Three Oaks", True, (-1_400, -900)),
    Wish("Signal Hill", True, (-1_950, 2_500)),
    Wish("Ferry Reach", True, (-1_000, 1_500)),
    Wish("Cathedral Square", True, (-900, 400)),
    Wish("Founders Park", True, (-1_900, 100)),
    Wish("Tanner's Yard", True, (-600, -2_400)),
    Wish("Lantern Heights", False, (600, 2_300)),
    Wish("Evergreen", False, (2_000, 3_300)),
    Wish("Meadowlark", False, (3_100, 1_000)),
    Wish("Bluffside", False, (1_100, 900)),
    Wish("Orchard Terrace", False, (3_000, -1_000)),
    Wish("South Yards", False, (1_050, -4_000)),
    Wish("Cooper's Bend", False, (1_400, -2_600)),
    Wish("Quarry Lake", True, (-4_300, -1_300)),
    Wish("Highmeadow", None, (-4_400, 3_000)),
    Wish("Grange Hall", True, (-4_000, -3_000)),
    Wish("Fairground", None, (-2_100, -3_500)),
    Wish("Northgate", False, (-400, 4_300)),
    Wish("Linden Grove", None, (4_300, -2_700)),
    Wish("Willow Flats", None, (-3_300, -600)),
    Wish("Pepperidge", True, (-3_200, 1_200)),
    Wish("Wren's Corner", None, (4_500, 300)),
    Wish("Fiddler's Green", True, (-5_200, 800)),
    Wish("Brightwater", None, (-2_600, 4_000)),
    Wish("Stonebridge", None, (3_600, 2_500)),
)


@dataclass(frozen=True)
class Patchwork:
    """The pieces every kind of area is made of, and who lives on each."""

    pieces: np.ndarray
    population: np.ndarray
    homes: np.ndarray  # residents' weight per metre of street, by network edge


def settle(terrain: Terrain, network: Network, rng: np.random.Generator) -> Patchwork:
    """Cut the city into pieces along main roads and water, and let people move in along the streets."""
    pieces = _pieces(terrain, network)
    homes = _density(terrain, network, rng) * network.length
    homes *= RESIDENTS / homes.sum()
    belongs = which(list(pieces), network.middle)
    population = np.bincount(belongs, homes, len(pieces))
    return Patchwork(pieces, population, homes)


def _pieces(terrain: Terrain, network: Network) -> np.ndarray:
    # The roads along the banks are left out: a strip between road and water is nobody's neighborhood.
    bounds = [street.rank == ARTERIAL and "bank_road" not in street.tags for street in network.streets]
    ground = terrain.land
    cuts = shapely.union_all(
        [
            *network.shapes[np.array(bounds)[network.street]],
            terrain.outline.boundary,
            terrain.river.boundary.intersection(terrain.outline),
        ]
    )
    faces = [
        face for face in shapely.get_parts(shapely.polygonize([*lines_of(cuts)])) if _mostly(face, ground)
    ]
    streets = [s for s in network.streets if s.rank == LOCAL and s.line.length > 600]
    tree = shapely.STRtree([street.line for street in streets])
    done: list[Polygon] = []
    while faces:
        face = faces.pop()
        halves = (
            _halve(face, [streets[i].line for i in tree.query(face)]) if face.area > _roomy(face) else None
        )
        if halves:
            faces.extend(halves)
        else:
            done.append(face)
    return np.array(_absorb_slivers(done), dtype=object)


def _roomy(face: Polygon) -> float:
    """Square metres above which a piece is worth cutting: less by the landing, where people live closer."""
    return float(7e5 + 8e5 * np.clip((np.hypot(face.centroid.x, face.centroid.y) - 1_500) / 2_000, 0, 1))


def _mostly(face: Polygon, ground: BaseGeometry) -> bool:
    return bool(ground.contains(face.representative_point()))


def _halve(face: Polygon, lines: list[LineString]) -> list[Polygon] | None:
    """Split a piece along the street that does so most evenly, if any does so fairly."""
    best, fairest = None, 0.3
    for line in lines:
        longer = LineString(_stretched(shapely.get_coordinates(line), 260))
        parts = [part for part in split(face, longer).geoms if isinstance(part, Polygon)]
        if len(parts) == 2:
            share = min(part.area for part in parts) / face.area
            if share > fairest:
                best, fairest = parts, share
    return best


def _stretched(points: np.ndarray, by: float) -> np.ndarray:
    first, last = points[0] - points[1], points[-1] - points[-2]
    return np.vstack(
        [
            points[0] + first / np.linalg.norm(first) * by,
            points,
            points[-1] + last / np.linalg.norm(last) * by,
        ]
    )


def _absorb_slivers(pieces: list[Polygon]) -> list[Polygon]:
    """A strip between a road and a bank belongs to the ground it touches most."""
    pieces = sorted(pieces, key=lambda piece: piece.area)
    while pieces and _thin(pieces[0]):
        sliver = pieces.pop(0)
        touch = [shapely.length(piece.boundary.intersection(sliver.boundary)) for piece in pieces]
        most = int(np.argmax(touch))
        if touch[most] == 0:
            continue
        joined = pieces[most].union(sliver)
        pieces[most] = joined if isinstance(joined, Polygon) else pieces[most]
        pieces.sort(key=lambda piece: piece.area)
    return pieces


def _thin(piece: Polygon) -> bool:
    return bool(piece.area < 160_000)


def _density(terrain: Terrain, network: Network, rng: np.random.Generator) -> np.ndarray:
    """Residents per metre of street, before scaling: crowded near the landing, few by yards and main roads."""
    x, y = network.middle.T
    away = np.hypot(x + 500, y - 100)
    density = (
        0.55 + 1.5 * np.exp(-((away / 2_300) ** 2)) - 0.7 * np.exp(-((np.hypot(x - 150, y - 150) / 520) ** 2))
    )
    density *= 1 + 0.35 * np.sin(x / 900 + 0.4) * np.sin(y / 1_050 + 1.2)
    ranks = np.array([street.rank == ARTERIAL for street in network.streets])[network.street]
    density = np.where(ranks, density * 0.35, density)
    for park in terrain.parks:
        if park.kind == "industrial":
            density = np.where(inside(park.shape.buffer(330), x, y), density * 0.25, density)
    density = np.where(inside(terrain.mall.buffer(150), x, y), 0.02, density)
    return np.clip(density, 0.02, None) * rng.gamma(9, 1 / 9, len(density))


def tracts(patchwork: Patchwork, terrain: Terrain) -> list[District]:
    """Census-like tracts: one a piece, the river left out."""
    districts = []
    order = np.argsort([-(middle(piece).y) for piece in patchwork.pieces])
    for number, index in enumerate(order, start=1):
        code = f"21999{number:04d}00"
        shape = _trim(patchwork.pieces[index], terrain)
        districts.append(District(code, f"Tract {number}", shape, round(patchwork.population[index])))
    return districts


def neighborhoods(patchwork: Patchwork, terrain: Terrain) -> list[District]:
    """Neighborhoods with the names people use."""
    groups = _group(patchwork, len(NAMES), weight=_uneven, balance=0.55)
    shapes = [_trim(shapely.union_all(patchwork.pieces[group]), terrain) for group in groups]
    spots = np.array([[middle(shape).x, middle(shape).y] for shape in shapes])
    west = terrain.side(*spots.T)
    names = _christen(spots, west)
    districts = [
        District(_slug(name), name, shape, round(patchwork.population[group].sum()))
        for name, shape, group in zip(names, shapes, groups, strict=True)
    ]
    return sorted(districts, key=lambda area: area.name)


def divisions(patchwork: Patchwork, terrain: Terrain) -> tuple[list[District], list[District]]:
    """Eight divisions of like size, and the beats inside them."""
    groups = _group(patchwork, len(DIVISIONS), weight=_people, balance=1.1)
    wholes = [shapely.union_all(patchwork.pieces[group]) for group in groups]
    groups = [groups[place] for place in _numbered(wholes)]
    districts, beats = [], []
    for number, (word, group) in enumerate(zip(DIVISIONS, groups, strict=True), start=1):
        name = f"{word} Division"
        whole = _trim(shapely.union_all(patchwork.pieces[group]), terrain)
        districts.append(District(str(number), name, whole, round(patchwork.population[group].sum())))
        beats += _beats(patchwork, terrain, group, number, name)
    return districts, beats


def _beats(
    patchwork: Patchwork, terrain: Terrain, group: np.ndarray, number: int, division: str
) -> list[District]:
    part = Patchwork(patchwork.pieces[group], patchwork.population[group], patchwork.homes)
    wanted = max(2, min(len(group), 5))
    beats = []
    for order, members in enumerate(_group(part, wanted, weight=_people, balance=1.1), 1):
        code = f"{number}{order}{1 + (number + order) % 5}"
        shape = _trim(shapely.union_all(part.pieces[members]), terrain)
        beats.append(District(code, f"Beat {code}", shape, round(part.population[members].sum()), division))
    return beats


def _numbered(shapes: list[BaseGeometry]) -> list[int]:
    """The First is where the city began; the others are counted clockwise from there."""
    first = min(range(len(shapes)), key=lambda place: shapes[place].distance(Point(-100, 150)))
    turn = [np.arctan2(shape.centroid.x, shape.centroid.y) for shape in shapes]
    return sorted(range(len(shapes)), key=lambda place: (turn[place] - turn[first]) % (2 * np.pi))


def _people(_: np.ndarray, patchwork: Patchwork) -> np.ndarray:
    return patchwork.population


def _uneven(spots: np.ndarray, patchwork: Patchwork) -> np.ndarray:
    """Old neighborhoods near the landing are small, those at the edge large, and empty ground counts too."""
    away = np.hypot(spots[:, 0], spots[:, 1])
    ground = shapely.area(patchwork.pieces) / 1e6
    load: np.ndarray = (patchwork.population + 1_700 * ground) * (1.35 - 0.5 * np.clip(away / 5_000, 0, 1))
    return load


def _group(
    patchwork: Patchwork,
    wanted: int,
    *,
    weight: Callable[[np.ndarray, Patchwork], np.ndarray],
    balance: float,
) -> list[np.ndarray]:
    """Join neighbouring pieces, the lightest first and by the longest shared edge, until `wanted` remain."""
    shared = _shared_edges(patchwork.pieces)
    spots = np.array([[middle(piece).x, middle(piece).y] for piece in patchwork.pieces])
    load = weight(spots, patchwork).astype(float)
    members = {number: [number] for number in range(len(patchwork.pieces))}
    while len(members) > wanted:
        light = _lightest(members, load, shared)
        if light is None:
            break
        partner = max(
            (other for other in members if other != light and shared[light, other] > 0),
            key=lambda other: _fit(patchwork.pieces, members, load, light, other, balance),
        )
        members[partner] += members.pop(light)
        load[partner] += load[light]
        shared[partner] += shared[light]
        shared[:, partner] += shared[:, light]
        shared[partner, partner] = 0
    return [np.array(group) for group in members.values()]


def _lightest(members: dict[int, list[int]], load: np.ndarray, shared: np.ndarray) -> int | None:
    keys = [key for key in members if any(shared[key, other] > 0 for other in members if other != key)]
    return min(keys, key=lambda key: load[key]) if keys else None


def _fit(
    pieces: np.ndarray,
    members: dict[int, list[int]],
    load: np.ndarray,
    light: int,
    other: int,
    balance: float,
) -> float:
    """How well two groups would make one: round and not too heavy."""
    together = shapely.union_all(pieces[members[light] + members[other]])
    round_ = 4 * np.pi * together.area / together.length**2
    return float(round_ - balance * (load[light] + load[other]) / load.sum() * len(members))


def _shared_edges(pieces: np.ndarray) -> np.ndarray:
    shared = np.zeros((len(pieces), len(pieces)))
    left, right = shapely.STRtree(pieces).query(pieces, predicate="intersects")
    for a, b in zip(left, right, strict=True):
        if a < b:
            length = shapely.length(shapely.intersection(pieces[a].boundary, pieces[b].boundary))
            shared[a, b] = shared[b, a] = length if length > 90 else 0
    return shared


def _trim(shape: BaseGeometry, terrain: Terrain) -> BaseGeometry:
    """Areas stop at the water's edge."""
    dry = shape.intersection(terrain.outline).difference(terrain.river)
    parts = [part for part in shapely.get_parts(dry) if isinstance(part, Polygon) and part.area > 2_000]
    whole = shapely.union_all([Polygon(part.exterior) for part in parts])
    return shapely.set_precision(whole, 0.01)


def _christen(spots: np.ndarray, west: np.ndarray) -> list[str]:
    """Give every neighborhood the name that fits it, all together: far less odd than one at a time."""
    wishes = NAMES[: len(spots)]
    near = np.array([wish.near for wish in wishes])
    away = np.hypot(*(spots[:, None, :] - near[None, :, :]).transpose(2, 0, 1))
    astray = np.array([[w.west is not None and w.west != bool(bank) for w in wishes] for bank in west])
    first = np.linspace(2.2, 1, len(wishes))  # the earlier a name stands, the more it should be right
    rows, columns = linear_sum_assignment((away**1.3 + astray * 400_000) * first[None, :])
    return [wishes[column].name for _, column in sorted(zip(rows, columns, strict=True))]


def _slug(name: str) -> str:
    return name.lower().replace("'", "").replace(".", "").replace(" ", "-")
