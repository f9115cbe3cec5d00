"""The season at the desk: proposals, their weeks with reasons and prices, signatures, the next version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from shapely.geometry.base import BaseGeometry

from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.core.doing import Why, again, came_back, or_say_on, status_of
from alongside.core.forms import first_error
from alongside.core.tables import Head, Table
from alongside.gatherings.models import Gathering
from alongside.places import nearby
from alongside.places.models import AreaKind, Venue, labels_of
from alongside.season import actions, draws, planning, reasons, redraws, tables
from alongside.season.forms import (
    OUTDOORS,
    AnotherForm,
    NameForm,
    ProposeForm,
    PutRightForm,
    RhythmForm,
    ValueForm,
)
from alongside.season.models import Draw, Redraws, Rhythm, Season, Week

PLANNERS = (Role.COORDINATOR, Role.COMMANDER)
READERS = (*PLANNERS, Role.ANALYST, Role.OFFICER)
SIGNERS = (Role.COORDINATOR, Role.COMMANDER)


@staff(*READERS)
def seasons(request: StaffRequest) -> HttpResponse:
    """All versions, the latest first, and a form for the next season."""
    may_plan = request.member.holds(PLANNERS)
    form = ProposeForm(
        _sent(request),
        initial=_usual(request),
        draws=bool(Rhythm.of(request.agency).band),
    )
    if request.method == "POST":
        if not may_plan:
            raise Http404
        if form.is_valid():
            with or_say_on(form):
                made = actions.propose(request.agency, **form.season(), by=request.user)
                return redirect("season:season", request.agency.slug, made.public_id)
    rows = Season.objects.visible_to(request.user, at=request.agency).newest_first()
    context = {"form": form, "seasons": rows[:60], "may_plan": may_plan}
    return render(request, "season/seasons.html", context, status=status_of(form))


def _usual(request: StaffRequest) -> dict[str, Any]:
    """From the day after all that is signed, drawn by what drew the season before."""
    start = planning.next_start(request.agency)
    before = Draw.objects.visible_to(request.user, at=request.agency).newest_first().first()
    return {
        "start": start.isoformat(),
        "source": before.source if before else "",
        "known_on": planning.usual_draw_day(start).isoformat(),
        "example": before.shape if before else "",
    }


@staff(*READERS)
@require_safe
def season(request: StaffRequest, public_id: str) -> HttpResponse:
    """One version: its weeks, what changed, how turns come out, who has signed."""
    season = _season(request, public_id)
    weeks = list(season.weeks.listed())
    return render(request, "season/season.html", _shown(request, season, weeks))


def _shown(request: StaffRequest, season: Season, weeks: list[Week]) -> dict[str, Any]:
    before = list(season.follows.weeks.listed()) if season.follows else []
    for week in weeks:
        week.agency = request.agency  # it knows its own words for areas, and is asked once
    later = season.followers.first()
    return {
        "season": season,
        "rows": [reasons.row(week) for week in weeks],
        "why": reasons.change(season),
        "changes": reasons.difference(before, weeks) if before else None,
        "later": later,
        "turns": _turns(season),
        "overdue": reasons.overdue(season),
        "taking_turns": reasons.taking_turns(season),
        "missing": [week for week in weeks if week.needs_roof],
        "left_over": _left_over(request, season, weeks),
        "undrafted": season.is_approved and any(_could_be_drafted(week) for week in weeks),
        "may_plan": request.member.holds(PLANNERS) and later is None,
        "may_sign": _may_sign(request, season) if later is None else [],
        "draw": actions.draw_of(season),
        "may_be_put_right": later is None and _may_be_drawn(season, weeks),
        "redraws": (asked := _redraws(request, season)),
        "job": redraws.job_of(asked) if asked and asked.done_at is None else None,
        "undrawn": _undrawn(season),
        "name_form": came_back(request, NameForm) or NameForm(initial=_usual(request)),
        "value_form": came_back(request, ValueForm) or ValueForm(),
        "right_form": came_back(request, PutRightForm) or PutRightForm(),
    }


def _may_be_drawn(season: Season, weeks: list[Week]) -> bool:
    """It stands, and has days ahead."""
    ahead = any(week.day >= season.agency.today() for week in weeks)
    return ahead and (season.is_proposed or season.is_approved)


def _undrawn(season: Season) -> str:
    """Why nobody can sign it yet; empty where it is drawn."""
    try:
        actions.refuse_undrawn(season)
    except planning.NotNow as no:
        return str(no)
    return ""


def _redraws(request: StaffRequest, season: Season) -> Redraws | None:
    return Redraws.objects.visible_to(request.user, at=request.agency).filter(season=season).first()


def _could_be_drafted(week: Week) -> bool:
    return not (week.is_empty or week.needs_roof or week.walk_id) and week.day >= week.agency.today()


def _may_sign(request: StaffRequest, season: Season) -> list[Role]:
    """The signatures that are missing and that this person may give."""
    signed = {season.coordinator_user_id, season.commander_user_id}
    if request.user.pk in signed or not season.is_proposed or _undrawn(season):
        return []
    return [
        role
        for role in SIGNERS
        if getattr(season, f"{role.value}_at") is None and request.member.holds([role])
    ]


def _turns(season: Season) -> Table | None:
    rows = [
        [row["name"], row["before"], row["walks"], max(0.0, row["due"])]
        for row in season.inputs.get("turns", [])
        if row["kind"] == "division"
    ]
    heads = [
        Head(labels_of(season.agency)[AreaKind.DIVISION][0]),
        Head(_("Walks in the year before"), number=True),
        Head(_("In this season"), number=True),
        Head(_("Fair share of this season, by residents"), number=True, decimals=1),
    ]
    return Table(_("Whose turn it is"), heads, rows) if rows else None


def _left_over(request: StaffRequest, season: Season, weeks: list[Week]) -> list[Gathering]:
    """Drafts of earlier versions that this one does not want: a person decides about them."""
    if not season.is_approved or season.follows is None:
        return []
    wanted = [week.walk_id for week in weeks if week.walk_id]
    earlier = Week.objects.visible_to(request.user, at=request.agency).filter(
        season__start=season.start, walk__isnull=False
    )
    drafts = Gathering.objects.visible_to(request.user, at=request.agency).filter(
        status="draft", walk__in=earlier.exclude(walk__in=wanted).values("walk")
    )
    return list(drafts.with_places().order_by("on"))


# -- what a planner does --------------------------------------------------------------------------
@staff(*PLANNERS)
@require_POST
def replan(request: StaffRequest, public_id: str) -> HttpResponse:
    season = _season(request, public_id)
    return _next(request, season, lambda: actions.replan(season, by=request.user))


@staff(*PLANNERS)
@require_POST
def name_value(request: StaffRequest, public_id: str) -> HttpResponse:
    """Name what draws a season that was kept without it."""
    season, form = _season(request, public_id), NameForm(request.POST)
    if form.is_valid():
        with or_say_on(form):
            actions.name_value(season, form.named(), by=request.user)
            messages.success(request, _("Named, in public. Type it in when it is known."))
            return redirect("season:season", request.agency.slug, public_id)
    return again(request, form, "season:season", request.agency.slug, public_id)


@staff(*PLANNERS)
@require_POST
def type_value(request: StaffRequest, public_id: str) -> HttpResponse:
    """Type in the value that was announced, and draw the season by it."""
    season, form = _season(request, public_id), ValueForm(request.POST)
    if season.draw is None:
        raise Http404
    if form.is_valid():
        with or_say_on(form):
            draws.type_value(season.draw, form.cleaned_data["value"], by=request.user)
            return _next(request, season, lambda: actions.draw(season, by=request.user))
    return again(request, form, "season:season", request.agency.slug, public_id)


@staff(*PLANNERS)
@require_POST
def draw(request: StaffRequest, public_id: str) -> HttpResponse:
    """Draw the season by the value that is typed in already."""
    season = _season(request, public_id)
    return _next(request, season, lambda: actions.draw(season, by=request.user))


@staff(*PLANNERS)
@require_POST
def put_right(request: StaffRequest, public_id: str) -> HttpResponse:
    """Another value than the one that was typed in, with the reason in public; and the season drawn by it."""
    season, form = _season(request, public_id), PutRightForm(request.POST)
    if season.draw is None:
        raise Http404
    if form.is_valid():
        with or_say_on(form):
            made = actions.put_right(season, **form.cleaned_data, by=request.user)
            return redirect("season:season", request.agency.slug, made.public_id)
    return again(request, form, "season:season", request.agency.slug, public_id)


@staff(*READERS)
@require_safe
def progress(request: StaffRequest, public_id: str) -> HttpResponse:
    """How far the draws are: a part of the season's page, which asks for it again. By itself it is no page."""
    season = _season(request, public_id)
    if "HX-Request" not in request.headers:
        return redirect("season:season", request.agency.slug, public_id)
    asked = _redraws(request, season)
    if asked is None:
        raise Http404
    context = {"season": season, "redraws": asked, "job": redraws.job_of(asked)}
    return render(request, "season/_redraws.html", context)


