"""Addresses that are dead: a mail server refused them for good, or mail came back. Nobody writes there again.

What one room's mail came to says nothing of another's: a partner's dead address is written to about an account. A
person who has heard otherwise tries the mail again, and the address lives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.core.errors import Phrase, phrase
from alongside.core.origins import Origin
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


@dataclass(frozen=True)
class Unreached:
    """Somebody whom no mail reaches: who, at which address as far as staff may know it, and what its server said."""

    name: str
    address: str
    why: Phrase


def known_by(agency: Agency, kind: str) -> set[str]:
    """Public ids of all whom no mail reaches, of those known by keys of this kind."""
    refused = Mail.objects.of(agency).refused().filter(whose__startswith=f"{kind}:")
    return {Origin.of(whose).public_id for whose in refused.values_list("whose", flat=True).distinct()}


def unreached(agency: Agency, readers: Mapping[Origin, str]) -> list[Unreached]:
    """Of these readers, by their keys and names, those whose address is dead: a person has to speak to them."""
    names = {str(key): name for key, name in readers.items()}
    rows = Mail.objects.of(agency).refused().filter(whose__in=names)
    # Of each the first: the one that was refused, not those held back since.
    first = {mail.whose: mail for mail in rows.order_by("-pk")}
    return [Unreached(names[whose], mail.masked_to, mail.error) for whose, mail in sorted(first.items())]
