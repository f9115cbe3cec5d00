"""What a run found, in words that a resident can read and in the keys that programs read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry.base import BaseGeometry

from alongside.hotspots import analysis, reading
from alongside.methods.spatial import cells as hexes
from alongside.methods.spatial import focus

COMPASS = [
    gettext_lazy("east"),
    gettext_lazy("north-east"),
    gettext_lazy("north"),
    gettext_lazy("north-west"),
    gettext_lazy("west"),
    gettext_lazy("south-west"),
    gettext_lazy("south"),
    gettext_lazy("south-east"),
]
CURVE_POINTS = 41


def findings(
    found: analysis.Analysis,
    involvement: analysis.Involvement,
    ground: reading.NamedGround,
    *,
    asked: str,
    sensitivity: list[dict[str, Any]],
) -> dict[str, Any]:
    """What goes with a run's areas: how sure, how concentrated, and what to know before reading them."""
    stable = found.stability
    return {
        "single_sites": found.sites,
        "stability": None
        if stable is None
        else {
            "top_share": stable.share,
            "interval": [stable.low, stable.high],
            "by_chance": stable.by_chance,
            "pai": stable.pai,
            "pei": stable.pei,
            "months": stable.months,
        },
        "study_area": {"derived": ground.derived, "source": ground.source},
        "events": involvement.events,
        "outside": found.outside,
        "cells_left_out": found.left_out,
        "cells_without_a_name": found.unnamed,
        "tested": found.tested,
        "banded_by": found.banded_by,
        "average_rate": found.average_rate.value,
        "resolution_because": found.resolution.why,
        "cell_edge_m": round(found.resolution.edge_m),
        "tail": "upper",
        "seed": analysis.SEED,
        "curve": _curve(found),
        "gini": round(found.curve.gini, 4),
        "share_in_top": round(found.curve.share_in_top(analysis.TOP), 4),
        "sensitivity": sensitivity,
        "notes": _notes(found, ground, asked),
    }


def _curve(found: analysis.Analysis) -> list[list[float]]:
    """A few points of the concentration curve, close together where it bends."""
    at = np.linspace(0, 1, CURVE_POINTS) ** 2
    return [[round(float(x), 4), round(found.curve.share_in_top(float(x)), 4)] for x in at]


def _notes(found: analysis.Analysis, ground: reading.NamedGround, asked: str) -> list[str]:
    notes = [found.resolution.why]
    if asked == analysis.BOTH and len(found.tested) == 1:
        names = {analysis.INVESTIGATION: _("investigation"), analysis.ENFORCEMENT: _("enforcement")}
        notes.append(
            _("The data holds one layer only: %(layer)s. It cannot show where both are high.")
            % {"layer": names[found.tested[0]]}
        )
    if ground.derived:
        notes.append(ground.source)
    if found.banded_by == "ground":
        notes.append(
            _(
                "Bands compare incidents by area of ground, since a rate by residents needs dates and a population."
            )
        )
    if found.stability is None:
        notes.append(_("There are too few months to say how stable this is: at least twelve are needed."))
    return notes


def names(
    outlines: Sequence[BaseGeometry], areas: Sequence[focus.FocusArea], ground: reading.NamedGround
) -> list[str]:
    """A name for each: its neighborhood's, with the side of it where there are several."""
    homes = [ground.neighborhood_name(area.neighborhood) for area in areas]
    several = Counter(homes)
    plain = [
        home
        if several[home] == 1
        else f"{home}, {_side(outline, ground.neighborhood_shape(area.neighborhood))}"
        for home, outline, area in zip(homes, outlines, areas, strict=True)
    ]
    return _numbered(plain)


def _side(outline: BaseGeometry, home: BaseGeometry) -> str:
    """Which side of the neighborhood it lies on."""
    here, middle = outline.centroid, home.centroid
    east = (here.x - middle.x) * np.cos(np.radians(middle.y))
    north = here.y - middle.y
    if np.hypot(east, north) < 0.1 * np.sqrt(home.area):
        return _("middle")
    return str(COMPASS[round(np.arctan2(north, east) / (np.pi / 4)) % 8])


def _numbered(names: list[str]) -> list[str]:
    """Two of one name become 1 and 2."""
    several, seen = Counter(names), Counter[str]()
    out = []
    for name in names:
        seen[name] += 1
        out.append(f"{name} {seen[name]}" if several[name] > 1 else name)
    return out


def first_problem(error: ValidationError) -> str:
    """The first thing wrong, as one sentence."""
    return str(next(iter(error.messages)))


def edge_in_words(resolution: int) -> str:
    """A cell's size, as people measure."""
    return _("about %(metres)s m from corner to corner") % {"metres": round(2 * hexes.edge_m(resolution))}
