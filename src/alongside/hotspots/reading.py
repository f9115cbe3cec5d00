"""What a run needs, fetched from the rooms below: involvement from the lake, and the city it lies in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import Any, Self

import h3.api.basic_int as h3
import numpy as np
import scipy  # loads each part when it is first used: most processes never compute
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
from alongside.methods.ground import Frame
from alongside.methods.spatial import cells as hexes
from alongside.methods.spatial import coverage
from alongside.places import queries as places
from alongside.places.models import Area, AreaKind, StreetNetwork, Venue, VenueKind
from alongside.places.residents import Residents

MALL_REACH_M = 250.0
DAYS_A_YEAR = 365.25
FULL_YEAR = 0.9  # of its days must be covered, for a year to be compared with another
SHORTEST_TO_HALVE = 56  # days
LONGEST_MONTHS = 24
PUBLIC_VENUES = frozenset(VenueKind.values) - {VenueKind.OTHER}
_NO_DAYS = np.zeros(0, "datetime64[D]")
NAMED_KINDS = (AreaKind.NEIGHBORHOOD, AreaKind.DISTRICT, AreaKind.BEAT)


@dataclass(frozen=True)
class Summary:
    """What the lake holds: how many events, from when to when it covers the days, and the window to propose."""

    events: int
    first: date | None
    last: date | None
    proposed: Window | None
    dated: bool


@dataclass(frozen=True)
class NamedCity:
    """The city with its names: what an analysis knows by number, a page knows by word.

    exposure  columns of people who are there without living there: the name and the weight of each
    """

    agency: Agency
    shapes: analysis.CityShapes
    homes: Sequence[Area]
    commands: Sequence[Area]
    venues: Sequence[Venue]
    derived: bool
    source: str
    exposure: Sequence[Mapping[str, Any]] = ()

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

    def at_venues(self, place: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """(m,) whether a known public venue is at each of these spots, as `venue_at` says it of one."""
        near = np.zeros(len(place), np.bool_)
        if not len(place) or not self.venues:
            return near
        centres = hexes.centres_of(place)
        frame = Frame.of(self.shapes.study)
        spots = scipy.spatial.cKDTree(frame.xy(centres[:, 0], centres[:, 1]))
        edge = hexes.edge_m(int(hexes.resolutions_of(place[:1])[0]))
        where = frame.xy([venue.lat for venue in self.venues], [venue.lon for venue in self.venues])
        reach = [MALL_REACH_M if venue.kind == VenueKind.MALL else edge for venue in self.venues]
        for spots_there in spots.query_ball_point(where, reach):
            near[spots_there] = True
        return near

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


def sited(involvement: analysis.Involvement, city: NamedCity) -> analysis.Involvement:
    """With the word of which places are public venues."""
    return replace(involvement, venue=city.at_venues(involvement.place))


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
    people, exposed = places.residents(agency), places.exposure(agency)
    shapes = analysis.CityShapes(
        study=study.polygon,
        neighborhoods=[area.shape for area in homes],
        divisions=[area.shape for area in commands],
        street_points=_street_points(agency),
        residents_at=_points(people),
        at_risk_at=_points(places.at_risk(agency)) if exposed else None,
        homes=_campuses(agency),
    )
    venues = list(Venue.objects.of(agency).filter(active=True, kind__in=PUBLIC_VENUES))
    weighed = (
        [{key: column[key] for key in ("name", "weight")} for column in exposed.columns] if exposed else []
    )
    return NamedCity(agency, shapes, homes, commands, venues, study.derived, study.source, weighed)


def _points(people: Residents | None) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    return None if people is None else (np.column_stack((people.lat, people.lon)), people.people)


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
    if dated.is_empty:
        undated = Lake(agency, Dataset.UNDATED)
        return Summary(round(undated.total), None, None, None, dated=undated.is_empty)
    covered = _Covered.by(dated).days
    if not len(covered):
        return Summary(round(dated.total), None, None, None, dated=True)
    first, last = _ends(covered)
    return Summary(round(dated.total), first, last, _ends(_last_year(covered)), dated=True)


def involvement(
    agency: Agency, *, window: Window | None = None, layer: str = analysis.BOTH, undated: bool = False
) -> analysis.Involvement:
    """Events of the window by place and month, from the lake. Without a window, the last year that it covers.

    Every window is cut to the days that the data covers, in both layers where both are asked: a rate stands on them.
    """
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
    known = _Covered.by(lake, layer)
    covered = _window_of(known, window)
    # One look into the lake: stability goes back two years, and another window may lie before this one.
    others = _other_windows(known, covered)
    months = coverage.whole_months(known.days[known.days <= covered[-1]])[-LONGEST_MONTHS:]
    earliest = min([covered[0], *months[:1].astype("datetime64[D]"), *(days[0] for days in others.values())])
    days = _Days.of(lake.events((earliest.item(), covered[-1].item())))
    seen = days.seen(covered, lake.precision_m)
    if not seen.events:
        raise _nothing_there(known, _ends(covered))
    month, month_place, month_layers = days.by_month(months)
    return replace(
        seen,
        month=month,
        month_place=month_place,
        month_layers=month_layers,
        months=len(months),
        others={name: days.seen(other, lake.precision_m) for name, other in others.items()},
        other_layer_until=known.other_layer_until(seen),
        spot=lake.spots(seen.place),
        coverage=known.facts(window, covered),
    )


def years(agency: Agency, layer: str) -> list[analysis.Involvement]:
    """The years that the data covers, each back from the last covered day, the earliest first, on the same places.

    Raises NothingToCompare where there are no dated rows.
    """
    lake = _lake(agency, undated=False)
    known = _Covered.by(lake, layer)
    covered = _window_of(known, None)
    cut = []
    while len(covered) >= FULL_YEAR * DAYS_A_YEAR:
        cut.append(covered)
        earlier = known.days[known.days < covered[0]]
        covered = _last_year(earlier) if len(earlier) else earlier
    if not cut:
        return []
    days = _Days.of(lake.events((cut[-1][0].item(), cut[0][-1].item())))
    spot = lake.spots(days.place)
    return [replace(days.with_months(each, lake.precision_m), spot=spot) for each in reversed(cut)]


def refuse_empty(agency: Agency, window: Window | None, layer: str) -> None:
    """Refuse a window that the dated rows cover no day of, before anything is computed. Raises NothingToCompare."""
    _window_of(_Covered.by(Lake(agency), layer), window)


@dataclass(frozen=True)
class _Covered:
    """The days that a lake covers: `days` in all of the layers asked, `anyhow` in one of them, and each layer's own."""

    days: coverage.Days
    anyhow: coverage.Days
    by_layer: Mapping[str, coverage.Days]

    @classmethod
    def by(cls, lake: Lake, layer: str = analysis.BOTH) -> Self:
        counts = lake.day_counts()
        anyhow = coverage.covered_days(counts.of(analysis.BOTH))
        layers = {
            name: coverage.covered_days(days, beside=anyhow)
            for name in (analysis.INVESTIGATION, analysis.ENFORCEMENT)
            if len(days := counts.of(name))
        }
        asked = [days for name, days in layers.items() if layer in (name, analysis.BOTH)]
        common = reduce(np.intersect1d, asked) if asked else anyhow
        return cls(common if len(common) else anyhow, anyhow, layers)

    def within(self, window: Window) -> coverage.Days:
        """The covered days of a window; where the layers asked share none there, those of any."""
        return next((cut for days in (self.days, self.anyhow) if len(cut := _cut(days, window))), _NO_DAYS)

    def other_layer_until(self, seen: analysis.Involvement) -> date | None:
        """When the layer that a window lacks was last covered: its file may just end earlier than the other's."""
        lacking = [name for name in (analysis.INVESTIGATION, analysis.ENFORCEMENT) if not seen.of(name).any()]
        days = self.by_layer.get(lacking[0]) if len(lacking) == 1 else None
        return None if days is None else days[-1].item()

    def facts(self, asked: Window | None, covered: coverage.Days) -> dict[str, Any]:
        """What a run says of its days: asked for, covered, left out between, and each layer's ends where they differ.

        `cut` says whether days that were asked for are left out.
        """
        window = asked or _ends(covered)
        ends = {name: _iso(_ends(days)) for name, days in self.by_layer.items()}
        return {
            "asked": _iso(asked) if asked else None,
            "covered": _iso(_ends(covered)),
            "days": len(covered),
            "gaps": [_iso(gap) for gap in coverage.gaps(covered)],
            "cut": len(covered) < (window[1] - window[0]).days + 1,
            "layers": ends if len({tuple(days) for days in ends.values()}) > 1 else {},
        }


