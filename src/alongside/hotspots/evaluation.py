"""Would it have done well? The method on the agency's own history, beside three simpler lists.

1. The covered years are taken one after another, back from the last covered day. A list is made of one year (the
   origin) and looked at in the next, which it has not seen.
2. Four lists of neighborhoods: those that are high; as many with the most residents; as many with the most incidents;
   and those that were high a year before the origin.
3. Of each, in the year after: its share of the incidents beside its share of the people at risk, and how many of its
   neighborhoods are high then.

The same habits of calling, patrolling and recording wrote all years. So a list that holds says that the pattern is
stable, not that anything was foreseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from alongside.hotspots.analysis import (
    CityShapes,
    Involvement,
    Progress,
    Question,
    Risk,
    in_silence,
    lattice_of,
    risk_of,
    set_apart,
    sites_of,
)

Ints = NDArray[np.int64]

HIGH, RESIDENTS, COUNTS, BEFORE = "high", "most residents", "most incidents", "a year before"
LISTS = (HIGH, RESIDENTS, COUNTS, BEFORE)


@dataclass(frozen=True)
class Held:
    """One list of an origin, looked at in the year after it.

    named      numbers of its neighborhoods
    incidents  its share of that year's incidents, 0 to 1; people: of those at risk
    again      how many of it are high in that year
    """

    name: str
    named: list[int]
    incidents: float
    people: float
    again: int

    @property
    def relative(self) -> float | None:
        """Incidents for the people there, beside the whole; None for an empty list."""
        return self.incidents / self.people if self.people else None


@dataclass(frozen=True)
class Origin:
    """A year of which lists were made, the year after, and how each list held."""

    made_of: Involvement
    seen_in: Involvement
    lists: list[Held]


@dataclass(frozen=True)
class _Year:
    involvement: Involvement
    risk: Risk
    counts: Ints  # (u,) incidents a unit, single sites set apart

    @property
    def high(self) -> list[int]:
        return [each.neighborhood for each in self.risk.named]


def evaluate(
    years: Sequence[Involvement],
    city: CityShapes,
    question: Question,
    *,
    progress: Progress = in_silence,
) -> list[Origin]:
    """The origins there are, the earliest first; none with fewer than two years, residents or names.

    years  one after another, on the same places
    """
    known = _years(years, city, question, progress)
    return [
        Origin(
            made_of.involvement,
            seen_in.involvement,
            _lists(made_of, seen_in, known[number - 1] if number else None),
        )
        for number, (made_of, seen_in) in enumerate(pairwise(known))
    ]


def _years(
    years: Sequence[Involvement], city: CityShapes, question: Question, progress: Progress
) -> list[_Year]:
    """Each year's model, from the first in which every layer is there."""
    whole = [each for each in years if len(each.layers(question.layer)) == _most_layers(years, question)]
    if len(whole) < 2:
        return []
    tested = whole[-1].layers(question.layer)
    lattice, sites = lattice_of(whole[-1], city, tested, question), sites_of(whole[-1], city)
    known: list[_Year] = []
    for done, each in enumerate(whole, start=1):
        kept, _apart = set_apart(lattice, replace(sites, cell=lattice.position, events=each.either))
        units = known[0].risk.units if known else None
        risk = risk_of(each, city, lattice, kept, tested, question, units)
        if risk is None:
            return []
        known.append(_Year(each, risk, risk.units.count(each.either * kept)))
        progress(done, len(whole))
    return known


def _most_layers(years: Sequence[Involvement], question: Question) -> int:
    return max((len(each.layers(question.layer)) for each in years), default=0)


def _lists(made_of: _Year, seen_in: _Year, before: _Year | None) -> list[Held]:
    units, high = made_of.risk.units, made_of.high
    named = np.arange(units.named)

    def most(values: NDArray[np.float64] | Ints) -> list[int]:
        return sorted(named[np.argsort(-values[: units.named], kind="stable")][: len(high)].tolist())

    lists = {HIGH: high, RESIDENTS: most(units.at_risk), COUNTS: most(made_of.counts)}
    if before is not None:
        lists[BEFORE] = before.high
    return [_held(name, chosen, seen_in) for name, chosen in lists.items()]


def _held(name: str, chosen: list[int], seen_in: _Year) -> Held:
    incidents, people = seen_in.counts, seen_in.risk.units.at_risk
    again = set(seen_in.high)
    return Held(
        name,
        chosen,
        float(incidents[chosen].sum() / max(incidents.sum(), 1)),
        float(people[chosen].sum() / people.sum()),
        sum(each in again for each in chosen),
    )
