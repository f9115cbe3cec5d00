"""Addresses that are dead: a mail server refused them for good, or mail came back. Nobody writes there again.

What one room's mail came to says nothing of another's: a partner's dead address is written to about an account. A
person who has heard otherwise tries the mail again, and the address lives.
"""

from __future__ import annotations

from alongside.core import clock
from alongside.core.errors import Phrase, phrase
from alongside.outreach.models import Mail, MailQuerySet, State


def of_address(mail: Mail) -> MailQuerySet:
    """What was refused there before, of the same room at the same agency."""
    if mail.agency is None:
        return Mail.objects.none()
    return Mail.objects.of(mail.agency).refused().to_the_same(mail).of_room(mail.kind).exclude(pk=mail.pk)


def why_not(mail: Mail) -> Phrase | None:
    """Why nobody writes to this address; nothing, where we do."""
    if not of_address(mail).exists():
        return None
    return phrase("This address refused mail before. Somebody has to speak to them.")


def hold(mail: Mail) -> None:
    """A mail to a dead address is written down as one that failed: it counts among those who could not be told."""
    if mail.state == State.WAITING and (why := why_not(mail)):
        mail.state, mail.error, mail.refused_at = State.FAILED, why, clock.now()
