"""From what the rooms know to a season, and from its plan to rows.

Here is read what decides: focus areas and petitions, walks so far, who is away, which roofs are open to us. The
mathematics is `methods.scheduling`; nothing here chooses.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import holidays
import numpy as np
import shapely
from django.db.models import Max
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from alongside.agencies.models import Agency
from alongside.cadence.models import Pause
from alongside.core.errors import Refusal
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.models import Gathering, Status
from alongside.hotspots.candidates import Claim, Past, claims, last_that_counts, past, weights_of
from alongside.hotspots.models import Criteria, FocusArea, Run
from alongside.hotspots.queries import asked_for
from alongside.methods import scheduling
from alongside.methods.scheduling import Fixed, Place, Plan, Planned, Roof, Turn
from alongside.methods.scheduling.network import OutOfTime
from alongside.people.queries import commanders
from alongside.places import nearby
from alongside.places import queries as places
from alongside.places.models import Area, AreaKind, Known, Venue, VenueKind
from alongside.rosters import queries as rosters
from alongside.season.models import MOST_WEEKS, Rhythm, Week

WEEK = timedelta(weeks=1)
YEAR = timedelta(days=365)
LEAD = timedelta(weeks=2)  # to name what draws a season, to draw it, to sign it
FARTHEST = timedelta(days=366)
BEHIND_STEPS = 0.25  # of the reach of a place known to have steps: below any without, however far in reach
ALTERNATIVES = 3
# Of the rhythm, what is held from the moment a value is named: no rule is chosen when it is known whom it draws.
HELD = (
    "spacing",
    "longest_wait",
    "band",
    "winter_first",
    "winter_last",
    "winter_outdoors",
    "skip_holidays",
)


class SeasonRefused(Refusal):
    """A season cannot be planned as asked."""


class NotNow(SeasonRefused):
    """A season in no state for this, or a week that is over."""


class NowhereToWalk(SeasonRefused):
    """No focus area and no petition: nothing speaks for one place rather than another."""


@dataclass(frozen=True)
class Fix:
    """A week that a person decided, or that is published already."""

    site: FocusArea | Area
    venue: Venue | None = None
    outdoors: bool = False
    by: str = ""
    why: str = ""


@dataclass(frozen=True)
class Site:
    """A place that may be walked: a focus area, or a neighborhood that residents asked for."""

    key: str
    claim: Claim

    @property
    def focus(self) -> FocusArea | None:
        return self.claim.area

    @property
    def home(self) -> Area | None:
        return self.claim.home

    @property
    def name(self) -> str:
        return self.claim.name

    @property
    def division(self) -> Area | None:
        return self.focus.division if self.focus else None

    @cached_property
    def outline(self) -> BaseGeometry:
        """What is walked, in degrees."""
        return self.focus.shape if self.focus else self.home.shape if self.home else shapely.Point()


@dataclass(frozen=True)
class PlanBasis:
    """All that a plan is made from, and the way back from its ids to rows."""

    agency: Agency
    rhythm: Rhythm
    season: scheduling.SeasonProblem
    sites: Mapping[str, Site]
    venues: Mapping[str, Venue]
    divisions: Mapping[str, Area]
    closed: Mapping[int, dict[str, str]]
    fixes: Mapping[date, Fix]
    walks: Mapping[date, Gathering]
    askable: Sequence[Venue]
    seed: str
    inputs: dict[str, Any] = field(default_factory=dict)


def key_of(site: FocusArea | Area) -> str:
    """How a plan calls a place: a focus area by its id, a neighborhood by its own, marked as such."""
    return site.public_id if isinstance(site, FocusArea) else f"n:{site.public_id}"


def site_behind(agency: Agency, key: str) -> FocusArea | Area | None:
    """The place that a plan calls so."""
    if key.startswith("n:"):
        homes = Area.objects.of(agency).filter(kind=AreaKind.NEIGHBORHOOD)
        return homes.filter(public_id=key.removeprefix("n:")).first()
    return (
        FocusArea.objects.of(agency).filter(public_id=key).select_related("neighborhood", "division").first()
    )


# -- which days -----------------------------------------------------------------------------------
def days_of(rhythm: Rhythm, start: date, weeks: int, *, today: date) -> list[date]:
    """The dates of a season: the first usual day from `start` on, then every week."""
    if not 1 <= weeks <= MOST_WEEKS:
        raise SeasonRefused(_("A season has 1 to %(most)d weeks.") % {"most": MOST_WEEKS})
    if start < today:
        raise SeasonRefused(_("A season begins today or later. Choose a day that has not passed."))
    if start - today > FARTHEST:
        raise SeasonRefused(_("This day is more than a year away. Nobody knows so far ahead who is free."))
    weekday = start.weekday() if rhythm.weekday is None else rhythm.weekday
    first = start + timedelta(days=(weekday - start.weekday()) % 7)
    return [first + number * WEEK for number in range(weeks)]


def next_start(agency: Agency) -> date:
    """The first day that the next season may begin on: after all that is signed, with time to be drawn and signed."""
    signed = Week.objects.of(agency).in_force().aggregate(last=Max("day"))["last"]
    soon = agency.today() + LEAD
    return max(soon, signed + timedelta(days=1)) if signed else soon


def usual_draw_day(start: date) -> date:
    """A week before the season begins: tomorrow or later, where it begins with the usual lead."""
    return start - WEEK


# -- by which rules --------------------------------------------------------------------------------
def rules_now(agency: Agency) -> dict[str, Any]:
    """The rules of a season that is named today, as JSON: `HELD`, and the version of the criteria."""
    rhythm, criteria = _ruled(agency, {})
    return {name: getattr(rhythm, name) for name in HELD} | {"criteria": criteria.version}


def _ruled(agency: Agency, rules: Mapping[str, Any]) -> tuple[Rhythm, Criteria]:
    """How we walk and by which criteria: as it was when the value was named, else as it is now."""
    rhythm = Rhythm.of(agency)
    for name in HELD:
        setattr(rhythm, name, rules.get(name, getattr(rhythm, name)))
    every = Criteria.objects.of(agency)
    named = every.filter(version=rules["criteria"]).first() if "criteria" in rules else every.in_force()
    return rhythm, named or Criteria(agency=agency)


# -- what is known --------------------------------------------------------------------------------
def basis(
    agency: Agency,
    days: Sequence[date],
    *,
    seed: str = "",
    rules: Mapping[str, Any] | None = None,
    fixes: Mapping[date, Fix] | None = None,
) -> PlanBasis:
    """Everything that decides about these days; without a seed nothing is drawn. `rules`: of its draw, if it has one.

    Raises NowhereToWalk where nothing speaks for any place.
    """
    rhythm, criteria = _ruled(agency, rules or {})
    walks = _published(agency, days)
    decided = _decided(walks) | dict(fixes or {})
    history = past(agency, until=days[0])
    run, sites = _sites(agency, history, decided.values())
    if not sites:
        raise NowhereToWalk(
            _(
                "There is no focus area and no petition for a walk, so nothing speaks for one place rather than "
                "another. Look for hot spots first: alongside hotspots run %(slug)s"
            )
            % {"slug": agency.slug}
        )
    venues = _roofs(agency, days[0])
    closed = _closed(agency, rhythm, days, walks, decided)
    divisions = {
        division.public_id: division for site in sites.values() if (division := site.division) is not None
    }
    spacing = min(rhythm.spacing, len({site.home.pk if site.home else key for key, site in sites.items()}))
    season = scheduling.SeasonProblem(
        weeks=_weeks(agency, rhythm, days, closed, divisions, sites),
        areas=_areas(sites, history),
        places=_places(venues, sites, days, rhythm),
        divisions=_turns(agency, AreaKind.DIVISION, divisions.values()),
        neighborhoods=_turns(agency, AreaKind.NEIGHBORHOOD, [site.home for site in sites.values()]),
        fixed=_fixed(days, decided, venues),
        spacing=spacing,
        most_outdoors=rhythm.winter_outdoors,
        weights=weights_of(criteria),
        longest_wait=max(rhythm.longest_wait, spacing),
        began=min(history.began or days[0], days[0]),
    )
    return PlanBasis(
        agency=agency,
        rhythm=rhythm,
        season=season,
        sites=sites,
        venues=venues,
        divisions=divisions,
        closed=closed,
        fixes=decided,
        walks=walks,
        askable=_askable(agency, venues),
        seed=seed,
        inputs={
            "criteria": criteria.version,
            "weights": criteria.weights,
            "run": run.public_id if run else None,
            "run_published": bool(run and run.published_at),
            "areas": len(sites),
            "roofs": len(venues),
            "spacing": spacing,
            "longest_wait": max(rhythm.longest_wait, spacing),
            "homes": len(season.homes),
            "walks_within": scheduling.walks_within(season),
            "band": rhythm.band,
            "calendars": bool(rosters.leaders(agency)),
        },
    )


# -- where ----------------------------------------------------------------------------------------
def run_of(agency: Agency) -> Run | None:
    """The published run; else the latest one: a proposal is for staff only."""
    runs = Run.objects.of(agency)
    return runs.latest_published() or runs.order_by("-made_at", "-pk").first()


def _sites(agency: Agency, history: Past, decided: Iterable[Fix]) -> tuple[Run | None, dict[str, Site]]:
    run = run_of(agency)
    focus: list[FocusArea] = []
    if run is not None:
        focus = list(
            FocusArea.objects.belonging_to(run=run).walkable().select_related("neighborhood", "division")
        )
    known = {area.neighborhood_id for area in focus}
    asked = [home.pk for home in asked_for(agency, history) if home.pk not in known]
    homes = list(Area.objects.of(agency).filter(pk__in=asked))
    by_key: dict[str, FocusArea | Area] = {key_of(each): each for each in focus}
    by_key |= {key_of(each): each for each in homes}
    by_key |= {key_of(fix.site): fix.site for fix in decided if key_of(fix.site) not in by_key}
    claimed = claims(
        [
            (each, each.neighborhood) if isinstance(each, FocusArea) else (None, each)
            for each in by_key.values()
        ],
        history,
    )
    return run, {key: Site(key, claim) for key, claim in zip(by_key, claimed, strict=True)}


def _areas(sites: Mapping[str, Site], history: Past) -> list[scheduling.Area]:
    return [
        scheduling.Area(
            id=key,
            need=site.claim.need,
            requests=site.claim.share,
            last=last_that_counts(site.claim.last, history),
            division=site.division.public_id if site.division else "",
            neighborhood=site.home.public_id if site.home else "",
        )
        for key, site in sites.items()
    ]


def _turns(agency: Agency, kind: str, areas: Iterable[Area | None]) -> dict[str, Turn]:
    """Each group's share of the people, and its walks of the last year; equal shares where nobody counted."""
    here = {area.pk: area for area in areas if area is not None}
    uncounted = [area for area in here.values() if area.population is None]
    guessed = places.estimated_residents(agency, uncounted)
    people = {number: area.population or guessed.get(number, 0) for number, area in here.items()}
    if not all(people.values()):
        people = dict.fromkeys(here, 1)
    walked = _walks_by(agency, kind, list(here.values()))
    total = sum(people.values())
    return {
        area.public_id: Turn(people[number] / total, walked.get(number, 0)) for number, area in here.items()
    }


