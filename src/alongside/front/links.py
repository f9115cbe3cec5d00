"""Who holds a link or a pass, what it opens and until when; and the buttons that end one, or all of a person."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from alongside.agencies import bearers
from alongside.agencies.doors import staff
from alongside.agencies.models import Bearer, BearerQuerySet, Role
from alongside.agencies.requests import StaffRequest
from alongside.core.errors import Refusal
from alongside.core.manifest import purposes
from alongside.core.origins import Origin

A_PAGE = 50
answers = staff(Role.COORDINATOR)


@answers
@require_safe
def links(request: StaffRequest) -> HttpResponse:
    """All that may open something, those of people we know first; of one purpose, or of one person."""
    rows = _theirs(request).not_ended()
    person = _person(request.GET.get("of", ""))
    if person:
        rows = rows.had_by(person)
    counts = Counter(rows.order_by().values_list("purpose", flat=True))
    purpose = request.GET.get("for", "")
    purpose = purpose if purpose in purposes() else ""
    shown = rows.filter(purpose=purpose) if purpose else rows
    page = Paginator(shown.with_people().named_first(), A_PAGE).get_page(request.GET.get("page"))
    held = bearers.held(page.object_list)
    context = {
        "page": page,
        "held": held,
        "tabs": _tabs(counts, purpose, f"&of={person}" if person else ""),
        "query": "".join(f"{name}={value}&" for name, value in (("for", purpose), ("of", person)) if value),
        "person": person,
        "name": held[0].person if held and person else "",
        "number": sum(not each.is_over for each in bearers.held(rows.with_people())) if person else 0,
    }
    return render(request, "front/links.html", context)


def _tabs(counts: Counter[str], purpose: str, of: str) -> list[dict[str, Any]]:
    """All, and each purpose of which there are some."""
    each = [
        {"label": f"{known.label} ({counts[name]})", "url": f"?for={name}{of}", "current": name == purpose}
        for name, known in purposes().items()
        if counts[name]
    ]
    label = _("All (%(n)s)") % {"n": counts.total()}
    return [{"label": label, "url": f"?{of[1:]}", "current": not purpose}, *each]


@answers
@require_POST
def end(request: StaffRequest, public_id: str) -> HttpResponse:
    """This one opens nothing any more."""
    bearer = get_object_or_404(_theirs(request).select_related("agency", "member"), public_id=public_id)
    bearers.end(bearer, by=request.user)
    messages.success(request, _("This link opens nothing any more."))
    return redirect("front:links", request.agency.slug)


@answers
@require_POST
def end_all(request: StaffRequest) -> HttpResponse:
    """Nothing that this person has opens anything any more."""
    person = _person(request.POST.get("of", ""))
    ended = bearers.end_all_of(person, agency=request.agency, by=request.user) if person else 0
    said = ngettext("%(n)d link or pass ended.", "%(n)d links and passes ended.", ended) % {"n": ended}
    messages.success(request, said)
    return redirect("front:links", request.agency.slug)


def _theirs(request: StaffRequest) -> BearerQuerySet:
    return Bearer.objects.visible_to(request.user, at=request.agency)


def _person(said: str) -> Origin | None:
    """Whose links are asked for; nobody's where it is no key."""
    try:
        return Origin.of(said)
    except Refusal:
        return None
