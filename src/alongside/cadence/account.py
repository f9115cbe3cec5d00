"""The public account of a pledge: where, when, how many, what was heard, what is promised."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alongside.agencies.models import Agency, User
from alongside.cadence.periods import Cadence, Every, Period, Pledge, cadence
from alongside.core import formats
from alongside.core.links import absolute
from alongside.core.tables import Head, Linked, Table
from alongside.field.queries import heard
from alongside.followthrough.queries import public_promises
from alongside.gatherings import described, telling
from alongside.gatherings.models import Gathering
from alongside.places import pages
from alongside.places.models import AreaKind, labels_of

SHOWN_PROMISES = 12


def account(user: User | AnonymousUser, agency: Agency, pledge: Pledge) -> dict[str, Any]:
    """Everything that a public page says of it but a map, from one look at its weeks or months.

    `past` are the gatherings that took place: what the map shows.
    """
    told = cadence(user, agency, pledge)
    gatherings = [each for period in told.periods for each in period.gatherings]
    past = [each for each in gatherings if each.is_over and not each.is_cancelled]
    return {
        "cadence": told,
        "kept": kept_in_words(told),
        "people": people_in_words([each for each in past if not each.is_loaded]),
        "table": table_of(agency, told),
        "past": past,
        "coming": [each for each in gatherings if not each.is_over],
        "heard": heard(agency, since=told.periods[0].begins) if told.periods else None,
        "promises": public_promises(agency, limit=SHOWN_PROMISES),
        "data": _series(agency, pledge, gatherings) if gatherings else None,
    }


def kept_in_words(told: Cadence) -> str:
    """How often the pledge was kept; of the first week or month nobody can say so yet."""
    if told.past:
        return told.pledge.kept(told.kept, len(told.past))
    return _("The first weeks") if told.pledge.every is Every.WEEK else _("The first months")


def people_in_words(past: list[Gathering]) -> str:
    """How many residents came: the middle and the ends, since an average hides the rainy day."""
    counted = [each.told_came for each in past if each.told_came is not None]
    if len(counted) < 3:
        return ""
    low, middle, high = telling.usual(counted)
    if low == high:
        return _("To each came %(n)s residents.") % {"n": low}
    return _("From %(low)s to %(high)s residents came to each, to a usual one %(middle)s.") % {
        "low": low,
        "high": high,
        "middle": middle,
    }


def table_of(agency: Agency, told: Cadence) -> Table:
    """One row a week or a month, the latest first."""
    by_week = told.pledge.every is Every.WEEK
    heads = [
        Head(_("Week of") if by_week else pgettext("head of a table", "Month")),
        Head(_("What became of it")),
        Head(labels_of(agency)[AreaKind.NEIGHBORHOOD][0]),
        Head(_("Residents"), number=True),
        Head(_("Why")),
    ]
    title = _("Week by week") if by_week else _("Month by month")
    return Table(title, heads, [_row(period, told) for period in reversed(told.periods)])


def _row(period: Period, told: Cadence) -> list[Any]:
    homes = Linked.to(*dict.fromkeys(_where_linked(each) for each in period.gatherings))
    reason = period.reason or (_("No reason was given.") if period.owes_a_reason else "")
    came = "" if period.came is None else str(period.came)
    if period.is_corrected:
        came = _("%(n)s, corrected") % {"n": came or pgettext("heads", "not counted")}
    return [_when(period.begins, told), period.label, homes, came, reason]


def _when(begins: date, told: Cadence) -> str:
    """The year is said where it is not this one."""
    if told.pledge.every is Every.MONTH:
        return formats.month(begins)
    return formats.month_day(begins) if begins.year == told.today.year else formats.day(begins)


def _where_linked(gathering: Gathering) -> tuple[str, str]:
    return _where(gathering), pages.page(gathering.agency, gathering.neighborhood)


def _where(gathering: Gathering) -> str:
    return gathering.neighborhood.name if gathering.neighborhood else str(gathering.place)


# -- for machines ----------------------------------------------------------------------------------
def _series(agency: Agency, pledge: Pledge, gatherings: list[Gathering]) -> dict[str, Any]:
    """All of them as schema.org's EventSeries. What was cancelled stays in it, and says so."""
    return {
        "@context": described.SCHEMA,
        "@type": "EventSeries",
        "name": str(pledge.name),
        "organizer": {
            "@type": "GovernmentOrganization",
            "name": agency.name,
            "url": absolute(f"/{agency.slug}/"),
        },
        "isAccessibleForFree": True,
        "subEvent": [_event(each) for each in gatherings],
    }


def _event(gathering: Gathering) -> dict[str, Any]:
    status = "EventCancelled" if gathering.is_cancelled else "EventScheduled"
    return {
        "@type": "Event",
        "@id": absolute(gathering.get_absolute_url()),
        "name": described.value_of(gathering.title),
        "startDate": gathering.starts.isoformat(),
        "eventStatus": f"{described.SCHEMA}/{status}",
        "location": _where(gathering),
    }
