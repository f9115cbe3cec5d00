"""What the weather stands against, and from where on one wants to know."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.core.doing import Why, again, or_say_on, status_of
from alongside.gatherings.models import Gathering
from alongside.weather import actions, queries, service
from alongside.weather.forms import ThresholdsForm
from alongside.weather.models import thresholds_of

DECIDERS = (Role.COORDINATOR, Role.COMMANDER)


@staff()
@require_safe
def alerts(request: StaffRequest) -> HttpResponse:
    """The gatherings that weather stands against, each with what one can do."""
    context = {
        "forecasts": queries.warned(request.user, request.agency),
        "wanted": thresholds_of(request.agency),
        "is_on": service.is_on(),
    }
    return render(request, "weather/alerts.html", context)


@require_POST
@staff(*DECIDERS)
def settle(request: StaffRequest, public_id: str) -> HttpResponse:
    """It goes ahead as planned, and somebody says so with their name."""
    mine = Gathering.objects.visible_to(request.user, at=request.agency).with_places()
    gathering = get_object_or_404(mine, public_id=public_id)
    with (refused := Why()):
        actions.settle(gathering, by=request.user)
        messages.success(request, _("It goes ahead as planned. If the forecast gets worse, you hear of it."))
        return redirect("weather:alerts", request.agency.slug)
    return again(request, refused, "weather:alerts", request.agency.slug)


@staff(Role.COORDINATOR)
def thresholds(request: StaffRequest) -> HttpResponse:
    """From where on coordinators are warned."""
    sent = request.POST if request.method == "POST" else None
    form = ThresholdsForm(sent, instance=thresholds_of(request.agency))
    if sent is not None and form.is_valid():
        with or_say_on(form):
            actions.set_thresholds(request.agency, by=request.user, **form.cleaned_data)
            messages.success(request, pgettext("message", "Saved."))
            return redirect("weather:alerts", request.agency.slug)
    status = status_of(form)
    return render(request, "weather/thresholds.html", {"form": form, "is_on": service.is_on()}, status=status)
