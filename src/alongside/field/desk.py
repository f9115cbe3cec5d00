"""What was heard, at the desk: notes and what is held, photos to look at, counts, passes, paper, the recap."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from alongside.agencies import bearers
from alongside.agencies.doors import staff
from alongside.agencies.models import Role, User
from alongside.agencies.requests import StaffRequest
from alongside.core import clock, languages
from alongside.core.care import wording
from alongside.core.doing import Why, again, came_back, or_say_on, status_of
from alongside.core.errors import Refusal
from alongside.core.links import absolute
from alongside.core.origins import Origin
from alongside.field import actions, passes, queries
from alongside.field.forms import (
    AltForm,
    CameForm,
    ExceptionForm,
    LookBackForm,
    PaperCard,
    PartnerPassForm,
    PassForm,
    RecapForm,
    paper_cards,
    said_before,
)
from alongside.field.models import (
    LOOKING_BACK,
    SCRIBE,
    ContactQuality,
    DeskQuerySet,
    EnforcementException,
    HeadCount,
    Note,
    Observation,
    Pass,
    Recap,
)
from alongside.gatherings import actions as gatherings
from alongside.gatherings.frame import at_desk
from alongside.gatherings.models import Gathering
from alongside.media import actions as media
from alongside.media.models import Picture, PictureQuerySet
from alongside.people.models import Partner

A_PAGE = 100
answers = staff(Role.COORDINATOR, Role.COMMANDER)
# Photos of places hold nothing that was said: whoever clears words for the public clears them, too.
clears = staff(Role.COORDINATOR, Role.COMMANDER, Role.INFORMATION_OFFICER)
was_there = staff(Role.COORDINATOR, Role.COMMANDER, Role.OFFICER)


@answers
@require_safe
def desk(request: StaffRequest) -> HttpResponse:
    """Every gathering of the last weeks, with what waits for a person."""
    return render(request, "field/desk.html", {"lines": queries.lately(request.user, request.agency)})


@answers
@require_safe
def heard(request: StaffRequest, gathering_id: str) -> HttpResponse:
    """One gathering: what was said, what is held, who was counted, which phones may write."""
    gathering = at_desk(request, gathering_id)
    notes = (
        Note.objects.visible_to(request.user, at=request.agency)
        .heard_at(gathering)
        .select_related("concern", "agency")
    )
    held = list(notes.held())
    others = notes.exclude(pk__in=[note.pk for note in held])
    page = Paginator(others, A_PAGE).get_page(request.GET.get("page"))
    guides = queries.guidances(request.agency)
    counts = queries.latest_counts(
        HeadCount.objects.visible_to(request.user, at=request.agency).heard_at(gathering)
    )
    return render(
        request,
        "field/heard.html",
        {
            "gathering": gathering,
            "held": [(note, guides[note.concern.withheld]) for note in held],
            "page": page,
            "theirs": queries.concerns_open_to(request.user, gathering, page.object_list),
            "counts": counts,
            "came": came_back(request, CameForm)
            or CameForm(
                initial={"came": _proposed(gathering, counts), "walk_ups": gathering.walk_ups},
                gathering=gathering,
            ),
            "looks": queries.looked_back(request.user, gathering),
            **_enforcement(request, gathering),
            "passes": bearers.held([each.by for each in _passes(request, gathering)]),
            "pass_form": came_back(request, PassForm) or PassForm(gathering=gathering, by=request.user),
            "partner_form": came_back(request, PartnerPassForm)
            or PartnerPassForm(agency=request.agency, by=request.user),
            "recap": queries.recap_promise(gathering),
        },
    )


def _proposed(gathering: Gathering, counts: list[HeadCount]) -> int | None:
    return queries.proposed(counts) if gathering.came is None else gathering.came


@answers
@require_POST
def settle(request: StaffRequest, gathering_id: str, public_id: str) -> HttpResponse:
    """What becomes of a note that was held."""
    gathering = at_desk(request, gathering_id)
    rows = Note.objects.visible_to(request.user, at=request.agency).heard_at(gathering)
    note = get_object_or_404(rows, public_id=public_id)
    return _try(
        request, gathering_id, lambda: actions.settle(note, how=_word(request, "how"), by=request.user)
    )


@answers
@require_POST
def came(request: StaffRequest, gathering_id: str) -> HttpResponse:
    """A person says how many came; the phones only proposed."""
    gathering = at_desk(request, gathering_id)
    form = CameForm(request.POST, gathering=gathering)
    if form.is_valid():
        with or_say_on(form):
            gatherings.mark_held(gathering, by=request.user, **form.cleaned_data)
            messages.success(request, pgettext("message", "Saved."))
            return redirect("field:heard", request.agency.slug, gathering_id)
    return again(request, form, "field:heard", request.agency.slug, gathering_id)


# -- passes ---------------------------------------------------------------------------------------
@never_cache
@answers
@require_POST
def open_pass(request: StaffRequest, gathering_id: str) -> HttpResponse:
    """A new link for a scribe's phone, shown once."""
    gathering = at_desk(request, gathering_id)
    form = PassForm(request.POST, gathering=gathering, by=request.user)
    if form.is_valid():
        with or_say_on(form):
            token = passes.open_pass(gathering, to=form.to, by=request.user)
            return _hand_over(request, gathering, f"{_phone_page(gathering)}#{token}", None)
    return again(request, form, "field:heard", request.agency.slug, gathering_id)


