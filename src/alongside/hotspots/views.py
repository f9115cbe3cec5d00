"""Pages of hot spots: for analysts, for those who choose, and for residents."""

import json
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from alongside.agencies.doors import public, staff
from alongside.agencies.models import Role
from alongside.agencies.requests import Request, StaffRequest
from alongside.core import languages, spreadsheets
from alongside.core.care import boxes
from alongside.core.doing import Why, again, or_say_on, status_of
from alongside.core.doors import keyed, public_form, same_for_strangers
from alongside.core.errors import Refusal
from alongside.core.ids import public_id as new_id
from alongside.hotspots import actions, answers, queries, reading, words
from alongside.hotspots.candidates import candidates, last_walks, past
from alongside.hotspots.forms import (
    AnswerForm,
    ChoiceForm,
    CriteriaForm,
    ElsewhereForm,
    EraseForm,
    NewRun,
    PetitionForm,
)
from alongside.hotspots.jobs import EVALUATE, LOOK
from alongside.hotspots.models import (
    Choice,
    Criteria,
    Evaluation,
    FocusArea,
    Layer,
    Petition,
    PetitionKind,
    Run,
)
from alongside.jobs import actions as jobs
from alongside.jobs.models import Job, State
from alongside.places.models import Area
from alongside.voices import devices

ANALYSTS = (Role.ANALYST, Role.COORDINATOR)
PLANNERS = (Role.ANALYST, Role.COORDINATOR, Role.COMMANDER)
DECIDERS = (Role.COORDINATOR, Role.COMMANDER)


# -- analysts -------------------------------------------------------------------------------------
@staff(*ANALYSTS)
def runs(request: StaffRequest) -> HttpResponse:
    """Earlier runs, one under way, and a form for the next."""
    lake = reading.summary(request.agency)
    form = NewRun(request.POST or None, units=request.agency.units, proposed=lake.proposed)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            made = _begin(request, form.cleaned_data, undated=not lake.dated)
            return redirect("hotspots:run", request.agency.slug, made)
    runs = Run.objects.visible_to(request.user, at=request.agency).select_related("published_by")[:50]
    context = {"form": form, "runs": runs, "lake": lake, "waiting": _waiting(request)}
    return render(request, "hotspots/runs.html", context, status=status_of(form))


@transaction.atomic
def _begin(request: StaffRequest, given: dict[str, Any], *, undated: bool) -> str:
    """Have a run made, and say by which id it will be known. Raises NothingToCompare."""
    first, last = given["window_from"], given["window_to"]
    if not undated:
        reading.refuse_empty(request.agency, (first, last) if first else None, given["layer"])
    made = new_id()
    jobs.enqueue(
        LOOK,
        key=made,
        agency_id=request.agency.pk,
        public_id=made,
        first=first.isoformat() if first else None,
        last=last.isoformat() if last else None,
        layer=given["layer"],
        resolution=given["resolution"],
        undated=undated,
        by_id=request.user.pk,
    )
    return made


def _waiting(request: StaffRequest) -> list[Job]:
    """The looks that are under way."""
    return list(Job.objects.of_agency(request.agency.pk).filter(name=LOOK).open().order_by("pk"))


@staff(*ANALYSTS)
def run_detail(request: StaffRequest, public_id: str) -> HttpResponse:
    """One run: where, how sure, and what another look would have said. Until it is made, how far it is."""
    asked = Job.objects.of_agency(request.agency.pk).filter(name=LOOK, key=public_id).first()
    run = Run.objects.visible_to(request.user, at=request.agency).filter(public_id=public_id).first()
    if run is None:
        if asked is None or asked.state == State.DONE:
            raise Http404
        return render(request, "hotspots/run_waits.html", {"job": asked})
    areas = _areas_of(request, run)
    walkable = [area for area in areas if not area.is_single_site]
    table = queries.table_of_areas(request.agency, walkable, last_walks(request.agency))
    return render(
        request,
        "hotspots/run.html",
        {
            "run": run,
            "areas": walkable,
            "table": table,
            "map": queries.map_of_areas(request.agency, run, walkable, table),
            "rates": queries.plot_of_rates(walkable, run.findings["average_rate"]),
            "neighborhoods": queries.table_of_neighborhoods(run),
            "curve": queries.plot_of_concentration(run),
            "sensitivity": queries.table_of_sensitivity(run),
            "findings": run.findings,
            "notes": words.notes(run),
        },
    )


