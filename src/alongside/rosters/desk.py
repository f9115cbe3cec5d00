"""The coordinator's desk: the roster of a gathering, the partners asked to it, and who came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from alongside.agencies.doors import staff
from alongside.agencies.models import Role, User
from alongside.agencies.requests import StaffRequest
from alongside.core.doing import Why, again, or_say_on, status_of
from alongside.core.errors import Refusal
from alongside.core.text import number_in
from alongside.gatherings.frame import at_desk
from alongside.gatherings.models import Gathering
from alongside.outreach import refusals
from alongside.people import queries as people
from alongside.rosters import actions, partnering, posting, proposing, queries
from alongside.rosters.forms import AddPartner, AddPost
from alongside.rosters.models import Heard, Invitee, Part, PartnerInvitation, Post, State

reads = staff(Role.COORDINATOR, Role.COMMANDER, Role.OFFICER)
keeps = staff(Role.COORDINATOR, Role.COMMANDER)
AHEAD = 60


@reads
@require_safe
def coming(request: StaffRequest) -> HttpResponse:
    """The next gatherings, and how far their rosters are."""
    mine = Gathering.objects.visible_to(request.user, at=request.agency).with_places().with_hosts()
    ahead = list(mine.coming().exclude(status="cancelled")[:AHEAD])
    posts, partners = _counted(request, Post, ahead), _counted(request, PartnerInvitation, ahead)
    rows = [(each, posts.get(each.pk, (0, 0)), partners.get(each.pk, (0, 0))) for each in ahead]
    return render(request, "rosters/coming.html", {"rows": rows})


def _counted(
    request: StaffRequest, kind: type[Invitee], ahead: list[Gathering]
) -> dict[int, tuple[int, int]]:
    """By gathering: how many were asked or proposed, and how many said yes."""
    rows = kind.objects.visible_to(request.user, at=request.agency).filter(gathering__in=ahead)
    yes = Count("pk", filter=Q(state=State.COMING))
    counted = rows.standing().order_by().values_list("gathering").annotate(n=Count("pk"), yes=yes)
    return {gathering: (n, coming) for gathering, n, coming in counted}


# -- the roster -------------------------------------------------------------------------------------
@reads
@require_safe
def roster(request: StaffRequest, public_id: str) -> HttpResponse:
    """Who comes on our side, how often each met these people, what stands in the way, and who could be next."""
    gathering = at_desk(request, public_id)
    part = request.GET.get("part")  # for which a link asks
    asked = {"part": part} if part in Part.values else None
    return _roster(request, gathering, AddPost(gathering=gathering, initial=asked))


def _roster(request: StaffRequest, gathering: Gathering, form: AddPost, *, status: int = 200) -> HttpResponse:
    all_posts = queries.in_order(
        Post.objects.visible_to(request.user, at=request.agency).filter(gathering=gathering).with_people()
    )
    standing = [post for post in all_posts if post.stands]
    keeps_it = may_keep(request, gathering)
    gone = [post for post in all_posts if not post.stands]
    replaced = {post.stands_in_for_id for post in standing}
    open_parts = [post.part for post in gone if post.pk not in replaced]
    following = proposing.next_in_line(gathering, open_parts) if keeps_it and open_parts else {}
    context = {
        "gathering": gathering,
        "posts": _described(gathering, standing),
        "standing": standing,
        "gone": [(post, post.pk not in replaced, following.get(post.part)) for post in gone],
        "may_keep": keeps_it,
        "open": gathering.may_take_place,
        "over": gathering.has_begun and not gathering.is_cancelled,
        "planned": queries.planned(gathering),
        "warnings": [*queries.conflicts(gathering), *queries.quorum_warnings(gathering)],
        "more": queries.more_leaders(gathering, standing),
        "unasked": sum(post.state == State.PROPOSED for post in standing),
        "in_person": _to_tell_in_person(gathering, standing),
        "unreached": _unreached(gathering, standing),
        "form": form if keeps_it else None,
    }
    return render(request, "rosters/roster.html", context, status=status)


def _described(gathering: Gathering, posts: list[Post]) -> list[dict[str, Any]]:
    """Each post with what one wants to know of the person."""
    met = queries.familiar(gathering)
    trained = queries.training_of((post.member_id for post in posts), gathering.on)
    return [
        {"post": post, "met": met.get(post.member_id, 0), "trained": trained[post.member_id]}
        for post in posts
    ]


def _to_tell_in_person(gathering: Gathering, posts: list[Post]) -> list[Post]:
    """Who was asked, has no address, and so has not heard that it moved or is off."""
    if not (gathering.is_cancelled or gathering.was_moved):
        return []
    return [post for post in posts if post.is_asked and not post.email]


def _unreached(gathering: Gathering, invitees: Sequence[Invitee]) -> list[refusals.Unreached]:
    """Of those who were asked: whose address is dead."""
    return refusals.unreached(gathering.agency, {each.key: each.name for each in invitees if each.is_asked})


# -- partners ---------------------------------------------------------------------------------------
@reads
@require_safe
def partners(request: StaffRequest, public_id: str) -> HttpResponse:
    """Which partners are asked, who comes with how many, and what they want talked about."""
    return _partners(request, at_desk(request, public_id), AddPartner)


def _partners(request: StaffRequest, gathering: Gathering, form: Any, *, status: int = 200) -> HttpResponse:
    rows = (
        PartnerInvitation.objects.visible_to(request.user, at=request.agency)
        .filter(gathering=gathering)
        .select_related("partner")
        .order_by("partner__name", "pk")
    )
    shown = sorted(rows, key=lambda each: (ORDER_OF_STATES.index(State(each.state)), each.thanked))
    keeps_it = may_keep(request, gathering)
    context = {
        "gathering": gathering,
        "invitations": shown,
        "may_keep": keeps_it,
        "open": gathering.may_take_place,
        "over": gathering.has_begun and not gathering.is_cancelled,
        "planned": queries.planned(gathering),
        "warnings": queries.quorum_warnings(gathering),
        "unreached": _unreached(gathering, shown),
        "unasked": sum(each.state == State.PROPOSED and each.partner.invited for each in shown),
        "were_asked": [each for each in shown if not each.may_be_invited],
        "to_thank": sum(each.state == State.CAME and not each.thanked for each in shown),
        "form": (form(gathering=gathering) if isinstance(form, type) else form) if keeps_it else None,
    }
    return render(request, "rosters/partners.html", context, status=status)


ORDER_OF_STATES = [
    State.COMING,
    State.CAME,
    State.INVITED,
    State.PROPOSED,
    State.DECLINED,
    State.RELEASED,
]


# -- what the buttons do ----------------------------------------------------------------------------
@keeps
@require_POST
def roster_act(request: StaffRequest, public_id: str) -> HttpResponse:
    """What each button on the roster does."""
    return _act(request, at_desk(request, public_id), ROSTER)


@keeps
@require_POST
def partners_act(request: StaffRequest, public_id: str) -> HttpResponse:
    """What each button on the list of partners does."""
    return _act(request, at_desk(request, public_id), PARTNERS)


def _said(invitee: Invitee, *, coming: bool, by: User) -> None:
    actions.answer(invitee, coming=coming, heard=Heard.TOLD, by=by)


ABOUT_ONE: dict[str, Callable[..., Any]] = {
    "invite": actions.invite,
    "yes": partial(_said, coming=True),
    "no": partial(_said, coming=False),
    "release": actions.release,
}


@dataclass(frozen=True)
class Desk:
    """A list of those who are asked: its page, its form, and what its buttons do to one of them or to all."""

    kind: type[Invitee]
    page: str
    show: Callable[..., HttpResponse]
    form: type[AddPost] | type[AddPartner]
    add: Callable[..., Any]
    one: dict[str, Callable[..., Any]]
    all: dict[str, Callable[..., Any]]


ROSTER = Desk(
    Post,
    "rosters:roster",
    _roster,
    AddPost,
    posting.add,
    one=ABOUT_ONE | {"replace": posting.replace},
    all={"propose": posting.propose},
)
PARTNERS = Desk(
    PartnerInvitation,
    "rosters:partners",
    _partners,
    AddPartner,
    partnering.add,
    one=ABOUT_ONE
    | {
        "cohost": partial(partnering.let_cohost, cohost=True),
        "guest": partial(partnering.let_cohost, cohost=False),
    },
    all={"propose": partnering.propose, "thank": partnering.thank},
)


def _act(request: StaffRequest, gathering: Gathering, desk: Desk) -> HttpResponse:
    if not may_keep(request, gathering):
        return _not_yours(request)
    if request.POST.get("act") == "add":
        return _add(request, gathering, desk)
    with (refused := Why()):
        _say(request, _done(request, gathering, desk))
        return redirect(desk.page, request.agency.slug, gathering.public_id)
    return again(request, refused, desk.page, request.agency.slug, gathering.public_id)


def _add(request: StaffRequest, gathering: Gathering, desk: Desk) -> HttpResponse:
    form = desk.form(request.POST, gathering=gathering)
    if form.is_valid():
        with or_say_on(form):
            desk.add(gathering, by=request.user, **form.cleaned_data)
            return redirect(desk.page, request.agency.slug, gathering.public_id)
    return desk.show(request, gathering, form, status=status_of(form))


def _done(request: StaffRequest, gathering: Gathering, desk: Desk) -> Any:
    act, by = request.POST.get("act", ""), request.user
    if act == "invite-all":
        return actions.invite_all(desk.kind, gathering, by=by)
    if act == "came":
        return actions.mark_came(desk.kind, gathering, came=_ticked(request), by=by)
    if act in desk.all:
        return desk.all[act](gathering, by=by)
    if act in desk.one:
        here = desk.kind.objects.visible_to(request.user, at=request.agency).filter(gathering=gathering)
        return desk.one[act](get_object_or_404(here, public_id=who_is_meant(request)), by=by)
    raise Refusal(_("This page does not know that button. Please load it again."))


# -- small things -----------------------------------------------------------------------------------
def may_keep(request: StaffRequest, gathering: Gathering) -> bool:
    """Coordinators keep every roster; a commander those of the division they command."""
    if request.member.holds([Role.COORDINATOR]):
        return True
    if not request.member.holds([Role.COMMANDER]):
        return False
    where = proposing.shape_of(gathering)
    if where is None:
        return False
    _division, commander = people.commander_for(gathering.agency, where, on=gathering.agency.today())
    return commander is not None and commander.pk == request.member.pk


def who_is_meant(request: StaffRequest) -> str:
    """The public id that a button names; anything else is nobody, and never asked of the database."""
    said = request.POST.get("who", "")
    return said if said.isascii() and said.isalnum() else ""


def _ticked(request: StaffRequest) -> list[int]:
    """The numbers of those who came; what is no number is nobody."""
    return [number for value in request.POST.getlist("came") if (number := number_in(value)) is not None]


def _say(request: StaffRequest, done: Any) -> None:
    if not isinstance(done, actions.Asked):
        return
    if done.written:
        messages.success(
            request,
            ngettext("%(n)d mail is on its way.", "%(n)d mails are on their way.", done.written)
            % {"n": done.written},
        )
    if done.in_person:
        messages.info(
            request,
            ngettext(
                "We have no address for %(n)d: please speak to them yourself, and mark the answer here.",
                "We have no address for %(n)d of them: please speak to them yourself, and mark the answers here.",
                done.in_person,
            )
            % {"n": done.in_person},
        )


def _not_yours(request: StaffRequest) -> HttpResponse:
    why = _("A commander keeps the rosters of their own division. Ask the coordinator.")
    return render(request, "403.html", {"why": why}, status=403)
