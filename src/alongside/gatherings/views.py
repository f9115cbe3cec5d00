"""What residents see and do: which gatherings come, who meets where, and “I’ll come”, without an account."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.core.cache import caches
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from alongside.agencies import bearers
from alongside.agencies.doors import public
from alongside.agencies.requests import Request
from alongside.core import clock, keys, tokens
from alongside.core.care import boxes
from alongside.core.doing import Why, or_say_on, status_of
from alongside.core.doors import keyed, one_click, public_form, same_for_strangers
from alongside.core.errors import Refusal
from alongside.core.tables import Head, Table
from alongside.gatherings import actions, asking, calendars, newsfeed, posts, queries
from alongside.gatherings.forms import SAID, CardForm, JoinForm, NeedsForm, PartyForm, WhoCameForm
from alongside.gatherings.frame import shown_to_all
from alongside.gatherings.models import Gathering, GatheringQuerySet, Question, Rsvp
from alongside.gatherings.telling import share_in_words
from alongside.outreach import stopping
from alongside.outreach.stopping import Stop
from alongside.places.models import Area

# One form that moved nobody: the text typed stays, the status says that nothing happened.


@public
@same_for_strangers
@require_safe
def coming(request: Request) -> HttpResponse:
    """What comes next, soonest first."""
    shown = _shown(request)
    return render(
        request,
        "gatherings/coming.html",
        {"coming": shown.coming().with_numbers()[:100], "past": shown.past().with_corrections()[:12]},
    )


@public
@same_for_strangers
@require_safe
def detail(request: Request, public_id: str) -> HttpResponse:
    """A gathering's own page; where a room above has one for it, the way there."""
    gathering = _gathering(request, public_id)
    if gathering.has_own_page:
        return redirect(gathering)
    return render(request, "gatherings/detail.html", {"gathering": gathering})


@public
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(no_store=True, private=True)
def join(request: Request, public_id: str) -> HttpResponse:
    """The form, and the answer. Where it has filled up meanwhile, nothing typed is lost."""
    gathering = _gathering(request, public_id)
    full = gathering.room.is_full
    form = JoinForm(request.POST or None, initial={"wait": "on" if full else ""})
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            try:
                guest = form.guest(request.LANGUAGE_CODE)
                unseen = asking.is_unseen(request, gathering)
                _rsvp, token = actions.join(gathering, guest=guest, unseen=unseen, **form.answer)
                return boxes.redirect(form, "gatherings:answer", request.agency.slug, token)
            except actions.GatheringIsFull as refusal:
                asking.was_refused(request, gathering)
                form.offer_the_line(refusal)
            except actions.PartyTooLarge as refusal:
                form.add_error("party", str(refusal))
            except actions.SentBefore as refusal:
                form.ask_again(str(refusal))
    return render(
        request,
        "gatherings/join.html",
        {"gathering": gathering, "form": form, "full": full},
        status=status_of(form),
    )


@keyed
@public
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request, token: str) -> HttpResponse:
    """One's own answer, by its link. Looking changes nothing: mail programs follow links by themselves."""
    try:
        opened = actions.answer_behind(token, at=request.agency)
    except bearers.Useless as refusal:
        return render(request, "gatherings/no_answer.html", {"why": refusal}, status=404)
    rsvp = opened.thing
    form = PartyForm(
        request.POST if request.POST.get("act") == "party" else None, initial={"party": rsvp.party}
    )
    needs = NeedsForm(
        request.POST if request.POST.get("act") == "needs" else None,
        initial={name: getattr(rsvp, name) for name in SAID} | {"interpreter": rsvp.asked_for},
    )
    refused, full = Why(), rsvp.gathering.room.is_full
    if request.method == "POST":
        with refused:
            if request.POST.get("act") == "needs":
                if needs.is_valid():
                    actions.change_needs(rsvp, actions.Guest(language=request.LANGUAGE_CODE, **needs.said))
            else:
                try:
                    _act(request.POST.get("act", ""), rsvp, form)
                except actions.GatheringIsFull:
                    full = True
                    raise
            if not form.errors and not needs.errors:
                bearers.was_used(opened.bearer)
                return boxes.redirect(needs, "gatherings:answer", request.agency.slug, token)
        rsvp = actions.answer_behind(token, at=request.agency).thing
    return render(
        request,
        "gatherings/answer.html",
        {
            "rsvp": rsvp,
            "gathering": rsvp.gathering,
            "token": token,
            "form": form,
            "needs": needs,
            "refused": refused,
            "full": full,
            "left_out": boxes.told_to(request),
        },
        status=status_of(form, needs, refused),
    )