def _walks_by(agency: Agency, kind: str, areas: list[Area]) -> dict[int, int]:
    """Area → walks of the last year in it. A walk belongs to the division in which its neighborhood's middle lies."""
    counts = past(agency).walks
    if kind == AreaKind.NEIGHBORHOOD:
        return {number: walks for number, walks in counts.items() if number is not None}
    homes = list(Area.objects.of(agency).filter(pk__in=[number for number in counts if number]))
    if not homes or not areas:
        return {}
    middles = np.array([home.middle for home in homes])
    every = places.areas(agency, kind)
    walks_in: dict[int, int] = {}
    for home, at in zip(homes, places.locate(agency, kind, middles[:, 0], middles[:, 1]), strict=True):
        if at >= 0:
            walks_in[every[at].pk] = walks_in.get(every[at].pk, 0) + counts[home.pk]
    return walks_in


# -- when -----------------------------------------------------------------------------------------
def _published(agency: Agency, days: Sequence[date]) -> dict[date, Gathering]:
    """Walks that the public knows of already, by their day."""
    rows = (
        Gathering.objects.of(agency)
        .filter(kind=WALK.name, status=Status.PUBLISHED, on__in=list(days))
        .select_related(
            "venue", "neighborhood", "walk__focus_area__neighborhood", "walk__focus_area__division"
        )
        .order_by("on", "-at")
    )
    return {gathering.on: gathering for gathering in rows}


