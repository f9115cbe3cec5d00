"""Calendars that a telephone can follow: RFC 5545, with what was cancelled kept and what was moved counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event
from icalendar.enums import STATUS

from alongside.agencies.models import Agency
from alongside.core.authored import NO_LANGUAGE
from alongside.core.links import absolute
from alongside.gatherings.models import Gathering, Status

# How long a feed shows what is over: long enough for a calendar that was off for a season.
LOOKS_BACK = timedelta(days=90)
# Programs ask again after so long.
ASK_AGAIN = timedelta(hours=2)


def calendar(agency: Agency, gatherings: Iterable[Gathering], *, name: str, key: str) -> bytes:
    """The gatherings as a calendar. The same rows give the same bytes, so that a feed can say “nothing new”."""
    made = Calendar.new(
        uid=f"{key}.{agency.slug}@alongside",
        name=name,
        refresh_interval=ASK_AGAIN,
        prodid=f"-//Alongside//{agency.slug}//EN",
    )
    made.add("X-WR-CALNAME", name)
    made.add("X-WR-TIMEZONE", agency.timezone)
    days = []
    for gathering in gatherings:
        made.add_component(_event(gathering))
        days.append(gathering.on)
    if days:
        # Whole years around what is listed, so that each zone holds every jump of the clocks that matters.
        made.add_missing_timezones(
            first_date=min(days).replace(month=1, day=1), last_date=max(days).replace(month=12, day=31)
        )
    text: bytes = made.to_ical()
    return text


def uid(gathering: Gathering) -> str:
    """The same for ever: also when the site moves to another address."""
    return f"{gathering.public_id}.{gathering.agency.slug}@alongside"


def _event(gathering: Gathering) -> Event:
    event = Event.new(
        uid=uid(gathering),
        summary=str(gathering.title),
        description=_description(gathering),
        start=gathering.starts,
        end=gathering.ends,
        stamp=gathering.changed_at,
        created=gathering.published_at,
        last_modified=gathering.changed_at,
        sequence=gathering.sequence,
        status=STATUS.CANCELLED if gathering.is_cancelled else STATUS.CONFIRMED,
        location=str(gathering.place) or None,
        url=absolute(gathering.get_absolute_url()),
        categories=[str(gathering.is_of)],
    )
    for name, words in (("SUMMARY", gathering.title), ("LOCATION", gathering.place)):
        if words and words.shown.language != NO_LANGUAGE:
            event[name].params["LANGUAGE"] = words.shown.tag
    event["DESCRIPTION"].params["LANGUAGE"] = get_language()
    if gathering.venue:
        event.add("GEO", (gathering.venue.lat, gathering.venue.lon))
    return event


def _description(gathering: Gathering) -> str:
    """In the reader's language, but for words that are only in another: those say so."""
    reason = gathering.change_reason.shown.with_mark
    lines = [gathering.summary.shown.with_mark, gathering.access_notes.shown.with_mark]
    if gathering.is_cancelled:
        lines.insert(0, _("Cancelled: %(reason)s") % {"reason": reason})
    elif gathering.was_moved:
        lines.insert(0, _("Moved: %(reason)s") % {"reason": reason})
    lines += map(str, gathering.access_changes)
    if gathering.status == Status.PUBLISHED:
        lines.append(_("No account needed. Tell us that you come, or just come."))
    return "\n\n".join(line for line in lines if line)
