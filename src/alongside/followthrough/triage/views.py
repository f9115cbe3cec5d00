"""The list of concerns: what waits, what is done to many and undone, replies, what is late, and who takes over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from alongside.agencies.doors import staff
from alongside.agencies.models import Member, Role
from alongside.agencies.requests import StaffRequest
from alongside.core.doing import UNDONE, Undone, Why, again, came_back, or_say_on, status_of
from alongside.followthrough.models import DESK, Bulk, Concern, Template
from alongside.followthrough.triage import bulk, handing_over, late
from alongside.followthrough.triage import replies as writing_replies
from alongside.followthrough.triage.forms import (
    BeginForm,
    FilterForm,
    HandOverForm,
    ManyForm,
    ReplyForm,
)
from alongside.followthrough.triage.listing import SHOWN, Sieve

A_PAGE = 50
KEPT = ("show", *FilterForm.base_fields)

reads = staff(*DESK)
works = staff(Role.COORDINATOR, Role.COMMANDER, Role.OFFICER)
answers = staff(Role.COORDINATOR, Role.COMMANDER)
coordinates = staff(Role.COORDINATOR)


# -- the list ---------------------------------------------------------------------------------------
@reads
@require_safe
def concerns(request: StaffRequest) -> HttpResponse:
    """What people told us, late promises first."""
    seen = Concern.objects.visible_to(request.user, at=request.agency)
    form = FilterForm(request.GET, agency=request.agency, user=request.user)
    sieve = Sieve(form.of(seen), request.member, request.agency)
    which = sieve.known(request.GET.get("show", ""))
    page = Paginator(sieve.rows(which).listed(), A_PAGE).get_page(request.GET.get("page"))
    kept = f"{form.kept}&" if form.kept else ""
    return render(
        request,
        "followthrough/concerns.html",
        {
            "page": page,
            "tabs": sieve.tabs(which, kept),
            "query": f"{kept}show={which}&",
            "kept": f"{kept}show={which}",
            "form": form,
            "which": which,
            "nothing_yet": not page.object_list and not seen.exists(),
            **_many(request),
        },
    )


def _many(request: StaffRequest) -> dict[str, Any]:
    """What may be done to those that are chosen, what was chosen before, and what can be undone."""
    if not request.member.holds([Role.COORDINATOR, Role.COMMANDER, Role.OFFICER]):
        return {}
    form = came_back(request, ManyForm) or ManyForm(agency=request.agency, user=request.user)
    undone: Undone | None = getattr(request, UNDONE, None)
    lately = Bulk.objects.visible_to(request.user, at=request.agency).filter(by=request.user).first()
    return {
        "many": form,
        "chosen": undone.said.getlist("chosen") if undone else [],
        "lately": lately if lately and bulk.may_be_undone(lately, member=request.member) else None,
    }


@works
@require_POST
def many(request: StaffRequest) -> HttpResponse:
    """Do one thing to those that were chosen."""
    back = _list(request)
    form = ManyForm(request.POST, agency=request.agency, user=request.user)
    chosen = request.POST.getlist("chosen")[: bulk.MOST + 1]
    if form.is_valid():
        rows = Concern.objects.visible_to(request.user, at=request.agency).filter(public_id__in=chosen)
        asked = _asked(request.POST.get("deed", ""), form)
        with or_say_on(form):
            done = bulk.do(request.agency, rows, asked, member=request.member, by=request.user)
            _say_done(request, done)
            return redirect(back)
    return again(request, form, back)


def _asked(deed: str, form: ManyForm) -> bulk.Asked:
    """Of what was chosen below, what this button means."""
    given = form.cleaned_data
    if deed == "assign":
        return bulk.Asked(deed, owner=given["owner"])
    return bulk.Asked(deed, category=given["category"], neighborhood=given["neighborhood"])


def _say_done(request: StaffRequest, done: bulk.Done) -> None:
    n = len(done.done)
    if n:
        messages.success(request, ngettext("%(n)d done.", "%(n)d done.", n) % {"n": n})
    elif not done.refused:
        messages.info(request, _("Nothing had to be changed."))
    for concern, why in done.refused[:5]:
        messages.info(request, f"{concern} ({concern.public_id}): {why}")
    more = len(done.refused) - 5
    if more > 0:
        words = ngettext("%(n)d more stayed as it was.", "%(n)d more stayed as they were.", more)
        messages.info(request, words % {"n": more})


@works
@require_POST
def undo(request: StaffRequest, public_id: str) -> HttpResponse:
    """What was done to many is undone, for those that nobody has touched since."""
    mine = Bulk.objects.visible_to(request.user, at=request.agency)
    row = get_object_or_404(mine, public_id=public_id)
    refused = Why()
    with refused:
        told = bulk.undo(row, member=request.member, by=request.user)
        n = len(told.restored)
        messages.success(request, ngettext("%(n)d as it was.", "%(n)d as they were.", n) % {"n": n})
        for concern in told.touched:
            words = _("%(what)s (%(id)s) stays as it is: somebody has worked on it since.")
            messages.info(request, words % {"what": concern, "id": concern.public_id})
        return redirect(_list(request))
    return again(request, refused, _list(request))


def _list(request: StaffRequest) -> str:
    kept = kept_of(request)
    return reverse("followthrough:concerns", args=[request.agency.slug]) + (f"?{kept}" if kept else "")


# -- one concern in its list ------------------------------------------------------------------------
def kept_of(request: StaffRequest) -> str:
    """Which list somebody came from, as its address says it; empty where they came by another way."""
    said = request.GET.copy()
    for name in list(said):
        if name not in KEPT or not said[name]:
            del said[name]
    return said.urlencode() if said.get("show", "") in SHOWN else ""


def beside(request: StaffRequest, concern: Concern) -> tuple[Concern | None, Concern | None]:
    """What stands before and after it in the list that somebody came from."""
    form = FilterForm(request.GET, agency=request.agency, user=request.user)
    seen = Concern.objects.visible_to(request.user, at=request.agency)
    sieve = Sieve(form.of(seen), request.member, request.agency)
    return sieve.beside(sieve.known(request.GET.get("show", "")), concern)


def replies_for(request: StaffRequest) -> BeginForm | None:
    """A reply to begin with, where there is one."""
    known = list(Template.objects.visible_to(request.user, at=request.agency))
    return BeginForm(templates=known) if known else None


def chosen_reply(request: StaffRequest) -> Template | None:
    """The reply that somebody would begin with."""
    chosen = Template.objects.visible_to(request.user, at=request.agency)
    return chosen.filter(public_id=request.POST.get("reply", "")).first()


# -- replies ----------------------------------------------------------------------------------------
@answers
def replies(request: StaffRequest) -> HttpResponse:
    """Replies to begin with, and a new one."""
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            writing_replies.keep(request.agency, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved. It stands where answers are written."))
            return redirect("followthrough:replies", request.agency.slug)
    known = Template.objects.visible_to(request.user, at=request.agency)
    return render(
        request, "followthrough/replies.html", {"form": form, "known": known}, status=status_of(form)
    )


@answers
def reply(request: StaffRequest, public_id: str) -> HttpResponse:
    """Change a reply."""
    template = _reply(request, public_id)
    form = ReplyForm(request.POST or None, initial={"name": template.name, "text": template.text})
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            writing_replies.keep(
                request.agency, by=request.user, template=_reply(request, public_id), **form.cleaned_data
            )
            messages.success(request, _("Saved. It stands where answers are written."))
            return redirect("followthrough:replies", request.agency.slug)
    return render(
        request, "followthrough/reply.html", {"form": form, "reply": template}, status=status_of(form)
    )


@answers
@require_POST
def delete_reply(request: StaffRequest, public_id: str) -> HttpResponse:
    """Nobody begins with it any more."""
    writing_replies.remove(_reply(request, public_id), by=request.user)
    messages.success(request, _("Deleted. What was sent stays sent."))
    return redirect("followthrough:replies", request.agency.slug)


def _reply(request: StaffRequest, public_id: str) -> Template:
    known = Template.objects.visible_to(request.user, at=request.agency)
    found: Template = get_object_or_404(known, public_id=public_id)
    return found


# -- what is late, and who takes over ---------------------------------------------------------------
@reads
@require_safe
def overdue(request: StaffRequest) -> HttpResponse:
    """What is late, by who commands where it lies: to be printed and talked through."""
    return render(
        request, "followthrough/overdue.html", {"late": late.by_commander(request.agency, request.user)}
    )


@answers
def hand_over(request: StaffRequest, public_id: str) -> HttpResponse:
    """Everything that somebody answers for goes to somebody else: all of it, or what lies in one division."""
    shown = Member.objects.visible_to(request.user, at=request.agency).select_related("rank", "agency")
    leaving = get_object_or_404(shown, public_id=public_id)
    form = HandOverForm(request.POST or None, leaving=leaving, reader=request.user)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form, "to"):
            moved = handing_over.hand_over(leaving, by=request.user, **form.cleaned_data)
            words = ngettext("%(n)d promise was handed over.", "%(n)d promises were handed over.", moved)
            messages.success(request, words % {"n": moved} if moved else _("Nothing was left to hand over."))
            return redirect("followthrough:hand-over", request.agency.slug, public_id)
    left = handing_over.left_by(leaving, reader=request.user)
    return render(
        request,
        "followthrough/hand_over.html",
        {
            "leaving": leaving,
            "form": form,
            "concerns": left.concerns[:A_PAGE],
            "promises": left.promises[:A_PAGE],
            "count": left.count,
            "divisions": handing_over.divisions_of(leaving, reader=request.user),
        },
        status=status_of(form),
    )
