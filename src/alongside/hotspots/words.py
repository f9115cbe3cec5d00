"""What a run found, in words that a resident can read and in the keys that programs read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from shapely.geometry.base import BaseGeometry

from alongside.agencies.models import Agency
from alongside.core import formats, measures
from alongside.core.tables import number
from alongside.hotspots import analysis, evaluation, parts, reading, relative
from alongside.hotspots.models import Run
from alongside.hotspots.relative import NeighborhoodRisk
from alongside.hotspots.templatetags.percent import in_percent
from alongside.methods.ground import Frame
from alongside.methods.spatial import concentration, focus
from alongside.places import queries as places
from alongside.places.models import Area, AreaKind, labels_of

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
LAYERS = {
    analysis.INVESTIGATION: gettext_lazy("investigation"),
    analysis.ENFORCEMENT: gettext_lazy("enforcement"),
}


def findings(
    outcome: analysis.Analysis,
    involvement: analysis.Involvement,
    city: reading.NamedCity,
    *,
    asked: str,
) -> dict[str, Any]:
    """What goes with a run's areas: how sure, how concentrated, and what to know before reading them.

    Facts, not sentences: those are made when somebody reads, in the reader's language.
    """
    return {
        "single_sites": [_site(site, city) for site in outcome.sites],
        "stability": _stability(outcome.stability),
        "study_area": {"derived": city.derived},
        "exposure": list(city.exposure),
        "events": involvement.events,
        "outside": outcome.outside,
        "cells_left_out": outcome.left_out,
        "cells_without_a_name": outcome.unnamed,
        "only_beside": [_quiet(area, city) for area in outcome.only_beside],
        "asked": asked,
        "tested": outcome.tested,
        "other_layer_until": involvement.other_layer_until and involvement.other_layer_until.isoformat(),
        "coverage": dict(involvement.coverage),
        "banded_by": outcome.banded_by,
        "average_rate": outcome.average_rate.value,
        "neighborhoods": [_neighborhood(each, city, outcome.tested) for each in outcome.neighborhoods],
        "high": _high(outcome),
        "mostly_enforcement": _mostly(outcome, city),
        "resolution_limit": _limit(outcome),
        "cell_edge_m": round(outcome.resolution.edge_m),
        "precision_m": round(involvement.precision_m),
        "tail": "upper",
        "seed": analysis.SEED,
        "curve": _curve(outcome),
        "gini": round(outcome.curve.gini, 4),
        "share_in_top": round(outcome.curve.share_in_top(analysis.TOP), 4),
        "sensitivity": outcome.sensitivity,
    }


def _site(site: dict[str, Any], city: reading.NamedCity) -> dict[str, Any]:
    """A single site; with a name only where it is a known public venue."""
    name = city.venue_at(site["cell"])
    return {**site, "name": name} if name else site


def _stability(stable: concentration.Stability | None) -> dict[str, Any] | None:
    if stable is None:
        return None
    return {
        "top_share": stable.share,
        "interval": [stable.low, stable.high],
        "by_chance": stable.by_chance,
        "pai": stable.pai,
        "pei": stable.pei,
        "months": stable.months,
    }


def _quiet(area: focus.FocusArea, city: reading.NamedCity) -> dict[str, Any]:
    return {
        "neighborhood": city.neighborhood_name(area.neighborhood),
        "cells": len(area.cells),
        "events": area.events,
    }


def _neighborhood(
    each: analysis.OfNeighborhood, city: reading.NamedCity, tested: Sequence[str]
) -> dict[str, Any]:
    risk = each.risk
    return {
        "name": city.neighborhood_name(each.neighborhood),
        "events": each.events,
        "population": None if each.residents is None else round(each.residents),
        "rate": each.rate.value,
        "rate_interval": [each.rate.low, each.rate.high] if each.rate.value is not None else None,
        "smoothed_rate": None if each.smoothed is None else round(each.smoothed, 2),
        "layers": {name: _layer(each, name) for name in tested},
        "high": None if risk is None else risk.high,
        "passed_through": risk is not None and risk.passed_through,
        "looks": each.looks,
    }


def _layer(each: analysis.OfNeighborhood, name: str) -> dict[str, Any]:
    layer = each.risk.layers.get(name) if each.risk else None
    if layer is None:
        return {
            "events": each.layer_events[name],
            "relative": None,
            "relative_interval": None,
            "p_above": None,
            "p_high": None,
        }
    return {
        "events": layer.events,
        "relative": _figures(layer.relative),
        "relative_interval": [_figures(layer.low), _figures(layer.high)],
        "p_above": round(layer.p_above, 4),
        "p_high": round(layer.p_high, 4),
    }


def relative_of(risk: NeighborhoodRisk | None) -> dict[str, list[float]]:
    """Layer → the risk against the whole and its interval, as an area's row keeps it."""
    layers = risk.layers if risk else {}
    return {
        name: [_figures(each) for each in (layer.relative, layer.low, layer.high)]
        for name, layer in layers.items()
    }


