"""What we keep of the person whom one asks for at a partner: read by them, and erased by the room's own verb."""

from __future__ import annotations

from django.utils.translation import gettext as _

from alongside.agencies.models import Agency, User
from alongside.core.said import words_on
from alongside.people import actions
from alongside.people.models import Partner


def behind(agency: Agency, token: str) -> str:
    """The partner that a link belongs to. Raises bearers.Useless."""
    return actions.partner_behind(token, at=agency).public_id


def with_address(agency: Agency, address: str) -> list[str]:
    """Partners that are reached at this address."""
    return list(Partner.objects.of(agency).filter(email__iexact=address).values_list("public_id", flat=True))


def told(agency: Agency, public_id: str) -> dict[str, str]:
    """Whom one asks for, and how they are reached."""
    partner = _partner(agency, public_id)
    said = words_on(partner) if partner else {}
    return {_("Organization"): partner.name, **said} if partner and said else {}


def erase(agency: Agency, public_id: str, by: User | None) -> None:
    """Forget whom one asks for; that the organization walks with us stays. Raises OnHold."""
    partner = _partner(agency, public_id)
    if partner is not None:
        actions.forget_contact(partner, by=by)


def _partner(agency: Agency, public_id: str) -> Partner | None:
    return Partner.objects.of(agency).filter(public_id=public_id).select_related("agency").first()
