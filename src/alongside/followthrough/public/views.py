"""What everybody reads of concerns and promises: the list, a page each, a sheet for a meeting, a table, a feed."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from alongside.agencies.doors import public
from alongside.agencies.models import Agency
from alongside.agencies.requests import Request
from alongside.core import publicdata
from alongside.core.doing import Why, status_of
from alongside.core.doors import public_form, same_for_strangers
from alongside.core.links import absolute
from alongside.core.publicdata import Edition
from alongside.followthrough.models import Concern
from alongside.followthrough.public import (
    actions,
    bars,
    newsfeed,
    numbers,
    reading,
    rules,
    tables,
    timeline,
    topics,
)
from alongside.followthrough.public.forms import ListForm
from alongside.followthrough.public.lines import in_public, of_concern, of_promise
from alongside.followthrough.public.listing import (
    KEPT,
    LATE,
    NOT_KEPT,
    OPEN_STILL,
    PASSED,
    Listing,
    aloud,
)
from alongside.places.models import Area, AreaKind
from alongside.voices import devices
from alongside.voices.devices import DeviceForm

ON_A_SHEET = 7


@public
@same_for_strangers
@require_safe
def public_list(request: Request) -> HttpResponse:
    """Kept, broken and late alike; late ones first."""
    told = numbers.morning(request.agency)
    form = ListForm(request.GET, areas=_areas(request), ways=told.ways)
    listing = Listing(request.agency, form.asked)
    page = listing.pages().get_page(request.GET.get("page"))
    here = form.asked.neighborhood
    context = {
        "form": form,
        "page": page,
        "lines": [in_public(each) for each in page.object_list],
        "query": _kept(request.GET),
        "finding": bars.finding(listing.counts),
        "bar": bars.bar(listing.counts),
        "told": told,
        "here": here,
        "too_many": listing.found_too_many,
        "follow": _follow(request.agency, f"promisesin:{here.public_id}" if here else str(topics.EVERY)),
        "is_sifted": bool(_kept(request.GET)),
    }
    return render(request, "followthrough/public_list.html", context)


def _areas(request: Request) -> list[Area]:
    rows = Area.objects.visible_to(request.user, at=request.agency).filter(
        kind=AreaKind.NEIGHBORHOOD, active=True
    )
    return list(rows.defer("geometry").order_by("name"))


def _kept(asked: QueryDict) -> str:
    """What the address asks for, without the page."""
    said = [(name, value) for name, value in asked.items() if name in ListForm.base_fields and value]
    return f"{urlencode(said)}&" if said else ""


def _follow(agency: Agency, topic: str) -> str:
    return f"{reverse('outreach:follow', args=[agency.slug])}?{urlencode({'about': topic})}"


@public
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def concern(request: Request, public_id: str) -> HttpResponse:
    """One concern: what was said in our words, what was promised, and what became of it."""
    found = get_object_or_404(reading.concerns(request.agency), public_id=public_id)
    refused = Why()
    if request.method == "POST":
        with refused:
            return _me_too(request, found)
    context = {
        "concern": found,
        "line": of_concern(found),
        "said_in": rules.said_in(found),
        "came": reading.is_told_where(found),
        "moments": timeline.of_concern(found, found.steps.public()),
        "promises": [of_promise(each) for each in reading.promises(found)],
        "passed": timeline.passed(found, reading.passings(found)),
        "alike": [of_concern(each) for each in reading.alike(found)],
        "voices": actions.how_many(found),
        "form": DeviceForm(),
        "counted": "counted" in request.GET,
        "said_already": actions.has_said(found, device=devices.left_by(request)),
        "refused": refused,
        "follow": _follow(request.agency, str(topics.of_concern(found))),
        "address": absolute(request.path),
    }
    response = render(request, "followthrough/public_concern.html", context, status=status_of(refused))
    patch_vary_headers(response, ["Cookie"])
    return response


def _me_too(request: Request, found: Concern) -> HttpResponse:
    form = DeviceForm(request.POST)
    form.is_valid()
    device = devices.of(request, form.cleaned_data)
    actions.me_too(found, device=device.token)
    return device.remembered(redirect(f"{request.path}?counted=1#me-too"), request)


@public
@same_for_strangers
@require_safe
def promise(request: Request, public_id: str) -> HttpResponse:
    """A promise that was made aloud. One about a concern stands on its concern's page."""
    found = get_object_or_404(aloud(request.agency).listed(), public_id=public_id)
    context = {
        "promise": found,
        "line": of_promise(found),
        "moments": timeline.of_promise(found, found.changes.all()),
        "follow": _follow(request.agency, str(topics.EVERY)),
        "address": absolute(request.path),
    }
    return render(request, "followthrough/public_promise.html", context)


@public
@same_for_strangers
@require_safe
def sheet(request: Request) -> HttpResponse:
    """For a meeting in the neighborhood, on one sheet: what was promised here, and how it stands."""
    form = ListForm(request.GET, areas=_areas(request), ways=())
    listing = Listing(request.agency, form.asked)
    groups = [
        (
            bars.SHEET[name],
            [in_public(each) for each in listing.of_state(name, ON_A_SHEET)],
            listing.counts.of[name],
        )
        for name in (LATE, OPEN_STILL, KEPT, NOT_KEPT, PASSED)
    ]
    context = {
        "here": form.asked.neighborhood,
        "finding": bars.finding(listing.counts),
        "bar": bars.bar(listing.counts),
        "groups": [(title, lines, count - len(lines)) for title, lines, count in groups if count],
        "today": request.agency.today(),
        "address": absolute(reverse("followthrough:public-list", args=[request.agency.slug])),
        "query": _kept(request.GET),
    }
    return render(request, "followthrough/public_sheet.html", context)


@public
@require_safe
def table(request: Request, form: str) -> HttpResponseBase:
    """All of it, for other people's tables."""
    agency = request.agency
    edition = Edition(agency.name, agency.slug, agency.today())
    return publicdata.answer(request, tables.PROMISES, tables.rows(agency), form=form, edition=edition)


@public
@require_safe
def rss(request: Request) -> HttpResponse:
    """For readers of news."""
    response = HttpResponse(
        newsfeed.rss(request.agency, language=request.LANGUAGE_CODE),
        content_type="application/rss+xml; charset=utf-8",
    )
    patch_cache_control(response, public=True, max_age=300)
    return response