@keyed
@public
@require_safe
def cannot_come(request: Request, token: str) -> HttpResponse:
    """One tap from a reminder: “we can’t come”. The tap is on the page, since mail programs follow links."""
    try:
        rsvp = actions.answer_behind(token, at=request.agency).thing
    except bearers.Useless as refusal:
        return render(request, "gatherings/no_answer.html", {"why": refusal}, status=404)
    context = {"rsvp": rsvp, "gathering": rsvp.gathering, "token": token}
    return render(request, "gatherings/cannot_come.html", context)


@keyed
@public
@one_click
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: Request, token: str) -> HttpResponse:
    """One click from any mail: no more mail, and the places stay."""
    try:
        rsvp: Rsvp = actions.answer_behind(token, at=request.agency).thing
    except bearers.Useless as refusal:
        return render(request, "gatherings/no_answer.html", {"why": refusal}, status=404)
    stop = Stop(
        ask=_("No more mail about this? %(title)s") % {"title": rsvp.gathering.titled},
        words=_(
            "We delete your address now, and your places stay. Then look at the page yourself before you come: we "
            "cannot tell you if it moves or is cancelled."
        ),
        button=_("Delete my e-mail address now"),
        done=_("Your address is deleted."),
    )
    return stopping.page(
        request,
        stop,
        act=lambda: actions.forget_contact(rsvp),
        over=lambda: not actions.has_contact(rsvp),
        own_page=reverse("gatherings:answer", args=[request.agency.slug, token]),
    )


@keyed
@public
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def answer_again(request: Request, token: str) -> HttpResponse:
    """Which of two answers counts, by the link that only their address has. Looking changes nothing."""
    try:
        rsvp: Rsvp = actions.second_behind(token, at=request.agency).thing
    except bearers.Useless as refusal:
        return render(request, "gatherings/no_answer.html", {"why": refusal}, status=404)
    refused = Why()
    if request.method == "POST":
        with refused:
            rsvp = actions.let_count(rsvp)
            return redirect("gatherings:answer", request.agency.slug, actions.new_link(rsvp))
    context = {"rsvp": rsvp, "gathering": rsvp.gathering, "refused": refused}
    return render(request, "gatherings/answer_again.html", context, status=status_of(refused))


# What each button on one's own page does.
ACTS: dict[str, Callable[[Rsvp], object]] = {
    "leave": actions.leave,
    "accept": actions.accept_offer,
    "decline": actions.decline_offer,
    "rejoin": actions.rejoin,
    "wait": lambda rsvp: actions.rejoin(rsvp, wait=True),
    "forget": actions.forget_contact,
}


# Those of them that ask for places.
ASKING = {"rejoin", "wait"}


def _act(act: str, rsvp: Rsvp, form: PartyForm) -> None:
    if act == "party":
        if form.is_valid():
            party = form.cleaned_data["party"]
            if party > rsvp.party:
                asking.asks(rsvp)
            actions.change_party(rsvp, party=party)
    elif act in ACTS:
        if act in ASKING:
            asking.asks(rsvp)
        ACTS[act](rsvp)
    else:
        raise Refusal(_("This page does not know that button. Please load it again."))


