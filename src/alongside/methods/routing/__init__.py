"""Routing: the walk's loop, out of a meeting place and back to it, along the streets where people live.

Offers: WalkGraph (the streets, as arrays), WayKind.
The promise and the formulas: docs/methods/routes.md.
"""

from alongside.methods.routing.graph import WalkGraph, WayKind

__all__ = ["WalkGraph", "WayKind"]
