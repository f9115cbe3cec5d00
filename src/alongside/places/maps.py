"""This room's maps: the agency's areas, one area among its neighbors, venues, the reach of the streets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from alongside.agencies.models import Agency
from alongside.core import demo
from alongside.core.svgmap import Map, Shape
from alongside.core.tables import Head, Table
from alongside.methods.routing.graph import WalkGraph, WayKind
from alongside.places import pages, queries
from alongside.places.boundaries.outlines import Outline
from alongside.places.models import Area, AreaQuerySet, StreetNetwork, Venue

MOST_WRITTEN = 12
"""More names than this on one drawing cover each other; the table has them all."""

MOST_STREETS = 2_000
MAIN = frozenset({WayKind.MAJOR, WayKind.MAJOR_WITH_SIDEWALK})
BENEATH = MAIN | {WayKind.RESIDENTIAL, WayKind.LIVING, WayKind.MINOR_ROAD, WayKind.PEDESTRIAN}
STREETS_SHOWN = (
    WayKind.RESIDENTIAL,
    WayKind.LIVING,
    WayKind.MINOR_ROAD,
    WayKind.MAJOR_WITH_SIDEWALK,
    WayKind.MAJOR,
)


def of_areas(areas: Sequence[Area], *, title: str) -> Map:
    """Areas of one kind, each with its name."""
    return Map(
        title=title,
        shapes=[Shape(area.shape, "area", area.name, written=len(areas) <= MOST_WRITTEN) for area in areas],
        table=Table(
            title,
            [Head(_("Name")), Head(_("Residents"), number=True)],
            [[area.name, area.population] for area in areas],
        ),
        name="areas-map",
    )


def of_outlines(outlines: Sequence[Outline], *, title: str) -> Map:
    """Areas of a file that nobody has kept yet."""
    return Map(
        title=title,
        shapes=[
            Shape(each.shape, "area", each.name, written=len(outlines) <= MOST_WRITTEN) for each in outlines
        ],
        table=Table(
            title,
            [Head(_("Name")), Head(_("Residents"), number=True)],
            [[each.name, each.population] for each in outlines],
        ),
        name="file-map",
    )


def of_one_area(area: Area, around: Iterable[Area]) -> Map:
    """One area, with those of its kind around it."""
    west, south, east, north = area.shape.bounds
    wide, high = (east - west) * 0.5, (north - south) * 0.5
    window = shapely.box(west - wide, south - high, east + wide, north + high)
    neighbors = [(each, each.shape.intersection(window)) for each in around if each.pk != area.pk]
    return Map(
        title=area.name,
        shapes=[
            *(Shape(shape, "area", each.name) for each, shape in neighbors if not shape.is_empty),
            Shape(area.shape, "chosen", area.name, written=True),
        ],
        table=Table(
            _("Areas in the picture"),
            [Head(_("Name")), Head(_("Residents"), number=True)],
            [
                [area.name, area.population],
                *([each.name, each.population] for each, shape in neighbors if not shape.is_empty),
            ],
        ),
        bounds=window.bounds,
        name="area-map",
    )


def around(areas: AreaQuerySet, area: Area) -> AreaQuerySet:
    """Those of them that the picture of one area shows: by their edges, so that no other outline is read."""
    west, south, east, north = _wider(_window(area))
    found: AreaQuerySet = areas.filter(west__lte=east, east__gte=west, south__lte=north, north__gte=south)
    return found


def of_one_neighborhood(agency: Agency, area: Area, near: Iterable[Area]) -> Map:
    """One neighborhood over its main streets, for everybody; each of those around it leads to its own page."""
    bounds = _window(area)
    others = [each for each in near if each.pk != area.pk]
    shapes = [
        *(Shape(each.shape, "area", each.name, url=pages.page(agency, each)) for each in others),
        Shape(area.shape, "chosen", area.name, written=True),
    ]
    beneath = streets_beneath(agency, _wider(bounds), main_only=True)
    title = _("%(area)s and what lies around it") % {"area": area.name}
    return Map(
        title=title,
        shapes=over_streets(shapes, beneath),
        credit=credit() if beneath else "",
        table=Table(
            _("What lies around it"), [Head(_("Name"))], [[pages.named(agency, each)] for each in others]
        ),
        bounds=bounds,
        name="here",
    )


def _window(area: Area) -> tuple[float, float, float, float]:
    """What the picture of one area shows: itself, and half as much on each side."""
    wide, high = (area.east - area.west) * 0.5, (area.north - area.south) * 0.5
    return area.west - wide, area.south - high, area.east + wide, area.north + high


def _wider(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """As far as the drawing reaches, whose frame is wider or higher than what it must show."""
    west, south, east, north = bounds
    wide, high = (east - west) / 2, (north - south) / 2
    return west - wide, south - high, east + wide, north + high


def of_venues(venues: Sequence[Venue], ground: BaseGeometry | None) -> Map:
    """Where people can meet, on the outline of the agency's ground."""
    return Map(
        title=_("Venues"),
        shapes=[
            *([Shape(ground, "outline")] if ground is not None else []),
            *(Shape(shapely.Point(venue.lon, venue.lat), "place", venue.name) for venue in venues),
        ],
        table=Table(
            _("Venues"),
            [Head(_("Name")), Head(_("Kind")), Head(_("Address"))],
            [[venue.name, venue.get_kind_display(), venue.address or "–"] for venue in venues],
        ),
        name="venues-map",
    )