def _about_doubt(high: dict[str, Any] | None) -> list[str]:
    """How much of the list is expected to be wrong, and what was taken for known."""
    if not high:
        return []
    said = [
        _("Of the neighborhoods that are high, a share of %(share)s is expected to be so by chance.")
        % {"share": in_percent(high["expected_wrong"])}
    ]
    if high["stated_dispersion"]:
        said.append(
            _(
                "How much counts vary from month to month does not show in this data: three times as much as by chance "
                "is taken for it."
            )
        )
    return said


def _mostly(outcome: analysis.Analysis, city: reading.NamedCity) -> dict[str, Any]:
    """Where more of it is enforcement than elsewhere, where that can be asked."""
    found = outcome.mostly
    if found is None:
        return {"can_be_asked": outcome.one_involvement, "found": None}
    return {
        "can_be_asked": True,
        "found": {
            "events": found.events,
            "share": round(found.share, 4),
            "elsewhere": round(found.elsewhere, 4),
            "p": _figures(found.p),
            "neighborhoods": sorted(city.neighborhood_name(number) for number in found.neighborhoods),
            "cells": [f"{cell:x}" for cell in found.cells.tolist()],
        },
    }


def about_enforcement(run: Run) -> str:
    """Whether contact is mostly enforcement somewhere, in words; empty for runs of before."""
    asked = run.findings.get("mostly_enforcement")
    if asked is None or len(run.findings["tested"]) < 2:
        return ""
    if not asked["can_be_asked"]:
        return _(
            "Whether contact is mostly enforcement cannot be asked of this data: its two layers count different "
            "things, so one cannot be divided by the other."
        )
    found = asked["found"]
    if found is None or found["p"] > parts.ALPHA:
        return _("The share of enforcement differs from place to place no more than by chance.")
    where = ", ".join(found["neighborhoods"])
    shares = {"share": in_percent(found["share"]), "elsewhere": in_percent(found["elsewhere"])}
    if not where:
        return (
            _(
                "On one part of the ground %(share)s of all involvement is enforcement, elsewhere %(elsewhere)s."
            )
            % shares
        )
    return _(
        "In and around %(where)s %(share)s of all involvement is enforcement, elsewhere %(elsewhere)s."
    ) % {**shares, "where": where}


def for_everybody(run: Run) -> list[str]:
    """What the public is told of a run beside its list: who was counted, what could not be asked, and no rate."""
    findings = run.findings
    said = [about_enforcement(run)]
    if findings.get("exposure"):
        said.append(places.exposure_in_words(findings["exposure"]))
    if "high" in findings and findings["high"] is None:
        said.append(_("No rate for the number of people could be formed of this data."))
    return [each for each in said if each]


def origin(each: evaluation.Origin, city: reading.NamedCity) -> dict[str, Any]:
    """One origin of an evaluation as it is kept: its days, and how each list held in the year after."""
    return {
        "made_of": _days_of(each.made_of),
        "seen_in": _days_of(each.seen_in),
        "lists": [
            {
                "list": held.name,
                "named": sorted(city.neighborhood_name(number) for number in held.named),
                "incidents": round(held.incidents, 4),
                "people": round(held.people, 4),
                "relative": None if held.relative is None else _figures(held.relative),
                "again": held.again,
            }
            for held in each.lists
        ],
    }


def _days_of(involvement: analysis.Involvement) -> list[str]:
    return [str(involvement.first), str(involvement.last)]


def _figures(value: float) -> float:
    """Four figures: more would pretend."""
    return float(f"{value:.4g}")


def _high(outcome: analysis.Analysis) -> dict[str, Any] | None:
    """When a neighborhood is called high, and what the model needed to know; None where no rate can be formed."""
    if outcome.risk is None:
        return None
    return {
        "threshold": outcome.question.threshold,
        "certainty": outcome.question.certainty,
        "dispersion": {name: round(spread, 3) for name, spread in outcome.risk.dispersion.items()},
        "units": len(outcome.risk.units.at_risk),
        "stated_dispersion": relative.UNDATED_DISPERSION in outcome.risk.dispersion.values(),
        "expected_wrong": _expected_wrong(outcome.risk),
        "looks": outcome.looks,
    }


