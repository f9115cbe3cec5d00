"""Ask partners to come along: propose by place, choose, hear how many come and what they want discussed, thank them."""

from __future__ import annotations

import re

import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import User
from alongside.core.errors import Refusal
from alongside.core.text import line
from alongside.gatherings.models import Gathering
from alongside.people import actions as people
from alongside.people.models import Partner
from alongside.people.queries import partners_of
from alongside.rosters import actions, letters, timing
from alongside.rosters.models import LARGEST_GROUP, LONGEST_TOPICS, Heard, PartnerInvitation, State
from alongside.rosters.proposing import shape_of


class BadGroup(Refusal):
    """A number of people that no group has."""


class TooMuch(Refusal):
    """More words than fit."""


# -- whom to ask ------------------------------------------------------------------------------------
@transaction.atomic
def propose(gathering: Gathering, *, by: User | None) -> list[PartnerInvitation]:
    """The partners of this place and those of the whole city, who receive invitations. Nobody twice."""
    gathering = timing.opened(gathering)
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
    gathering = timing.opened(gathering)
    if partner.agency_id != gathering.agency_id or not partner.active:
        raise actions.NotOurs(_("Choose a partner of this agency."))
    invitation, new = PartnerInvitation.objects.get_or_create(
        gathering=gathering, partner=partner, defaults={"agency": gathering.agency}
    )
    if not new and invitation.state == State.RELEASED:
        invitation.state = State.PROPOSED
        invitation.save(update_fields=["state"])
        new = True
    if new:
        audit.record(agency=gathering.agency, by=by, verb="proposed as partner", thing=invitation)
    return invitation


@transaction.atomic
def let_cohost(invitation: PartnerInvitation, *, cohost: bool, by: User | None) -> PartnerInvitation:
    """A partner who hosts it with us: they may say so, and the page does."""
    invitation = timing.both_locked(invitation)
    timing.must_be_open(invitation.gathering)
    if invitation.cohost != cohost:
        invitation.cohost = cohost
        invitation.save(update_fields=["cohost"])
        audit.record(
            agency=invitation.gathering.agency,
            by=by,
            verb="set who hosts with us",
            thing=invitation,
            detail={"cohost": cohost},
        )
    return invitation


# -- what they say ----------------------------------------------------------------------------------
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
    own: dict[str, object] = {}
    if party is not None:
        own["party"] = party_of(party)
    if topics is not None:
        own["topics"] = _topics(topics)
    return actions.answer(invitation, coming=coming, heard=heard, by=by, **own)


@transaction.atomic
def stop_writing(invitation: PartnerInvitation) -> None:
    """A partner wants no invitations any more. What they said of this gathering stays as they said it."""
    invitation = timing.both_locked(invitation)
    people.stop_invitations(invitation.partner, by=None)
    if invitation.state == State.INVITED and timing.is_ahead(invitation.gathering):
        actions.answer(invitation, coming=False, heard=Heard.LINK)


def wants_none(invitation: PartnerInvitation) -> bool:
    """Whether this partner gets no invitations, now."""
    return not Partner.objects.of(invitation.agency_id).get(pk=invitation.partner_id).invited


# -- afterwards -------------------------------------------------------------------------------------
@transaction.atomic
def thank(gathering: Gathering, *, by: User | None) -> actions.Asked:
    """Thank the partners who came, once."""
    gathering = timing.locked(gathering)
    came = list(timing.of_kind(PartnerInvitation, gathering).filter(state=State.CAME, thanked=False))
    done = actions.Asked.of(letters.write(each, "thanks") for each in came)
    if came:
        PartnerInvitation.objects.belonging_to(gathering=gathering).filter(
            pk__in=[each.pk for each in came]
        ).update(thanked=True)
        audit.record(
            agency=gathering.agency,
            by=by,
            verb="thanked partners of",
            thing=gathering,
            detail={"mails": done.written},
        )
    return done


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
