"""What the walk's leaders read at each corner. Facts only: whoever shows them chooses the words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from alongside.methods.routing import network
from alongside.methods.routing.graph import WayKind
from alongside.methods.routing.network import AreaStreets, Floats

STRAIGHT_DEGREES = 35.0
AROUND_DEGREES = 150.0
"""A turn of less than the first is straight on, of more than the second is turning back."""
LOOK_M = 15.0
"""A turn is read from this far before a corner to this far after it, as a person sees it."""
TOO_SHORT_M = 25.0
"""A piece of a nameless way shorter than this is part of what comes after it."""
FEW_STEPS_M = 12.0
"""So is a piece of a street with a name that is shorter than this."""
AROUND_A_CIRCLE_M = 60.0
"""And so are all the nameless bits between two streets, up to this: a crossing, or the way around a traffic circle."""


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


@dataclass(frozen=True)
class _Leg:
    """One run of a street. Its first `over` edges lead to it: a crossing, or the way around a traffic circle."""

    street: str
    edges: list[tuple[int, bool]]
    metres: float
    over: int = 0

    def after(self, bits: list[tuple[int, bool]], metres: float) -> _Leg:
        return replace(self, edges=bits + self.edges, metres=metres + self.metres, over=len(bits) + self.over)

    def and_then(self, other: _Leg) -> _Leg:
        return replace(self, edges=self.edges + other.edges, metres=self.metres + other.metres)


def cue_sheet(streets: AreaStreets, walk: list[tuple[int, bool]], home: int, pace_kmh: float) -> list[Cue]:
    """A cue wherever the street's name changes or the way turns, from the start to the finish."""
    graph = streets.graph
    home_m = _way_home(streets, home)
    legs = _legs(streets, walk)
    cues: list[Cue] = []
    done = 0.0
    for number, leg in enumerate(legs):
        first, flip = leg.edges[0]
        node = int(graph.edge_v[first] if flip else graph.edge_u[first])
        turn = "start" if number == 0 else _turn(streets, legs[number - 1], leg)
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


def _way_home(streets: AreaStreets, home: int) -> Floats:
    return network.distances(streets.graph, streets.usable, streets.graph.edge_m.astype(np.float64), home)


def _legs(streets: AreaStreets, walk: list[tuple[int, bool]]) -> list[_Leg]:
    """Runs of one street; a turn on one street begins a new run. Short nameless bits belong to what comes after."""
    legs: list[_Leg] = []
    bits: list[tuple[int, bool]] = []
    for street, steps in _by_street(streets, walk):
        if not street and _length(streets, steps) < AROUND_A_CIRCLE_M:
            bits += steps
            continue
        pieces = _pieces(streets, street, steps)
        pieces[0] = pieces[0].after(bits, _length(streets, bits))
        bits = pieces.pop().edges if pieces[-1].metres < (FEW_STEPS_M if street else TOO_SHORT_M) else []
        for piece in pieces:
            _append(streets, legs, piece)
    if bits and legs:
        legs[-1] = legs[-1].and_then(_Leg("", bits, _length(streets, bits)))
    return legs if legs or not bits else [_Leg("", bits, _length(streets, bits))]


def _by_street(
    streets: AreaStreets, walk: list[tuple[int, bool]]
) -> Iterator[tuple[str, list[tuple[int, bool]]]]:
    def street(step: tuple[int, bool]) -> str:
        index = int(streets.name[step[0]])
        return streets.graph.names[index] if index >= 0 else ""

    for name, steps in groupby(walk, key=street):
        yield name, list(steps)


def _pieces(streets: AreaStreets, street: str, steps: list[tuple[int, bool]]) -> list[_Leg]:
    """One street, cut where it turns; a bit too short to look along joins the piece after it."""
    pieces: list[_Leg] = []
    for step in steps:
        new = _Leg(street, [step], _length(streets, [step]))
        if pieces and pieces[-1].metres < TOO_SHORT_M and not street:
            short = pieces.pop()
            _append(streets, pieces, new.after(short.edges, short.metres))
        else:
            _append(streets, pieces, new)
    return pieces


def _append(streets: AreaStreets, legs: list[_Leg], new: _Leg) -> None:
    """Going straight on along the same street is no news."""
    if legs and legs[-1].street == new.street and _turn(streets, legs[-1], new) == "straight":
        legs[-1] = legs[-1].and_then(new)
    else:
        legs.append(new)


def _length(streets: AreaStreets, steps: list[tuple[int, bool]]) -> float:
    return float(streets.graph.edge_m[[edge for edge, _ in steps]].sum(dtype=np.float64)) if steps else 0.0


def _turn(streets: AreaStreets, before: _Leg, after: _Leg) -> str:
    """Which way to turn from the end of one leg to the beginning of the next."""
    arriving = _heading(_trace(streets, before.edges)[::-1])
    leaving = _heading(_trace(streets, after.edges[after.over :]))
    angle = (leaving - (arriving + 180) + 180) % 360 - 180
    if abs(angle) <= STRAIGHT_DEGREES:
        return "straight"
    if abs(angle) >= AROUND_DEGREES:
        return "around"
    return "right" if angle > 0 else "left"


def _trace(streets: AreaStreets, steps: list[tuple[int, bool]]) -> Floats:
    """The (k, 2) metres of a leg's shape, in the order walked."""
    graph = streets.graph
    parts = [graph.shape(e)[::-1] if flip else graph.shape(e) for e, flip in steps]
    lat, lon = np.vstack(parts).T
    return streets.frame.xy(lat, lon)


def _heading(trace: Floats) -> float:
    """Degrees from north, from the first point to the one a look ahead."""
    away = np.hypot(*(trace - trace[0]).T)
    ahead = np.flatnonzero(away >= LOOK_M)
    east, north = trace[ahead[0] if len(ahead) else int(away.argmax())] - trace[0]
    return float(np.degrees(np.arctan2(east, north)) % 360)
