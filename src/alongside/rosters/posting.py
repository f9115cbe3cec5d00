"""Put the roster together: propose, add, and put the next in line in somebody's place. Whom one asks is here; asking
and answering is in `actions`."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Member, User
from alongside.core.errors import Refusal
from alongside.gatherings.models import Gathering
from alongside.rosters import actions, proposing, timing
from alongside.rosters.hosting import PartTaken, holder, host_from_roster, put
from alongside.rosters.models import ONE_ONLY, Because, Part, Post, State


class NobodyLeft(Refusal):
    """Everybody who could take this part is away, elsewhere, or has said no."""


@transaction.atomic
def propose(gathering: Gathering, *, by: User | None) -> list[Post]:
    """Fill what the roster lacks. Proposing twice proposes nobody twice, and nobody who said no."""
    gathering = timing.opened(gathering)
    posts = [put(gathering, proposal) for proposal in proposing.proposals(gathering)]
    if posts:
        audit.record(
            agency=gathering.agency,
            by=by,
            verb="proposed a roster for",
            thing=gathering,
            detail={"posts": len(posts)},
        )
        host_from_roster(gathering, by=by)
    return posts


@transaction.atomic
def add(gathering: Gathering, *, member: Member, part: str, by: User | None) -> Post:
    """A person chooses somebody. Adding twice is adding once; who had said no is put on the list again."""
    gathering = timing.opened(gathering)
    if member.agency_id != gathering.agency_id or not member.active:
        raise actions.NotOurs(_("Choose somebody who works here."))
    other = holder(gathering, part) if part in ONE_ONLY else None
    if other is not None and other.member_id != member.pk:
        raise PartTaken(
            _("%(name)s has this part. Take them off first, then choose another.") % {"name": other.member}
        )
    post = Post.objects.belonging_to(gathering=gathering, member=member).first()
    if post is None:
        post = put(gathering, proposing.Proposal(member, Part(part), Because.CHOSEN))
    elif post.part == part and post.stands:
        return post
    else:
        post.part, post.because, post.because_area = part, Because.CHOSEN, ""
        if not post.stands:
            post.state = State.PROPOSED
        post.save(update_fields=["part", "because", "because_area", "state"])
    audit.record(agency=gathering.agency, by=by, verb="put on a roster", thing=post, detail={"part": part})
    host_from_roster(gathering, by=by)
    return post


@transaction.atomic
def replace(post: Post, *, by: User | None) -> Post:
    """Somebody cannot come: put the next in line in their place. The first stays as history."""
    post = timing.both_locked(post)
    timing.must_be_open(post.gathering)
    if already := _in_the_place_of(post):
        return already
    proposal = proposing.next_for(post.gathering, post.part)
    if proposal is None:
        raise NobodyLeft(_("Everybody who could take this part is away, elsewhere, or has said no."))
    if post.stands:
        post = actions.release(post, by=by)
        if already := _in_the_place_of(post):  # the deputy hosts now
            return already
    following = put(post.gathering, proposal, instead_of=post)
    audit.record(
        agency=post.gathering.agency,
        by=by,
        verb="put on a roster",
        thing=following,
        detail={"part": post.part},
    )
    host_from_roster(post.gathering, by=by)
    return following


def _in_the_place_of(post: Post) -> Post | None:
    """Who stands in for somebody, or has the part that only one can have."""
    standing = timing.of_kind(Post, post.gathering).standing().exclude(pk=post.pk)
    only_one = {"part": post.part} if post.part in ONE_ONLY else {"stands_in_for": post}
    return standing.filter(**only_one).first()
