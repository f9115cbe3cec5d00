"""What a run needs, fetched from the rooms below: involvement from the lake, and the city it lies in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

import h3.api.basic_int as h3
import numpy as np
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from alongside.agencies.models import Agency
from alongside.hotspots import analysis
from alongside.hotspots.models import Campus
from alongside.incidents.lake import Events, Lake, Window
from alongside.incidents.models import Dataset
from alongside.incidents.reading.judging import ENFORCEMENT, INVESTIGATION
from alongside.methods.spatial import cells as hexes
from alongside.places import queries as places
from alongside.places.models import Area, AreaKind, StreetNetwork, Venue, VenueKind

MALL_REACH_M = 250.0
DAYS_A_YEAR = 365.25
DAY = timedelta(days=1)
SHORTEST_TO_HALVE = timedelta(days=56)
PUBLIC_VENUES = frozenset(VenueKind.values) - {VenueKind.OTHER}
NAMED_KINDS = (AreaKind.NEIGHBORHOOD, AreaKind.DISTRICT, AreaKind.BEAT)


@dataclass(frozen=True)
class Summary:
    """What the lake holds: how many events, from when to when."""

    events: int
    first: date | None
    last: date | None
    dated: bool


@dataclass(frozen=True)
class NamedCity:
    """The city with its names: what an analysis knows by number, a page knows by word."""

    agency: Agency
    shapes: analysis.CityShapes
    homes: Sequence[Area]
    commands: Sequence[Area]
    venues: Sequence[Venue]
    derived: bool
    source: str

    def neighborhood(self, number: int) -> Area | None:
        return self.homes[number] if 0 <= number < len(self.homes) else None

    def division(self, number: int) -> Area | None:
        return self.commands[number] if 0 <= number < len(self.commands) else None

    def neighborhood_name(self, number: int) -> str:
        home = self.neighborhood(number)
        return home.name if home else _("Focus area")

    def neighborhood_shape(self, number: int) -> BaseGeometry:
        home = self.neighborhood(number)
        return home.shape if home else self.shapes.study

    def venue_at(self, cell: str) -> str:
        """The known public venue at a spot, or nothing: a neighbor is never named for what happens next door.

        A venue is at a spot if its point lies within a cell's edge of the spot's middle. A mall is large, and its
        incidents are written down at one of its doors: it may lie further off.
        """
        here = int(cell, 16)
        lat, lon = h3.cell_to_latlng(here)
        reach = hexes.edge_m(h3.get_resolution(here))
        near = [
            (h3.great_circle_distance((lat, lon), (venue.lat, venue.lon), unit="m"), venue)
            for venue in self.venues
        ]
        at = [
            (metres, venue.name)
            for metres, venue in near
            if metres <= (MALL_REACH_M if venue.kind == VenueKind.MALL else reach)
        ]
        return min(at)[1] if at else ""


def city(agency: Agency, *, undated: bool = False) -> NamedCity:
    """The agency's city; where it gave no boundaries, the ground that all of the lake covers, whatever the window.

    So what an import keeps lies in the city that is looked at, and what it sets aside as outside does not.
    """
    study = places.study_area(agency)
    if study.polygon is None:
        counts = _lake(agency, undated=undated).cell_counts()
        study = places.derived_study_area(counts.cells, counts.either)
    if study.polygon is None:
        raise analysis.NothingToCompare(study.source)
    homes = _named(agency)
    commands = places.areas(agency, AreaKind.DIVISION)
    people = places.residents(agency)
    shapes = analysis.CityShapes(
        study=study.polygon,
        neighborhoods=[area.shape for area in homes],
        divisions=[area.shape for area in commands],
        street_points=_street_points(agency),
        residents_at=None if people is None else (np.column_stack((people.lat, people.lon)), people.people),
        homes=_campuses(agency),
    )
    venues = list(Venue.objects.of(agency).filter(active=True, kind__in=PUBLIC_VENUES))
    return NamedCity(agency, shapes, homes, commands, venues, study.derived, study.source)


def _named(agency: Agency) -> list[Area]:
    """What residents call places: neighborhoods, or the next best there is."""
    return next((areas for kind in NAMED_KINDS if (areas := places.areas(agency, kind))), [])


def _street_points(agency: Agency) -> NDArray[np.float64] | None:
    """Junctions, and the middles of the streets between them; None where the streets are not known. Raises NotWhole."""
    network: StreetNetwork | None = places.streets(agency)
    if network is None:
        return None
    graph = places.street_graph(agency)
    points = np.column_stack((graph.node_lat, graph.node_lon))
    return np.vstack((points, (points[graph.edge_u] + points[graph.edge_v]) / 2))


def _campuses(agency: Agency) -> list[BaseGeometry]:
    cells = [int(cell, 16) for cell in Campus.objects.of(agency).values_list("cell", flat=True)]
    if not cells:
        return []
    return [shapely.union_all(hexes.outlines(np.array(cells, np.uint64)))]


def summary(agency: Agency) -> Summary:
    """What there is to look at: dated rows, or, where there are none, counts without dates."""
    dated = Lake(agency)
    lake = Lake(agency, Dataset.UNDATED) if dated.is_empty else dated
    return Summary(round(lake.total), lake.first, lake.last, dated=not dated.is_empty or lake.is_empty)


def involvement(
    agency: Agency, *, window: Window | None = None, undated: bool = False
) -> analysis.Involvement:
    """Events of the window by place and month, from the lake. Without a window, the last year there is."""
    lake = _lake(agency, undated=undated)
    if lake.is_empty:
        raise analysis.NothingToCompare(
            _("The lake is empty: import incidents first, alongside incidents import %(agency)s FILE.")
            % {"agency": agency.slug}
        )
    if undated:
        if window is not None:
            raise analysis.NothingToCompare(_("Counts without dates have no window: leave out the days."))
        return _undated(lake)
    window = window or _last_year(lake)
    # One look into the lake: stability goes back two years, and another window may lie before this one.
    others = _other_windows(lake, window)
    longer = (_years_before(window[1], 2), window[1])
    events = lake.events((min(window[0], longer[0], *(days[0] for _, days in others)), window[1]))
    days = _Days.of(events)
    seen = days.seen(window, lake.precision_m)
    if not seen.events:
        raise analysis.NothingToCompare(
            _("There are no incidents from %(begin)s to %(end)s: the lake goes from %(first)s to %(last)s.")
            % {"begin": window[0], "end": window[1], "first": lake.first, "last": lake.last}
        )
    months, month, month_place = days.by_month(longer)
    return replace(
        seen,
        month=month,
        month_place=month_place,
        months=months,
        others={name: days.seen(other, lake.precision_m) for name, other in others},
        other_layer_until=_other_layer_until(lake, seen),
    )


def _lake(agency: Agency, *, undated: bool) -> Lake:
    return Lake(agency, Dataset.UNDATED if undated else Dataset.DATED)


@dataclass(frozen=True)
class _Days:
    """Dated events as a run counts them: the places there are, and for each event its place, day and layers."""

    place: NDArray[np.uint64]
    at: NDArray[np.int64]
    day: NDArray[np.datetime64]
    layers: NDArray[np.uint8]

    @classmethod
    def of(cls, events: Events) -> Self:
        """Events come sorted by cell."""
        new = np.ones(len(events.cells), bool)
        new[1:] = events.cells[1:] != events.cells[:-1]
        return cls(events.cells[new], np.cumsum(new) - 1, events.times.astype("datetime64[D]"), events.layers)

    def within(self, window: Window) -> NDArray[np.bool_]:
        return (self.day >= np.datetime64(window[0])) & (self.day <= np.datetime64(window[1]))

    def seen(self, window: Window, precision_m: float) -> analysis.Involvement:
        """One window's events, without its months."""
        inside = self.within(window)
        at, layers = self.at[inside], self.layers[inside]

        def count(chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
            return np.bincount(at[chosen], minlength=len(self.place)).astype(np.int64)

        none = np.zeros(0, np.int64)
        return analysis.Involvement(
            place=self.place,
            investigation=count(layers & INVESTIGATION != 0),
            enforcement=count(layers & ENFORCEMENT != 0),
            either=count(layers != 0),
            month=none,
            month_place=none,
            months=0,
            years=((window[1] - window[0]).days + 1) / DAYS_A_YEAR,
            precision_m=precision_m,
            first=window[0],
            last=window[1],
        )

    def by_month(self, window: Window) -> tuple[int, NDArray[np.int64], NDArray[np.int64]]:
        """How many months there are, and the number of the month and the place of each event. A quiet month
        between two others is a month, too.
        """
        inside = self.within(window)
        month = self.day[inside].astype("datetime64[M]").astype(np.int64)
        if not len(month):
            return 0, month, month
        return int(np.ptp(month)) + 1, month - month.min(), self.at[inside]


def _other_layer_until(lake: Lake, seen: analysis.Involvement) -> date | None:
    """When the layer that a window lacks was last seen: its file may just end earlier than the other's."""
    lacking = [layer for layer in (analysis.INVESTIGATION, analysis.ENFORCEMENT) if not seen.of(layer).any()]
    if len(lacking) != 1:
        return None
    times = lake.events(layer=lacking[0]).times
    return None if not len(times) else times.max().astype("datetime64[D]").item()


def _other_windows(lake: Lake, window: Window) -> list[tuple[str, Window]]:
    """The window's halves, and as long a time right before it where the lake goes back that far."""
    first, last = window
    length = last - first + DAY
    windows = []
    if length >= SHORTEST_TO_HALVE:
        middle = first + length // 2
        windows += [("first half", (first, middle - DAY)), ("second half", (middle, last))]
    if lake.first is not None and lake.first <= first - length:
        windows.append(("before", (first - length, first - DAY)))
    return windows


def _undated(lake: Lake) -> analysis.Involvement:
    counts = lake.cell_counts()
    none = np.zeros(0, np.int64)
    return analysis.Involvement(
        place=counts.cells,
        investigation=np.rint(counts.investigation).astype(np.int64),
        enforcement=np.rint(counts.enforcement).astype(np.int64),
        either=np.rint(counts.either).astype(np.int64),
        month=none,
        month_place=none,
        months=0,
        years=None,
        precision_m=lake.precision_m,
    )


def _last_year(lake: Lake) -> Window:
    first, last = lake.first, lake.last
    if first is None or last is None:
        raise analysis.NothingToCompare(
            _("No incident has a date that can be read: look at the quality report.")
        )
    return max(first, _years_before(last, 1)), last


def _years_before(day: date, years: int) -> date:
    """The day after the same day, years before: a whole number of years, both ends counted."""
    return day - timedelta(days=round(years * DAYS_A_YEAR) - 1)
