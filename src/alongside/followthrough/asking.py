"""Whoever left an address is asked once more whether it is so, before the days in which we ask are over."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from alongside.agencies.models import Agency
from alongside.followthrough import letters
from alongside.followthrough.models import CLOSED, Concern
from alongside.followthrough.writing import new_code
from alongside.outreach.models import Mail
from alongside.outreach.subscriptions.models import Channel, Subscription

BEFORE = timedelta(days=3)


def ask_again() -> int:
    """By the clock, at every agency. Returns how many were asked."""
    return sum(_ask_at(agency) for agency in Agency.objects.all())


def _ask_at(agency: Agency) -> int:
    today = agency.today()
    due = Concern.objects.of(agency).filter(
        state__in=CLOSED, confirmed_at=None, redacted_at=None, confirm_by__range=(today, today + BEFORE)
    )
    closed_before = [each for each in due if each.closed_at and agency.local(each.closed_at).date() < today]
    left = Subscription.objects.of(agency).filter(channel=Channel.EMAIL)
    contacts = {each.topic: each for each in left.about(*(each.topic for each in closed_before))}
    known = Mail.objects.of(agency).filter(key__in=map(letters.asked_once, closed_before))
    asked = set(known.values_list("key", flat=True))
    return sum(
        _ask(concern, contacts[str(concern.topic)])
        for concern in closed_before
        if str(concern.topic) in contacts and letters.asked_once(concern) not in asked
    )


@transaction.atomic
def _ask(concern: Concern, contact: Subscription) -> bool:
    letters.ask(contact, concern, code=new_code(concern, expires_on=contact.ends_on))
    return True
