"""Where staff keep promises: the list, one concern, cards to print, and what the agency promises of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.core.doing import or_say_on, status_of
from alongside.followthrough import actions, queries
from alongside.followthrough.cardsheets import sheets_of
from alongside.followthrough.forms import (
    AssignForm,
    CardsForm,
    ClearForm,
    CloseForm,
    DeedForm,
    FilterForm,
    ProgressForm,
    RedactForm,
    ReleaseForm,
    RulesForm,
    WithholdForm,
)
from alongside.followthrough.letters import url_of
from alongside.followthrough.models import DESK, Card, Concern
from alongside.followthrough.passing import queries as passing
from alongside.outreach import refusals
from alongside.places.models import Area, AreaKind, labels_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

A_PAGE = 50

reads = staff(*DESK)
coordinates = staff(Role.COORDINATOR)

# What a member may do to one concern (Concern.allows says who), its form, and what is said when it is done.
DEEDS: dict[str, tuple[type[DeedForm], StrOrPromise]] = {
    "assign": (AssignForm, pgettext_lazy("promise", "Promised.")),
    "progress": (ProgressForm, pgettext_lazy("message", "Written down.")),
    "close": (CloseForm, gettext_lazy("Closed. Whoever asked reads it by their code.")),
    "clear": (ClearForm, pgettext_lazy("message", "Saved.")),
    "withhold": (WithholdForm, gettext_lazy("Withheld. The page by code says where to go.")),
    "release": (ReleaseForm, gettext_lazy("Taken back. It is handled here again.")),
    "redact": (RedactForm, gettext_lazy("Erased. The reason remains.")),
}

# On each card, in each of our languages.
THANKS = gettext_lazy("Thank you for talking with us. See who answers, and by when: nobody asks your name.")


@reads
@require_safe
def concerns(request: StaffRequest) -> HttpResponse:
    """What people told us, late promises first."""
    mine = request.member
    seen = Concern.objects.visible_to(request.user, at=request.agency)
    areas = (
        Area.objects.visible_to(request.user, at=request.agency)
        .active()
        .of_kind(AreaKind.NEIGHBORHOOD)
        .listed()
    )
    form = FilterForm(request.GET, areas=areas)
    form.fields["neighborhood"].label = labels_of(request.agency)[AreaKind.NEIGHBORHOOD][0]
    form.is_valid()
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    sieve = queries.Sieve(seen.filter(**chosen), mine, request.agency)
    which = request.GET.get("show", "")
    page = Paginator(sieve.rows(which).listed(), A_PAGE).get_page(request.GET.get("page"))
    kept = "".join(f"{name}={request.GET[name]}&" for name in chosen)
    return render(
        request,
        "followthrough/concerns.html",
        {
            "page": page,
            "tabs": sieve.tabs(which, kept),
            "query": f"show={sieve.known(which)}&{kept}",
            "form": form,
            "which": sieve.known(which),
            "nothing_yet": not seen.exists() if not page.object_list else False,
        },
    )


@reads
@require_safe
def concern(request: StaffRequest, public_id: str) -> HttpResponse:
    """One concern: what was said, what was promised, what happened."""
    return _concern(request, _seen(request, public_id))


@reads
@require_POST
def act(request: StaffRequest, public_id: str, deed: str) -> HttpResponse:
    """Do something to a concern. Where it cannot be, the page comes back with what was typed."""
    if deed not in DEEDS:
        raise Http404
    concern = _seen(request, public_id)
    if not concern.allows(request.member, deed):
        why = _("You may read this concern. To work on it, ask whoever answers for it, or a coordinator.")
        return render(request, "403.html", {"why": why}, status=403)
    asks, said = DEEDS[deed]
    form = asks(request.POST, concern=concern, prefix=deed)
    if form.is_valid():
        form.act(request.user)
    if form.errors:
        return _concern(request, concern, failed=(deed, form))
    messages.success(request, said)
    still = Concern.objects.visible_to(request.user, at=request.agency).filter(pk=concern.pk).exists()
    return redirect(concern) if still else redirect("followthrough:concerns", request.agency.slug)


def _seen(request: StaffRequest, public_id: str) -> Concern:
    seen = Concern.objects.visible_to(request.user, at=request.agency).listed()
    concern: Concern = get_object_or_404(seen.select_related("division"), public_id=public_id)
    return concern


def _concern(
    request: StaffRequest, concern: Concern, *, failed: tuple[str, DeedForm] | None = None
) -> HttpResponse:
    may = {deed for deed in DEEDS if concern.allows(request.member, deed) and concern.takes(deed)}
    # Every deed has its place here: a template that asks a dictionary for `clear`, and finds none, empties it.
    asked: dict[str, Any] = {
        deed: form(concern=concern, prefix=deed) if deed in may else None
        for deed, (form, _said) in DEEDS.items()
    }
    if failed is not None:
        asked[failed[0]] = failed[1]
    return render(
        request,
        "followthrough/concern.html",
        {
            "concern": concern,
            "unreached": concern.contact and refusals.unreached(concern.agency, {concern.topic: ""}),
            "steps": concern.steps.all(),
            "passed": passing.told_of(concern),
            "handed": concern.passings.select_related("body", "agency"),
            "passes_on": concern.takes("pass_on") and concern.allows(request.member, "pass_on"),
            "forms": asked,
            "may_act": bool(may) or failed is not None,
            "failed": failed[0] if failed else "",
        },
        status=status_of(failed),
    )


@coordinates
@cache_control(no_store=True, private=True)
def cards(request: StaffRequest) -> HttpResponse:
    """Make cards. The sheet is the answer to the form: the codes on it can never be read again."""
    form = CardsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _sheet(request, form)
    held = Card.objects.visible_to(request.user, at=request.agency)
    unused = held.unused(request.agency.today()).count()
    status = status_of(form)
    return render(request, "followthrough/cards.html", {"form": form, "unused": unused}, status=status)


def _sheet(request: StaffRequest, form: CardsForm) -> HttpResponse:
    codes = actions.issue_cards(request.agency, by=request.user, **form.cleaned_data)
    made = [(code, url_of(request.agency.slug, code)) for code in codes]
    label = form.cleaned_data["origin_label"]
    return render(
        request, "followthrough/sheet.html", sheets_of(made, request.agency, says=THANKS, label=label)
    )


@coordinates
def rules(request: StaffRequest) -> HttpResponse:
    """How soon we answer, who does where nobody else is named, and where complaints go."""
    form = RulesForm(request.POST or None, agency=request.agency)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            actions.set_rules(request.agency, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved. Promises already made stay as they are."))
            return redirect("followthrough:rules", request.agency.slug)
    return render(request, "followthrough/rules.html", {"form": form}, status=status_of(form))