# -- who came ----------------------------------------------------------------------------------------
@public
@require_safe
def say_who_came(request: Request, public_id: str = "") -> HttpResponse:
    """Where the code of a card is typed, from the page of a gathering or by the address on the card.

    It leads to the page of that card, which alone knows of which gathering it is.
    """
    gathering = _gathering(request, public_id) if public_id else None
    form = CardForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("gatherings:was-there", request.agency.slug, form.cleaned_data["code"])
    context = {"gathering": gathering, "form": form, "least": queries.RULE.floor}
    response = render(request, "gatherings/say_who_came.html", context, status=status_of(form))
    patch_cache_control(response, no_store=True, private=True)
    return response


@keyed
@public
@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def was_there(request: Request, token: str) -> HttpResponse:
    """A few questions for whoever holds a card, each to be left out at will. It is used up by the answer."""
    form = WhoCameForm(request.POST or None, agency=request.agency)
    context = {"form": form, "said": False, "least": queries.RULE.floor}
    try:
        opened = actions.card_behind(token, at=request.agency)
    except bearers.Useless as refusal:
        if request.method == "POST" and form.is_valid() and _was_said(form.once):  # a double tap
            return render(request, "gatherings/was_there.html", context | {"said": True})
        return render(request, "gatherings/no_card.html", {"why": refusal}, status=404)
    if request.method == "POST" and form.is_valid():
        with or_say_on(form):
            actions.say_who_came(opened.bearer, opened.thing, form.answers)
            caches["default"].set(_once(form.once), True, 3600)
            context["said"] = True
    context |= {"gathering": opened.thing}
    return render(request, "gatherings/was_there.html", context, status=status_of(form))


def _was_said(key: str) -> bool:
    """Whether this form was sent before. Remembered for an hour, and apart from what it said."""
    return bool(caches["default"].get(_once(key)))


def _once(key: str) -> str:
    return f"who-came:{tokens.digest('who-came', key, ring=keys.FORMS)}"


@public
@require_safe
def who_came(request: Request) -> HttpResponse:
    """Who came against who lives here: sums of a whole quarter or more, and none that points at somebody."""
    summary = queries.latest(request.agency)
    tables = [_table(asked) for asked in summary.asked] if summary else []
    return render(
        request,
        "gatherings/who_came.html",
        {"summary": summary, "tables": tables, "least": queries.RULE.floor},
    )


def _table(asked: queries.Asked) -> Table:
    """One question, with the share of residents where somebody counted them. A long list shows what can be shown."""
    compares = any(cell.residents is not None for cell in asked.cells)
    heads = [Head(_("Answer")), Head(_("People, about"), number=True), Head(_("Share of these"), number=True)]
    if compares:
        heads.append(Head(_("Share of residents"), number=True))
    cells = asked.shown if asked.question == Question.HOME else asked.cells
    rows = [
        [cell.label, *_row(cell), *([share_in_words(cell.residents)] if compares else [])] for cell in cells
    ]
    return Table(asked.label, heads, rows)


def _row(cell: queries.Cell) -> list[str]:
    if cell.people is None:
        return [pgettext("count", "kept back"), "–"]
    return [str(cell.people), share_in_words(cell.share)]


# -- to take along ----------------------------------------------------------------------------------
@public
@require_safe
def ics(request: Request, public_id: str) -> HttpResponse:
    """One gathering, for a calendar."""
    gathering = _gathering(request, public_id, _shown(request))
    return _calendar(request, [gathering], name=str(gathering.title), key=gathering.public_id)


@public
@require_safe
def feed(request: Request) -> HttpResponse:
    """Everything, for a calendar that asks again by itself."""
    return _feed(request, _shown(request), name=request.agency.name, key=request.agency.slug)


@public
@require_safe
def rss(request: Request) -> HttpResponse:
    """The same dates for readers of news: what is new, moved or cancelled comes up again."""
    return _rss(request, _shown(request))


