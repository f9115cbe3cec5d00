"""What pages show of a run: bands by neighborhood for residents, coarse maps and doubts for analysts."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from alongside.agencies.models import Agency, User
from alongside.core import plots
from alongside.core.svgmap import Map, Shape
from alongside.core.tables import Head, Table
from alongside.hotspots.models import Band, Choice, FocusArea, Petition, Run
from alongside.places.models import Area, AreaKind

LEVELS = {Band.ABOVE: "level-1", Band.TWICE: "level-2", Band.FOUR_TIMES: "level-3", None: "quiet"}


@dataclass(frozen=True)
class BandOfNeighborhoods:
    """Neighborhoods of one band, by the alphabet: no ranks."""

    band: Band
    names: list[str]


def neighborhoods_by_band(user: User | AnonymousUser, agency: Agency) -> list[BandOfNeighborhoods]:
    """What the public sees of the latest published run: a neighborhood and its highest band."""
    rows = (
        FocusArea.objects.visible_to(user, at=agency)
        .of_latest_published()
        .walkable()
        .filter(neighborhood__isnull=False, band__isnull=False)
        .values("neighborhood__name")
        .annotate(highest=Max("band"))
        .order_by("neighborhood__name")
    )
    by_band: dict[int, list[str]] = {}
    for row in rows:
        by_band.setdefault(row["highest"], []).append(row["neighborhood__name"])
    return [BandOfNeighborhoods(Band(band), by_band[band]) for band in sorted(by_band, reverse=True)]


def map_of_bands(user: User | AnonymousUser, agency: Agency, bands: list[BandOfNeighborhoods]) -> Map | None:
    """Whole neighborhoods, shaded by band. Outlines of cells never leave the workspace."""
    homes = Area.objects.visible_to(user, at=agency).active().of_kind(AreaKind.NEIGHBORHOOD)
    level = {name: each.band for each in bands for name in each.names}
    shapes = [
        Shape(home.shape, LEVELS[level.get(home.name)], home.name, home.name in level) for home in homes
    ]
    if not shapes:
        return None
    rows = [[name, str(band.label)] for name, band in sorted(level.items())]
    return Map(
        title=_("Neighborhoods where we look for the next walk"),
        shapes=sorted(shapes, key=lambda shape: shape.kind != "quiet"),
        table=Table(
            _("Neighborhoods by band"), [Head(_("Neighborhood")), Head(_("Police involvement"))], rows
        ),
        legend=_legend(),
        name="bands",
    )


def map_of_areas(agency: Agency, run: Run, areas: list[FocusArea]) -> Map | None:
    """Focus areas over the neighborhoods, for planners. Coarse on purpose: no cell is drawn apart."""
    homes = Area.objects.filter(agency=agency, kind=AreaKind.NEIGHBORHOOD, active=True)
    shapes = [Shape(home.shape, "outline", home.name) for home in homes]
    shapes += [Shape(area.shape, LEVELS[area.band], area.name, True) for area in areas]
    if not areas:
        return None
    return Map(
        title=_("Focus areas"),
        shapes=shapes,
        table=table_of_areas(areas),
        legend=_legend(),
        note=_("Data: %(window)s.") % {"window": run.window},
        name="areas",
    )


def table_of_areas(areas: list[FocusArea]) -> Table:
    """Every focus area, with what is known of it."""
    heads = [
        Head(_("Focus area")),
        Head(_("Band")),
        Head(_("Incidents"), number=True),
        Head(_("Residents"), number=True, decimals=0),
        Head(_("A year for 1,000 residents"), number=True, decimals=0),
        Head(_("Likely between")),
        Head(_("Peak z"), number=True, decimals=1),
        Head(_("Peak q")),
        Head(_("Cells"), number=True),
    ]
    rows = [
        [
            area.name,
            area.get_band_display() if area.band else _("no band"),
            area.events,
            area.population,
            area.rate,
            _("%(low).0f and %(high).0f") % {"low": area.rate_low, "high": area.rate_high}
            if area.rate is not None
            else missing_rate(area.rate_missing),
            area.peak_z,
            f"{area.peak_q:.2g}",
            len(area.cells),
        ]
        for area in areas
    ]
    return Table(_("Focus areas of this run"), heads, rows, wide=True)


def missing_rate(why: str) -> str:
    """Why there is no rate, in words."""
    return {
        "no population": _("no population known"),
        "few residents": _("too few residents for a rate"),
        "no dates": _("counts without dates"),
    }.get(why, "")


def plot_of_rates(areas: list[FocusArea], average: float | None) -> plots.Plot | None:
    """Rates with their intervals, beside the average."""
    rows = [
        plots.Interval(area.name, area.rate, area.rate_low, area.rate_high)
        for area in sorted(areas, key=lambda area: area.name)
        if area.rate is not None and area.rate_low is not None and area.rate_high is not None
    ]
    if not rows:
        return None
    return plots.intervals(
        _("Incidents a year for 1,000 residents, and how sure we are"),
        rows,
        heads=(_("Focus area"), _("Rate")),
        reference=(average, _("whole agency")) if average else None,
        decimals=0,
        name="rates",
    )


def plot_of_concentration(run: Run) -> plots.Plot:
    """How few cells hold how many incidents."""
    return plots.concentration(
        _("How concentrated incidents are"),
        [(x, y) for x, y in run.findings["curve"]],
        heads=(_("Busiest cells"), _("Incidents in them")),
        name="curve",
    )


def _legend() -> list[tuple[str, str]]:
    return [(LEVELS[band], str(band.label)) for band in reversed(Band)]


def latest_public(agency: Agency) -> Run | None:
    """The run behind the public page: its window and its words, for anybody."""
    return Run.objects.filter(agency=agency).latest_published()


def public_choices(agency: Agency) -> list[Choice]:
    """The last places chosen, with the reason of the person who chose. Neighborhood names only."""
    return list(
        Choice.objects.filter(agency=agency, neighborhood__isnull=False).select_related(
            "neighborhood", "criteria"
        )[:6]
    )


def petition_by_code(agency: Agency, code: str) -> Petition:
    """A petition, for whoever holds its code: it was shown once, to the person who wrote."""
    return get_object_or_404(
        Petition.objects.filter(agency=agency).select_related("neighborhood"), public_id=code
    )