def _areas_of(request: StaffRequest, run: Run) -> list[FocusArea]:
    areas = FocusArea.objects.visible_to(request.user, at=request.agency).filter(run=run)
    return list(areas.listed())


@require_POST
@staff(*ANALYSTS)
def run_publish(request: StaffRequest, public_id: str) -> HttpResponse:
    run = get_object_or_404(Run.objects.visible_to(request.user, at=request.agency), public_id=public_id)
    actions.publish(run, by=request.user)
    messages.success(request, _("Published: the public page now shows neighborhoods by band from this run."))
    return redirect("hotspots:run", request.agency.slug, public_id)


@require_POST
@staff(*ANALYSTS)
def run_export(request: StaffRequest, public_id: str) -> HttpResponseBase:
    """Numbers to take along. That somebody took them is written down."""
    run = get_object_or_404(Run.objects.visible_to(request.user, at=request.agency), public_id=public_id)
    with_cells = request.POST.get("what") == "cells"
    with (refused := Why()):
        taken = _cells_as_csv(run) if with_cells else _areas_as_json(run)
        actions.record_export(run, what="cells" if with_cells else "areas", by=request.user)
        return taken
    return again(request, refused, "hotspots:run", request.agency.slug, public_id)


def _areas_as_json(run: Run) -> HttpResponse:
    response = HttpResponse(json.dumps(answers.answer(run), indent=1), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="focus-areas-{run.public_id}.json"'
    return response


def _cells_as_csv(run: Run) -> HttpResponseBase:
    head = ["cell", "count", "z", "p", "q"]
    return spreadsheets.download(f"cells-{run.public_id}.csv", head, answers.cell_table(run))


@staff(*ANALYSTS)
def evaluations(request: StaffRequest) -> HttpResponse:
    """How the method held on the agency's own history, and a button to look again."""
    asked = Job.objects.of_agency(request.agency.pk).filter(name=EVALUATE).order_by("-pk").first()
    if request.method == "POST":
        if asked is None or asked.is_over:
            made = new_id()
            jobs.enqueue(
                EVALUATE,
                key=made,
                agency_id=request.agency.pk,
                public_id=made,
                layer=Layer.BOTH,
                by_id=request.user.pk,
            )
        return redirect("hotspots:evaluation", request.agency.slug)
    latest = Evaluation.objects.visible_to(request.user, at=request.agency).first()
    context = {
        "evaluation": latest,
        "origins": queries.origins_of(latest) if latest else [],
        "summary": queries.table_of_lists(latest) if latest else None,
        "running": asked if asked and not asked.is_over else None,
        "failed": asked if asked and asked.state == State.DEAD and not _is_older(asked, latest) else None,
    }
    return render(request, "hotspots/evaluation.html", context)


def _is_older(asked: Job, latest: Evaluation | None) -> bool:
    return latest is not None and asked.finished_at is not None and asked.finished_at < latest.made_at


@require_POST
@staff(*ANALYSTS)
def evaluation_export(request: StaffRequest, public_id: str) -> HttpResponseBase:
    """Every list of every year, for whoever checks us. That somebody took it is written down."""
    rows = Evaluation.objects.visible_to(request.user, at=request.agency)
    made = get_object_or_404(rows, public_id=public_id)
    actions.record_export(made, what="lists", by=request.user)
    return spreadsheets.download(
        f"evaluation-{made.public_id}.csv", answers.LIST_COLUMNS, answers.lists_of(made)
    )


@require_POST
@staff(*ANALYSTS)
def site_keep(request: StaffRequest, public_id: str) -> HttpResponse:
    """People live there: the next run leaves it in."""
    run = get_object_or_404(Run.objects.visible_to(request.user, at=request.agency), public_id=public_id)
    cell = request.POST.get("cell", "")
    known = {site["cell"] for site in run.findings["single_sites"]}
    if cell not in known:
        raise Http404
    name = request.POST.get("name", "").replace("\0", "")[:120]
    actions.keep_eligible(request.agency, cell=cell, name=name, by=request.user)
    messages.success(request, _("The next run treats this place as homes, and leaves it in."))
    return redirect("hotspots:run", request.agency.slug, public_id)


# -- those who choose -----------------------------------------------------------------------------
@staff(*PLANNERS)
def focus_areas(request: StaffRequest) -> HttpResponse:
    """Who could be next, by the published criteria."""
    latest = Run.objects.visible_to(request.user, at=request.agency).latest_published()
    criteria = Criteria.objects.visible_to(request.user, at=request.agency).in_force()
    areas = [] if latest is None else [area for area in _areas_of(request, latest) if not area.is_single_site]
    history = past(request.agency)
    proposed = (
        candidates(
            areas,
            history,
            criteria,
            today=request.agency.today(),
            asked_for=queries.asked_for(request.agency, history),
        )
        if criteria
        else []
    )
    choices = Choice.objects.visible_to(request.user, at=request.agency).listed()[:12]
    open_ones = {choice.pk for choice in history.chosen.values()}
    return render(
        request,
        "hotspots/focus_areas.html",
        {
            "run": latest,
            "criteria": criteria,
            "candidates": proposed,
            "choices": [(choice, choice.pk in open_ones) for choice in choices],
            "may_choose": request.member.holds(DECIDERS),
        },
    )


@staff(*DECIDERS)
def choose(request: StaffRequest, public_id: str) -> HttpResponse:
    """Decide for one focus area, and say why."""
    areas = FocusArea.objects.visible_to(request.user, at=request.agency).listed().select_related("run")
    area = get_object_or_404(areas, public_id=public_id)
    return _choice(request, ChoiceForm(request.POST or None), area=area)


@staff(*DECIDERS)
def choose_elsewhere(request: StaffRequest) -> HttpResponse:
    """Decide for a place that no focus area covers, and say why."""
    wanted = {"neighborhood": request.GET.get("neighborhood")}
    return _choice(request, ElsewhereForm(request.POST or None, agency=request.agency, initial=wanted))


def _choice(request: StaffRequest, form: ChoiceForm, **where: Any) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            choice = actions.choose(request.agency, **where, **form.cleaned_data, by=request.user)
            now = format_html('<a href="{}">{}</a>', choice.plan_url, _("Now plan the walk."))
            messages.success(request, format_html("{} {}", pgettext("place", "Chosen."), now))
            return redirect("hotspots:focus-areas", request.agency.slug)
    status = status_of(form)
    return render(request, "hotspots/choose.html", {"form": form, **where}, status=status)


@staff(Role.COORDINATOR)
def criteria(request: StaffRequest) -> HttpResponse:
    """How we choose: the versions so far, and the next."""
    versions = list(Criteria.objects.visible_to(request.user, at=request.agency))
    known = versions[0] if versions else Criteria()
    form = CriteriaForm(request.POST or None, initial=known.said)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            actions.set_criteria(request.agency, **form.said(known), by=request.user)
            messages.success(request, _("Published as a new version."))
            return redirect("hotspots:criteria", request.agency.slug)
    status = status_of(form)
    return render(request, "hotspots/criteria.html", {"form": form, "versions": versions}, status=status)


@staff(*PLANNERS, Role.INFORMATION_OFFICER, Role.RECORDS_OFFICER)
def petitions(request: StaffRequest) -> HttpResponse:
    """What residents asked for and objected to."""
    petitions = Petition.objects.visible_to(request.user, at=request.agency).listed().waiting_first()[:200]
    return render(request, "hotspots/petitions.html", {"petitions": petitions})


@staff(Role.COORDINATOR, Role.COMMANDER, Role.INFORMATION_OFFICER)
def petition_answer(request: StaffRequest, public_id: str) -> HttpResponse:
    petitions = Petition.objects.visible_to(request.user, at=request.agency).listed().select_related("agency")
    petition = get_object_or_404(petitions, public_id=public_id)
    form = AnswerForm(request.POST or None, initial={"text": petition.answer})
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            actions.answer(petition, text=form.cleaned_data["text"], by=request.user)
            messages.success(request, _("Answered. Whoever asked can read it by their code."))
            return redirect("hotspots:petitions", request.agency.slug)
    status = status_of(form)
    return render(
        request, "hotspots/petition_answer.html", {"petition": petition, "form": form}, status=status
    )


@staff(Role.COORDINATOR, Role.RECORDS_OFFICER)
def petition_erase(request: StaffRequest, public_id: str) -> HttpResponse:
    """What a resident wrote may not be kept: it is read once more, and goes with a reason."""
    petitions = Petition.objects.visible_to(request.user, at=request.agency).listed()
    petition = get_object_or_404(petitions, public_id=public_id)
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            actions.erase_petition(petition, because=form.cleaned_data["because"], by=request.user)
            messages.success(request, _("The words are erased. That somebody asked is still counted."))
            return redirect("hotspots:petitions", request.agency.slug)
    context = {"petition": petition, "form": form}
    return render(request, "hotspots/petition_erase.html", context, status=status_of(form))


# -- residents ------------------------------------------------------------------------------------
@public
@same_for_strangers
def how_we_choose(request: Request) -> HttpResponse:
    """Neighborhoods by band, how we choose, and what this is not."""
    bands = queries.neighborhoods_by_band(request.user, request.agency)
    run = queries.latest_public(request.agency)
    return render(
        request,
        "hotspots/how_we_choose.html",
        {
            "bands": bands,
            "map": queries.map_of_bands(request.user, request.agency, bands) if bands else None,
            "passed_through": queries.passed_through(run),
            "run": run,
            "left_out": words.left_out(run) if run else "",
            "about": words.for_everybody(run) if run else [],
            "criteria": Criteria.objects.visible_to(request.user, at=request.agency).in_force(),
            "choices": queries.public_choices(request.agency),
        },
    )


@never_cache
@public_form
def ask(request: Request) -> HttpResponse:
    """Ask for a walk."""
    return _petition(request, PetitionKind.WALK)


@never_cache
@public_form
def object_to_label(request: Request) -> HttpResponse:
    """Object to how a neighborhood is described."""
    return _petition(request, PetitionKind.LABEL)


def _petition(request: Request, kind: PetitionKind) -> HttpResponse:
    if not request.agency.published and request.member is None:
        raise Http404
    form = PetitionForm(request.POST or None, agency=request.agency, kind=kind, initial=_where(request))
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            device = devices.of(request, form.cleaned_data)
            made = actions.petition(
                request.agency,
                kind=kind,
                device=device.token,
                language=languages.current(),
                **_written(form),
            )
            there = boxes.redirect(form, "hotspots:petition", request.agency.slug, made.public_id)
            return device.remembered(there, request)
    status = status_of(form)
    return render(request, "hotspots/petition_form.html", {"form": form, "kind": kind}, status=status)


def _where(request: Request) -> dict[str, Any]:
    """The neighborhood whose page they come from."""
    asked = request.GET.get("neighborhood", "")[:20]
    if not asked:
        return {}
    known = Area.objects.visible_to(request.user, at=request.agency).listed()
    return {"neighborhood": known.filter(public_id=asked).first()}


def _written(form: PetitionForm) -> dict[str, Any]:
    said = {name: form.cleaned_data[name] for name in ("neighborhood", "place", "text")}
    return said | {"form_key": form.once}


@keyed
@public
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def petition(request: Request, public_id: str) -> HttpResponse:
    """What became of it, for whoever holds the code; who wrote it may take it back."""
    asked, refused = queries.petition_by_code(request.agency, public_id), Why()
    if request.method == "POST":
        with refused:
            if request.POST.get("act") != "take-back":
                raise Refusal(_("This page does not know that button. Please load it again."))
            actions.take_back(asked)
            return redirect("hotspots:petition", request.agency.slug, public_id)
    context = {"petition": asked, "left_out": boxes.told_to(request), "refused": refused}
    return render(request, "hotspots/petition.html", context, status=status_of(refused))
