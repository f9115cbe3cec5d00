"""Each area's chance in each week: for the desk by area, for everybody by neighborhood, and as public data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alongside.core import formats
from alongside.core.publicdata import Column, Dataset
from alongside.core.tables import Head, Table
from alongside.hotspots.models import Run
from alongside.hotspots.templatetags.percent import in_percent
from alongside.places.models import AreaKind, labels_of
from alongside.season.models import Redraws

Row = tuple[str, list[float]]

CHANCES = Dataset(
    name="chances",
    title=gettext_lazy("Chances of each neighborhood in each week"),
    about=gettext_lazy("In what share of all draws of a season a neighborhood is walked, week by week."),
    columns=(
        Column("season", "string", gettext_lazy("The season’s public id.")),
        Column("day", "date", gettext_lazy("The day of the walk.")),
        Column("neighborhood", "string", gettext_lazy("The neighborhood’s name.")),
        Column("chance", "number", gettext_lazy("The share of all draws, from 0 to 1.")),
        Column("digest", "string", gettext_lazy("SHA-256 of the file with every draw.")),
    ),
)


def of_areas(asked: Redraws) -> Table:
    """By area, as staff call it: a row for each, also where two have one name."""
    names = asked.chances["names"]
    rows = [(names.get(key, [key, key])[0], weeks) for key, weeks in asked.chances["weeks"].items()]
    return _table(asked, _("Area"), rows)


def of_neighborhoods(asked: Redraws) -> Table:
    """By neighborhood, as everybody may read it: all areas of one together."""
    return _table(asked, labels_of(asked.agency)[AreaKind.NEIGHBORHOOD][0], by_home(asked))


def _table(asked: Redraws, word: str, rows: Iterable[Row]) -> Table:
    heads = [Head(word), *(Head(formats.month_day(day), number=True) for day in days_of(asked))]
    return Table(
        _("Share of all draws in which there is a walk"),
        heads,
        [[name, *(_cell(chance) for chance in weeks)] for name, weeks in sorted(rows)],
        wide=True,
    )


def _cell(chance: float) -> str:
    return in_percent(chance) if chance else "·"


def by_home(asked: Redraws) -> list[Row]:
    """Each neighborhood's public name and its chance in each week, in the order of names."""
    home_of = {area["id"]: area["neighborhood"] or area["id"] for area in asked.problem.get("areas", [])}
    names: dict[str, str] = {}
    chances: dict[str, list[float]] = {}
    for key, weeks in asked.chances["weeks"].items():
        home = home_of.get(key, key)
        names[home] = asked.chances["names"].get(key, [key, key])[1]
        chances[home] = _sum(chances.get(home, [0.0] * len(weeks)), weeks)
    names |= _neutral(asked, sorted(key for key, home in home_of.items() if key == home))
    return sorted((names[home], weeks) for home, weeks in chances.items())


def _neutral(asked: Redraws, alone: Sequence[str]) -> dict[str, str]:
    """Areas in no neighborhood are called as their run calls them, which is nobody's to know before it is published."""
    if (
        not alone
        or Run.objects.of(asked.agency).published().filter(public_id=asked.season.inputs.get("run")).exists()
    ):
        return {}
    return {key: _("Area %(n)d") % {"n": number} for number, key in enumerate(alone, start=1)}


def _sum(ones: Sequence[float], others: Sequence[float]) -> list[float]:
    """One walk a week: the chances of two areas add up."""
    return [round(one + other, 6) for one, other in zip(ones, others, strict=True)]


def days_of(asked: Redraws) -> list[date]:
    """The days of the weeks that were drawn."""
    return [date.fromisoformat(week["day"]) for week in asked.problem["weeks"]]


def rows(published: Iterable[Redraws]) -> Iterator[dict[str, Any]]:
    """Every season, neighborhood and week with its chance."""
    for asked in published:
        for name, weeks in by_home(asked):
            for day, chance in zip(days_of(asked), weeks, strict=True):
                yield {
                    "season": asked.season.public_id,
                    "day": day,
                    "neighborhood": name,
                    "chance": chance,
                    "digest": asked.digest,
                }
