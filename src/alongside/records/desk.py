"""The records officer's pages: requests, somebody's data, holds, the schedule, certificates, releases."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from alongside.agencies import holds, retention
from alongside.agencies.doors import staff
from alongside.agencies.models import Disposal, Erasure, Hold, Release, Role
from alongside.agencies.requests import StaffRequest
from alongside.core import spreadsheets
from alongside.core.doing import Why, again, came_back, or_say_on, status_of
from alongside.core.manifest import record_kinds
from alongside.core.text import number_in
from alongside.records import actions, exporting, personal, queries
from alongside.records.forms import (
    AcceptForm,
    DecisionForm,
    FindForm,
    HandOverForm,
    HoldForm,
    LiftForm,
    ReleaseForm,
    RequestForm,
    ScheduleForm,
)
from alongside.records.models import Passage, PassageQuerySet, RecordsRequest

A_PAGE = 20
MANY = 50


def _framed(request: StaffRequest, **known: Any) -> dict[str, Any]:
    """What every one of these pages has: the way to the others."""
    return known | {"tabs": queries.tabs(request.agency, request.path)}


# -- requests ---------------------------------------------------------------------------------------
@staff(Role.RECORDS_OFFICER)
def requests(request: StaffRequest) -> HttpResponse:
    """What was asked to see, and how far each is."""
    rows = RecordsRequest.objects.visible_to(request.user, at=request.agency).select_related("agency")
    page = Paginator(rows, MANY).get_page(request.GET.get("page"))
    return render(request, "records/requests.html", _framed(request, page=page))


@staff(Role.RECORDS_OFFICER)
def request_new(request: StaffRequest) -> HttpResponse:
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            opened = actions.open_request(request.agency, form.said, by=request.user)
            messages.success(
                request, _("The records are being gathered. This page says when they are there.")
            )
            return redirect(opened)
    return render(request, "records/request_form.html", _framed(request, form=form), status=status_of(form))


@staff(Role.RECORDS_OFFICER)
def request_page(request: StaffRequest, public_id: str) -> HttpResponse:
    """One request: what waits for a look, record by record."""
    asked = _asked(request, public_id)
    rows = _records_of(request, asked).order_by("number")
    left = request.GET.get("all") is None
    shown = rows.waiting() if left else rows
    page = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    known = {
        "asked": asked,
        "page": page,
        "given": exporting.read(list(page.object_list)),
        "waiting": rows.waiting().count(),
        "count": rows.count(),
        "left": left,
        "query": "" if left else "all=1&",
        "accept": came_back(request, AcceptForm) or AcceptForm(),
        "hand_over": came_back(request, HandOverForm) or HandOverForm(initial={"on": request.agency.today()}),
    }
    return render(request, "records/request.html", _framed(request, **known))


@staff(Role.RECORDS_OFFICER)
def record(request: StaffRequest, public_id: str, number: int) -> HttpResponse:
    """One record: what is black, and what becomes of it. Then the next that waits."""
    asked = _asked(request, public_id)
    rows = _records_of(request, asked)
    passage = get_object_or_404(rows, number=number)
    proposed = {"decision": "redacted" if passage.bars else "given", "exemption": passage.exemption}
    form = DecisionForm(request.POST or None, initial=proposed)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            actions.decide(passage, form.word, seen=request.POST.get("seen", ""), by=request.user)
            coming = rows.waiting().filter(number__gt=number).order_by("number").first()
            if coming is None:
                return redirect(asked)
            return redirect("records:record", request.agency.slug, public_id, coming.number)
    known = {"asked": asked, "each": exporting.read([passage])[0], "form": form}
    return render(request, "records/record.html", _framed(request, **known), status=status_of(form))


@require_POST
@staff(Role.RECORDS_OFFICER)
def accept(request: StaffRequest, public_id: str) -> HttpResponse:
    """All that stood on the page and nobody has decided, as it is proposed."""
    asked, form = _asked(request, public_id), AcceptForm(request.POST)
    numbers = [number for each in request.POST.getlist("number")[:A_PAGE] if (number := number_in(each))]
    seen = {number: request.POST.get(f"seen-{number}", "") for number in numbers}
    if form.is_valid():
        with or_say_on(form):
            exemption = form.cleaned_data["exemption"]
            done = actions.accept_proposals(asked, seen, exemption=exemption, by=request.user)
            said = ngettext("%(n)d record decided.", "%(n)d records decided.", done) % {"n": done}
            messages.success(request, said)
            return redirect(asked)
    return again(request, form, "records:request", request.agency.slug, public_id)


@require_POST
@staff(Role.RECORDS_OFFICER)
def finish(request: StaffRequest, public_id: str) -> HttpResponse:
    with (refused := Why()):
        actions.finish(_asked(request, public_id), by=request.user)
        messages.success(request, _("The file is being written. This page says when it is there."))
        return redirect("records:request", request.agency.slug, public_id)
    return again(request, refused, "records:request", request.agency.slug, public_id)


@require_POST
@staff(Role.RECORDS_OFFICER)
def hand_over(request: StaffRequest, public_id: str) -> HttpResponse:
    form = HandOverForm(request.POST)
    if form.is_valid():
        with or_say_on(form):
            actions.hand_over(_asked(request, public_id), by=request.user, **form.cleaned_data)
            messages.success(request, _("Handed over, and counted in public."))
            return redirect("records:request", request.agency.slug, public_id)
    return again(request, form, "records:request", request.agency.slug, public_id)


@require_POST
@staff(Role.RECORDS_OFFICER)
def withdraw(request: StaffRequest, public_id: str) -> HttpResponse:
    with (refused := Why()):
        actions.withdraw(_asked(request, public_id), by=request.user)
        messages.success(request, pgettext("message", "Saved."))
        return redirect("records:request", request.agency.slug, public_id)
    return again(request, refused, "records:request", request.agency.slug, public_id)


@staff(Role.RECORDS_OFFICER)
def export(request: StaffRequest, public_id: str) -> HttpResponseBase:
    """The file itself; that it was taken is written down."""
    asked = _asked(request, public_id)
    if asked.export is None:
        raise Http404
    with (refused := Why()):
        taken = actions.take_along(asked.export, by=request.user)
        name = f"{request.agency.slug}-records-{asked.public_id}.zip"
        return FileResponse(taken.whole().open("rb"), as_attachment=True, filename=name)
    return again(request, refused, "records:request", request.agency.slug, public_id)


def _asked(request: StaffRequest, public_id: str) -> RecordsRequest:
    rows = RecordsRequest.objects.visible_to(request.user, at=request.agency).select_related("agency")
    return get_object_or_404(rows, public_id=public_id)


def _records_of(request: StaffRequest, asked: RecordsRequest) -> PassageQuerySet:
    rows: PassageQuerySet = Passage.objects.visible_to(request.user, at=request.agency).filter(request=asked)
    return rows.select_related("request", "agency")


# -- somebody's own data ----------------------------------------------------------------------------
@staff(Role.RECORDS_OFFICER)
def person(request: StaffRequest) -> HttpResponse:
    """What was left with one exact address, for whoever showed that it is theirs: to give, and to erase."""
    form = FindForm(request.POST if request.method == "POST" else None)
    things: list[personal.Found] | None = None
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            address, act = form.cleaned_data["email"], request.POST.get("act", "")
            if act == "erase":
                proof = form.cleaned_data["proof"]
                gone, waiting = personal.erase_all(request.agency, address, proof=proof, by=request.user)
                messages.success(request, _erased(gone, waiting))
                return redirect("records:person", request.agency.slug)
            things = personal.looked_up(request.agency, address, by=request.user)
            if act == "download":
                return _as_file(request, things)
    return render(
        request, "records/person.html", _framed(request, form=form, things=things), status=status_of(form)
    )


def _erased(gone: int, waiting: int) -> str:
    said = ngettext("%(n)d thing was erased.", "%(n)d things were erased.", gone) % {"n": gone}
    if not waiting:
        return said
    held = ngettext(
        "%(n)d is on hold: it goes when the hold is lifted.",
        "%(n)d are on hold: they go when the hold is lifted.",
        waiting,
    )
    return f"{said} {held % {'n': waiting}}"


def _as_file(request: StaffRequest, things: list[personal.Found]) -> HttpResponse:
    said = personal.as_json(request.agency, things)
    answer = JsonResponse(said, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{request.agency.slug}-what-we-keep.json"'
    return answer


# -- holds ------------------------------------------------------------------------------------------
@staff(Role.RECORDS_OFFICER)
def all_holds(request: StaffRequest) -> HttpResponse:
    """What may not be disposed of, and why; a new one."""
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            holds.place(request.agency, by=request.user, **form.cleaned_data)
            messages.success(request, _("It is held: no clock disposes of it."))
            return redirect("records:holds", request.agency.slug)
    rows = Hold.objects.visible_to(request.user, at=request.agency)
    wishes = Erasure.objects.visible_to(request.user, at=request.agency).waiting().count()
    known = {
        "form": form,
        "standing": [queries.in_words(hold) for hold in rows.standing()],
        "lifted": [queries.in_words(hold) for hold in rows.exclude(lifted_at=None)[:MANY]],
        "wishes": wishes,
    }
    return render(request, "records/holds.html", _framed(request, **known), status=status_of(form))


@staff(Role.RECORDS_OFFICER)
def lift(request: StaffRequest, public_id: str) -> HttpResponse:
    rows = Hold.objects.visible_to(request.user, at=request.agency).standing()
    hold = get_object_or_404(rows, public_id=public_id)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            holds.lift(hold, because=form.cleaned_data["because"], by=request.user)
            messages.success(request, _("It is held no more."))
            return redirect("records:holds", request.agency.slug)
    known = {"form": form, "hold": queries.in_words(hold)}
    return render(request, "records/lift.html", _framed(request, **known), status=status_of(form))


# -- the schedule -----------------------------------------------------------------------------------
@staff(Role.RECORDS_OFFICER)
def schedule(request: StaffRequest) -> HttpResponse:
    """How long each kind of record is kept, and who says so."""
    return render(request, "records/schedule.html", _framed(request, kinds=queries.schedule(request.agency)))


@staff(Role.RECORDS_OFFICER)
def schedule_kind(request: StaffRequest, kind: str) -> HttpResponse:
    known = record_kinds().get(kind)
    if known is None:
        raise Http404
    form = ScheduleForm(request.POST or None, agency=request.agency, kind=known)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            if request.POST.get("act") == "unset":
                retention.unschedule(request.agency, kind, by=request.user)
            else:
                retention.schedule(request.agency, kind, by=request.user, **form.cleaned_data)
            messages.success(request, pgettext("message", "Saved."))
            return redirect("records:schedule", request.agency.slug)
    context = {"form": form, "kind": known, "line": request.agency.schedule.get(kind)}
    return render(request, "records/schedule_kind.html", _framed(request, **context), status=status_of(form))


@staff(Role.RECORDS_OFFICER)
def schedule_csv(request: StaffRequest) -> HttpResponseBase:
    """The schedule as a table, as `alongside records schedule` reads it."""
    rows = ([line.kind.name, line.days_typed, line.authority] for line in queries.schedule(request.agency))
    head = ["kind", "days", "authority"]
    return spreadsheets.download(f"schedule-{request.agency.slug}.csv", head, rows)


# -- certificates -----------------------------------------------------------------------------------
@staff(Role.RECORDS_OFFICER)
def certificates(request: StaffRequest) -> HttpResponse:
    """What the clocks have disposed of: how much of which kind, by which rule."""
    rows = Disposal.objects.visible_to(request.user, at=request.agency)
    page = Paginator(rows, MANY).get_page(request.GET.get("page"))
    known = {"page": page, "rows": [queries.certificate(each) for each in page]}
    return render(request, "records/certificates.html", _framed(request, **known))


@staff(Role.RECORDS_OFFICER)
def certificate(request: StaffRequest, public_id: str) -> HttpResponse:
    """One certificate, to print."""
    rows = Disposal.objects.visible_to(request.user, at=request.agency)
    known = {"each": queries.certificate(get_object_or_404(rows, public_id=public_id))}
    return render(request, "records/certificate.html", known)


@staff(Role.RECORDS_OFFICER)
def certificates_csv(request: StaffRequest) -> HttpResponseBase:
    rows = Disposal.objects.visible_to(request.user, at=request.agency).iterator(chunk_size=1000)
    local = request.agency.local
    lines = (
        [each.public_id, local(each.at).isoformat(), each.kind, each.count, each.first, each.last, each.days,
         each.authority, each.eraser]
        for each in rows
    )  # fmt: skip
    head = ["certificate", "at", "kind", "count", "first", "last", "days", "authority", "clock"]
    return spreadsheets.download(f"disposals-{request.agency.slug}.csv", head, lines)


# -- releases ---------------------------------------------------------------------------------------
@staff(Role.RECORDS_OFFICER)
def releases(request: StaffRequest) -> HttpResponse:
    """What was released by law, and a new one: counted in public at once."""
    form = ReleaseForm(request.POST or None, initial={"on": request.agency.today()})
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            actions.log_release(request.agency, by=request.user, **form.cleaned_data)
            messages.success(request, _("Written down, and counted in public."))
            return redirect("records:log", request.agency.slug)
    rows = Release.objects.visible_to(request.user, at=request.agency)
    page = Paginator(rows, MANY).get_page(request.GET.get("page"))
    known = {"form": form, "page": page, "public": reverse("records:releases", args=[request.agency.slug])}
    return render(request, "records/log.html", _framed(request, **known), status=status_of(form))
