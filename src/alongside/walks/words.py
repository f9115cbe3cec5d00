"""A route in words: what leaders read at each corner, and what the numbers mean."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from alongside.core.errors import Phrase, phrase
from alongside.core.measures import distance
from alongside.core.tables import number
from alongside.methods import routing

NAMELESS: Mapping[str, str | Promise] = {
    "footway": gettext_lazy("a footway"),
    "sidewalk": gettext_lazy("a sidewalk"),
    "crossing": gettext_lazy("a crossing"),
    "path": gettext_lazy("a path"),
    "pedestrian": gettext_lazy("a pedestrian street"),
    "steps": gettext_lazy("steps"),
    "service": gettext_lazy("a service road"),
    "residential": gettext_lazy("a street without a name"),
}
WHY_LEFT_OUT: Mapping[str, str | Promise] = {
    "time": gettext_lazy("the time does not allow it"),
    "far": gettext_lazy("too far for this time"),
    "unreachable": gettext_lazy("no way leads there"),
    "avoid": gettext_lazy("people should not walk along it"),
    "steps": pgettext_lazy("route", "not step-free"),
    "excluded": gettext_lazy("left out by a person"),
}
WHY_NO_ROUTE: Mapping[type[routing.NoRoute], Promise] = {
    routing.NoStreets: gettext_lazy(
        "No street in this area may be walked on this map: check the area, or what is left out."
    ),
    routing.AreaUnreachable: gettext_lazy(
        "No way that may be walked leads from the meeting place to this area."
    ),
    routing.TooShort: gettext_lazy(
        "The time is too short to reach anyone in this area and come back: start nearer, or give it longer."
    ),
}


@dataclass(frozen=True)
class Line:
    """One line of the cue sheet: at which minute, what to do, how far it goes on, and how far it is back."""

    minute: int
    said: Phrase
    then: str
    back: str
    turn: str

    @property
    def text(self) -> str:
        return str(self.said)


def cue_lines(cues: list[dict[str, Any]], units: str) -> list[Line]:
    """The cue sheet, corner by corner."""
    return [
        Line(round(cue["minute"]), turn(cue), distance(cue["metres"], units), _back(cue, units), cue["turn"])
        for cue in cues
    ]


def _back(cue: dict[str, Any], units: str) -> str:
    return distance(cue["home_m"], units) if cue["turn"] not in {"start", "finish"} else ""


def halfway(cues: list[dict[str, Any]], length_m: float) -> int | None:
    """The corner nearest to half of the way; where a group that is late turns back."""
    inner = [i for i, cue in enumerate(cues) if cue["turn"] not in {"start", "finish"}]
    return min(inner, key=lambda i: abs(cues[i]["after_m"] - length_m / 2), default=None)


def turn(cue: dict[str, Any]) -> Phrase:
    """What to do at a corner."""
    street = cue["street"] or NAMELESS.get(cue["kind"], phrase("the way"))
    return {
        "start": phrase("Start along %(street)s", street=street),
        "left": phrase("Left on %(street)s", street=street),
        "right": phrase("Right on %(street)s", street=street),
        "straight": phrase("Straight on along %(street)s", street=street),
        "around": phrase("Turn back along %(street)s", street=street),
        "finish": phrase("Back at the meeting point"),
    }[cue["turn"]]


def step_free(known: Mapping[str, float], units: str) -> str:
    """What the map knows of steps and kerbs along the way."""
    yes, unknown, no = (known[name] for name in ("yes_m", "unknown_m", "no_m"))
    parts = [_("%(part)s known to be step-free") % {"part": distance(yes, units)}] if yes else []
    parts += [_("%(part)s not known") % {"part": distance(unknown, units)}] if unknown else []
    parts += [_("%(part)s not step-free") % {"part": distance(no, units)}] if no else []
    return ", ".join(parts)


def left_out(items: list[dict[str, Any]], most: int = 12) -> list[dict[str, Any]]:
    """The streets and places not met, those with the most people first, each with its reason in words."""
    return [{**item, "reason": str(WHY_LEFT_OUT.get(item["why"], item["why"]))} for item in items[:most]]


def share(covered: float, total: float) -> str:
    """Covered of total, in percent."""
    return _("%(share)s %%") % {"share": number(100 * covered / total, 0)} if total else "–"


def reached(covered: float, total: float, *, assumed: bool) -> str:
    """How much of the area the loop meets."""
    if not total:
        return _("Nothing is known of who lives here.")
    share = number(100 * covered / total, 0)
    if assumed:
        return _("%(share)s %% of the streets of the area, since residents are not known") % {"share": share}
    return _("%(share)s %% of the residents and community places of the area") % {"share": share}


def best_possible(covered: float, total: float, bound: float | None, *, assumed: bool) -> str:
    """What no loop of this length from here could meet more than: rounded up, so that it stays true."""
    if not bound or not total:
        return _("No bound is known for this one.")
    if bound - covered < SAME * total:
        return _("No loop of this length from here could meet more.")
    most = number(at_most(bound, total), 0)
    if assumed:
        return _("No loop of this length from here could meet more than %(most)s %% of the streets.") % {
            "most": most
        }
    return _("No loop of this length from here could meet more than %(most)s %%.") % {"most": most}


SAME = 1e-6
"""Two sums of the same people, added up in another order, differ by less than this share of all."""


def percent_of(share: float) -> str:
    """A share in whole percent; the same in every language, so that one can tell whether it has changed."""
    return f"{100 * share:.0f}"


def at_most(bound: float, total: float) -> int:
    """A bound as a share of the area in whole percent, rounded up."""
    return min(100, math.ceil(100 * bound / total - SAME))


def corner(streets: Sequence[str], area: Phrase | str) -> Phrase:
    """A corner by the streets that meet there."""
    if len(streets) > 1:
        return phrase("Corner of %(one)s and %(other)s", one=streets[0], other=streets[1])
    if streets:
        return phrase("On %(street)s", street=streets[0])
    return phrase("A corner in %(area)s", area=area)


def places_met(names: list[str]) -> str:
    """The community places on the way."""
    if not names:
        return ""
    return ngettext("One community place: ", "%(n)d community places: ", len(names)) % {
        "n": len(names)
    } + ", ".join(names)


def no_route(problem: routing.NoRoute, units: str) -> str:
    """Why no loop can be walked as asked, and what would help."""
    if isinstance(problem, routing.StartTooFar):
        return _(
            "The nearest street on the map is %(away)s from the meeting place; choose one within %(most)s of a street."
        ) % {"away": distance(problem.away_m, units), "most": distance(routing.SNAP_M, units)}
    return str(WHY_NO_ROUTE[type(problem)])
