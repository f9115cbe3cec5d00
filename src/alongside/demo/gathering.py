"""Live through the season: plan, publish, take answers, cancel, move and hold, each on the day it would have been."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

import numpy as np
from django.utils import translation

from alongside.agencies.models import Agency, User
from alongside.core import clock
from alongside.demo import lexicon
from alongside.demo.season import (
    ACCESS,
    ASSISTANT,
    CANCELLED,
    CHIEF,
    DRAFT,
    HELD,
    MOVED,
    OTHERS,
    SATURDAYS,
    SUMMARY,
    Crowd,
    Other,
    Saturday,
)
from alongside.demo.sky import forecast_rain
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering, Kind, Series, Weekday
from alongside.hotspots.models import FocusArea, Run
from alongside.places.models import Area, AreaKind, Venue, VenueKind
from alongside.places.queries import areas
from alongside.walks import actions as walks
from alongside.walks import planning, rules
from alongside.walks.models import Walk
from alongside.walks.sheet import offered

ELEVEN = time(11, 0)
PLANNED_AHEAD, PUBLISHED_AHEAD = timedelta(days=34), timedelta(days=24)
INDOORS = (VenueKind.COMMUNITY_CENTER, VenueKind.LIBRARY, VenueKind.WORSHIP, VenueKind.SCHOOL)
NEEDS = (
    "I use a wheelchair.",
    "I walk slowly and need to sit down sometimes.",
    "I am hard of hearing.",
    "A stroller with twins.",
)


@dataclass
class Season:
    """What planning a season needs to know."""

    agency: Agency
    by: User
    today: date
    series: Series
    homes: dict[str, Area]
    focus: dict[int, FocusArea]
    venues: list[Venue]
    rng: np.random.Generator
    keys: Iterator[int]

    @property
    def first_saturday(self) -> date:
        soon = self.today + timedelta(days=3)
        return soon + timedelta(days=(Weekday.SATURDAY - soon.weekday()) % 7)

    def day(self, week: int) -> date:
        return self.first_saturday + timedelta(weeks=week)

    def local(self, on: date, at: time = ELEVEN) -> datetime:
        return datetime.combine(on, at, tzinfo=self.agency.zone)

    def before(self, on: date, ahead: timedelta) -> datetime:
        """That long before a day, but never in the future: the city lives today."""
        return min(self.local(on) - ahead, clock.now())

    def venue(self, area: Area | FocusArea, *, on: date, kinds: tuple[str, ...]) -> Venue:
        """The place of these kinds nearest to an area whose owner lets us in."""
        near = [venue for venue in self.venues if venue.kind in kinds and _open(venue, on)]
        return planning.nearest_venues(near, area.shape)[0].venue


def _open(venue: Venue, on: date) -> bool:
    if venue.permission == "not_needed":
        return True
    return venue.permission == "given" and (venue.permission_until is None or venue.permission_until >= on)


def live_through(agency: Agency, *, by: User, rng: np.random.Generator) -> None:
    """Every Saturday of the season, and the gatherings that are no walks."""
    run = Run.objects.filter(agency=agency).latest_published()
    season = Season(
        agency=agency,
        by=by,
        today=agency.today(),
        series=_series(agency, by),
        homes={area.name: area for area in areas(agency, AreaKind.NEIGHBORHOOD)},
        focus=_strongest(run),
        venues=list(Venue.objects.filter(agency=agency, active=True)),
        rng=rng,
        keys=count(1),
    )
    for saturday in SATURDAYS:
        with translation.override("en"):
            _walk(season, saturday)
    for other in OTHERS:
        with translation.override(other.language):
            _other(season, other)
    forecast_rain(agency, by=by)


def _strongest(run: Run | None) -> dict[int, FocusArea]:
    """The focus area of each neighborhood that has one, by the neighborhood's number."""
    if run is None:
        return {}
    return {
        area.neighborhood_id or 0: area for area in run.areas.exclude(neighborhood=None).order_by("peak_z")
    }


def _series(agency: Agency, by: User) -> Series:
    return gatherings.set_series(
        agency,
        by=by,
        kind=Kind.WALK,
        name="Chief’s Peace Walks",
        description="Every Saturday in another neighborhood. In the cold months often in a mall or under a roof.",
        weekday=Weekday.SATURDAY,
        at=ELEVEN,
        minutes=60,
    )


# -- walks ------------------------------------------------------------------------------------------
def _walk(season: Season, saturday: Saturday) -> None:
    on = season.day(saturday.week)
    with clock.at(season.before(on, PLANNED_AHEAD)):
        walk = _planned(season, saturday, on)
    if saturday.became == DRAFT:
        return
    with clock.at(season.before(on, PUBLISHED_AHEAD)):
        _published(season, saturday, walk)
    with clock.at(season.before(on, timedelta(days=6))):
        _became(season, saturday, walk.gathering)
    if saturday.became == HELD:
        with clock.at(season.local(on, time(13, 0))):
            gatherings.mark_held(walk.gathering, came=saturday.came, by=season.by)


