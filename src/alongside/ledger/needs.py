"""What waits for a person in this room: a new key that nobody has stood by yet, and days that nobody signs."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_noop

from alongside.agencies.models import Agency
from alongside.core.errors import Phrase, phrase
from alongside.core.needs import Need
from alongside.ledger import queries

KEY = gettext_noop("Key of the public ledger")
DAYS = gettext_noop("Signed days of the public ledger")


def lost_key(agency: Agency) -> Iterator[Need]:
    """Until somebody confirms the new key, nobody outside can know that it is ours."""
    if lost := queries.lost_key(agency):
        yield Need(
            key=f"ledger-key:{lost.n}",
            about=Phrase(KEY),
            url=reverse("ledger:key", args=[agency.slug]),
            by=lost.moment.astimezone(agency.zone).date(),
        )


def not_signed(agency: Agency) -> Iterator[Need]:
    """Until the last signed day is a day ago. In a ledger of which days are missing somebody could write them later."""
    if day := queries.wrongly_signed(agency):
        yield Need(
            key="ledger-day",
            about=Phrase(DAYS),
            url=reverse("ledger:key", args=[agency.slug]),
            says=phrase("The last signed day of the ledger is %(day)s", day=day),
        )
