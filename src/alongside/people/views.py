"""Pages about people: staff by rank, who commands where, and the partners who walk with us."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from alongside.agencies import bearers
from alongside.agencies.doors import public, staff
from alongside.agencies.models import Member, Role
from alongside.agencies.requests import Request, StaffRequest
from alongside.core.doing import or_say_on, status_of
from alongside.core.doors import keyed, public_form
from alongside.outside import texts
from alongside.people import actions, consent, queries
from alongside.people.forms import CommandForm, OwnEntry, PartnerForm, PeopleUpload
from alongside.people.models import Partner, PartnerKind
from alongside.people.tables import understand_partners, understand_staff
from alongside.places.models import Area, AreaKind, labels_of
from alongside.places.sheets import SHEET, Sheet

A_PAGE = 50
TROUBLES_SHOWN = 10

reads = staff(Role.COORDINATOR, Role.COMMANDER)
changes = staff(Role.COORDINATOR)


@reads
def staff_list(request: StaffRequest) -> HttpResponse:
    """Everybody who works here, by rank, and who commands which division."""
    members = (
        Member.objects.visible_to(request.user, at=request.agency)
        .active()
        .select_related("rank")
        .prefetch_related("duties")
        .order_by(F("rank__level").asc(nulls_last=True), "name")
    )
    rows = Area.objects.visible_to(request.user, at=request.agency).active().listed()
    commanders = queries.commanders(request.agency, on=request.agency.today())
    divisions = [
        {"area": area, "member": commanders.get(area.pk)} for area in rows.of_kind(AreaKind.DIVISION)
    ]
    return render(
        request,
        "people/staff.html",
        {"members": members, "divisions": divisions, "words": labels_of(request.agency)[AreaKind.DIVISION]},
    )


@changes
def command(request: StaffRequest, public_id: str) -> HttpResponse:
    """Who takes command of a division."""
    rows = Area.objects.visible_to(request.user, at=request.agency).of_kind(AreaKind.DIVISION).listed()
    division = get_object_or_404(rows, public_id=public_id)
    form = CommandForm(request.POST or None, agency=request.agency)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with or_say_on(form):
            actions.give_command(division, to=given["member"], since=given["since"], by=request.user)
            messages.success(request, pgettext("message", "Saved."))
            return redirect("people:staff", request.agency.slug)
    history = division.commanders.select_related("member__rank").order_by("-since")
    return render(
        request,
        "people/command.html",
        {"form": form, "division": division, "history": history},
        status=status_of(form),
    )


@changes
def staff_import(request: StaffRequest) -> HttpResponse:
    """Add members of staff from a table. Nobody is invited by it."""
    return _import(
        request,
        lambda sheet: actions.keep_staff(request.agency, understand_staff(sheet), by=request.user),
        title=_("Import staff"),
        columns="name, rank, roles, division",
        back="people:staff",
    )


@reads
def partners(request: StaffRequest) -> HttpResponse:
    """The partners, by kind."""
    rows = Partner.objects.visible_to(request.user, at=request.agency)
    counts = Counter(rows.values_list("kind", flat=True))
    kind = request.GET.get("kind", "")
    shown = rows.filter(kind=kind) if kind in PartnerKind.values else rows
    page = Paginator(shown.order_by("-active", "name", "pk").prefetch_related("areas"), A_PAGE).get_page(
        request.GET.get("page")
    )
    tabs = [
        {
            "label": _("All (%(n)s)") % {"n": sum(counts.values())},
            "url": "?",
            "current": kind not in PartnerKind.values,
        },
        *(
            {"label": f"{label} ({counts[each]})", "url": f"?kind={each}", "current": each == kind}
            for each, label in PartnerKind.choices
            if counts[each]
        ),
    ]
    query = f"kind={kind}&" if kind in PartnerKind.values else ""
    return render(request, "people/partners.html", {"page": page, "tabs": tabs, "query": query})


@changes
def partner(request: StaffRequest, public_id: str | None = None) -> HttpResponse:
    """Add a partner, or change one."""
    rows = Partner.objects.visible_to(request.user, at=request.agency)
    partner = get_object_or_404(rows, public_id=public_id) if public_id else Partner(agency=request.agency)
    form = PartnerForm(request.POST or None, instance=partner, agency=request.agency)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form, "name"):
            kept = actions.save_partner(form.instance, areas=form.cleaned_data["areas"], by=request.user)
            messages.success(request, _("%(name)s is kept.") % {"name": kept.name})
            return redirect("people:partners", request.agency.slug)
    return render(
        request,
        "people/partner.html",
        {"form": form, "partner": partner if public_id else None},
        status=status_of(form),
    )


@changes
@require_POST
@cache_control(no_store=True, private=True)
def partner_link(request: StaffRequest, public_id: str) -> HttpResponse:
    """Make a partner's link. It is shown this once: only its digest is kept."""
    rows = Partner.objects.visible_to(request.user, at=request.agency)
    partner = get_object_or_404(rows, public_id=public_id)
    token = actions.link_partner(partner, by=request.user)
    # From the settings, not from the request: the page may be asked for by another of the machine's names.
    link = settings.ALONGSIDE.url + reverse("people:own-entry", args=[request.agency.slug, token])
    return render(
        request, "people/partner_link.html", {"partner": partner, "link": link, "days": actions.LINK_DAYS}
    )


