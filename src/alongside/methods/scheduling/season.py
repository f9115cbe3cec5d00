"""What a season is made of: its weeks, the areas that wait, the places with a roof, and what counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import cached_property
from itertools import pairwise

MOST_WEEKS = 53
MOST_AREAS = 400
HALF_LIFE = 8.0  # weeks after which half of what a walk did has faded


class SeasonRefused(ValueError):
    """A season cannot be as described; the sentence says what is wrong."""


class Roof(Enum):
    """Whether a week's walk is indoors."""

    NONE = "none"  # on the area's own streets
    WANTED = "wanted"  # indoors, but a few such weeks may be outdoors (`SeasonProblem.most_outdoors`)
    NEEDED = "needed"  # indoors


@dataclass(frozen=True)
class PlanWeek:
    """One date of the season.

    closed  why nobody walks on it; empty for an open week
    led     the divisions whose commander is free on it; None where nobody keeps calendars
    barred  areas that must not be walked on it, such as one that mourns
    """

    day: date
    roof: Roof = Roof.NONE
    closed: str = ""
    led: frozenset[str] | None = None
    barred: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Area:
    """A place that waits for a walk.

    What is walked is a neighborhood: several areas may lie in one, and then they are one home. They wait together, and
    a walk in one of them answers the petitions of all. An area without a neighborhood is a home by itself.

    need      0 to 1: how much is owed here
    requests  0 to 1: how many residents asked and have had no walk since; of a home, the most that its areas have
    last      the day of the last walk before the season; None where there was never one; of a home, the latest
    """

    id: str
    need: float
    requests: float = 0.0
    last: date | None = None
    division: str = ""
    neighborhood: str = ""

    @property
    def home(self) -> str:
        """What is walked, waits and asks."""
        return self.neighborhood or self.id


@dataclass(frozen=True)
class Place:
    """A place with a roof: the dates on which it is open to us, and for each area how easily its people come, 0 to 1.

    An area that is not named there is too far away: it is never sent to this place, unless a person fixed that.
    """

    id: str
    open_on: frozenset[date]
    reach: Mapping[str, float]


@dataclass(frozen=True)
class Turn:
    """A division's or a neighborhood's part: its share of the people, and its walks before the season."""

    share: float
    walks: int = 0


@dataclass(frozen=True)
class Fixed:
    """A week that was decided by a person: it stays, exactly. Without a place, the best one is found."""

    area: str
    place: str | None = None
    outdoors: bool = False


@dataclass(frozen=True)
class Weights:
    """How heavy each term is. Those of an agency's published criteria, as shares of one, go into the first four."""

    need: float = 0.4
    requests: float = 0.3
    waiting: float = 0.2
    fairness: float = 0.1
    place: float = 0.2
    leader: float = 0.05


@dataclass(frozen=True)
class SeasonProblem:
    """Everything that decides a season's plan.

    weeks          in the order of their dates, no date twice
    spacing        weeks that must lie between two walks of one neighborhood
    half_life      weeks after which half of what a walk did has faded
    most_outdoors  how many weeks that want a roof may go without one
    divisions, neighborhoods  id → its turn; an area whose group is not named takes no part in that fairness
    fixed          index of a week → what was decided for it
    longest_wait   weeks within which every neighborhood is walked again, before anything else; None: not promised
    began          the day since which a neighborhood waits that was never walked; None: the season's first
    """

    weeks: Sequence[PlanWeek]
    areas: Sequence[Area]
    places: Sequence[Place] = ()
    divisions: Mapping[str, Turn] = field(default_factory=dict)
    neighborhoods: Mapping[str, Turn] = field(default_factory=dict)
    fixed: Mapping[int, Fixed] = field(default_factory=dict)
    spacing: int = 6
    half_life: float = HALF_LIFE
    most_outdoors: int = 0
    weights: Weights = Weights()
    longest_wait: int | None = None
    began: date | None = None

    def __post_init__(self) -> None:
        _check(self)

    @cached_property
    def area_index(self) -> dict[str, int]:
        return {area.id: number for number, area in enumerate(self.areas)}

    @cached_property
    def homes(self) -> tuple[str, ...]:
        """Whatever is walked: neighborhoods, and areas without one, in the order of their first area."""
        return tuple(dict.fromkeys(area.home for area in self.areas))

    @cached_property
    def home_index(self) -> dict[str, int]:
        return {home: number for number, home in enumerate(self.homes)}

    @cached_property
    def place_index(self) -> dict[str, int]:
        return {place.id: number for number, place in enumerate(self.places)}

    @cached_property
    def open_weeks(self) -> list[int]:
        """Those on which there may be a walk: not closed, or fixed by a person all the same."""
        return [t for t, week in enumerate(self.weeks) if not week.closed or t in self.fixed]


def _check(season: SeasonProblem) -> None:
    days = [week.day for week in season.weeks]
    if not 1 <= len(days) <= MOST_WEEKS:
        raise SeasonRefused(f"a season has 1 to {MOST_WEEKS} weeks, not {len(days)}")
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise SeasonRefused("the weeks must come in the order of their dates, none twice")
    if not season.areas:
        raise SeasonRefused("there is no area that could be walked")
    if len(season.areas) > MOST_AREAS:
        raise SeasonRefused(f"at most {MOST_AREAS} areas can be planned at once")
    for names in (season.areas, season.places):
        if len({each.id for each in names}) != len(names):
            raise SeasonRefused("an id is there twice")
    alone = {area.id for area in season.areas if not area.neighborhood}
    if alone & {area.neighborhood for area in season.areas}:
        raise SeasonRefused("a neighborhood is called as an area without one")
    if season.spacing < 1 or season.half_life <= 0 or season.most_outdoors < 0:
        raise SeasonRefused("spacing is at least one week, the half-life more than none")
    if season.longest_wait is not None and season.longest_wait < season.spacing:
        raise SeasonRefused("the longest wait is at least the spacing")
    if season.began is not None and season.began > days[0]:
        raise SeasonRefused("waiting began when the season does, or before")
    _check_numbers(season)
    _check_fixed(season)


def _check_numbers(season: SeasonProblem) -> None:
    for area in season.areas:
        if not (0 <= area.need <= 1 and 0 <= area.requests <= 1):
            raise SeasonRefused(f"need and requests of {area.id} lie between 0 and 1")
        if area.last is not None and area.last > season.weeks[0].day:
            raise SeasonRefused(f"the last walk of {area.id} lies after the season has begun")
    if any(not 0 <= share <= 1 for place in season.places for share in place.reach.values()):
        raise SeasonRefused("reach lies between 0 and 1")
    turns = [*season.divisions.values(), *season.neighborhoods.values()]
    if any(not turn.share >= 0 or turn.walks < 0 for turn in turns):
        raise SeasonRefused("shares and walks are not below 0")
    if any(not weight >= 0 for weight in vars(season.weights).values()):
        raise SeasonRefused("no weight is below 0")


def _check_fixed(season: SeasonProblem) -> None:
    areas, places = {area.id for area in season.areas}, {place.id for place in season.places}
    for number, fixed in season.fixed.items():
        if not 0 <= number < len(season.weeks):
            raise SeasonRefused(f"week {number} is fixed and not in the season")
        if fixed.area not in areas or (fixed.place is not None and fixed.place not in places):
            raise SeasonRefused(f"week {number} is fixed to an area or a place that is not there")
