"""Ask partners to come along: propose by place, invite, hear their answer and what they want discussed, thank them."""

from __future__ import annotations

import re
from collections.abc import Iterable

import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Agency, User
from alongside.core import clock, tokens
from alongside.core.errors import Refusal
from alongside.core.text import line
from alongside.gatherings.models import Gathering
from alongside.people import actions as people
from alongside.people.models import Partner
from alongside.people.queries import partners_of
from alongside.rosters import news, timing
from alongside.rosters.actions import Asked, LinkUseless, NotOurs
from alongside.rosters.models import (
    LARGEST_GROUP,
    LONGEST_TOPICS,
    AnswerLink,
    Heard,
    InvitationState,
    PartnerInvitation,
)
from alongside.rosters.proposing import shape_of

LINK = "partner-roster"
NOT_ASKED_YET = (InvitationState.PROPOSED, InvitationState.RELEASED)


class BadGroup(Refusal):
    """A number of people that no group has."""


class TooMuch(Refusal):
    """More words than fit."""


# -- whom to ask ------------------------------------------------------------------------------------
@transaction.atomic
def propose(gathering: Gathering, *, by: User | None) -> list[PartnerInvitation]:
    """The partners of this place and those of the whole city, who receive invitations. Nobody twice."""
    gathering = _opened(gathering)
    known = set(PartnerInvitation.objects.belonging_to(gathering=gathering).values_list("partner", flat=True))
    where = shape_of(gathering) or shapely.Point(0, 0)  # without a place, those of the whole city
    made = [
        PartnerInvitation.objects.create(agency=gathering.agency, gathering=gathering, partner=partner)
        for partner in partners_of(gathering.agency, where)
        if partner.pk not in known
    ]
    if made:
        audit.record(
            agency=gathering.agency,
            by=by,
            verb="proposed partners for",
            thing=gathering,
            detail={"partners": len(made)},
        )
    return made


@transaction.atomic
def add(gathering: Gathering, *, partner: Partner, by: User | None) -> PartnerInvitation:
    """A person chooses a partner. Adding twice is adding once."""
    gathering = _opened(gathering)
    if partner.agency_id != gathering.agency_id or not partner.active:
        raise NotOurs(_("Choose a partner of this agency."))
    invitation, new = PartnerInvitation.objects.get_or_create(
        gathering=gathering, partner=partner, defaults={"agency": gathering.agency}
    )
    if not new and invitation.state == InvitationState.RELEASED:
        invitation.state = InvitationState.PROPOSED
        invitation.save(update_fields=["state"])
        new = True
    if new:
        audit.record(agency=gathering.agency, by=by, verb="proposed as partner", thing=invitation)
    return invitation


@transaction.atomic
def release(invitation: PartnerInvitation, *, by: User | None) -> PartnerInvitation:
    """Take a partner off. Who had been asked hears of it."""
    invitation, gathering = _both_locked(invitation)
    if invitation.state in {InvitationState.RELEASED, InvitationState.CAME, InvitationState.THANKED}:
        return invitation
    asked = invitation.state in {InvitationState.INVITED, InvitationState.ACCEPTED}
    invitation.state = InvitationState.RELEASED
    invitation.save(update_fields=["state"])
    if asked and timing.is_ahead(gathering):
        news.to_partner(invitation, "released", token=_link(invitation))
    audit.record(agency=invitation.agency, by=by, verb="took off the partners", thing=invitation)
    return invitation


@transaction.atomic
def let_cohost(invitation: PartnerInvitation, *, cohost: bool, by: User | None) -> PartnerInvitation:
    """A partner who hosts it with us: they may say so, and the page does."""
    invitation, gathering = _both_locked(invitation)
    timing.must_be_open(gathering)
    if invitation.cohost != cohost:
        invitation.cohost = cohost
        invitation.save(update_fields=["cohost"])
        audit.record(
            agency=invitation.agency,
            by=by,
            verb="set who hosts with us",
            thing=invitation,
            detail={"cohost": cohost},
        )
    return invitation


# -- asking -----------------------------------------------------------------------------------------
@transaction.atomic
def invite(invitation: PartnerInvitation, *, by: User | None) -> Asked:
    """Ask a partner, by mail where it has an address. Asking twice is asking once, whoever asks."""
    invitation, gathering = _both_locked(invitation)
    timing.must_be_open(gathering)
    if invitation.state not in NOT_ASKED_YET:
        return Asked(0, 0)
    return _ask(invitation, gathering, by=by)


