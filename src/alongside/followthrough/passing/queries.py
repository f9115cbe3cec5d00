"""What pages show of what was passed on: who has it, since when, what they say, and how long they said nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.core import formats
from alongside.core.authored import Words
from alongside.followthrough.models import Concern
from alongside.followthrough.passing.models import THERE, Body, Passing


@dataclass(frozen=True)
class PassedOn:
    """One handing on, for whoever reads: sentences in their language, and how the body is reached."""

    body: Body
    number: str
    since: date
    state: str
    lines: tuple[str, ...]
    days_silent: int
    is_closed: bool
    notes: Words


def told_of(concern: Concern) -> list[PassedOn]:
    """What anybody who may read of a concern reads of where it went. Only what the other body has: the latest first."""
    return told_of_all([concern]).get(concern.pk, [])


def told_of_all(concerns: Iterable[Concern]) -> dict[int, list[PassedOn]]:
    """The same for the lines of a list, by the concern's number: one question to the database."""
    rows = (
        Passing.objects.everywhere()
        .filter(concern__in=list(concerns), state__in=THERE)
        .select_related("agency", "body")
    )
    told: defaultdict[int, list[PassedOn]] = defaultdict(list)
    for passing in rows:
        told[passing.concern_id].append(in_public(passing))
    return dict(told)


def in_public(passing: Passing) -> PassedOn:
    since = _day_of(passing)
    return PassedOn(
        body=passing.body,
        number=passing.request_id,
        since=since,
        state=passing.state,
        lines=tuple(_lines(passing, since)),
        days_silent=passing.days_silent,
        is_closed=passing.is_closed_there,
        notes=passing.their_notes,
    )


def _lines(passing: Passing, since: date) -> Iterable[str]:
    said = {"body": passing.body.name, "number": passing.request_id, "day": formats.day(since)}
    if passing.is_closed_there:
        ended = passing.agency.local(passing.changed_at or passing.passed_at).date()
        yield _("%(body)s closed it on %(day)s.") % {**said, "day": formats.day(ended)}
        return
    if passing.request_id:
        yield _("%(body)s has it: number %(number)s, since %(day)s.") % said
    else:
        yield _("%(body)s has it since %(day)s. It gave no number.") % said
    if passing.their_status not in {"", "open"}:
        yield _("They say: %(status)s.") % {"status": passing.their_status}
    if passing.expected_on is not None:
        yield _("They expect to be done by %(day)s.") % {"day": formats.day(passing.expected_on)}
    yield from _silence(passing)


def _silence(passing: Passing) -> Iterable[str]:
    """When we asked last, and for how long there has been nothing new."""
    moments = [moment for moment in (passing.asked_at, passing.looked_at) if moment is not None]
    n = passing.days_silent
    nothing = ngettext("nothing new for %(n)d day", "nothing new for %(n)d days", n) % {"n": n}
    if moments:
        day = formats.day(passing.agency.local(max(moments)).date())
        if n:
            yield _("We asked last on %(day)s; %(nothing)s.") % {"day": day, "nothing": nothing}
        else:
            yield _("We asked last on %(day)s.") % {"day": day}
    elif n:
        yield nothing[:1].upper() + nothing[1:] + "."


def _day_of(passing: Passing) -> date:
    return passing.agency.local(passing.sent_at or passing.passed_at).date()
