"""The account of the walks, for people and for machines, and their pauses: the cadence's pages in our words."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from alongside.agencies.doors import public, staff
from alongside.agencies.requests import Request, StaffRequest
from alongside.cadence import account, pause_views
from alongside.core import publicdata
from alongside.core.doors import same_for_strangers
from alongside.core.publicdata import Edition
from alongside.season import areas
from alongside.season.areas import AREAS
from alongside.season.pledge import WALKS
from alongside.walks.queries import walked_map


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


@staff(*pause_views.DECIDERS)
def pauses(request: StaffRequest) -> HttpResponse:
    """When nobody walks, and why."""
    return pause_views.pauses(request, WALKS, "season/pauses.html", end_view="season:end-pause")


@staff(*pause_views.DECIDERS)
@require_POST
def end_pause(request: StaffRequest, public_id: str) -> HttpResponse:
    return pause_views.end(request, public_id, back_to="season:pauses")
