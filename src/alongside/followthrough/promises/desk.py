"""Promises at the desk: those that are open, late, kept and not kept; make one, move it, end it, tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise as Text
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from alongside.agencies.doors import staff
from alongside.agencies.models import Member, Role
from alongside.agencies.requests import StaffRequest
from alongside.core.doing import or_say_on, status_of
from alongside.followthrough.models import DESK, Promise
from alongside.followthrough.promises import actions
from alongside.followthrough.promises.forms import (
    FailForm,
    KeepForm,
    MakeForm,
    MoveForm,
    PromiseDeed,
    PublishForm,
    TellForm,
)
from alongside.followthrough.promises.models import Kept, PromiseQuerySet
from alongside.places import queries as places
from alongside.places.models import Area, AreaKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

A_PAGE = 50

reads = staff(*DESK)
makes = staff(Role.COORDINATOR, Role.COMMANDER, Role.OFFICER)

SHOWN: dict[str, str | Text] = {
    "open": pgettext_lazy("promises", "Open"),
    "late": pgettext_lazy("promise", "Late"),
    "mine": pgettext_lazy("promises", "Mine"),
    "kept": pgettext_lazy("promise", "Kept"),
    "not-kept": pgettext_lazy("promise", "Not kept"),
    "passed": pgettext_lazy("promise", "Passed on"),
    "untold": pgettext_lazy("promises", "Not told yet"),
}


@dataclass(frozen=True)
class DeedKind:
    form: type[PromiseDeed]
    title: StrOrPromise
    button: StrOrPromise
    done: StrOrPromise
    words: StrOrPromise = ""


DEEDS: dict[str, DeedKind] = {
    "keep": DeedKind(
        KeepForm,
        gettext_lazy("We did it"),
        gettext_lazy("It is kept"),
        gettext_lazy("Kept. Everybody reads how they can see it."),
    ),
    "tell": DeedKind(
        TellForm,
        gettext_lazy("Tell those who follow"),
        gettext_lazy("You asked, we did: tell it"),
        gettext_lazy("Told to everybody who follows it."),
        gettext_lazy("One mail to each who follows this promise or its neighborhood."),
    ),
    "move": DeedKind(
        MoveForm,
        gettext_lazy("Another day, or another name"),
        pgettext_lazy("deed", "Move it"),
        gettext_lazy("Moved. The first day stays in sight."),
    ),
    "fail": DeedKind(
        FailForm,
        gettext_lazy("We did not do it"),
        gettext_lazy("It is not kept"),
        gettext_lazy("Said as it is. Everybody reads why."),
    ),
    "publish": DeedKind(
        PublishForm,
        gettext_lazy("It was promised in public"),
        gettext_lazy("Let everybody read it"),
        gettext_lazy("Everybody can read it now."),
    ),
}


@reads
@require_safe
def promises(request: StaffRequest) -> HttpResponse:
    """What was promised, what is late first."""
    seen: PromiseQuerySet = Promise.objects.visible_to(request.user, at=request.agency)
    which = request.GET.get("show", "")
    which = which if which in SHOWN else "open"
    those = {name: _those(name, request) for name in SHOWN}
    counts = seen.aggregate(**{name.replace("-", "_"): Count("pk", filter=q) for name, q in those.items()})
    numbers = {name: counts[name.replace("-", "_")] for name in SHOWN}
    rows = seen.filter(those[which]).listed()
    rows = rows.soonest() if which in {"open", "late", "mine"} else rows.order_by("-closed_on", "-pk")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "followthrough/promises.html",
        {
            "page": page,
            "tabs": [
                {"label": f"{label} ({numbers[name]})", "url": f"?show={name}", "current": name == which}
                for name, label in SHOWN.items()
                if numbers[name] or name not in {"mine", "passed", "untold"}
            ],
            "query": f"show={which}&",
            "nothing_yet": not page.object_list and not seen.exists(),
        },
    )


def _those(which: str, request: StaffRequest) -> Q:
    is_open = Q(state=Kept.OPEN)
    return {
        "open": is_open,
        "late": is_open & Q(due__lt=request.agency.today()),
        "mine": is_open & Q(owner=request.member),
        "kept": Q(state=Kept.KEPT),
        "not-kept": Q(state=Kept.NOT_KEPT),
        "passed": Q(state=Kept.PASSED_ON),
        "untold": ~is_open & Q(published_at__isnull=False, told_at=None),
    }[which]


@makes
def new(request: StaffRequest) -> HttpResponse:
    """Write down what was promised aloud: from a stage, in an interview, for an area."""
    form = MakeForm(request.POST or None, agency=request.agency, user=request.user)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            promise = actions.make(
                request.agency, actions.Said(**form.said), by=request.user, key=form.key, public=True
            )
            messages.success(request, _("Written down. Everybody can read it."))
            return redirect("followthrough:promise", request.agency.slug, promise.public_id)
    return render(request, "followthrough/new_promise.html", {"form": form}, status=status_of(form))


@reads
@require_safe
def promise(request: StaffRequest, public_id: str) -> HttpResponse:
    """One promise: who, by when, where it was made, what came of it."""
    return _promise(request, _seen(request, public_id))


@reads
@require_POST
def act(request: StaffRequest, public_id: str, deed: str) -> HttpResponse:
    """Do something to a promise. Where it cannot be, the page comes back with what was typed."""
    if deed not in DEEDS:
        raise Http404
    promise = _seen(request, public_id)
    if not may_keep(promise, request.member):
        why = _("You may read this promise. To work on it, ask whoever keeps it, or a coordinator.")
        return render(request, "403.html", {"why": why}, status=403)
    form = DEEDS[deed].form(request.POST, promise=promise, prefix=deed)
    if form.is_valid():
        form.act(request.user)
    if form.errors:
        return _promise(request, promise, failed=(deed, form))
    messages.success(request, DEEDS[deed].done)
    return redirect("followthrough:promise", request.agency.slug, public_id)


def may_keep(promise: Promise, member: Member) -> bool:
    """Coordinators, whoever keeps it, and whoever answers for its concern."""
    if member.holds([Role.COORDINATOR]) or promise.owner_id == member.pk:
        return True
    if promise.concern is not None:
        return promise.concern.is_answered_by(member)
    return promise.area is not None and _commands(member, promise.area)


def _commands(member: Member, area: Area) -> bool:
    """Whether they command this division today, or the one in which most of this area lies."""
    agency = member.agency
    division = area if area.kind == AreaKind.DIVISION else places.division_of(agency, area.shape)
    return division is not None and member.commands.on(agency.today()).filter(division=division).exists()


def takes(promise: Promise, deed: str) -> bool:
    return {
        "keep": promise.is_open,
        "fail": promise.is_open,
        "move": promise.is_open,
        "publish": promise.published_at is None and promise.concern_id is None,
        "tell": not promise.is_open and promise.published_at is not None and promise.told_at is None,
    }[deed]


def _seen(request: StaffRequest, public_id: str) -> Promise:
    seen = Promise.objects.visible_to(request.user, at=request.agency).listed()
    found: Promise = get_object_or_404(seen, public_id=public_id)
    return found


def _promise(
    request: StaffRequest, promise: Promise, *, failed: tuple[str, PromiseDeed] | None = None
) -> HttpResponse:
    may = may_keep(promise, request.member)
    wrong, form = failed or ("", None)
    names = [name for name in DEEDS if name == wrong or (may and takes(promise, name))]
    return render(
        request,
        "followthrough/promise.html",
        {
            "promise": promise,
            "changes": promise.changes.all(),
            "deeds": [
                {
                    "name": name,
                    "kind": DEEDS[name],
                    "form": form if name == wrong else DEEDS[name].form(promise=promise, prefix=name),
                    "button": _button(promise, name),
                    "is_next": number == 0,
                    "is_open": name == (wrong or names[0]),
                }
                for number, name in enumerate(names)
            ],
        },
        status=status_of(failed),
    )


def _button(promise: Promise, name: str) -> Any:
    if name == "tell" and promise.state == Kept.NOT_KEPT:
        return _("You asked, we did not: tell it")
    if name == "tell" and promise.state == Kept.PASSED_ON:
        return _("You asked, we passed it on: tell it")
    return DEEDS[name].button