@staff(*PLANNERS)
@require_POST
def draw_again(request: StaffRequest, public_id: str) -> HttpResponse:
    """Making the draws was given up, and somebody has mended the cause."""
    season = _season(request, public_id)
    asked = _redraws(request, season)
    if asked is None:
        raise Http404
    with (refused := Why()):
        redraws.ask_again(asked)
        return redirect("season:season", request.agency.slug, public_id)
    return again(request, refused, "season:season", request.agency.slug, public_id)


@staff(*READERS)
@require_safe
def chances(request: StaffRequest, public_id: str) -> HttpResponse:
    """Each area's chance in each week, as far as the draws are made."""
    season = _season(request, public_id)
    asked = _redraws(request, season)
    if asked is None or asked.done_at is None:
        raise Http404
    context = {"season": season, "redraws": asked, "table": tables.of_areas(asked)}
    return render(request, "season/chances.html", context)


@staff(*PLANNERS)
@require_POST
def approve(request: StaffRequest, public_id: str) -> HttpResponse:
    """Sign. With the second signature the walks are drafted."""
    season = _season(request, public_id)
    role = next((each for each in SIGNERS if each.value == request.POST.get("role")), None)
    if role is None:
        raise Http404
    with (refused := Why()):
        signed = actions.approve(season, role=role, by=request.user)
        done = _("Approved. The walks are drafted; each is published on its own page.")
        messages.success(request, done if signed.is_approved else _("Signed. One signature is missing."))
        return redirect("season:season", request.agency.slug, public_id)
    return again(request, refused, "season:season", request.agency.slug, public_id)