@never_cache
@answers
@require_POST
def open_partner_pass(request: StaffRequest, gathering_id: str) -> HttpResponse:
    """A link by which a partner looks back on this gathering, shown once."""
    gathering = at_desk(request, gathering_id)
    form = PartnerPassForm(request.POST, agency=request.agency, by=request.user)
    if form.is_valid():
        partner = form.cleaned_data["partner"]
        with or_say_on(form):
            token = passes.open_pass(gathering, to=partner, by=request.user)
            return _hand_over(request, gathering, _look_back_link(request, token), partner)
    return again(request, form, "field:heard", request.agency.slug, gathering_id)


def _hand_over(
    request: StaffRequest, gathering: Gathering, link: str, partner: Partner | None
) -> HttpResponse:
    purpose = LOOKING_BACK if partner else SCRIBE
    days = {
        "opens": passes.opens(gathering),
        "closes": passes.ends(gathering, purpose, made_at=clock.now()),
        "late": not partner and passes.is_late(gathering),
    }
    context = {"gathering": gathering, "link": link, "days": days, "partner": partner}
    return render(request, "field/pass.html", context)


@answers
@require_POST
def revoke(request: StaffRequest, gathering_id: str, public_id: str) -> HttpResponse:
    gathering = at_desk(request, gathering_id)
    given = get_object_or_404(_passes(request, gathering), bearer__public_id=public_id)
    return _try(
        request,
        gathering_id,
        lambda: bearers.end(given.by, by=request.user),
        _("This link opens nothing any more."),
    )


# -- photos ---------------------------------------------------------------------------------------
@clears
@require_safe
def photos(request: StaffRequest, gathering_id: str) -> HttpResponse:
    """Photos of places from one gathering: those that wait to be looked at, and those cleared."""
    gathering = at_desk(request, gathering_id)
    sent = _photos(request, gathering)
    context = {
        "gathering": gathering,
        "waiting": [
            (photo, came_back(request, AltForm, prefix=photo.public_id) or AltForm(prefix=photo.public_id))
            for photo in sent.waiting()
        ],
        "cleared": sent.cleared(),
    }
    return render(request, "field/photos.html", context)


@clears
@require_POST
def decide(request: StaffRequest, public_id: str) -> HttpResponse:
    """Clear a picture with words for what it shows, or refuse it and delete the file."""
    shown = Picture.objects.visible_to(request.user, at=request.agency)
    photo = get_object_or_404(shown, public_id=public_id)
    gathering = at_desk(request, Origin.of(photo.origin).public_id)
    if _word(request, "how") == "refuse":
        return _try(
            request,
            gathering.public_id,
            lambda: media.refuse(photo, by=request.user),
            pgettext("message", "Deleted."),
            to="field:photos-desk",
        )
    form = AltForm(request.POST, prefix=public_id)
    if form.is_valid():
        with or_say_on(form, "alt"):
            media.clear(photo, alt=form.cleaned_data["alt"], by=request.user)
            messages.success(request, _("Cleared. It may be shown with the recap."))
            return redirect("field:photos-desk", request.agency.slug, gathering.public_id)
    return again(request, form, "field:photos-desk", request.agency.slug, gathering.public_id)


