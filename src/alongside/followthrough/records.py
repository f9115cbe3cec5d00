"""What we keep of one person under a concern: read by them, and erased by the room's own verb."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alongside.agencies.models import Agency, User
from alongside.core import formats
from alongside.core.authored import Words
from alongside.core.errors import Refusal, phrase
from alongside.core.said import words_on
from alongside.followthrough import actions
from alongside.followthrough.models import Concern
from alongside.outreach.subscriptions.models import Subscription


def behind(agency: Agency, code: str) -> str:
    """The concern that a code opens. Raises a Refusal."""
    card = actions.card_behind(agency, code)
    if card.concern is None:
        raise Refusal(_("Nothing is written down under this code yet."))
    return card.concern.public_id


def with_address(agency: Agency, address: str) -> list[str]:
    """Those for news of which this address was left."""
    left = Subscription.objects.of(agency).filter(topic__startswith="concern:", address__iexact=address)
    return [row.topic.partition(":")[2] for row in left]


def told(agency: Agency, public_id: str) -> dict[str, str]:
    """All that is kept of whoever said it, and of what it was split into; nothing where its words were erased."""
    concern = _concern(agency, public_id)
    if concern is None:
        return {}
    whole, *parts = actions.with_parts(concern)
    said = _said_of(whole)
    for number, part in enumerate(parts, start=1):
        of_it = pgettext("concern", "Part %(number)d") % {"number": number}
        said |= {f"{of_it}: {name}": words for name, words in _said_of(part).items()}
    return said


def _said_of(concern: Concern) -> dict[str, str]:
    if concern.redacted_at is not None:
        return {}
    said = words_on(concern)
    for number, step in enumerate(concern.steps.exclude(words=""), start=1):
        said[_("Correction %(number)d") % {"number": number}] = step.words
    if concern.contact:
        said[_("Your e-mail address")] = concern.contact.address
    about = f"{concern.get_kind_display()} · {concern.get_category_display()}"
    return (
        {pgettext("topic", "About"): about, pgettext("concern", "Said on"): formats.day(concern.heard_on)}
        | said
        if said
        else {}
    )


def erase(agency: Agency, public_id: str, by: User | None) -> None:
    """Erase the words, the place, the address and every text of its steps, and of its parts. Raises OnHold."""
    concern = _concern(agency, public_id)
    if concern is not None:
        actions.redact(concern, because=Words.made(phrase("Whoever said it asked us to erase it.")), by=by)


def _concern(agency: Agency, public_id: str) -> Concern | None:
    return Concern.objects.of(agency).filter(public_id=public_id).first()
