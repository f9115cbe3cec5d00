"""The account of the walks, for people and for machines, and their pauses: the cadence's pages in our words."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from alongside.agencies.doors import public, staff
from alongside.agencies.requests import Request, StaffRequest
from alongside.cadence import account, pause_views
from alongside.core import publicdata
from alongside.core.doors import same_for_strangers
from alongside.core.publicdata import Edition
from alongside.season import areas, reasons, tables
from alongside.season.areas import AREAS
from alongside.season.models import Draw, Redraws, RedrawsQuerySet, Rhythm
from alongside.season.pledge import WALKS
from alongside.season.tables import CHANCES
from alongside.walks.queries import walked_map

MOST_DRAWS = 60


@public
@same_for_strangers
@require_safe
def program(request: Request) -> HttpResponse:
    """Where we walked, when, how many came, what was heard and what is promised. Prints on paper as it stands."""
    told = account.account(request.user, request.agency, WALKS)
    where = walked_map(request.user, request.agency, told["past"])
    return render(request, "season/program.html", {**told, "map": where, "dataset": AREAS})


@public
@require_safe
def areas_data(request: Request, form: str) -> HttpResponseBase:
    """The neighborhoods with their walks, for other people's maps and tables."""
    agency = request.agency
    edition = Edition(agency.name, agency.slug, agency.today())
    return publicdata.answer(request, AREAS, areas.rows(agency), form=form, edition=edition)


@public
@same_for_strangers
@require_safe
def draws(request: Request) -> HttpResponse:
    """What draws each season, named before anybody knew it; and every draw of the seasons that are signed."""
    named = Draw.objects.visible_to(request.user, at=request.agency).newest_first()[:MOST_DRAWS]
    made: dict[int | None, list[tuple[Redraws, list[str]]]] = {}
    for each in _published(request).defer("problem", "chances"):
        made.setdefault(each.season.draw_id, []).append((each, reasons.overdue_in_public(each.season)))
    context = {
        "draws": [(draw, made.get(draw.pk, [])) for draw in named],
        "longest_wait": Rhythm.promised(request.agency),
        "dataset": CHANCES,
    }
    return render(request, "season/draws.html", context)


@public
@same_for_strangers
@require_safe
def chances(request: Request, public_id: str) -> HttpResponse:
    """Each neighborhood's chance in each week of a season that is signed."""
    asked = get_object_or_404(_published(request), public_id=public_id)
    context = {"redraws": asked, "season": asked.season, "table": tables.of_neighborhoods(asked)}
    return render(request, "season/public_chances.html", context)


@public
@require_safe
def every_draw(request: Request, public_id: str) -> HttpResponseBase:
    """Every draw, as the file whose SHA-256 is published."""
    asked = get_object_or_404(_published(request).defer("problem", "chances"), public_id=public_id)
    name = f"{request.agency.slug}-draws-{asked.season.start}.txt"
    return FileResponse(
        asked.whole().open("rb"), as_attachment=True, filename=name, content_type="text/plain; charset=utf-8"
    )


@public
@require_safe
def chances_data(request: Request, form: str) -> HttpResponseBase:
    """Each neighborhood's chance in each week, of every season that is signed."""
    agency = request.agency
    edition = Edition(agency.name, agency.slug, agency.today())
    return publicdata.answer(request, CHANCES, tables.rows(_published(request)), form=form, edition=edition)


def _published(request: Request) -> RedrawsQuerySet:
    """As a stranger sees them, whoever asks."""
    shown = Redraws.objects.visible_to(AnonymousUser(), at=request.agency)
    return shown.select_related("agency", "season__draw").order_by("-season__start", "-published_at")


@staff(*pause_views.DECIDERS)
def pauses(request: StaffRequest) -> HttpResponse:
    """When nobody walks, and why."""
    return pause_views.pauses(request, WALKS, "season/pauses.html", end_view="season:end-pause")


@staff(*pause_views.DECIDERS)
@require_POST
def end_pause(request: StaffRequest, public_id: str) -> HttpResponse:
    return pause_views.end(request, public_id, back_to="season:pauses")