@transaction.atomic
def invite_all(gathering: Gathering, *, by: User | None) -> Asked:
    """Ask every partner who is proposed and was not asked yet. Who wants no invitations gets none."""
    gathering = _opened(gathering)
    waiting = (
        PartnerInvitation.objects.belonging_to(gathering=gathering)
        .filter(state=InvitationState.PROPOSED, partner__invited=True, partner__active=True)
        .select_related("partner")
    )
    done = [_ask(each, gathering, by=by) for each in waiting]
    return Asked(sum(each.written for each in done), sum(each.in_person for each in done))


def _ask(invitation: PartnerInvitation, gathering: Gathering, *, by: User | None) -> Asked:
    invitation.gathering = gathering
    invitation.state, invitation.asked_at = InvitationState.INVITED, clock.now()
    invitation.reminded_at = None
    timing.note_notified(invitation, gathering)
    invitation.save(update_fields=["state", "asked_at", "reminded_at", "told_of", "told_what"])
    written = news.to_partner(invitation, "asked", token=_link(invitation))
    audit.record(
        agency=invitation.agency, by=by, verb="invited partner", thing=invitation, detail={"by mail": written}
    )
    return Asked(int(written), int(not written))


@transaction.atomic
def answer(
    invitation: PartnerInvitation,
    *,
    coming: bool,
    heard: str,
    party: object = None,
    topics: str | None = None,
    by: User | None = None,
) -> PartnerInvitation:
    """Yes or no; how many they bring; what they would like to be talked about. Their part, and nothing else."""
    number = None if party is None else party_of(party)
    words = None if topics is None else _topics(topics)
    invitation, gathering = _both_locked(invitation)
    timing.must_be_open(gathering)
    if invitation.state == InvitationState.RELEASED:
        raise timing.NotNow(_("You are not on this list any more. Thank you all the same."))
    wanted = InvitationState.ACCEPTED if coming else InvitationState.DECLINED
    changed = invitation.state != wanted
    if changed:
        invitation.state, invitation.answered_at, invitation.heard = wanted, clock.now(), Heard(heard)
    if number is not None:
        invitation.party = number
    if words is not None:
        invitation.topics = words
    if not invitation.told_what:
        timing.note_notified(invitation, gathering)
    invitation.save(
        update_fields=["state", "answered_at", "heard", "party", "topics", "told_of", "told_what"]
    )
    if changed or words is not None or number is not None:
        audit.record(
            agency=invitation.agency,
            by=by,
            verb="partner answered",
            thing=invitation,
            detail={"coming": coming, "party": invitation.party, "heard": heard},
        )
    return invitation


@transaction.atomic
def stop_writing(invitation: PartnerInvitation) -> None:
    """A partner wants no invitations any more. What they said of this gathering stays as they said it."""
    invitation, gathering = _both_locked(invitation)
    people.stop_invitations(invitation.partner, by=None)
    if invitation.state == InvitationState.INVITED and timing.is_ahead(gathering):
        invitation.state, invitation.answered_at = InvitationState.DECLINED, clock.now()
        invitation.heard = Heard.LINK
        invitation.save(update_fields=["state", "answered_at", "heard"])


# -- afterwards -------------------------------------------------------------------------------------
@transaction.atomic
def mark_came(gathering: Gathering, *, came: Iterable[int], by: User | None) -> int:
    """Which partners were really there, by the numbers of their invitations."""
    gathering = timing.locked(gathering)
    if gathering.is_cancelled or not gathering.has_begun:
        raise timing.NotNow(_("It has not begun yet, or it was cancelled."))
    wanted = set(came)
    there = 0
    for each in PartnerInvitation.objects.belonging_to(gathering=gathering).exclude(
        state=InvitationState.THANKED
    ):
        before = each.state
        if each.pk in wanted:
            each.state = InvitationState.CAME
        elif each.state == InvitationState.CAME:
            each.state = InvitationState.ACCEPTED
        there += each.state == InvitationState.CAME
        if each.state != before:
            each.save(update_fields=["state"])
    audit.record(
        agency=gathering.agency,
        by=by,
        verb="marked partners who came to",
        thing=gathering,
        detail={"came": there},
    )
    return there


