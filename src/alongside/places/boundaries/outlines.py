"""From features to areas: repaired, named, merged, with residents; and a report of all that was done."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.strtree import STRtree

from alongside.core.errors import Refusal
from alongside.methods.ground import square_metres
from alongside.places.boundaries.counts import Counts, plain_key, whole
from alongside.places.boundaries.geojson import BoundaryFile, Feature, UnreadableBoundaries

SLIVER_M2 = 100.0
"""A part smaller than a garage is a slip of the drawing, not a part of the city."""

OVERLAP_M2 = 10_000.0
"""Neighbours that share less than a hectare share a border drawn twice; more is reported."""

LISTED = 50
"""How many of each finding a report spells out; the counts are always complete."""


class NoSuchField(Refusal):
    """A field was named that the file does not have."""


@dataclass
class Outline:
    """One area as it will be kept."""

    name: str
    shape: BaseGeometry
    key: str = ""
    population: int | None = None
    rows: list[int] = field(default_factory=list)


@dataclass
class Report:
    """What was found and done, for the page, the command line and programs."""

    features: int = 0
    converted_from: str | None = None
    repaired: list[dict[str, Any]] = field(default_factory=list)
    merged: list[dict[str, Any]] = field(default_factory=list)
    set_aside: list[dict[str, Any]] = field(default_factory=list)
    overlaps: list[dict[str, Any]] = field(default_factory=list)
    gaps: list[dict[str, Any]] = field(default_factory=list)
    population: dict[str, Any] | None = None


def outlines(
    file: BoundaryFile,
    *,
    name: str,
    population: str | None = None,
    key: str | None = None,
    counts: Counts | None = None,
) -> tuple[list[Outline], Report]:
    """The areas of a file, by name. Raises NoSuchField, UnreadableBoundaries."""
    for wanted in (name, population, key):
        if wanted is not None and wanted not in file.fields:
            raise NoSuchField(
                _("no field “%(wanted)s” in the file: it has %(fields)s.")
                % {"wanted": wanted, "fields": ", ".join(file.fields[:25]) or _("no fields at all")}
            )
    report = Report(features=len(file.features), converted_from=file.converted_from)
    by_name: dict[str, Outline] = {}
    for feature in file.features:
        outline = _outline(feature, name=name, key=key, report=report)
        if outline is None:
            continue
        twin = by_name.get(outline.name.casefold())
        if twin is None:
            by_name[outline.name.casefold()] = outline
        else:
            _join(twin, outline)
        if population:
            _add_people(by_name[outline.name.casefold()], feature, population, report)
    areas = list(by_name.values())
    report.merged = [{"name": area.name, "rows": area.rows} for area in areas if len(area.rows) > 1]
    for area in areas:
        _clean(area, report)
    areas = [area for area in areas if not area.shape.is_empty]
    if not areas:
        reasons = sorted({str(row["reason"]) for row in report.set_aside})
        raise UnreadableBoundaries(
            _("no area could be made of %(features)s features: %(reason)s.")
            % {"features": len(file.features), "reason": reasons[0]}
        )
    if counts is not None:
        _count_people(areas, counts, report)
    elif population:
        report.population = _population(areas, report, source=f"field {population}")
    report.overlaps, report.gaps = _neighbours(areas)
    return areas, report


# -- one feature ----------------------------------------------------------------------------------
def _outline(feature: Feature, *, name: str, key: str | None, report: Report) -> Outline | None:
    called = plain_name(feature.properties.get(name))
    if feature.shape is None or not called:
        reason = feature.trouble if feature.shape is None else f"no name in “{name}”"
        report.set_aside.append({"row": feature.row, "name": called, "reason": reason})
        return None
    shape, repair = mend(feature.shape)
    if shape.is_empty:
        report.set_aside.append({"row": feature.row, "name": called, "reason": "nothing left after repair"})
        return None
    if repair:
        report.repaired.append({"row": feature.row, "name": called, **repair})
    joined = plain_key(feature.properties.get(key)) if key else ""
    return Outline(called, shape, key=joined[:60], rows=[feature.row])


def plain_name(value: object) -> str:
    """A name as people write it: no control characters, single blanks, and 2.0 is 2."""
    if value is None or isinstance(value, dict | list | bool):
        return ""
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        value = int(value)
    printable = "".join(letter if letter.isprintable() else " " for letter in str(value))
    return re.sub(r"\s+", " ", printable).strip()[:120]


def mend(shape: BaseGeometry) -> tuple[BaseGeometry, dict[str, Any] | None]:
    """A valid outline that covers the same ground, and what had to be done.

    A part drawn inside another part counts once: nobody who lives there falls through a hole that the
    drawing never meant.
    """
    if shape.is_valid:
        return _polygons(shape), None
    reason = shapely.is_valid_reason(shape)
    before = square_metres(shape)
    mended = _polygons(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    after = square_metres(mended)
    change = (after - before) / before if before else 0.0
    return mended, {
        "reason": reason.split("[")[0].strip(),
        "at": _where(reason),
        "area_change_percent": round(100 * change, 3),
    }


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    """The polygonal part of anything, as one MultiPolygon or Polygon."""
    if isinstance(shape, Polygon | MultiPolygon):
        return shape
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon | MultiPolygon)]
    return shapely.union_all(parts) if parts else Polygon()


def _where(reason: str) -> list[float] | None:
    where = re.search(r"\[(-?[\d.e+-]+) (-?[\d.e+-]+)", reason)
    return [round(float(where[2]), 6), round(float(where[1]), 6)] if where else None


def _join(twin: Outline, other: Outline) -> None:
    """Several features of one name are one area: a beat of two islands, say."""
    twin.shape = shapely.union_all([twin.shape, other.shape])
    twin.rows += other.rows
    twin.key = twin.key or other.key


def _clean(area: Outline, report: Report) -> None:
    """Without the crumbs that digitising leaves."""
    parts = shapely.get_parts(area.shape)
    kept = [part for part in parts if square_metres(part) >= SLIVER_M2]
    if len(kept) == len(parts):
        return
    dropped = len(parts) - len(kept)
    if not kept:
        report.set_aside.append(
            {"row": area.rows[0], "name": area.name, "reason": f"smaller than {SLIVER_M2:.0f} m²"}
        )
        area.shape = Polygon()
        return
    area.shape = MultiPolygon(kept) if len(kept) > 1 else kept[0]
    report.repaired.append(
        {
            "row": area.rows[0],
            "name": area.name,
            "reason": f"{dropped} slivers under {SLIVER_M2:.0f} m² dropped",
            "at": None,
            "area_change_percent": 0.0,
        }
    )


# -- residents ------------------------------------------------------------------------------------
def _add_people(area: Outline, feature: Feature, population: str, report: Report) -> None:
    people = whole(feature.properties.get(population))
    if people is None:
        report.set_aside.append(
            {
                "row": feature.row,
                "name": area.name,
                "reason": f"no count in “{population}”: population unknown",
            }
        )
        return
    area.population = (area.population or 0) + round(people)


def _count_people(areas: list[Outline], counts: Counts, report: Report) -> None:
    known = {area.key for area in areas}
    for area in areas:
        if area.key in counts.residents:
            area.population = round(counts.residents[area.key])
    left = [name for name in counts.residents if name not in known]
    counted = _population(areas, report, source="table")
    report.population = counted | {
        "rows": counts.rows,
        "keys_summed": counts.summed_keys,
        "unusable_rows": len(counts.unusable),
        "keys_without_area": left[:LISTED],
        "keys_without_area_count": len(left),
        "residents_without_area": round(sum(counts.residents[name] for name in left)),
    }


def _population(areas: list[Outline], report: Report, *, source: str) -> dict[str, Any]:
    without = [area.name for area in areas if area.population is None]
    return {
        "source": source,
        "total": sum(area.population or 0 for area in areas),
        "areas_with": len(areas) - len(without),
        "areas_without": without[:LISTED],
        "areas_without_count": len(without),
    }


# -- neighbours -----------------------------------------------------------------------------------
def _neighbours(areas: list[Outline]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Where areas lie on top of each other, and where the ground between them belongs to nobody."""
    shapes = [area.shape for area in areas]
    firsts, seconds = STRtree(shapes).query(shapes, predicate="intersects")
    overlaps = []
    for one, other in zip(firsts, seconds, strict=True):
        if one >= other:
            continue
        shared = square_metres(_polygons(shapely.intersection(shapes[one], shapes[other])))
        if shared >= OVERLAP_M2:
            overlaps.append({"names": [areas[one].name, areas[other].name], "km2": round(shared / 1e6, 3)})
    together = shapely.union_all(shapes)
    holes = [Polygon(ring) for part in shapely.get_parts(together) for ring in part.interiors]
    gaps = [
        {"at": [round(hole.centroid.y, 5), round(hole.centroid.x, 5)], "km2": round(size / 1e6, 3)}
        for hole in holes
        if (size := square_metres(hole)) >= OVERLAP_M2
    ]
    return _largest(overlaps), _largest(gaps)


def _largest(findings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(findings, key=lambda finding: -finding["km2"])
