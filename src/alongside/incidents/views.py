"""Pages of the lake, for analysts and coordinators: imports, what became of every row, the rules for reading."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from alongside.agencies import audit
from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.core import spreadsheets
from alongside.core.doing import NO_ROOM, Why, again, or_say_on, status_of
from alongside.incidents import actions, lake, words
from alongside.incidents.forms import ROLE_LABELS, ColumnsForm, RulesForm, UploadForm
from alongside.incidents.models import Dataset, Import, Rules, State
from alongside.incidents.reading import mapping
from alongside.incidents.reading.refusals import CannotImport
from alongside.incidents.reading.staging import Opened
from alongside.outside.readers import NotNow

A_PAGE = 25
READERS = (Role.COORDINATOR, Role.ANALYST)


def _the_import(request: StaffRequest, public_id: str) -> Import:
    return get_object_or_404(Import.objects.visible_to(request.user, at=request.agency), public_id=public_id)


def _to(request: StaffRequest, name: str, *args: str) -> str:
    return reverse(f"incidents:{name}", args=[request.agency.slug, *args])


@staff(*READERS)
@require_GET
def imports(request: StaffRequest) -> HttpResponse:
    rows = Import.objects.visible_to(request.user, at=request.agency).select_related("by")
    lakes = [lake.Lake(request.agency, dataset) for dataset in Dataset.values]
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "incidents/imports.html", {"page": page, "dated": lakes[0], "undated": lakes[1]})


@staff(*READERS)
def upload(request: StaffRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form, "uploaded"):
            record = actions.upload(request.agency, form.cleaned_data["uploaded"], by=request.user)
            return redirect(_to(request, "columns", record.public_id))
    status = status_of(form)
    return render(request, "incidents/upload.html", {"form": form}, status=status)


@staff(*READERS)
def columns(request: StaffRequest, public_id: str) -> HttpResponse:
    """What the columns of a draft are taken for; said otherwise, where the guess is wrong; and off it goes."""
    record = _the_import(request, public_id)
    if record.state != State.DRAFT:
        return redirect(_to(request, "import", public_id))
    with (refused := Why()):
        try:
            tables = actions.sample(record)
        except NotNow as moment:
            return render(
                request, "incidents/not_now.html", {"import": record, "why": moment}, status=NO_ROOM
            )
        except CannotImport:  # nor will it be tomorrow
            actions.discard(record, by=request.user)
            raise
    if refused:
        return again(request, refused, _to(request, "upload"))
    alike = len({table.heading for table in tables}) == 1
    form = ColumnsForm(request.POST or None, tables=tables) if alike else None
    if request.method == "POST" and (form is None or form.is_valid()):
        with or_say_on(form) if form else refused:
            with suppress(actions.NotWaiting):
                actions.start(record, by=request.user, given=form.mapping() if form else None)
            return redirect(_to(request, "import", public_id))
    doubtful = request.method == "POST" or any(table.guess and table.guess.unsure for table in tables)
    context = {
        "import": record,
        "form": form,
        "doubtful": doubtful,
        "tables": [_preview(table) for table in tables],
        "refused": refused,
    }
    return render(request, "incidents/columns.html", context, status=status_of(form, refused))


def _preview(table: Opened) -> dict[str, Any]:
    roles = {name: ROLE_LABELS[role] for role, name in table.mapping.columns.items()}
    dropped = set(table.mapping.dropped(table.heading))
    heads = [
        {"name": name, "role": roles.get(name, ""), "dropped": name in dropped} for name in table.heading
    ]
    return {
        "name": table.source.name,
        "heads": heads,
        "rows": [list(row) for row in table.sample[:3]],
        "unsure": [words.UNSURE[each] for each in table.guess.unsure] if table.guess else [],
        "undated": table.mapping.undated,
        "encoding": table.encoding,
    }


@staff(*READERS)
@require_GET
def mapping_file(request: StaffRequest, public_id: str) -> HttpResponse:
    """The mapping as TOML, to keep beside the files for next month and for the command line."""
    record = _the_import(request, public_id)
    if not record.mapping and record.state != State.DRAFT:
        raise Http404
    with (refused := Why()):
        given = mapping.from_dict(record.mapping) if record.mapping else None
        columns = given or actions.sample(record)[0].mapping
    if refused:
        return again(request, refused, _to(request, "imports"))
    response = HttpResponse(mapping.to_toml(columns), content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="mapping.toml"'
    return response


@staff(*READERS)
@require_GET
def one_import(request: StaffRequest, public_id: str) -> HttpResponse:
    record = _the_import(request, public_id)
    if record.state == State.DRAFT:
        return redirect(_to(request, "columns", public_id))
    context: dict[str, Any] = {"import": record}
    if record.state == State.DONE:
        context |= {
            "reasons": [(words.reason(name), count) for name, count in record.report["set_aside"].items()],
            "hints": words.hints(record.report.get("hints", [])),
            "covered": words.stretches(record.report.get("covered", [])),
            "losses": words.loss_tables(record.report["loss"]),
            "crowded": words.crowded_table(record.report["crowded_cells"]),
        }
    return render(request, "incidents/import.html", context)


@staff(*READERS)
@require_GET
def progress(request: StaffRequest, public_id: str) -> HttpResponse:
    """How far a running import is; when it is over, the page itself."""
    record = _the_import(request, public_id)
    response = render(request, "incidents/_progress.html", {"import": record})
    if record.is_over:
        response["HX-Redirect"] = _to(request, "import", public_id)
    return response


@staff(*READERS)
@require_GET
def report_file(request: StaffRequest, public_id: str) -> HttpResponse:
    """The report as the command prints it."""
    record = _the_import(request, public_id)
    if record.state != State.DONE:
        raise Http404
    return JsonResponse(record.report)


@staff(*READERS)
@require_GET
def set_aside_file(request: StaffRequest, public_id: str) -> HttpResponseBase:
    """File, line and reason of every row set aside, and nothing of what the row said. Taking it along is recorded."""
    record = _the_import(request, public_id)
    if record.state != State.DONE:
        raise Http404
    audit.record(
        agency=request.agency, by=request.user, verb="downloaded the rows set aside of", thing=record
    )
    return spreadsheets.download("set-aside.csv", ["file", "line", "reason"], lake.set_aside(record))


@staff(*READERS)
@require_POST
def remove(request: StaffRequest, public_id: str) -> HttpResponse:
    """Throw a draft away, or take an import back out of the lake."""
    record = _the_import(request, public_id)
    with (refused := Why()):
        if record.state in (State.DRAFT, State.FAILED):
            actions.discard(record, by=request.user)
        elif record.state == State.DONE:
            actions.take_back(record, by=request.user)
        messages.success(request, _("It is removed."))
        return redirect(_to(request, "imports"))
    return again(request, refused, _to(request, "import", public_id))


@staff(*READERS)
def rules(request: StaffRequest) -> HttpResponse:
    form = RulesForm(request.POST or None, instance=Rules.of(request.agency))
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            actions.set_rules(request.agency, by=request.user, **form.cleaned_data)
            messages.success(request, _("Kept. The rules count from the next import on."))
            return redirect(_to(request, "rules"))
    status = status_of(form)
    return render(request, "incidents/rules.html", {"form": form}, status=status)
