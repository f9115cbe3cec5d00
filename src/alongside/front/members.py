"""Pages on which an administrator lets people in, and on which these come in."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST

from alongside.agencies import accounts, actions, bearers
from alongside.agencies.doors import public, staff
from alongside.agencies.models import Bearer, Invitation, Member, Role, User
from alongside.agencies.requests import Request, StaffRequest
from alongside.core.doing import or_say_on, status_of
from alongside.core.doors import keyed
from alongside.core.errors import Refusal
from alongside.front import morning
from alongside.front.actions import invite
from alongside.front.forms import MemberForm, NewPassword, YourAccount


@staff(Role.ADMINISTRATOR)
def members(request: StaffRequest) -> HttpResponse:
    """Everybody who works here or with us, and what each may do."""
    members = (
        Member.objects.visible_to(request.user, at=request.agency)
        .select_related("rank", "user", "invitation")
        .prefetch_related("duties")
    )
    return render(request, "front/members.html", {"members": members})


@staff(Role.ADMINISTRATOR)
def member_add(request: StaffRequest) -> HttpResponse:
    form = MemberForm(request.POST or None, agency=request.agency)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        member = actions.add_member(
            request.agency,
            name=given["name"],
            roles=given["roles"],
            rank=given["rank"],
            employee=given["employee"],
            by=request.user,
        )
        if given["email"]:
            return _invited(request, member, given["email"])
        messages.success(request, _("%(name)s was added.") % {"name": member})
        return redirect("front:members", request.agency.slug)
    return render(request, "front/member_form.html", {"form": form}, status=status_of(form))


@staff(Role.ADMINISTRATOR)
def member_edit(request: StaffRequest, public_id: str) -> HttpResponse:
    rows = Member.objects.visible_to(request.user, at=request.agency).select_related("rank")
    member = get_object_or_404(rows, public_id=public_id)
    known = {
        "name": member.name,
        "rank": member.rank,
        "roles": list(member.roles),
        "employee": member.employee,
        "active": member.active,
    }
    held = _held_by(request, member)
    form = MemberForm(
        request.POST or None, initial=known, agency=request.agency, member=member, held=len(held)
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with or_say_on(form):
            actions.change_member(
                member,
                name=given["name"],
                rank=given["rank"],
                employee=given["employee"],
                roles=given["roles"],
                active=given["active"],
                by=request.user,
            )
            if given["email"]:
                return _invited(request, member, given["email"])
            messages.success(request, _saved(len(held) - len(_held_by(request, member))))
            return redirect("front:members", request.agency.slug)
    context = {"form": form, "subject": member, "held": held, "person": member.key, "number": len(held)}
    return render(request, "front/member_form.html", context, status=status_of(form))


def _held_by(request: StaffRequest, member: Member) -> list[bearers.Held]:
    """What this person has, and what opens something still."""
    rows = Bearer.objects.visible_to(request.user, at=request.agency)
    return bearers.still_held(rows.had_by(member.key))


def _saved(ended: int) -> str:
    if not ended:
        return pgettext("message", "Saved.")
    return ngettext(
        "Saved. %(n)d link or pass ended with it.", "Saved. %(n)d links and passes ended with it.", ended
    ) % {"n": ended}


def _invited(request: StaffRequest, member: Member, email: str) -> HttpResponse:
    link = invite(member, email=email, by=request.user)
    return render(request, "front/invited.html", {"subject": member, "email": email, "link": link})


@keyed
@public
def invitation(request: Request, token: str) -> HttpResponse:
    """Where an invited person chooses a password. Looking at it changes nothing; mail scanners look too."""
    try:
        invitation: Invitation = actions.open_invitation(token)
    except bearers.Useless as refusal:
        return render(request, "front/invitation_useless.html", {"why": refusal}, status=410)
    account = actions.account_of(invitation)
    if account is not None:
        return _bring_account(request, invitation, account, token)
    form = NewPassword(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.accept_invitation(token, password=form.cleaned_data["password"])
        except Refusal as refusal:
            return render(request, "front/invitation_useless.html", {"why": refusal}, status=410)
        accounts.begin(request, user)
        return redirect("front:workspace", invitation.agency.slug)
    context = {"form": form, "invitation": invitation}
    return render(request, "front/invitation.html", context, status=status_of(form))


def _bring_account(request: Request, invitation: Invitation, account: User, token: str) -> HttpResponse:
    """Somebody with an account signs in as always, second step and all; then one button joins this agency too."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.user != account:
        why = _("This invitation is for %(email)s. Sign out, then open it again.") % {
            "email": invitation.email
        }
        return render(request, "front/invitation_useless.html", {"why": why}, status=403)
    if request.method == "POST":
        try:
            actions.accept_invitation(token, by=request.user)
        except Refusal as refusal:
            return render(request, "front/invitation_useless.html", {"why": refusal}, status=410)
        return redirect("front:workspace", invitation.agency.slug)
    return render(request, "front/invitation.html", {"form": None, "invitation": invitation})


@staff()
def you(request: StaffRequest) -> HttpResponse:
    """What somebody says of themselves: in which language their mail comes, and whether it comes in the morning."""
    said = {"language": request.user.language, "morning": morning.is_wanted(request.member)}
    form = YourAccount(request.POST or None, initial=said, agency=request.agency)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            actions.set_language(request.user, language=form.cleaned_data["language"])
            morning.want(request.member, wanted=form.cleaned_data["morning"])
            messages.success(request, pgettext("message", "Saved."))
            return redirect("front:you", request.agency.slug)
    return render(request, "front/you.html", {"form": form}, status=status_of(form))


def _ladder(request: StaffRequest) -> list[str]:
    """The ranks typed, each as long as the ladder has room for."""
    return [name.strip()[:60] for name in request.POST.get("ranks", "").replace("\0", "").splitlines()[:60]]


@require_POST
@staff(Role.ADMINISTRATOR)
def ranks(request: StaffRequest) -> HttpResponse:
    """Set the ladder of ranks, from one text box."""
    actions.set_ranks(request.agency, names=_ladder(request), by=request.user)
    messages.success(request, _("Ranks saved."))
    return redirect("front:settings", request.agency.slug)
