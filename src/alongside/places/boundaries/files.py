"""Files that speak of areas, each read in a process apart: outlines, what a drawing shows, residents."""

from __future__ import annotations

from alongside.outside import texts
from alongside.outside.readers import Reader
from alongside.places.boundaries import geojson
from alongside.places.boundaries.counts import Counts, UnreadableCounts, read_counts
from alongside.places.boundaries.geojson import UnreadableBoundaries
from alongside.places.boundaries.outlines import Outline, Report, outlines


def areas_in(
    content: texts.Content,
    *,
    name: str,
    population: str | None = None,
    key: str | None = None,
    counts: Counts | None = None,
    crs: str | None = None,
) -> tuple[list[Outline], Report]:
    """The areas of a boundary file, mended, by name. Raises a Refusal."""
    file = geojson.read(content, crs=crs)
    return outlines(file, name=name, population=population, key=key, counts=counts)


def drawn_in(content: texts.Content) -> Outline:
    """The one outline of a drawing, mended where two of its lines crossed. Raises a Refusal."""
    file = geojson.read(content)
    named = [geojson.Feature(each.row, {"name": "drawn"}, each.shape, each.trouble) for each in file.features]
    areas, _report = outlines(geojson.BoundaryFile(named, ["name"], file.converted_from), name="name")
    return areas[0]


# A city takes a second or two for each megabyte. A line of a few that crosses itself everywhere would take minutes.
AREAS = Reader(
    areas_in, seconds=12, seconds_each=6, most_seconds=60, megabytes=2500, refused=UnreadableBoundaries
)
DRAWING = Reader(drawn_in, seconds=5, megabytes=500, refused=UnreadableBoundaries)
COUNTS = Reader(read_counts, seconds=20, megabytes=1000, refused=UnreadableCounts)
