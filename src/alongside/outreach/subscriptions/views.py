"""To follow, without an account: what we tell of, one's own page by a link, and the button that stops."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alongside.agencies import bearers
from alongside.agencies.doors import public
from alongside.agencies.requests import Request
from alongside.core.doing import Why, or_say_on, status_of
from alongside.core.doors import keyed, one_click, public_form
from alongside.core.errors import Refusal
from alongside.outreach import stopping
from alongside.outreach.stopping import Stop
from alongside.outreach.subscriptions import actions, rooms
from alongside.outreach.subscriptions.actions import Reader
from alongside.outreach.subscriptions.forms import AskForm
from alongside.outreach.subscriptions.models import Subscription


@public
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: Request) -> HttpResponse:
    """Choose what to hear of. The answer is the same whatever we know of an address."""
    chosen = {"about": request.GET.getlist("about")}
    form = AskForm(request.POST if request.method == "POST" else None, agency=request.agency, initial=chosen)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            actions.ask(
                request.agency,
                about=form.cleaned_data["about"],
                email=form.cleaned_data["email"],
                language=request.LANGUAGE_CODE,
            )
            return redirect("outreach:asked", request.agency.slug)
    return render(request, "outreach/follow.html", {"form": form}, status=status_of(form))


@public
@require_http_methods(["GET", "HEAD"])
def asked(request: Request) -> HttpResponse:
    """Look into your mail: it asks you once more."""
    return render(request, "outreach/asked.html")


@keyed
@public
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def subscriptions(request: Request, token: str) -> HttpResponse:
    """All that one address follows here. Looking changes nothing: mail programs follow links by themselves."""
    try:
        opened = actions.reader_behind(token, at=request.agency)
    except bearers.Useless as refusal:
        return render(request, "outreach/no_link.html", {"why": refusal}, status=404)
    refused = Why()
    if request.method == "POST":
        with refused:
            _act(request, opened.thing)
            bearers.was_used(opened.bearer)
            return redirect("outreach:subscriptions", request.agency.slug, token)
    reader = opened.thing
    known = rooms.offered(request.agency, [row.topic for row in reader.rows])
    context = {
        "reader": reader,
        "waiting": _in_words(reader.to_confirm, known),
        "following": _in_words(reader.confirmed, known),
        "refused": refused,
        "token": token,
    }
    return render(request, "outreach/subscriptions.html", context, status=status_of(refused))


def _in_words(rows: list[Subscription], known: dict[str, str]) -> list[tuple[Subscription, str]]:
    """Each with what it is about; what we do not tell of any more can still be stopped."""
    return [(row, known.get(row.topic, _("Something that we do not tell of any more"))) for row in rows]


def _act(request: Request, reader: Reader) -> None:
    keys = request.POST.getlist("key")
    act = request.POST.get("act", "")
    if act == "yes":
        actions.confirm(reader, keys=keys)
    elif act == "stop":
        actions.stop(reader, keys=keys)
    elif act == "stop-all":
        actions.stop(reader)
    else:
        raise Refusal(_("This page does not know that button. Please load it again."))


@keyed
@public
@one_click
@require_http_methods(["GET", "HEAD", "POST"])
def stop_news(request: Request, token: str) -> HttpResponse:
    """No more news of anything, by one click: of a button in a mail program, or of the one on this page."""
    try:
        opened = actions.reader_behind(token, at=request.agency)
    except bearers.Useless as refusal:
        return render(request, "outreach/no_link.html", {"why": refusal}, status=404)
    reader: Reader = opened.thing
    stop = Stop(
        ask=_("No more news by mail?"),
        words=_(
            "We delete your address now. What you answered to a walk or meeting stays, and so do your places."
        ),
        button=_("Stop everything, and delete my address now"),
        done=_("You follow nothing here. Your address is deleted."),
    )
    return stopping.page(
        request,
        stop,
        act=lambda: actions.stop(reader),
        over=lambda: not actions.reader_of(request.agency, reader.known_as).rows,
        own_page=reverse("outreach:subscriptions", args=[request.agency.slug, token]),
    )
