"""Pages of walks: to plan and lead them, and for everybody to join."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alongside.agencies.doors import public, staff
from alongside.agencies.models import Role
from alongside.agencies.requests import Request, StaffRequest
from alongside.core.doing import Why, again, came_back, or_say_on, status_of
from alongside.core.doors import same_for_strangers
from alongside.field import phone_page
from alongside.field import queries as field
from alongside.gatherings import checks
from alongside.gatherings.frame import shown_to_all
from alongside.gatherings.models import LEADERS, Gathering, Status
from alongside.rosters import queries as rosters
from alongside.walks import actions, queries
from alongside.walks.forms import CheckForm, PlanForm
from alongside.walks.frame import at_desk
from alongside.walks.models import Route, Walk
from alongside.weather import queries as weather

PLANNERS = (Role.COORDINATOR, Role.COMMANDER)
AHEAD = (Status.DRAFT, Status.PUBLISHED)


# -- staff ----------------------------------------------------------------------------------------
@staff()
@require_safe
def workspace(request: StaffRequest) -> HttpResponse:
    """Walks to come, drafts among them, and those that were."""
    walks = Walk.objects.visible_to(request.user, at=request.agency).with_dates().with_routes()
    coming, past = list(walks.coming()[:60]), list(walks.past()[:30])
    queries.count_answers(request.user, request.agency, [*coming, *past])
    return render(
        request,
        "walks/workspace.html",
        {
            "coming": coming,
            "past": past,
            "may_plan": request.member.holds(PLANNERS),
            "may_lead": request.member.holds(LEADERS),
        },
    )


@staff(*PLANNERS)
def plan(request: StaffRequest) -> HttpResponse:
    """A walk in one page: where, when, how long. The route is laid at once."""
    form = PlanForm(
        request.POST or None,
        request.FILES or None,
        agency=request.agency,
        by=request.user,
        goal=_asked_for(request),
        initial={"venue": request.GET.get("venue", "")[:20]},
    )
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            given = form.cleaned_data
            walk = actions.plan(
                request.agency, _meeting(given), by=request.user, form_key=form.once, **_planned(given)
            )
            if walk.route is None:  # else the same form was sent twice
                with (none_yet := Why()):
                    actions.lay_route(walk, by=request.user)
                if none_yet:  # the walk is planned all the same
                    messages.info(request, _("No route yet: %(why)s") % {"why": none_yet})
            return redirect("walks:walk", request.agency.slug, walk.public_id)
    if "HX-Request" in request.headers and request.method == "GET":
        return render(request, "walks/_near.html", {"form": form})
    return render(
        request,
        "walks/plan.html",
        {"form": form, "ground": queries.drawing_ground(request.user, request.agency)},
        status=status_of(form),
    )


def _asked_for(request: StaffRequest) -> str:
    """An area of the list, as the form writes it or as links from focus areas do: by the id alone."""
    said = request.GET.get("area", "")[:60]
    return said if not said or ":" in said else f"focus:{said}"


def _meeting(given: dict[str, Any]) -> actions.Meeting:
    names = ("on", "at", "venue", "meeting_point", "minutes")
    return actions.Meeting(**{name: given[name] for name in names})


def _planned(given: dict[str, Any]) -> dict[str, Any]:
    names = ("typed_host", "title", "summary")
    return {"area": given["goal"], **{name: given[name] for name in names}}


@staff(*LEADERS)
@require_safe
def walk(request: StaffRequest, public_id: str) -> HttpResponse:
    """One walk at the desk: its route, what it meets and leaves out, who checked it."""
    walk = at_desk(request, public_id)
    route = _route(request, walk)
    return render(
        request,
        "walks/walk.html",
        {
            "walk": walk,
            "gathering": walk.gathering,
            "route": route,
            "map": queries.route_map(request.agency, walk, route),
            "summary": queries.summary_of(route) if route else None,
            "doubts": queries.doubts(walk, route) if route else [],
            "check": came_back(request, CheckForm)
            or CheckForm(initial={"name": str(request.member), "version": route.version if route else None}),
            "may_plan": request.member.holds(PLANNERS),
            "missing": checks.missing(walk.gathering, queries.plan_of(walk))
            if walk.gathering.status in AHEAD
            else [],
            "plan_check": checks.last_check(walk.gathering),
            "forecast": weather.forecast_of(walk.gathering),
        },
    )


@require_POST
@staff(*PLANNERS)
def lay_route(request: StaffRequest, public_id: str) -> HttpResponse:
    """Another loop: without some streets, or allowing steps."""
    walk = at_desk(request, public_id)
    excluded = [street.replace("\0", "")[:200] for street in request.POST.getlist("exclude")][:200]
    with (refused := Why()):
        accessible = "any_surface" not in request.POST
        actions.lay_route(walk, by=request.user, excluded=excluded, accessible=accessible)
        return redirect("walks:walk", request.agency.slug, public_id)
    return again(request, refused, "walks:walk", request.agency.slug, public_id)


@require_POST
@staff(*PLANNERS)
def meet_at_better_corner(request: StaffRequest, public_id: str) -> HttpResponse:
    """One click: a draft meets at the better corner, and its route is laid from there.

    People already know where a published walk meets: the form to move it opens, with the corner put in.
    """
    walk = at_desk(request, public_id)
    with (refused := Why()):
        if not walk.gathering.is_draft:
            venue = actions.better_corner(walk, by=request.user)
            form = reverse("gatherings:move", args=[request.agency.slug, walk.gathering.public_id])
            return redirect(f"{form}?venue={venue.pk}")
        actions.meet_at_better_corner(walk, by=request.user)
        walk = at_desk(request, public_id)
        actions.lay_route_again(walk, by=request.user)
        messages.success(request, _("People meet at %(place)s now.") % {"place": walk.gathering.place})
        return redirect("walks:walk", request.agency.slug, public_id)
    return again(request, refused, "walks:walk", request.agency.slug, public_id)


@require_POST
@staff(*LEADERS)
def check_route(request: StaffRequest, public_id: str) -> HttpResponse:
    """Somebody walked the version that this page showed; another may have been laid meanwhile."""
    walked = Route.objects.visible_to(request.user, at=request.agency).filter(
        walk=at_desk(request, public_id)
    )
    form = CheckForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        with or_say_on(form):
            actions.check_route(
                get_object_or_404(walked, version=given["version"]),
                name=given["name"],
                notes=given["notes"],
                by=request.user,
            )
            messages.success(request, _("Thank you. The page says who walked it, and when."))
            return redirect("walks:walk", request.agency.slug, public_id)
    return again(request, form, "walks:walk", request.agency.slug, public_id)


@require_POST
@staff(*PLANNERS)
def publish(request: StaffRequest, public_id: str) -> HttpResponse:
    walk = at_desk(request, public_id)
    there, back = reverse("walks:walk", args=[request.agency.slug, public_id]), ""
    with (refused := Why()):
        try:
            actions.publish(walk, by=request.user)
        except checks.PlanIncomplete as refusal:
            back = refusal.missing[0].url  # where it is mended
            raise
        messages.success(request, _("Published. Everybody can see it and say that they will come."))
        return redirect(there)
    return again(request, refused, back or there)


@staff(*LEADERS)
@require_safe
def cue_sheet(request: StaffRequest, public_id: str) -> HttpResponse:
    """What the leaders carry: large type, one line a corner."""
    walk = at_desk(request, public_id)
    route = _route(request, walk)
    summary = queries.summary_of(route) if route else None
    context = {
        "walk": walk,
        "gathering": walk.gathering,
        "route": route,
        "summary": summary,
        "doubts": queries.doubts(walk, route) if route else [],
        "map": queries.route_map(request.agency, walk, route),
    }
    return render(request, "walks/cue_sheet.html", context)


def _walk(request: Request, public_id: str) -> Walk:
    walk: Walk = get_object_or_404(
        Walk.objects.visible_to(request.user, at=request.agency).with_dates().with_hosts(),
        public_id=public_id,
    )
    shown_to_all(request, walk.gathering)
    return walk


def _route(request: StaffRequest, walk: Walk) -> Route | None:
    return Route.objects.visible_to(request.user, at=request.agency).filter(walk=walk).first()


# -- residents ------------------------------------------------------------------------------------
@public
@same_for_strangers
@require_safe
def walk_list(request: Request) -> HttpResponse:
    """The walks to come, and where we have been. Whole neighborhoods only."""
    walks = Walk.objects.visible_to(request.user, at=request.agency).open_to_all().with_dates()
    past = queries.where_we_have_been(request.user, request.agency, walks)
    coming = list(walks.coming()[:60])
    queries.count_answers(request.user, request.agency, coming)
    following = next((each for each in coming if each.gathering.takes_answers), None)
    return render(
        request,
        "walks/list.html",
        {
            "following": following.gathering if following else None,
            "coming": [each.gathering for each in coming if each is not following],
            "past": past,
            "map": queries.walked_map(request.user, request.agency, past),
        },
    )


@public
@same_for_strangers
@require_safe
def detail(request: Request, public_id: str) -> HttpResponse:
    """A walk's public page: when, where to meet, which neighborhood. Never the way it goes."""
    walk = _walk(request, public_id)
    gathering: Gathering = walk.gathering
    return render(
        request,
        "walks/detail.html",
        {
            "walk": walk,
            "gathering": gathering,
            "map": queries.meeting_map(request.user, request.agency, gathering),
            "way": queries.public_way(walk),
            "district": queries.district_of(walk),
            "indoors": not weather.is_outdoors(gathering),
            "who": rosters.who_comes(gathering),
            "recap": field.recap_of(gathering),
        },
    )


# -- the phone in the field, by the address it had ---------------------------------------------------
@public
@require_safe
def old_phone(request: Request, public_id: str) -> HttpResponse:
    """The phone's page belongs to the gathering. Links that were handed out go on there, with their pass."""
    walk = _walk(request, public_id)
    return redirect("field:phone", request.agency.slug, walk.gathering.public_id, permanent=True)


@public
@require_safe
def old_phone_worker(request: Request, public_id: str) -> HttpResponseBase:
    """The worker of phones that were set up at the old address: it opens the new page there, with or without a signal.

    No redirect: a browser would refuse it, and stay with the worker and the page that it has.
    """
    return phone_page.worker(request, _walk(request, public_id).gathering.public_id)
