"""Two reminders for those who come and left an address: about two days before, and on the day itself.

By the clock at the gathering, between breakfast and supper, never twice. What was cancelled, or whom we need not
remind (they left, or only wait), is left alone. A gathering that moves to another day is reminded for that day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from alongside.core import clock
from alongside.gatherings import actions, letters, walltime
from alongside.gatherings.models import Gathering, Rsvp, State, Status
from alongside.outreach import quiet
from alongside.outreach.models import Mail
from alongside.outreach.models import State as MailState

DAY = timedelta(days=1)
# Two days before, from ten; made up until five in the afternoon of the day before, if no worker ran.
AHEAD_OPENS, AHEAD_CLOSES = time(10), time(17)
# On the day, from when nobody sleeps any more; what begins before ten is reminded on the evening before.
EARLY, EVENING = time(10), time(18)
# Whoever has just answered had a mail about it, or has just heard of another day or a place; and whoever is on the way
# reads none.
JUST_ANSWERED, ON_THE_WAY = timedelta(hours=12), timedelta(minutes=30)


@dataclass(frozen=True)
class Window:
    """When a reminder may leave: from `opens` until just before `closes`, but for the night between them."""

    name: str
    opens: datetime
    closes: datetime

    def is_open(self, now: datetime) -> bool:
        by_its_clock = now.astimezone(self.opens.tzinfo).time()
        return self.opens <= now < self.closes and quiet.MORNING <= by_its_clock < quiet.EVENING


def windows(gathering: Gathering) -> list[Window]:
    """The two windows of a gathering, by its own clock."""

    def on(day: date, hour: time) -> datetime:
        return walltime.moment(day, hour, gathering.timezone)

    eve = gathering.on - DAY
    ahead = Window("ahead", on(gathering.on - 2 * DAY, AHEAD_OPENS), on(eve, AHEAD_CLOSES))
    if gathering.at < EARLY:
        return [ahead, Window("day", on(eve, EVENING), on(eve, quiet.EVENING))]
    return [ahead, Window("day", on(gathering.on, quiet.MORNING), gathering.starts - ON_THE_WAY)]


def send_due() -> int:
    """Remind everybody whose hour has come. Every agency, by the clock. Returns how many mails were written."""
    return sum(remind(rsvp, window) for rsvp, window in _due(clock.now()))


def _due(now: datetime) -> Iterator[tuple[Rsvp, Window]]:
    """Who may have to be reminded now: the first window opens at most two days before the day it begins on."""
    near = Gathering.objects.everywhere().published().to_begin(within=3 * DAY)
    for gathering in near.select_related("agency"):
        for window in windows(gathering):
            if window.is_open(now):
                for rsvp in _to_remind(gathering, now):
                    yield rsvp, window


def _to_remind(gathering: Gathering, now: datetime) -> Iterator[Rsvp]:
    coming = gathering.rsvps.filter(amends=None, state=State.GOING).reachable()
    yield from coming.filter(joined_at__lte=now - JUST_ANSWERED)


def _has_just_heard(rsvp: Rsvp) -> bool:
    """Of another day or place, or of places for them: that mail says all that a reminder says."""
    news = Mail.objects.of(rsvp.agency).filter(kind__in=letters.SAY_WHEN, whose=str(rsvp.key))
    heard = news.filter(state__in=[MailState.WAITING, MailState.SENT])
    return heard.filter(not_before__gt=clock.now() - JUST_ANSWERED).exists()


@transaction.atomic
def remind(rsvp: Rsvp, window: Window) -> bool:
    """Write one reminder, unless it was written before or is not wanted any more. Returns whether it was written.

    Looked at again with the gathering locked: it may have been moved or cancelled a moment ago.
    """
    rsvp, gathering = actions.both_locked(rsvp)
    wanted = gathering.status == Status.PUBLISHED and rsvp.state == State.GOING and bool(rsvp.address)
    still_open = any(each == window and each.is_open(clock.now()) for each in windows(gathering))
    once = f"remind:{rsvp.public_id}:{gathering.on}:{window.name}"
    if not (wanted and still_open) or Mail.objects.of(rsvp.agency).filter(key=once).exists():
        return False
    if _has_just_heard(rsvp):
        return False
    facts = {"token": actions.new_link(rsvp), "on": gathering.on.isoformat()}
    letters.tell(rsvp, "reminder", facts, once=once)
    return True
