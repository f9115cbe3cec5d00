"""What rosters lean on: days away, usual areas, trainings, hosts of series, and public bodies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from alongside.agencies.doors import staff
from alongside.agencies.models import Member, Role
from alongside.agencies.requests import StaffRequest
from alongside.core.doing import Why, again, or_say_on, status_of
from alongside.core.errors import Refusal
from alongside.gatherings.models import Series
from alongside.outside import texts
from alongside.places import staging
from alongside.places.models import labels_of
from alongside.places.sheets import SHEET
from alongside.rosters import queries, staffing, tables
from alongside.rosters.desk import who_is_meant
from alongside.rosters.forms import (
    AwayCalendar,
    AwayForm,
    BodyForm,
    HostingForm,
    TableUpload,
    TrainingForm,
    UsualAreasForm,
    employees,
)
from alongside.rosters.models import PublicBody, Training

FIRST_SHOWN = 20
LARGEST_TABLE = 2 * 2**20

reads = staff(Role.COORDINATOR, Role.COMMANDER)
changes = staff(Role.COORDINATOR)


# -- away -------------------------------------------------------------------------------------------
@staff()
def away(request: StaffRequest) -> HttpResponse:
    """Days on which one cannot come. Coordinators write them down for others, too."""
    only = _only(request)
    form = AwayForm(request.POST or None, agency=request.agency, only=only)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        with or_say_on(form):
            gone = staffing.mark_away(said.pop("member", request.member), by=request.user, **said)
            _say_away(request, gone)
            return redirect("rosters:away", request.agency.slug)
    rows = queries.days_away(request.agency, of=only, since=request.agency.today())
    context = {"form": form, "rows": rows, "all": only is None}
    return render(request, "rosters/away.html", context, status=status_of(form))


def _say_away(request: StaffRequest, gone: staffing.Gone) -> None:
    messages.success(request, pgettext("message", "Kept."))
    for post in gone.posts:
        messages.info(
            request,
            _("%(name)s is not on the roster of “%(gathering)s” on %(day)s any more.")
            % {"name": post.member, "gathering": post.gathering, "day": post.gathering.when},
        )


@staff()
def away_calendar(request: StaffRequest) -> HttpResponse:
    """Days away from one's own calendar: read, shown, and kept only where somebody ticks them."""
    only = _only(request)
    if request.method == "POST" and "day" in request.POST:
        return _keep_days(request, only)
    form = AwayCalendar(request.POST or None, request.FILES or None, agency=request.agency, only=only)
    found = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with or_say_on(form, "file"):
            if file.size > LARGEST_TABLE:
                raise Refusal(_("This calendar is larger than 2 MB. Please cut it down first."))
            found = tables.WHOLE_DAYS.read(texts.of_upload(file), today=request.agency.today())
    who = form.cleaned_data.get("member") if found and found.days else None
    context = {"form": form, "found": found, "who": who}
    return render(request, "rosters/away_calendar.html", context, status=status_of(form))


def _keep_days(request: StaffRequest, only: Member | None) -> HttpResponse:
    member = only or get_object_or_404(employees(request.agency), public_id=who_is_meant(request))
    refused = Why()
    for value in request.POST.getlist("day")[: tables.MOST_DAYS_SHOWN]:
        if (days := tables.days_of(value)) is None:
            continue
        with refused:
            _say_away(request, staffing.mark_away(member, first=days[0], last=days[1], by=request.user))
    if refused:
        return again(request, refused, "rosters:away", request.agency.slug)
    return redirect("rosters:away", request.agency.slug)


def _only(request: StaffRequest) -> Member | None:
    """Whose days one may write down: one's own, and with None everybody's."""
    return None if request.member.holds([Role.COORDINATOR]) else request.member


@staff()
@require_POST
def not_away(request: StaffRequest, public_id: str) -> HttpResponse:
    only = _only(request)
    days = get_object_or_404(queries.days_away(request.agency, of=only), public_id=public_id)
    staffing.not_away(days, by=request.user)
    messages.success(request, _("Taken back. Rosters stay as they are now."))
    return redirect("rosters:away", request.agency.slug)


