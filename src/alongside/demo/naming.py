"""Names for the streets, so that a leader can read a cue sheet and a neighbour can find the corner.

A street keeps its name where it continues after a gap. Main roads carry old town words, numbered streets
count away from the river, and smaller streets follow their neighborhood's theme. No name is given twice.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from scipy.spatial import KDTree
from shapely import LineString, Point

from alongside.demo import lexicon
from alongside.demo.districts import District
from alongside.demo.network import ARTERIAL, AVENUE, Network, Street
from alongside.demo.terrain import Terrain, middle, which

# Streets that cross this line are numbered, from the river outward.
NUMBERED_ALONG = LineString([(500, -120), (-2_900, -60)])
SHORT, LONG = 320, 1_200


def name_streets(
    network: Network, terrain: Terrain, neighborhoods: list[District], rng: np.random.Generator
) -> None:
    """Give every street of the network a name."""
    mains, locals_ = _ranked(network)
    _name_mains(mains, terrain, rng)
    _name_numbered(locals_)
    words = _Words(neighborhoods, rng)
    ends = _Ends(locals_)
    for street in sorted((s for s in locals_ if not s.name), key=lambda s: -s.line.length):
        before = ends.continues(street)
        street.name = before.name if before else words.local(street)


def _ranked(network: Network) -> tuple[list[Street], list[Street]]:
    used = [network.streets[number] for number in np.unique(network.street)]
    return [s for s in used if s.rank == ARTERIAL], [s for s in used if s.rank != ARTERIAL]


def _name_mains(mains: list[Street], terrain: Terrain, rng: np.random.Generator) -> None:
    words = _shuffled([word for word in lexicon.MAIN if word], rng)
    bridges = iter(("Landing Bridge Road", "Tollhouse Road"))
    for street in sorted(mains, key=lambda s: -s.line.length):
        if "bridge_road" in street.tags:
            street.name = next(bridges, "") or f"{next(words)} Road"
        elif "bank_road" in street.tags:
            at = middle(street.line)
            west = bool(terrain.side(np.array([at.x]), np.array([at.y]))[0])
            street.name = "Water Street" if west else "Eastbank Drive"
        else:
            street.name = f"{next(words)} {_main_ending(street)}"


def _main_ending(street: Street) -> str:
    if street.line.length > 3_800:
        return "Avenue" if street.family == AVENUE else "Road"
    return "Street" if street.line.length > 1_500 else "Way"


def _name_numbered(streets: list[Street]) -> None:
    crossing = [s for s in streets if s.family == AVENUE and s.line.intersects(NUMBERED_ALONG)]
    crossing = [s for s in crossing if s.line.length > 260]
    crossing.sort(key=lambda s: -middle(s.line.intersection(NUMBERED_ALONG)).x)
    for street, number in zip(crossing, lexicon.NUMBERS, strict=False):
        street.name = f"{number} Street"


class _Ends:
    """Where streets end, and which way they point there, to find the one that goes on across a gap."""

    def __init__(self, streets: list[Street]) -> None:
        self.streets = streets
        self.spots, self.ahead = _both_ends(streets)
        self.tree = KDTree(self.spots)
        self.number = {id(street): place for place, street in enumerate(streets)}

    def continues(self, street: Street) -> Street | None:
        """The named street that this one goes on from: near its end, of its family, and in line with it."""
        first = 2 * self.number[id(street)]
        for end in (first, first + 1):
            for other in self.tree.query_ball_point(self.spots[end], 190):
                if self._in_line(end, other, street):
                    return self.streets[int(other) // 2]
        return None

    def _in_line(self, end: int, other: int, street: Street) -> bool:
        other_street = self.streets[other // 2]
        if other_street is street or not other_street.name or other_street.family != street.family:
            return False
        gap = self.spots[other] - self.spots[end]
        along = float(gap @ self.ahead[end])
        aside = abs(float(gap[0] * self.ahead[end][1] - gap[1] * self.ahead[end][0]))
        return along > 0 and aside < 26 and float(self.ahead[end] @ self.ahead[other]) < -0.9


def _both_ends(streets: list[Street]) -> tuple[np.ndarray, np.ndarray]:
    """(2n, 2) the ends of n streets, and the unit directions in which the streets point there."""
    spots, ahead = [], []
    for street in streets:
        points = shapely.get_coordinates(street.line)
        for end, inner in ((points[0], points[1]), (points[-1], points[-2])):
            spots.append(end)
            ahead.append((end - inner) / np.linalg.norm(end - inner))
    return np.array(spots), np.array(ahead)


class _Words:
    """Hands out base words by neighborhood, each once, and finds them a fitting ending."""

    def __init__(self, neighborhoods: list[District], rng: np.random.Generator) -> None:
        self.areas = neighborhoods
        self.shapes = [area.shape for area in neighborhoods]
        self.pools: dict[int, Iterator[str]] = {}
        self.rng = rng
        self.used: set[str] = set()

    def local(self, street: Street) -> str:
        at = (
            middle(street.line)
            if street.line.length < LONG
            else street.line.interpolate(0.5, normalized=True)
        )
        area = self.areas[int(which(self.shapes, np.array([[at.x, at.y]]))[0])]
        return f"{self._word(lexicon.THEMES.get(area.name, lexicon.PEOPLE))} {self._ending(street, at)}"

    def _word(self, pool: list[str]) -> str:
        for source in (
            pool,
            lexicon.PEOPLE,
            lexicon.TREES,
            lexicon.FLOWERS,
            lexicon.BIRDS,
            lexicon.LAST_NAMES,
        ):
            words = self.pools.setdefault(id(source), _shuffled(source, self.rng))
            for word in words:
                if word not in self.used:
                    self.used.add(word)
                    return word
        return self._doubled()

    def _doubled(self) -> str:
        while True:
            word = f"{self.rng.choice(lexicon.FLOWERS)} {self.rng.choice(['Hill', 'Run', 'Bend', 'Glen', 'Gate'])}"
            if word not in self.used:
                self.used.add(word)
                return word

    def _ending(self, street: Street, at: Point) -> str:
        outer = np.hypot(at.x, at.y) > 3_300
        if street.line.length < SHORT:
            return str(self.rng.choice(["Court", "Place", "Lane"]))
        if outer:
            return str(self.rng.choice(["Drive", "Road", "Lane", "Drive"]))
        if street.line.length > LONG or street.family == AVENUE:
            return "Avenue" if street.family == AVENUE else "Street"
        return str(self.rng.choice(["Street", "Street", "Place"]))


def _shuffled(words: list[str], rng: np.random.Generator) -> Iterator[str]:
    return iter([words[place] for place in rng.permutation(len(words))])


def number_blocks(network: Network) -> np.ndarray:
    """(m,) the hundred that each block's house numbers begin with, counted along its street's name.

    Blocks of one street count upward from the end nearer the landing; a second stretch goes on counting.
    """
    hundreds = np.zeros(len(network.edges), dtype=int)
    middles = network.middle
    by_name: dict[str, list[int]] = {}
    for edge, street in enumerate(network.street):
        by_name.setdefault(network.streets[street].name, []).append(edge)
    for members in by_name.values():
        edges = np.array(members)
        spots = middles[edges] - middles[edges].mean(axis=0)
        axis = np.linalg.svd(spots, full_matrices=False)[2][0] if len(edges) > 1 else np.array([1.0, 0.0])
        along = middles[edges] @ axis
        if abs(along[np.argmin(np.hypot(*middles[edges].T))] - along.min()) > np.ptp(along) / 2:
            along = -along
        hundreds[edges[np.argsort(along)]] = 100 * np.arange(1, len(edges) + 1)
    return hundreds
