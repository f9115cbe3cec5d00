"""Pages for those who are asked: a member's own, and what a link in a mail opens. Looking changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alongside.agencies import bearers
from alongside.agencies.doors import public, staff
from alongside.agencies.requests import Request, StaffRequest
from alongside.core.care import boxes
from alongside.core.doing import Why, status_of
from alongside.core.doors import keyed, one_click, public_form
from alongside.core.errors import Refusal
from alongside.outreach import stopping
from alongside.outreach.stopping import Stop
from alongside.rosters import actions, partnering, queries
from alongside.rosters.desk import who_is_meant
from alongside.rosters.forms import MemberAnswer, PartnerAnswer
from alongside.rosters.models import Heard, Invitee, PartnerInvitation, Post

# One form that moved nobody: the text typed stays, the status says that nothing happened.


# -- a member's own page ----------------------------------------------------------------------------
@staff()
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: StaffRequest) -> HttpResponse:
    """What I am asked to, and what I said. For everybody on staff, whatever else they may see."""
    refused = Why()
    if request.method == "POST":
        post = get_object_or_404(queries.posts_of(request.member), public_id=who_is_meant(request))
        with refused:
            _say(request, post, MemberAnswer.of(post, request.POST), Heard.PAGE)
            messages.success(request, _("Thank you. Your answer is kept."))
            return redirect("rosters:mine", request.agency.slug)
    posts = queries.ahead_of(request.member)
    context = {"posts": posts, "refused": refused}
    return render(request, "rosters/mine.html", context, status=status_of(refused))


# -- by link ----------------------------------------------------------------------------------------
@keyed
@public
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, token: str) -> HttpResponse:
    """A member's answer, by the link in a mail: two large buttons."""
    return _by_link(request, token, Post, MemberAnswer.of, "rosters/answer.html")


@keyed
@public
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def partner(request: Request, token: str) -> HttpResponse:
    """A partner's own part: whether they come, with how many, and what should be talked about."""
    return _by_link(request, token, PartnerInvitation, PartnerAnswer.of, "rosters/partner_answer.html")


@keyed
@public
@one_click
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: Request, token: str) -> HttpResponse:
    """One click from any mail to a partner: no more invitations."""
    try:
        invitation: PartnerInvitation = actions.behind(PartnerInvitation, token, at=request.agency).thing
    except bearers.Useless as refusal:
        return render(request, "rosters/no_answer.html", {"why": refusal}, status=404)
    stop = Stop(
        ask=_("No more invitations from us?"),
        words=_(
            "Your organization stays in our list of partners. You can switch invitations on again by your own entry."
        ),
        button=_("Invite us no more"),
        done=_("You get no invitations from us any more."),
    )
    return stopping.page(
        request,
        stop,
        act=lambda: partnering.stop_writing(invitation),
        over=lambda: partnering.wants_none(invitation),
        own_page=reverse("rosters:partner", args=[request.agency.slug, token]),
    )


def _by_link(
    request: Request, token: str, kind: type[Invitee], form_of: Callable[..., Answer], template: str
) -> HttpResponse:
    """What a link in a mail opens. A GET shows, a POST answers, and Eve guesses nothing."""
    try:
        opened = actions.behind(kind, token, at=request.agency)
    except bearers.Useless as refusal:
        return render(request, "rosters/no_answer.html", {"why": refusal}, status=404)
    invitee = opened.thing
    act, refused = request.POST.get("act", ""), Why()
    form = form_of(invitee, None)
    if request.method == "POST":
        if act in form.comes_with:
            form = form_of(invitee, request.POST)
        with refused:
            _say(request, invitee, form, Heard.LINK)
            if not form.errors:
                bearers.was_used(opened.bearer)
                return boxes.redirect(form, kind.door, request.agency.slug, token)
        invitee = actions.behind(kind, token, at=request.agency).thing
    context = {
        "invitee": invitee,
        "gathering": invitee.gathering,
        "form": form,
        "refused": refused,
        "left_out": boxes.told_to(request),
    }
    return render(request, template, context, status=status_of(form, refused))


Answer = MemberAnswer | PartnerAnswer


def _say(request: Request, invitee: Invitee, form: Answer, heard: str) -> None:
    """What each button does. Where the form has errors, nothing."""
    act = request.POST.get("act", "")
    if act == "stop" and isinstance(invitee, PartnerInvitation):
        partnering.stop_writing(invitee)
    elif act not in {"yes", "no"}:
        raise Refusal(_("This page does not know that button. Please load it again."))
    elif not form.is_bound or form.is_valid():
        own = form.own_words if form.is_bound else {}
        verb: Callable[..., object] = (
            partnering.answer if isinstance(invitee, PartnerInvitation) else actions.answer
        )
        verb(invitee, coming=act == "yes", heard=heard, by=invitee.account, **own)
