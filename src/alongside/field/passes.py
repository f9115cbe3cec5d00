"""Passes: a link for a scribe's phone, or for a partner who looks back. `agencies.bearers` checks and ends them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit, bearers
from alongside.agencies.models import Agency, Bearer, Member, User
from alongside.core import clock
from alongside.core.errors import Refusal
from alongside.core.origins import Origin
from alongside.field.models import (
    CLOSES_AFTER,
    LATE_FOR,
    LOOKING_BACK,
    LOOKS_BACK,
    OPENS_BEFORE,
    SCRIBE,
    Pass,
)
from alongside.gatherings.actions import Change
from alongside.gatherings.models import Gathering, Status
from alongside.people.models import Partner


class NoPass(Refusal):
    """Nobody writes down what is heard at a gathering that is off."""


@transaction.atomic
def open_pass(
    gathering: Gathering, *, by: User | None, to: Member | Partner | str = "", at_once: bool = False
) -> str:
    """A link for a scribe's phone, or for a partner who looks back. The token is shown once, here.

    A scribe is one of ours; a guest is named by what somebody typed, and the list says so.
    One that is used `at_once` is not made before its day, and raises bearers.TooEarly.
    """
    agency, looks_back = gathering.agency, isinstance(to, Partner)
    # Broken off by a storm, it was heard at: a phone that comes late still hands in what it holds.
    if gathering.status == Status.CANCELLED and (looks_back or not gathering.has_begun):
        raise NoPass(_("This gathering was cancelled."))
    if not isinstance(to, str) and (to.agency_id != agency.pk or not to.active):
        raise NoPass(_("Choose somebody who is with us."))
    if at_once and clock.now() < opens(gathering):
        raise bearers.TooEarly(opens(gathering), agency)
    token, bearer = bearers.issue(
        LOOKING_BACK if looks_back else SCRIBE,
        gathering.key,
        agency=agency,
        to=to.key if isinstance(to, Partner) else to,
        by=by,
    )
    Pass.objects.create(agency=agency, gathering=gathering, bearer=bearer)
    audit.record(agency=agency, by=by, verb="opened", thing=bearer, detail={"for": bearer.purpose})
    return token


def pass_behind(token: str, *, at: Agency, purpose: str = SCRIBE) -> Pass:
    """The pass that a token opens, at this agency, on its days. Raises bearers.Useless."""
    opened: Pass = bearers.opened_by(purpose, token, at=at).thing
    return opened


def opens(gathering: Gathering) -> datetime:
    """Derived from the gathering: a pass goes with it when it is moved."""
    return gathering.starts - OPENS_BEFORE


def closes(gathering: Gathering, purpose: str = SCRIBE) -> datetime:
    """When what was made in time ends."""
    return gathering.ends + (CLOSES_AFTER if purpose == SCRIBE else LOOKS_BACK)


def ends(gathering: Gathering, purpose: str, *, made_at: datetime) -> datetime:
    """When one ends. Made late it opens for some days all the same, or a phone that comes late could never send."""
    return max(closes(gathering, purpose), made_at + LATE_FOR)


def ends_of(gathering: Gathering, bearer: Bearer) -> datetime:
    """When this one ends."""
    return ends(gathering, bearer.purpose, made_at=bearer.made_at)


def is_late(gathering: Gathering) -> bool:
    """Its days are over: a phone may still bring what it holds, and is given no way and no cards any more."""
    return clock.now() >= closes(gathering)


def behind_passes(rows: Sequence[Bearer]) -> bearers.Asked:
    """A pass, from one day before its gathering until some days after it, or after it was made late; a partner's only
    while it is with us."""
    by_number = {bearer.pk: bearer for bearer in rows}
    known = (
        Pass.objects.everywhere()
        .filter(bearer__in=rows)
        .select_related("agency", "gathering__agency", "gathering__venue", "gathering__neighborhood")
        .defer("gathering__neighborhood__geometry")
    )
    partners = _partners_of(rows)
    return {
        each.bearer_id: _behind(each, by_number[each.bearer_id], partners)
        for each in known
        if each.bearer_id is not None
    }


def _behind(opened: Pass, bearer: Bearer, partners: dict[str, Partner]) -> bearers.Behind:
    opened.bearer, opened.partner = bearer, partners.get(bearer.who)
    partner = opened.partner
    return bearers.Behind(
        opened,
        what=opened.gathering.titled,
        until=ends_of(opened.gathering, bearer),
        since=opens(opened.gathering),
        person=partner.name if partner else "",
        stands=not bearer.who or (partner is not None and partner.active),
    )


def _partners_of(rows: Sequence[Bearer]) -> dict[str, Partner]:
    """Those who look back, by their keys: asked for only where somebody does."""
    ids = [Origin.of(bearer.who).public_id for bearer in rows if bearer.who]
    if not ids:
        return {}
    return {str(partner.key): partner for partner in Partner.objects.everywhere().filter(public_id__in=ids)}


def take_back(change: Change) -> None:
    """Nothing is heard at what is called off before it began. What was heard until then is still handed in."""
    gathering = change.gathering
    if change.gone or (gathering.is_cancelled and "status" in change.fields and not gathering.has_begun):
        bearers.end_all(bearers.opening(gathering.key, agency=gathering.agency), by=None)