def _window_of(known: _Covered, asked: Window | None) -> coverage.Days:
    """The covered days of the window asked for, or of the last year. Raises NothingToCompare."""
    if not len(known.days):
        raise analysis.NothingToCompare(
            _("No incident has a date that can be read: look at the quality report.")
        )
    if asked is None:
        return _last_year(known.days)
    covered = known.within(asked)
    if not len(covered):
        raise _nothing_there(known, asked)
    return covered


def _nothing_there(known: _Covered, window: Window) -> analysis.NothingToCompare:
    first, last = _ends(known.anyhow)
    return analysis.NothingToCompare(
        _("There are no incidents from %(begin)s to %(end)s: the lake goes from %(first)s to %(last)s.")
        % {"begin": window[0], "end": window[1], "first": first, "last": last}
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

    def seen(self, covered: coverage.Days, precision_m: float) -> analysis.Involvement:
        """The events of these days, without their months."""
        inside = np.isin(self.day, covered)
        at, layers = self.at[inside], self.layers[inside]

        def count(chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
            return np.bincount(at[chosen], minlength=len(self.place)).astype(np.int64)

        none = np.zeros(0, np.int64)
        first, last = _ends(covered)
        return analysis.Involvement(
            place=self.place,
            investigation=count(layers & INVESTIGATION != 0),
            enforcement=count(layers & ENFORCEMENT != 0),
            either=count(layers != 0),
            month=none,
            month_place=none,
            month_layers=np.zeros(0, np.uint8),
            months=0,
            years=len(covered) / DAYS_A_YEAR,
            precision_m=precision_m,
            first=first,
            last=last,
        )

    def with_months(self, covered: coverage.Days, precision_m: float) -> analysis.Involvement:
        """The events of these days, with the whole months among them."""
        months = coverage.whole_months(covered)
        month, month_place, month_layers = self.by_month(months)
        return replace(
            self.seen(covered, precision_m),
            month=month,
            month_place=month_place,
            month_layers=month_layers,
            months=len(months),
        )

    def by_month(
        self, months: NDArray[np.datetime64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]:
        """The number of the month among these whole months, the place and the layers of each event in them."""
        month = self.day.astype("datetime64[M]")
        inside = np.isin(month, months)
        number = np.searchsorted(months, month[inside]).astype(np.int64)
        return number, self.at[inside], self.layers[inside]


def _other_windows(known: _Covered, covered: coverage.Days) -> dict[str, coverage.Days]:
    """The window's halves, and as long a time right before it where the data covers that."""
    windows: dict[str, coverage.Days] = {}
    if len(covered) >= SHORTEST_TO_HALVE:
        middle = len(covered) // 2
        windows |= {"first half": covered[:middle], "second half": covered[middle:]}
    earlier = known.days[known.days < covered[0]]
    if len(earlier) >= len(covered):
        windows["before"] = earlier[-len(covered) :]
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
        month_layers=np.zeros(0, np.uint8),
        months=0,
        years=None,
        precision_m=lake.precision_m,
        spot=lake.spots(counts.cells),
    )


def _last_year(covered: coverage.Days) -> coverage.Days:
    """The covered days of the year that ends with the last of them."""
    last: date = covered[-1].item()
    leap = (last.month, last.day) == (2, 29)
    before = last.replace(year=last.year - 1, day=28 if leap else last.day)
    return covered[covered > np.datetime64(before)]


def _cut(days: coverage.Days, window: Window) -> coverage.Days:
    inside: coverage.Days = days[(days >= np.datetime64(window[0])) & (days <= np.datetime64(window[1]))]
    return inside


def _ends(days: coverage.Days) -> Window:
    return days[0].item(), days[-1].item()


def _iso(window: Window | coverage.Stretch) -> list[str]:
    return [str(day) for day in window]
