"""Places people go: schools, libraries, shops, worship, small parks, the mall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import Polygon

from alongside.demo.districts import District
from alongside.demo.lexicon import words
from alongside.demo.naming import number_blocks
from alongside.demo.network import ARTERIAL, Network, blocks_of
from alongside.demo.terrain import Terrain, middle, which

SCHOOL, LIBRARY, WORSHIP, CENTER, SHOP, PARK, MALL, HEALTH = (
    "school",
    "library",
    "place_of_worship",
    "community_center",
    "shop",
    "park",
    "mall",
    "health",
)

WORSHIP_NAMES = (
    ("Mount Hebron Baptist Church", "christian"),
    ("St. Brendan Catholic Church", "christian"),
    ("New Covenant Tabernacle", "christian"),
    ("Masjid As-Salam", "muslim"),
    ("Temple Beth Tikvah", "jewish"),
    ("Iglesia Camino de Esperanza", "christian"),
    ("Greater Zion A.M.E. Church", "christian"),
    ("Three Oaks Friends Meeting", "christian"),
    ("Holy Trinity Lutheran Church", "christian"),
    ("Riverbend Islamic Center", "muslim"),
    ("Lotus Grove Buddhist Temple", "buddhist"),
    ("Grace United Methodist Church", "christian"),
    ("Shree Ganesh Mandir", "hindu"),
    ("Eastbank Church of Christ", "christian"),
    ("Our Lady of the Ferry", "christian"),
    ("Calvary Missionary Baptist Church", "christian"),
    ("Antioch Fellowship", "christian"),
    ("St. Columba Episcopal Church", "christian"),
    ("Living Water Pentecostal Church", "christian"),
    ("Iglesia Bautista La Roca", "christian"),
    ("Bethany Presbyterian Church", "christian"),
    ("Emmanuel Chapel", "christian"),
    ("Good Shepherd Church", "christian"),
    ("Macedonia Baptist Church", "christian"),
    ("Unity Congregation", "unitarian_universalist"),
    ("St. Thérèse Catholic Church", "christian"),
    ("Ebenezer Temple", "christian"),
    ("Gurdwara Nanak Dwar", "sikh"),
)
SHOP_KINDS = (  # what it is called, its tag, how common it is
    ("Market", ("shop", "convenience"), 20),
    ("Grocery", ("shop", "supermarket"), 9),
    ("Bakery", ("shop", "bakery"), 7),
    ("Barber Shop", ("shop", "hairdresser"), 14),
    ("Salon", ("shop", "hairdresser"), 10),
    ("Laundromat", ("shop", "laundry"), 9),
    ("Hardware", ("shop", "hardware"), 5),
    ("Coffee", ("amenity", "cafe"), 12),
    ("Kitchen", ("amenity", "restaurant"), 14),
    ("Taquería", ("amenity", "restaurant"), 6),
    ("Pharmacy", ("amenity", "pharmacy"), 8),
    ("Books", ("shop", "books"), 3),
    ("Bicycles", ("shop", "bicycle"), 3),
    ("Thrift", ("shop", "charity"), 4),
)
KEEPERS = words(
    """
    Ruby's Delgado's Tran's Sunny Corner Imani's Kowalski's Pearl's Abuela's Main-Line Patel's Hank's
    Bluebird Riverside Old-Town Lucky Golden Rosie's Fresh Family Uncle-Joe's Sweetwater Marigold
    Two-Sisters Park-Side Neighbor's Green-Door Lantern Copper-Kettle Little-Anchor Daybreak Hometown
    Eddie's Nguyen's Yusuf's Opal's
    """
)
SCHOOL_WORDS = ("Elementary School", "Elementary School", "Middle School", "High School")


@dataclass(frozen=True)
class Landmark:
    """One place on the map. A shape where it is large, else a point; metres."""

    kind: str
    name: str
    x: float
    y: float
    address: str
    tags: dict[str, str] = field(default_factory=dict)
    shape: Polygon | None = None
    area: str = ""  # the neighborhood it lies in


class _Sites:
    """Lots beside the streets, handed out so that no two places share one."""

    def __init__(self, network: Network, areas: list[District], rng: np.random.Generator) -> None:
        self.network, self.areas, self.rng = network, areas, rng
        self.middles = network.middle
        self.hundreds = number_blocks(network)
        self.free = network.length > 60
        self.area = which([area.shape for area in areas], self.middles)
        self.main = np.array([street.rank == ARTERIAL for street in network.streets])[network.street]

    def take(self, *, area: int | None = None, main: bool | None = None, near: Polygon | None = None) -> int:
        fit = self.free.copy()
        if area is not None and (fit & (self.area == area)).any():
            fit &= self.area == area
        if main is not None and (fit & (self.main == main)).any():
            fit &= self.main == main
        if near is not None:
            away = np.hypot(*(self.middles - [near.centroid.x, near.centroid.y]).T)
            edge = int(np.where(fit, away, np.inf).argmin())
        else:
            edge = int(self.rng.choice(np.flatnonzero(fit)))
        self.free[edge] = False
        return edge

    def lot(self, edge: int, back: float = 24.0) -> tuple[float, float]:
        """A point set back from the middle of a block, on one side of the street."""
        line = self.network.shapes[edge]
        a, b = (
            shapely.get_coordinates(line.interpolate(share, normalized=True))[0] for share in (0.45, 0.55)
        )
        ahead = (b - a) / np.linalg.norm(b - a)
        side = 1 if self.rng.random() < 0.5 else -1
        x, y = (a + b) / 2 + side * back * np.array([-ahead[1], ahead[0]])
        return float(x), float(y)

    def address(self, edge: int) -> str:
        number = self.hundreds[edge] + int(self.rng.integers(2, 60))
        return f"{number} {self.network.streets[self.network.street[edge]].name}"


def place_landmarks(
    terrain: Terrain, network: Network, areas: list[District], rng: np.random.Generator
) -> list[Landmark]:
    """Everything on the map that is not a street, from the mall down to the corner shops."""
    sites = _Sites(network, areas, rng)
    landmarks = [_mall(terrain, sites)]
    landmarks += _parks(terrain, sites)
    landmarks += _pocket_parks(network, areas, sites, rng)
    landmarks += _schools(sites, areas)
    landmarks += _civic(sites, areas)
    landmarks += _worship(sites, areas)
    landmarks += _shops(sites, rng)
    return landmarks


def _mall(terrain: Terrain, sites: _Sites) -> Landmark:
    at = terrain.mall.centroid
    edge = sites.take(main=True, near=terrain.mall)
    tags = {"shop": "mall", "wheelchair": "yes", "opening_hours": "Mo-Sa 10:00-20:00; Su 12:00-18:00"}
    area = sites.areas[sites.area[edge]].name
    return Landmark(
        MALL, "Riverbend Mall", at.x, at.y, sites.address(edge), tags, terrain.mall.buffer(-55), area
    )


def _parks(terrain: Terrain, sites: _Sites) -> Iterator[Landmark]:
    for park in terrain.parks:
        edge = sites.take(near=park.shape)
        tags = {"park": {"leisure": "park"}, "cemetery": {"landuse": "cemetery"}}.get(
            park.kind, {"landuse": "industrial"}
        )
        at = middle(park.shape)
        kind = PARK if park.kind == "park" else park.kind
        area = sites.areas[sites.area[edge]].name
        yield Landmark(kind, park.name, at.x, at.y, sites.address(edge), tags, park.shape, area)


def _pocket_parks(
    network: Network, areas: list[District], sites: _Sites, rng: np.random.Generator
) -> Iterator[Landmark]:
    """A few whole blocks left green, most neighborhoods having one."""
    blocks = np.array([b for b in blocks_of(network) if 9_000 < b.area < 26_000 and _square(b) > 0.6])
    at = shapely.centroid(blocks)
    for area in areas:
        mine = np.flatnonzero(shapely.contains(area.shape, at))
        if not len(mine):
            continue
        block = blocks[rng.choice(mine)]
        edge = sites.take(near=block)
        street = network.streets[network.street[edge]].name.rsplit(" ", 1)[0]
        lawn = block.buffer(-9)
        tags = {"leisure": "park"} if rng.random() < 0.75 else {"leisure": "playground"}
        ending = "Green" if "park" in tags.values() else "Playground"
        spot = middle(lawn)
        yield Landmark(PARK, f"{street} {ending}", spot.x, spot.y, sites.address(edge), tags, lawn, area.name)


def _square(shape: Polygon) -> float:
    return float(4 * np.pi * shape.area / shape.length**2)


def _schools(sites: _Sites, areas: list[District]) -> Iterator[Landmark]:
    for number, area in enumerate(areas):
        wanted = 1 + (area.population > 7_500) + (area.population > 12_000)
        for turn in range(wanted):
            edge = sites.take(area=number, main=False)
            word = SCHOOL_WORDS[(number + turn * 2) % len(SCHOOL_WORDS)]
            name = f"{area.name} {word}" if not turn else f"{_street_word(sites, edge)} {word}"
            x, y = sites.lot(edge, 46)
            shape = _building(sites, edge, x, y, 74, 44)
            yield Landmark(SCHOOL, name, x, y, sites.address(edge), {"amenity": "school"}, shape, area.name)


def _street_word(sites: _Sites, edge: int) -> str:
    return sites.network.streets[int(sites.network.street[edge])].name.rsplit(" ", 1)[0]


def _building(sites: _Sites, edge: int, x: float, y: float, across: float, deep: float) -> Polygon:
    points = shapely.get_coordinates(sites.network.shapes[edge])
    dx, dy = points[-1] - points[0]
    turn = np.arctan2(dy, dx)
    corner = np.array([(-across, -deep), (across, -deep), (across, deep), (-across, deep)]) / 2
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return Polygon(corner @ spin + [x, y])


def _civic(sites: _Sites, areas: list[District]) -> Iterator[Landmark]:
    for number, area in enumerate(areas):
        if number % 3 == 0 or area.name in ("Old Landing", "Eastbank"):
            name = "Riverbend Main Library" if area.name == "Old Landing" else f"{area.name} Library"
            yield _at(sites, LIBRARY, name, number, {"amenity": "library", "wheelchair": "yes"}, main=True)
        if number % 3 == 1 or area.name in ("Mill Row", "Three Oaks"):
            tags = {"amenity": "community_centre", "wheelchair": "yes"}
            yield _at(sites, CENTER, f"{area.name} Community Center", number, tags, main=None)
        if number % 6 == 2:
            yield _at(sites, HEALTH, f"{area.name} Clinic", number, {"amenity": "clinic"}, main=True)


def _worship(sites: _Sites, areas: list[District]) -> Iterator[Landmark]:
    for number, area in enumerate(areas):
        for turn in range(2):
            place = number * 2 + turn
            name, faith = WORSHIP_NAMES[place % len(WORSHIP_NAMES)]
            if place >= len(WORSHIP_NAMES):
                name = (
                    f"{area.name} {('Baptist Church', 'Community Church', 'Chapel', 'Assembly')[place % 4]}"
                )
                faith = "christian"
            tags = {"amenity": "place_of_worship", "religion": faith}
            yield _at(sites, WORSHIP, name, number, tags, main=False)


def _at(
    sites: _Sites, kind: str, name: str, area: int, tags: dict[str, str], *, main: bool | None
) -> Landmark:
    edge = sites.take(area=area, main=main)
    x, y = sites.lot(edge)
    return Landmark(kind, name, x, y, sites.address(edge), tags, None, sites.areas[area].name)


def _shops(sites: _Sites, rng: np.random.Generator) -> Iterator[Landmark]:
    chance = np.array([often for _, _, often in SHOP_KINDS], dtype=float)
    seen: set[str] = set()
    for _ in range(230):
        word, (key, value), _often = SHOP_KINDS[rng.choice(len(SHOP_KINDS), p=chance / chance.sum())]
        edge = sites.take(main=bool(rng.random() < 0.8))
        keeper = str(rng.choice(KEEPERS))
        name = f"{keeper} {word}"
        if name in seen:
            name = f"{_street_word(sites, edge)} {word}"
        seen.add(name)
        x, y = sites.lot(edge, 15)
        area = sites.areas[sites.area[edge]].name
        yield Landmark(SHOP, name, x, y, sites.address(edge), {key: value}, None, area)
