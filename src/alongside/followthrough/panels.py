"""What this room shows on pages composed of every room."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alongside.agencies.models import Agency, User
from alongside.core import formats, plots
from alongside.core.tables import Head, Table
from alongside.followthrough import figures
from alongside.followthrough.figures import HALF_A_YEAR, Quarter
from alongside.followthrough.public import kept as days
from alongside.followthrough.public.bars import bar, finding
from alongside.followthrough.public.lines import in_public
from alongside.followthrough.public.listing import Asked, Listing
from alongside.places.models import Area

SHOWN_FIRST, SHOWN_HERE, QUARTERS = 3, 6, 5
DAY, MONTH = timedelta(days=1), timedelta(days=30)


# -- for everybody ----------------------------------------------------------------------------------
def promised(_user: User | AnonymousUser, agency: Agency) -> dict[str, Any]:
    """What you told us and what we promised: how all of it stands, and the first three."""
    return {
        **_told(Listing(agency), most=SHOWN_FIRST),
    }


def _told(listing: Listing, *, most: int) -> dict[str, Any]:
    """As the public list tells it: its numbers, and the first of it."""
    return {
        "finding": finding(listing.counts),
        "bar": bar(listing.counts),
        "promises": [in_public(each) for each in listing.first(most)],
    }


def promised_here(_user: User | AnonymousUser, agency: Agency, area: Area) -> dict[str, Any]:
    """The same of one neighborhood, with how long an answer takes where enough have asked."""
    # It is of this morning for everybody: looked at once a day.
    curve = days.for_the_day(agency, f"days-{area.pk}", lambda: figures.days_to_answer(agency, area=area))
    told = curve if curve.answered + curve.open >= figures.FEWEST else None
    return {
        **_told(Listing(agency, Asked(neighborhood=area)), most=SHOWN_HERE),
        "curve": told,
        "median": figures.median_in_words(curve),
        "doubt": figures.doubt_in_words(curve),
        "area": area,
    }


# -- for those who lead -------------------------------------------------------------------------------
def kept(_user: User | AnonymousUser, agency: Agency) -> dict[str, Any]:
    """Promises kept on time, and days to an answer, with how they went from quarter to quarter."""
    today = agency.today()
    told = figures.quarters(agency, back=QUARTERS)
    curve = figures.days_to_answer(agency, since=today - HALF_A_YEAR)
    return {
        "kept": figures.kept_on_time(agency, since=today - HALF_A_YEAR, until=today - DAY),
        "curve": curve,
        "median": figures.median_in_words(curve),
        "doubt": figures.doubt_in_words(curve),
        "trend": figures.trend_in_words(told),
        "plot": _plot(told),
        "table": _by_quarter(told) if told else None,
    }


def late(_user: User | AnonymousUser, agency: Agency) -> dict[str, Any]:
    """What is late, by division and by whoever commands, and what nobody answers for."""
    return {
        "divisions": _late_table(_("By division"), _("Division"), figures.late_by_division(agency)),
        "commanders": _late_table(_("By commander"), _("Commander"), figures.late_by_commander(agency)),
        "alone": figures.nobody_answers(agency),
        "late": figures.long_late(agency, by=timedelta(0)),
    }


def to_name(_user: User | AnonymousUser, agency: Agency) -> dict[str, Any] | None:
    """Somebody has to answer for what nobody answers for."""
    alone = figures.nobody_answers(agency)
    if not alone.count:
        return None
    return {"alone": alone, "url": reverse("followthrough:concerns", args=[agency.slug]) + "?show=nobody"}


def to_settle(_user: User | AnonymousUser, agency: Agency) -> dict[str, Any] | None:
    """What is a month late is kept, moved with a reason, or given up in public."""
    count = figures.long_late(agency, by=MONTH)
    if not count:
        return None
    return {"count": count, "url": reverse("followthrough:concerns", args=[agency.slug]) + "?show=late"}


def _late_table(title: str, word: str, rows: list[figures.Late]) -> Table | None:
    heads = [
        Head(word),
        Head(pgettext("promises", "Open"), number=True),
        Head(_("Of these late"), number=True),
    ]
    return Table(title, heads, [[row.name, row.open, row.late] for row in rows]) if rows else None


def _plot(told: list[Quarter]) -> plots.Plot | None:
    """The median of each quarter whose doubt has two ends; the others stand in the table, in words."""
    rows = []
    for each in told:
        low, high = each.curve.interval()
        if each.curve.median is not None and low is not None and high is not None:
            rows.append(plots.Interval(_called(each), each.curve.median, low, high))
    if len(rows) < 2:
        return None
    return plots.intervals(
        _("Days to an answer, by the quarter in which it was said"),
        rows,
        heads=(pgettext("head of a table", "Quarter"), pgettext("head of a table", "Days")),
        decimals=0,
        name="days-to-an-answer",
    )


def _by_quarter(told: list[Quarter]) -> Table:
    heads = [
        Head(_("Three months")),
        Head(_("Half answered within")),
        Head(_("Likely between")),
        Head(pgettext("concerns", "Answered"), number=True),
        Head(pgettext("concerns", "Still open"), number=True),
    ]
    rows = [
        [
            _called(each),
            figures.median_in_words(each.curve),
            figures.range_in_words(each.curve),
            each.curve.answered,
            each.curve.open,
        ]
        for each in told
    ]
    return Table(_("Days to an answer, quarter by quarter"), heads, rows)


def _called(quarter: Quarter) -> str:
    """“From July 2026”: three months each."""
    return _("From %(month)s") % {"month": formats.month(quarter.first)}
