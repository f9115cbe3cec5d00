"""The workspace's view of what leaves: mail, and the background work that carries it.

Background work is the jobs room's, but that room lies below agencies and cannot know who may look.
"""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.core import demo
from alongside.core.doing import Why, again
from alongside.jobs.models import Job
from alongside.outreach import actions
from alongside.outreach.models import Mail, State
from alongside.outreach.panels import what_is_down
from alongside.outside import smtp

A_PAGE = 50


@staff(Role.COORDINATOR, Role.INFORMATION_OFFICER)
def mail_list(request: StaffRequest) -> HttpResponse:
    """What was written and how it went; the newest first. What waits, as it will leave."""
    mails = Mail.objects.visible_to(request.user, at=request.agency)
    state = request.GET.get("state", "")
    if state in State.values:
        mails = mails.filter(state=state)
    if state == State.WAITING:
        mails = mails.in_order()
    known = {
        "page": _page(request, mails),
        "states": State.choices,
        "state": state,
        "query": f"state={state}&" if state else "",
        "server": smtp.server() is not None,
        "silent": what_is_down(request.agency),
        # In the demo city nobody is behind an address, and the links in the words are worth following:
        # those that the reader may open.
        "show_words": demo.is_on(),
    }
    return render(request, "outreach/mail.html", known)


@require_POST
@staff(Role.COORDINATOR, Role.INFORMATION_OFFICER)
def mail_again(request: StaffRequest, public_id: str) -> HttpResponse:
    mails = Mail.objects.visible_to(request.user, at=request.agency)
    mail = get_object_or_404(mails, public_id=public_id)
    with (refused := Why()):
        actions.send_again(mail, by=request.user)
        messages.success(request, _("The mail is on its way again."))
        return redirect("outreach:mail", request.agency.slug)
    return again(request, refused, "outreach:mail", request.agency.slug)


@staff(Role.ADMINISTRATOR)
def work_list(request: StaffRequest) -> HttpResponse:
    """What waits, what runs, what failed."""
    jobs = Job.objects.of_agency(request.agency.pk)
    known = {
        "failed": jobs.dead().order_by("-finished_at")[:A_PAGE],
        "open": jobs.open().order_by("run_after", "pk")[:A_PAGE],
        "page": _page(request, jobs.done().order_by("-finished_at", "-pk")),
    }
    return render(request, "outreach/work.html", known)


@staff(Role.ADMINISTRATOR)
def work_detail(request: StaffRequest, public_id: str) -> HttpResponse:
    job = get_object_or_404(Job.objects.of_agency(request.agency.pk), public_id=public_id)
    return render(request, "outreach/work_detail.html", {"job": job})


@require_POST
@staff(Role.ADMINISTRATOR)
def work_again(request: StaffRequest, public_id: str) -> HttpResponse:
    job = get_object_or_404(Job.objects.of_agency(request.agency.pk), public_id=public_id)
    with (refused := Why()):
        actions.run_again(job, at=request.agency, by=request.user)
        messages.success(request, _("It will be tried again in a moment."))
        return redirect("outreach:work", request.agency.slug)
    return again(request, refused, "outreach:work", request.agency.slug)


def _page(request: StaffRequest, rows: Any) -> Any:
    return Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
