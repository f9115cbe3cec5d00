"""Promises from before at the desk: hand over a table, see what each row would become, keep it, take it back."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.core.doing import Why, again, or_say_on, status_of
from alongside.core.errors import Refusal
from alongside.followthrough.forms import LoadColumns, LoadForm
from alongside.followthrough.models import Load
from alongside.followthrough.promises.loading import judging, keeping
from alongside.followthrough.promises.loading.models import LoadState
from alongside.followthrough.promises.loading.rows import ASIDE_WORDS, LABELS, ODD_WORDS
from alongside.places import staging

A_PAGE = 50
SHOWN = 50

coordinates = staff(Role.COORDINATOR)


@coordinates
def upload(request: StaffRequest) -> HttpResponse:
    """Hand over a file. Nothing is kept before its preview is confirmed."""
    form = LoadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form, "file"):
            staged = staging.keep(request.agency, form.cleaned_data["file"])
            try:
                keeping.read_staged(request.agency, staged)
            except Refusal:
                staged.discard()
                raise
            return redirect("followthrough:load-preview", request.agency.slug, staged.public_id)
    mine = Load.objects.visible_to(request.user, at=request.agency).select_related("by")[:20]
    context = {"form": form, "loads": mine}
    return render(request, "followthrough/load.html", context, status=status_of(form))


@coordinates
def preview(request: StaffRequest, public_id: str) -> HttpResponse:
    """What a file would become: which column holds what, each row kept or set aside, and what is odd about it."""
    with (gone := Why()):
        staged = staging.find(request.agency, public_id)
        read = keeping.read_staged(request.agency, staged)
    if gone:
        return again(request, gone, "followthrough:load", request.agency.slug)
    form = LoadColumns(request.POST or None, read=read)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("act") == "keep":
            released = request.POST.get("released") == "on"
            load = keeping.begin(request.agency, staged, read, released=released, by=request.user)
            return redirect("followthrough:load-report", request.agency.slug, load.public_id)
        keeping.choose(staged, form.mapping)
        return redirect(request.path)
    return render(
        request, "followthrough/load_preview.html", _shown(request, read, form), status=status_of(form)
    )


def _shown(request: StaffRequest, read: judging.Read, form: LoadColumns) -> dict[str, Any]:
    page = Paginator(read.entries, A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "entry": entry,
            "odd": [ODD_WORDS[name] for name in sorted(entry.odd)],
            "signs": [sign.why for sign in entry.signs],
        }
        for entry in page.object_list
    ]
    aside = [(each.line, each.said, ASIDE_WORDS[each.reason]) for each in read.set_aside[:SHOWN]]
    return {
        "read": read,
        "form": form,
        "reasons": judging.why_aside(read),
        "odd": judging.what_is_odd(read),
        "page": page,
        "rows": rows,
        "aside": aside,
    }


@staff(Role.COORDINATOR)
@require_safe
def report(request: StaffRequest, public_id: str) -> HttpResponse:
    """How far a load is, or what became of each row."""
    load = _seen(request, public_id)
    differ = [
        (each["line"], [LABELS.get(_field_of(name), name) for name in each["fields"]])
        for each in load.report.get("rows_that_differ", [])[:SHOWN]
    ]
    context = {
        "load": load,
        "reasons": [(ASIDE_WORDS[name], n) for name, n in load.report.get("why_set_aside", {}).items()],
        "odd": [(ODD_WORDS[name], n) for name, n in load.report.get("odd", {}).items()],
        "differ": [(line, list(dict.fromkeys(map(str, labels)))) for line, labels in differ],
        "is_on_its_way": load.state == LoadState.WAITING,
        "can_be_undone": load.state != LoadState.WAITING and load.undone_at is None and load.rows.exists(),
    }
    return render(request, "followthrough/load_report.html", context)


# The question that a field of a row answers.
FIELD_OF = {
    "owner_id": "who",
    "typed_owner": "who",
    "first_due": "due",
    "due_known": "due",
    "closed_at": "closed_on",
    "closed_known": "closed_on",
    "origin_label": "place",
    "area_id": "area",
    "neighborhood_id": "area",
    "division_id": "area",
    "evidence_url": "link",
    "summary": "asked",
    "words": "asked",
    "heard_on": "made_on",
    "category": "topic",
    "cleared_at": "asked",
    "cleared_by": "asked",
    "published_at": "what",
}


def _field_of(name: str) -> str:
    return FIELD_OF.get(name, name)


@staff(Role.COORDINATOR)
@require_safe
def report_json(request: StaffRequest, public_id: str) -> HttpResponse:
    """The same account for a program, with the line of each row that was set aside."""
    load = _seen(request, public_id)
    return HttpResponse(json.dumps(load.report), content_type="application/json")


@coordinates
@require_POST
def undo(request: StaffRequest, public_id: str) -> HttpResponse:
    """Take the whole load back, while nobody has worked on any of it."""
    load = _seen(request, public_id)
    with (refused := Why()):
        keeping.undo(load, by=request.user)
        messages.success(request, _("Taken back: nothing of this file stands here any more."))
        return redirect("followthrough:load", request.agency.slug)
    return again(request, refused, "followthrough:load-report", request.agency.slug, public_id)


def _seen(request: StaffRequest, public_id: str) -> Load:
    rows = Load.objects.visible_to(request.user, at=request.agency).select_related("by")
    load: Load = get_object_or_404(rows, public_id=public_id)
    return load