@changes
def partner_import(request: StaffRequest) -> HttpResponse:
    """Add partners from a table."""
    return _import(
        request,
        lambda sheet: actions.keep_partners(request.agency, understand_partners(sheet), by=request.user),
        title=_("Import partners"),
        columns="name, kind, areas, contact, email, phone, language, listed",
        back="people:partners",
    )


def _import(
    request: Request, keep: Callable[[Sheet], actions.PeopleImported], *, back: str, **words: str
) -> HttpResponse:
    """Take a table in, and say what became of its rows."""
    form = PeopleUpload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form, "file"):
            done = keep(SHEET.read(texts.of_upload(form.cleaned_data["file"])))
            _say(request, done)
            return redirect(back, request.agency.slug)
    return render(
        request,
        "people/import.html",
        {"form": form, "back": back, **words},
        status=status_of(form),
    )


def _say(request: Request, done: actions.PeopleImported) -> None:
    """What an import did, and each row that it could not use."""
    messages.success(
        request,
        _("%(rows)s rows: %(added)s new, %(changed)s changed, %(unchanged)s as before.")
        % {"rows": done.rows, "added": done.added, "changed": done.changed, "unchanged": done.unchanged},
    )
    for trouble in done.set_aside[:TROUBLES_SHOWN]:
        messages.info(request, _("Line %(line)s was set aside: %(reason)s.") % trouble)
    if done.areas_not_known:
        names = ", ".join(done.areas_not_known[:TROUBLES_SHOWN])
        messages.info(request, _("There are no areas called: %(names)s.") % {"names": names})


# -- by link --------------------------------------------------------------------------------------
@keyed
@public
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def own_entry(request: Request, token: str) -> HttpResponse:
    """A partner's own entry. Looking changes nothing: mail programs follow links by themselves."""
    try:
        partner = actions.partner_behind(token, at=request.agency)
    except bearers.Useless as refusal:
        return render(request, "people/no_entry.html", {"why": refusal}, status=404)
    form = OwnEntry(request.POST or None, instance=partner, agency=request.agency)
    context: dict[str, Any] = {"promise": consent.PARTNER, "token": token}
    if request.method == "POST" and form.is_valid():
        with or_say_on(form, "name"):
            partner = actions.correct_partner(token, actions.Entry(**form.cleaned_data), at=request.agency)
            context |= {"saved": True, "left_out": form.told}
            form = OwnEntry(instance=partner, agency=request.agency)
    context |= {"form": form, "partner": partner}
    return render(request, "people/own_entry.html", context, status=status_of(form))
