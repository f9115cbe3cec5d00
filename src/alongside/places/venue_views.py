"""Where an agency keeps the places people can meet."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.core.doing import Why, again, or_say_on, status_of
from alongside.places import actions, maps, queries, staging
from alongside.places.forms import VenueColumns, VenueForm, VenueUpload
from alongside.places.models import Permission, Venue, VenueKind
from alongside.places.sheets import SHEET, Sheet, guess
from alongside.places.venue_file import COLUMNS, FIRST_PREVIEWED

A_PAGE = 50

reads = staff(Role.COORDINATOR, Role.COMMANDER)
changes = staff(Role.COORDINATOR)


@reads
def venues(request: StaffRequest) -> HttpResponse:
    """Where people can meet: a map, and a list by kind."""
    rows = Venue.objects.visible_to(request.user, at=request.agency)
    counts = Counter(rows.values_list("kind", flat=True))
    kind = request.GET.get("kind", "")
    shown = rows.filter(kind=kind) if kind in VenueKind.values else rows
    page = Paginator(shown.order_by("-active", "name", "pk"), A_PAGE).get_page(request.GET.get("page"))
    tabs = [
        {
            "label": _("All (%(n)s)") % {"n": sum(counts.values())},
            "url": "?",
            "current": kind not in VenueKind.values,
        },
        *(
            {"label": f"{label} ({counts[each]})", "url": f"?kind={each}", "current": each == kind}
            for each, label in VenueKind.choices
            if counts[each]
        ),
    ]
    return render(
        request,
        "places/venues.html",
        {
            "page": page,
            "query": f"kind={kind}&" if kind in VenueKind.values else "",
            "tabs": tabs,
            "map": maps.of_venues(list(page.object_list), queries.study_area(request.agency).polygon)
            if page.object_list
            else None,
            "today": request.agency.today(),
        },
    )


@changes
def venue(request: StaffRequest, public_id: str | None = None) -> HttpResponse:
    """Add a venue, or change one."""
    rows = Venue.objects.visible_to(request.user, at=request.agency)
    venue = get_object_or_404(rows, public_id=public_id) if public_id else Venue(agency=request.agency)
    form = VenueForm(request.POST or None, instance=venue)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form, "name"):
            kept = actions.save_venue(form.instance, by=request.user)
            messages.success(request, _("%(name)s is kept.") % {"name": kept.name})
            return redirect("places:venues", request.agency.slug)
    drawn = None
    if public_id and not form.errors:
        graph = queries.street_graph(request.agency) if _has_streets(request) else None
        drawn = maps.of_one_venue(venue, graph)
    return render(
        request,
        "places/venue.html",
        {"form": form, "venue": venue if public_id else None, "map": drawn},
        status=status_of(form),
    )


def _has_streets(request: StaffRequest) -> bool:
    network = queries.streets(request.agency)
    return network is not None and network.is_whole


@changes
def venue_import(request: StaffRequest) -> HttpResponse:
    """Hand over a table. Nothing is kept before its preview is confirmed."""
    form = VenueUpload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        staged = staging.keep(request.agency, given["file"], kind=given["kind"])
        with or_say_on(form, "file"):
            _sheet(staged)
            return redirect("places:venue-preview", request.agency.slug, staged.public_id)
        staged.discard()
    return render(request, "places/venue_import.html", {"form": form}, status=status_of(form))


@changes
def venue_preview(request: StaffRequest, public_id: str) -> HttpResponse:
    """What a table would become: which column holds what, its first rows, and each row that cannot be used."""
    with (gone := Why()):
        staged = staging.find(request.agency, public_id)
    if gone:
        return again(request, gone, "places:venue-import", request.agency.slug)
    sheet = _sheet(staged)
    guessed = guess(sheet.columns, COLUMNS)
    initial = {f"column_{name}": column for name, column in guessed.items()}
    form = VenueColumns(
        request.POST or None,
        columns=sheet.columns,
        initial=initial | {"kind_else": staged.said.get("kind", "")},
    )
    read, refused = None, Why()
    if not form.is_bound or form.is_valid():
        mapping = form.mapping if form.is_bound else guessed
        kind = form.cleaned_data["kind_else"] if form.is_bound else staged.said.get("kind", "")
        with refused:
            read = actions.understand_venues(
                request.agency, sheet, file_name=staged.name, mapping=mapping, kind=kind or None
            )
    if read is not None and request.POST.get("act") == "keep":
        done = actions.keep_venues(request.agency, read, by=request.user)
        staged.discard()
        messages.success(
            request,
            _("%(added)s venues are new, %(changed)s changed, %(unchanged)s are as before.")
            % {"added": done.added, "changed": done.changed, "unchanged": done.unchanged},
        )
        return redirect("places:venues", request.agency.slug)
    return render(
        request,
        "places/venue_preview.html",
        {
            "form": form,
            "file_name": staged.name,
            "refused": refused,
            "read": read,
            "first": [_previewed(row.values) for row in read.venues[:FIRST_PREVIEWED]] if read else [],
            "troubles": read.set_aside[:FIRST_PREVIEWED] if read else [],
        },
        status=status_of(form, refused),
    )


def _sheet(staged: staging.Staged) -> Sheet:
    return staged.remembered("sheet", lambda: SHEET.read(staged.path))


def _previewed(values: dict[str, object]) -> Venue:
    """A row as the venue it would become, for its words: never saved."""
    return Venue(**{"permission": Permission.MISSING, **values})