def _expected_wrong(risk: analysis.Risk) -> float:
    """Of the high neighborhoods, the share that is expected not to be high in some layer: at the most."""
    doubts = [sum(1 - layer.p_high for layer in each.layers.values()) for each in risk.of if each.high]
    return _figures(min(1.0, sum(doubts) / len(doubts))) if doubts else 0.0


def _limit(outcome: analysis.Analysis) -> str:
    """What decided the size of a cell."""
    by_hand = outcome.resolution.why in (analysis.BY_HAND, analysis.BY_HAND_FINER)
    return outcome.resolution.why if by_hand else outcome.resolution.limit


def _curve(outcome: analysis.Analysis) -> list[list[float]]:
    """A few points of the concentration curve, close together where it bends."""
    at = np.linspace(0, 1, CURVE_POINTS) ** 2
    return [[round(float(x), 4), round(outcome.curve.share_in_top(float(x)), 4)] for x in at]


def notes(run: Run) -> list[str]:
    """What to know before reading a run, in the reader's language, the weightiest first."""
    findings = run.findings
    asked_for_both = findings.get("asked") == analysis.BOTH
    lines = []
    if asked_for_both and len(findings["tested"]) == 1:
        lines.append(_one_layer(findings))
    if findings["study_area"]["derived"]:
        lines.append(
            _(
                "No boundaries were given: the study area is taken from where the data lies. "
                "Read edges and totals with care."
            )
        )
    if "high" in findings and findings["high"] is None:
        lines.append(
            _(
                "Residents or named neighborhoods are not known, so no rate can be formed: cells are compared by their "
                "ground, which finds where many people are."
            )
        )
    if run.window_from is None:
        lines.append(_("Counts without dates say nothing of how stable this is."))
    elif findings["stability"] is None:
        lines.append(_("There are too few months to say how stable this is: at least twelve are needed."))
    if findings.get("exposure"):
        lines.append(places.exposure_in_words(findings["exposure"]))
    lines += _about_doubt(findings.get("high"))
    mostly = about_enforcement(run)
    return [
        *about_window(run),
        *([mostly] if mostly else []),
        *lines,
        *_about_cells(findings, run.agency.units),
    ]


def about_window(run: Run) -> list[str]:
    """What the data covers of the days that were asked for, and what was left out."""
    facts = run.findings.get("coverage") or {}
    lines = []
    if facts.get("asked") and facts["cut"]:
        lines.append(
            ngettext(
                "Asked for: %(asked)s. The data covers one day of it, %(covered)s: nothing else was counted.",
                "Asked for: %(asked)s. The data covers %(n)s days of it, %(covered)s: nothing else was counted.",
                facts["days"],
            )
            % {
                "asked": _span(facts["asked"]),
                "covered": _span(facts["covered"]),
                "n": number(facts["days"]),
            }
        )
    if said := left_out(run):
        lines.append(said)
    if run.layer == analysis.BOTH and (layers := facts.get("layers")):
        lines.append(
            _(
                "The two layers cover different days: investigation %(investigation)s, enforcement "
                "%(enforcement)s. Days that both cover were counted."
            )
            % {layer: _span(days) for layer, days in layers.items()}
        )
    return lines


def left_out(run: Run) -> str:
    """The gaps inside a run's window, for anybody to read; nothing where there are none."""
    gaps = (run.findings.get("coverage") or {}).get("gaps")
    if not gaps:
        return ""
    return _("Left out, since the data holds next to nothing of these days: %(gaps)s.") % {
        "gaps": "; ".join(_span(gap) for gap in gaps)
    }


def _span(window: Sequence[str]) -> str:
    """First and last day; a single day as one."""
    first, last = (formats.day(date.fromisoformat(day)) for day in window)
    return first if first == last else f"{first} – {last}"


def _one_layer(findings: dict[str, Any]) -> str:
    here = LAYERS[findings["tested"][0]]
    until = findings.get("other_layer_until")
    if not until:
        return (
            _("The data holds one layer only: %(layer)s. It cannot show where both are high.")
            % {"layer": here}
        )  # fmt: skip
    return _(
        "In these days the data holds one layer only: %(layer)s. The other one ends on %(day)s: "
        "choose days before that to see where both are high."
    ) % {"layer": here, "day": formats.day(date.fromisoformat(until))}


