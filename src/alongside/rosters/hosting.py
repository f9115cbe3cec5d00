"""Who hosts: the roster says, and the page of the gathering follows. Nothing else sets it while the roster does."""

from __future__ import annotations

from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import User
from alongside.core.errors import Refusal
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering
from alongside.rosters import letters, proposing, timing
from alongside.rosters.models import ONE_ONLY, Invitee, InviteeQuerySet, Part, Post, State


class PartTaken(Refusal):
    """A gathering has one host and one deputy."""


def host_from_roster(gathering: Gathering, *, by: User | None) -> None:
    """The page says what the roster says: its host and its deputy, as members, with the names they have that day.

    Whoever changes a roster calls this in the same transaction. Where nobody of ours has the part, the page keeps
    what a person typed: a guest who hosts, or nobody.
    """
    standing = _standing(gathering).filter(part__in=ONE_ONLY)
    by_part = {post.part: post.member for post in standing}
    gatherings.set_hosts(gathering, host=by_part.get(Part.HOST), deputy=by_part.get(Part.DEPUTY), by=by)


def holder(gathering: Gathering, part: str) -> Post | None:
    """Who has a part now."""
    return _standing(gathering).filter(part=part).first()


def _standing(gathering: Gathering) -> InviteeQuerySet[Post]:
    return timing.of_kind(Post, gathering).standing()


def must_be_free(invitee: Invitee) -> None:
    """Who said no and comes after all: the part may have gone to another meanwhile."""
    if isinstance(invitee, Post) and invitee.part in ONE_ONLY and holder(invitee.gathering, invitee.part):
        raise PartTaken(_("Somebody else has taken this over meanwhile. Ask the coordinator, please."))


def follow(invitee: Invitee, *, by: User | None) -> None:
    """What follows when somebody says yes or no, or is taken off: of a host or a deputy, that another hosts."""
    if not isinstance(invitee, Post) or invitee.part not in ONE_ONLY:
        return
    if not invitee.stands and timing.is_ahead(invitee.gathering):
        _someone_must_host(invitee, by=by)
    host_from_roster(invitee.gathering, by=by)


def _someone_must_host(gone: Post, *, by: User | None) -> None:
    """The host cannot come: the deputy hosts, and hears of it; the next in line becomes deputy.

    Where neither is left, the commander of the place hosts.
    """
    gathering = gone.gathering
    if gone.part == Part.HOST and holder(gathering, Part.HOST) is None:
        if stands_in := _at_work(gathering, Part.DEPUTY):
            _becomes_host(stands_in, gone, by=by)
        elif proposal := proposing.next_for(gathering, Part.HOST):
            put(gathering, proposal, instead_of=gone)
        elif stands_in := _at_work(gathering, Part.LEADER):
            _becomes_host(stands_in, gone, by=by)
    if holder(gathering, Part.DEPUTY) is None and (proposal := proposing.next_for(gathering, Part.DEPUTY)):
        put(gathering, proposal, instead_of=gone if gone.part == Part.DEPUTY else None)


def _at_work(gathering: Gathering, part: str) -> Post | None:
    """Who has a part, and has not left us meanwhile."""
    return _standing(gathering).still_ours().filter(part=part).first()


def _becomes_host(deputy: Post, before: Post, *, by: User | None) -> None:
    deputy.part, deputy.stands_in_for = Part.HOST, before
    deputy.save(update_fields=["part", "stands_in_for"])
    audit.record(agency=before.gathering.agency, by=by, verb="became host of a roster", thing=deputy)
    if deputy.state != State.PROPOSED:
        letters.write(deputy, "host")


def put(gathering: Gathering, proposal: proposing.Proposal, *, instead_of: Post | None = None) -> Post:
    """Somebody new on the roster, not asked yet."""
    return Post.objects.create(
        agency=gathering.agency,
        gathering=gathering,
        member=proposal.member,
        part=proposal.part,
        because=proposal.because,
        because_area=proposal.because_area,
        stands_in_for=instead_of,
    )
