"""The report in words: reasons and tables as a reader sees them. The report itself keeps its fixed names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from alongside.core import formats
from alongside.core.tables import Head, Table
from alongside.incidents.reading import reasons, report

REASONS: dict[str, Promise] = {
    reasons.UNREADABLE_ROW: gettext_lazy("The row cannot be read"),
    reasons.NEGATIVE_COUNT: gettext_lazy("A count below zero"),
    reasons.DATE: gettext_lazy("No date, or one that cannot be"),
    reasons.PLACEHOLDER: gettext_lazy("The address is no place"),
    reasons.COARSE: gettext_lazy("Only the town or postcode was found"),
    reasons.ZERO: gettext_lazy("At 0,0 or where a projection begins"),
    reasons.NO_COORDINATES: gettext_lazy("No coordinates"),
    reasons.UNKNOWN_CRS: gettext_lazy("Feet or meters of a projection nobody can tell"),
    reasons.OUTSIDE: gettext_lazy("Outside the study area"),
    reasons.DUPLICATE: gettext_lazy("The same row was there already"),
}

# The reports' hints, known to translators: a report keeps the English words it was made with.
HINTS: dict[str, Promise] = {
    report.HINTS[reasons.OUTSIDE]: gettext_lazy(
        "Most rows lie outside the boundaries: are these the boundaries of this city?"
    ),
    report.HINTS[reasons.NO_COORDINATES]: gettext_lazy(
        "Most rows have no coordinates: geocode them first, or name the columns that hold them."
    ),
    report.HINTS[reasons.UNKNOWN_CRS]: gettext_lazy(
        "Name the projection of X and Y in a mapping, such as EPSG:2246."
    ),
    report.HINTS[reasons.DATE]: gettext_lazy(
        "Most dates cannot be read: is the right column named, and does the day or the month come first?"
    ),
    report.HINTS[reasons.UNREADABLE_ROW]: gettext_lazy(
        "Most rows cannot be read: is this the delimiter the file was written with?"
    ),
    report.NO_MINUS: gettext_lazy(
        "Most longitudes lie on the other side of the world: is their minus sign missing? Export them with it."
    ),
    report.CUT_OFF: gettext_lazy(
        "A round number of rows is what portals hand out unless asked for more: is the file whole?"
    ),
}

UNSURE: dict[str, Promise] = {
    "when": gettext_lazy("when it happened"),
    "what": gettext_lazy("what it was"),
    "where": gettext_lazy("where it was (there are no coordinates, so no row of it can be kept)"),
}


def reason(name: str) -> str:
    return str(REASONS.get(name, name))


def hints(names: Sequence[str]) -> list[str]:
    return [str(HINTS.get(hint, hint)) for hint in names]


def stretches(covered: Sequence[Sequence[str]]) -> list[str]:
    """First and last day of each stretch of days that a file covers."""
    return [" – ".join(formats.day(date.fromisoformat(day)) for day in stretch) for stretch in covered]


def loss_tables(loss: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Table]:
    """One table for each grouping in which the share lost differs."""
    captions = {
        "category": _("By kind of incident"),
        "area": _("By recorded area"),
        "month": _("By month"),
    }
    heads = [
        Head(_("Group")),
        Head(_("Rows"), number=True),
        Head(pgettext("rows", "Lost"), number=True),
        Head(_("Percent lost"), number=True, decimals=1),
        Head(_("Against the whole, points"), number=True, decimals=1),
    ]
    return [
        Table(
            captions[name],
            heads,
            [
                (
                    row["value"] or pgettext("kind of incident", "(none given)"),
                    row["read"],
                    row["lost"],
                    100 * row["rate"],
                    100 * row["difference"],
                )
                for row in rows[:8]
            ],
        )
        for name, rows in loss.items()
        if rows
    ]


def crowded_table(cells: Sequence[Mapping[str, Any]]) -> Table | None:
    """Cells with an outsized share."""
    if not cells:
        return None
    heads = [
        Head(_("Cell")),
        Head(_("Events"), number=True),
        Head(_("Percent of all"), number=True, decimals=1),
    ]
    rows = [(cell["cell"], cell["events"], 100 * cell["share"]) for cell in cells]
    return Table(_("Cells with an outsized share"), heads, rows)
