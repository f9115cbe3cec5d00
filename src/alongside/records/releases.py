"""How often something of what people told us was released, and by which law: counts for everybody, never a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Agency, Release, ReleaseKind
from alongside.core.publicdata import Column, Dataset

RELEASES = Dataset(
    name="releases",
    title=_("Legal releases"),
    about=_(
        "How often something of what people told us was released because the law demanded it, by year and kind. "
        "Years and kinds without any are there, too."
    ),
    columns=(
        Column("year", "integer", _("The year of the release.")),
        Column("kind", "string", _("subpoena, warrant, court_order, records_request or other.")),
        Column("releases", "integer", _("How many releases there were.")),
        Column("records", "integer", _("How many records they held together.")),
        Column("as_of", "date", _("The day it was counted.")),
    ),
)


@dataclass(frozen=True)
class Year:
    """One year: how many releases of each kind, in the order of the kinds."""

    year: int
    counts: list[int]
    records: int

    @property
    def all(self) -> int:
        return sum(self.counts)

    @property
    def by_kind(self) -> list[tuple[str, int]]:
        return list(zip(map(str, ReleaseKind.labels), self.counts, strict=True))


def years(agency: Agency) -> list[Year]:
    """Every year from the first, the latest first, those without a release among them. One question."""
    counted = _counted(agency)
    return [
        Year(
            year,
            [counted.get((year, kind), (0, 0))[0] for kind in ReleaseKind.values],
            sum(counted.get((year, kind), (0, 0))[1] for kind in ReleaseKind.values),
        )
        for year in _years(agency, counted)
    ]


def rows(agency: Agency) -> Iterator[dict[str, Any]]:
    """The same as a table for everybody."""
    counted = _counted(agency)
    for year in _years(agency, counted):
        for kind in ReleaseKind.values:
            number, records = counted.get((year, kind), (0, 0))
            counted_on = agency.today()
            yield {"year": year, "kind": kind, "releases": number, "records": records, "as_of": counted_on}


def _counted(agency: Agency) -> dict[tuple[int, str], tuple[int, int]]:
    """By year and kind: how many releases, and how many records."""
    found = (
        Release.objects.of(agency)
        .order_by()
        .annotate(year=ExtractYear("on"))
        .values_list("year", "kind")
        .annotate(number=Count("pk"), held=Sum("records"))
    )
    return {(year, kind): (number, held) for year, kind, number, held in found}


def _years(agency: Agency, counted: dict[tuple[int, str], tuple[int, int]]) -> list[int]:
    begun = agency.local(agency.created_at).year
    first = min([begun, agency.today().year, *(year for year, _kind in counted)])
    return list(range(agency.today().year, first - 1, -1))
