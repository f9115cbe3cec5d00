"""Where staff pass a concern on: the other bodies, what leaves this house, and what became of it there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.core.doing import Why, again, came_back, or_say_on, status_of
from alongside.followthrough.models import DESK, Concern
from alongside.followthrough.passing import actions, queries
from alongside.followthrough.passing.forms import (
    SEND,
    AnswerForm,
    BodyForm,
    NumberForm,
    PassForm,
    digest_of,
)
from alongside.followthrough.passing.georeport import Attribute, Service
from alongside.followthrough.passing.models import Body, Passing, Sending

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

A_PAGE = 50

reads = staff(*DESK)
coordinates = staff(Role.COORDINATOR)


# -- other bodies -----------------------------------------------------------------------------------
@reads
@require_safe
def passed(request: StaffRequest) -> HttpResponse:
    """What was passed on, and to whom."""
    rows = Passing.objects.visible_to(request.user, at=request.agency).select_related(
        "body", "concern", "agency"
    )
    page = Paginator(rows.open_first(), A_PAGE).get_page(request.GET.get("page"))
    bodies = Body.objects.visible_to(request.user, at=request.agency)
    return render(request, "followthrough/passing/passed.html", {"page": page, "bodies": bodies})


@coordinates
def body(request: StaffRequest, public_id: str | None = None) -> HttpResponse:
    """Add another body, or change one: how it is reached, and whether a machine can."""
    rows = Body.objects.visible_to(request.user, at=request.agency)
    body = get_object_or_404(rows, public_id=public_id) if public_id else Body(agency=request.agency)
    form = BodyForm(request.POST or None, instance=body)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            kept = actions.set_body(form.instance, key=form.new_key, by=request.user)
            messages.success(request, pgettext("message", "Saved."))
            return redirect(kept)
    return render(
        request,
        "followthrough/passing/body.html",
        {"form": form, "body": body if public_id else None, "groups": _by_group(body.known_services)},
        status=status_of(form),
    )


@coordinates
@require_POST
def ask_body(request: StaffRequest, public_id: str) -> HttpResponse:
    """Fetch its list of services anew."""
    rows = Body.objects.visible_to(request.user, at=request.agency)
    body = get_object_or_404(rows, public_id=public_id)
    with (refused := Why()):
        actions.ask_for_services(body)
        messages.success(request, _("We are asking. Load this page again in a moment."))
        return redirect(body)
    return again(request, refused, "followthrough:body", request.agency.slug, public_id)


def _by_group(services: list[Service]) -> list[tuple[str, list[Service]]]:
    """As they group them, in the order in which each group comes first."""
    order = {group: at for at, group in reversed(list(enumerate(each.group for each in services)))}
    rows = sorted(services, key=lambda each: order[each.group])
    return [(group, list(each)) for group, each in groupby(rows, key=lambda each: each.group)]


# -- passing on -------------------------------------------------------------------------------------
@reads
def pass_on(request: StaffRequest, public_id: str) -> HttpResponse:
    """To whom, about what, and exactly what leaves; it leaves once somebody has seen that."""
    concern = _concern(request, public_id)
    if not concern.allows(request.member, "pass_on"):
        why = _("You may read this concern. To work on it, ask whoever answers for it, or a coordinator.")
        return render(request, "403.html", {"why": why}, status=403)
    bodies = Body.objects.visible_to(request.user, at=request.agency).active()
    chosen = bodies.filter(public_id=request.GET.get("body", "")).first()
    shown: dict[str, Any] = {
        "concern": concern,
        "bodies": bodies,
        "body": chosen,
        "may": concern.takes("pass_on"),
        "there": queries.told_of(concern),
    }
    if chosen is None or not shown["may"] or not concern.summary:
        return render(request, "followthrough/passing/pass_on.html", shown)
    service = chosen.service(request.GET.get("service", "")) if chosen.is_called else None
    shown |= {"service": service, "groups": _by_group(chosen.known_services)}
    asked = chosen.attributes(service.code) if service else []
    shown |= {"unknown": asked is None, "persons": [each for each in asked or [] if each.of_a_person]}
    if (chosen.is_called and service is None) or asked is None:
        return render(request, "followthrough/passing/pass_on.html", shown)
    form = PassForm(request.POST or None, concern=concern, body=chosen, asked=asked)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            if chosen.is_called and not _has_seen(request, form, concern, service, shown):
                return render(request, "followthrough/passing/pass_on.html", shown | {"form": form})
            passing = actions.pass_on(
                concern,
                body=chosen,
                service=service.code if service else "",
                place=form.cleaned_data.get("place", ""),
                more=form.more,
                number=form.cleaned_data.get("number", ""),
                outcome=form.cleaned_data["outcome"],
                by=request.user,
            )
            on_its_way = pgettext("passing on", "It is on its way.")
            messages.success(
                request, on_its_way if chosen.is_called else pgettext("message", "Written down.")
            )
            return redirect(passing)
    return render(
        request, "followthrough/passing/pass_on.html", shown | {"form": form}, status=status_of(form)
    )


def _has_seen(
    request: StaffRequest, form: PassForm, concern: Concern, service: Service | None, shown: dict[str, Any]
) -> bool:
    """Whether whoever presses the button has seen just this. If not, it is shown."""
    report = actions.report_of(
        concern,
        service=service.code if service else "",
        place=form.cleaned_data.get("place", ""),
        more=form.more,
    )
    fields = report.fields()
    digest = digest_of(fields)
    if request.POST.get("act") == SEND and form.cleaned_data["seen"] == digest:
        return True
    shown_again = request.POST.copy()  # what was sent is not changed
    shown_again["seen"] = digest
    form.data = shown_again
    shown["leaves"] = [(_called(name, form.asked), value) for name, value in fields]
    return False


def _called(name: str, asked: Sequence[Attribute]) -> str:
    """What a field of the form is about, as people say it."""
    usual: dict[str, StrOrPromise] = {
        "service_code": pgettext("passing on", "About"),
        "description": _("Words for the public"),
        "address_string": _("Where, to the block"),
    }
    if name in usual:
        return str(usual[name])
    code = name.removeprefix("attribute[").partition("]")[0]
    return next((each.description for each in asked if each.code == code), code)


def _concern(request: StaffRequest, public_id: str) -> Concern:
    seen = Concern.objects.visible_to(request.user, at=request.agency).listed()
    concern: Concern = get_object_or_404(seen, public_id=public_id)
    return concern


# -- what became of it ------------------------------------------------------------------------------
Act = Callable[..., Passing]
ACTS: dict[str, tuple[Act, type[forms.Form] | None, tuple[Sending, ...], StrOrPromise]] = {
    "arrived": (
        actions.it_arrived,
        NumberForm,
        (Sending.UNCLEAR,),
        gettext_lazy("Written down. Whoever asked is told."),
    ),
    "again": (
        actions.send_again,
        None,
        (Sending.UNCLEAR, Sending.REFUSED),
        pgettext_lazy("passing on", "It is on its way."),
    ),
    "back": (
        actions.take_back,
        None,
        (Sending.WAITING, Sending.UNCLEAR, Sending.REFUSED),
        gettext_lazy("It stays here."),
    ),
    "follow": (actions.follow, NumberForm, (Sending.SENT,), gettext_lazy("We ask after that number now.")),
    "looked": (actions.looked, None, (Sending.SENT,), pgettext_lazy("message", "Written down.")),
    "said": (
        actions.they_say,
        AnswerForm,
        (Sending.SENT,),
        gettext_lazy("Written down. Whoever asked is told."),
    ),
}


@reads
@require_safe
def passing(request: StaffRequest, public_id: str) -> HttpResponse:
    """One handing on: what left, its number there, what they say, and what a person can do now."""
    passing = _passing(request, public_id)
    may = passing.concern.allows(request.member, "pass_on")
    asked = {
        act: came_back(request, form, prefix=act) or form(prefix=act, initial=_known(passing))
        for act, (_do, form, states, _said) in ACTS.items()
        if may and form is not None and passing.state in states
    }
    buttons = {
        act
        for act, (_do, form, states, _said) in ACTS.items()
        if may and not form and passing.state in states
    }
    return render(
        request,
        "followthrough/passing/passing.html",
        {
            "passing": passing,
            "concern": passing.concern,
            "told": queries.in_public(passing) if passing.is_there else None,
            "left": _left(passing),
            "arrived": asked.get("arrived"),
            "follow": asked.get("follow"),
            "said": asked.get("said"),
            "buttons": buttons,
        },
    )


@reads
@require_POST
def act(request: StaffRequest, public_id: str, act: str) -> HttpResponse:
    """Do something about it: somebody has looked, asked, or heard."""
    if act not in ACTS:
        raise Http404
    passing = _passing(request, public_id)
    if not passing.concern.allows(request.member, "pass_on"):
        why = _("You may read this concern. To work on it, ask whoever answers for it, or a coordinator.")
        return render(request, "403.html", {"why": why}, status=403)
    do, asks, _states, said = ACTS[act]
    form = asks(request.POST, prefix=act) if asks else None
    if form is not None and not form.is_valid():
        return again(request, form, "followthrough:passing", request.agency.slug, public_id)
    with (refused := Why()):
        do(passing, by=request.user, **(form.cleaned_data if form else {}))
        messages.success(request, said)
        return redirect(passing)
    return again(request, refused, "followthrough:passing", request.agency.slug, public_id)


def _passing(request: StaffRequest, public_id: str) -> Passing:
    rows = Passing.objects.visible_to(request.user, at=request.agency).select_related("agency", "body", "by")
    rows = rows.select_related("concern__agency", "concern__owner__rank", "concern__division")
    found: Passing = get_object_or_404(rows, public_id=public_id)
    return found


def _known(passing: Passing) -> dict[str, Any]:
    """A number that may be its own stands there already: a person only says so."""
    return {"number": passing.maybe[0]} if passing.maybe else {}


def _left(passing: Passing) -> list[tuple[str, str]]:
    """What left, or is to leave, word for word."""
    asked = passing.body.attributes(passing.service_code) or []
    return [(_called(name, asked), value) for name, value in passing.sent.get("fields", [])]
