"""What other rooms ask: which areas there are, which one a point lies in, where the city ends, where people live."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.db.models import Count, Max
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from alongside.agencies.models import Agency
from alongside.core.errors import Refusal
from alongside.core.kept import read_arrays
from alongside.core.needs import Where
from alongside.methods.routing.graph import WalkGraph
from alongside.methods.spatial.arrays import Cells, Floats
from alongside.methods.spatial.extent import extent_of, outline_of
from alongside.places.models import Area, AreaKind, Exposure, StreetNetwork
from alongside.places.points import locate_in
from alongside.places.residents import Residents, spread

OUTLINE_KINDS = (AreaKind.DIVISION, AreaKind.BEAT, AreaKind.DISTRICT, AreaKind.NEIGHBORHOOD)
"""The kinds that together say where an agency works; tracts only where there is nothing else."""


class NoStreetsYet(Refusal):
    """An agency has no street network."""


def areas(agency: Agency, kind: str) -> list[Area]:
    """The agency's areas of a kind, with their outlines, in the order of their names."""
    return list(Area.objects.of(agency).filter(kind=kind, active=True).order_by("name", "pk"))


def has_areas(agency: Agency) -> bool:
    """Whether any area is known."""
    return Area.objects.of(agency).exists()


def locate(agency: Agency, kind: str, lats: ArrayLike, lons: ArrayLike) -> NDArray[np.int64]:
    """For each point the index of its area in `areas(agency, kind)`, or -1.

    A point on the border of two areas, or where two overlap, belongs to the first by name.
    """
    return locate_in([area.shape for area in areas(agency, kind)], lats, lons)


def area_at(agency: Agency, kind: str, lat: float, lon: float) -> Area | None:
    """The area in which one point lies, as `locate` says it of many."""
    here = areas(agency, kind)
    (index,) = locate_in([area.shape for area in here], [lat], [lon])
    return here[index] if index >= 0 else None


def division_of(agency: Agency, shape: BaseGeometry) -> Area | None:
    """The division in which most of a shape lies."""
    near = (
        Area.objects.of(agency)
        .filter(
            kind=AreaKind.DIVISION,
            active=True,
            west__lte=shape.bounds[2],
            east__gte=shape.bounds[0],
            south__lte=shape.bounds[3],
            north__gte=shape.bounds[1],
        )
        .order_by("name")
    )
    return _with_most_of(shape, near)


def divisions_of(agency: Agency, places: Iterable[Where]) -> dict[Where, int]:
    """The number of the division in which most of each place lies, where it lies in one: two questions for all."""
    wanted = set(places) - {None}
    divisions = areas(agency, AreaKind.DIVISION) if wanted else []
    if not divisions:
        return {}
    named = {each for each in wanted if isinstance(each, int)}
    themselves = named & {each.pk for each in divisions}
    shapes: dict[Where, BaseGeometry] = {
        area.pk: area.shape for area in Area.objects.of(agency).filter(pk__in=named - themselves)
    }
    shapes |= {each: shapely.Point(each[1], each[0]) for each in wanted if isinstance(each, tuple)}
    found: dict[Where, int] = {number: number for number in themselves}
    for place, shape in shapes.items():
        if division := _with_most_of(shape, divisions):
            found[place] = division.pk
    return found


def _with_most_of(shape: BaseGeometry, divisions: Iterable[Area]) -> Area | None:
    touching = [each for each in divisions if each.shape.intersects(shape)]
    return max(touching, key=lambda each: shapely.intersection(each.shape, shape).area, default=None)


# -- where the city ends --------------------------------------------------------------------------
@dataclass(frozen=True)
class StudyArea:
    """Where an agency works. Without boundaries `polygon` is None until somebody derives one from data.

    `derived` is True where no boundary says so; `source` is the sentence for pages and answers.
    """

    polygon: BaseGeometry | None
    derived: bool
    source: str

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north."""
        return None if self.polygon is None else self.polygon.bounds


def study_area(agency: Agency) -> StudyArea:
    """The union of the agency's areas, or the word that there are none yet."""
    rows = Area.objects.of(agency).filter(active=True)
    kinds = {AreaKind(kind) for kind in rows.values_list("kind", flat=True)}
    used = [kind for kind in OUTLINE_KINDS if kind in kinds] or sorted(kinds)
    if not used:
        return StudyArea(
            None, True, _("No boundaries were given: the study area is taken from where the data lies.")
        )
    shapes = [area.shape for area in rows.filter(kind__in=used)]
    names = ", ".join(str(kind.label).lower() for kind in used)
    return StudyArea(
        shapely.union_all(shapes), False, _("The areas given by the agency (%(kinds)s).") % {"kinds": names}
    )


