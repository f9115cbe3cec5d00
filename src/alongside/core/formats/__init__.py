"""How days, hours, moments and how often are written, in the reader's language. Nobody else chooses a format.

Templates ask by the filters of these names (`core/templatetags/written.py`), which every template has. Where a
language's habit is not that of its readers here, its folder says so (`es/formats.py`); for the others Django knows, and
for a language that it does not know, the habit is that of the United States. So one page never says 6 p.m. and 18:00.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django.utils import dateformat, formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

# What the signs of a format mean: hours that begin again at noon.
TWELVE_HOURS = frozenset("aAfgGhP") - {"G"}


def by_the_clock_here(at: date) -> date:
    """A moment as rows keep it, in UTC, by the clock of the agency whose page is asked for; whatever has its own clock,
    and any day, as it is.
    """
    return timezone.localtime(at) if isinstance(at, datetime) and at.tzinfo is UTC else at


def day(on: date) -> str:
    """June 4, 2026."""
    return formats.date_format(on, "DATE_FORMAT")


def short_day(on: date) -> str:
    """06/04/2026, for a table."""
    return formats.date_format(on, "SHORT_DATE_FORMAT")


def month_day(on: date) -> str:
    """June 4, of a day that is near."""
    return formats.date_format(on, "MONTH_DAY_FORMAT")


def month(on: date) -> str:
    """June 2026."""
    return formats.date_format(on, "YEAR_MONTH_FORMAT")


def short_month(on: date) -> str:
    """Jun, for an axis."""
    return dateformat.format(on, "M")


def weekday(on: date) -> str:
    """Thursday."""
    return dateformat.format(on, "l")


def weekday_and_day(on: date, *, with_year: bool = False) -> str:
    """Thursday, June 4; with its year where it is not this one."""
    return _("%(weekday)s, %(day)s") % {
        "weekday": weekday(on),
        "day": day(on) if with_year else month_day(on),
    }


def hour(at: time | datetime) -> str:
    """6 p.m."""
    return formats.time_format(at, "TIME_FORMAT")


def moment(at: datetime) -> str:
    """June 4, 2026, 6 p.m."""
    return formats.date_format(at, "DATETIME_FORMAT")


def when(on: date, at: time, *, with_year: bool = False) -> str:
    """Thursday, June 4, 6 p.m.; with its year where it is not this one."""
    return _("%(day)s, %(hour)s") % {"day": weekday_and_day(on, with_year=with_year), "hour": hour(at)}


def times(number: int) -> str:
    """Once, twice, 3 times."""
    if number == 1:
        return pgettext("how often", "once")
    if number == 2:
        return pgettext("how often", "twice")
    grouped = formats.number_format(number, use_l10n=True, force_grouping=True)
    return ngettext("%(n)s time", "%(n)s times", number) % {"n": grouped}


def halves_of_the_day() -> tuple[str, str] | None:
    """What stands after an hour before noon, and after it; None where hours are counted to 24. For a script's clock."""
    if not TWELVE_HOURS & set(formats.get_format("TIME_FORMAT")):
        return None
    return dateformat.format(time(9), "a"), dateformat.format(time(21), "a")
