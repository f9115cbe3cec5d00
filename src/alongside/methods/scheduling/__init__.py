"""Scheduling: which area is walked in which week of a season, exactly, with reasons and prices.

The page that begins with the promise to the resident is docs/methods/season.md.
"""

from alongside.methods.scheduling.drawing import commitment, lot, seed_of
from alongside.methods.scheduling.planning import Alternative, Overdue, Plan, Planned, plan
from alongside.methods.scheduling.redrawing import BadRedraws, Redraws, redraws
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
from alongside.methods.scheduling.waiting import LATE, claim, shares, walks_within
from alongside.methods.scheduling.worth import Choice, PlanWorth, worth

__all__ = [
    "LATE",
    "Alternative",
    "Area",
    "BadRedraws",
    "Choice",
    "Fixed",
    "Overdue",
    "Place",
    "Plan",
    "PlanWeek",
    "PlanWorth",
    "Planned",
    "Redraws",
    "Roof",
    "SeasonProblem",
    "SeasonRefused",
    "Turn",
    "Weights",
    "claim",
    "commitment",
    "lot",
    "plan",
    "redraws",
    "seed_of",
    "shares",
    "walks_within",
    "worth",
]
