"""What of a concern is public, and from when on: so that nobody can tell who spoke to police.

The promise and its rules: docs/methods/concerns.md. The numbers of the rules are those of that page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q

from alongside.agencies.models import Agency
from alongside.core import formats
from alongside.core.calendar import week_of
from alongside.followthrough.models import Concern
from alongside.followthrough.public.days import end_of_week
from alongside.methods.disclosure import Rule

FROM_ONE_PLACE = Rule(floor=5)
"""Rule 5. Fewer concerns than this from one gathering, or by one way, and nobody reads from where they came."""
VOICES = Rule(floor=5, step=5)
"""Rule 6. How many devices said “me too”."""
CLOSE = 7
"""So many days from the one on which it was said, what we did tells that day: read by one of us, given an owner."""


def morning(agency: Agency) -> datetime:
    """Rule 6: what devices said since the day began there is told tomorrow."""
    return datetime.combine(agency.today(), time(), tzinfo=agency.zone)


# -- days -------------------------------------------------------------------------------------------
def was_set_by_rule(concern: Concern) -> bool:
    """Whether its day may follow from our rule, so that whoever knows the rule can count back from it."""
    return concern.state != "promised" and concern.due == concern.first_due


def due_of(concern: Concern) -> date | None:
    """Rule 4: the day that is promised, as everybody reads it."""
    if concern.due is None or not concern.is_open:
        return None
    return end_of_week(concern.due) if was_set_by_rule(concern) else concern.due


def late(today: date) -> Q:
    """Rule 4, as the database asks it of concerns: a day that our rule set is over with its week."""
    by_rule = Q(due=F("first_due"), due__gte=week_of(today)) & ~Q(state="promised")
    return Q(closed_at=None, due__lt=today) & ~by_rule


def first_due_of(concern: Concern) -> date | None:
    """Rule 4: the day that was promised before it moved."""
    if not concern.was_moved or concern.first_due is None:
        return None
    return end_of_week(concern.first_due)


def is_late(concern: Concern) -> bool:
    due = due_of(concern)
    return due is not None and due < concern.agency.today()


@dataclass(frozen=True)
class When:
    """Rule 3: a day of ours, or only its month, while a day would tell when somebody spoke."""

    on: date
    by_month: bool

    def __str__(self) -> str:
        return formats.month(self.on) if self.by_month else formats.day(self.on)


def said_in(concern: Concern) -> When:
    return When(concern.heard_on, by_month=True)


def happened(concern: Concern, at: datetime, *, by_us: bool = True) -> When:
    """When something happened: what we did once it stood on the list has a day, all else a month."""
    on = concern.agency.local(at).date()
    return When(on, by_month=not by_us or on <= concern.heard_on + timedelta(days=CLOSE))


# -- whether it is so ---------------------------------------------------------------------------------
def is_confirmed(concern: Concern) -> bool:
    """Rule 7: told from the Monday after on, so that nobody sees the hour at which somebody opened their page."""
    if concern.confirmed_at is None:
        return False
    said = concern.agency.local(concern.confirmed_at).date()
    return said < week_of(concern.agency.today())


def was_silent(concern: Concern) -> bool:
    """The days in which whoever asked could say whether it is so are over, and as far as is told nobody said."""
    over = concern.confirm_by is not None and concern.confirm_by < concern.agency.today()
    return concern.is_closed and over and not is_confirmed(concern)