def _decided(walks: Mapping[date, Gathering]) -> dict[date, Fix]:
    """What is published is kept, as long as one knows where it is."""
    fixes = {}
    for day, gathering in walks.items():
        walk = getattr(gathering, "walk", None)
        site = (walk.focus_area if walk else None) or gathering.neighborhood
        if site is not None:
            indoors = gathering.venue is not None and gathering.venue.has_roof
            fixes[day] = Fix(site, gathering.venue if indoors else None, outdoors=not indoors)
    return fixes


def _closed(
    agency: Agency,
    rhythm: Rhythm,
    days: Sequence[date],
    walks: Mapping[date, Gathering],
    decided: Mapping[date, Fix],
) -> dict[int, dict[str, str]]:
    """Week → why nobody walks, as a word and its parts. A week that somebody fixed is open."""
    off = holidays.country_holidays("US", years=sorted({day.year for day in days}))
    free = rosters.leaders_free(agency, days)
    someone_leads = bool(rosters.leaders(agency))
    pauses = [pause for pause in _pauses(agency, days) if pause.neighborhood_id is None]
    closed: dict[int, dict[str, str]] = {}
    for number, day in enumerate(days):
        if day in decided:
            continue
        pause = next((each for each in pauses if _touches(each, day)), None)
        if day in walks:
            closed[number] = {"kind": "published", "title": walks[day].title.stored}
        elif pause is not None:
            closed[number] = {"kind": "pause", "reason": pause.reason.stored}
        elif rhythm.skip_holidays and day in off:
            closed[number] = {"kind": "holiday", "name": off[day].split(";")[0].strip()}
        elif someone_leads and not free.get(day):
            closed[number] = {"kind": "nobody"}
    return closed


