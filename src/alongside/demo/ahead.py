"""The season ahead, as Riverbend plans it: proposed by the coordinator, changed once, signed by two."""

from __future__ import annotations

from datetime import timedelta

from alongside.agencies.models import Role
from alongside.core import clock
from alongside.demo.days import LivedSeason
from alongside.places.models import INDOORS
from alongside.season import actions as seasons
from alongside.season import draws
from alongside.season.draws import Named

WEEKS = 12
PROPOSED, CHANGED, SIGNED = timedelta(days=9), timedelta(days=8), timedelta(days=7)
PATIENCE = 3.0
SOURCE, EXAMPLE = "Riverbend Lottery Pick 5, evening draw", "00-00-00-00-00"
VALUE = "4, 11, 19, 27, 33"

CHANGED_WEEK = 12  # the last: so no other week moves
CHANGED_TO = "Highmeadow"
WHY = "Nobody asked and the numbers are low, so no plan comes here by itself. We promised to see every neighborhood."


def plan(season: LivedSeason) -> None:
    """Twelve Saturdays. Those that are published stay as they are; the others become drafts once two have signed."""
    now = clock.now()
    with clock.at(now - PROPOSED):
        first = seasons.propose(
            season.agency,
            start=season.first_saturday,
            weeks=WEEKS,
            named=Named(SOURCE, season.agency.today() + timedelta(days=1), EXAMPLE),
            by=season.by,
            seconds=PATIENCE,
        )
    home, on = season.homes[CHANGED_TO], season.day(CHANGED_WEEK - 1)
    with clock.at(now - CHANGED):
        if first.draw:
            draws.type_value(first.draw, VALUE, by=season.by)
        venue = season.venue(home, on=on, kinds=tuple(INDOORS))
        second = seasons.set_week(
            first, CHANGED_WEEK, area=home, venue=venue, why=WHY, by=season.by, seconds=PATIENCE
        )
    with clock.at(now - SIGNED):
        seasons.approve(second, role=Role.COORDINATOR, by=season.by)
        seasons.approve(second, role=Role.COMMANDER, by=season.user("dent"))
