"""Live through the season: plan, publish, take answers, cancel, move and hold, each on the day it would have been."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from functools import partial
from typing import Any

import numpy as np
from django.utils import translation

from alongside.agencies.models import Agency, User
from alongside.cadence import pauses
from alongside.core import clock
from alongside.demo import afterwards, company, lexicon, notes, sky
from alongside.demo.both import written
from alongside.demo.days import ELEVEN, LivedSeason
from alongside.demo.season import (
    ACCESS,
    ASSISTANT,
    CANCELLED,
    CHIEF,
    HELD,
    MOVED,
    NEW_RULES,
    OTHERS,
    PHOTOS,
    RULES_CHANGED,
    SATURDAYS,
    SUMMARY,
    UNCLOSED,
    Crowd,
    Other,
    Saturday,
)
from alongside.gatherings import actions as gatherings
from alongside.gatherings import checks, rules
from alongside.gatherings.breaking import BreaksAccess
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.models import PARTS, Gathering, Series, Status, Weekday
from alongside.hotspots.models import FocusArea, Run
from alongside.outreach.subscriptions import actions as following
from alongside.places.models import AreaKind, Venue, VenueKind
from alongside.places.queries import areas
from alongside.walks import actions as walks
from alongside.walks.models import Walk
from alongside.walks.sheet import offered

PLANNED_AHEAD, PUBLISHED_AHEAD = timedelta(days=34), timedelta(days=24)
INDOORS = (VenueKind.COMMUNITY_CENTER, VenueKind.LIBRARY, VenueKind.WORSHIP, VenueKind.SCHOOL)
LATELY = -3  # weeks since: their quarter is not published yet
NEEDS = (
    "I use a wheelchair.",
    "I walk slowly and need to sit down sometimes.",
    "I am hard of hearing.",
    "A stroller with twins.",
)


def begin(agency: Agency, *, users: Mapping[str, User], rng: np.random.Generator) -> LivedSeason:
    """The series, and all that one looks up while living through it."""
    return LivedSeason(
        agency=agency,
        users=users,
        series=_series(agency, users["ada@riverbend.example"]),
        homes={area.name: area for area in areas(agency, AreaKind.NEIGHBORHOOD)},
        focus=_strongest(Run.objects.filter(agency=agency).latest_published()),
        venues=list(Venue.objects.filter(agency=agency, active=True)),
        rng=rng,
    )


def live_through(season: LivedSeason) -> None:
    """Every Saturday of the season, and the gatherings that are no walks."""
    company.host_the_series(season)
    notes.set_rules(season)
    with translation.override("en"):
        afterwards.set_up(season)
        afterwards.from_the_stage(season)
        for saturday in SATURDAYS:
            _walk(season, saturday)
        season.diary.live_until(clock.now())
        for other in OTHERS:
            _other(season, other)
        _letters_of_today(season)
    company.mark_absences(season, late=True)
    sky.forecast_rain(season.agency, by=season.by)


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
        kind=WALK.name,
        name="Chief’s Peace Walks",
        description=written(
            "Every Saturday in another neighborhood. In the cold months often in a mall or under a roof.",
            "Cada sábado en otro barrio. En los meses fríos, muchas veces en un centro comercial o bajo techo.",
        ),
        weekday=Weekday.SATURDAY,
        at=ELEVEN,
        minutes=60,
    )


# -- walks ------------------------------------------------------------------------------------------
def _walk(season: LivedSeason, saturday: Saturday) -> None:
    on = season.day(saturday.week) if saturday.days is None else season.today + timedelta(days=saturday.days)
    with clock.at(season.before(on, PLANNED_AHEAD)):
        if saturday.week == RULES_CHANGED:
            _change_rules(season)
        walk = _planned(season, saturday, on)
    with clock.at(season.before(on, PUBLISHED_AHEAD)):
        _published(season, saturday, walk)
    gathering = walk.gathering
    company.ask(season, saturday.week, gathering)
    with clock.at(season.before(on, timedelta(days=6))):
        _became(season, saturday, gathering)
    if saturday.thunder:
        _go_indoors(season, saturday, gathering)
    if saturday.became == HELD:
        with clock.at(season.local(on, time(13, 0))):
            gatherings.mark_held(gathering, came=saturday.came, by=season.by)
        gathering.refresh_from_db()
        company.say_who_came(season, gathering)
        if saturday.week < LATELY:
            company.tell_of_themselves(season, gathering)
    if saturday.became in (HELD, UNCLOSED):
        if saturday.days is None:
            notes.live_through(season, saturday.week, gathering)
        season.scribe = gathering.public_id if season.local(on) < clock.now() else season.scribe


def _change_rules(season: LivedSeason) -> None:
    """The second version of the operating rules."""
    before = rules.in_force(season.agency)
    words = {part: getattr(before, part) for part in PARTS} | NEW_RULES
    checks.set_rules(season.agency, by=season.user("ruth"), **words)


def _go_indoors(season: LivedSeason, saturday: Saturday, gathering: Gathering) -> None:
    """Three days before, thunder is forecast. Whoever decides moves it under a roof the same evening."""
    with clock.at(season.before(gathering.on, timedelta(days=3))):
        sky.forecast_thunder(gathering)
    with clock.at(season.before(gathering.on, timedelta(days=2, hours=16))):
        _move(season, saturday, gathering)
    gathering.refresh_from_db()


def _planned(season: LivedSeason, saturday: Saturday, on: date) -> Walk:
    home = season.homes[saturday.neighborhood]
    kinds = (saturday.kind,) if saturday.kind else INDOORS if saturday.indoors else (VenueKind.OUTDOOR,)
    area = season.focus.get(home.pk, home) if saturday.week >= 0 else home
    walk = walks.plan(
        season.agency,
        walks.Meeting(on, time(saturday.hour, 0), season.venue(area, on=on, kinds=kinds), minutes=60),
        area=area,
        title=season.signed(saturday.title) if saturday.title else "",
        by=season.by,
        series=season.series,
        summary=season.signed(saturday.summary or SUMMARY),
        typed_host=saturday.host,
        typed_deputy=ASSISTANT if saturday.host == CHIEF else "Major Walter Dent",
        access_notes=season.signed(saturday.access_notes or ACCESS),
        languages=list(saturday.languages),
        photo_notes=season.signed(PHOTOS),
    )
    if saturday.capacity:
        gatherings.change(walk.gathering, by=season.by, capacity=saturday.capacity)
    return walk


def _published(season: LivedSeason, saturday: Saturday, walk: Walk) -> None:
    if saturday.route:
        route = walks.lay_route(walk, by=season.by)
        if saturday.checked_by:
            walks.check_route(route, name=saturday.checked_by, notes=saturday.check_notes, by=season.by)
    walks.prepare(
        walk, host=saturday.host, deputy_host=walk.gathering.deputy_host, by=season.by, **_ways_out(walk)
    )
    version = rules.in_force(season.agency).version
    walks.confirm_plan(walk, rules_version=version, by=season.by, taken=["meets"])
    walks.publish(walk, by=season.by)
    walk.gathering.refresh_from_db()


def _ways_out(walk: Walk) -> dict[str, Any]:
    """Where to turn back and where to go in bad weather, as the plan offers it."""
    said = offered(walk, walk.route, by="")
    return {"turn_back": said["turn_back"], "alternative": said["alternative"]}


def _became(season: LivedSeason, saturday: Saturday, gathering: Gathering) -> None:
    crowd = saturday.crowd or Crowd(answers=2 + (saturday.came or 8) // 7, emails=0)
    _answer(season, gathering, crowd)
    if saturday.became == CANCELLED:
        _pause(season, saturday, gathering)
    if saturday.became == MOVED:
        _move(season, saturday, gathering)


def _pause(season: LivedSeason, saturday: Saturday, gathering: Gathering) -> None:
    """Nobody walks on that day, or not there: the pause says why, and calls the walk off."""
    pauses.pause(
        season.agency,
        of=WALK,
        first=gathering.on,
        last=gathering.on,
        cause=saturday.paused,
        reason=saturday.reason,
        neighborhood=gathering.neighborhood if saturday.paused_here else None,
        stand_in=season.staff["Sam Whitaker"].name,
        by=season.by,
    )


def _move(season: LivedSeason, saturday: Saturday, gathering: Gathering) -> None:
    home = season.homes[saturday.neighborhood]
    move = partial(
        gatherings.move,
        gathering,
        reason=saturday.reason,
        stand_in=saturday.stand_in,
        venue=season.venue(home, on=gathering.on, kinds=INDOORS),
        by=season.by,
    )
    try:
        move()
    except (
        BreaksAccess
    ) as breaks:  # somebody at the desk has read what it takes from whom, and those are told
        move(accepts=[each.key for each in breaks.broken])


# -- answers ----------------------------------------------------------------------------------------
def _answer(season: LivedSeason, gathering: Gathering, crowd: Crowd) -> None:
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


def _fill(season: LivedSeason, gathering: Gathering) -> None:
    gathering.__dict__.pop("numbers", None)
    while (left := gathering.numbers.left) is not None and left > 0:
        _join(season, gathering, min(left, 4), email=False)
        gathering.__dict__.pop("numbers", None)


def _join(season: LivedSeason, gathering: Gathering, party: int, *, email: bool, wait: bool = False) -> None:
    number = next(season.keys)
    named = season.rng.random() < 0.7
    first = str(season.rng.choice(lexicon.FIRST_NAMES))
    spanish = season.rng.random() < 0.2
    gatherings.join(
        gathering,
        party=party,
        form_key=f"demo-answer-{number:012d}",
        guest=gatherings.Guest(
            name=f"{first} {season.rng.choice(lexicon.LAST_NAMES)}" if named else "",
            language="es" if spanish else "en",
            interpreter="Español" if spanish and season.rng.random() < 0.5 else "",
            access_needs=str(season.rng.choice(NEEDS)) if season.rng.random() < 0.15 else "",
            email=f"{first.lower()}{number}@neighbors.example" if email else "",
        ),
        wait=wait,
    )
    gathering.__dict__.pop("numbers", None)


def _letters_of_today(season: LivedSeason) -> None:
    """One neighbor asks for news of the walks; another, who said that they come, says it once more."""
    following.ask(season.agency, about=["program:walk"], email="elena@neighbors.example", language="es")
    walks = Gathering.objects.filter(agency=season.agency, kind=WALK.name, status=Status.PUBLISHED)
    with_places = next(walk for walk in walks.to_begin() if not walk.numbers.is_full)
    for party in (1, 3):
        gatherings.join(
            with_places,
            party=party,
            form_key=f"demo-answer-{next(season.keys):012d}",
            guest=gatherings.Guest(name="Alma Reed", email="alma@neighbors.example"),
        )


# -- other gatherings -------------------------------------------------------------------------------
def _other(season: LivedSeason, other: Other) -> None:
    on = season.today + timedelta(days=other.days)
    home = season.homes[other.neighborhood]
    with clock.at(season.before(on, PUBLISHED_AHEAD)):
        gathering = gatherings.plan(
            season.agency,
            by=season.by,
            kind=other.kind,
            title=season.signed(other.title),
            summary=season.signed(other.summary),
            on=on,
            at=time(other.hour, 0),
            minutes=other.minutes,
            venue=season.venue(home, on=on, kinds=(other.venue_kind,)),
            neighborhood=home,
            languages=list(other.languages),
            capacity=other.capacity,
        )
        gatherings.publish(gathering, by=season.by)
        gathering.refresh_from_db()
    if other.crowd:
        _answer(season, gathering, other.crowd)
    if other.came is not None:
        with clock.at(season.local(on, time(other.hour + 2, 0))):
            gatherings.mark_held(gathering, came=other.came, by=season.by)