# -- usual areas ------------------------------------------------------------------------------------
@reads
@require_safe
def usual_areas(request: StaffRequest) -> HttpResponse:
    """Where each member normally works: from there officers are proposed first."""
    members = (
        Member.objects.visible_to(request.user, at=request.agency)
        .active()
        .filter(employee=True)
        .select_related("rank")
        .prefetch_related(queries.usual_of_members())
        .order_by(F("rank__level").asc(nulls_last=True), "name")
    )
    return render(request, "rosters/usual_areas.html", {"members": members})


@changes
def usual_area(request: StaffRequest, public_id: str) -> HttpResponse:
    """Where one member normally works."""
    rows = Member.objects.visible_to(request.user, at=request.agency).active()
    member = get_object_or_404(rows, public_id=public_id)
    form = UsualAreasForm(
        request.POST or None,
        agency=request.agency,
        initial={"areas": list(member.usual_areas.values_list("area", flat=True))},
    )
    if request.method == "POST" and form.is_valid():
        staffing.set_usual_areas(member, areas=form.cleaned_data["areas"], by=request.user)
        messages.success(request, pgettext("message", "Saved."))
        return redirect("rosters:usual-areas", request.agency.slug)
    context = {"form": form, "who": member, "words": labels_of(request.agency)}
    return render(request, "rosters/usual_area.html", context, status=status_of(form))


@changes
def usual_import(request: StaffRequest) -> HttpResponse:
    return _upload(request, "usual")


@changes
def training_import(request: StaffRequest) -> HttpResponse:
    return _upload(request, "training")


COLUMNS = {"usual": "name, areas", "training": "name, training, done, expires"}
BACK = {"usual": "rosters:usual-areas", "training": "rosters:trainings"}
UNDERSTAND: dict[str, Callable[..., tables.Read]] = {
    "usual": tables.understand_usual,
    "training": tables.understand_trainings,
}


def _upload(request: StaffRequest, what: str) -> HttpResponse:
    """Hand over a table. It is put aside, and kept only once somebody has seen what becomes of it."""
    form = TableUpload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        if upload.size > LARGEST_TABLE:
            form.add_error("file", _("This table is larger than 2 MB. Please cut it down first."))
        else:
            staged = staging.keep(request.agency, upload, rosters=what)
            return redirect("rosters:import-preview", request.agency.slug, staged.public_id)
    context = {"form": form, "title": _title(what), "columns": COLUMNS[what], "back": BACK[what]}
    return render(request, "rosters/import.html", context, status=status_of(form))


def _title(what: str) -> str:
    return _("Import usual areas") if what == "usual" else _("Import trainings")


@changes
def import_preview(request: StaffRequest, upload_id: str) -> HttpResponse:
    """What becomes of each row. Nothing is kept before somebody says so."""
    with (refused := Why()):
        staged = staging.find(request.agency, upload_id)
        what = staged.said.get("rosters", "")
        if what not in UNDERSTAND:
            raise staging.Gone(_("This file is not here any more. Upload it again."))
        read = UNDERSTAND[what](request.agency, staged.remembered("sheet", lambda: SHEET.read(staged.path)))
    if refused:
        return again(request, refused, "rosters:usual-areas", request.agency.slug)
    if request.method == "POST":
        with refused:
            _keep(request, read)
            staged.discard()
            return redirect(BACK[what], request.agency.slug)
        return again(request, refused, BACK[what], request.agency.slug)
    context = {
        "title": _title(what),
        "file_name": staged.name,
        "read": read,
        "usual": read.usual[:FIRST_SHOWN],
        "trainings": read.trainings[:FIRST_SHOWN],
        "set_aside": read.set_aside[:FIRST_SHOWN],
        "back": BACK[what],
    }
    return render(request, "rosters/import_preview.html", context)


def _keep(request: StaffRequest, read: tables.Read) -> None:
    kept = staffing.keep_read(read, by=request.user)
    messages.success(request, ngettext("%(n)d row is kept.", "%(n)d rows are kept.", kept) % {"n": kept})


# -- trainings --------------------------------------------------------------------------------------
@reads
@require_safe
def trainings(request: StaffRequest) -> HttpResponse:
    """Who learned what, and what has run out."""
    return _trainings(request, None)


