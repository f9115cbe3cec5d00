"""What everybody may read of releases; and what whoever holds a link or a code has of us."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alongside.agencies.doors import public
from alongside.agencies.models import ReleaseKind
from alongside.agencies.requests import Request
from alongside.core import publicdata
from alongside.core.doing import Why, status_of
from alongside.core.doors import HALL, keyed, public_form, same_for_strangers, too_many
from alongside.core.errors import Refusal
from alongside.core.origins import Origin
from alongside.records import personal, releases
from alongside.records.releases import RELEASES


@public
@same_for_strangers
@require_safe
def released(request: Request) -> HttpResponse:
    """How often something was released by law, year by year: none so far, too."""
    known = {"years": releases.years(request.agency), "kinds": ReleaseKind.labels}
    return render(request, "records/releases.html", known)


@public
@require_safe
def releases_data(request: Request, form: str) -> HttpResponseBase:
    edition = publicdata.Edition(request.agency.name, request.agency.slug, request.agency.today())
    return publicdata.answer(request, RELEASES, releases.rows(request.agency), form=form, edition=edition)


@keyed
@public
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def yours(request: Request, kind: str, code: str) -> HttpResponse:
    """All that we keep under a link or a code, and the button that erases it. Looking changes nothing."""
    try:
        key = _behind(request, kind, code)
    except Refusal as refusal:
        return _not_found(request, refusal)
    refused = Why()
    if request.method == "POST":
        with refused:
            if request.POST.get("act") != "erase":
                raise Refusal(_("This page does not know that button. Please load it again."))
            personal.erase(request.agency, key, by=None)
            return redirect("records:yours", request.agency.slug, kind, code)
    thing = personal.found(request.agency, key)
    context = {"thing": thing, "kind": kind, "code": code, "refused": refused}
    return render(request, "records/yours.html", context, status=status_of(refused))


@keyed
@public
@require_safe
def yours_file(request: Request, kind: str, code: str) -> HttpResponse:
    """The same, for a program."""
    try:
        key = _behind(request, kind, code)
    except Refusal as refusal:
        return _not_found(request, refusal)
    said = personal.as_json(request.agency, [personal.found(request.agency, key)])
    answer = JsonResponse(said, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{request.agency.slug}-{kind}.json"'
    return answer


def _behind(request: Request, kind: str, code: str) -> Origin:
    return personal.behind(request.agency, kind, code)


def _not_found(request: Request, refusal: Refusal) -> HttpResponse:
    """A wrong key. Whoever tries very many waits."""
    if too_many(request, "records.wrong_key", HALL):
        why = _("Many wrong codes came from your network just now. Please try again in ten minutes.")
        return render(request, "429.html", {"why": why}, status=429)
    return render(request, "records/no_key.html", {"why": refusal}, status=404)
