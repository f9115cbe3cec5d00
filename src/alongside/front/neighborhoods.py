"""The page of each neighborhood, composed of every room, and the list of them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from alongside.agencies.doors import public
from alongside.agencies.models import Agency, User
from alongside.agencies.requests import Request
from alongside.core.doors import same_for_strangers
from alongside.core.manifest import NEIGHBORHOOD
from alongside.core.typed import bare
from alongside.front.panels import panels_of
from alongside.gatherings.models import Gathering
from alongside.places import maps
from alongside.places.models import Area, AreaKind, AreaQuerySet

LONGEST_SEARCH = 60


@public
@same_for_strangers
@require_safe
def neighborhoods(request: Request) -> HttpResponse:
    """All of them by the alphabet, with the day on which we come next; a search that needs no script."""
    asked = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    homes = list(_homes(request.user, request.agency).listed())
    found = [home for home in homes if bare(asked) in bare(home.name)]
    following = _next_by_home(request.user, request.agency)
    context = {
        "asked": asked,
        "letters": _by_letter((home, following.get(home.pk)) for home in found),
        "count": len(found),
        "any": bool(homes),
    }
    return render(request, "front/neighborhoods.html", context)


@public
@same_for_strangers
@require_safe
def neighborhood(request: Request, public_id: str) -> HttpResponse:
    """When we come next, what was heard and promised there, and who answers."""
    area = get_object_or_404(_homes(request.user, request.agency), public_id=public_id)
    shown = Gathering.objects.visible_to(request.user, at=request.agency).filter(neighborhood=area)
    context = {
        "area": area,
        "gathering": shown.open_to_all().coming().with_places().with_numbers().first(),
        "map": maps.of_one_neighborhood(
            request.agency, area, maps.around(_homes(request.user, request.agency), area)
        ),
        "panels": panels_of(NEIGHBORHOOD, request.user, request.agency, area),
    }
    return render(request, "front/neighborhood.html", context)


def _homes(user: User | AnonymousUser, agency: Agency) -> AreaQuerySet:
    found: AreaQuerySet = Area.objects.visible_to(user, at=agency).active().of_kind(AreaKind.NEIGHBORHOOD)
    return found


def _next_by_home(user: User | AnonymousUser, agency: Agency) -> dict[int, Gathering]:
    """The next date in each neighborhood that has one: one question for all."""
    coming = Gathering.objects.visible_to(user, at=agency).published().coming()
    found: dict[int, Gathering] = {}
    for gathering in coming.filter(neighborhood__isnull=False).with_places():
        if gathering.neighborhood_id is not None:
            found.setdefault(gathering.neighborhood_id, gathering)
    return found


def _by_letter(homes: Iterable[tuple[Area, Gathering | None]]) -> list[tuple[str, list[Any]]]:
    """Under the letter with which each begins, accents aside."""
    rows = sorted(homes, key=lambda row: bare(row[0].name))
    return [
        (letter.upper(), list(some)) for letter, some in groupby(rows, key=lambda row: bare(row[0].name)[:1])
    ]
