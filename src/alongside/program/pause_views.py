"""Say a pause, see first what it calls off, and end it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.core.errors import Refusal
from alongside.program import pauses as actions
from alongside.program.cadence import cadence
from alongside.program.forms import EndForm, PauseForm
from alongside.program.models import Pause

DECIDERS = (Role.COORDINATOR, Role.COMMANDER)
NOT_DONE = 422


@staff(*DECIDERS)
def pauses(request: StaffRequest) -> HttpResponse:
    """Pauses so far, weeks that owe a reason, and a form that shows what it would call off before it does."""
    form = PauseForm(request.POST or None, initial=_asked(request))
    form.choose_from(request.agency, request.user)
    off = None
    if request.method == "POST" and form.is_valid():
        try:
            if "confirmed" in request.POST:
                return _paused(request, form.cleaned_data)
            off = actions.walks_within(actions.proposed(request.agency, **form.said(), by=request.user))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "off": off,
        "pauses": Pause.objects.visible_to(request.user, at=request.agency).select_related("neighborhood")[
            :100
        ],
        "against": actions.published_all_the_same(request.user, request.agency),
        "owing": cadence(request.user, request.agency).without_reason,
    }
    return render(request, "program/pauses.html", context, status=NOT_DONE if form.errors else 200)


def _paused(request: StaffRequest, given: dict[str, Any]) -> HttpResponse:
    _pause, off = actions.pause(request.agency, **given, by=request.user)
    note = ngettext("%(n)d walk was called off.", "%(n)d walks were called off.", len(off)) % {"n": len(off)}
    messages.success(request, _("It is said in public.") + (f" {note}" if off else ""))
    return redirect("program:pauses", request.agency.slug)


def _asked(request: StaffRequest) -> dict[str, str]:
    """The days that a link proposes, such as a week that owes a reason."""
    return {name: request.GET[name][:10] for name in ("first", "last") if name in request.GET}


@staff(*DECIDERS)
@require_POST
def end(request: StaffRequest, public_id: str) -> HttpResponse:
    said = get_object_or_404(Pause.objects.visible_to(request.user, at=request.agency), public_id=public_id)
    form = EndForm(request.POST)
    try:
        if not form.is_valid():
            raise actions.PauseRefused(_("Say the last day without a walk."))
        actions.end(said, last=form.cleaned_data["last"], by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It ends on that day. Plan the walks that were called off anew."))
    return redirect("program:pauses", request.agency.slug)