# -- paper ----------------------------------------------------------------------------------------
@was_there
def cards(request: StaffRequest, gathering_id: str) -> HttpResponse:
    """Five minutes after everybody left, from paper cards: the same questions, several notes at once."""
    gathering = at_desk(request, gathering_id)
    forms = paper_cards(request.POST or None)
    kept: list[dict[str, Any]] = []
    if request.method == "POST":
        forms = [form for form in forms if not _is_kept(request, gathering, form, kept)]
        if not forms or all(form.is_blank for form in forms):
            forms = paper_cards()
    wrong = any(form.errors for form in forms)
    context = {
        "gathering": gathering,
        "cards": forms,
        "kept": kept,
        "wrong": wrong,
        "streets": queries.streets_of(gathering),
        "consent": languages.in_each(wording.CONSENT, request.agency.languages),
        "said": ngettext("%(n)d note is kept.", "%(n)d notes are kept.", len(kept)) % {"n": len(kept)},
    }
    return render(request, "field/cards.html", context, status=status_of(wrong))


def _is_kept(
    request: StaffRequest, gathering: Gathering, form: PaperCard, kept: list[dict[str, Any]]
) -> bool:
    """Keep one card; a bad one stays on the page with what is wrong, and keeps no other back."""
    if not form.is_valid() or form.is_blank:
        return False
    given = form.cleaned_data
    try:
        note = actions.write_note(
            gathering,
            actions.Jotting(
                wants_answer=given["wants_answer"],
                **{name: given[name] for name in ("kind", "category", "words", "place", "language", "code")},
            ),
            client_id=form.note_id,
            by=request.user,
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    replaced = bool(given["code"]) and _bare(note.code) != _bare(given["code"])
    kept.append({"note": note, "guidance": queries.guidance(note), "replaced": replaced})
    return True


def _bare(code: str) -> str:
    return "".join(mark for mark in code.upper() if mark.isalnum())


# -- looking back ---------------------------------------------------------------------------------
@staff()
def look_back(request: StaffRequest, gathering_id: str) -> HttpResponse:
    """How it was, as a member saw it: short, and every question may be left out."""
    gathering, member = at_desk(request, gathering_id), request.member
    before = said_before(
        ContactQuality.objects.visible_to(request.user, at=request.agency)
        .filter(gathering=gathering, member=member)
        .first(),
        Observation.objects.visible_to(request.user, at=request.agency)
        .filter(gathering=gathering, member=member)
        .first(),
    )
    form = LookBackForm(request.POST or None, initial=before)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            actions.say_quality(gathering, member=member, **form.quality)
            actions.observe(gathering, member=member, **form.marks)
            messages.success(request, _("Thank you. You can change your answers here."))
            return redirect("field:look-back", request.agency.slug, gathering_id)
    context = {
        "gathering": gathering,
        "form": form,
        **_enforcement(request, gathering),
        "exception_form": came_back(request, ExceptionForm) or ExceptionForm(),
    }
    return render(request, "field/look_back.html", context, status=status_of(form))


@was_there
@require_POST
def say_exception(request: StaffRequest, gathering_id: str) -> HttpResponse:
    """What enforcement there was, as kind and count. It is public at once."""
    gathering, form = at_desk(request, gathering_id), ExceptionForm(request.POST)
    if form.is_valid():
        with or_say_on(form):
            actions.say_exception(
                gathering,
                kind=form.cleaned_data["kind"],
                count=form.cleaned_data["count"] or 0,
                by=request.user,
            )
            messages.success(request, _("Written down. It shows on the page of the recap."))
            return redirect("field:look-back", request.agency.slug, gathering_id)
    return again(request, form, "field:look-back", request.agency.slug, gathering_id)


# -- the recap ------------------------------------------------------------------------------------
@answers
def recap(request: StaffRequest, gathering_id: str) -> HttpResponse:
    """Draw, write, approve, publish: one page, one step after the other."""
    gathering = at_desk(request, gathering_id)
    recap = Recap.objects.visible_to(request.user, at=request.agency).filter(gathering=gathering).first()
    if request.method == "POST":
        return _next_step(request, gathering, recap)
    return _recap_page(request, gathering, recap, _recap_form(request, gathering, recap))


def _next_step(request: StaffRequest, gathering: Gathering, recap: Recap | None) -> HttpResponse:
    act, there = _word(request, "act"), ("field:recap-desk", request.agency.slug, gathering.public_id)
    if recap is not None and act in {"save", "draw"}:
        form = _recap_form(request, gathering, recap, request.POST)
        if form.is_valid():
            with or_say_on(form):
                _keep(recap, form, draw=act == "draw", by=request.user)
                messages.success(request, _("Saved. Now somebody with a name approves it."))
                return redirect(*there)
        return _recap_page(request, gathering, recap, form)
    with (refused := Why()):
        if recap is None:
            actions.draft_recap(gathering, by=request.user)
        elif act == "approve":
            actions.approve_recap(recap, by=request.user)
        elif act == "publish":
            actions.publish_recap(recap, by=request.user)
            messages.success(request, _("Published. Everybody can read it."))
        return redirect(*there)
    return again(request, refused, *there)


@transaction.atomic
def _keep(recap: Recap, form: RecapForm, *, draw: bool, by: User) -> None:
    """What is typed; and the numbers as they are now, if they are asked for. Minutes that somebody typed stay."""
    given = form.cleaned_data
    if draw:
        drawn = actions.draft_recap(recap.gathering, by=by)
        if "minutes" not in form.changed_data:
            given = given | {"minutes": drawn.facts["minutes"]}
    actions.edit_recap(recap, by=by, **given)


def _recap_form(
    request: StaffRequest, gathering: Gathering, recap: Recap | None, data: Any = None
) -> RecapForm:
    facts = recap.facts if recap else {}
    form = RecapForm(data, gathering=gathering, by=request.user)
    names = set(facts.get("partners", []))
    form.initial = {
        "words": recap.words if recap else "",
        "minutes": facts.get("minutes"),
        "partners": [each.pk for each in form.listed if each.name in names],
    }
    return form


def _recap_page(
    request: StaffRequest, gathering: Gathering, recap: Recap | None, form: RecapForm
) -> HttpResponse:
    context = {
        "gathering": gathering,
        "recap": recap,
        "form": form,
        "shown": queries.preview(gathering, recap),
    }
    return render(request, "field/recap_desk.html", context, status=status_of(form))


# -- small things ---------------------------------------------------------------------------------
def _photos(request: StaffRequest, gathering: Gathering) -> PictureQuerySet:
    seen = Picture.objects.visible_to(request.user, at=request.agency)
    return seen.that_came_from(gathering.key).select_related("agency")


def _passes(request: StaffRequest, gathering: Gathering) -> DeskQuerySet[Pass]:
    """Those whose links are not forgotten, the newest first."""
    return (
        Pass.objects.visible_to(request.user, at=request.agency)
        .heard_at(gathering)
        .exclude(bearer=None)
        .select_related("bearer__agency", "bearer__member__rank", "bearer__member__user")
        .prefetch_related("bearer__member__duties")
    )


def _enforcement(request: StaffRequest, gathering: Gathering) -> dict[str, Any]:
    """What is said of enforcement, and whether a partner confirmed all of it."""
    said = list(
        EnforcementException.objects.visible_to(request.user, at=request.agency)
        .heard_at(gathering)
        .select_related("confirmed_by_partner")
    )
    return {"said": said, "all_confirmed": bool(said) and all(each.is_confirmed for each in said)}


def _phone_page(gathering: Gathering) -> str:
    """Where a phone writes down what is heard."""
    return absolute(reverse("field:phone", args=[gathering.agency.slug, gathering.public_id]))


def _look_back_link(request: StaffRequest, token: str) -> str:
    return absolute(reverse("field:partner-look-back", args=[request.agency.slug, token]))


def _word(request: StaffRequest, name: str) -> str:
    return request.POST.get(name, "")[:20]


def _try(
    request: StaffRequest, gathering_id: str, deed: Any, done: str = "", *, to: str = "field:heard"
) -> HttpResponse:
    """Do it and go back to where it was asked for; or say there why not."""
    with (refused := Why()):
        deed()
        if done:
            messages.success(request, done)
        return redirect(to, request.agency.slug, gathering_id)
    return again(request, refused, to, request.agency.slug, gathering_id)
