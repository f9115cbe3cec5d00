"""The walk plan on one page, and who confirmed it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.core.doing import status_of
from alongside.core.errors import Refusal
from alongside.gatherings import rules
from alongside.gatherings.models import LEADERS
from alongside.walks import actions, queries
from alongside.walks.forms import PlanCheckForm
from alongside.walks.frame import at_desk
from alongside.walks.models import Route, Walk
from alongside.walks.sheet import offered, sheet, shelters

PLANNERS = (Role.COORDINATOR, Role.COMMANDER)
SAID = ("host", "deputy_host", "turn_back", "alternative")


@staff(*LEADERS)
@require_safe
def plan_page(request: StaffRequest, public_id: str) -> HttpResponse:
    """Who, where, when, what is open here, and the rules. It prints, and is read on a phone."""
    walk = at_desk(request, public_id)
    form = _form(request, walk) if request.member.holds(PLANNERS) else None
    return _show(request, walk, form)


@require_POST
@staff(*PLANNERS)
def confirm(request: StaffRequest, public_id: str) -> HttpResponse:
    """Somebody read it. Their name stands on the plan; with the first button the walk is published, too."""
    walk = at_desk(request, public_id)
    form = _form(request, walk, request.POST)
    if form.is_valid():
        given, taken = form.cleaned_data, form.taken
        said = {name: given[name] for name in SAID if name in given}
        try:
            walk = actions.prepare(walk, by=request.user, **said)
            actions.confirm_plan(walk, rules_version=given["rules_version"], by=request.user, taken=taken)
            if request.POST.get("act") == "publish":
                actions.publish(walk, by=request.user)
                messages.success(request, _("Published. Everybody can see it and say that they will come."))
            else:
                messages.success(request, _("Confirmed. Your name stands on the plan."))
        except Refusal as refusal:
            form = _form(request, walk, _unread(request))
            form.add_error(None, str(refusal))
        else:
            return redirect("walks:walk", request.agency.slug, public_id)
    return _show(request, at_desk(request, public_id), form, status=status_of(form))


def _unread(request: StaffRequest) -> QueryDict:
    """What was typed, with the rules as they are now, to be read and ticked once more."""
    said = request.POST.copy()
    said["rules_version"] = str(rules.in_force(request.agency).version)
    said.pop("read", None)
    return said


def _form(request: StaffRequest, walk: Walk, data: Any = None) -> PlanCheckForm:
    return PlanCheckForm(
        data,
        gathering=walk.gathering,
        shelters=shelters(walk.gathering),
        facts=queries.plan_of(walk).facts,
        initial=offered(walk, _route(request, walk), by=str(request.member))
        | {"rules_version": rules.in_force(request.agency).version},
    )


def _show(request: StaffRequest, walk: Walk, form: PlanCheckForm | None, status: int = 200) -> HttpResponse:
    route = _route(request, walk)
    context = {
        "walk": walk,
        "gathering": walk.gathering,
        "route": route,
        "sheet": sheet(walk, route),
        "doubts": queries.doubts(walk, route) if route else [],
        "form": form,
    }
    return render(request, "walks/plan_page.html", context, status=status)


def _route(request: StaffRequest, walk: Walk) -> Route | None:
    return Route.objects.visible_to(request.user, at=request.agency).filter(walk=walk).first()
