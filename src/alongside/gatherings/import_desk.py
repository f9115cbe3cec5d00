"""Another calendar at the desk: hand over a file, see what would become of each row, correct it, keep it."""

from __future__ import annotations

import json
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.core.doing import Why, again, or_say_on, status_of
from alongside.core.errors import Refusal
from alongside.gatherings.forms import ImportForm
from alongside.gatherings.importing import keeping, reading
from alongside.gatherings.importing.rows import ASIDE_WORDS, ODD_WORDS
from alongside.gatherings.kinds import KINDS, choices
from alongside.gatherings.models import Import, ImportState
from alongside.places import staging

A_PAGE = 50
SHOWN = 50


@staff(Role.COORDINATOR)
def upload(request: StaffRequest) -> HttpResponse:
    """Hand over a file. Nothing is kept before its preview is confirmed."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        with or_say_on(form, "file"):
            keeping.not_too_large(given.size)
            staged = staging.keep(request.agency, given)
            try:
                keeping.read_staged(request.agency, staged)
            except Refusal:
                staged.discard()
                raise
            return redirect("gatherings:import-preview", request.agency.slug, staged.public_id)
    mine = Import.objects.visible_to(request.user, at=request.agency).select_related("by")[:20]
    context = {"form": form, "imports": mine}
    return render(request, "gatherings/import.html", context, status=status_of(form))


@staff(Role.COORDINATOR)
def preview(request: StaffRequest, public_id: str) -> HttpResponse:
    """What a file would become: each row kept or set aside, what is odd, and the kinds that were guessed."""
    with (gone := Why()):
        staged = staging.find(request.agency, public_id)
        read = keeping.read_staged(request.agency, staged)
    if gone:
        return again(request, gone, "gatherings:import", request.agency.slug)
    kinds = keeping.corrections(staged) | _corrected(request)
    if request.method == "POST":
        keeping.correct(staged, kinds)
        if request.POST.get("act") == "keep":
            announce = request.POST.get("announce") == "on"
            record = keeping.begin(request.agency, staged, read, announce=announce, by=request.user)
            return redirect("gatherings:import-report", request.agency.slug, record.public_id)
        return redirect(f"{request.path}?page={request.POST.get('page', '1')}")
    return render(request, "gatherings/import_preview.html", _shown(request, read, kinds))


def _shown(request: StaffRequest, read: reading.Read, kinds: dict[int, str]) -> dict[str, Any]:
    page = Paginator(read.events, A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "event": event,
            "kind": kinds.get(event.lines[0], event.words["kind"]),
            "odd": [ODD_WORDS[name] for name in sorted(event.odd)],
        }
        for event in page.object_list
    ]
    aside = [(each.line, each.title, ASIDE_WORDS[each.reason]) for each in read.set_aside[:SHOWN]]
    return {
        "read": read,
        "reasons": reading.why_aside(read),
        "odd": reading.what_is_odd(read),
        "page": page,
        "rows": rows,
        "kinds": choices(),
        "aside": aside,
    }


def _corrected(request: StaffRequest) -> dict[int, str]:
    """The kinds chosen on this page of the preview, by the line of each gathering."""
    chosen = {
        name.removeprefix("kind-"): value for name, value in request.POST.items() if name.startswith("kind-")
    }
    return {int(line): kind for line, kind in chosen.items() if line.isdecimal() and kind in KINDS}


@staff()
@require_safe
def report(request: StaffRequest, public_id: str) -> HttpResponse:
    """How far an import is, or what became of each row."""
    rows = Import.objects.visible_to(request.user, at=request.agency).select_related("by")
    record = get_object_or_404(rows, public_id=public_id)
    report = record.report
    context = {
        "import": record,
        "reasons": [(ASIDE_WORDS[name], n) for name, n in report.get("why_set_aside", {}).items()],
        "odd": [(ODD_WORDS[name], n) for name, n in report.get("odd", {}).items()],
        "is_on_its_way": record.state == ImportState.WAITING,
    }
    return render(request, "gatherings/import_report.html", context)


@staff()
@require_safe
def report_json(request: StaffRequest, public_id: str) -> HttpResponse:
    """The same account for a program, with the line of each row that was set aside."""
    record = get_object_or_404(
        Import.objects.visible_to(request.user, at=request.agency), public_id=public_id
    )
    return HttpResponse(json.dumps(record.report), content_type="application/json")