def _pauses(agency: Agency, days: Sequence[date]) -> list[Pause]:
    return list(Pause.objects.of(agency).about(WALK).touching(days[0], days[-1]))


def _touches(pause: Pause, day: date) -> bool:
    return pause.first <= day and (pause.last is None or day <= pause.last)


def _weeks(
    agency: Agency,
    rhythm: Rhythm,
    days: Sequence[date],
    closed: Mapping[int, dict[str, str]],
    divisions: Mapping[str, Area],
    sites: Mapping[str, Site],
) -> list[scheduling.PlanWeek]:
    free = rosters.leaders_free(agency, days)
    here = [pause for pause in _pauses(agency, days) if pause.neighborhood_id is not None]
    roof = Roof.WANTED if rhythm.winter_outdoors else Roof.NEEDED
    return [
        scheduling.PlanWeek(
            day,
            roof=roof if rhythm.is_winter(day) else Roof.NONE,
            closed=closed.get(number, {}).get("kind", ""),
            led=_led(agency, day, free.get(day, []), divisions),
            barred=_barred(here, day, sites),
        )
        for number, day in enumerate(days)
    ]


def _led(
    agency: Agency, day: date, free: Sequence[Any], divisions: Mapping[str, Area]
) -> frozenset[str] | None:
    """Divisions whose own commander is free; None where the agency names no commanders."""
    heads = commanders(agency, on=day) if divisions else {}
    if not heads:
        return None
    there = {member.pk for member in free}
    return frozenset(
        key for key, area in divisions.items() if area.pk in heads and heads[area.pk].pk in there
    )


def _barred(pauses: Iterable[Pause], day: date, sites: Mapping[str, Site]) -> frozenset[str]:
    mourning = {pause.neighborhood_id for pause in pauses if _touches(pause, day)}
    return frozenset(key for key, site in sites.items() if site.home and site.home.pk in mourning)


def _fixed(
    days: Sequence[date], decided: Mapping[date, Fix], venues: Mapping[str, Venue]
) -> dict[int, Fixed]:
    fixed = {}
    for number, day in enumerate(days):
        if day in decided:
            fix = decided[day]
            place = fix.venue.public_id if fix.venue and fix.venue.public_id in venues else None
            fixed[number] = Fixed(key_of(fix.site), place, fix.outdoors)
    return fixed


