"""Ask somebody to a gathering, hear their answer, take them off, remind them, tell them what changed, mark who came.

The same for everybody who can be asked (`models.Invitee`): members on the roster (`posting` says whom) and partners
(`partnering`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit, bearers, retention
from alongside.agencies.models import Agency, Bearer, User
from alongside.core import clock
from alongside.core.errors import Refusal
from alongside.gatherings.actions import Change
from alongside.gatherings.hanging import MOVES
from alongside.gatherings.models import Gathering, Status
from alongside.outreach import actions as outreach
from alongside.rosters import hosting, letters, timing
from alongside.rosters.models import INVITEES, Away, Heard, Invitee, PartnerInvitation, Post, State

Somebody = TypeVar("Somebody", bound=Invitee)
# What of a gathering somebody must know to stand at the right place.
WHEN_AND_WHERE = frozenset({*MOVES, "status"})


class NotOurs(Refusal):
    """Somebody who does not work here, or belongs to another agency."""


# -- asking -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Asked:
    """How many were written to, and how many somebody has to speak to in person."""

    written: int
    in_person: int

    @classmethod
    def of(cls, written: Iterable[bool]) -> Asked:
        """Of each whether there was a mail."""
        sent = list(written)
        return cls(sum(sent), len(sent) - sum(sent))


@transaction.atomic
def invite(invitee: Invitee, *, by: User | None) -> Asked:
    """Ask somebody, by mail where we have an address. Asking twice is asking once, whoever asks."""
    invitee = timing.both_locked(invitee)
    timing.must_be_open(invitee.gathering)
    return Asked.of([_ask(invitee, by=by)] if invitee.may_be_invited else [])


@transaction.atomic
def invite_all(kind: type[Invitee], gathering: Gathering, *, by: User | None) -> Asked:
    """Ask everybody of a kind who is proposed and was not asked yet."""
    gathering = timing.opened(gathering)
    return Asked.of(_ask(each, by=by) for each in timing.of_kind(kind, gathering).to_ask())


def _ask(invitee: Invitee, *, by: User | None) -> bool:
    invitee.state, invitee.asked_at, invitee.reminded_at = State.INVITED, clock.now(), None
    invitee.told_what = timing.what_is_true(invitee.gathering)
    invitee.save(update_fields=["state", "asked_at", "reminded_at", "told_what"])
    written = letters.write(invitee, "asked")
    audit.record(
        agency=invitee.gathering.agency,
        by=by,
        verb=invitee.deeds["asked"],
        thing=invitee,
        detail={"by mail": written},
    )
    return written


# -- answers ----------------------------------------------------------------------------------------
@transaction.atomic
def answer(invitee: Somebody, *, coming: bool, heard: str, by: User | None = None, **own: object) -> Somebody:
    """Yes or no, by link, on their page, or told to the coordinator. The same answer twice is one answer.

    `own` is what only this kind says of itself (`own_words`), as it may be kept.
    """
    if unknown := set(own) - invitee.own_words:
        raise TypeError(f"A {invitee.who} says nothing of {', '.join(sorted(unknown))}.")
    invitee = timing.both_locked(invitee)
    timing.must_be_open(invitee.gathering)
    if invitee.state == State.RELEASED:
        raise timing.NotNow(_("You are not on this list any more. Thank you all the same."))
    if not invitee.may_answer:
        raise timing.NotNow(_("It is written down that you were there. Thank you."))
    if coming and not invitee.stands:
        hosting.must_be_free(invitee)
    before = {name: getattr(invitee, name) for name in ("state", *own)}
    invitee.state = State.COMING if coming else State.DECLINED
    if invitee.state != before["state"]:
        invitee.answered_at, invitee.heard = clock.now(), Heard(heard)
    for name, value in own.items():
        setattr(invitee, name, value)
    if not timing.is_of_that_day(invitee.told_what, invitee.gathering):
        invitee.reminded_at = (
            None  # they had said no when it was moved: of the new day they are reminded, too
        )
    invitee.told_what = timing.what_is_true(invitee.gathering)  # their page says so, or whoever they told
    invitee.save(update_fields=["state", "answered_at", "heard", "reminded_at", "told_what", *own])
    if any(getattr(invitee, name) != value for name, value in before.items()):
        numbers = {name: value for name, value in own.items() if not isinstance(value, str)}
        audit.record(
            agency=invitee.gathering.agency,
            by=by,
            verb=invitee.deeds["answered"],
            thing=invitee,
            detail={"coming": coming, "heard": heard, **numbers},
        )
        hosting.follow(invitee, by=by)
    if not invitee.stands:
        _hands_back(invitee, by=by)
    outreach.look_again(invitee.gathering.agency, invitee.key)
    return invitee


@transaction.atomic
def release(invitee: Somebody, *, by: User | None) -> Somebody:
    """Take somebody off. Who had been asked hears of it. Taking off twice is taking off once."""
    invitee = timing.both_locked(invitee)
    if invitee.state in {State.RELEASED, State.CAME}:
        return invitee
    asked = invitee.is_asked
    invitee.state = State.RELEASED
    invitee.save(update_fields=["state"])
    if asked and timing.is_ahead(invitee.gathering):
        letters.write(invitee, "released")
    audit.record(agency=invitee.gathering.agency, by=by, verb=invitee.deeds["released"], thing=invitee)
    hosting.follow(invitee, by=by)
    bearers.end_all(bearers.opening(invitee.key, agency=invitee.gathering.agency), by=by)
    _hands_back(invitee, by=by)
    outreach.look_again(invitee.gathering.agency, invitee.key)
    return invitee


@transaction.atomic
def mark_came(kind: type[Invitee], gathering: Gathering, *, came: Iterable[int], by: User | None) -> int:
    """Who was really there, by their numbers. Of members, this is what “has walked here before” counts."""
    gathering = timing.locked(gathering)
    if gathering.is_cancelled or not gathering.has_begun:
        raise timing.NotNow(_("It has not begun yet, or it was cancelled."))
    wanted, there = set(came), 0
    for invitee in timing.of_kind(kind, gathering):
        before, invitee.state = invitee.state, invitee.after(came=invitee.pk in wanted)
        there += invitee.state == State.CAME
        if invitee.state != before:
            invitee.save(update_fields=["state"])
    audit.record(
        agency=gathering.agency, by=by, verb=kind.deeds["came"], thing=gathering, detail={"came": there}
    )
    return there


# -- by link ----------------------------------------------------------------------------------------
def behind(kind: type[Somebody], token: str, *, at: Agency) -> bearers.Held:
    """Whom a link answers for, at this agency and until two weeks after the gathering. Raises bearers.Useless."""
    return bearers.opened_by(kind.link_is_for, token, at=at)


def behind_posts(rows: Sequence[Bearer]) -> bearers.Asked:
    """A member's answer, while they are on the roster or may come back to it."""
    return _behind(Post, rows)


