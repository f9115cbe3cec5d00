"""What pages show of a run: bands by neighborhood for residents, coarse maps and doubts for analysts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from alongside.agencies.models import Agency, User
from alongside.core import formats, measures, plots
from alongside.core.svgmap import Map, Shape
from alongside.core.tables import Head, Linked, Table, number
from alongside.hotspots import evaluation, often
from alongside.hotspots.candidates import Past, weeks_since
from alongside.hotspots.models import Band, Choice, Evaluation, FocusArea, Layer, Petition, Run
from alongside.hotspots.templatetags.percent import as_rate, as_ratio, as_sure, in_percent
from alongside.places import pages
from alongside.places.models import Area, AreaKind, labels_of

LEVELS: dict[int | None, str] = {
    Band.ABOVE: "level-1",
    Band.TWICE: "level-2",
    Band.FOUR_TIMES: "level-3",
    None: "quiet",
}


@dataclass(frozen=True)
class BandOfNeighborhoods:
    """Neighborhoods of one band, by the alphabet: no ranks.

    Each name with its sentence, where a rate was formed, and its page, where it has one.
    """

    band: Band
    named: list[tuple[str, str, str]]

    @property
    def names(self) -> list[str]:
        return [name for name, _sentence, _page in self.named]


def shows_enforcement(agency: Agency) -> bool:
    """Whether what is published tells enforcement apart, and shows an area that stands out."""
    shown = FocusArea.objects.of(agency).of_latest_published().walkable().filter(band__isnull=False)
    return shown.filter(run__layer=Layer.BOTH).exists()


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
        .values_list("neighborhood__name", "highest", "relative", "neighborhood__public_id")
    )
    by_band: dict[int, dict[str, tuple[str, str]]] = {}
    for (
        name,
        band,
        relative,
        home,
    ) in rows:  # two areas of a neighborhood share its risk, and may share its band
        by_band.setdefault(band, {})[name] = (often.sentence(relative), pages.address(agency, home))
    return [
        BandOfNeighborhoods(Band(band), [(name, *said) for name, said in by_band[band].items()])
        for band in sorted(by_band, reverse=True)
    ]


def passed_through(run: Run | None) -> list[str]:
    """The neighborhoods of a run whose rate would be high, were it theirs who live there; by the alphabet."""
    rows = run.findings.get("neighborhoods", []) if run else []
    return sorted(row["name"] for row in rows if row.get("passed_through") and row.get("high"))


def map_of_bands(user: User | AnonymousUser, agency: Agency, bands: list[BandOfNeighborhoods]) -> Map | None:
    """Whole neighborhoods, shaded by band. Outlines of cells never leave the workspace."""
    homes = Area.objects.visible_to(user, at=agency).active().of_kind(AreaKind.NEIGHBORHOOD)
    level = {name: each.band for each in bands for name in each.names}
    shapes = [
        Shape(
            home.shape,
            LEVELS[level.get(home.name)],
            home.name,
            home.name in level,
            pages.page(agency, home),
        )
        for home in homes
    ]
    if not shapes:
        return None
    led = {name: Linked.to((name, url)) for each in bands for name, _sentence, url in each.named}
    rows = [[led[name], str(band.label)] for name, band in sorted(level.items())]
    word = labels_of(agency)[AreaKind.NEIGHBORHOOD][0]
    return Map(
        title=_("Neighborhoods where we look for the next walk"),
        shapes=sorted(shapes, key=lambda shape: shape.kind != "quiet"),
        table=Table(_("Neighborhoods by band"), [Head(word), Head(_("Police involvement"))], rows),
        legend=[
            *_legend(),
            (LEVELS[None], _("Not high, too little data to say, or few people live there")),
        ],
        name="bands",
    )


def map_of_areas(agency: Agency, run: Run, areas: list[FocusArea], table: Table) -> Map | None:
    """Focus areas over the neighborhoods, for analysts. Coarse on purpose: no cell is drawn apart."""
    if not areas:
        return None
    homes = Area.objects.of(agency).filter(kind=AreaKind.NEIGHBORHOOD, active=True)
    shapes = [Shape(home.shape, "outline", home.name) for home in homes]
    shapes += [Shape(area.shape, LEVELS[area.band], area.name) for area in areas]
    return Map(
        title=_("Focus areas"),
        shapes=shapes,
        table=table,
        legend=_legend(),
        note=_("Data: %(window)s. Point at an area to read its name.") % {"window": run.window},
        name="areas",
    )


def table_of_areas(agency: Agency, areas: list[FocusArea], walked: Mapping[int | None, date]) -> Table:
    """Every focus area, with what is known of it."""
    heads = [
        Head(_("Focus area")),
        Head(labels_of(agency)[AreaKind.DIVISION][0]),
        Head(_("Band")),
        Head(_("Incidents"), number=True),
        Head(_("Residents"), number=True, decimals=0),
        Head(_("A year for 1,000 residents"), number=True),
        Head(_("Likely between")),
        Head(_("Investigation"), number=True),
        Head(_("Enforcement"), number=True),
        Head(_("Weeks since the last walk"), number=True),
        Head(_("Cells"), number=True),
        Head(_("Peak z"), number=True, decimals=1),
        Head(_("Peak q")),
    ]
    today = agency.today()
    return Table(
        _("Focus areas of this run"), heads, [_row(area, walked, today) for area in areas], wide=True
    )


def _row(area: FocusArea, walked: Mapping[int | None, date], today: date) -> list[Any]:
    weeks = weeks_since(walked.get(area.neighborhood_id), today)
    return [
        area.name,
        area.division.name if area.division else "–",
        area.get_band_display() if area.band else _("no band"),
        area.events,
        area.population,
        "–" if area.rate is None else as_rate(area.rate),
        _between(area.rate_low, area.rate_high) or missing_rate(area.rate_missing),
        *(in_percent(area.shares.get(layer)) for layer in ("investigation", "enforcement")),
        _("never") if weeks is None else weeks,
        len(area.cells),
        area.peak_z,
        f"{area.peak_q:.2g}",
    ]


def _between(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    return _("%(low)s and %(high)s") % {"low": as_rate(low), "high": as_rate(high)}


def table_of_neighborhoods(run: Run) -> Table | None:
    """Every named neighborhood beside the whole: how often, how sure, and how many looks say the same."""
    rows = run.findings.get("neighborhoods", [])
    if not rows:
        return None
    tested = run.findings["tested"]
    threshold = (run.findings.get("high") or {}).get("threshold")
    heads = [
        Head(labels_of(run.agency)[AreaKind.NEIGHBORHOOD][0]),
        Head(_("What we say")),
        Head(_("Incidents"), number=True),
        Head(_("Residents"), number=True),
        *(head for layer in tested for head in _heads_of(Layer(layer).label, threshold)),
        Head(_("Looks that find ground in it"), number=True),
        Head(_("A year for 1,000 residents"), number=True),
        Head(_("Likely between")),
    ]
    cells = [
        [
            row["name"],
            _said_of(row),
            row["events"],
            row["population"],
            *(cell for layer in tested for cell in _of_layer(row, layer, threshold)),
            in_percent(row.get("looks")),
            "–" if row["rate"] is None else as_rate(row["rate"]),
            _between(*(row["rate_interval"] or (None, None))) or "–",
        ]
        for row in sorted(rows, key=lambda row: row["name"])
    ]
    return Table(_("Every neighborhood of this run"), heads, cells, wide=True)


def _heads_of(layer: Any, threshold: float | None) -> list[Head]:
    if threshold is None:
        return []
    sure = _("%(layer)s: how sure of more than %(times)s times") % {
        "layer": layer,
        "times": as_ratio(threshold),
    }
    beside = _("%(layer)s, beside the whole") % {"layer": layer}
    return [Head(beside, number=True), Head(_("Likely between")), Head(sure, number=True)]


def _of_layer(row: dict[str, Any], layer: str, threshold: float | None) -> list[str]:
    known = row.get("layers", {}).get(layer, {})
    if threshold is None:
        return []
    if known.get("relative") is None:
        return ["–", "–", "–"]
    return [
        _("%(n)s times") % {"n": number(known["relative"], 2)},
        _("%(low)s and %(high)s")
        % {
            end: number(value, 2)
            for end, value in zip(("low", "high"), known["relative_interval"], strict=True)
        },
        as_sure(known["p_high"]),
    ]


def _said_of(row: dict[str, Any]) -> str:
    if row.get("passed_through"):
        return _("people pass through")
    if "high" not in row:
        return "–"
    if row["high"] is None:
        return _("no rate can be formed")
    return pgettext("neighborhood", "high") if row["high"] else pgettext("neighborhood", "not high")


def table_of_sensitivity(run: Run) -> Table | None:
    """What other days and other cell sizes would have said."""
    rows = [
        [
            _other_look(row, run.agency.units),
            row["areas"],
            row["significant"],
            in_percent(row["same_neighborhoods"]),
        ]
        for row in run.findings["sensitivity"]
    ]
    heads = [
        Head(_("Another look")),
        Head(_("Focus areas"), number=True),
        Head(_("Cells that stand out"), number=True),
        Head(_("Neighborhoods in both"), number=True),
    ]
    return Table(_("What another look would have said"), heads, rows) if rows else None


def _other_look(row: dict[str, Any], units: str) -> str:
    if "window" not in row:
        return _("Cells with edges of %(edge)s") % {"edge": measures.distance(row["edge_m"], units)}
    name = {
        "first half": _("First half of these days"),
        "second half": _("Second half of these days"),
        "before": _("As long a time before"),
    }[row["window"]]
    days = (formats.short_day(date.fromisoformat(row[end])) for end in ("from", "to"))
    return f"{name} ({' – '.join(days)})"


LISTS = {
    evaluation.HIGH: gettext_lazy("High by our method"),
    evaluation.RESIDENTS: gettext_lazy("As many, with the most residents"),
    evaluation.COUNTS: gettext_lazy("As many, with the most incidents"),
    evaluation.BEFORE: gettext_lazy("High a year before"),
}


def table_of_lists(made: Evaluation) -> Table:
    """How each kind of list held, over all years."""
    heads = [
        Head(pgettext("evaluation", "List")),
        Head(_("Years")),
        Head(pgettext("evaluation", "Neighborhoods"), number=True),
        Head(_("High again a year later"), number=True),
        Head(_("Their share of that year’s incidents"), number=True),
        Head(_("Their share of the people"), number=True),
        Head(_("Beside the whole"), number=True),
    ]
    held: dict[str, list[dict[str, Any]]] = {}
    for each in made.origins:
        for row in each["lists"]:
            held.setdefault(row["list"], []).append(row)
    rows = [_summed(name, held[name]) for name in evaluation.LISTS if name in held]
    return Table(_("Four ways to make the list, and how they held"), heads, rows)


def _summed(name: str, rows: list[dict[str, Any]]) -> list[Any]:
    named, again = sum(len(row["named"]) for row in rows), sum(row["again"] for row in rows)
    incidents = sum(row["incidents"] for row in rows) / len(rows)
    people = sum(row["people"] for row in rows) / len(rows)
    return [
        LISTS[name],
        len(rows),
        named,
        f"{again} ({in_percent(again / named)})" if named else "–",
        in_percent(incidents),
        in_percent(people),
        _("%(n)s times") % {"n": number(incidents / people, 1)} if people else "–",
    ]


def origins_of(made: Evaluation) -> list[tuple[str, Table]]:
    """Each year of which lists were made, the latest first, with the names."""
    heads = [
        Head(pgettext("evaluation", "List")),
        Head(pgettext("evaluation", "Neighborhoods")),
        Head(pgettext("neighborhoods", "High again"), number=True),
        Head(_("Beside the whole"), number=True),
    ]
    return [
        (
            _("Made of %(first)s – %(last)s, seen in the year after")
            % {
                end: formats.day(date.fromisoformat(day))
                for end, day in zip(("first", "last"), each["made_of"], strict=True)
            },
            Table(_("Lists of this year"), heads, [_list_row(row) for row in each["lists"]]),
        )
        for each in reversed(made.origins)
    ]


def _list_row(row: dict[str, Any]) -> list[Any]:
    return [
        LISTS[row["list"]],
        ", ".join(row["named"]) or pgettext("neighborhood", "none"),
        _("%(n)s of %(all)s") % {"n": row["again"], "all": len(row["named"])},
        "–" if row["relative"] is None else _("%(n)s times") % {"n": number(row["relative"], 1)},
    ]


def missing_rate(why: str) -> str:
    """Why there is no rate, in words."""
    return {
        "no population": _("no population known"),
        "few residents": _("too few residents for a rate"),  # of runs before
        "no residents": _("nobody lives there"),
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
        decimals=0 if min(row.value for row in rows) >= 10 else 1,
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
    return Run.objects.of(agency).latest_published()


def public_choices(agency: Agency) -> list[Choice]:
    """The last places chosen, with the reason of the person who chose. Neighborhood names only."""
    choices = Choice.objects.of(agency).filter(neighborhood__isnull=False)
    return list(choices.listed().defer("area", "neighborhood__geometry")[:6])


def petition_by_code(agency: Agency, code: str) -> Petition:
    """A petition, for whoever holds its code: it was shown once, to the person who wrote."""
    return get_object_or_404(Petition.objects.of(agency).listed(), public_id=code)


def asked_for(agency: Agency, history: Past) -> list[Area]:
    """The neighborhoods that residents asked for in the last year."""
    return list(Area.objects.of(agency).filter(pk__in=history.asked, active=True).listed())
