"""The pack that is printed and talked through when somebody leaves a post, and the handing over itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.agencies.doors import staff
from alongside.agencies.models import Member, Role
from alongside.agencies.requests import StaffRequest
from alongside.cadence import handover
from alongside.cadence.forms import HandOverForm
from alongside.core.doing import or_say_on, status_of

OFFERING = (Role.COORDINATOR, Role.COMMANDER)


@staff(*OFFERING)
def handovers(request: StaffRequest) -> HttpResponse:
    """Whose post changes? Those who can own a promise or lead a division."""
    members = Member.objects.visible_to(request.user, at=request.agency).active()
    leading = members.holding(Role.COORDINATOR, Role.COMMANDER, Role.OFFICER).select_related("rank")
    return render(request, "cadence/handovers.html", {"members": leading.order_by("rank__level", "name")})


@staff(*OFFERING)
def pack(request: StaffRequest, public_id: str) -> HttpResponse:
    """One person's pack; a post hands their open promises to the next."""
    shown = Member.objects.visible_to(request.user, at=request.agency).select_related("rank", "agency")
    member = get_object_or_404(shown, public_id=public_id)
    form = HandOverForm(request.POST or None, initial={"to": handover.successor(member)})
    form.choose_from(request.agency, request.user, leaving=member)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form, "to"):
            moved = handover.hand_over(member, to=form.cleaned_data["to"], by=request.user)
            words = ngettext("%(n)d promise was handed over.", "%(n)d promises were handed over.", moved)
            messages.success(request, words % {"n": moved} if moved else _("Nothing was left to hand over."))
            return redirect("cadence:handover", request.agency.slug, form.cleaned_data["to"].public_id)
    pack = handover.pack(member, reader=request.user)
    status = status_of(form)
    return render(request, "cadence/handover.html", {"pack": pack, "form": form}, status=status)