@staff(*PLANNERS)
@require_POST
def draft_walks(request: StaffRequest, public_id: str) -> HttpResponse:
    season = _season(request, public_id)
    with (refused := Why()):
        for number, why in sorted(actions.draft_walks(season, by=request.user).items()):
            refused.say(_("Week %(n)d: %(why)s") % {"n": number, "why": why})
    if refused:
        return again(request, refused, "season:season", request.agency.slug, public_id)
    messages.success(request, _("Every week has its draft."))
    return redirect("season:season", request.agency.slug, public_id)


@staff(*PLANNERS)
@require_POST
def discard(request: StaffRequest, public_id: str) -> HttpResponse:
    with (refused := Why()):
        actions.discard(_season(request, public_id), by=request.user)
        messages.success(request, _("Discarded. It stays in the list."))
        return redirect("season:seasons", request.agency.slug)
    return again(request, refused, "season:season", request.agency.slug, public_id)


@staff(*PLANNERS)
def week(request: StaffRequest, public_id: str, number: int) -> HttpResponse:
    """One week: fix it, let it go, or choose another place and see first what that costs."""
    season = _season(request, public_id)
    here = get_object_or_404(season.weeks.listed(), number=number)
    deed = request.POST.get("do", "")
    if deed == "fix":
        return _next(request, season, lambda: actions.fix_week(season, number, by=request.user))
    if deed == "release":
        return _next(request, season, lambda: actions.release_week(season, number, by=request.user))
    form = AnotherForm(
        request.POST if deed else None,
        agency=request.agency,
        by=request.user,
        near=_outline(request, here),
        asked=_asked(request, here),
        initial={"area": request.GET.get("area", "")[:40]},
    )
    cost = None
    if deed and form.is_valid():
        with or_say_on(form):
            if deed == "set":
                made = actions.set_week(
                    season, number, **_other(request, form), why=form.cleaned_data["why"], by=request.user
                )
                return redirect("season:season", request.agency.slug, made.public_id)
            cost = actions.cost_of(season, number, **_other(request, form))
    context = {
        "season": season,
        "week": here,
        "because": reasons.because(here),
        "others": reasons.others(here),
        "form": form,
        "cost": None if cost is None else reasons.price_of(cost),
        "is_latest": not season.followers.exists(),
        "is_over": here.day < request.agency.today(),
    }
    return render(request, "season/week.html", context, status=status_of(form))


