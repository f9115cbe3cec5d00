"""Reading an OpenStreetMap file: the ways people can walk, the points they run through, and community places.

Three passes over the file, each filtered before Python sees anything: relations (parks of several parts), ways,
then only the points that something asked for. The order of objects in the file does not matter, and neither does
a point that the cutting of the extract left out.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
import osmium
from numpy.typing import NDArray
from osmium.osm import Node, Relation, Way

from alongside.core.errors import Refusal, phrase
from alongside.places.streets import tags

LARGEST_BYTES = 4 * 1024**3
UNREADABLE = "letters that cannot be read"
WORTH_A_FILTER = 50 * 1024**2


class UnreadableStreets(Refusal):
    """A street file cannot be read."""


@dataclass
class Place:
    """A community place: its kind, its name, and the points of its outline (one, for a place that is a point)."""

    kind: str
    name: str
    refs: list[int]


@dataclass
class RawWay:
    """What is kept of one walkable way beside its points."""

    way: tags.Way
    name: str
    osm_id: int
    surface: str
    width: float
    slope: float


@dataclass
class Extract:
    """The walkable part of a file, before it is a graph.

    refs, offsets   way w runs through refs[offsets[w]:offsets[w + 1]] (OpenStreetMap's numbers of points)
    point_ids, lat, lon   where the points are, sorted by number
    blocked, kerbs  numbers of points that stop people; number of a point -> what it says of its kerb
    dropped         why ways were left out -> how many
    """

    ways: list[RawWay] = field(default_factory=list)
    refs: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    offsets: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, np.int64))
    point_ids: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    lat: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    lon: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    blocked: set[int] = field(default_factory=set)
    kerbs: dict[int, int] = field(default_factory=dict)
    crossings: set[int] = field(default_factory=set)
    places: list[Place] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    highways: int = 0


def read(path: Path) -> Extract:
    """The walkable ways and community places of an .osm.pbf file. Raises UnreadableStreets."""
    _refuse_other_files(path)
    extract = Extract()
    with _clear_errors():
        outlines, rims = _relations(path, extract)
        in_outlines = {way for ways, _, _ in outlines for way in ways}
        member_refs = _ways(path, extract, wanted=in_outlines, rims=rims)
        for ways, kind, name in outlines:
            refs = [ref for way in ways for ref in member_refs.get(way, ())]
            if refs:
                extract.places.append(Place(kind, name, refs))
        if not extract.highways:
            raise UnreadableStreets(
                phrase(
                    "the file has no streets: was the extract filtered down to something else? It needs "
                    "highway ways."
                )
            )
        _points(path, extract)
        _point_places(path, extract)
    return extract


def _refuse_other_files(path: Path) -> None:
    size = path.stat().st_size
    if not size:
        raise UnreadableStreets(phrase("the file is empty."))
    if size > LARGEST_BYTES:
        raise UnreadableStreets(phrase("the file is larger than 4 GB: cut an extract of your city first."))
    with path.open("rb") as file:
        start = file.read(64)
    if b"OSMHeader" not in start:
        raise UnreadableStreets(
            phrase("the file is no .osm.pbf: download an OpenStreetMap extract of your area in that format.")
        )


@contextmanager
def _clear_errors() -> Iterator[None]:
    """osmium speaks in RuntimeErrors; a person needs to know what to do."""
    try:
        yield
    except RuntimeError as error:
        raise UnreadableStreets(
            phrase("the file is damaged or cut off (%(error)s): download it again.", error=str(error)[:80])
        ) from None


def _reading(path: Path, kind: osmium.osm.osm_entity_bits) -> osmium.FileProcessor:
    """The objects of one kind; an upload's name may end in anything."""
    return osmium.FileProcessor(osmium.io.File(str(path), "pbf"), kind)


# osmium hands out "some object"; each reading here is of one kind alone, and these say which.
def _as_nodes(reading: osmium.FileProcessor) -> Iterable[Node]:
    return cast(Iterable[Node], reading)


def _as_ways(reading: osmium.FileProcessor) -> Iterable[Way]:
    return cast(Iterable[Way], reading)


def _as_relations(reading: osmium.FileProcessor) -> Iterable[Relation]:
    return cast(Iterable[Relation], reading)


def _tags(each: Node | Way | Relation, extract: Extract) -> tags.Tags | None:
    """What is said of an object; None, and counted, where its letters are none: then nothing is known of it."""
    try:
        return dict(each.tags)
    except UnicodeDecodeError:
        extract.dropped[UNREADABLE] += 1
        return None


def _relations(path: Path, extract: Extract) -> tuple[list[tuple[list[int], str, str]], dict[int, tags.Tags]]:
    """Places that are relations of several ways, such as a park in two parts; and squares that are.

    A square is walked around its rims, as one that is drawn as a way: each way of a rim has the square's tags.
    """
    outlines: list[tuple[list[int], str, str]] = []
    rims: dict[int, tags.Tags] = {}
    reading = _reading(path, osmium.osm.RELATION)
    for relation in _as_relations(reading.with_filter(osmium.filter.KeyFilter("highway", *tags.PLACE_KEYS))):
        relation_tags = _tags(relation, extract)
        if relation_tags is None:
            continue
        ways = [(member.ref, member.role) for member in relation.members if member.type == "w"]
        if kind := tags.place(relation_tags):
            outer = [way for way, role in ways if role != "inner"]
            outlines.append((outer, kind, relation_tags.get("name", "")))
        if "highway" in relation_tags and relation_tags.get("type") == "multipolygon":
            rims = dict.fromkeys((way for way, _role in ways), relation_tags) | rims
    return outlines, rims


def _ways(
    path: Path, extract: Extract, *, wanted: set[int], rims: dict[int, tags.Tags]
) -> dict[int, list[int]]:
    """Fill in the walkable ways and the places with an outline; the points of the ways `wanted` come back.

    `rims`: ways around a square, with its tags, for those that are no street of their own.
    """
    members: dict[int, list[int]] = {}
    refs, offsets = array("q"), array("q", [0])
    reading = _reading(path, osmium.osm.WAY)
    if not wanted and not rims:
        reading = reading.with_filter(osmium.filter.KeyFilter("highway", *tags.PLACE_KEYS))
    for each in _as_ways(reading):
        if each.id in wanted:
            members[each.id] = [node.ref for node in each.nodes]
        tagged = _tags(each, extract)
        if tagged is None:
            extract.highways += "highway" in each.tags
            continue
        kind = tags.place(tagged)
        if kind and "highway" not in tagged:
            extract.places.append(Place(kind, tagged.get("name", ""), [node.ref for node in each.nodes]))
        if "highway" not in tagged and each.id in rims:
            tagged = dict(rims[each.id])
        if "highway" not in tagged:
            continue
        extract.highways += 1
        what = tags.way(tagged)
        if not what.walkable:
            extract.dropped[what.reason] += 1
            continue
        refs.extend(node.ref for node in each.nodes)
        offsets.append(len(refs))
        extract.ways.append(_raw(each.id, what, tagged))
    extract.refs = np.array(refs, np.int64)
    extract.offsets = np.array(offsets, np.int64)
    return members


def _raw(osm_id: int, what: tags.Way, tagged: tags.Tags) -> RawWay:
    width, slope = tags.metres(tagged.get("width", "")), tags.incline(tagged)
    return RawWay(
        way=what,
        name=tagged.get("name", "").strip()[:120],
        osm_id=osm_id,
        surface=tagged.get("surface", "")[:30],
        width=float("nan") if width is None else width,
        slope=float("nan") if slope is None else slope,
    )


def _points(path: Path, extract: Extract) -> None:
    """Where the points lie that some way or place runs through."""
    needed = np.unique(np.concatenate([extract.refs, *(np.array(place.refs) for place in extract.places)]))
    needed = needed.astype(np.int64)
    ids, lats, lons = array("q"), array("d"), array("d")
    for node in _nodes(path, needed):
        if not node.location.valid():
            continue
        ids.append(node.id)
        lats.append(node.location.lat)
        lons.append(node.location.lon)
        if len(node.tags):
            _note_point(extract, node)
    read_ids, first = np.unique(np.array(ids, np.int64), return_index=True)
    wanted = np.isin(read_ids, needed)
    extract.point_ids = read_ids[wanted]
    extract.lat, extract.lon = np.array(lats)[first][wanted], np.array(lons)[first][wanted]


def _nodes(path: Path, needed: NDArray[np.int64]) -> Iterable[Node]:
    """The points of the file; of a large one only those needed.

    The filter costs some 10 µs a point, more than it saves on a city; and it cannot hold the numbers below 0 that
    an editor gives to new points.
    """
    reading = _reading(path, osmium.osm.NODE)
    if path.stat().st_size < WORTH_A_FILTER or not len(needed) or needed[0] < 0:
        return _as_nodes(reading)
    tracker = osmium.IdTracker()
    for number in needed.tolist():
        tracker.add_node(number)
    return _as_nodes(reading.with_filter(tracker.id_filter()))


def _note_point(extract: Extract, node: Node) -> None:
    tagged = _tags(node, extract)
    if tagged is None:
        return
    if tags.blocks(tagged):
        extract.blocked.add(node.id)
    if tags.kerb(tagged):
        extract.kerbs[node.id] = tags.kerb(tagged)
    if tagged.get("highway") == "crossing" or tagged.get("crossing", "no") != "no":
        extract.crossings.add(node.id)


def _point_places(path: Path, extract: Extract) -> None:
    """Places that are points. They need no pass of their own through the other objects."""
    ids, lats, lons = [], [], []
    reading = _reading(path, osmium.osm.NODE)
    for node in _as_nodes(reading.with_filter(osmium.filter.KeyFilter(*tags.PLACE_KEYS))):
        tagged = _tags(node, extract)
        if tagged is None:
            continue
        if (kind := tags.place(tagged)) and node.location.valid():
            ids.append(node.id)
            lats.append(node.location.lat)
            lons.append(node.location.lon)
            extract.places.append(Place(kind, tagged.get("name", ""), [node.id]))
    new = np.array(ids, np.int64)
    all_ids = np.concatenate([extract.point_ids, new])
    unique, first = np.unique(all_ids, return_index=True)
    extract.lat = np.concatenate([extract.lat, np.array(lats, float)])[first]
    extract.lon = np.concatenate([extract.lon, np.array(lons, float)])[first]
    extract.point_ids = unique