def of_one_venue(venue: Venue, graph: WalkGraph | None) -> Map:
    """A venue and the streets around it."""
    window = shapely.box(venue.lon - 0.006, venue.lat - 0.0045, venue.lon + 0.006, venue.lat + 0.0045)
    return Map(
        title=venue.name,
        shapes=[
            *(Shape(line, "street") for line in _streets(graph, window) if graph is not None),
            Shape(shapely.Point(venue.lon, venue.lat), "start", venue.name, written=True),
        ],
        table=Table(
            venue.name,
            [Head(_("Latitude"), number=True, decimals=5), Head(_("Longitude"), number=True, decimals=5)],
            [[venue.lat, venue.lon]],
        ),
        bounds=window.bounds,
        credit=StreetNetwork.ATTRIBUTION if graph is not None else "",
        name="venue-map",
    )


def ground_to_draw_on(
    areas: Iterable[Area], ground: BaseGeometry | None, network: StreetNetwork | None
) -> Map:
    """What lies beneath while somebody draws."""
    shapes = [Shape(area.shape, "area", area.name) for area in areas]
    if not shapes and ground is not None:
        shapes = [Shape(ground, "outline")]
    if not shapes and network is not None:
        shapes = [Shape(shapely.box(network.west, network.south, network.east, network.north), "outline")]
    return Map(
        title=_("Draw the area"),
        shapes=shapes,
        table=Table(_("Areas there are"), [Head(_("Name"))], [[each.label] for each in shapes if each.label]),
        name="draw-map",
    )


def of_streets(graph: WalkGraph, ground: BaseGeometry | None, report_table: Table) -> Map:
    """The streets on which people can walk, thinned so that a phone can draw them."""
    lines = _streets(graph, None)
    return Map(
        title=_("Streets people can walk"),
        shapes=[
            *([Shape(ground, "outline")] if ground is not None else []),
            Shape(shapely.multilinestrings(lines), "street"),
        ],
        table=report_table,
        credit=StreetNetwork.ATTRIBUTION,
        bounds=(
            float(graph.node_lon.min()),
            float(graph.node_lat.min()),
            float(graph.node_lon.max()),
            float(graph.node_lat.max()),
        ),
        name="streets-map",
    )


def _streets(graph: WalkGraph | None, window: BaseGeometry | None) -> list[BaseGeometry]:
    """Streets as straight lines between junctions; the longest, where there are too many."""
    if graph is None:
        return []
    shown = np.isin(graph.edge_kind, STREETS_SHOWN) if window is None else np.ones(graph.edges, bool)
    if window is not None:
        west, south, east, north = window.bounds
        lon, lat = graph.node_lon[graph.edge_u], graph.node_lat[graph.edge_u]
        shown &= (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    chosen = np.flatnonzero(shown)
    if len(chosen) > MOST_STREETS:
        chosen = chosen[np.argsort(-graph.edge_m[chosen], kind="stable")[:MOST_STREETS]]
    if window is not None:
        return [shapely.LineString(graph.shape(edge)[:, ::-1]) for edge in chosen.tolist()]
    ends = np.stack(
        [
            np.column_stack([graph.node_lon[graph.edge_u[chosen]], graph.node_lat[graph.edge_u[chosen]]]),
            np.column_stack([graph.node_lon[graph.edge_v[chosen]], graph.node_lat[graph.edge_v[chosen]]]),
        ],
        axis=1,
    )
    return list(shapely.linestrings(ends))


# -- what a room draws over --------------------------------------------------------------------------
def over_streets(shapes: list[Shape], streets: list[Shape]) -> list[Shape]:
    """Streets over what is filled, under what is drawn."""
    filled = [each for each in shapes if each.geom.geom_type.endswith("Polygon")]
    return [*filled, *streets, *(each for each in shapes if each not in filled)]


def bounds_of(shapes: list[Shape]) -> tuple[float, float, float, float]:
    """West, south, east, north of everything drawn."""
    west, south, east, north = shapely.total_bounds([each.geom for each in shapes])
    return float(west), float(south), float(east), float(north)


def streets_beneath(
    agency: Agency, bounds: tuple[float, float, float, float], *, main_only: bool = False
) -> list[Shape]:
    """The streets of a place as one shape, so that people know where they are; nothing where none are known."""
    network = StreetNetwork.objects.of(agency).filter(current=True).first()
    if network is None or not network.is_whole:
        return []
    lines = _lines(
        str(network.path), agency.pk, tuple(round(edge, 5) for edge in bounds), main_only=main_only
    )
    return [] if lines.is_empty else [Shape(lines, "street")]


def credit() -> str:
    """Whose streets they are. Those of the demo city are nobody's."""
    return "" if demo.is_on() else StreetNetwork.ATTRIBUTION


@lru_cache(maxsize=64)
def _lines(path: str, agency_id: int, bounds: tuple[float, ...], *, main_only: bool) -> BaseGeometry:
    """Read from the street file once for each place: networks never change, a new import is a new file."""
    graph = queries.street_graph(Agency.objects.get(pk=agency_id))
    west, south, east, north = bounds
    kinds = MAIN if main_only else BENEATH
    inside = (
        np.isin(graph.edge_kind, list(kinds))
        & (graph.node_lon[graph.edge_u] >= west)
        & (graph.node_lon[graph.edge_u] <= east)
        & (graph.node_lat[graph.edge_u] >= south)
        & (graph.node_lat[graph.edge_u] <= north)
    )
    drawn = [shapely.linestrings(graph.shape(int(edge))[:, ::-1]) for edge in np.flatnonzero(inside)]
    if not drawn:
        return shapely.MultiLineString()
    box = shapely.box(west, south, east, north)
    return shapely.intersection(shapely.line_merge(shapely.multilinestrings(drawn)), box)
