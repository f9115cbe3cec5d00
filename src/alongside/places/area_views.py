"""Where an agency brings its areas in, looks at them and names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.core.doing import Why, again, or_say_on, status_of
from alongside.core.errors import Refusal
from alongside.methods.ground import square_metres
from alongside.places import actions, guesses, maps, queries, staging
from alongside.places.boundaries.counts import UnreadableCounts
from alongside.places.boundaries.files import COUNTS
from alongside.places.forms import AreaDrawing, AreaForm, BoundaryColumns, BoundaryUpload, KindWords
from alongside.places.models import Area, AreaKind, labels_of, own_labels_of
from alongside.places.sheets import SHEET

reads = staff(Role.COORDINATOR, Role.ANALYST)
changes = staff(Role.COORDINATOR, Role.ANALYST)


@reads
def areas(request: StaffRequest) -> HttpResponse:
    """The agency's areas, kind by kind: a map, and each by name."""
    rows = Area.objects.visible_to(request.user, at=request.agency)
    counts = Counter(rows.active().values_list("kind", flat=True))
    labels = labels_of(request.agency)
    kind = _kind_asked(request, counts)
    shown = list(rows.of_kind(kind).order_by("-active", "name"))
    current = [area for area in shown if area.active]
    estimates = queries.estimated_residents(
        request.agency, [area for area in current if area.population is None]
    )
    tabs = [
        {"label": f"{labels[each][1]} ({counts[each]})", "url": f"?kind={each}", "current": each == kind}
        for each in AreaKind.values
        if counts[each]
    ]
    return render(
        request,
        "places/areas.html",
        {
            "areas": [{"area": area, "estimate": estimates.get(area.pk)} for area in shown],
            "estimated": bool(estimates),
            "tabs": tabs,
            "words": labels[kind],
            "residents": sum(area.population or 0 for area in current),
            "counted": sum(area.population is not None for area in current),
            "current": len(current),
            "map": maps.of_areas(current, title=labels[kind][1]) if current else None,
            "any": bool(counts) or bool(shown),
        },
    )


def _kind_asked(request: StaffRequest, counts: Counter[str]) -> str:
    """The kind the address asks for, else the first there is."""
    asked = request.GET.get("kind", "")
    if asked in AreaKind.values:
        return asked
    return next((kind for kind in AreaKind.values if counts[kind]), AreaKind.NEIGHBORHOOD)


@changes
def area(request: StaffRequest, public_id: str) -> HttpResponse:
    """One area: where it lies, and what is said of it."""
    rows = Area.objects.visible_to(request.user, at=request.agency)
    area = get_object_or_404(rows, public_id=public_id)
    known = {"name": area.name, "population": area.population, "active": area.active}
    form = AreaForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form, "name"):
            actions.change_area(area, by=request.user, **form.cleaned_data)
            messages.success(request, pgettext("message", "Saved."))
            return redirect("places:area", request.agency.slug, area.public_id)
    return render(
        request,
        "places/area.html",
        {
            "area": area,
            "form": form,
            "label": labels_of(request.agency)[area.kind][0],
            "km2": square_metres(area.shape) / 1e6,
            "division": _division(request, area),
            "map": maps.of_one_area(area, rows.active().of_kind(area.kind)),
        },
        status=status_of(form),
    )


def _division(request: StaffRequest, area: Area) -> Area | None:
    if area.kind == AreaKind.DIVISION:
        return None
    return queries.division_of(request.agency, area.shape)


@changes
def area_draw(request: StaffRequest) -> HttpResponse:
    """Draw one area on a map, or paste its outline."""
    labels = labels_of(request.agency)
    kind = request.GET.get("kind", AreaKind.NEIGHBORHOOD)
    form = AreaDrawing(request.POST or None, labels=labels, initial={"kind": kind})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            drawn = actions.draw_area(request.agency, by=request.user, **given)
        except actions.NameTaken as refusal:
            form.add_error("name", str(refusal))
        except Refusal as refusal:
            form.add_error("drawing", str(refusal))
        else:
            messages.success(request, _("%(name)s was added.") % {"name": drawn.name})
            return redirect("places:area", request.agency.slug, drawn.public_id)
    rows = Area.objects.visible_to(request.user, at=request.agency).active()
    beneath = list(rows.of_kind(kind if kind in AreaKind.values else AreaKind.NEIGHBORHOOD))
    ground = queries.study_area(request.agency).polygon
    return render(
        request,
        "places/area_draw.html",
        {"form": form, "map": maps.ground_to_draw_on(beneath, ground, queries.streets(request.agency))},
        status=status_of(form),
    )


