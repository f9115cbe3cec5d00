"""A town with focus areas, a mall and a library, in December 2026, for the tests of seasons."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import shapely

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.hotspots.models import Band, FocusArea
from alongside.hotspots.tests import town
from alongside.methods import scheduling
from alongside.places.models import Area, AreaKind, Known, Permission, Venue, VenueKind
from alongside.season import draws
from alongside.season.draws import Named
from alongside.season.models import Draw, Redraws, Season

DECEMBER = datetime(2026, 12, 1, 15, tzinfo=UTC)
JANUARY = date(2027, 1, 2)  # a Saturday
NAMED = Named(
    "Kentucky Lottery Cash Ball 225, evening draw of 2 December 2026", date(2026, 12, 2), "00-00-00-00-00"
)
ANNOUNCED = "3, 12, 15, 22, 30"
BANDS = {
    "Eastbank": Band.FOUR_TIMES,
    "Mill Row": Band.TWICE,
    "Hilltop": Band.TWICE,
    "Shelby": Band.ABOVE,
    "Riverside": Band.ABOVE,
}


def build(agency: Agency) -> dict[str, Area]:
    """Five focus areas in two divisions, one in each neighborhood but the first; one mall that is open to us."""
    homes = town.draw(agency)
    run = town.a_run(agency)
    divisions = Area.objects.filter(agency=agency, kind=AreaKind.DIVISION)
    first, second = divisions.order_by("name")
    for name, band in BANDS.items():
        a_focus_area(run, homes[name], second if name in {"Eastbank", "Riverside"} else first, band)
    a_mall(agency)
    return homes


def a_focus_area(run, home, division, band) -> FocusArea:
    area = town.a_focus_area(run, home, name=str(home), band=band, division=division)
    area.outline = shapely.to_wkb(home.shape.buffer(-0.008))
    area.save()
    return area


def a_mall(agency: Agency, name: str = "Fairground Mall", **words) -> Venue:
    words = {
        "kind": VenueKind.MALL,
        "indoor": Known.YES,
        "permission": Permission.GIVEN,
        "permission_by": "Mall office",
        "lat": town.MALL[0],
        "lon": town.MALL[1],
    } | words
    return Venue.objects.create(agency=agency, name=name, **words)


def a_value(agency: Agency, first: date, value: str = ANNOUNCED) -> Draw:
    """The season whose first walk is on that day is drawn by a lottery of tomorrow, which we know already."""
    tomorrow = agency.today() + timedelta(days=1)
    draw = draws.name(agency, first, Named(NAMED.source, tomorrow, NAMED.example), by=None)
    with clock.at(clock.now() + timedelta(days=1)):
        return draws.type_value(draw, value, by=None)


def drawn(agency: Agency) -> Redraws:
    """A season of one week, and two draws of it as their file holds them."""
    season = Season.objects.create(
        agency=agency, start=JANUARY, at=time(10), minutes=60, objective=0, best=0, bound=0, seconds=0
    )
    made = Redraws.objects.create(agency=agency, season=season, public="2027-01-02:3-12", draws=2)
    every = scheduling.Redraws(made.public, 0.05, (JANUARY,), {"a": "a", "b": "b"}, (("a",), ("b",)))
    made.file_path.write_text(every.text())
    made.keep()
    made.done_at = clock.now()
    made.save()
    return made


def the_area(agency: Agency, name: str) -> FocusArea:
    return FocusArea.objects.get(agency=agency, name=name)
