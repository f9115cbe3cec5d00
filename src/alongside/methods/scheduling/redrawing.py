"""The draws that were not: the same season drawn again with a thousand other seeds.

How probable each order was, one learns by drawing again, each draw by the same rules and with its own past. What a
walk does is measured against these draws later, so they are kept, and their text's SHA-256 is published beforehand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from alongside.methods.scheduling import network
from alongside.methods.scheduling.drawing import draw, seed_of
from alongside.methods.scheduling.network import Arcs
from alongside.methods.scheduling.season import SeasonProblem, Turn
from alongside.methods.scheduling.worth import Tables, tables

DRAWS = 1000
OPEN = (0.1, 0.9)  # chances between these are said to be drawn
FORM = "alongside redraws 1"
NOBODY = "-"
Past = Mapping[str, date | None]
Turns = Mapping[str, int]


class BadRedraws(ValueError):
    """A text is not that of re-draws; the sentence says in which line."""


@dataclass(frozen=True)
class Redraws:
    """Every draw of a season.

    public  the value that the seeds are made from
    band    points within which chance decides
    days    the season's weeks
    homes   area → its home: a neighborhood, or the area itself
    draws   [k][t]: the area walked in week t of draw k; None where nobody walks. Draw 0 is the season
    """

    public: str
    band: float
    days: tuple[date, ...]
    homes: Mapping[str, str]
    draws: tuple[tuple[str | None, ...], ...]

    def chances(self) -> dict[str, list[float]]:
        """Area → the share of draws in which it is walked, for each week."""
        return {area: [count / len(self.draws) for count in row] for area, row in self._counts.items()}

    @cached_property
    def _counts(self) -> dict[str, list[int]]:
        counts = {area: [0] * len(self.days) for area in self.homes}
        for one in self.draws:
            for t, area in enumerate(one):
                if area is not None:
                    counts[area][t] += 1
        return counts

    def is_drawn(self, week: int, area: str) -> bool:
        """Whether chance decided that this area is walked in this week, or is not."""
        least, most = OPEN
        return least <= self._counts[area][week] / len(self.draws) <= most

    def among(self, week: int) -> tuple[str, ...]:
        """The areas that chance could have sent this week's walk to, by their ids."""
        return tuple(sorted(area for area in self.homes if self.is_drawn(week, area)))

    def walked(self) -> dict[str, float]:
        """Home → the share of draws in which it is walked at all in the season."""
        counts = dict.fromkeys(self.homes.values(), 0)
        for one in self.draws:
            for home in {self.homes[area] for area in one if area is not None}:
                counts[home] += 1
        return {home: count / len(self.draws) for home, count in counts.items()}

    def last_walks(self, number: int) -> dict[str, date]:
        """Home → the day of its last walk in one draw: what the draws of the next season go on from."""
        return {
            self.homes[area]: day
            for day, area in zip(self.days, self.draws[number], strict=True)
            if area is not None
        }

    @property
    def sha256(self) -> str:
        """What is published before the first walk."""
        return hashlib.sha256(self.text().encode()).hexdigest()

    def text(self) -> str:
        """Line by line: the form, the public value, the band, a line for each week, area and draw.

            alongside redraws 1
            public: 0123456789abcdef
            band: 0.05
            week 2027-01-02
            area 7kq2w home n4
            draw 0 7kq2w -

        Of a draw, the area of each week in turn, a hyphen where nobody walks. Nothing else, and each line is ended: so
        the same draws always have the same text.
        """
        lines = [FORM, f"public: {self.public}", f"band: {self.band!r}"]
        lines += [f"week {day.isoformat()}" for day in self.days]
        lines += [f"area {area} home {home}" for area, home in self.homes.items()]
        lines += [
            " ".join(["draw", str(number), *(area or NOBODY for area in one)])
            for number, one in enumerate(self.draws)
        ]
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def read(cls, text: str) -> Redraws:
        """The draws back from their text. Raises BadRedraws where it is not exactly what `text` writes."""
        return _read(text)


