"""The ledger for everybody: what it is, its signed heads, each entry, and all of it to take along."""

from __future__ import annotations

import re
from tempfile import SpooledTemporaryFile

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from alongside.agencies.doors import public
from alongside.agencies.requests import Request
from alongside.core import publicdata
from alongside.core.doors import same_for_strangers
from alongside.core.publicdata import FRESH_SECONDS, IN_MEMORY, Edition
from alongside.ledger import queries, tables
from alongside.ledger.models import Entry, EntryQuerySet
from alongside.ledger.tables import HEADS

DAYS_SHOWN, ENTRIES_A_PAGE = 7, 50


@public
@same_for_strangers
@require_safe
def ledger(request: Request) -> HttpResponse:
    """What it is, which days were signed, by which key, and how to check it."""
    told = _published(request)
    heads = list(told.heads()[:DAYS_SHOWN])
    key = told.keys().first()
    context = {
        "heads": heads,
        "last": heads[0] if heads else None,
        "key": key.body["key"] if key else "",
        "dataset": HEADS,
    }
    return render(request, "ledger/ledger.html", context | {"search": _search(request, told)})


@public
@same_for_strangers
@require_safe
def entries(request: Request) -> HttpResponse:
    """Every entry that a signed head covers, the newest first; or those about one thing."""
    about = request.GET.get("about", "")[:40]
    told = _published(request).order_by("-n")
    page = Paginator(told.filter(about=about) if about else told, ENTRIES_A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "ledger/entries.html", {"page": page, "about": about})


@public
@require_safe
def file(request: Request) -> HttpResponseBase:
    """All of it up to the last signed head, byte for byte; “not modified” to whoever has it as it is.

    It is written whole before the first byte is sent, as public data are. Memory holds a megabyte of it at most.
    """
    last = _published(request).heads().first()
    if last is None:
        raise Http404
    etag = f'"{last.hash}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        held = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the response
        for line in queries.lines(request.agency, up_to=last.n):
            held.write(line)
        held.seek(0)
        name = f"{request.agency.slug}-ledger-{last.body['day']}.jsonl"
        response = FileResponse(held, as_attachment=True, filename=name, content_type="application/jsonl")
    response.headers["ETag"] = etag
    patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return response


@public
@require_safe
def heads_data(request: Request, form: str) -> HttpResponseBase:
    """The signed heads, for whoever keeps them elsewhere."""
    agency = request.agency
    edition = Edition(agency.name, agency.slug, agency.today())
    return publicdata.answer(request, HEADS, tables.heads(_published(request)), form=form, edition=edition)


def _published(request: Request) -> EntryQuerySet:
    """As a stranger sees it, whoever asks."""
    return Entry.objects.visible_to(AnonymousUser(), at=request.agency)


def _search(request: Request, told: EntryQuerySet) -> dict[str, object]:
    """Whether a head that somebody kept is in the ledger."""
    asked = request.GET.get("head", "").strip().lower()[:80]
    fits = re.fullmatch(r"[0-9a-f]{64}", asked) is not None
    return {"asked": asked, "fits": fits, "found": told.filter(hash=asked).first() if fits else None}