def derived_study_area(cells: Cells, events: Floats) -> StudyArea:
    """A study area from where the data lies, for an agency without boundaries (`methods.spatial.extent`).

    cells, events  the cells of its events, and how many are in each
    """
    polygon = outline_of(extent_of(cells, events))
    if polygon is None:
        return StudyArea(None, True, _("No boundaries were given, and no point says where the data lies."))
    return StudyArea(
        polygon,
        True,
        _(
            "Derived from where the data lies, since no boundaries were given: read edges and totals with care."
        ),
    )


# -- streets --------------------------------------------------------------------------------------
def streets(agency: Agency) -> StreetNetwork | None:
    """The current street network."""
    return StreetNetwork.objects.of(agency).filter(current=True).first()


def street_graph(agency: Agency) -> WalkGraph:
    """The walkable streets, with the people who live along them where somebody counted.

    Raises NoStreetsYet, NotWhole.
    """
    network = streets(agency)
    if network is None:
        raise NoStreetsYet(
            _("%(agency)s has no streets yet: alongside streets import %(slug)s FILE.osm.pbf")
            % {"agency": agency.name, "slug": agency.slug}
        )
    graph = _graph(str(network.whole()))
    people = residents(agency)
    return graph if people is None or people.per_edge is None else graph.with_residents(people.per_edge)


@lru_cache(maxsize=4)
def _graph(path: str) -> WalkGraph:
    """Read once a process: a network's file never changes, a new import writes a new one."""
    with np.load(path, allow_pickle=False) as arrays:
        return WalkGraph.from_arrays(arrays)


# -- where people live ----------------------------------------------------------------------------
def populated_kind(agency: Agency) -> str | None:
    """The finest kind of area that has residents: the one with the most areas that do."""
    rows = Area.objects.of(agency).filter(active=True, population__isnull=False)
    kinds: dict[str, int] = {}
    for kind in rows.values_list("kind", flat=True):
        kinds[kind] = kinds.get(kind, 0) + 1
    return max(sorted(kinds), key=lambda kind: kinds[kind]) if kinds else None


def populated_areas(agency: Agency) -> list[Area]:
    """The finest areas that have residents, with their outlines."""
    kind = populated_kind(agency)
    if kind is None:
        return []
    return [area for area in areas(agency, kind) if area.population is not None]


def residents(agency: Agency) -> Residents | None:
    """Where people live, as points and along the streets; None where no area has a count.

    Kept in memory until an area or the streets change.
    """
    kind = populated_kind(agency)
    if kind is None:
        return None
    network = streets(agency)
    path = str(network.path) if network is not None and network.is_whole else ""
    stamp = Area.objects.of(agency).filter(kind=kind).aggregate(Max("changed_at"), Count("pk"))
    return _residents(agency.pk, path, str(sorted(stamp.items())), get_language())


@lru_cache(maxsize=4)
def _residents(agency_id: int, path: str, stamp: str, language: str) -> Residents | None:
    agency = Agency.objects.get(pk=agency_id)
    return spread(populated_areas(agency), _graph(path) if path else None)


def exposure(agency: Agency) -> Exposure | None:
    """The table of people who are there without living there, if one is in force."""
    return Exposure.objects.of(agency).in_force().first()


def at_risk(agency: Agency) -> Residents | None:
    """Who is at risk: residents, and those who are there for another reason, where the agency says how many.

    Points that add up to `total`, as `residents` gives them. None where neither is known. Raises NotWhole.
    """
    people, there = residents(agency), exposure(agency)
    if there is None:
        return people
    lat, lon, counted = _exposed(str(there.whole()))
    others = counted @ np.array([column["weight"] for column in there.columns], float)
    if people is None:
        return Residents(lat, lon, others, None, 0.0, float(others.sum()), exposure_in_words(there.columns))
    return replace(
        people,
        lat=np.concatenate([people.lat, lat]),
        lon=np.concatenate([people.lon, lon]),
        people=np.concatenate([people.people, others]),
        total=people.total + float(others.sum()),
        source=f"{people.source} {exposure_in_words(there.columns)}",
    )


@lru_cache(maxsize=4)
def _exposed(path: str) -> tuple[Floats, Floats, Floats]:
    """Read once a process: a table's file never changes."""
    arrays = read_arrays(Path(path))
    return arrays["lat"], arrays["lon"], arrays["counted"]


def exposure_in_words(columns: Iterable[Mapping[str, Any]]) -> str:
    """Which columns count and what each weighs, for everybody."""
    listed = ", ".join(f"{column['name']} × {column['weight']:g}" for column in columns)
    return _(
        "People who are there without living there count as well, by these columns and weights: %(listed)s."
    ) % {"listed": listed}


def estimated_residents(agency: Agency, unknown: list[Area]) -> dict[int, int]:
    """About how many live in areas without a count of their own, from the finest areas that have one: by number."""
    people = residents(agency) if unknown else None
    if people is None:
        return {}
    home = locate_in([area.shape for area in unknown], people.lat, people.lon)
    there = np.bincount(home[home >= 0], weights=people.people[home >= 0], minlength=len(unknown))
    return {area.pk: round(count) for area, count in zip(unknown, there.tolist(), strict=True)}