def _planned(season: Season, saturday: Saturday, on: date) -> Walk:
    home = season.homes[saturday.neighborhood]
    kinds = (saturday.kind,) if saturday.kind else INDOORS if saturday.indoors else (VenueKind.OUTDOOR,)
    area = season.focus.get(home.pk, home) if saturday.week >= 0 else home
    walk = walks.plan(
        season.agency,
        on=on,
        at=ELEVEN,
        area=area,
        venue=season.venue(area, on=on, kinds=kinds),
        minutes=60,
        title="A walk at Riverbend Mall" if saturday.kind == VenueKind.MALL else "",
        by=season.by,
        series=season.series,
        summary=saturday.summary or SUMMARY,
        host=saturday.host,
        deputy_host=ASSISTANT if saturday.host == CHIEF else "Major Walter Dent",
        access_notes=saturday.access_notes or ACCESS,
        languages=saturday.languages,
        photo_notes="No photos of people without asking. No cameras for evidence.",
    )
    if saturday.capacity:
        gatherings.change(walk.gathering, by=season.by, capacity=saturday.capacity)
    return walk


def _published(season: Season, saturday: Saturday, walk: Walk) -> None:
    if saturday.route:
        route = walks.lay_route(walk, by=season.by)
        if saturday.checked_by:
            walks.check_route(route, name=saturday.checked_by, notes=saturday.check_notes, by=season.by)
    walks.prepare(
        walk, host=saturday.host, deputy_host=walk.gathering.deputy_host, by=season.by, **_ways_out(walk)
    )
    walks.confirm_plan(walk, rules_version=rules.in_force(season.agency).version, by=season.by)
    walks.publish(walk, by=season.by)
    walk.gathering.refresh_from_db()


def _ways_out(walk: Walk) -> dict[str, Any]:
    """Where to turn back and where to go in bad weather, as the plan offers it."""
    said = offered(walk, walk.route, by="")
    return {"turn_back": said["turn_back"], "alternative": said["alternative"]}


def _became(season: Season, saturday: Saturday, gathering: Gathering) -> None:
    if saturday.crowd:
        _answer(season, gathering, saturday.crowd)
    if saturday.became == CANCELLED:
        gatherings.cancel(gathering, reason=saturday.reason, by=season.by)
    if saturday.became == MOVED:
        home = season.homes[saturday.neighborhood]
        gatherings.move(
            gathering,
            reason=saturday.reason,
            stand_in=saturday.stand_in,
            venue=season.venue(home, on=gathering.on, kinds=INDOORS),
            by=season.by,
        )


# -- answers ----------------------------------------------------------------------------------------
def _answer(season: Season, gathering: Gathering, crowd: Crowd) -> None:
    """People say that they will come; then, where it is full, some wait."""
    for number in range(crowd.answers):
        left = gathering.numbers.left
        if left == 0:
            break
        party = int(season.rng.choice([1, 1, 2, 2, 3, 4]))
        _join(season, gathering, party if left is None else min(party, left), email=number < crowd.emails)
    if crowd.waiting:
        _fill(season, gathering)
        for _ in range(crowd.waiting):
            _join(season, gathering, int(season.rng.choice([1, 2])), email=True, wait=True)


def _fill(season: Season, gathering: Gathering) -> None:
    gathering.__dict__.pop("numbers", None)
    while (left := gathering.numbers.left) is not None and left > 0:
        _join(season, gathering, min(left, 4), email=False)
        gathering.__dict__.pop("numbers", None)


def _join(season: Season, gathering: Gathering, party: int, *, email: bool, wait: bool = False) -> None:
    number = next(season.keys)
    named = season.rng.random() < 0.7
    first = str(season.rng.choice(lexicon.FIRST_NAMES))
    spanish = season.rng.random() < 0.2
    gatherings.join(
        gathering,
        party=party,
        form_key=f"demo-answer-{number:012d}",
        name=f"{first} {season.rng.choice(lexicon.LAST_NAMES)}" if named else "",
        language="es" if spanish else "en",
        interpreter="Español" if spanish and season.rng.random() < 0.5 else "",
        access_needs=str(season.rng.choice(NEEDS)) if season.rng.random() < 0.15 else "",
        email=f"{first.lower()}{number}@neighbors.example" if email else "",
        wait=wait,
    )
    gathering.__dict__.pop("numbers", None)


# -- other gatherings -------------------------------------------------------------------------------
def _other(season: Season, other: Other) -> None:
    on = season.today + timedelta(days=other.days)
    home = season.homes[other.neighborhood]
    with clock.at(season.before(on, PUBLISHED_AHEAD)):
        gathering = gatherings.plan(
            season.agency,
            by=season.by,
            kind=Kind(other.kind),
            title=other.title,
            summary=other.summary,
            language=other.language,
            on=on,
            at=time(other.hour, 0),
            minutes=other.minutes,
            venue=season.venue(home, on=on, kinds=(other.venue_kind,)),
            neighborhood=home,
            languages=other.languages,
            capacity=other.capacity,
        )
        gatherings.publish(gathering, by=season.by)
        gathering.refresh_from_db()
    if other.crowd:
        _answer(season, gathering, other.crowd)
    if other.came is not None:
        with clock.at(season.local(on, time(other.hour + 2, 0))):
            gatherings.mark_held(gathering, came=other.came, by=season.by)
