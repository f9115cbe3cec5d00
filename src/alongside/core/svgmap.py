"""Maps drawn on the server: shapes in, a themed drawing out, with its table.

The drawing works without script, prints, and is described for those who do not see it. Where `live` is asked for,
the same shapes go along as GeoJSON, and the page's island grows the drawing into a map that moves.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import shapely
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from alongside.core.tables import Table
from alongside.methods.ground import degree_at

# What a shape may be. The style sheet (map.css) and the live map (map/style.js) know the same names.
KINDS = (
    "water",
    "park",
    "area",
    "outline",
    "level-1",
    "level-2",
    "level-3",
    "walked-1",
    "walked-2",
    "walked-3",
    "quiet",
    "chosen",
    "street",
    "left-out",
    "route",
    "place",
    "start",
)
RADIUS = {"place": 5.0, "start": 8.0}
WIDTH = 520
MARGIN = 22
LETTER = 11.5  # about how wide one is, where a small screen makes names large
FLATTEST, TALLEST = 0.5, 1.15  # the drawing's height, as a share of its width


@dataclass(frozen=True)
class Shape:
    """One thing on the map: a GeoJSON geometry (or anything with `__geo_interface__`) in degrees, lon before lat.

    `label` is what it is called when pointed at; `written` writes that name on the drawing, too. `url`: where a click
    on it leads; whoever has no pointer goes by the table, which has the same links.
    """

    geometry: Any
    kind: str
    label: str = ""
    written: bool = False
    url: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is not a kind of shape: {', '.join(KINDS)}")

    @cached_property
    def geom(self) -> BaseGeometry:
        return self.geometry if isinstance(self.geometry, BaseGeometry) else shape(self.geometry)


@dataclass(frozen=True)
class Frame:
    """From degrees to the drawing: an equal scale both ways at the middle latitude, north up."""

    west: float
    north: float
    squeeze: float  # how much shorter a degree of longitude is than one of latitude, here
    scale: float  # drawing units per degree of latitude
    metre: float  # drawing units per metre
    left: float
    top: float
    height: float

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        x = self.left + (lon - self.west) * self.squeeze * self.scale
        y = self.top + (self.north - lat) * self.scale
        return round(x, 1), round(y, 1)


def frame_for(bounds: tuple[float, float, float, float]) -> Frame:
    """The frame that holds these bounds (west, south, east, north) with a margin."""
    west, south, east, north = bounds
    degree = degree_at((south + north) / 2)
    squeeze = degree.east / degree.north
    across = max((east - west) * squeeze, 1e-4)
    upright = max(north - south, 1e-4)
    inner = WIDTH - 2 * MARGIN
    height = min(max(inner * upright / across, WIDTH * FLATTEST), WIDTH * TALLEST)
    scale = min(inner / across, height / upright)
    left = MARGIN + (inner - (east - west) * squeeze * scale) / 2
    top = MARGIN + (height - (north - south) * scale) / 2
    return Frame(west, north, squeeze, scale, scale / degree.north, left, top, round(height + 2 * MARGIN, 1))


@dataclass(frozen=True)
class Drawn:
    """What the template draws: a path, or a dot at (x, y)."""

    kind: str
    label: str
    path: str = ""
    x: float = 0.0
    y: float = 0.0
    radius: float = 0.0
    url: str = ""


@dataclass(frozen=True)
class Map:
    """A map with its words and its table. `name` makes its ids and must be its own on the page."""

    title: str
    shapes: Sequence[Shape]
    table: Table
    description: str = ""
    note: str = ""
    credit: str = ""
    legend: Sequence[tuple[str, str]] = ()
    bounds: tuple[float, float, float, float] | None = None
    name: str = "map"
    width: int = WIDTH

    @cached_property
    def frame(self) -> Frame:
        return frame_for(self.bounds or self._own_bounds())

    @property
    def shapes_id(self) -> str:
        return f"{self.name}-shapes"

    @property
    def fingerprint(self) -> str:
        """A digest of everything that the figure shows: the same drawing with the same words, the same digest."""
        words = (self.title, self.description, self.note, self.credit, self.legend, self.bounds, self.name)
        shapes = [(each.kind, str(each.label), each.written, each.url) for each in self.shapes]
        rows = [[str(conditional_escape(value)) for value in row] for row in self.table.rows]
        heads = [(str(head.label), head.number, head.decimals) for head in self.table.heads]
        said = repr([str(words), self.width, shapes, str(self.table.caption), self.table.wide, heads, rows])
        ground = b"".join(shapely.to_wkb([each.geom for each in self.shapes]))
        return hashlib.blake2b(said.encode() + ground, digest_size=16).hexdigest()

    @property
    def height(self) -> float:
        return self.frame.height

    @cached_property
    def drawn(self) -> list[Drawn]:
        """The shapes, the large below the small, as they were given."""
        return [drawn for each in self.shapes for drawn in self._draw(each)]

    @property
    def leads(self) -> bool:
        """Whether something on it can be clicked: then it is no picture, whose parts nobody reaches."""
        return any(each.url for each in self.shapes)

    @cached_property
    def labels(self) -> list[Drawn]:
        written = [each for each in self.shapes if each.written and each.label and not each.geom.is_empty]
        return [Drawn("label", each.label, x=x, y=y) for each in written for x, y in [self._label_spot(each)]]

    @cached_property
    def geojson(self) -> dict[str, Any]:
        """The same shapes for the live map, to about a quarter of a drawing unit."""
        tolerance = 0.25 / self.frame.scale
        features = [
            {
                "type": "Feature",
                "id": index,
                "properties": {"kind": each.kind, "label": str(each.label)}
                | ({"url": each.url} if each.url else {})
                | self._written_at(each),
                "geometry": mapping(
                    shapely.set_precision(each.geom.simplify(tolerance), 1e-6, mode="pointwise")
                ),
            }
            for index, each in enumerate(self.shapes)
            if not each.geom.is_empty
        ]
        return {
            "type": "FeatureCollection",
            "bbox": list(self.bounds or self._own_bounds()),
            "features": features,
        }

    @property
    def words(self) -> dict[str, str]:
        """What the live map says of itself, in the reader's language."""
        return {
            "NavigationControl.ZoomIn": _("Zoom in"),
            "NavigationControl.ZoomOut": _("Zoom out"),
            "Map.Title": _("Map"),
            "Popup.Close": pgettext("map", "Close"),
            "CooperativeGesturesHandler.WindowsHelpText": _("Hold Ctrl and scroll to zoom the map"),
            "CooperativeGesturesHandler.MacHelpText": _("Hold ⌘ and scroll to zoom the map"),
            "CooperativeGesturesHandler.MobileHelpText": _("Use two fingers to move the map"),
        }

    def _own_bounds(self) -> tuple[float, float, float, float]:
        boxes = [each.geom.bounds for each in self.shapes if not each.geom.is_empty]
        if not boxes:
            return (-0.01, -0.01, 0.01, 0.01)
        wests, souths, easts, norths = zip(*boxes)
        return min(wests), min(souths), max(easts), max(norths)

    def _written_at(self, each: Shape) -> dict[str, Any]:
        return {"at": [round(x, 6) for x in middle(each.geom)]} if each.written and each.label else {}

    def _label_spot(self, each: Shape) -> tuple[float, float]:
        x, y = self.frame.point(*middle(each.geom))
        half = min(len(str(each.label)) * LETTER / 2, self.width / 2)  # a name is not cut off at the edge
        x = round(min(max(x, half), self.width - half), 1)
        return (x, y + 4) if each.kind not in RADIUS else (x, round(y - RADIUS[each.kind] - 6, 1))

    def _draw(self, each: Shape) -> Iterator[Drawn]:
        for part in _parts(each.geom.simplify(0.5 / self.frame.scale)):
            if part.geom_type == "Point":
                x, y = self.frame.point(part.x, part.y)
                yield Drawn(each.kind, each.label, x=x, y=y, radius=RADIUS.get(each.kind, 4.0), url=each.url)
            else:
                yield Drawn(each.kind, each.label, path=self._path(part), url=each.url)

    def _path(self, part: BaseGeometry) -> str:
        if part.geom_type == "Polygon":
            return "".join(self._run(ring.coords[:-1]) + "Z" for ring in [part.exterior, *part.interiors])
        return self._run(part.coords)

    def _run(self, coordinates: Any) -> str:
        points = [self.frame.point(lon, lat) for lon, lat, *_height in coordinates]
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def middle(geom: BaseGeometry) -> tuple[float, float]:
    """Where to write a name: the centre of mass, or a point inside when that falls outside."""
    spot = geom.centroid
    if geom.geom_type.endswith("Polygon") and not geom.contains(spot):
        spot = geom.representative_point()
    return spot.x, spot.y


def _parts(geom: BaseGeometry) -> Iterator[BaseGeometry]:
    """The simple shapes that a geometry is made of."""
    if geom.is_empty:
        return
    if hasattr(geom, "geoms"):
        for part in geom.geoms:
            yield from _parts(part)
    else:
        yield geom
