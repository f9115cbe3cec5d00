"""The weeks that Riverbend lives through, and what whoever lives through them needs to know."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import count

import numpy as np

from alongside.agencies import audit
from alongside.agencies.models import Agency, Member, User
from alongside.core import clock
from alongside.core.authored import Words
from alongside.field.models import Pass
from alongside.gatherings.models import Series, Weekday
from alongside.hotspots.models import FocusArea
from alongside.ledger import actions as ledger
from alongside.places import nearby
from alongside.places.models import Area, Venue

ELEVEN = time(11, 0)
MIDNIGHT = timedelta(minutes=5)


@dataclass
class Diary:
    """What happens later, in the order in which it happens: the ledger’s clock never goes back.

    Each night between, the day that is over is signed.
    """

    agency: Agency
    later: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=count)
    signed: date | None = None

    def add(self, at: datetime, act: Callable[[], object]) -> None:
        """One act, at its moment; of several at one moment, in the order in which they were added."""
        heapq.heappush(self.later, (at, next(self.order), act))

    def live_until(self, until: datetime) -> None:
        """All that is due by then. An act may add others."""
        while self.later and self.later[0][0] <= until:
            at, _order, act = heapq.heappop(self.later)
            self._sign_until(at)
            with clock.at(at):
                act()
        self._sign_until(until)

    def _sign_until(self, at: datetime) -> None:
        today = self.agency.local(at).date()
        day = self.signed or today
        while day < today:
            day += timedelta(days=1)
            with clock.at(datetime.combine(day, time(), tzinfo=self.agency.zone) + MIDNIGHT):
                ledger.seal(self.agency)
        self.signed = day


@dataclass
class LivedSeason:
    """The agency, its people and places, and which Saturday is which."""

    agency: Agency
    users: Mapping[str, User]
    series: Series
    homes: dict[str, Area]
    focus: dict[int, FocusArea]
    venues: list[Venue]
    rng: np.random.Generator
    keys: Iterator[int] = field(default_factory=lambda: count(1))
    # The code by which a visitor follows one concern as the resident who told it.
    follow: str = ""
    # When the city is built. Within an act of the diary the clock stands at the moment of that act.
    now: datetime = field(default_factory=clock.now)
    # The latest walk: a scribe's phone opens it until three days after.
    scribe: str = ""
    # The pass by which each week's walk was written down, and photographed.
    passes: dict[int, Pass] = field(default_factory=dict)

    @cached_property
    def diary(self) -> Diary:
        return Diary(self.agency)

    @cached_property
    def today(self) -> date:
        """The day on which the city is built. Kept, since the clock is set to other days here."""
        return self.agency.today()

    @cached_property
    def staff(self) -> dict[str, Member]:
        """Everybody who works here, by name."""
        rows = Member.objects.filter(agency=self.agency).select_related("rank", "user")
        return {member.name: member for member in rows}

    @property
    def by(self) -> User:
        """The coordinator, who does most of it."""
        return self.user("ada")

    def signed(self, words: Words) -> Words:
        """Written by the coordinator, who does that, too."""
        return words.signed(audit.name_of(self.by, self.agency))

    def user(self, first_name: str) -> User:
        return self.users[f"{first_name}@riverbend.example"]

    @property
    def first_saturday(self) -> date:
        soon = self.today + timedelta(days=3)
        return soon + timedelta(days=(Weekday.SATURDAY - soon.weekday()) % 7)

    def day(self, week: int) -> date:
        return self.first_saturday + timedelta(weeks=week)

    def local(self, on: date, at: time = ELEVEN) -> datetime:
        return datetime.combine(on, at, tzinfo=self.agency.zone)

    def before(self, on: date, ahead: timedelta) -> datetime:
        """That long before a day, but never in the future: the city lives today."""
        return min(self.local(on) - ahead, clock.now())

    def is_past(self, on: date, *, days_after: int = 0) -> bool:
        """Whether the day is over, and so many more."""
        return on + timedelta(days=days_after) < self.today

    def venue(self, area: Area | FocusArea, *, on: date, kinds: tuple[str, ...]) -> Venue:
        """The place of these kinds nearest to an area whose owner lets us in."""
        near = [venue for venue in self.venues if venue.kind in kinds and _open(venue, on)]
        return nearby.nearest(near, area.shape)[0].venue


def _open(venue: Venue, on: date) -> bool:
    if venue.permission == "not_needed":
        return True
    return venue.permission == "given" and (venue.permission_until is None or venue.permission_until >= on)