# -- roofs ----------------------------------------------------------------------------------------
def _roofs(agency: Agency, first: date) -> dict[str, Venue]:
    """Indoor places we may use when the season begins. Permission only ever ends, so none is missed later."""
    usable = Venue.objects.of(agency).active().may_be_used(first)
    return {venue.public_id: venue for venue in usable if venue.has_roof}


def _askable(agency: Agency, usable: Mapping[str, Venue]) -> list[Venue]:
    """Indoor places whose owner was not asked yet, or has not answered."""
    return [
        venue
        for venue in Venue.objects.of(agency).active()
        if venue.has_roof and venue.public_id not in usable
    ]


def _places(
    venues: Mapping[str, Venue], sites: Mapping[str, Site], days: Sequence[date], rhythm: Rhythm
) -> list[Place]:
    """Each roof with the areas that may use it. An area from which it is too far lacks it."""
    opens = {
        key: frozenset(day for day in days if is_open(venue, day, rhythm)) for key, venue in venues.items()
    }
    listed = [venue for key, venue in venues.items() if opens[key]]
    reached: dict[str, dict[str, float]] = {key: {} for key in venues}
    for name, site in sites.items():
        in_reach = [
            near for near in nearby.nearest(listed, site.outline) if nearby.in_reach(near, rhythm.agency)
        ]
        for near in _without_malls(in_reach):
            reached[near.venue.public_id][name] = reach(near)
    return [Place(key, opens[key], reached[key]) for key in venues]


def _without_malls(in_reach: Sequence[nearby.Near]) -> list[nearby.Near]:
    """What a season may choose by itself: a mall only where every other roof in reach has steps, or there is none."""
    others = [near for near in in_reach if near.venue.kind != VenueKind.MALL]
    return others if any(near.venue.step_free != Known.NO for near in others) else list(in_reach)


def is_open(venue: Venue, day: date, rhythm: Rhythm) -> bool:
    """Whether we are let in on that day, and the doors are open at our hour as far as its hours can be read."""
    return nearby.lets_us_in(venue, day) and nearby.is_open(venue, _asked(rhythm, day)) is not False


def _asked(rhythm: Rhythm, day: date) -> nearby.Asked:
    return nearby.Asked(day, rhythm.at, rhythm.minutes)


def reach(near: nearby.Near) -> float:
    """0 to 1: how easily an area's people come to a place. The nearest has most, and of those in the area the one
    nearest to its middle; a place known to have steps has less than any other in reach."""
    kilometres = (near.metres + near.from_middle / 1000) / 1000
    ease = (1.0 + 1.0 / (1.0 + kilometres)) / 2
    return BEHIND_STEPS * ease if near.venue.step_free == Known.NO else ease


# -- the plan and its rows ------------------------------------------------------------------------
def solve(known: PlanBasis, *, seconds: float = 20.0, alternatives: int = ALTERNATIVES) -> Plan:
    """The best season from what is known, alike areas in their drawn order. Raises NotNow where its clock ends."""
    try:
        return scheduling.plan(
            known.season,
            alternatives=alternatives,
            seed=known.seed,
            band=known.rhythm.band / 100,
            seconds=seconds,
        )
    except OutOfTime:
        raise NotNow(
            _("The plan was not found in its time, so there is no new version. Ask for it once more.")
        ) from None


def turns_taken(known: PlanBasis, plan: Plan) -> list[dict[str, Any]]:
    """For each group its walks before and in the season, and what is due to it by its residents."""
    homes = {site.home.public_id: site.home.name for site in known.sites.values() if site.home}
    names = {
        "division": {key: area.name for key, area in known.divisions.items()},
        "neighborhood": homes,
    }
    turns = {"division": known.season.divisions, "neighborhood": known.season.neighborhoods}
    return [
        {
            "kind": kind,
            "name": names[kind][key],
            "before": turns[kind][key].walks,
            "walks": walks,
            "due": round(target, 2),
        }
        for kind, key, walks, target, _cost in plan.unfair
    ]


def overdue(known: PlanBasis, plan: Plan) -> list[dict[str, Any]]:
    """Who waits longer than promised all the same, and why (`scheduling.Overdue`)."""
    names = {area.home: known.sites[area.id] for area in known.season.areas}
    return [
        {
            "name": site.home.name if (site := names[each.home]).home else site.name,
            "home": site.home is not None,
            "weeks": round(each.weeks),
            "walked": each.walked.isoformat() if each.walked else None,
            "why": each.why,
        }
        for each in plan.overdue
    ]


