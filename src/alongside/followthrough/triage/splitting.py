"""Two things were said in one breath: each part gets its own page and its own answer, and nobody loses the thread."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import User
from alongside.core.origins import Origin
from alongside.core.text import lines
from alongside.followthrough import actions
from alongside.followthrough.models import OPEN, Concern, Deed, State
from alongside.followthrough.writing import SHORTEST, NotNow, WordsMissing, locked, tell, write
from alongside.outreach.subscriptions import actions as subscriptions

MOST_PARTS = 5


@dataclass(frozen=True)
class Part:
    """One thing of those that were said: about what, and in which words of it."""

    category: str
    words: str


@transaction.atomic
def split(concern: Concern, parts: Sequence[Part], *, by: User | None) -> list[Concern]:
    """Let other things that were said with it go on by themselves; it stays what it was, with its page and its code.

    Each part has an id and a page of its own, the same origin, place, day and owner. Whoever holds the code of the
    first opens each part from there, and an address for news holds for the parts. The same part twice is once.
    """
    concern = locked(concern)
    if not concern.takes("split"):
        raise NotNow(_("This concern is not handled here, or its words were erased."))
    if concern.state not in OPEN:
        raise NotNow(_("This concern is closed already."))
    wanted = [Part(part.category, lines(part.words)) for part in parts]
    if not wanted or any(len(part.words) < SHORTEST for part in wanted):
        raise WordsMissing(_("Write down what each part is about."))
    if concern.acknowledged_at is None:
        concern = actions.acknowledge(concern, by=by)
    known = concern.parts.count()
    made = [(each.concern, each.new) for each in (_made(concern, part, by=by) for part in wanted)]
    new = [part for part, is_new in made if is_new]
    if known + len(new) > MOST_PARTS:
        raise NotNow(_("One concern has up to %(n)d parts.") % {"n": MOST_PARTS})
    if new:
        facts = {"parts": [part.public_id for part in new]}
        tell(concern, write(concern, Deed.SPLIT, by=by, facts=facts, public=True))
        audit.record(agency=concern.agency, by=by, verb="split", thing=concern, detail={"count": len(new)})
    return [part for part, _is_new in made]


def _made(concern: Concern, part: Part, *, by: User | None) -> actions.Received:
    said = actions.Intake(
        kind=concern.kind,
        category=part.category,
        words=part.words,
        heard_on=concern.heard_on,
        origin=Origin.of(concern.origin) if concern.origin else None,
        origin_label=concern.origin_label,
        origin_link=concern.origin_link,
        neighborhood=concern.neighborhood,
        place=concern.place,
        language=concern.language,
        came=concern.came,
    )
    of_it = hashlib.blake2b(f"{part.category} {part.words}".encode(), digest_size=12).hexdigest()
    owner = concern.owner if concern.owner is not None and concern.owner.active else None
    received = actions.receive(
        concern.agency, said, key=f"split:{concern.public_id}:{of_it}", owner=owner, due=concern.due, by=by
    )
    if received.new:
        _bind(received.concern, concern, by=by)
    return received


def _bind(part: Concern, concern: Concern, *, by: User | None) -> None:
    """It knows what it was split from, somebody has read it, and whoever wants news of the one has them of both."""
    part.split_from, part.acknowledged_at = concern, concern.acknowledged_at
    if part.state == State.RECEIVED and part.acknowledged_at is not None:
        part.state = State.ACKNOWLEDGED
    part.save(update_fields=["split_from", "acknowledged_at", "state"])
    write(part, Deed.SPLIT, by=by, facts={"from": concern.public_id}, public=True)
    contact = concern.contact
    if contact is not None and contact.ends_on is not None:
        subscriptions.keep(
            part.topic,
            agency=part.agency,
            email=contact.address,
            language=contact.language,
            ends_on=contact.ends_on,
            consent=contact.consent,
        )


def opened_from(concern: Concern, part: str) -> Concern:
    """What whoever holds the code of a concern reads: that, or the part of it that they ask for by its id."""
    if not part:
        return concern
    found = Concern.objects.of(concern.agency_id).filter(split_from=concern, public_id=part).listed().first()
    return found or concern
