"""Which numbers about people may be published, so that nobody can work out a small one.

The words are those of statistical disclosure control:

- **floor**: the smallest number that is shown of people; what lies under it is kept back, and few reads like none;
- **step**: what is shown is rounded down to a whole number of steps;
- **complementary suppression**: what is kept back is never alone, and has room: whoever adds up, and learns the total
  elsewhere, still finds more than one number for each that is kept back;
- **rest**: what is not named, told as one number, which is large as well or nothing;
- **delay**: how long after its days are over a number is told, once.

Two shapes of telling. `coarse` shows rounded counts and no total. `with_rest` shows exact counts and their rest, and so
tells its total; it may be told of the same people once only, since exact numbers can be subtracted.

Whoever attacks is taken to know these rules, and all that was ever published. Counts are whole numbers of people, or of
what they said, from 0 on. A name that could have been counted and was not stands there with 0. Ties go by name, so that
the same counts are always told alike. Errors: ValueError for a floor under 2 or of no whole number of steps, for a
count under 0, and for `coarse` with a step of 1.

Sources. Floor, rounding and complementary (“secondary”) suppression: Hundepool and others, *Statistical Disclosure
Control*, Wiley 2012, chapters 4 and 5; before them Cox, *Journal of the American Statistical Association* 75, 1980.
That a rule which hides as little as it can is undone by whoever knows it: Wong and others, *Minimality attack in
privacy preserving data publishing*, VLDB 2007. Rules 3 and 5, which answer this, are ours: found, and tested, by going
through every small table, and by chance through larger ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

FEWEST_HIDDEN = 2  # one number alone is what is missing in the total
FEWEST_UNNAMED = 3  # of two, the order in which names join the rest would tell which is the smaller


@dataclass(frozen=True)
class Told:
    """`named`: exact counts, the largest first. `rest`: how many were about anything else; 0, or at least the floor."""

    named: dict[str, int]
    rest: int


@dataclass(frozen=True)
class Rule:
    """How small is small for one kind of number, how coarse it is shown, and how late."""

    floor: int
    step: int = 1
    delay: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        if self.floor < 2 or self.step < 1 or self.floor % self.step:
            raise ValueError(f"No floor is {self.floor}, in steps of {self.step}.")

    def enough(self, *people: int | None) -> bool:
        """Rule 1: whether each of these numbers may be spoken of. Not counted is few, and few reads like none."""
        return all((number or 0) >= self.floor for number in people)

    def due(self, over: date) -> date:
        """Rule 6: the day on which numbers are told, whose days are over since the morning of `over`."""
        return over + self.delay

    # -- rounded, without a total -----------------------------------------------------------------
    def coarse(self, counts: Mapping[str, int]) -> dict[str, int | None]:
        """Each count rounded down to the step, or None where it is kept back."""
        if self.step < 2:
            raise ValueError("What is not rounded is told with its rest.")
        order = _by_size(counts)
        hidden = self._small(counts)  # rule 1
        if hidden:
            hidden = max(hidden, FEWEST_HIDDEN)  # rule 2
            while hidden < len(order) and self._room(counts, order, hidden) <= self.step:  # rule 3
                hidden += 1
                while hidden < len(order) and self._alike(counts, order[hidden - 1], order[hidden]):
                    hidden += 1
        kept_back = set(order[:hidden])
        return {name: None if name in kept_back else self._rounded(counts[name]) for name in counts}

    def _alike(self, counts: Mapping[str, int], one: str, other: str) -> bool:
        """Whether both would be shown as the same: of two such, the one kept back is known by the one shown."""
        return self._rounded(counts[one]) == self._rounded(counts[other])

    def _small(self, counts: Mapping[str, int]) -> int:
        return sum(count < self.floor for count in counts.values())

    def _rounded(self, count: int) -> int:
        return count // self.step * self.step

    def _room(self, counts: Mapping[str, int], order: list[str], hidden: int) -> int:
        """How far the total is from the smallest and from the largest that what is shown leaves possible.

        At either end every number would be known: all that is shown at the bottom of its step and nothing kept back,
        or all at the top, and what is kept back as large as the rules let it be.
        """
        shown = [self._rounded(counts[name]) for name in order[hidden:]]
        top = self.step - 1
        under = self.floor - 1
        joined = hidden > self._small(counts) or hidden == FEWEST_HIDDEN
        most_hidden = under * (hidden - 1) + (min(shown) + top if joined else under)
        total = sum(counts.values())
        return min(total - sum(shown), sum(shown) + top * len(shown) + most_hidden - total)

    # -- exact, with a rest -----------------------------------------------------------------------
    def with_rest(self, counts: Mapping[str, int]) -> Told | None:
        """Exact counts from the floor on, and all others as one number; None where all together are too few."""
        by_size, total = _by_size(counts), sum(counts.values())
        if not self.enough(total):
            return None  # rule 1
        order = [name for name in by_size if counts[name] >= self.floor]
        rest = total - sum(counts[name] for name in order)
        while order and 0 < rest < self.floor:  # rule 4
            rest += counts[order.pop(0)]
        if rest and not self._has_room(counts, len(counts) - len(order), rest):  # rule 5
            order, rest = [], total
        named = sorted(order, key=lambda name: (-counts[name], name))
        return Told({name: counts[name] for name in named}, rest)

    def _has_room(self, counts: Mapping[str, int], unnamed: int, rest: int) -> bool:
        """Whether those unnamed could be other numbers: they are several, and not all just under the floor."""
        all_small = unnamed == self._small(counts)
        most = (self.floor - 1) * unnamed
        return unnamed >= FEWEST_UNNAMED and not (all_small and rest > most - 2)


def _by_size(counts: Mapping[str, int]) -> list[str]:
    """Names, the smallest count first."""
    if any(count < 0 for count in counts.values()):
        raise ValueError("A count is never below 0.")
    return sorted(counts, key=lambda name: (counts[name], name))
