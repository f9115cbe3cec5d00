"""Routing: the walk's loop, out of a meeting place and back to it, along the streets where people live.

Offers: plan_loop(), its answer Loop and its refusals; best_corner(), where in an area to meet; WalkGraph, the
streets as arrays, built of Nodes, Edges and Places; Allowed, Prizes and Effort, what a plan may use, what it is after
and how long it looks.
The promise and the formulas: docs/methods/routes.md.
"""

from alongside.methods.routing.corners import Corner, best_corner
from alongside.methods.routing.cues import Cue
from alongside.methods.routing.graph import BadGraph, Edges, Nodes, Places, WalkGraph, WayKind
from alongside.methods.routing.loop import (
    PACE_KMH,
    AreaUnreachable,
    Effort,
    LeftOut,
    Loop,
    NoRoute,
    NoStreets,
    StartTooFar,
    StepFree,
    Street,
    TooShort,
    plan_loop,
)
from alongside.methods.routing.network import PLACE_WEIGHT, SNAP_M, Allowed, Prizes

__all__ = [
    "PACE_KMH",
    "PLACE_WEIGHT",
    "SNAP_M",
    "Allowed",
    "AreaUnreachable",
    "BadGraph",
    "Corner",
    "Cue",
    "Edges",
    "Effort",
    "LeftOut",
    "Loop",
    "NoRoute",
    "NoStreets",
    "Nodes",
    "Places",
    "Prizes",
    "StartTooFar",
    "StepFree",
    "Street",
    "TooShort",
    "WalkGraph",
    "WayKind",
    "best_corner",
    "plan_loop",
]
