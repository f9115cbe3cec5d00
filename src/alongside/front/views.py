"""Home pages, first run, and the workspace's own pages."""

from datetime import date
from math import isinf
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import connection
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from alongside.agencies import accounts, actions, audit, second_step, statements
from alongside.agencies.doors import public, staff
from alongside.agencies.models import Agency, AuditEntry, Rank, Role
from alongside.agencies.requests import Request, SignedInRequest, SiteRequest, StaffRequest
from alongside.core import doors, spreadsheets
from alongside.core.doing import Why, again, or_say_on, status_of
from alongside.core.doors import same_for_strangers
from alongside.front import keeping, queries, setup
from alongside.front.actions import set_up_install
from alongside.front.forms import AgencySettings, FirstAgency, Ranks
from alongside.front.templatetags.audit import detail_in_words
from alongside.gatherings.models import Rsvp


@public
def install(request: SiteRequest) -> HttpResponse:
    """The agencies that run their programs here; where there is one, its own page."""
    if setup.is_open() and not Agency.objects.exists():
        return redirect("front:setup")
    agencies = list(Agency.objects.visible_to(request.user)[:500])
    if len(agencies) == 1:
        return redirect("front:home", agencies[0].slug)
    return render(request, "front/install.html", {"agencies": agencies})


TRIES = 20  # the code is short enough to type; nobody may try all of them


@never_cache
@public
def first_run(request: SiteRequest) -> HttpResponse:
    """Set up the first agency, by whoever holds the code that the terminal shows."""
    if not setup.is_open():
        raise Http404
    if request.method == "POST" and doors.too_many(request, "setup", TRIES):
        return render(request, "429.html", {"why": _("Too many tries. Wait ten minutes.")}, status=429)
    form = FirstAgency(request.POST or None, initial={"code": request.GET.get("code", "")[:20]})
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "code"}
        with or_say_on(form):
            agency, user = set_up_install(**given)
            accounts.begin(request, user)
            return redirect("front:checklist", agency.slug)
    return render(request, "front/setup.html", {"form": form}, status=status_of(form))


@public
@same_for_strangers
def home(request: Request) -> HttpResponse:
    """An agency's public first page."""
    return render(request, "front/home.html", queries.home(request.user, request.agency))


@public
@same_for_strangers
def wall(request: Request) -> HttpResponse:
    """How it is kept that nothing said here is used for enforcement."""
    days = request.agency.days_kept("contact_retention_days", Rsvp)
    return render(request, "front/wall.html", {"days": None if isinf(days) else days})


@public
@same_for_strangers
def what_we_keep(request: Request) -> HttpResponse:
    """What is kept of people, why, how long, who sees it, and how to have it deleted now."""
    copies = {"copies_days": settings.ALONGSIDE.copies_days, "overwrites": connection.vendor == "sqlite"}
    return render(request, "front/what_we_keep.html", {"kept": keeping.kept(request.agency), **copies})


#: When somebody last went through the pages for the statement below, and tried what it says.
LOOKED_AT = date(2026, 11, 30)


@public
@same_for_strangers
def accessibility(request: Request) -> HttpResponse:
    """What is met of the guidelines for accessibility, how that is known, what is not, and whom to tell."""
    return render(request, "front/accessibility.html", {"looked_at": LOOKED_AT})


def after_sign_in(request: SignedInRequest) -> HttpResponse:
    """To the workspace of the agency one works for."""
    if request.user.half_signed_in:
        return second_step.lead_on(request)
    member = (
        request.user.memberships.filter(active=True).select_related("agency").order_by("agency__name").first()
    )
    if member is None:
        return redirect("front:install")
    sets_up = member.holds([Role.ADMINISTRATOR]) and setup.has_to_begin(member.agency)
    return redirect("front:checklist" if sets_up else "front:workspace", member.agency.slug)


@staff()
def this_week(request: StaffRequest) -> HttpResponse:
    """What there is to do this week."""
    return render(request, "front/this_week.html", queries.this_week(request.user, request.agency))


@staff(Role.ADMINISTRATOR, Role.COORDINATOR)
def checklist(request: StaffRequest) -> HttpResponse:
    """What is set up, and what could come next."""
    return render(request, "front/checklist.html", {"steps": setup.steps(request.agency)})


@staff(Role.ADMINISTRATOR, Role.COORDINATOR)
def statements_page(request: StaffRequest) -> HttpResponse:
    """What public pages say in the agency's name: read, accepted or taken back by a person."""
    if request.method == "POST":
        change = statements.take_back if "take-back" in request.POST else statements.accept
        name = request.POST.get("take-back") or request.POST.get("accept", "")
        refused = Why()
        with refused:
            change(request.agency, name, by=request.user)
            messages.success(request, pgettext("message", "Saved."))
            return redirect("front:statements", request.agency.slug)
        return again(request, refused, "front:statements", request.agency.slug)
    return render(request, "front/statements.html", {"statements": statements.of(request.agency)})


@staff(Role.ADMINISTRATOR)
def agency_settings(request: StaffRequest) -> HttpResponse:
    """The agency's own words and settings."""
    agency = Agency.objects.get(
        pk=request.agency.pk
    )  # the form writes into it, the page's header must not change
    form = AgencySettings(request.POST or None, instance=agency)
    if request.method == "POST" and form.is_valid():
        if changed := form.changes():
            actions.change_agency(agency, by=request.user, **changed)
        messages.success(request, pgettext("message", "Saved."))
        return redirect("front:settings", request.agency.slug)
    names = Rank.objects.visible_to(request.user, at=request.agency).values_list("name", flat=True)
    context = {"form": form, "ranks": Ranks(initial={"ranks": "\n".join(names)})}
    return render(request, "front/settings.html", context, status=status_of(form))


AUDIT_READERS = (Role.COORDINATOR, Role.COMMANDER, Role.INFORMATION_OFFICER, Role.RECORDS_OFFICER)


@staff(*AUDIT_READERS)
def audit_trail(request: StaffRequest) -> HttpResponse:
    """Who did what to which thing, when. The newest first."""
    entries = _audit_entries(request)
    page = Paginator(entries, 50).get_page(request.GET.get("page"))
    kinds = (
        AuditEntry.objects.visible_to(request.user, at=request.agency)
        .order_by("thing_kind")
        .values_list("thing_kind", flat=True)
        .distinct()
    )
    return render(
        request, "front/audit.html", {"page": page, "kinds": kinds, "kind": request.GET.get("kind", "")}
    )


@staff(*AUDIT_READERS)
def audit_csv(request: StaffRequest) -> HttpResponseBase:
    """The same, as a file; that it was taken is written down too."""
    audit.record(
        agency=request.agency, by=request.user, verb="exported the audit trail of", thing=request.agency
    )
    local = request.agency.local
    rows = (
        [
            local(each.at).isoformat(),
            _(each.actor_name),
            pgettext("deed", each.verb),
            _(each.thing_kind),
            str(each.thing_name),
            each.thing_id,
            detail_in_words(each.detail),
        ]
        for each in _audit_entries(request).iterator(chunk_size=1000)
    )
    head = ["at", "who", "did", "kind", "thing", "id", "with"]
    return spreadsheets.download(f"audit-{request.agency.slug}.csv", head, rows)


def _audit_entries(request: StaffRequest) -> Any:
    entries = AuditEntry.objects.visible_to(request.user, at=request.agency)
    kind = request.GET.get("kind", "")
    return entries.filter(thing_kind=kind) if kind else entries
