"""Scheduling: which area is walked in which week of a season, exactly, with reasons and prices.

The page that begins with the promise to the resident is docs/methods/season.md.
"""

from alongside.methods.scheduling.drawing import commitment, drawn_order
from alongside.methods.scheduling.planning import Alternative, Plan, Planned, plan
from alongside.methods.scheduling.season import (
    Area,
    Fixed,
    Place,
    PlanWeek,
    Roof,
    SeasonProblem,
    SeasonRefused,
    Turn,
    Weights,
)
from alongside.methods.scheduling.worth import Choice, PlanWorth, claim, worth

__all__ = [
    "Alternative",
    "Area",
    "Choice",
    "Fixed",
    "Place",
    "Plan",
    "PlanWeek",
    "PlanWorth",
    "Planned",
    "Roof",
    "SeasonProblem",
    "SeasonRefused",
    "Turn",
    "Weights",
    "claim",
    "commitment",
    "drawn_order",
    "plan",
    "worth",
]