def redraws(
    season: SeasonProblem,
    public: str,
    *,
    band: float,
    draws: int = DRAWS,
    pasts: Sequence[Past] | None = None,
    turns: Sequence[Turns] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Redraws:
    """Draw a season again and again, by the seeds that `seed_of` makes from the public value; draw 0 is the season.

    pasts     for each draw, home → the day of its last walk, None for none; who is not named keeps its own
    turns     for each draw, division or neighborhood → its walks before the season; who is not named keeps its own
    progress  called with the draws done and all draws; what it raises ends the drawing

    Draws of the same past share the tables of their season. Time grows as draws × areas × weeks².
    """
    for given in (pasts, turns):
        if given is not None and len(given) != draws:
            raise ValueError(f"{draws} draws need as many pasts and turns, not {len(given)}")
    prepared: dict[object, tuple[SeasonProblem, Tables, Arcs]] = {}
    made = []
    for number in range(draws):
        past, turn = pasts[number] if pasts else {}, turns[number] if turns else {}
        key = (frozenset(past.items()), frozenset(turn.items()))
        if key not in prepared:
            here = with_past(season, past, turn)
            table = tables(here)
            prepared[key] = (here, table, network.arcs(table))
        made.append(_areas_of(*prepared[key], seed=seed_of(public, number), band=band))
        if progress:
            progress(number + 1, draws)
    homes = {area.id: area.home for area in season.areas}
    return Redraws(public, band, tuple(week.day for week in season.weeks), homes, tuple(made))


def with_past(season: SeasonProblem, past: Past, turns: Turns) -> SeasonProblem:
    """The season as it would be, had the walks before it been others."""
    return replace(
        season,
        areas=[replace(area, last=past.get(area.home, area.last)) for area in season.areas],
        divisions=_turned(season.divisions, turns),
        neighborhoods=_turned(season.neighborhoods, turns),
    )


def _turned(groups: Mapping[str, Turn], turns: Turns) -> dict[str, Turn]:
    return {name: replace(turn, walks=turns.get(name, turn.walks)) for name, turn in groups.items()}


def _areas_of(
    season: SeasonProblem, table: Tables, every: Arcs, *, seed: str, band: float
) -> tuple[str | None, ...]:
    """The area of each week, as this seed draws it."""
    taken = draw(season, table, every, seed=seed, band=band).taken
    return tuple(season.areas[taken[t]].id if t in taken else None for t in range(len(season.weeks)))


# -- the text, read back ----------------------------------------------------------------------------
def _read(text: str) -> Redraws:
    lines = text.split("\n")
    if len(lines) < 4 or lines[0] != FORM:
        raise BadRedraws(f"line 1 must say “{FORM}”")
    if lines.pop():
        raise BadRedraws(f"line {len(lines) + 1}: the last line has no end, something is missing")
    public, band = _after(lines, 1, "public: "), _number(_after(lines, 2, "band: "))
    days: list[date] = []
    homes: dict[str, str] = {}
    draws: list[tuple[str | None, ...]] = []
    for number, line in enumerate(lines[3:], start=4):
        match line.split(" "):
            case ["week", day]:
                days.append(_day(day, number))
            case ["area", area, "home", home]:
                homes[area] = home
            case ["draw", _k, *areas]:
                draws.append(tuple(None if area == NOBODY else area for area in areas))
            case _:
                raise BadRedraws(f"line {number} is neither a week nor an area nor a draw")
        if draws and not _fits(draws[-1], days, homes):
            raise BadRedraws(f"line {number}: a draw names an area that is not there, or has too few weeks")
    found = Redraws(public, band, tuple(days), homes, tuple(draws))
    if not draws:
        raise BadRedraws("there is no draw")
    for number, (was, should) in enumerate(zip(lines, found.text().split("\n"), strict=False), start=1):
        if was != should:
            raise BadRedraws(f"line {number} should be “{should}”")
    return found


def _after(lines: Sequence[str], number: int, word: str) -> str:
    if not lines[number].startswith(word):
        raise BadRedraws(f"line {number + 1} must begin with “{word}”")
    return lines[number].removeprefix(word)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise BadRedraws("line 3: the band is no number") from error


def _day(text: str, number: int) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadRedraws(f"line {number}: “{text}” is no day") from error


def _fits(one: Sequence[str | None], days: Sequence[date], homes: Mapping[str, str]) -> bool:
    return len(one) == len(days) and all(area is None or area in homes for area in one)
