"""What waits for a person in this room: a key that was lost, and a new one that nobody has stood by yet."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_noop

from alongside.agencies.models import Agency
from alongside.core.errors import Phrase
from alongside.core.needs import Need
from alongside.ledger import queries

KEY = gettext_noop("Key of the public ledger")


def lost_key(agency: Agency) -> Iterator[Need]:
    """Until somebody confirms the new key, nobody outside can know that it is ours."""
    if lost := queries.lost_key(agency):
        yield Need(
            key=f"ledger-key:{lost.n}",
            about=Phrase(KEY),
            url=reverse("ledger:key", args=[agency.slug]),
            by=lost.moment.astimezone(agency.zone).date(),
        )
