"""Propose a season, name what draws it, draw it, fix a week, choose another place, plan again, approve, discard.

A version is never changed. Whoever wants it otherwise makes the next one, and both stay to be compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Agency, Role, User
from alongside.core import clock, formats
from alongside.core.authored import Words
from alongside.core.errors import Refusal
from alongside.core.text import line
from alongside.hotspots.models import FocusArea
from alongside.methods import scheduling
from alongside.places.models import Area, Venue
from alongside.season import draws, letters, planning, redraws
from alongside.season.draws import Named
from alongside.season.models import USUAL_WEEKS, Draw, Redraws, Rhythm, Season, SeasonState, Week
from alongside.season.planning import Fix, NotNow, PlanBasis, SeasonRefused
from alongside.walks import actions as walks
from alongside.walks.planning import meeting_place

# Seconds until the costs of other choices are given as “at least”; the plan itself takes one or two.
PATIENCE = 8.0


class NotLatest(SeasonRefused):
    """Somebody else has made a later version in the meantime."""


class NotYours(SeasonRefused):
    """A signature that this person cannot give: the role is missing, or they have signed already."""


@dataclass(frozen=True)
class Proposal:
    """A version that is not kept: what the command shows. `public`: what it was drawn from, if it was."""

    season: Season
    weeks: list[Week]
    known: PlanBasis
    public: str = ""


# -- proposing ------------------------------------------------------------------------------------
def draft(
    agency: Agency,
    *,
    start: date,
    weeks: int = USUAL_WEEKS,
    public: str = "",
    fixes: Mapping[date, Fix] | None = None,
    by: User | None,
    seconds: float = PATIENCE,
) -> Proposal:
    """A proposal as it would be, not kept. The computing holds no transaction.

    It is drawn if the value for its first walk is known already, or if one is tried as `public`.
    """
    days = planning.days_of(Rhythm.of(agency), start, weeks, today=agency.today())
    draw = Draw.objects.of(agency).in_force(days[0])
    drawn_from = draws.public_of(days[0], public, draw) if public else draw.public if draw else ""
    seed = scheduling.seed_of(drawn_from, 0) if drawn_from else ""
    known = planning.basis(agency, days, seed=seed, rules=draw.rules if draw else None, fixes=fixes)
    return replace(_proposal(known, start=start, draw=draw, by=by, seconds=seconds), public=drawn_from)


def propose(
    agency: Agency,
    *,
    start: date,
    weeks: int = USUAL_WEEKS,
    named: Named | None = None,
    fixes: Mapping[date, Fix] | None = None,
    by: User | None,
    seconds: float = PATIENCE,
) -> Season:
    """Plan a season and keep it as a proposal. It is drawn once the value that is named for it is known.

    Where a value was named for this first walk before, that one holds.
    """
    proposal = draft(agency, start=start, weeks=weeks, fixes=fixes, by=by, seconds=seconds)
    return keep(proposal, named=named, by=by)


@transaction.atomic
def keep(proposal: Proposal, *, named: Named | None = None, by: User | None) -> Season:
    """Keep a first version as it was shown, and name what will draw it."""
    season = proposal.season
    if named is not None and season.inputs["band"]:
        season.draw = draws.name(season.agency, proposal.weeks[0].day, named, by=by)
    return _keep(proposal, verb="proposed", by=by)


def _proposal(
    known: PlanBasis,
    *,
    start: date,
    by: User | None,
    seconds: float,
    draw: Draw | None,
    follows: Season | None = None,
    gone: Sequence[Week] = (),
    change: dict[str, Any] | None = None,
) -> Proposal:
    plan = planning.solve(known, seconds=seconds)
    season = Season(
        agency=known.agency,
        follows=follows,
        version=follows.version + 1 if follows else 1,
        start=start,
        made_by=audit.name_of(by, known.agency),
        change=change or {},
        at=known.rhythm.at,
        minutes=known.rhythm.minutes,
        objective=plan.objective,
        best=plan.best,
        bound=plan.bound,
        seconds=plan.seconds,
        inputs=known.inputs
        | {"turns": planning.turns_taken(known, plan), "overdue": planning.overdue(known, plan)},
        draw=draw,
        seed=known.seed,
        commitment=scheduling.commitment(known.seed) if known.seed else "",
    )
    return Proposal(season, [*gone, *planning.rows(known, plan, first=len(gone) + 1)], known)


@transaction.atomic
def _keep(proposal: Proposal, *, verb: str, by: User | None) -> Season:
    season = proposal.season
    if season.follows is not None:
        before = _locked(season.follows)
        _refuse_old(before)
        if before.state == SeasonState.PROPOSED:
            before.state = SeasonState.SUPERSEDED
            before.save(update_fields=["state"])
    season.save()
    for week in proposal.weeks:
        week.season = season
    Week.objects.bulk_create(proposal.weeks)
    if season.draw and season.seed:
        redraws.ask(season, proposal.known, public=season.draw.public, by=by)
    audit.record(
        agency=season.agency,
        by=by,
        verb=verb,
        thing=season,
        detail={"weeks": len(proposal.weeks), "version": season.version, **season.change},
    )
    return season


# -- the draw -------------------------------------------------------------------------------------
def name_value(season: Season, named: Named, *, by: User | None) -> Draw:
    """Name what draws a proposal that was kept without it. Where its first walk has one, that one holds."""
    with transaction.atomic():
        season = _locked(season)
        _refuse_old(season)
        if not season.wants_draw:
            raise NotNow(_("Nothing is drawn in this season."))
        draw = season.draw or draws.name(season.agency, first_of(season), named, by=by)
        season.draw = draw
        season.save(update_fields=["draw"])
    return draw


def draw(season: Season, *, by: User | None, seconds: float = PATIENCE) -> Season:
    """The next version, drawn by the value that was announced, or by the one that was put right since."""
    in_force = draw_of(season)
    if in_force is None or in_force.waits:
        raise NotNow(_("The value that draws this season is not known yet."))
    if season.seed == in_force.seed:
        raise NotNow(_("This version is drawn already."))
    return _next(season, _fixes(season), {"kind": "drawn"}, by=by, seconds=seconds)


def put_right(
    season: Season, value: str, *, why: Words | str, by: User | None, seconds: float = PATIENCE
) -> Season:
    """Another value than the one that holds, with the reason in public, and the season drawn by it: both or neither."""
    in_force = draw_of(season)
    if in_force is None:
        raise NotNow(_("Nothing is drawn in this season."))
    after = draws.righted(in_force, value, why=why, by=by)
    made = _following(season, _fixes(season), {"kind": "drawn"}, draw=after, by=by, seconds=seconds)
    with transaction.atomic():
        draws.keep_right(after, by=by)
        return _keep(made, verb="planned again", by=by)


def first_of(season: Season) -> date:
    """The day of its first walk, by which its draw is found."""
    day: date = season.weeks.order_by("number").values_list("day", flat=True)[0]
    return day


def draw_of(season: Season) -> Draw | None:
    """What draws it, as it was put right last; of a season of before, nothing that is public does."""
    if season.draw is None:
        return None
    return Draw.objects.of(season.agency).in_force(season.draw.first)


# -- the next version -----------------------------------------------------------------------------
def replan(season: Season, *, by: User | None, seconds: float = PATIENCE) -> Season:
    """The next version, with what is known now. Fixed weeks stay fixed, weeks gone by stay as they were."""
    return _next(season, _fixes(season), {"kind": "replanned"}, by=by, seconds=seconds)


def fix_week(season: Season, number: int, *, by: User | None, seconds: float = PATIENCE) -> Season:
    """The next version, in which this week stays as it is planned, whatever changes."""
    week = _open_week(season, number)
    if week.is_empty:
        raise NotNow(_("Nobody walks in this week: choose a place for it first."))
    site = planning.site_behind(season.agency, week.key)
    if site is None:
        raise SeasonRefused(_("This place is not known any more. Plan again."))
    fix = Fix(site, week.venue, outdoors=not week.indoor, by=audit.name_of(by, season.agency))
    return _next(season, _fixes(season) | {week.day: fix}, _about("fixed", week), by=by, seconds=seconds)


def set_week(
    season: Season,
    number: int,
    *,
    area: FocusArea | Area,
    venue: Venue | None = None,
    outdoors: bool = False,
    why: str = "",
    by: User | None,
    seconds: float = PATIENCE,
) -> Season:
    """The next version, with another place in this week. The other weeks are planned around it."""
    week = _open_week(season, number)
    fix = _another(season.agency, area, venue, outdoors=outdoors, why=why, by=by)
    return _next(season, _fixes(season) | {week.day: fix}, _about("chosen", week), by=by, seconds=seconds)


def release_week(season: Season, number: int, *, by: User | None, seconds: float = PATIENCE) -> Season:
    """The next version, in which the plan decides about this week again."""
    week = _open_week(season, number)
    fixes = {day: fix for day, fix in _fixes(season).items() if day != week.day}
    return _next(season, fixes, _about("released", week), by=by, seconds=seconds)


def cost_of(
    season: Season,
    number: int,
    *,
    area: FocusArea | Area,
    venue: Venue | None = None,
    outdoors: bool = False,
    seconds: float = PATIENCE,
) -> float:
    """Points that the season would lose by another place in this week: two exact plans, and their difference.

    Nothing is kept. May be below 0 where the week is fixed to less than the best.
    """
    week = _open_week(season, number)
    fix = _another(season.agency, area, venue, outdoors=outdoors, why="", by=None)
    fixes = _fixes(season)
    draw = draw_of(season)
    known = _basis(season, fixes, seed=season.seed, draw=draw)
    other = _basis(season, fixes | {week.day: fix}, seed=season.seed, draw=draw)
    as_it_is = planning.solve(known, seconds=seconds, alternatives=0).best
    return as_it_is - planning.solve(other, seconds=seconds, alternatives=0).best


def _another(
    agency: Agency,
    area: FocusArea | Area,
    venue: Venue | None,
    *,
    outdoors: bool,
    why: str,
    by: User | None,
) -> Fix:
    if area.agency_id != agency.pk or (venue is not None and venue.agency_id != agency.pk):
        raise SeasonRefused(_("This place belongs to another agency."))
    return Fix(
        area,
        None if outdoors else venue,
        outdoors=outdoors,
        by=audit.name_of(by, agency),
        why=line(why, 300),
    )


def _about(kind: str, week: Week) -> dict[str, Any]:
    return {"kind": kind, "day": week.day.isoformat()}


def _next(
    season: Season, fixes: Mapping[date, Fix], change: dict[str, Any], *, by: User | None, seconds: float
) -> Season:
    made = _following(season, fixes, change, draw=draw_of(season), by=by, seconds=seconds)
    return _keep(made, verb="planned again", by=by)


def _following(
    season: Season,
    fixes: Mapping[date, Fix],
    change: dict[str, Any],
    *,
    draw: Draw | None,
    by: User | None,
    seconds: float,
) -> Proposal:
    """The version that would follow, not kept. The computing holds no transaction."""
    _refuse_old(season)
    known = _basis(season, fixes, seed=draw.seed if draw else season.seed, draw=draw)
    gone = [_copy(week) for week in season.weeks.all() if week.day < season.agency.today()]
    return _proposal(
        known,
        start=season.start,
        draw=draw,
        by=by,
        seconds=seconds,
        follows=season,
        gone=gone,
        change=change,
    )


def _basis(season: Season, fixes: Mapping[date, Fix], *, seed: str, draw: Draw | None) -> PlanBasis:
    """What is known now about the days that are left."""
    today = season.agency.today()
    days = [week.day for week in season.weeks.all() if week.day >= today]
    if not days:
        raise NotNow(_("This season is over. Propose a new one."))
    ahead = {day: fix for day, fix in fixes.items() if day >= today}
    rules = draw.rules if draw else None
    return planning.basis(season.agency, days, seed=seed, rules=rules, fixes=ahead)


def _fixes(season: Season) -> dict[date, Fix]:
    """The weeks that a person fixed; those that are published are found by the planning itself."""
    fixes = {}
    for week in season.weeks.select_related("venue").filter(fixed=True):
        site = planning.site_behind(season.agency, week.key)
        if site is not None and not week.is_published:
            fixes[week.day] = Fix(
                site, week.venue, outdoors=not week.indoor, by=week.fixed_by, why=week.fixed_why
            )
    return fixes


def _copy(week: Week) -> Week:
    """A week that is over, for the next version."""
    week.pk = None
    week._state.adding = True
    return week


def _open_week(season: Season, number: int) -> Week:
    week = season.weeks.select_related("venue").filter(number=number).first()
    if week is None:
        raise SeasonRefused(_("This season has no week %(n)d.") % {"n": number})
    if week.day < season.agency.today():
        raise NotNow(_("This week is over."))
    if week.is_published:
        raise NotNow(_("The walk of this week is published: move or cancel it on its own page."))
    return week


def _refuse_old(season: Season) -> None:
    if Season.objects.filter(pk=season.pk, state=SeasonState.DISCARDED).exists():
        raise NotNow(_("This version was discarded."))
    if season.followers.exists():
        raise NotLatest(_("Somebody has made a later version. Look at that one first."))


# -- signing --------------------------------------------------------------------------------------
@transaction.atomic
def approve(season: Season, *, role: Role, by: User) -> Season:
    """Sign as coordinator or as commander. With both, the plan is in force and its walks are drafted.

    Two people, whatever roles they hold. The same signature twice is one.
    """
    season = _locked(season)
    _refuse_signature(season, role, by)
    refuse_undrawn(season)
    _refuse_two_at_once(season)
    if getattr(season, f"{role.value}_at") is not None:
        return season
    _sign(season, role, by)
    if season.is_proposed and season.coordinator_at and season.commander_at:
        _put_in_force(season, by=by)
    elif season.is_proposed:
        letters.ask_second(season, Role.COMMANDER if role == Role.COORDINATOR else Role.COORDINATOR)
    return season


def _refuse_signature(season: Season, role: Role, by: User) -> None:
    if role not in (Role.COORDINATOR, Role.COMMANDER):
        raise NotYours(_("A season is signed by a coordinator and a commander."))
    member = by.membership_at(season.agency)
    if member is None or not member.holds([role]):
        raise NotYours(_("You cannot sign as %(role)s: you do not hold this role.") % {"role": role.label})
    other = season.commander_user_id if role == Role.COORDINATOR else season.coordinator_user_id
    if other == by.pk:
        raise NotYours(_("You have signed already. Somebody else must sign, too."))
    if season.state not in (SeasonState.PROPOSED, SeasonState.APPROVED) or season.followers.exists():
        raise NotLatest(_("This version is not the latest, or was discarded. Look at the latest one."))


def refuse_undrawn(season: Season) -> None:
    """Two people sign what was drawn, by the value that holds: so nobody can choose among draws by not signing."""
    holds = draw_of(season)
    if not season.is_proposed or not (season.wants_draw or (holds and season.seed != holds.seed)):
        return
    if holds is None:
        raise NotNow(
            _("This season is not drawn yet. Name the value that draws it, before anybody knows it.")
        )
    if holds.waits:
        day = formats.day(holds.known_on)
        raise NotNow(_("This season is not drawn yet. Its value will be known on %(day)s.") % {"day": day})
    raise NotNow(_("This version is not drawn by the value that was announced: draw it first."))


def _refuse_two_at_once(season: Season) -> None:
    """No day is planned by two seasons in force: nobody could say which of them holds."""
    days = [week.day for week in season.weeks.all() if week.day >= season.agency.today()]
    others = Week.objects.filter(agency=season.agency, day__in=days).in_force()
    taken = others.exclude(season__in=[season.pk, *_before(season)]).order_by("day").first()
    if taken is not None:
        raise NotNow(
            _("A season that is signed already plans %(day)s. Plan that one again, or begin after it.")
            % {"day": formats.day(taken.day)}
        )


def _sign(season: Season, role: Role, by: User) -> None:
    name, now = audit.name_of(by, season.agency), clock.now()
    setattr(season, role.value, name)
    setattr(season, f"{role.value}_at", now)
    setattr(season, f"{role.value}_user", by)
    season.save(update_fields=[role.value, f"{role.value}_at", f"{role.value}_user"])
    audit.record(
        agency=season.agency,
        by=by,
        verb="signed",
        thing=season,
        detail={"as": role.value, "version": season.version},
    )


def _put_in_force(season: Season, *, by: User) -> None:
    season.state = SeasonState.APPROVED
    season.save(update_fields=["state"])
    _earlier(season).update(state=SeasonState.SUPERSEDED)
    audit.record(
        agency=season.agency, by=by, verb="approved", thing=season, detail={"version": season.version}
    )
    for asked in Redraws.objects.of(season.agency).filter(season=season):
        redraws.publish(asked, by=by)
    draft_walks(season, by=by)


def _earlier(season: Season) -> Any:
    """The versions before this one that were in force."""
    return Season.objects.filter(pk__in=_before(season), state=SeasonState.APPROVED)


def _before(season: Season) -> list[int]:
    """The numbers of all versions before this one."""
    numbers, before = [], season.follows
    while before is not None:
        numbers.append(before.pk)
        before = before.follows
    return numbers


@transaction.atomic
def draft_walks(season: Season, *, by: User | None) -> dict[int, str]:
    """A draft walk for each week to come that has none. Twice is once. Week → why there could be none.

    A draft of an earlier version is taken over where the day, the place and the roof are the same.
    """
    season = _locked(season)
    if not season.is_approved:
        raise NotNow(_("Walks are drafted when a coordinator and a commander have signed."))
    refused: dict[int, str] = {}
    ahead = season.weeks.listed().filter(day__gte=season.agency.today(), walk=None)
    for week in ahead:
        if week.is_empty or week.needs_roof:
            continue
        try:
            with transaction.atomic():
                week.walk = _same_before(week) or _draft(season, week, by=by)
        except Refusal as refusal:
            refused[week.number] = str(refusal)
        else:
            week.save(update_fields=["walk"])
    return refused


def _same_before(week: Week) -> Any:
    """The walk that an earlier version drafted for the same day, place and roof."""
    twin = (
        Week.objects.filter(agency=week.agency, day=week.day, walk__isnull=False, venue=week.venue)
        .filter(area=week.area, neighborhood=week.neighborhood, indoor=week.indoor)
        .exclude(pk=week.pk)
        .select_related("walk")
        .first()
    )
    return twin.walk if twin else None


def _draft(season: Season, week: Week, *, by: User | None) -> Any:
    site = planning.site_behind(season.agency, week.key)
    outdoors = meeting_place(season.agency, site.shape, on=week.day) if site and not week.indoor else None
    return walks.plan(
        season.agency,
        walks.Meeting(week.day, season.at, week.venue or outdoors, minutes=season.minutes),
        area=site,
        form_key=f"season:{season.public_id}:{week.number}",
        by=by,
        series=Rhythm.of(season.agency).series,
    )


@transaction.atomic
def discard(season: Season, *, by: User | None) -> Season:
    """Lay a proposal aside. What was approved is replaced by a later version, never thrown away."""
    season = _locked(season)
    if not season.is_proposed:
        raise NotNow(_("Only a proposal can be discarded."))
    season.state = SeasonState.DISCARDED
    season.save(update_fields=["state"])
    audit.record(agency=season.agency, by=by, verb="discarded", thing=season)
    return season


def _locked(season: Season) -> Season:
    """One at a time: PostgreSQL locks the row, SQLite the transaction."""
    return Season.objects.select_for_update(of=("self",)).select_related("agency").get(pk=season.pk)


# -- how we walk ----------------------------------------------------------------------------------
@transaction.atomic
def set_rhythm(agency: Agency, *, by: User | None, **words: Any) -> Rhythm:
    """Say how the agency walks. Seasons that are planned already keep what they were planned with."""
    rhythm = Rhythm.objects.filter(agency=agency).first() or Rhythm.of(agency)
    for name, value in words.items():
        setattr(rhythm, name, value)
    rhythm.full_clean(validate_unique=False, validate_constraints=False)
    rhythm.save()
    audit.record(agency=agency, by=by, verb="set", thing=rhythm)
    return rhythm
