"""What the walk's leaders read at each corner. Facts only: whoever shows them chooses the words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alongside.methods.routing import network
from alongside.methods.routing.graph import WayKind
from alongside.methods.routing.network import Floats, Ground

STRAIGHT_DEGREES = 35.0
AROUND_DEGREES = 150.0
"""A turn of less than the first is straight on, of more than the second is turning back."""
LOOK_M = 15.0
"""A turn is read from this far before a corner to this far after it, as a person sees it."""
TOO_SHORT_M = 25.0
"""A nameless bit shorter than this, a crossing mostly, is part of what comes after it."""


@dataclass(frozen=True)
class Cue:
    """One line of the cue sheet.

    turn     "start", "left", "right", "straight", "around" or "finish"
    street   the name to look for, "" where the map gives none
    kind     the `WayKind` of the longest piece, in lower case: says what a nameless way is
    metres   how far to walk before the next cue
    at       (lat, lon) of the corner
    after_m  metres walked when the corner is reached, and `minute` the minute of the walk
    home_m   metres from here to the meeting place by the shortest way, should the walk need to end early
    """

    turn: str
    street: str
    kind: str
    metres: float
    at: tuple[float, float]
    after_m: float
    minute: float
    home_m: float


@dataclass
class _Leg:
    street: str
    edges: list[tuple[int, bool]]
    metres: float


def cue_sheet(ground: Ground, walk: list[tuple[int, bool]], home: int, pace_kmh: float) -> list[Cue]:
    """A cue wherever the street's name changes or the way turns, from the start to the finish."""
    graph = ground.graph
    home_m = _way_home(ground, home)
    legs = _legs(ground, walk)
    cues: list[Cue] = []
    done = 0.0
    for number, leg in enumerate(legs):
        first, flip = leg.edges[0]
        node = int(graph.edge_v[first] if flip else graph.edge_u[first])
        turn = "start" if number == 0 else _turn(ground, legs[number - 1], leg)
        longest = max(leg.edges, key=lambda step: float(graph.edge_m[step[0]]))[0]
        cues.append(
            Cue(
                turn=turn,
                street=leg.street,
                kind=WayKind(int(graph.edge_kind[longest])).name.lower(),
                metres=leg.metres,
                at=(float(graph.node_lat[node]), float(graph.node_lon[node])),
                after_m=done,
                minute=done / pace_kmh * 60 / 1000,
                home_m=float(home_m[node]),
            )
        )
        done += leg.metres
    at = (float(graph.node_lat[home]), float(graph.node_lon[home]))
    return [*cues, Cue("finish", "", "", 0.0, at, done, done / pace_kmh * 60 / 1000, 0.0)]


def _way_home(ground: Ground, home: int) -> Floats:
    return network.distances(ground.graph, ground.usable, ground.graph.edge_m.astype(np.float64), home)


def _legs(ground: Ground, walk: list[tuple[int, bool]]) -> list[_Leg]:
    """Runs of one street; a nameless crossing joins what follows, and a turn on one street begins a new run."""
    graph = ground.graph
    legs: list[_Leg] = []
    for step in walk:
        index = int(ground.name[step[0]])
        street = graph.names[index] if index >= 0 else ""
        length = float(graph.edge_m[step[0]])
        new = _Leg(street, [step], length)
        if legs and not legs[-1].street and street and legs[-1].metres < TOO_SHORT_M:
            legs[-1] = _Leg(street, [*legs[-1].edges, step], legs[-1].metres + length)
            new = legs.pop()
        if legs and legs[-1].street == new.street and _turn(ground, legs[-1], new) == "straight":
            legs[-1] = _Leg(street, [*legs[-1].edges, *new.edges], legs[-1].metres + new.metres)
        else:
            legs.append(new)
    return legs


def _turn(ground: Ground, before: _Leg, after: _Leg) -> str:
    """Which way to turn from the end of one leg to the beginning of the next."""
    arriving = _heading(_trace(ground, before.edges)[::-1])
    leaving = _heading(_trace(ground, after.edges))
    angle = (leaving - (arriving + 180) + 180) % 360 - 180
    if abs(angle) <= STRAIGHT_DEGREES:
        return "straight"
    if abs(angle) >= AROUND_DEGREES:
        return "around"
    return "right" if angle > 0 else "left"


def _trace(ground: Ground, steps: list[tuple[int, bool]]) -> Floats:
    """The (k, 2) metres of a leg's shape, in the order walked."""
    graph = ground.graph
    parts = [graph.shape(e)[::-1] if flip else graph.shape(e) for e, flip in steps]
    lat, lon = np.vstack(parts).T
    return ground.plane.xy(lat, lon)


def _heading(trace: Floats) -> float:
    """Degrees from north, from the first point to the one a look ahead."""
    away = np.hypot(*(trace - trace[0]).T)
    ahead = np.flatnonzero(away >= LOOK_M)
    east, north = trace[ahead[0] if len(ahead) else int(away.argmax())] - trace[0]
    return float(np.degrees(np.arctan2(east, north)) % 360)