@transaction.atomic
def thank(gathering: Gathering, *, by: User | None) -> Asked:
    """Thank the partners who came, once."""
    gathering = timing.locked(gathering)
    written = unwritten = 0
    came = PartnerInvitation.objects.belonging_to(gathering=gathering).filter(state=InvitationState.CAME)
    for each in came.select_related("partner"):
        each.gathering, each.state = gathering, InvitationState.THANKED
        each.save(update_fields=["state"])
        if news.to_partner(each, "thanks", token=_link(each)):
            written += 1
        else:
            unwritten += 1
    if written or unwritten:
        audit.record(
            agency=gathering.agency,
            by=by,
            verb="thanked partners of",
            thing=gathering,
            detail={"mails": written},
        )
    return Asked(written, unwritten)


# -- links ------------------------------------------------------------------------------------------
def _link(invitation: PartnerInvitation) -> str:
    token, digest = tokens.issue(LINK)
    AnswerLink.objects.create(invitation=invitation, digest=digest)
    return token


def invitation_behind(token: str, *, at: Agency) -> PartnerInvitation:
    """The invitation that a link answers for, at this agency and until two weeks after the gathering."""
    link = (
        AnswerLink.objects.filter(
            digest=tokens.digest(LINK, token), invitation__agency=at, invitation__partner__active=True
        )
        .select_related(
            "invitation__gathering__agency", "invitation__gathering__venue", "invitation__partner"
        )
        .first()
    )
    if link is None or link.invitation is None or not timing.still_opens(link.invitation.gathering):
        raise LinkUseless(_("This link is wrong or has run out."))
    return link.invitation


# -- what changed meanwhile -------------------------------------------------------------------------
@transaction.atomic
def notify_of_changes(gathering: Gathering) -> int:
    """Write to partners who were asked before the gathering was moved or cancelled. Returns to how many."""
    gathering = timing.locked(gathering)
    notified = 0
    rows = PartnerInvitation.objects.belonging_to(gathering=gathering).asked().select_related("partner")
    for each in rows:
        if each.told_of == gathering.changed_at:
            continue
        each.gathering = gathering
        if each.told_what != timing.what_is_true(gathering) and timing.is_of_use(gathering):
            news_of = "cancelled" if gathering.is_cancelled else "changed"
            notified += news.to_partner(each, news_of, token=_link(each))
        timing.note_notified(each, gathering)
        each.save(update_fields=["told_of", "told_what"])
    return notified


@transaction.atomic
def remind(gathering: Gathering) -> int:
    """Write once to partners who were asked and have not said no. Returns to how many."""
    gathering = timing.locked(gathering)
    if not timing.is_near(gathering):
        return 0
    written = 0
    rows = PartnerInvitation.objects.belonging_to(gathering=gathering).filter(reminded_at=None).asked()
    for each in rows.select_related("partner"):
        if not timing.asked_just_now(each):
            each.gathering, each.reminded_at = gathering, clock.now()
            written += news.to_partner(each, "reminder", token=_link(each))
            each.save(update_fields=["reminded_at"])
    return written


# -- small things -----------------------------------------------------------------------------------
def party_of(value: object) -> int:
    """How many a partner brings, or the sentence that says what is wrong with the number."""
    text = str(value).strip()
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= LARGEST_GROUP:
        raise BadGroup(
            _("Write how many of you come, from 1 to %(most)d. More than that? Please call us.")
            % {"most": LARGEST_GROUP}
        )
    return int(text)


def _topics(text: str) -> str:
    """A few plain lines."""
    if len(text) > LONGEST_TOPICS:
        raise TooMuch(
            _("Please say it in up to %(most)d characters; you wrote %(length)d.")
            % {"most": LONGEST_TOPICS, "length": len(text)}
        )
    lines = (line(each, LONGEST_TOPICS) for each in text.splitlines())
    return "\n".join(each for each in lines if each)


def _opened(gathering: Gathering) -> Gathering:
    gathering = timing.locked(gathering)
    timing.must_be_open(gathering)
    return gathering


def _both_locked(invitation: PartnerInvitation) -> tuple[PartnerInvitation, Gathering]:
    """The invitation as it is now, with its gathering locked first: everybody locks in this order."""
    gathering = timing.locked(invitation.gathering)
    invitation = gathering.partner_invitations.select_related("partner", "agency").get(pk=invitation.pk)
    invitation.gathering = gathering
    return invitation, gathering