@public
@require_safe
def area_rss(request: Request, area_id: str) -> HttpResponse:
    """News of what happens in one neighborhood."""
    area = get_object_or_404(
        Area.objects.visible_to(request.user, at=request.agency).listed(), public_id=area_id
    )
    return _rss(request, _shown(request).filter(neighborhood=area), area)


def _rss(request: Request, gatherings: GatheringQuerySet, area: Area | None = None) -> HttpResponse:
    response = HttpResponse(
        newsfeed.rss(request.agency, gatherings, language=request.LANGUAGE_CODE, area=area),
        content_type="application/rss+xml; charset=utf-8",
    )
    patch_cache_control(response, public=True, max_age=300)
    return response


@public
@require_safe
def area_feed(request: Request, area_id: str) -> HttpResponse:
    """What happens in one neighborhood."""
    area = get_object_or_404(
        Area.objects.visible_to(request.user, at=request.agency).listed(), public_id=area_id
    )
    return _feed(
        request,
        _shown(request).filter(neighborhood=area),
        name=f"{area.name}, {request.agency.name}",
        key=area.public_id,
    )


@public
@require_safe
def follow(request: Request) -> HttpResponse:
    """How to have our calendar in one's own."""
    used = Gathering.objects.visible_to(request.user, at=request.agency).open_to_all().values("neighborhood")
    areas = (
        Area.objects.visible_to(request.user, at=request.agency).filter(pk__in=used).listed().order_by("name")
    )
    return render(request, "gatherings/follow.html", {"areas": areas})


@public
@require_safe
def flyer(request: Request, public_id: str) -> HttpResponse:
    """A sheet for the noticeboard, in the language of the page."""
    return render(request, "gatherings/flyer.html", {"gathering": _gathering(request, public_id)})


@public
@require_safe
def picture(request: Request, public_id: str) -> HttpResponse:
    """What a shared link shows. Drawn once for each change and language, since it takes a moment."""
    gathering = _gathering(request, public_id)
    key = f"picture:{gathering.pk}:{gathering.changed_at.timestamp()}:{request.LANGUAGE_CODE}"
    response = HttpResponse(
        caches["pictures"].get_or_set(key, lambda: posts.picture(gathering), 3600), content_type="image/png"
    )
    patch_cache_control(response, public=True, max_age=3600)
    # Networks and messengers show it on their own pages.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@public
@require_safe
def share(request: Request, public_id: str) -> HttpResponse:
    """Words to paste anywhere, and the code to scan."""
    gathering = _gathering(request, public_id)
    return render(request, "gatherings/share.html", {"gathering": gathering, "posts": posts.posts(gathering)})


def _shown(request: Request) -> GatheringQuerySet:
    """What everybody may see, also when staff look: a public list holds no drafts."""
    return Gathering.objects.visible_to(request.user, at=request.agency).open_to_all().with_places()


def _gathering(request: Request, public_id: str, among: GatheringQuerySet | None = None) -> Gathering:
    if among is None:
        among = Gathering.objects.visible_to(request.user, at=request.agency).with_places()
    gathering: Gathering = get_object_or_404(among.with_hosts(), public_id=public_id)
    return shown_to_all(request, gathering)


def _feed(request: Request, gatherings: GatheringQuerySet, *, name: str, key: str) -> HttpResponse:
    since = clock.now() - calendars.LOOKS_BACK
    return _calendar(request, gatherings.coming(since=since)[:1000], name=name, key=key)


def _calendar(request: Request, gatherings: Iterable[Gathering], *, name: str, key: str) -> HttpResponse:
    response = HttpResponse(
        calendars.calendar(request.agency, gatherings, name=name, key=key),
        content_type="text/calendar; charset=utf-8",
    )
    response.headers["Content-Disposition"] = f'inline; filename="{key}.ics"'
    patch_cache_control(response, public=True, max_age=300)
    return response
