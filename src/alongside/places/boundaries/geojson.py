"""Reading a GeoJSON file: bytes in, features in longitude and latitude out, or one sentence that says what to do."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import shapely
from django.utils.translation import gettext as _
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from alongside.core.errors import Refusal
from alongside.outside import texts

LARGEST_BYTES = 300 * 1024 * 1024
SOUTHERNMOST, NORTHERNMOST = -60, 80  # degrees: no city lies nearer to a pole
MOST_FEATURES = 50_000
WGS84 = "OGC:CRS84"
KINDS_OF_GEOMETRY = {"Polygon", "MultiPolygon", "GeometryCollection"}


class UnreadableBoundaries(Refusal):
    """A boundary file cannot be read as outlines of areas."""


class NeedsProjection(UnreadableBoundaries):
    """Coordinates in metres or feet, and no word of the projection they are in."""


@dataclass(frozen=True)
class Feature:
    """One row of the file: its number counted from 1, its columns, and its outline if it has one."""

    row: int
    properties: dict[str, Any]
    shape: BaseGeometry | None
    trouble: str = ""


@dataclass(frozen=True)
class BoundaryFile:
    """What a file holds. `converted_from` names the projection it came in, where that was not WGS 84."""

    features: list[Feature]
    fields: list[str]
    converted_from: str | None


def read(content: texts.Content, *, crs: str | None = None) -> BoundaryFile:
    """The features of a GeoJSON file, in longitude and latitude.

    `crs` names the projection of a file that does not say so itself, such as "EPSG:2246".
    Raises UnreadableBoundaries; NeedsProjection, where naming one would help.
    """
    document = _document(content)
    _refuse_half(document)
    features = _features(document)
    features, converted_from = _to_wgs84(features, crs or _stated_crs(document))
    _refuse_strange_places(features)
    return BoundaryFile(features, _fields(features), converted_from)


def read_as_drawn(content: texts.Content) -> BoundaryFile:
    """The features in the file's own coordinates, whatever these are: enough to see its fields.

    Raises UnreadableBoundaries.
    """
    features = _features(_document(content))
    return BoundaryFile(features, _fields(features), None)


def _refuse_half(document: dict[str, Any]) -> None:
    """A server that hands out so many areas at a time says that there are more, here or among the properties."""
    properties = document.get("properties")
    said = [document, properties if isinstance(properties, dict) else {}]
    if any(each.get("exceededTransferLimit") is True for each in said):
        raise UnreadableBoundaries(
            _(
                "the server gave only some of the areas, and says so: ask it for the others as well, in one file."
            )
        )


# -- text to features -----------------------------------------------------------------------------
def _document(content: texts.Content) -> dict[str, Any]:
    head = _head(content)
    _refuse_other_formats(head)
    try:
        text = texts.text_of(content, most_bytes=LARGEST_BYTES, refused=UnreadableBoundaries)
    except UnreadableBoundaries:
        if head.startswith(texts.ZIP):
            raise _of_another_kind("a zip file (often a shapefile)") from None
        raise
    try:
        document = _one_a_line(text) or texts.json_of(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise UnreadableBoundaries(
            _("the file is not JSON (line %(line)s, column %(column)s): was it cut off?")
            % {"line": error.lineno, "column": error.colno}
        ) from None
    except ValueError:  # Python reads no number of thousands of digits
        raise UnreadableBoundaries(_("the file holds a number without end, and no outlines.")) from None
    except RecursionError:
        raise UnreadableBoundaries(_("the file is nested too deep to be GeoJSON.")) from None
    if not isinstance(document, dict):
        raise UnreadableBoundaries(_("the file is JSON, but no GeoJSON: it should be a FeatureCollection."))
    return document


def _one_a_line(text: str) -> dict[str, Any] | None:
    """A feature on each line (GeoJSONL, or RFC 8142 with a mark before each), as a collection of them."""
    lines = [line for each in text.split("\n") if (line := each.strip("\x1e \r\t"))]
    if len(lines) < 2 or not all(line.startswith("{") and line.endswith("}") for line in lines):
        return None
    features = [texts.json_of(line, parse_constant=_no_constant) for line in lines]
    return {"type": "FeatureCollection", "features": features}


def _head(content: texts.Content) -> bytes:
    if isinstance(content, bytes):
        return content[:4096]
    with content.open("rb") as file:
        return file.read(4096)


def _refuse_other_formats(head: bytes) -> None:
    kinds = {
        b"\x00\x00\x27\x0a": "a shapefile",
        b"SQLite format 3": "a GeoPackage",
        b"<": "XML (KML or HTML)",
    }
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:16]
    for magic, name in kinds.items():
        if start.startswith(magic) or head.startswith(magic):
            raise _of_another_kind(name)


def _of_another_kind(name: str) -> UnreadableBoundaries:
    return UnreadableBoundaries(
        _("the file is %(name)s. Export the layer as GeoJSON, in WGS 84, and import that.") % {"name": name}
    )


def _no_constant(word: str) -> float:
    raise UnreadableBoundaries(
        _("the file holds “%(word)s”, which is no number and no JSON: export it again.") % {"word": word}
    )


def _features(document: dict[str, Any]) -> list[Feature]:
    rows = list(_rows(document))
    if not rows:
        raise UnreadableBoundaries(_("the file has no features: export the layer again, with its areas."))
    if len(rows) > MOST_FEATURES:
        raise UnreadableBoundaries(
            _("%(rows)s features are more than the %(most)s areas a city has.")
            % {"rows": f"{len(rows):,}", "most": f"{MOST_FEATURES:,}"}
        )
    features = [_feature(number, row) for number, row in enumerate(rows, start=1)]
    if not any(feature.shape is not None for feature in features):
        raise UnreadableBoundaries(
            _("no outline in the file: %(trouble)s. Areas are polygons.") % {"trouble": features[0].trouble}
        )
    return features


def _rows(document: dict[str, Any]) -> Iterator[Any]:
    kind = document.get("type")
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        yield from document["features"]
    elif kind == "Feature":
        yield document
    elif kind in KINDS_OF_GEOMETRY:
        yield {"type": "Feature", "properties": {}, "geometry": document}
    elif kind == "Topology":
        raise UnreadableBoundaries(_("the file is TopoJSON: export it as GeoJSON."))
    elif "rings" in str(document)[:10_000] or "geometryType" in document:
        raise UnreadableBoundaries(_("the file is Esri JSON: ask the server for GeoJSON (f=geojson)."))
    else:
        raise UnreadableBoundaries(_("the file is JSON, but no GeoJSON: it should be a FeatureCollection."))


def _feature(number: int, row: Any) -> Feature:
    if not isinstance(row, dict) or not isinstance(row.get("properties") or {}, dict):
        return Feature(number, {}, None, "not a feature")
    properties = {" ".join(name.split()): value for name, value in (row.get("properties") or {}).items()}
    geometry = row.get("geometry")
    if not geometry:
        return Feature(number, properties, None, "no outline")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in KINDS_OF_GEOMETRY:
        return Feature(number, properties, None, f"a {kind or 'thing'} instead of a polygon")
    try:
        outline = shapely.force_2d(shape(geometry))
    except MemoryError:
        raise
    except Exception:  # whatever strange parts make the library trip over, it is one row
        return Feature(number, properties, None, "an outline that cannot be read")
    if outline.is_empty:
        return Feature(number, properties, None, "an empty outline")
    if not np.isfinite(shapely.get_coordinates(outline)).all():
        return Feature(number, properties, None, "coordinates that are no numbers")
    return Feature(number, properties, outline)


def _fields(features: list[Feature]) -> list[str]:
    return list(dict.fromkeys(name for feature in features for name in feature.properties))


# -- projections ----------------------------------------------------------------------------------
def _stated_crs(document: dict[str, Any]) -> str | None:
    """The old `crs` member, which many city portals still write."""
    crs = document.get("crs")
    if not isinstance(crs, dict):
        return None
    properties = crs.get("properties")
    name = properties.get("name") if isinstance(properties, dict) else None
    return str(name) if name else None


def _to_wgs84(features: list[Feature], stated: str | None) -> tuple[list[Feature], str | None]:
    if stated is None or _is_wgs84(stated):
        return features, None
    crs = _crs(stated)
    convert = pyproj.Transformer.from_crs(crs, WGS84, always_xy=True).transform
    name = ":".join(crs.to_authority() or ()) or stated
    return [_moved(feature, convert) for feature in features], name


def _is_wgs84(name: str) -> bool:
    return bool(re.search(r"(CRS:?84|EPSG:{1,2}4326)\s*$", name, re.IGNORECASE))


def _crs(name: str) -> pyproj.CRS:
    plain = re.sub(r"^urn:ogc:def:crs:([A-Z]+):[^:]*:", r"\1:", name.strip(), flags=re.IGNORECASE)
    try:
        return pyproj.CRS.from_user_input(plain)
    except pyproj.exceptions.CRSError:
        raise UnreadableBoundaries(
            _("the projection “%(name)s” is not known: name it as EPSG:number, or export in WGS 84.")
            % {"name": name[:60]}
        ) from None


def _moved(feature: Feature, convert: Callable[..., Any]) -> Feature:
    if feature.shape is None:
        return feature
    moved = shapely.transform(
        feature.shape, lambda xy: np.column_stack(convert(xy[:, 0], xy[:, 1], errcheck=False))
    )
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        return Feature(feature.row, feature.properties, None, "coordinates outside the projection")
    return Feature(feature.row, feature.properties, moved)


def _refuse_strange_places(features: list[Feature]) -> None:
    """Coordinates that cannot be what they claim: metres or feet, exchanged, or all at the origin."""
    bounds = np.array([feature.shape.bounds for feature in features if feature.shape is not None])
    if not len(bounds):
        raise UnreadableBoundaries(_("no outline lies inside the projection the file names."))
    west, south, east, north = (
        bounds[:, 0].min(),
        bounds[:, 1].min(),
        bounds[:, 2].max(),
        bounds[:, 3].max(),
    )
    if max(abs(west), abs(east)) > 360 or max(abs(south), abs(north)) > 360:
        raise NeedsProjection(
            _(
                "coordinates such as %(west)s, %(south)s are metres or feet, and the file does not say "
                "in which projection: export it in WGS 84, or name it with --crs EPSG:number."
            )
            % {"west": f"{west:,.0f}", "south": f"{south:,.0f}"}
        )
    if _look_exchanged(west, south, east, north):
        raise UnreadableBoundaries(
            _("latitude and longitude look exchanged (%(west)s, %(south)s): GeoJSON puts longitude first.")
            % {"west": f"{west:.3f}", "south": f"{south:.3f}"}
        )
    if max(abs(south), abs(north)) > 90 or max(abs(west), abs(east)) > 180:
        raise UnreadableBoundaries(
            _("%(east)s, %(north)s is no place on Earth: export the layer in WGS 84.")
            % {"east": f"{east:.3f}", "north": f"{north:.3f}"}
        )
    if math.hypot(max(abs(west), abs(east)), max(abs(south), abs(north))) < 1:
        raise UnreadableBoundaries(
            _("all outlines lie at 0, 0, in the Atlantic: export the layer in WGS 84.")
        )


def _look_exchanged(west: float, south: float, east: float, north: float) -> bool:
    """What claims to be a latitude is none, or one where nobody lives; the other way round it would be a city."""
    if max(abs(west), abs(east)) > NORTHERNMOST:
        return max(abs(south), abs(north)) > 90 and max(abs(west), abs(east)) <= 90
    return south < SOUTHERNMOST or north > NORTHERNMOST
