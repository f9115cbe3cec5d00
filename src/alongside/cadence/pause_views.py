"""Say a pause, see first what it calls off, and end it: two pages that a room serves for what it promised."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.cadence import pauses as actions
from alongside.cadence.forms import EndForm, PauseForm
from alongside.cadence.models import Pause
from alongside.cadence.periods import Pledge, cadence
from alongside.core.doing import again, came_back, or_say_on, status_of

DECIDERS = (Role.COORDINATOR, Role.COMMANDER)


def pauses(request: StaffRequest, pledge: Pledge, template: str, *, end_view: str) -> HttpResponse:
    """Pauses so far, weeks that owe a reason, and a form that shows what it would call off before it does.

    `end_view` is the name of the page that ends one, in the room that serves both.
    """
    form = PauseForm(request.POST or None, initial=_asked(request))
    form.choose_from(request.agency, request.user)
    off = None
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            if "confirmed" in request.POST:
                return _paused(request, pledge, form.cleaned_data)
            said = actions.proposed(request.agency, **form.said(), of=pledge.of, by=request.user)
            off = actions.within(said)
    said_so_far = Pause.objects.visible_to(request.user, at=request.agency).about(pledge.of)
    context = {
        "form": form,
        "off": off,
        "pauses": [
            (pause, came_back(request, EndForm, prefix=pause.public_id) or EndForm(prefix=pause.public_id))
            for pause in said_so_far.select_related("neighborhood")[:100]
        ],
        "against": actions.published_all_the_same(request.agency, pledge.of),
        "end_view": end_view,
        "owing": cadence(request.user, request.agency, pledge).without_reason,
    }
    return render(request, template, context, status=status_of(form))


def _paused(request: StaffRequest, pledge: Pledge, given: dict[str, Any]) -> HttpResponse:
    _pause, off = actions.pause(request.agency, **given, of=pledge.of, by=request.user)
    note = pledge.off(len(off))
    messages.success(request, _("It is said in public.") + (f" {note}" if off else ""))
    return redirect(request.path)


def _asked(request: StaffRequest) -> dict[str, str]:
    """The days that a link proposes, such as a week that owes a reason."""
    return {name: request.GET[name][:10] for name in ("first", "last") if name in request.GET}


def end(request: StaffRequest, public_id: str, *, back_to: str) -> HttpResponse:
    """End a pause, and go back to the page of them."""
    said = get_object_or_404(Pause.objects.visible_to(request.user, at=request.agency), public_id=public_id)
    form = EndForm(request.POST, prefix=public_id)
    if form.is_valid():
        with or_say_on(form, "last"):
            actions.end(said, last=form.cleaned_data["last"], by=request.user)
            messages.success(request, _("It ends on that day. Plan anew what was called off."))
            return redirect(back_to, request.agency.slug)
    return again(request, form, back_to, request.agency.slug)
