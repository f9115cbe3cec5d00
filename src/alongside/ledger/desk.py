"""The ledger at the desk: the key after a loss, which a person looks at."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.ledger import actions, queries


@staff(Role.RECORDS_OFFICER)
def key(request: StaffRequest) -> HttpResponse:
    """Which key signs, whether somebody has to stand by a new one, and whether days are missing."""
    context = {
        "key": queries.key_of(request.agency),
        "lost": queries.lost_key(request.agency),
        "last": queries.last_head(request.agency),
        "wrong_day": queries.wrongly_signed(request.agency),
        "today": request.agency.today(),
    }
    return render(request, "ledger/key.html", context)


@require_POST
@staff(Role.RECORDS_OFFICER)
def confirm_key(request: StaffRequest) -> HttpResponse:
    actions.confirm_key(request.agency, by=request.user)
    messages.success(request, _("Confirmed: everybody can read in the ledger that this key is ours."))
    return redirect("ledger:key", request.agency.slug)