@changes
def area_words(request: StaffRequest) -> HttpResponse:
    """What the agency calls its kinds of area."""
    form = KindWords(request.POST or None, own=own_labels_of(request.agency))
    if request.method == "POST" and form.is_valid():
        actions.name_kinds(request.agency, words=form.words, by=request.user)
        messages.success(request, pgettext("message", "Saved."))
        return redirect("places:areas", request.agency.slug)
    return render(request, "places/area_words.html", {"form": form}, status=status_of(form))


@changes
def area_import(request: StaffRequest) -> HttpResponse:
    """Hand over a boundary file. Nothing is kept before its preview is confirmed."""
    form = BoundaryUpload(
        request.POST or None,
        request.FILES or None,
        labels=labels_of(request.agency),
        initial={"kind": request.GET.get("kind", AreaKind.NEIGHBORHOOD)},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        staged = staging.keep(request.agency, given["file"], second=given["table"], kind=given["kind"])
        with or_say_on(form, "file"):
            _fields(staged)
            return redirect("places:area-preview", request.agency.slug, staged.public_id)
        staged.discard()
    return render(request, "places/area_import.html", {"form": form}, status=status_of(form))


@changes
def area_preview(request: StaffRequest, public_id: str) -> HttpResponse:
    """What a boundary file would become: its areas, each repair, and what does not fit."""
    with (gone := Why()):
        staged = staging.find(request.agency, public_id)
    if gone:
        return again(request, gone, "places:area-import", request.agency.slug)
    form = _columns_form(request, staged)
    read, refused = None, Why()
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else form.initial
    if not form.errors:
        with refused:
            read = _read(staged, chosen)
    if read is not None and request.POST.get("act") == "keep":
        done = actions.keep_areas(request.agency, read, by=request.user)
        staged.discard()
        messages.success(request, _kept(done))
        return redirect(f"{reverse('places:areas', args=[request.agency.slug])}?kind={done.kind}")
    return render(
        request,
        "places/area_preview.html",
        {
            "form": form,
            "file_name": staged.name,
            "refused": refused,
            "read": read,
            "report": read.report if read else None,
            "map": maps.of_outlines(read.areas, title=staged.name) if read else None,
        },
        status=status_of(form, refused),
    )


def _kind_of(staged: staging.Staged) -> str:
    return staged.said.get("kind", AreaKind.NEIGHBORHOOD)


def _fields(staged: staging.Staged) -> guesses.Fields:
    return staged.remembered("fields", lambda: guesses.FIELDS.read(staged.path, kind=_kind_of(staged)))


def _columns(staged: staging.Staged) -> list[str] | None:
    """Those of the table with residents, where one came along."""
    table = staged.second
    return staged.remembered("columns", lambda: SHEET.read(table).columns) if table else None


def _columns_form(request: StaffRequest, staged: staging.Staged) -> BoundaryColumns:
    file, columns = _fields(staged), _columns(staged)
    guessed = {
        "kind": _kind_of(staged),
        "name": file.name,
        "population": file.population,
        "key": file.key,
        "csv_key": guesses.column(columns or [], guesses.KEYS),
        "csv_value": guesses.column(columns or [], guesses.PEOPLE),
    }
    if columns is None:
        guessed |= {"key": "", "csv_key": "", "csv_value": ""}
    else:
        guessed["population"] = ""
    return BoundaryColumns(
        request.POST or None,
        labels=labels_of(request.agency),
        fields=file.names,
        columns=columns,
        initial=guessed,
    )


def _read(staged: staging.Staged, chosen: Mapping[str, Any]) -> actions.AreasRead:
    """What the file says by these columns: what was shown is what is kept."""
    said = {name: str(chosen.get(name) or "") for name in sorted(chosen)}
    return staged.remembered("areas", lambda: _read_anew(staged, chosen), said=said)


def _read_anew(staged: staging.Staged, chosen: Mapping[str, Any]) -> actions.AreasRead:
    counts = None
    if staged.second is not None and chosen.get("csv_key"):
        counts = COUNTS.read(staged.second, key=chosen["csv_key"], value=chosen["csv_value"])
    if staged.second is not None and not chosen.get("key"):
        raise UnreadableCounts(_("Choose the field and the columns by which the table is joined."))
    return actions.read_areas(
        staged.path,
        file_name=staged.name,
        kind=chosen["kind"],
        name=chosen["name"],
        population=chosen.get("population") or None,
        key=chosen.get("key") or None,
        counts=counts,
        crs=chosen.get("crs") or None,
    )


def _kept(done: actions.AreasImported) -> str:
    words = {"areas": done.areas, "added": len(done.added), "changed": len(done.changed)}
    kept = ngettext(
        "%(areas)s area is kept: %(added)s new, %(changed)s changed.",
        "%(areas)s areas are kept: %(added)s new, %(changed)s changed.",
        done.areas,
    )
    if not done.removed:
        return kept % words
    words["removed"] = len(done.removed)
    return (kept + " " + _("%(removed)s are not in the file any more and are switched off.")) % words
