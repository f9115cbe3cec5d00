"""One concern at the desk, cards to print, and what the agency promises of all of them. The list is in `triage`."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.core.authored import words_of
from alongside.core.doing import or_say_on, status_of
from alongside.followthrough import actions
from alongside.followthrough.cardsheets import sheets_of
from alongside.followthrough.forms import CardsForm, DeedForm, RulesForm
from alongside.followthrough.letters import url_of
from alongside.followthrough.models import DESK, Card, Concern
from alongside.followthrough.passing import queries as passing
from alongside.followthrough.triage import alike, views
from alongside.followthrough.triage import replies as writing_replies
from alongside.followthrough.triage.offering import BESIDE, DEEDS, deeds_of
from alongside.outreach import refusals

reads = staff(*DESK)
coordinates = staff(Role.COORDINATOR)

# On each card, in each of our languages.
THANKS = gettext_lazy("Thank you for talking with us. See who answers, and by when: nobody asks your name.")


@reads
@require_safe
def concern(request: StaffRequest, public_id: str) -> HttpResponse:
    """One concern: what was said, what was promised, what happened; and what stands beside it in the list."""
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
    form = DEEDS[deed].form(request.POST, concern=concern, prefix=deed)
    if "begin" in request.POST:
        return _concern(request, concern, begun=(deed, _begun(request, deed, form)))
    if form.is_valid():
        form.act(request.user)
    if form.errors:
        return _concern(request, concern, failed=(deed, form))
    messages.success(request, DEEDS[deed].done)
    still = Concern.objects.visible_to(request.user, at=request.agency).filter(pk=concern.pk).exists()
    kept = views.kept_of(request)
    if still:
        return redirect(f"{concern.get_absolute_url()}?{kept}" if kept else concern.get_absolute_url())
    return redirect("followthrough:concerns", request.agency.slug)


def _seen(request: StaffRequest, public_id: str) -> Concern:
    seen = Concern.objects.visible_to(request.user, at=request.agency).listed()
    concern: Concern = get_object_or_404(seen.select_related("division", "split_from"), public_id=public_id)
    return concern


def _begun(request: StaffRequest, deed: str, form: DeedForm) -> dict[str, Any]:
    """What was typed, and behind it the words of the reply: nothing is lost, and nothing is sent."""
    typed = {name: form[name].value() for name in form.fields}
    reply, name = views.chosen_reply(request), DEEDS[deed].begins
    if reply is not None and name:
        typed[name] = writing_replies.behind(words_of(typed[name]), reply.text)
    return typed


def _concern(
    request: StaffRequest,
    concern: Concern,
    *,
    failed: tuple[str, DeedForm] | None = None,
    begun: tuple[str, dict[str, Any]] | None = None,
) -> HttpResponse:
    kept = views.kept_of(request)
    may_link = concern.takes("link") and concern.allows(request.member, "link")
    deeds = deeds_of(concern, request.member, failed=failed, begun=begun)
    seldom = [deed for deed in deeds if deed.is_seldom]
    before, after = views.beside(request, concern) if kept else (None, None)
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
            "deeds": deeds,
            "seldom": seldom,
            "seldom_open": any(deed.is_open for deed in seldom),
            "failed": failed[0] if failed else "",
            "replies": views.replies_for(request),
            "kept": kept,
            "asked": f"?{kept}" if kept else "",
            "before": before,
            "after": after,
            "promises": concern.promises.listed().soonest(),
            "parts": concern.parts.visible_to(request.user, at=request.agency).listed(),
            "linked": alike.linked_with(concern, reader=request.user),
            "suggested": alike.suggested_for(concern, reader=request.user) if may_link else [],
            "may_link": may_link,
            "link_form": failed[1]
            if failed and failed[0] in BESIDE
            else DEEDS["link"].form(concern=concern, prefix="link"),
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
            actions.set_rules(request.agency, by=request.user, **form.said)
            messages.success(request, _("Saved. Promises already made stay as they are."))
            return redirect("followthrough:rules", request.agency.slug)
    return render(request, "followthrough/rules.html", {"form": form}, status=status_of(form))