def _trainings(request: StaffRequest, form: TrainingForm | None) -> HttpResponse:
    rows = Training.objects.visible_to(request.user, at=request.agency).select_related("member__rank")
    today = request.agency.today()
    shown = [
        (each, each.is_valid(today)) for each in rows.order_by("name", "member__rank__level", "member__name")
    ]
    context = {
        "rows": shown,
        "form": form or TrainingForm(agency=request.agency),
        "may_change": request.member.holds([Role.COORDINATOR]),
    }
    return render(request, "rosters/trainings.html", context, status=status_of(form))


@changes
@require_POST
def training_add(request: StaffRequest) -> HttpResponse:
    form = TrainingForm(request.POST, agency=request.agency)
    if form.is_valid():
        with or_say_on(form):
            staffing.keep_training(by=request.user, **form.cleaned_data)
            messages.success(request, pgettext("message", "Saved."))
            return redirect("rosters:trainings", request.agency.slug)
    return _trainings(request, form)


@changes
@require_POST
def training_drop(request: StaffRequest, public_id: str) -> HttpResponse:
    rows = Training.objects.visible_to(request.user, at=request.agency).select_related("member")
    staffing.drop_training(get_object_or_404(rows, public_id=public_id), by=request.user)
    messages.success(request, pgettext("message", "Deleted."))
    return redirect("rosters:trainings", request.agency.slug)


# -- hosts of series --------------------------------------------------------------------------------
@reads
@require_safe
def hosts(request: StaffRequest) -> HttpResponse:
    """Who hosts each series, and who stands in."""
    rows = Series.objects.visible_to(request.user, at=request.agency).filter(active=True)
    shown = rows.select_related("hosting__host__rank", "hosting__deputy__rank").order_by("name")
    context = {"rows": shown, "leaders": queries.leaders(request.agency)}
    return render(request, "rosters/hosts.html", context)


@changes
def host(request: StaffRequest, public_id: str) -> HttpResponse:
    rows = Series.objects.visible_to(request.user, at=request.agency).select_related("hosting")
    series = get_object_or_404(rows, public_id=public_id)
    now = getattr(series, "hosting", None)
    initial = {"host": now.host_id, "deputy": now.deputy_id} if now else {}
    form = HostingForm(request.POST or None, agency=request.agency, initial=initial)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            staffing.set_hosting(series, by=request.user, **form.cleaned_data)
            messages.success(request, pgettext("message", "Saved."))
            return redirect("rosters:hosts", request.agency.slug)
    context = {"form": form, "series": series}
    return render(request, "rosters/host.html", context, status=status_of(form))


# -- public bodies ----------------------------------------------------------------------------------
@reads
@require_safe
def bodies(request: StaffRequest) -> HttpResponse:
    """Councils and boards whose members, enough of them in one place, may hold a meeting without meaning to."""
    rows = PublicBody.objects.visible_to(request.user, at=request.agency).prefetch_related("partners")
    return render(request, "rosters/bodies.html", {"rows": rows})


@changes
def body(request: StaffRequest, public_id: str | None = None) -> HttpResponse:
    """Add a body, or change one."""
    rows = PublicBody.objects.visible_to(request.user, at=request.agency)
    body = get_object_or_404(rows, public_id=public_id) if public_id else PublicBody(agency=request.agency)
    form = BodyForm(request.POST or None, instance=body, agency=request.agency)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            staffing.save_body(form.instance, partners=form.cleaned_data["partners"], by=request.user)
            messages.success(request, pgettext("message", "Saved."))
            return redirect("rosters:bodies", request.agency.slug)
    context: dict[str, Any] = {"form": form, "body": body if public_id else None}
    return render(request, "rosters/body.html", context, status=status_of(form))


@changes
@require_POST
def body_drop(request: StaffRequest, public_id: str) -> HttpResponse:
    rows = PublicBody.objects.visible_to(request.user, at=request.agency)
    staffing.drop_body(get_object_or_404(rows, public_id=public_id), by=request.user)
    messages.success(request, pgettext("message", "Deleted."))
    return redirect("rosters:bodies", request.agency.slug)