def _about_cells(findings: dict[str, Any], units: str) -> list[str]:
    edge = {
        "edge": measures.distance(findings["cell_edge_m"], units),
        "precision": measures.distance(findings.get("precision_m") or 0, units),
    }
    why = {
        "precision": _(
            "Cells have edges of about %(edge)s: smaller ones would be finer than the places are known "
            "(%(precision)s)."
        ),
        "events": _(
            "Cells have edges of about %(edge)s: in smaller ones, too few incidents would fall to tell a pattern "
            "from chance."
        ),
        "finest": _(
            "Cells have edges of about %(edge)s, the smallest we use: a neighborhood is chosen, not a doorstep."
        ),
        "few": _(
            "Cells have edges of about %(edge)s, the largest we use, and hold so few incidents that little can be "
            "told apart from chance."
        ),
        analysis.BY_HAND: _("Cells have edges of about %(edge)s, chosen by hand."),
        analysis.BY_HAND_FINER: _(
            "Cells have edges of about %(edge)s, chosen by hand: smaller than this many incidents can bear. "
            "Chance shows more."
        ),
    }.get(findings.get("resolution_limit", ""))
    lines = [why % edge] if why else []
    if findings["outside"]:
        lines.append(
            ngettext(
                "%(n)s incident lies on no cell of the study area.",
                "%(n)s incidents lie on no cell of the study area.",
                findings["outside"],
            )
            % {"n": number(findings["outside"])}
        )
    if findings["cells_without_a_name"]:
        lines.append(
            ngettext(
                "%(n)s cell stands out, but lies in no named neighborhood.",
                "%(n)s cells stand out, but lie in no named neighborhood.",
                findings["cells_without_a_name"],
            )
            % {"n": number(findings["cells_without_a_name"])}
        )
    return lines


def names(areas: Sequence[analysis.OutlinedArea], city: reading.NamedCity) -> list[str]:
    """A name for each: its neighborhood's; with the side of it for a part, and where there are several; with the
    division where they lie on the same side. In the install's language, whoever asked: the name is kept.
    """
    homes = [city.neighborhood_name(each.area.neighborhood) for each in areas]
    with translation.override(settings.LANGUAGE_CODE):
        sides = [
            _side(_part_of(each, areas), city.neighborhood_shape(each.area.neighborhood)) for each in areas
        ]
        divisions = [_division(city.division(each.area.division), city.agency) for each in areas]
    named = [
        f"{home}, {side}" if each.part else home for home, side, each in zip(homes, sides, areas, strict=True)
    ]
    # Of whole neighborhoods a side would be a claim that no scan has made: a line of divisions tells them apart.
    by_side = _distinct(
        named, homes, [side if each.risk is None else "" for side, each in zip(sides, areas, strict=True)]
    )
    return _numbered(_distinct(by_side, named, divisions))


def _part_of(each: analysis.OutlinedArea, areas: Sequence[analysis.OutlinedArea]) -> BaseGeometry:
    """The whole part that an area belongs to: a line between divisions may cut it."""
    if each.part is None:
        return each.outline
    return shapely.union_all([other.outline for other in areas if other.part is each.part])


def _distinct(names: list[str], homes: list[str], more: list[str]) -> list[str]:
    """Those of one name get another word, if it tells them apart from each other."""
    several = Counter(names)
    words: dict[str, set[str]] = {}
    for name, word in zip(names, more, strict=True):
        words.setdefault(name, set()).add(word)
    return [
        f"{home}, {word}" if word and several[name] > 1 and (name == home or len(words[name]) > 1) else name
        for name, home, word in zip(names, homes, more, strict=True)
    ]


def _division(division: Area | None, agency: Agency) -> str:
    """A division as it is called; one that is but a number is said to be a division, or what the agency calls it."""
    if division is None or not division.name.isdigit():
        return division.name if division else ""
    word = labels_of(agency)[AreaKind.DIVISION][0]
    return f"{word.lower() if word.istitle() else word} {division.name}"


def _side(outline: BaseGeometry, home: BaseGeometry) -> str:
    """Which side of the neighborhood it lies on."""
    frame = Frame.of(home)
    here = outline.centroid
    east, north = frame.xy(here.y, here.x)[0]
    if np.hypot(east, north) < 0.1 * np.sqrt(frame.flat(home).area):
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
