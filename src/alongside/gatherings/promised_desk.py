"""What was promised at one gathering, from its stage or on its way; and a promise more, made there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.core.doing import or_say_on, status_of
from alongside.followthrough.models import Promise
from alongside.followthrough.promises import actions as promising
from alongside.followthrough.promises.forms import AtOnePlaceForm
from alongside.gatherings.frame import at_desk
from alongside.gatherings.origins import shown_of


@staff(Role.COORDINATOR, Role.COMMANDER, Role.OFFICER)
def promised(request: StaffRequest, public_id: str) -> HttpResponse:
    """The promises of one gathering; followthrough keeps them under its key, and knows nothing else of it."""
    gathering = at_desk(request, public_id)
    home = gathering.neighborhood_id
    first = {"made_on": gathering.on, "area": home}
    form = AtOnePlaceForm(request.POST or None, agency=request.agency, user=request.user, initial=first)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            said = promising.Said(**form.said, origin=gathering.key, **shown_of(gathering))
            promising.make(request.agency, said, by=request.user, key=form.key, public=not gathering.is_draft)
            messages.success(request, _("Written down. It stands with this gathering."))
            return redirect("gatherings:promised", request.agency.slug, public_id)
    made = Promise.objects.visible_to(request.user, at=request.agency).that_came_from(gathering.key)
    return render(
        request,
        "gatherings/promised.html",
        {"gathering": gathering, "form": form, "promises": made.listed().soonest()},
        status=status_of(form),
    )
