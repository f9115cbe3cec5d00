"""What whoever holds a code sees and does: no account, no name, and nothing told to any other site."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alongside.agencies.doors import public
from alongside.agencies.requests import Request
from alongside.core.care import boxes
from alongside.core.doing import NOT_DONE, Why, status_of
from alongside.core.doors import HALL, keyed, one_click, public_form, too_many
from alongside.core.errors import Refusal
from alongside.core.text import begun_large
from alongside.followthrough import actions, codes, queries, standing
from alongside.followthrough.forms import CodeForm, ContactForm, CorrectForm, ReopenForm
from alongside.followthrough.models import Concern
from alongside.followthrough.triage import splitting
from alongside.followthrough.writing import WordsMissing, WordsRefused
from alongside.outreach import stopping
from alongside.outreach.stopping import Stop
from alongside.people import consent


@keyed
@public
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: Request) -> HttpResponse:
    """Type the code of a card."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["code"]
        try:
            actions.card_behind(request.agency, typed)
        except Refusal as refusal:
            return _not_found(request, form, refusal, status=NOT_DONE)
        return redirect("followthrough:page", request.agency.slug, codes.read(typed))
    return _typing(request, form, status=status_of(form))


@keyed
@public
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, code: str) -> HttpResponse:
    """What became of what somebody told us. Looking changes nothing: mail programs follow links by themselves."""
    try:
        card = actions.card_behind(request.agency, code)
    except Refusal as refusal:
        return _not_found(request, CodeForm({"code": code}), refusal, status=404)
    concern = queries.behind(card)
    if concern is None:
        return render(request, "followthrough/unused.html", {"card": card})
    return _concern(request, splitting.opened_from(concern, request.GET.get("part", "")), code)


@keyed
@public
@one_click
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: Request, code: str) -> HttpResponse:
    """One click from any mail: no more news of this concern by mail. Its page goes on saying them."""
    try:
        concern = queries.behind(actions.card_behind(request.agency, code))
    except Refusal as refusal:
        return _not_found(request, CodeForm({"code": code}), refusal, status=404)
    if concern is None:
        return _not_found(
            request, CodeForm({"code": code}), Refusal(_("There is nothing to stop.")), status=404
        )
    stop = Stop(
        ask=_("No more mail about what you told us?"),
        words=_("We delete your address now. The page of your code goes on saying what happens."),
        button=_("Delete my address now"),
        done=_("Your address is deleted."),
    )
    return stopping.page(
        request,
        stop,
        act=lambda: actions.remove_contact(concern),
        over=lambda: not actions.has_contact(concern),
        own_page=reverse("followthrough:page", args=[request.agency.slug, code]),
    )


def _concern(request: Request, concern: Concern, code: str) -> HttpResponse:
    act = request.POST.get("act", "")
    asked: dict[str, boxes.CareForm | ContactForm] = {
        name: form(request.POST if act == name else None) for name, form in ASKED.items()
    }
    refused = Why()
    if request.method == "POST":
        with refused:
            if _act(act, concern, asked, request):
                return _done(asked.get(act), request.agency.slug, code)
    now = standing.of(concern)
    return render(
        request,
        "followthrough/page.html",
        {
            "concern": concern,
            "now": now,
            "steps": now.steps,
            "rules": now.rules,
            "parts": concern.parts.listed(),
            "forms": asked,
            "refused": refused,
            "left_out": boxes.told_to(request),
            "wall": consent.WALL,
            "promise": consent.CONTACT % {"days": request.agency.contact_retention_days},
            "code": code,
        },
        status=status_of(refused, *asked.values()),
    )


ASKED: dict[str, type[boxes.CareForm | ContactForm]] = {
    "correct": CorrectForm,
    "reopen": ReopenForm,
    "contact": ContactForm,
}


def _done(form: boxes.CareForm | ContactForm | None, slug: str, code: str) -> HttpResponse:
    """Back to the page, which also says what was taken out of what somebody wrote."""
    if isinstance(form, boxes.CareForm):
        return boxes.redirect(form, "followthrough:page", slug, code)
    return redirect("followthrough:page", slug, code)


def _act(
    act: str, concern: Concern, asked: Mapping[str, boxes.CareForm | ContactForm], request: Request
) -> bool:
    """Do what a button says; False where the form has to be shown again."""
    deeds: dict[str, Callable[..., object]] = {
        "correct": lambda text, **_trap: actions.correct(concern, text=text),
        "reopen": lambda words, **_trap: actions.reopen(concern, words=words),
        "contact": lambda email, **_trap: actions.leave_contact(
            concern, email=email, language=request.LANGUAGE_CODE
        ),
    }
    buttons: dict[str, Callable[[Concern], object]] = {
        "forget": actions.remove_contact,
        "confirm": lambda about: actions.confirm(about, read=request.POST.get("read", "")),
    }
    if act in buttons:
        buttons[act](concern)
        return True
    if act not in deeds:
        raise Refusal(_("This page does not know that button. Please load it again."))
    form = asked[act]
    if not form.is_valid():
        return False
    try:
        deeds[act](**form.cleaned_data)
    except (WordsMissing, WordsRefused) as refusal:  # of what stands in its one box: the fold stays open
        form.add_error(next(iter(form.fields)), begun_large(str(refusal)))
        return False
    return True


def _not_found(request: Request, form: CodeForm, refusal: Refusal, *, status: int) -> HttpResponse:
    """Say which it is, a slip or a wrong code. Whoever tries very many wrong ones waits; right ones always open.

    A code has 60 random bits: nobody finds one by trying. The limit keeps a busy guesser from costing anything.
    """
    if too_many(request, "followthrough.wrong_code", HALL):
        why = _("Many wrong codes came from your network just now. Please try again in ten minutes.")
        return render(request, "429.html", {"why": why}, status=429)
    form.is_valid()
    form.add_error("code", str(refusal))
    return _typing(request, form, status=status)


def _typing(request: Request, form: CodeForm, *, status: int) -> HttpResponse:
    return render(request, "followthrough/follow.html", {"form": form}, status=status)
