"""The public account of the program, for people and for machines."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from alongside.agencies.doors import public
from alongside.agencies.requests import Request
from alongside.core.doors import same_for_strangers
from alongside.program import account


@public
@same_for_strangers
@require_safe
def program(request: Request) -> HttpResponse:
    """Where we walked, when, how many came, what was heard and what is promised. Prints on paper as it stands."""
    return render(request, "program/program.html", account.account(request.user, request.agency))


@public
@require_safe
def areas_geojson(request: Request) -> HttpResponse:
    """The neighborhoods with their walks, for other people's maps."""
    response = JsonResponse(
        account.areas_geojson(request.user, request.agency), content_type="application/geo+json"
    )
    response.headers["Content-Disposition"] = f'inline; filename="{request.agency.slug}-walks.geojson"'
    patch_cache_control(response, public=True, max_age=300)
    return response
