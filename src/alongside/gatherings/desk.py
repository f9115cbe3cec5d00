"""The coordinator's desk: plan, publish, move, cancel; who comes and what they need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from alongside.agencies import audit
from alongside.agencies.doors import staff
from alongside.agencies.models import Role
from alongside.agencies.requests import StaffRequest
from alongside.core import links, phrases, spoken
from alongside.core.authored import Words
from alongside.core.doing import Why, again, or_say_on, status_of
from alongside.core.errors import Refusal
from alongside.followthrough.cardsheets import sheets_of
from alongside.gatherings import actions, hanging, letters
from alongside.gatherings.breaking import BreaksAccess
from alongside.gatherings.forms import (
    CardsForm,
    ComingForm,
    GatheringForm,
    HeldForm,
    MoveForm,
    NewPlaceForm,
    ReasonForm,
    SeriesForm,
    WordForm,
    choose_from,
)
from alongside.gatherings.frame import at_desk
from alongside.gatherings.models import LONGEST_REASON, Gathering, Notice, Rsvp, Series
from alongside.gatherings.queries import unreached
from alongside.outreach.queries import Reach, reach_of

Done = TypeVar("Done")

# On each card, in each of our languages.
CARD_SAYS = gettext_lazy(
    "Thank you for coming. Tell us who came, without your name: this card is for one person."
)


@staff()
@require_safe
def desk(request: StaffRequest) -> HttpResponse:
    """What is planned and what is public, soonest first; behind it what was."""
    mine = Gathering.objects.visible_to(request.user, at=request.agency).with_places().with_numbers()
    past = Paginator(mine.past(), 20).get_page(request.GET.get("page"))
    return render(request, "gatherings/desk.html", {"coming": mine.coming()[:200], "past": past})


@staff()
@require_safe
def overview(request: StaffRequest, public_id: str) -> HttpResponse:
    """One gathering: how many come, what they need, what they were told. Names and needs for coordinators only."""
    gathering = at_desk(request, public_id)
    answers = _answers(request, gathering)
    context = {
        "gathering": gathering,
        "may_see_answers": request.member.holds([Role.COORDINATOR]),
        "needs": answers.exclude(
            access_needs="", interpreter="", without_steps=False, no_photos=False
        ).order_by(F("arranged_at").asc(nulls_first=True), "joined_at", "pk"),
        "languages": _languages(answers),
        "notices": _with_their_reach(request, gathering),
        "unreached": unreached(gathering),
    }
    return render(request, "gatherings/overview.html", context)


def _with_their_reach(request: StaffRequest, gathering: Gathering) -> list[tuple[Notice, Reach]]:
    """What people were told, and how many have heard it. Of mails of before, only how many were written is known."""
    said = list(Notice.objects.visible_to(request.user, at=request.agency).filter(gathering=gathering))
    reach = reach_of(request.agency, [letters.batch_of(notice) for notice in said])
    return [(notice, reach.get(letters.batch_of(notice), Reach(notice.told, 0, 0, 0))) for notice in said]


@staff(Role.COORDINATOR)
@require_POST
def arrange(request: StaffRequest, public_id: str, answer_id: str) -> HttpResponse:
    """What somebody needs is arranged; or it is not, after all."""
    gathering = at_desk(request, public_id)
    rsvp = get_object_or_404(_answers(request, gathering), public_id=answer_id)
    actions.arrange(rsvp, done=request.POST.get("done") != "no", by=request.user)
    page = reverse("gatherings:overview", args=[request.agency.slug, public_id])
    return redirect(f"{page}#needs")


@staff(Role.COORDINATOR)
@require_safe
def roll(request: StaffRequest, public_id: str) -> HttpResponse:
    """The list for the start, to print. No address is on it, and that somebody looked is written down."""
    gathering = at_desk(request, public_id)
    audit.record(agency=request.agency, by=request.user, verb="opened the list of", thing=gathering)
    answers = _answers(request, gathering).order_by("state", "joined_at", "pk")
    return render(request, "gatherings/roll.html", {"gathering": gathering, "answers": answers})


@staff(Role.COORDINATOR)
def plan(request: StaffRequest) -> HttpResponse:
    return _write(request, None)


@staff(Role.COORDINATOR)
def edit(request: StaffRequest, public_id: str) -> HttpResponse:
    return _write(request, at_desk(request, public_id))


def _write(request: StaffRequest, gathering: Gathering | None) -> HttpResponse:
    """Plan or change. Hours are typed and shown by the clock of the agency."""
    form = GatheringForm(
        request.POST or None,
        instance=gathering or Gathering(agency=request.agency),
        agency=request.agency,
        by=request.user,
    )
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            if gathering is None:
                gathering = actions.plan(request.agency, by=request.user, **form.cleaned_data)
            else:
                actions.change(gathering, by=request.user, **form.cleaned_data)
            messages.success(request, pgettext("message", "Saved."))
            return redirect("gatherings:overview", request.agency.slug, gathering.public_id)
    context = {"form": form, "gathering": gathering}
    page = "gatherings/edit.html" if gathering else "gatherings/plan.html"
    return render(request, page, context, status=status_of(form))


@staff(Role.COORDINATOR)
@require_POST
def publish(request: StaffRequest, public_id: str) -> HttpResponse:
    gathering = at_desk(request, public_id)
    with (refused := Why()):
        actions.publish(gathering, by=request.user)
        messages.success(request, _("Published. Everybody can see it and answer."))
        return redirect("gatherings:overview", request.agency.slug, public_id)
    return again(request, refused, "gatherings:overview", request.agency.slug, public_id)


@staff(Role.COORDINATOR)
@require_POST
def discard(request: StaffRequest, public_id: str) -> HttpResponse:
    gathering = at_desk(request, public_id)
    with (refused := Why()):
        actions.discard(gathering, by=request.user)
        messages.success(request, _("The draft is gone."))
        return redirect("gatherings:desk", request.agency.slug)
    return again(request, refused, "gatherings:overview", request.agency.slug, public_id)


@staff(Role.COORDINATOR, Role.COMMANDER)
def cancel(request: StaffRequest, public_id: str) -> HttpResponse:
    """A commander may too: after something grave nearby there may be no time to find a coordinator."""
    gathering = at_desk(request, public_id)
    form = ReasonForm(request.POST or None, initial=_proposed(request))
    form.fields["stand_in"].required = False
    return _decide(request, gathering, form, actions.cancel, "cancel", _("Cancelled, and people are told."))


@staff(Role.COORDINATOR, Role.COMMANDER)
def move(request: StaffRequest, public_id: str) -> HttpResponse:
    gathering = at_desk(request, public_id)
    now = {name: getattr(gathering, name) for name in hanging.MOVES}
    form = MoveForm(request.POST or None, initial=now | _proposed(request))
    choose_from(form, request.agency, request.user, near=gathering, to_move=True)
    return _decide(
        request, gathering, form, _asking_first(form, actions.move), "move", _("Moved, and people are told.")
    )


def _asking_first(form: NewPlaceForm, verb: Callable[..., Done]) -> Callable[..., Done]:
    """The verb; where it breaks what people asked for, the form names that, each with a box to tick."""

    def asked(*args: Any, **words: Any) -> Done:
        try:
            return verb(*args, **words)
        except BreaksAccess as breaks:
            form.ask_to_accept(breaks)
            raise

    return asked


def _proposed(request: StaffRequest) -> dict[str, Any]:
    """A place and a reason that a link proposes, such as a warning of the weather. Nothing is moved by it.

    `because` is a sentence of ours, said in each language; `reason` are words that mails of before proposed.
    """
    said = {name: request.GET[name][:LONGEST_REASON] for name in ("venue", "reason") if request.GET.get(name)}
    because = phrases.taken_back(request.GET.get("because", ""))
    return said | {"reason": Words.made(because)} if because else said


@staff(Role.COORDINATOR)
def word(request: StaffRequest, public_id: str) -> HttpResponse:
    gathering = at_desk(request, public_id)
    return _decide(
        request,
        gathering,
        WordForm(request.POST or None),
        actions.send_word,
        "word",
        _("Your words are on their way."),
    )


@staff(Role.COORDINATOR, Role.COMMANDER)
def held(request: StaffRequest, public_id: str) -> HttpResponse:
    gathering = at_desk(request, public_id)
    counted = {"came": gathering.came, "walk_ups": gathering.walk_ups}
    form = HeldForm(request.POST or None, initial=counted, gathering=gathering)
    return _decide(request, gathering, form, actions.mark_held, "held", _("Written down. Thank you."))


# What each button of the head count adds: to those who said they come, or to those who just came by.
TAPS = {
    "came+1": {"came": 1},
    "came+5": {"came": 5},
    "came-1": {"came": -1},
    "by+1": {"walk_ups": 1},
    "by+5": {"walk_ups": 5},
    "by-1": {"walk_ups": -1},
}


@staff(Role.COORDINATOR, Role.COMMANDER, Role.OFFICER)
def heads(request: StaffRequest, public_id: str) -> HttpResponse:
    """Count heads at the start, with one thumb. Nobody’s name is asked."""
    gathering = at_desk(request, public_id)
    refused = Why()
    if request.method == "POST":
        tap = TAPS.get(request.POST.get("tap", ""))
        with refused:
            if tap is None:
                raise Refusal(_("This page does not know that button. Please load it again."))
            actions.count_heads(gathering, by=request.user, **tap)
            return redirect("gatherings:heads", request.agency.slug, public_id)
    context = {"gathering": gathering, "refused": refused}
    return render(request, "gatherings/heads.html", context, status=status_of(refused))


@staff(Role.COORDINATOR, Role.COMMANDER, Role.OFFICER)
def came_cards(request: StaffRequest, public_id: str) -> HttpResponse:
    """Cards for those who came. The sheet is the answer to the form: the codes on it can never be read again."""
    gathering = at_desk(request, public_id)
    refused = Why()
    taking_back = request.POST.get("act") == "take-back"
    form = CardsForm(
        request.POST if request.method == "POST" and not taking_back else None,
        initial={"count": gathering.cards_wanted or None},
    )
    if taking_back:
        with refused:
            actions.take_back_cards(gathering, by=request.user)
            messages.success(request, _("Cards that nobody used open nothing any more."))
            return redirect("gatherings:came-cards", request.agency.slug, public_id)
    elif form.is_valid():
        with or_say_on(form, "count"):
            return _sheet(request, gathering, form.cleaned_data["count"])
    context = {"gathering": gathering, "form": form, "refused": refused}
    return render(request, "gatherings/came_cards.html", context, status=status_of(form, refused))


def _sheet(request: StaffRequest, gathering: Gathering, count: int) -> HttpResponse:
    made = [
        (code, links.in_nobodys_language("gatherings:was-there", request.agency.slug, code))
        for code in actions.make_cards(gathering, count=count, by=request.user)
    ]
    sheets = sheets_of(made, request.agency, says=CARD_SAYS, label=gathering.titled)
    return render(request, "gatherings/came_sheet.html", {"gathering": gathering, **sheets})


def _decide(
    request: StaffRequest,
    gathering: Gathering,
    form: forms.Form,
    verb: Callable[..., Any],
    name: str,
    done: str,
) -> HttpResponse:
    """A page with one decision: who will be told, the form, and then the deed."""
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            verb(gathering, by=request.user, **form.cleaned_data)
            messages.success(request, done)
            return redirect("gatherings:overview", request.agency.slug, gathering.public_id)
    context = {"gathering": gathering, "form": form, "unreached": unreached(gathering)}
    return render(request, f"gatherings/{name}.html", context, status=status_of(form))


# -- series -----------------------------------------------------------------------------------------
@staff()
@require_safe
def all_series(request: StaffRequest) -> HttpResponse:
    mine = Series.objects.visible_to(request.user, at=request.agency).annotate(dates=Count("gatherings"))
    return render(request, "gatherings/all_series.html", {"all_series": mine.order_by("-active", "name")})


@staff(Role.COORDINATOR)
def series(request: StaffRequest, public_id: str | None = None) -> HttpResponse:
    """Begin a series or change one."""
    known = None
    if public_id is not None:
        known = get_object_or_404(
            Series.objects.visible_to(request.user, at=request.agency), public_id=public_id
        )
    form = SeriesForm(request.POST or None, instance=known or Series(agency=request.agency))
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            actions.set_series(request.agency, series=known, by=request.user, **form.cleaned_data)
            return redirect("gatherings:all-series", request.agency.slug)
    context = {"form": form, "series": known}
    return render(request, "gatherings/series.html", context, status=status_of(form))


@staff(Role.COORDINATOR)
def series_dates(request: StaffRequest, public_id: str) -> HttpResponse:
    """The dates of a series: one of them changes on its own page, all that are still to come change here."""
    series = get_object_or_404(
        Series.objects.visible_to(request.user, at=request.agency), public_id=public_id
    )
    mine = Gathering.objects.visible_to(request.user, at=request.agency).filter(series=series)
    form = ComingForm(request.POST or None)
    next_date = mine.coming().with_places().first()
    choose_from(form, request.agency, request.user, near=next_date, to_move=True)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            changed = _asking_first(form, actions.change_coming)(series, by=request.user, **form.changes)
            words = ngettext("%(n)d date has changed.", "%(n)d dates have changed.", len(changed))
            messages.success(request, words % {"n": len(changed)})
            return redirect("gatherings:series-dates", request.agency.slug, public_id)
    context = {
        "series": series,
        "form": form,
        "coming": mine.coming().with_places().with_numbers()[:200],
    }
    return render(request, "gatherings/series_dates.html", context, status=status_of(form))


# -- small things -----------------------------------------------------------------------------------
def _answers(request: StaffRequest, gathering: Gathering) -> QuerySet[Rsvp]:
    """Who is in, as far as this member may know."""
    return Rsvp.objects.visible_to(request.user, at=request.agency).filter(gathering=gathering).still_in()


def _languages(answers: QuerySet[Rsvp]) -> list[tuple[str, int]]:
    """The languages asked for, as the reader calls them, and by how many people."""
    people: Counter[str] = Counter()
    for typed, party in answers.exclude(interpreter="").values_list("interpreter", "party"):
        people[spoken.named(typed)] += party
    return sorted(people.items(), key=lambda each: (-each[1], each[0]))
