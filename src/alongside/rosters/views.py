"""Pages for those who are asked: a member's own, and what a link in a mail opens. Looking changes nothing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alongside.agencies.doors import public, staff
from alongside.agencies.requests import Request, StaffRequest
from alongside.core.doors import keyed, public_form
from alongside.core.errors import Refusal
from alongside.rosters import actions, partnering, queries
from alongside.rosters.desk import who_is_meant
from alongside.rosters.forms import PartnerAnswer
from alongside.rosters.models import Heard, PartnerInvitation, Post

# One form that moved nobody: the text typed stays, the status says that nothing happened.
NOT_DONE = 422


# -- a member's own page ----------------------------------------------------------------------------
@staff()
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: StaffRequest) -> HttpResponse:
    """What I am asked to, and what I said. For everybody on staff, whatever else they may see."""
    refused = ""
    if request.method == "POST":
        post = get_object_or_404(queries.posts_of(request.member), public_id=who_is_meant(request))
        try:
            _answer(request, post, Heard.PAGE)
        except Refusal as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("Thank you. Your answer is kept."))
            return redirect("rosters:mine", request.agency.slug)
    posts = queries.ahead_of(request.member, since=request.agency.today())
    context = {"posts": posts, "refused": refused}
    return render(request, "rosters/mine.html", context, status=NOT_DONE if refused else 200)


def _answer(request: Request, post: Post, heard: str) -> None:
    act = request.POST.get("act", "")
    if act not in {"yes", "no"}:
        raise Refusal(_("This page does not know that button. Please load it again."))
    # Whoever holds the link speaks for the member, whoever else is signed in at this browser.
    by = post.member.user
    actions.answer(post, coming=act == "yes", heard=heard, named="unnamed" not in request.POST, by=by)


# -- by link ----------------------------------------------------------------------------------------
@keyed
@public
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, token: str) -> HttpResponse:
    """A member's answer, by the link in a mail: two large buttons."""
    try:
        post = actions.post_behind(token, at=request.agency)
    except actions.LinkUseless as refusal:
        return _useless(request, refusal)
    refused = ""
    if request.method == "POST":
        try:
            _answer(request, post, Heard.LINK)
        except Refusal as refusal:
            refused = str(refusal)
        else:
            return redirect("rosters:answer", request.agency.slug, token)
        post = actions.post_behind(token, at=request.agency)
    context = {"post": post, "gathering": post.gathering, "refused": refused}
    return render(request, "rosters/answer.html", context, status=NOT_DONE if refused else 200)


@keyed
@public
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def partner(request: Request, token: str) -> HttpResponse:
    """A partner's own part: whether they come, with how many, and what should be talked about."""
    try:
        invitation = partnering.invitation_behind(token, at=request.agency)
    except actions.LinkUseless as refusal:
        return _useless(request, refusal)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    said = request.POST if act == "yes" else None
    form = PartnerAnswer(said, initial={"party": invitation.party, "topics": invitation.topics})
    refused = ""
    if act or request.method == "POST":
        try:
            _partner_act(act, invitation, form)
        except partnering.BadGroup as refusal:
            form.add_error("party", str(refusal))
        except Refusal as refusal:
            refused = str(refusal)
        else:
            if not form.errors:
                return redirect("rosters:partner", request.agency.slug, token)
        invitation = partnering.invitation_behind(token, at=request.agency)
    context = {
        "invitation": invitation,
        "partner": invitation.partner,
        "gathering": invitation.gathering,
        "form": form,
        "refused": refused,
    }
    done = not (refused or form.errors)
    return render(request, "rosters/partner_answer.html", context, status=200 if done else NOT_DONE)


def _partner_act(act: str, invitation: PartnerInvitation, form: PartnerAnswer) -> None:
    if act == "yes":
        if form.is_valid():
            partnering.answer(invitation, coming=True, heard=Heard.LINK, **form.cleaned_data)
    elif act == "no":
        partnering.answer(invitation, coming=False, heard=Heard.LINK)
    elif act == "stop":
        partnering.stop_writing(invitation)
    else:
        raise Refusal(_("This page does not know that button. Please load it again."))


def _useless(request: Request, why: Refusal) -> HttpResponse:
    return render(request, "rosters/no_answer.html", {"why": why}, status=404)
