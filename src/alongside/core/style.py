"""The living style page: every component as it is, drawn with made-up contents."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alongside.core import formats, languages, measures, plots, svgmap
from alongside.core.authored import AuthoredField, How, Words
from alongside.core.forms import CountField, DayField, HourField
from alongside.core.tables import Head, Table

GROUNDS = ("paper", "card", "sunken", "green-soft", "marigold-soft", "clay-soft", "river-soft")
INKS = ("ink", "muted", "green", "deep", "marigold", "clay", "river", "line", "edge", "focus")


class Sample(forms.Form):
    """One of each kind of field."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        required=False,
        help_text=gettext_lazy("Only if you like. First name is enough."),
    )
    title = AuthoredField(
        label=gettext_lazy("Title"),
        max_length=140,
        one_line=True,
        initial=Words.of("Walk with us in Eastbank", language="en"),
    )
    party = CountField(label=gettext_lazy("How many of you are coming?"), min_value=1, max_value=20)
    day = DayField(label=gettext_lazy("Day"))
    hour = HourField(label=gettext_lazy("Time"))
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=languages.choices)
    answer = forms.ChoiceField(
        label=gettext_lazy("Will you come?"),
        choices=[("yes", gettext_lazy("Yes")), ("maybe", gettext_lazy("Maybe"))],
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("What would help you take part?"),
        choices=[
            ("step", gettext_lazy("A step-free route")),
            ("asl", gettext_lazy("Sign language")),
            ("seat", gettext_lazy("Places to sit")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Anything else?"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    paper = forms.FileField(label=gettext_lazy("A file"), required=False)
    notices = forms.BooleanField(
        label=gettext_lazy("Send me notices about this walk"), help_text=gettext_lazy("And nothing else.")
    )
    area = forms.CharField(
        label=gettext_lazy("The area, as GeoJSON"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )


@login_not_required
def style_page(request: HttpRequest) -> HttpResponse:
    """Public, since it shows nothing of anybody."""
    return render(request, "core/style.html", sample())


def sample() -> dict[str, Any]:
    return {
        "when": formats.when(date(2026, 6, 4), time(18)),
        "length": measures.distance(2250, measures.Units.MILES),
        "grounds": GROUNDS,
        "inks": INKS,
        "form": Sample(),
        "written": [
            Words.of("Caminata por Eastbank", language="es"),
            Words.of(_("Walk with us in Eastbank"), language=languages.current(), how=How.MACHINE),
        ],
        "wrong": Sample({"party": "0", "day": "", "notices": ""}, prefix="wrong"),
        "page": Paginator(range(60), 10).page(2),
        "tabs": [
            {"label": _("Overview"), "url": "#tabs", "current": True},
            {"label": _("People"), "url": "#tabs"},
            {"label": _("Route"), "url": "#tabs"},
        ],
        "crumbs": [(_("Walks"), "#crumbs"), (_("Eastbank"), "#crumbs")],
        "table": _table(),
        "map": _map(),
        "drawing": _map("drawing"),
        "plots": _plots(),
    }


def _table() -> Table:
    return Table(
        _("Walks this year"),
        [
            Head(_("Neighborhood")),
            Head(_("Band")),
            Head(_("Walks"), number=True),
            Head(_("People met"), number=True),
        ],
        [["Eastbank", "A", 7, 182], ["Mill Row", "B", 4, 1096], ["Three Oaks", "B", 2, None]],
    )


def _box(west: float, south: float, corners: Sequence[tuple[float, float]]) -> dict[str, Any]:
    ring = [(west + x / 1000, south + y / 1000) for x, y in [*corners, corners[0]]]
    return {"type": "Polygon", "coordinates": [ring]}


def _map(name: str = "style-map") -> svgmap.Map:
    west, south = -85.76, 38.2
    streets = [[(west, south + y / 1000), (west + 0.05, south + y / 1000)] for y in (4, 11, 18)]
    streets += [[(west + x / 1000, south), (west + x / 1000, south + 0.026)] for x in (8, 17, 26, 35, 44)]
    river = [(0, 27), (12, 30), (25, 24), (38, 29), (50, 26), (50, 36), (0, 36)]
    shapes = [
        svgmap.Shape(_box(west, south, river), "water"),
        *(svgmap.Shape({"type": "LineString", "coordinates": each}, "street") for each in streets),
        svgmap.Shape(
            _box(west, south, [(3, 5), (9, 3), (12, 8), (8, 13), (3, 11)]), "walked-1", "Mill Row", True
        ),
        svgmap.Shape(
            _box(west, south, [(36, 6), (44, 3), (48, 8), (45, 15), (38, 14)]), "walked-2", "Three Oaks", True
        ),
        svgmap.Shape(
            _box(west, south, [(17, 9), (26, 7), (32, 13), (29, 21), (20, 22), (16, 15)]),
            "chosen",
            "Eastbank",
            True,
        ),
        svgmap.Shape(
            {
                "type": "LineString",
                "coordinates": [
                    (west + x / 1000, south + y / 1000)
                    for x, y in [(19, 18), (26, 18), (26, 11), (19, 11), (19, 18)]
                ],
            },
            "route",
            _("The walk"),
        ),
        svgmap.Shape(
            {"type": "Point", "coordinates": (west + 0.019, south + 0.018)}, "start", _("Eastbank Library")
        ),
    ]
    table = Table(
        _("Where we walk"),
        [Head(_("Neighborhood")), Head(_("Walks"), number=True)],
        [["Eastbank", 7], ["Mill Row", 4], ["Three Oaks", 2]],
    )
    return svgmap.Map(
        title=_("Where we walk, and the next walk in Eastbank"),
        description=_("Three neighborhoods south of the river. The next walk is in the middle one."),
        shapes=shapes,
        table=table,
        legend=[
            ("chosen", _("The next walk")),
            ("walked-2", _("Four walks or more")),
            ("walked-1", _("Fewer walks")),
            ("start", _("Where we meet")),
        ],
        note=_("31 walks this year in 12 neighborhoods."),
        credit=_("Made-up city"),
        bounds=(west + 0.001, south + 0.001, west + 0.049, south + 0.033),
        name=name,
    )


def _plots() -> list[plots.Plot]:
    return [
        plots.intervals(
            _("Contacts per 1,000 residents a year"),
            [
                plots.Interval("Eastbank", 41.2, 35.8, 47.3, accent=True),
                plots.Interval("Mill Row", 28.9, 22.1, 37.0),
                plots.Interval("Three Oaks", 26.4, 19.2, 35.6),
            ],
            reference=(17.5, _("city")),
            heads=(_("Area"), _("Rate")),
            note=_("Bars show the doubt: the true rate is within them 95 times of 100."),
            name="plot-intervals",
        ),
        plots.line(
            _("Walks a month"),
            [
                plots.Point(month, value, value - doubt, value + doubt)
                for month, value, doubt in [
                    (formats.short_month(date(2026, number, 1)), value, doubt)
                    for number, (value, doubt) in enumerate(
                        [(12, 4), (15, 5), (14, 3), (21, 4), (26, 5), (24, 3), (31, 6), (29, 4)], 1
                    )
                ]
            ],
            heads=(_("Month"), _("Walks")),
            name="plot-line",
        ),
        plots.bars(
            _("Who came"),
            [
                (_("Residents"), 182),
                (_("Officers"), 41),
                (_("Clergy"), 12),
                (_("Council"), 4),
            ],
            accent=[_("Residents")],
            name="plot-bars",
        ),
        plots.concentration(
            _("A few places hold much of it"),
            [(x / 100, (x / 100) ** 0.35) for x in range(1, 101)],
            heads=(_("Share of all places"), _("Share of incidents")),
            note=_("If incidents were spread evenly, the curve would lie on the dashed line."),
            name="plot-curve",
        ),
    ]
