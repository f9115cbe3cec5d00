"""Pages by code, and the desk."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from alongside.agencies.doors import public, staff
from alongside.followthrough import queries
from alongside.followthrough.models import DESK, Concern


@public
@require_safe
def follow(request: HttpRequest) -> HttpResponse:
    """Type the code."""
    code = request.GET.get("code", "")
    if code:
        return redirect("followthrough:page", request.agency.slug, code)
    return render(request, "followthrough/follow.html", {})


@public
@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    concern = queries.by_code(request.agency, code)
    if concern is None:
        raise Http404
    return render(request, "followthrough/page.html", {"concern": concern})


@staff(*DESK)
@require_safe
def concern(request: HttpRequest, public_id: str) -> HttpResponse:
    found = get_object_or_404(
        Concern.objects.visible_to(request.user, at=request.agency).listed(), public_id=public_id
    )
    return render(request, "followthrough/concern.html", {"concern": found})
