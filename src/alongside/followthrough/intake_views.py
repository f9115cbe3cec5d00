"""Tell us: what it is about is asked first, on pages that keep nothing; then the words, and the code that opens them.

And the desk's page for what came on paper, by phone or by a partner.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from alongside.agencies.doors import public, staff
from alongside.agencies.requests import Request, StaffRequest
from alongside.core.care import boxes
from alongside.core.doing import or_say_on, status_of
from alongside.core.doors import keyed, public_form, same_for_strangers
from alongside.core.links import absolute
from alongside.followthrough import intake, queries
from alongside.followthrough.actions import Received
from alongside.followthrough.intake_forms import HandedInForm, TellUsForm
from alongside.followthrough.letters import url_of
from alongside.followthrough.models import DESK, Concern, rules_of
from alongside.people import consent
from alongside.places.models import Area, AreaKind


@public
@require_safe
@same_for_strangers
def tell_us(request: Request) -> HttpResponse:
    """What is it about? Nothing has been typed yet, and a stranger's page is every stranger's."""
    home = _neighborhood(request)
    here = f"?neighborhood={home.public_id}" if home is not None else ""
    return render(request, "followthrough/tell_us.html", {"neighborhood": home, "here": here})


@public
@require_safe
@same_for_strangers
def elsewhere(request: Request) -> HttpResponse:
    """Where to take danger, a crime, a complaint. One page for all three: its address does not tell which."""
    return render(request, "followthrough/elsewhere.html", {"rules": rules_of(request.agency)})


@never_cache
@public
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: Request) -> HttpResponse:
    """The words. What looks as if it belonged elsewhere is kept only once whoever wrote it has read where."""
    began = {"neighborhood": _neighborhood(request)}
    form = TellUsForm(request.POST or None, agency=request.agency, initial=began)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            received = intake.take(
                request.agency,
                form.intake(came=form.came, heard_on=request.agency.today()),
                key=f"web:{form.once}",
                withheld=form.apart,
                email=form.cleaned_data["email"],
            )
            return boxes.redirect(form, "followthrough:yours", request.agency.slug, received.code)
    apart = form.apart if form.is_bound else ""
    context = {
        "form": form,
        "apart": apart,
        "rules": rules_of(request.agency) if apart else None,
        "wall": consent.WALL,
        "promise": consent.CONTACT % {"days": request.agency.contact_retention_days},
    }
    return render(request, "followthrough/write.html", context, status=status_of(form))


def _neighborhood(request: Request) -> Area | None:
    """The neighborhood from whose page somebody came."""
    public_id = request.GET.get("neighborhood", "")
    if not public_id:
        return None
    here = Area.objects.visible_to(request.user, at=request.agency).of_kind(AreaKind.NEIGHBORHOOD)
    return here.listed().filter(public_id=public_id).first()


@keyed
@public
@require_safe
def yours(request: Request, code: str) -> HttpResponse:
    """The code, big, for whoever has just told us: to write down, to print, to save. It is shown to nobody else."""
    concern = queries.by_code(request.agency, code)
    if concern is None:
        return redirect("followthrough:page", request.agency.slug, code)
    if request.GET.get("as") == "file":
        return _as_file(request, code)
    return render(
        request,
        "followthrough/yours.html",
        {
            "concern": concern,
            "code": code,
            "url": url_of(request.agency.slug, code),
            "rules": rules_of(request.agency) if concern.is_withheld else None,
            "left_out": boxes.told_to(request),
        },
    )


def _as_file(request: Request, code: str) -> HttpResponse:
    """A few lines to keep: the code, and where it is typed."""
    lines = [
        request.agency.name,
        _("Your code: %(code)s") % {"code": code},
        absolute(reverse("followthrough:page", args=[request.agency.slug, code])),
        _("Whoever has it can read what you told us, and what becomes of it. We cannot find it for you."),
    ]
    answer = HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="code.txt"'
    return answer


# -- at the desk ------------------------------------------------------------------------------------
@staff(*DESK)
@cache_control(no_store=True, private=True)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: StaffRequest) -> HttpResponse:
    """Write down what came on paper, by phone or by a partner. The answer is the code to hand on, shown once."""
    form = HandedInForm(request.POST or None, agency=request.agency)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            received = intake.take(
                request.agency,
                form.intake(came=form.cleaned_data["came"], heard_on=form.cleaned_data["heard_on"]),
                key=f"desk:{form.once}",
                withheld=form.apart,
                by=request.user,
            )
            return _handed(request, received, form.told)
    return render(request, "followthrough/hand_in.html", {"form": form}, status=status_of(form))


def _handed(request: StaffRequest, received: Received, left_out: list[str]) -> HttpResponse:
    seen = Concern.objects.visible_to(request.user, at=request.agency).filter(pk=received.concern.pk)
    context = {
        "concern": received.concern,
        "code": received.code,
        "url": url_of(request.agency.slug, received.code),
        "may_see": seen.exists(),
        "left_out": left_out,
    }
    return render(request, "followthrough/handed.html", context)
