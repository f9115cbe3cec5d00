"""What we keep of one person with an answer “I’ll come”: read by them, and erased by the room's own verb."""

from __future__ import annotations

from django.utils.translation import gettext as _

from alongside.agencies.models import Agency, User
from alongside.core.said import words_on
from alongside.gatherings import actions
from alongside.gatherings.models import Rsvp


def behind(agency: Agency, token: str) -> str:
    """The answer that a link opens. Raises bearers.Useless."""
    rsvp: Rsvp = actions.answer_behind(token, at=agency).thing
    return rsvp.public_id


def with_address(agency: Agency, address: str) -> list[str]:
    """Those with which this address was left."""
    return list(Rsvp.objects.of(agency).left_at(address).values_list("public_id", flat=True))


def told(agency: Agency, public_id: str) -> dict[str, str]:
    """All that is kept of whoever answered; nothing once it was forgotten."""
    rsvp = _rsvp(agency, public_id)
    if rsvp is None or rsvp.forgotten_at is not None:
        return {}
    known = {
        _("Walk or meeting"): rsvp.gathering.titled,
        _("How many"): str(rsvp.party),
        _("Your answer"): rsvp.get_state_display(),
        **words_on(rsvp),
    }
    if rsvp.without_steps:
        known[_("A way without steps")] = _("Yes")
    if rsvp.no_photos:
        known[_("Please keep me out of photos")] = _("Yes")
    if rsvp.address:
        known[_("Your e-mail address")] = rsvp.address
    return known


def erase(agency: Agency, public_id: str, by: User | None) -> None:
    """Forget who answered; that somebody comes, and with how many, stays. Raises OnHold."""
    rsvp = _rsvp(agency, public_id)
    if rsvp is not None:
        actions.forget_answer(rsvp, by=by)


def _rsvp(agency: Agency, public_id: str) -> Rsvp | None:
    rows = Rsvp.objects.of(agency).select_related("agency", "gathering__agency")
    return rows.filter(public_id=public_id).first()
