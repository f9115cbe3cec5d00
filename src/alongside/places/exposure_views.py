"""Where an agency says how many people are somewhere without living there, and sees who is at risk by that."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.core.doing import Why, again, or_say_on, status_of
from alongside.core.tables import Head, Table
from alongside.places import actions, queries, staging
from alongside.places.exposure import WHERE, ExposureRead
from alongside.places.forms import ExposureColumns, ExposureUpload
from alongside.places.models import Exposure
from alongside.places.sheets import SHEET, Sheet, guess

FIRST_NAMED = 50

reads = staff(Role.COORDINATOR, Role.ANALYST)


@reads
def exposure(request: StaffRequest) -> HttpResponse:
    """Who is at risk: residents, and those who are there for another reason. And a table to count others by."""
    form = ExposureUpload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        staged = staging.keep(request.agency, form.cleaned_data["file"])
        with or_say_on(form, "file"):
            _sheet(staged)
            return redirect("places:exposure-preview", request.agency.slug, staged.public_id)
        staged.discard()
    rows = Exposure.objects.visible_to(request.user, at=request.agency)
    there = rows.in_force().first()
    broken = Why()
    at_risk = None
    with broken:
        at_risk = queries.at_risk(request.agency)
    return render(
        request,
        "places/exposure.html",
        {
            "form": form,
            "there": there,
            "columns": _columns(there.columns) if there else None,
            "residents": queries.residents(request.agency),
            "at_risk": at_risk,
            "broken": broken,
            "before": list(rows.filter(in_force=False)[:10]),
        },
        status=status_of(form),
    )


@reads
def exposure_preview(request: StaffRequest, public_id: str) -> HttpResponse:
    """What a table would count: which columns say where, what each weighs, and each row that cannot be used."""
    with (gone := Why()):
        staged = staging.find(request.agency, public_id)
    if gone:
        return again(request, gone, "places:exposure", request.agency.slug)
    sheet = _sheet(staged)
    form = ExposureColumns(
        request.POST or None, columns=sheet.columns, initial=guess(sheet.columns, WHERE) | {"weights": ""}
    )
    read, refused = None, Why()
    if form.is_bound and form.is_valid():
        with refused:
            read = actions.understand_exposure(
                request.agency,
                sheet,
                file_name=staged.name,
                weights=form.cleaned_data["weights"],
                where=form.where,
            )
    if read is not None and read.used and request.POST.get("act") == "keep":
        with refused:
            actions.keep_exposure(request.agency, read, by=request.user)
            staged.discard()
            messages.success(request, _("These people count from the next run on."))
            return redirect("places:exposure", request.agency.slug)
    return render(
        request,
        "places/exposure_preview.html",
        {
            "form": form,
            "file_name": staged.name,
            "names": sheet.columns,
            "refused": refused,
            "read": read,
            "columns": _columns(_described(read)) if read else None,
            "troubles": read.set_aside[:FIRST_NAMED] if read else [],
        },
        status=status_of(form, refused),
    )


@reads
@require_POST
def exposure_withdraw(request: StaffRequest) -> HttpResponse:
    """Count residents alone from now on."""
    with (refused := Why()):
        actions.withdraw_exposure(request.agency, by=request.user)
        messages.success(request, _("From the next run on, residents alone count."))
        return redirect("places:exposure", request.agency.slug)
    return again(request, refused, "places:exposure", request.agency.slug)


def _sheet(staged: staging.Staged) -> Sheet:
    return staged.remembered("sheet", lambda: SHEET.read(staged.path))


def _described(read: ExposureRead) -> list[dict[str, Any]]:
    return [{"name": name, "weight": weight, "sum": read.sums[name]} for name, weight in read.weights.items()]


def _columns(columns: list[dict[str, Any]]) -> Table:
    return Table(
        _("What counts, and how much"),
        [
            Head(pgettext("of a table", "Column")),
            Head(pgettext("of a table", "In all"), number=True, decimals=0),
            Head(_("Each counts as so many people"), number=True),
            Head(_("People"), number=True, decimals=0),
        ],
        [
            [column["name"], column["sum"], column["weight"], column["sum"] * column["weight"]]
            for column in columns
        ],
    )
