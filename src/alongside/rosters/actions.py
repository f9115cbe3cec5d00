"""Put together who comes on our side: propose, ask, answer, stand in, and mark who came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Agency, Member, User
from alongside.core import clock, tokens
from alongside.core.errors import Refusal
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering, Status
from alongside.rosters import news, proposing, queries, timing
from alongside.rosters.models import (
    ONE_ONLY,
    STANDING,
    AnswerLink,
    Because,
    Heard,
    Part,
    PartnerInvitation,
    Post,
    PostState,
)

LINK = "roster"


class PartTaken(Refusal):
    """A gathering has one host and one deputy."""


class NotOurs(Refusal):
    """Somebody who does not work here, or belongs to another agency."""


class NobodyLeft(Refusal):
    """Everybody who could take this part is away, elsewhere, or has said no."""


class LinkUseless(Refusal):
    """A link that is wrong, or has run out."""


# -- putting it together ----------------------------------------------------------------------------
@transaction.atomic
def propose(gathering: Gathering, *, by: User | None) -> list[Post]:
    """Fill what the roster lacks. Proposing twice proposes nobody twice, and nobody who said no."""
    gathering = _opened(gathering)
    posts = [_put(gathering, proposal) for proposal in proposing.proposals(gathering)]
    if posts:
        audit.record(
            agency=gathering.agency,
            by=by,
            verb="proposed a roster for",
            thing=gathering,
            detail={"posts": len(posts)},
        )
        say_who_hosts(gathering, by=by)
    return posts


def _put(gathering: Gathering, proposal: proposing.Proposal, *, instead_of: Post | None = None) -> Post:
    return Post.objects.create(
        agency=gathering.agency,
        gathering=gathering,
        member=proposal.member,
        part=proposal.part,
        because=proposal.because,
        because_area=proposal.because_area,
        stands_in_for=instead_of,
    )


@transaction.atomic
def add(gathering: Gathering, *, member: Member, part: str, by: User | None) -> Post:
    """A person chooses somebody. Adding twice is adding once; who had said no is put on the list again."""
    gathering = _opened(gathering)
    if member.agency_id != gathering.agency_id or not member.active:
        raise NotOurs(_("Choose somebody who works here."))
    held = Post.objects.filter(gathering=gathering, part=part, state__in=STANDING).exclude(member=member)
    if part in ONE_ONLY and (other := held.select_related("member__rank").first()):
        raise PartTaken(
            _("%(name)s has this part. Take them off first, then choose another.") % {"name": other.member}
        )
    post = Post.objects.filter(gathering=gathering, member=member).first()
    if post is None:
        post = _put(gathering, proposing.Proposal(member, Part(part), Because.CHOSEN))
    elif post.part == part and post.stands:
        return post
    else:
        post.part, post.because, post.because_area = part, Because.CHOSEN, ""
        if not post.stands:
            post.state = PostState.PROPOSED
        post.save(update_fields=["part", "because", "because_area", "state"])
    audit.record(agency=gathering.agency, by=by, verb="put on a roster", thing=post, detail={"part": part})
    say_who_hosts(gathering, by=by)
    return post


@transaction.atomic
def release(post: Post, *, by: User | None) -> Post:
    """Take somebody off. Who had been asked hears of it. Taking off twice is taking off once."""
    post, gathering = _both_locked(post)
    if not post.stands or post.state == PostState.CAME:
        return post
    asked = post.state != PostState.PROPOSED
    post.state = PostState.RELEASED
    post.save(update_fields=["state"])
    if asked and timing.is_ahead(gathering):
        news.to_member(post, "released")
    audit.record(agency=post.agency, by=by, verb="took off a roster", thing=post)
    _someone_must_host(post, gathering, by=by)
    return post


@transaction.atomic
def replace(post: Post, *, by: User | None) -> Post:
    """Somebody cannot come: put the next in line in their place. The first stays as history."""
    post, gathering = _both_locked(post)
    timing.must_be_open(gathering)
    already = Post.objects.filter(stands_in_for=post, state__in=STANDING).first()
    if already is not None:
        return already
    proposal = proposing.next_for(gathering, post.part)
    if proposal is None:
        raise NobodyLeft(_("Everybody who could take this part is away, elsewhere, or has said no."))
    if post.stands:
        post = release(post, by=by)
    following = _put(gathering, proposal, instead_of=post)
    audit.record(
        agency=post.agency, by=by, verb="put on a roster", thing=following, detail={"part": post.part}
    )
    say_who_hosts(gathering, by=by)
    return following


# -- asking -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Asked:
    """How many were written to, and how many somebody has to ask in person."""

    written: int
    in_person: int


@transaction.atomic
def invite(post: Post, *, by: User | None) -> Asked:
    """Ask somebody, by mail where we have an address. Asking twice is asking once, whoever asks."""
    post, gathering = _both_locked(post)
    timing.must_be_open(gathering)
    if post.state != PostState.PROPOSED:
        return Asked(0, 0)
    return _ask(post, gathering, by=by)


@transaction.atomic
def invite_all(gathering: Gathering, *, by: User | None) -> Asked:
    """Ask everybody who is proposed and was not asked yet."""
    gathering = _opened(gathering)
    waiting = [post for post in queries.roster_of(gathering) if post.state == PostState.PROPOSED]
    done = [_ask(post, gathering, by=by) for post in waiting]
    return Asked(sum(each.written for each in done), sum(each.in_person for each in done))


def _ask(post: Post, gathering: Gathering, *, by: User | None) -> Asked:
    post.gathering = gathering
    post.state, post.asked_at, post.reminded_at = PostState.INVITED, clock.now(), None
    timing.note_notified(post, gathering)
    post.save(update_fields=["state", "asked_at", "reminded_at", "told_of", "told_what"])
    written = news.to_member(post, "asked", token=_link(post))
    audit.record(agency=post.agency, by=by, verb="asked to a roster", thing=post, detail={"by mail": written})
    return Asked(int(written), int(not written))


@transaction.atomic
def answer(
    post: Post, *, coming: bool, heard: str, named: bool | None = None, by: User | None = None
) -> Post:
    """Yes or no, by link, on their page, or told to the coordinator. The same answer twice is one answer."""
    post, gathering = _both_locked(post)
    timing.must_be_open(gathering)
    if post.state in {PostState.RELEASED, PostState.CAME}:
        raise timing.NotNow(_("You are not on this roster any more. Thank you all the same."))
    if coming and post.state == PostState.DECLINED:
        _must_be_free(post)
    wanted = PostState.COMING if coming else PostState.DECLINED
    if named is not None:
        post.named = named
    changed = post.state != wanted
    if changed:
        post.state, post.answered_at, post.heard = wanted, clock.now(), Heard(heard)
    if not post.told_what:
        timing.note_notified(post, gathering)
    post.save(update_fields=["state", "answered_at", "heard", "named", "told_of", "told_what"])
    if changed:
        audit.record(
            agency=post.agency,
            by=by,
            verb="answered a roster",
            thing=post,
            detail={"coming": coming, "heard": heard},
        )
        _someone_must_host(post, gathering, by=by)
    return post


def _must_be_free(post: Post) -> None:
    """Who said no and comes after all: the part may have gone to another meanwhile."""
    rivals = Post.objects.filter(gathering=post.gathering_id, part=post.part, state__in=STANDING)
    if post.part in ONE_ONLY and rivals.exists():
        raise PartTaken(_("Somebody else has taken this over meanwhile. Ask the coordinator, please."))


@transaction.atomic
def mark_came(gathering: Gathering, *, came: Iterable[int], by: User | None) -> int:
    """Who was really there, by the numbers of their posts. This is what “has walked here before” counts."""
    gathering = timing.locked(gathering)
    if gathering.is_cancelled or not gathering.has_begun:
        raise timing.NotNow(_("It has not begun yet, or it was cancelled."))
    wanted = set(came)
    there = 0
    for post in Post.objects.filter(gathering=gathering):
        state = _after(post, came=post.pk in wanted)
        there += state == PostState.CAME
        if state != post.state:
            post.state = state
            post.save(update_fields=["state"])
    audit.record(
        agency=gathering.agency, by=by, verb="marked who came to", thing=gathering, detail={"came": there}
    )
    return there


def _after(post: Post, *, came: bool) -> str:
    """What a post is after the gathering. A tick taken back leaves the answer that was given before."""
    if came:
        return PostState.CAME
    if post.state != PostState.CAME:
        return post.state
    return (
        PostState.COMING if post.answered_at else PostState.INVITED if post.asked_at else PostState.PROPOSED
    )


# -- who hosts --------------------------------------------------------------------------------------
def _someone_must_host(post: Post, gathering: Gathering, *, by: User | None) -> None:
    """The host cannot come: the deputy hosts, and hears of it; the next in line becomes deputy.

    Where neither is left, the commander of the place hosts.
    """
    if post.part not in ONE_ONLY or post.stands or not timing.is_ahead(gathering):
        say_who_hosts(gathering, by=by)
        return
    if post.part == Part.HOST:
        if stands_in := _holder(gathering, Part.DEPUTY):
            _becomes_host(stands_in, post, by=by)
        elif proposal := proposing.next_for(gathering, Part.HOST):
            _put(gathering, proposal, instead_of=post)
        elif stands_in := _holder(gathering, Part.LEADER):
            _becomes_host(stands_in, post, by=by)
    if _holder(gathering, Part.DEPUTY) is None and (proposal := proposing.next_for(gathering, Part.DEPUTY)):
        _put(gathering, proposal, instead_of=post if post.part == Part.DEPUTY else None)
    say_who_hosts(gathering, by=by)


def _becomes_host(deputy: Post, before: Post, *, by: User | None) -> None:
    deputy.part, deputy.stands_in_for = Part.HOST, before
    deputy.save(update_fields=["part", "stands_in_for"])
    audit.record(agency=deputy.agency, by=by, verb="became host of a roster", thing=deputy)
    if deputy.state != PostState.PROPOSED:
        news.to_member(deputy, "host", token=_link(deputy))


def say_who_hosts(gathering: Gathering, *, by: User | None) -> None:
    """Say on the gathering who hosts it and who stands in, as the public reads it. A guest who hosts stays."""
    if not timing.is_ahead(gathering):
        return
    posts = list(Post.objects.filter(gathering=gathering).with_people())
    ours = {str(post.member) for post in posts}
    words: dict[str, object] = {}
    for field, part in (("host", Part.HOST), ("deputy_host", Part.DEPUTY)):
        if getattr(gathering, field) in ours or any(post.part == part for post in posts):
            holder = next((post for post in posts if post.part == part and post.stands), None)
            words[field] = str(holder.member) if holder else ""
    if all(getattr(gathering, field) == text for field, text in words.items()):
        return
    try:
        changed = gatherings.change(gathering, by=by, **words)
    except gatherings.GatheringRefused:
        return  # something else is wrong with it: an answer counts all the same, and the roster shows the gap
    for field in (*words, "sequence", "changed_at"):
        setattr(gathering, field, getattr(changed, field))


def _holder(gathering: Gathering, part: str) -> Post | None:
    return Post.objects.filter(gathering=gathering, part=part, state__in=STANDING).with_people().first()


# -- links ------------------------------------------------------------------------------------------
def _link(post: Post) -> str:
    token, digest = tokens.issue(LINK)
    AnswerLink.objects.create(post=post, digest=digest)
    return token


def post_behind(token: str, *, at: Agency) -> Post:
    """The post that a link answers for, at this agency and until two weeks after the gathering."""
    link = (
        AnswerLink.objects.filter(
            digest=tokens.digest(LINK, token), post__agency=at, post__member__active=True
        )
        .select_related("post__gathering__agency", "post__gathering__venue", "post__member__rank")
        .first()
    )
    if link is None or link.post is None or not timing.still_opens(link.post.gathering):
        raise LinkUseless(_("This link is wrong or has run out."))
    return link.post


def forget_links() -> int:
    """Delete the links that open nothing any more. Returns how many."""
    long_ago = clock.now().date() - timing.LINK_OUTLIVES - timedelta(days=2)
    posts = AnswerLink.objects.filter(post__gathering__on__lt=long_ago)
    partners = AnswerLink.objects.filter(invitation__gathering__on__lt=long_ago)
    return posts.delete()[0] + partners.delete()[0]


# -- what changed meanwhile -------------------------------------------------------------------------
@transaction.atomic
def notify_of_changes(gathering: Gathering) -> int:
    """Write to members who were asked before the gathering was moved or cancelled. Returns to how many.

    Rosters stand above gatherings, which knows nothing of them: so each post remembers which change it heard
    of last, and a job compares. A process that dies in between loses nothing.
    """
    gathering = timing.locked(gathering)
    notified = 0
    for post in Post.objects.filter(gathering=gathering).asked().with_people():
        if post.told_of == gathering.changed_at:
            continue
        post.gathering = gathering
        if post.told_what != timing.what_is_true(gathering) and timing.is_of_use(gathering):
            if gathering.is_cancelled:
                notified += news.to_member(post, "cancelled")
            else:
                notified += news.to_member(post, "changed", token=_link(post))
        timing.note_notified(post, gathering)
        post.save(update_fields=["told_of", "told_what"])
    return notified


def say_it_is_off(instance: Gathering, origin: object, **_signal: object) -> None:
    """A draft is thrown away: whoever was asked to it hears that it is off, in the transaction that deletes it."""
    if not isinstance(origin, Gathering) or not timing.is_of_use(instance):
        return  # a whole agency goes, or it is long over
    gathering = Gathering.objects.select_related("agency", "venue").get(pk=instance.pk)
    gathering.status = Status.CANCELLED
    for post in Post.objects.filter(gathering=gathering).asked().with_people():
        post.gathering = gathering
        news.to_member(post, "cancelled")
    for each in PartnerInvitation.objects.filter(gathering=gathering).asked().select_related("partner"):
        each.gathering = gathering
        news.to_partner(each, "cancelled")


@transaction.atomic
def remind(gathering: Gathering) -> int:
    """Write once to everybody who was asked and has not said no, two days before. Returns to how many."""
    gathering = timing.locked(gathering)
    if not timing.is_near(gathering):
        return 0
    written = 0
    for post in Post.objects.filter(gathering=gathering, reminded_at=None).asked().with_people():
        if not timing.asked_just_now(post):
            post.gathering = gathering
            written += news.to_member(post, "reminder", token=_link(post))
            post.reminded_at = clock.now()
            post.save(update_fields=["reminded_at"])
    return written


# -- small things -----------------------------------------------------------------------------------
def _opened(gathering: Gathering) -> Gathering:
    gathering = timing.locked_with_its_day(gathering)
    timing.must_be_open(gathering)
    return gathering


def _both_locked(post: Post) -> tuple[Post, Gathering]:
    """The post as it is now, with its gathering locked first: everybody locks in this order."""
    gathering = timing.locked_with_its_day(post.gathering)
    post = Post.objects.with_people().get(pk=post.pk)
    post.gathering = gathering
    return post, gathering