def _outline(request: StaffRequest, week: Week) -> BaseGeometry | None:
    """Of the area that is asked about, else of the week's own."""
    said = (request.POST or request.GET).get("area", "")[:40]
    site = (planning.site_behind(request.agency, said) if said else None) or week.area or week.neighborhood
    return site.shape if site else None


def _asked(request: StaffRequest, week: Week) -> nearby.Asked:
    rhythm = Rhythm.of(request.agency)
    return nearby.Asked(week.day, rhythm.at, rhythm.minutes)


def _other(request: StaffRequest, form: AnotherForm) -> dict[str, Any]:
    area = planning.site_behind(request.agency, form.cleaned_data["area"])
    if area is None:
        raise planning.SeasonRefused(_("This place is not known any more. Plan again."))
    roof = form.cleaned_data["roof"]
    venue = None
    if roof and roof != OUTDOORS:
        venue = get_object_or_404(Venue.objects.visible_to(request.user, at=request.agency), public_id=roof)
    return {"area": area, "venue": venue, "outdoors": roof == OUTDOORS}


def _next(request: StaffRequest, season: Season, make: Callable[[], Season]) -> HttpResponse:
    """Make the next version and go there; where it cannot be, say why and stay."""
    with (refused := Why()):
        made = make()
        return redirect("season:season", request.agency.slug, made.public_id)
    return again(request, refused, "season:season", request.agency.slug, season.public_id)


@staff(*PLANNERS)
def rhythm(request: StaffRequest) -> HttpResponse:
    """The usual day and hour, the months indoors, and the rules of a plan."""
    form = RhythmForm(_sent(request), instance=Rhythm.of(request.agency), by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_rhythm(request.agency, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, first_error(error))
        else:
            messages.success(request, _("Kept. The next plan is made by these rules."))
            return redirect("season:seasons", request.agency.slug)
    latest = Season.objects.visible_to(request.user, at=request.agency).newest_first().first()
    context = {"form": form, "taking_turns": reasons.taking_turns(latest) if latest else ""}
    return render(request, "season/rhythm.html", context, status=status_of(form))


def _sent(request: StaffRequest) -> Any:
    """What a form was sent with; an empty one was sent all the same."""
    return request.POST if request.method == "POST" else None


def _season(request: StaffRequest, public_id: str) -> Season:
    shown = Season.objects.visible_to(request.user, at=request.agency).select_related(
        "agency", "follows", "draw"
    )
    return get_object_or_404(shown, public_id=public_id)
