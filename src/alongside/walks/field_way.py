"""A walk as a phone takes it along: the map as shapes, each corner with its words and its place on the map, the rules.

Everything is computed here, so that the phone only draws: it needs no tiles, no projection and no signal.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from alongside.core.svgmap import Drawn, Map
from alongside.gatherings import rules
from alongside.gatherings.models import Gathering
from alongside.methods.ground import metres_between
from alongside.walks import queries, words
from alongside.walks.models import Route, Walk


def way_of(gathering: Gathering) -> dict[str, Any] | None:
    """What the phone keeps of a walk, whoever may see it: a pass for the gathering is a pass for its walk."""
    walk = Walk.objects.belonging_to(gathering=gathering).with_dates().with_hosts().first()
    if walk is None:
        return None
    route = walk.route
    return {
        "version": f"{route.version if route else 0}-{gathering.when}",
        "area": str(walk.area_name),
        "turn_back": str(walk.turn_back),
        "map": _map(walk, route),
        "cues": _cues(route),
        "halfway": words.halfway(route.plan["cues"], route.plan["length_m"]) if route else None,
        "doubts": queries.doubts(walk, route) if route else [],
        "notes": _notes(route),
        "rules": [
            {"title": title, "text": str(text)} for _name, title, text in rules.in_force(walk.agency).parts
        ],
    }


def _notes(route: Route | None) -> str:
    """What whoever walked it beforehand wants the leaders to know."""
    if route is None:
        return ""
    if not route.is_checked:
        return _("Nobody has walked it beforehand: mind steps, curbs and crossings.")
    return route.check_notes


def _cues(route: Route | None) -> list[dict[str, Any]]:
    if route is None:
        return []
    cues = route.plan["cues"]
    return [
        {
            "minute": line.minute,
            "text": line.text,
            "then": line.then,
            "back": line.back,
            "turn": line.turn,
            "street": cue["street"] if line.turn != "finish" else "",
        }
        for cue, line in zip(cues, words.cue_lines(cues, route.agency.units), strict=True)
    ]


def _map(walk: Walk, route: Route | None) -> dict[str, Any] | None:
    drawn = queries.route_map(walk.agency, walk, route)
    if drawn is None:
        return None
    return {
        "width": drawn.width,
        "height": drawn.height,
        "metre": drawn.frame.metre,
        "credit": drawn.credit,
        "drawn": [_shape(each) for each in drawn.drawn],
        "labels": [{"x": each.x, "y": each.y, "label": each.label} for each in drawn.labels],
        "line": [drawn.frame.point(*spot[:2]) for spot in route.geometry["coordinates"]] if route else [],
        "corners": _corners(drawn, route) if route else [],
    }


def _shape(each: Drawn) -> dict[str, Any]:
    if each.path:
        return {"kind": each.kind, "path": each.path}
    return {"kind": each.kind, "x": each.x, "y": each.y, "radius": each.radius}


def _corners(drawn: Map, route: Route) -> list[dict[str, Any]]:
    """Where each corner is: on the drawing, in degrees, and at which point of the line one has come to it."""
    walked = _walked(route.geometry["coordinates"])
    corners = []
    for cue in route.plan["cues"]:
        lat, lon = cue["at"]
        x, y = drawn.frame.point(lon, lat)
        at = min(range(len(walked)), key=lambda i: abs(walked[i] - cue["after_m"]))
        corners.append({"x": x, "y": y, "at": at, "lat": lat, "lon": lon, "street": cue["street"]})
    return corners


def _walked(line: list[list[float]]) -> list[float]:
    """Metres walked at each point of a line of (lon, lat)."""
    lon, lat = np.array([spot[:2] for spot in line]).T
    steps = metres_between(lat[:-1], lon[:-1], lat[1:], lon[1:])
    return [0.0, *np.cumsum(steps).tolist()]