def rows(known: PlanBasis, plan: Plan, *, first: int = 1) -> list[Week]:
    """The weeks of a plan, not yet kept, numbered from `first`."""
    return [
        _row(known, planned, number, number - first) for number, planned in enumerate(plan.weeks, start=first)
    ]


def _row(known: PlanBasis, planned: Planned, number: int, index: int) -> Week:
    alternatives = [_other(known, each) for each in planned.alternatives if math.isfinite(each.least)]
    if planned.area is None:
        closed = known.closed.get(index, {"kind": "nothing"})
        return Week(
            agency=known.agency, number=number, day=planned.day, closed=closed, alternatives=alternatives
        )
    site, venue = known.sites[planned.area], known.venues.get(planned.place or "")
    fix = known.fixes.get(planned.day)
    if fix is not None and fix.venue is not None:
        venue = fix.venue
    walk = known.walks.get(planned.day)
    return Week(
        agency=known.agency,
        number=number,
        day=planned.day,
        area=site.focus,
        neighborhood=site.home,
        division=site.division,
        venue=venue,
        where=site.name,
        neighborhood_name=site.home.name if site.home else "",
        division_name=site.division.name if site.division else "",
        venue_name=venue.name if venue else "",
        indoor=planned.indoors,
        because=_because(known, planned, site, venue),
        alternatives=alternatives,
        fixed=planned.fixed,
        fixed_by=fix.by if fix else "",
        fixed_why=fix.why if fix else "",
        walk=getattr(walk, "walk", None) if walk else None,
    )


def _because(known: PlanBasis, planned: Planned, site: Site, venue: Venue | None) -> dict[str, Any]:
    """The numbers and names behind the sentences; `reasons` makes them readable."""
    return {
        "key": site.key,
        "terms": {name: round(value, 4) for name, value in planned.terms.items()},
        "turns": {name: round(value, 4) for name, value in planned.turns.items()},
        "waited": None if planned.weeks_waited is None else round(planned.weeks_waited),
        "requests": site.claim.requests,
        "band": site.focus.band if site.focus else None,
        "measured": site.focus is not None,
        "published": planned.day in known.walks,
        "winter": known.rhythm.is_winter(planned.day),
        **_under_a_roof(known, planned, site, venue),
    }


def _under_a_roof(known: PlanBasis, planned: Planned, site: Site, venue: Venue | None) -> dict[str, Any]:
    """Where the roof is; or that none is in reach, whom to ask, and which mall would reach more people."""
    if venue is not None:
        near = nearby.nearest([venue], site.outline)[0]
        return {
            "metres": round(near.metres),
            "foot": near.minutes,
            "far": not nearby.in_reach(near, known.agency),
            "mall": venue.kind == VenueKind.MALL,
            "for_want": any(
                each.id == venue.public_id and site.key in each.reach for each in known.season.places
            ),
            "steps": venue.step_free,
            "hours_read": nearby.is_open(venue, _asked(known.rhythm, planned.day)) is not None,
        }
    if not planned.roof_missing:
        return {}
    said: dict[str, Any] = {"within": known.agency.roof_minutes}
    if ask := next(iter(nearby.nearest(known.askable, site.outline)), None):
        said |= {"ask": ask.venue.name, "ask_metres": round(ask.metres)}
        said |= {"ask_far": not nearby.in_reach(ask, known.agency)}
    malls = [each for each in known.venues.values() if each.kind == VenueKind.MALL]
    if mall := next(iter(nearby.nearest(malls, site.outline)), None):
        said |= {"more_at": mall.venue.name, "more_metres": round(mall.metres)}
    return said


def _other(known: PlanBasis, each: scheduling.Alternative) -> dict[str, Any]:
    venue = known.venues.get(each.place or "")
    return {
        "key": each.area,
        "name": known.sites[each.area].name,
        "venue": venue.name if venue else "",
        "cost": round(each.cost, 4) if math.isfinite(each.cost) else None,
        "least": round(each.least, 4),
        "exact": each.exact,
        "late": round(each.late, 4) if math.isfinite(each.late) else None,
    }
