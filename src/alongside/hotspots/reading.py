"""What a run needs, fetched from the rooms below: involvement from the lake, and the city it lies in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce

import h3.api.basic_int as h3
import numpy as np
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from alongside.agencies.models import Agency
from alongside.hotspots import analysis
from alongside.hotspots.models import Campus
from alongside.incidents.lake import CellCounts, Lake, Window
from alongside.incidents.models import Dataset
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
class NamedGround:
    """The city with its names: what an analysis knows by number, a page knows by word."""

    shapes: analysis.Ground
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


def ground(agency: Agency, involvement: analysis.Involvement) -> NamedGround:
    """The agency's city; where it gave no boundaries, the ground its own data covers."""
    study = places.study_area(agency)
    if study.polygon is None:
        centres = hexes.centres_of(involvement.place)
        study = places.derived_study_area(centres[:, 0], centres[:, 1])
    if study.polygon is None:
        raise analysis.NothingToCompare(study.source)
    homes = _named(agency)
    commands = places.areas(agency, AreaKind.DIVISION)
    people = places.residents(agency)
    shapes = analysis.Ground(
        study=study.polygon,
        neighborhoods=[area.shape for area in homes],
        divisions=[area.shape for area in commands],
        street_points=_street_points(agency),
        residents_at=None if people is None else (np.column_stack((people.lat, people.lon)), people.people),
        homes=_campuses(agency),
    )
    venues = list(Venue.objects.filter(agency=agency, active=True, kind__in=PUBLIC_VENUES))
    return NamedGround(shapes, homes, commands, venues, study.derived, study.source)


def _named(agency: Agency) -> list[Area]:
    """What residents call places: neighborhoods, or the next best there is."""
    return next((found for kind in NAMED_KINDS if (found := places.areas(agency, kind))), [])


def _street_points(agency: Agency) -> NDArray[np.float64] | None:
    """Junctions, and the middles of the streets between them; None where the streets are not known."""
    network: StreetNetwork | None = places.streets(agency)
    if network is None or not network.path.exists():
        return None
    graph = places.street_graph(agency)
    points = np.column_stack((graph.node_lat, graph.node_lon))
    return np.vstack((points, (points[graph.edge_u] + points[graph.edge_v]) / 2))


def _campuses(agency: Agency) -> list[BaseGeometry]:
    cells = [int(cell, 16) for cell in Campus.objects.filter(agency=agency).values_list("cell", flat=True)]
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
    lake = Lake(agency, Dataset.UNDATED if undated else Dataset.DATED)
    if lake.is_empty:
        raise analysis.NothingToCompare(
            f"The lake is empty: import incidents first, alongside incidents import {agency.slug} FILE."
        )
    if undated:
        if window is not None:
            raise analysis.NothingToCompare("Counts without dates have no window: leave out the days.")
        return _undated(lake)
    window = window or _last_year(lake)
    counts = lake.cell_counts(window=window)
    if not len(counts.cells):
        raise analysis.NothingToCompare(
            f"There are no incidents from {window[0]} to {window[1]}: the lake goes from {lake.first} to {lake.last}."
        )
    # Stability looks further back than the window: two years up to its last day.
    longer = lake.monthly_cell_counts(window=(_years_before(window[1], 2), window[1]))
    others = {name: (days, lake.cell_counts(window=days)) for name, days in _other_windows(lake, window)}
    place = reduce(np.union1d, [each.cells for each in (counts, longer, *(c for _, c in others.values()))])
    months, month = _calendar(longer.months, longer.month)
    return replace(
        _seen(place, counts, window, lake.precision_m),
        month=month,
        month_place=np.searchsorted(place, longer.cells[longer.cell]).astype(np.int64),
        month_events=np.rint(longer.either).astype(np.int64),
        months=months,
        others={name: _seen(place, found, days, lake.precision_m) for name, (days, found) in others.items()},
        other_layer_until=_other_layer_until(lake, counts),
    )


def _other_layer_until(lake: Lake, counts: CellCounts) -> date | None:
    """When the layer that a window lacks was last seen: its file may just end earlier than the other's."""
    lacking = [name for name in ("investigation", "enforcement") if not getattr(counts, name).any()]
    if len(lacking) != 1:
        return None
    times = lake.events(layer=lacking[0]).times
    return None if not len(times) else times.max().astype("datetime64[D]").item()


def _seen(
    place: NDArray[np.uint64], counts: CellCounts, window: Window, precision_m: float
) -> analysis.Involvement:
    """One window's events on a list of places, without its months."""
    none = np.zeros(0, np.int64)
    return analysis.Involvement(
        place=place,
        investigation=_on(place, counts.cells, counts.investigation),
        enforcement=_on(place, counts.cells, counts.enforcement),
        either=_on(place, counts.cells, counts.either),
        month=none,
        month_place=none,
        month_events=none,
        months=0,
        years=((window[1] - window[0]).days + 1) / DAYS_A_YEAR,
        precision_m=precision_m,
        first=window[0],
        last=window[1],
    )


def _other_windows(lake: Lake, window: Window) -> list[tuple[str, Window]]:
    """The window's halves, and as long a time right before it where the lake goes back that far."""
    first, last = window
    length = last - first + DAY
    found = []
    if length >= SHORTEST_TO_HALVE:
        middle = first + length // 2
        found += [("first half", (first, middle - DAY)), ("second half", (middle, last))]
    if lake.first is not None and lake.first <= first - length:
        found.append(("before", (first - length, first - DAY)))
    return found


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
        month_events=none,
        months=0,
        years=None,
        precision_m=lake.precision_m,
    )


def _last_year(lake: Lake) -> Window:
    first, last = lake.first, lake.last
    if first is None or last is None:
        raise analysis.NothingToCompare(
            "No incident has a date that can be read: look at the quality report."
        )
    return max(first, _years_before(last, 1)), last


def _years_before(day: date, years: int) -> date:
    """The day after the same day, years before: a whole number of years, both ends counted."""
    return day - timedelta(days=round(years * DAYS_A_YEAR) - 1)


def _calendar(found: list[date], month: NDArray[np.int64]) -> tuple[int, NDArray[np.int64]]:
    """Months counted from the first, those without an event too: a quiet month is a month."""
    numbers = np.array([day.year * 12 + day.month for day in found], np.int64)
    if not len(numbers):
        return 0, month
    return int(numbers[-1] - numbers[0] + 1), (numbers - numbers[0])[month]


def _on(
    place: NDArray[np.uint64], cells: NDArray[np.uint64], counts: NDArray[np.float64]
) -> NDArray[np.int64]:
    values = np.zeros(len(place), np.int64)
    values[np.searchsorted(place, cells)] = np.rint(counts).astype(np.int64)
    return values
