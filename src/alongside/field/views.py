"""What everybody may see of a day in the field, and what a partner says by link."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from alongside.agencies import bearers
from alongside.agencies.doors import public
from alongside.agencies.requests import Request
from alongside.core.doing import Why, or_say_on, status_of
from alongside.core.doors import keyed, public_form
from alongside.field import actions, passes, queries
from alongside.field.forms import LookBackForm, said_before
from alongside.field.models import LOOKING_BACK, EnforcementException, Pass
from alongside.gatherings.frame import shown_to_all
from alongside.gatherings.models import Gathering


@public
@require_safe
def recap(request: Request, gathering_id: str) -> HttpResponse:
    """What came of it; until then, by when we say it."""
    shown = Gathering.objects.visible_to(request.user, at=request.agency).open_to_all().with_places()
    gathering = shown_to_all(request, get_object_or_404(shown, public_id=gathering_id))
    recap = queries.recap_of(gathering)
    if recap is None:
        raise Http404
    return render(request, "field/recap.html", {"gathering": gathering, "recap": recap})


@keyed
@public
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def partner_look_back(request: Request, token: str) -> HttpResponse:
    """A partner who was there says how it was, and confirms what is said of enforcement. No account is needed."""
    try:
        opened = passes.pass_behind(token[:200], at=request.agency, purpose=LOOKING_BACK)
    except bearers.Useless as refusal:
        return render(request, "field/no_pass.html", {"why": refusal}, status=404)
    if request.method == "POST" and request.POST.get("act") == "confirm":
        return _confirm(request, opened, token)
    return _answer(request, opened)


def _answer(request: Request, opened: Pass) -> HttpResponse:
    gathering, partner = opened.gathering, opened.partner
    form = LookBackForm(request.POST or None, initial=_before(opened))
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            actions.say_quality(gathering, partner=partner, **form.quality)
            actions.observe(gathering, partner=partner, **form.marks)
            bearers.was_used(opened.by)
            kept = LookBackForm(initial=_before(opened))
            return _page(request, opened, form=kept, saved=True, left_out=form.told, status=200)
    return _page(request, opened, form=form, status=status_of(form))


def _confirm(request: Request, opened: Pass, token: str) -> HttpResponse:
    assert opened.partner is not None  # this door opens to a partner's pass alone
    with (refused := Why()):
        actions.confirm_exceptions(
            opened.gathering, partner=opened.partner, as_read=request.POST.get("as_read", "")[:400]
        )
    if refused:
        form = LookBackForm(initial=_before(opened))
        return _page(request, opened, form=form, refused=refused, status=status_of(refused))
    return redirect("field:partner-look-back", request.agency.slug, token)


def _before(opened: Pass) -> dict[str, object]:
    """What this partner said: their own words, which their link opens to them."""
    return said_before(*actions.said_by(opened.gathering, partner=opened.partner))


def _page(request: Request, opened: Pass, *, status: int, **context: object) -> HttpResponse:
    said = list(
        EnforcementException.objects.visible_to(request.user, at=request.agency).filter(
            gathering=opened.gathering
        )
    )
    context |= {
        "gathering": opened.gathering,
        "partner": opened.partner,
        "said": said,
        "as_read": actions.fingerprint(said),
        "all_confirmed": bool(said) and all(each.is_confirmed for each in said),
    }
    return render(request, "field/partner.html", context, status=status)