def behind_invitations(rows: Sequence[Bearer]) -> bearers.Asked:
    """A partner's."""
    return _behind(PartnerInvitation, rows)


def _behind(kind: type[Invitee], rows: Sequence[Bearer]) -> bearers.Asked:
    known = kind.objects.everywhere().with_people()
    known = known.select_related("gathering__agency", "gathering__venue")
    return {number: _shown(invitee) for number, invitee in bearers.things_of(rows, known).items()}


def _shown(invitee: Invitee) -> bearers.Behind:
    return bearers.Behind(
        invitee,
        what=invitee.gathering.titled,
        until=timing.link_ends(invitee.gathering),
        person=invitee.name,
        stands=invitee.state != State.RELEASED and invitee.is_ours,
    )


def _hands_back(invitee: Invitee, *, by: User | None) -> None:
    """Whoever does not come has no pass for it. The link by which they may still say yes opens their answer."""
    gathering = invitee.gathering
    opening = bearers.opening(gathering.key, agency=gathering.agency)
    bearers.end_all(opening.had_by(invitee.person.key), by=by)


def forget_words() -> int:
    """Delete what was said for one gathering, or of one absence, once the agency's days are over."""
    topics = PartnerInvitation.objects.everywhere().out_of_keeping().exclude(topics="")
    whys = Away.objects.everywhere().out_of_keeping().exclude(why="")
    gone = retention.empty(topics, topics="")
    return gone + retention.empty(whys, why="")


# -- what changed meanwhile -------------------------------------------------------------------------
@transaction.atomic
def tell_what_changed(change: Change) -> int:
    """Write to whoever was asked before the gathering was moved, cancelled or thrown away. Returns to how many.

    In the transaction that changes it, so that nothing is lost; nobody hears the same twice.
    """
    gathering = change.gathering
    if not (change.gone or change.fields & WHEN_AND_WHERE) or not timing.is_of_use(gathering):
        return 0
    if change.gone:  # a draft: its row goes, and with it ours
        gathering = timing.locked(gathering)
        gathering.status = Status.CANCELLED
    now, written = timing.what_is_true(gathering), 0
    for kind in INVITEES:
        late = list(timing.of_kind(kind, gathering).asked().exclude(told_what=now))
        for invitee in late:
            written += _tell_now(invitee, gone=change.gone)
        other_day = [each.pk for each in late if not timing.is_of_that_day(each.told_what, gathering)]
        if other_day:
            # Of the new day they are reminded, too: by what was written just now, where that is near.
            near = clock.now() if timing.is_near(gathering) else None
            kind.objects.filter(pk__in=other_day).update(reminded_at=near)
        if late:
            kind.objects.filter(pk__in=[each.pk for each in late]).update(told_what=now)
    return written


def _tell_now(invitee: Invitee, *, gone: bool) -> bool:
    if gone:
        return letters.say_gone(invitee)
    if invitee.gathering.is_cancelled:
        return letters.write(invitee, "cancelled")
    return letters.write(invitee, "changed", before=invitee.told_what)


@transaction.atomic
def remind(gathering: Gathering) -> int:
    """Write once to everybody who was asked and has not said no, two days before. Returns to how many."""
    gathering = timing.locked(gathering)
    if not timing.is_near(gathering):
        return 0
    written = 0
    for kind in INVITEES:
        for invitee in timing.of_kind(kind, gathering).asked().filter(reminded_at=None):
            if not timing.asked_just_now(invitee):
                written += letters.write(invitee, "reminder")
                invitee.reminded_at = clock.now()
                invitee.save(update_fields=["reminded_at"])
    return written
