"""Routing: the walk's loop, out of a meeting place and back to it, along the streets where people live.

Offers: plan_loop(), its answer Loop and its refusals; WalkGraph and WayKind, the streets as arrays.
The promise and the formulas: docs/methods/routes.md.
"""

from alongside.methods.routing.cues import Cue
from alongside.methods.routing.graph import BadGraph, WalkGraph, WayKind
from alongside.methods.routing.loop import (
    PACE_KMH,
    PLACE_WEIGHT,
    AreaUnreachable,
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

__all__ = [
    "PACE_KMH",
    "PLACE_WEIGHT",
    "AreaUnreachable",
    "BadGraph",
    "Cue",
    "LeftOut",
    "Loop",
    "NoRoute",
    "NoStreets",
    "StartTooFar",
    "StepFree",
    "Street",
    "TooShort",
    "WalkGraph",
    "WayKind",
    "plan_loop",
]
