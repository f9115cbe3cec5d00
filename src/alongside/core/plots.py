"""Plots drawn on the server, each with its numbers beside it.

Drawn 360 units wide, so that letters are readable on a phone; the style sheet sets their size on wider screens.
A plot says in words what it shows (`description`), and its table holds every number that it draws.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from alongside.core.tables import Head, Table, number

WIDTH = 360
LEFT, RIGHT = 34, 12
NAME_ENDS = 17  # below the top of a row: its name stands above, its bar below
NEAR_AN_EDGE = 60
LONGEST_NAME = 42


@dataclass(frozen=True)
class Mark:
    """One stroke of the drawing: an SVG element's name, its look and its numbers (or words)."""

    tag: str
    look: str
    at: dict[str, str]
    words: str = ""


@dataclass(frozen=True)
class Plot:
    """A drawing, its words and its table. `name` makes its ids and must be its own on the page."""

    title: str
    description: str
    table: Table
    height: float
    marks: Sequence[Mark]
    note: str = ""
    name: str = "plot"
    width: int = WIDTH


@dataclass(frozen=True)
class Interval:
    """A measured value with its doubt: `low` and `high` bound it."""

    label: str
    value: float
    low: float
    high: float
    accent: bool = False


@dataclass(frozen=True)
class Point:
    """A value at one step of a line; its doubt where there is one."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Scale:
    """From numbers to drawing units, along one direction."""

    start: float
    end: float
    begin: float
    finish: float
    ticks: Sequence[float] = field(default=())

    def __call__(self, value: float) -> float:
        share = (value - self.start) / (self.end - self.start)
        return round(self.begin + share * (self.finish - self.begin), 1)


def nice_scale(low: float, high: float, begin: float, finish: float, *, steps: int = 4) -> Scale:
    """A scale whose ticks are round numbers (1, 2 or 5 times a power of ten) and which holds low and high."""
    if high <= low:
        low, high = low - 0.5, high + 0.5
    rough = (high - low) / steps
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = [round(count * step, 10) for count in range(first, last + 1)]
    return Scale(ticks[0], ticks[-1], begin, finish, ticks)


def intervals(
    title: str,
    rows: Sequence[Interval],
    *,
    heads: tuple[str, str] | None = None,
    reference: tuple[float, str] | None = None,
    decimals: int = 1,
    from_zero: bool = True,
    note: str = "",
    name: str = "plot",
) -> Plot:
    """A dot for each value on a bar of its doubt, one row each. `reference` draws a line to compare with: beside the
    bars, never through a name, wherever it lies.
    """
    lows, highs = [row.low for row in rows], [row.high for row in rows]
    extra = [reference[0]] if reference else []
    low = 0.0 if from_zero and min([*lows, *extra], default=0) >= 0 else min([*lows, *extra], default=0)
    scale = nice_scale(low, max([*highs, *extra], default=1), 8, WIDTH - RIGHT)
    row_height, top = 36, 20 if reference else 6
    bottom = top + row_height * len(rows)
    marks = _upright_grid(scale, top, bottom, decimals=_tick_decimals(scale))
    if reference:
        x = scale(reference[0])
        marks += [_line("reference", x, top - 4, x, top), _text(_anchored(x), x, top - 8, reference[1])]
        beside = [top + row_height * index + NAME_ENDS for index in range(len(rows))]
        marks += [_line("reference", x, y, x, y + row_height - NAME_ENDS) for y in beside]
    for index, row in enumerate(rows):
        y = top + row_height * index
        marks += [
            _text("", 8, y + 12, _fitted(row.label)),
            _text("value end", WIDTH - RIGHT, y + 12, number(row.value, decimals)),
            _line("whisker", scale(row.low), y + 23, scale(row.high), y + 23),
            _dot("dot accent" if row.accent else "dot", scale(row.value), y + 23),
        ]
    what, value = heads or (_("Name"), _("Value"))
    table = Table(
        title,
        [
            Head(what),
            Head(value, True, decimals),
            Head(_("At least"), True, decimals),
            Head(_("At most"), True, decimals),
        ],
        [[row.label, row.value, row.low, row.high] for row in rows],
    )
    words = "; ".join(
        _("%(label)s: %(value)s, between %(low)s and %(high)s")
        % {
            "label": row.label,
            "value": number(row.value, decimals),
            "low": number(row.low, decimals),
            "high": number(row.high, decimals),
        }
        for row in rows[:12]
    )
    return Plot(title, words, table, bottom + 20, marks, note, name)


def line(
    title: str,
    points: Sequence[Point],
    *,
    heads: tuple[str, str] | None = None,
    decimals: int = 0,
    from_zero: bool = True,
    note: str = "",
    name: str = "plot",
) -> Plot:
    """A value over steps of time, with a band for its doubt where there is one."""
    bounded = [point for point in points if point.low is not None and point.high is not None]
    numbers = [point.value for point in points] + [
        x for point in bounded for x in (point.low or 0.0, point.high or 0.0)
    ]
    low = 0.0 if from_zero and min(numbers, default=0) >= 0 else min(numbers, default=0)
    top, bottom = 10, 150
    up = nice_scale(low, max(numbers, default=1), bottom, top, steps=3)
    left = LEFT if up.end < 10_000 else LEFT + 16
    along = Scale(0, max(len(points) - 1, 1), left + 4, WIDTH - RIGHT)
    marks = _level_grid(up, left, decimals=_tick_decimals(up))
    if bounded:
        index = {id(point): step for step, point in enumerate(points)}
        there = [(along(index[id(point)]), up(point.high or 0.0)) for point in bounded]
        back = [(along(index[id(point)]), up(point.low or 0.0)) for point in reversed(bounded)]
        marks.append(_path("band-fill", [*there, *back], closed=True))
    marks.append(_path("line", [(along(step), up(point.value)) for step, point in enumerate(points)]))
    marks += [
        _dot("dot", along(step), up(point.value), 3) for step, point in enumerate(points) if len(points) <= 40
    ]
    for step in sorted({0, len(points) // 2, len(points) - 1} if points else set()):
        place = "tick" if step == 0 else "tick end" if step == len(points) - 1 else "tick middle"
        marks.append(_text(place, along(step), bottom + 18, points[step].label))
    what, value = heads or (_("When"), _("Value"))
    columns = [Head(what), Head(value, True, decimals)]
    rows: list[list[Any]] = [[point.label, point.value] for point in points]
    if bounded:
        columns += [Head(_("At least"), True, decimals), Head(_("At most"), True, decimals)]
        rows = [[point.label, point.value, point.low, point.high] for point in points]
    words = _("From %(first)s in %(start)s to %(last)s in %(end)s.") % {
        "first": number(points[0].value, decimals) if points else "",
        "start": points[0].label if points else "",
        "last": number(points[-1].value, decimals) if points else "",
        "end": points[-1].label if points else "",
    }
    return Plot(title, words, Table(title, columns, rows), bottom + 26, marks, note, name)


def bars(
    title: str,
    rows: Sequence[tuple[str, float]],
    *,
    accent: Sequence[str] = (),
    heads: tuple[str, str] | None = None,
    decimals: int = 0,
    note: str = "",
    name: str = "plot",
) -> Plot:
    """A bar for each count, in the caller's order."""
    longest = max((value for _label, value in rows), default=0) or 1
    scale = Scale(0, longest, 8, WIDTH - RIGHT)
    row_height = 36
    marks: list[Mark] = []
    for index, (label, value) in enumerate(rows):
        y = row_height * index
        look = "bar accent" if label in accent else "bar"
        marks += [
            _text("", 8, y + 13, label),
            _text("value end", WIDTH - RIGHT, y + 13, number(value, decimals)),
            _rect(look, 8, y + 19, max(scale(value) - 8, 1 if value else 0), 11),
        ]
    what, value_head = heads or (_("Name"), _("Count"))
    table = Table(title, [Head(what), Head(value_head, True, decimals)], [list(row) for row in rows])
    words = "; ".join(f"{label}: {number(value, decimals)}" for label, value in rows[:12])
    return Plot(title, words, table, row_height * len(rows) + 6, marks, note, name)


SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)


def concentration(
    title: str,
    shares: Sequence[tuple[float, float]],
    *,
    heads: tuple[str, str],
    marked: float = 0.05,
    note: str = "",
    name: str = "plot",
) -> Plot:
    """How much of the whole the busiest part holds. `shares` are (part, held), each 0 to 1 and rising.

    The dashed line is an even spread. `marked` is the part that the words speak of.
    """
    top, bottom = 8, 230
    along, up = Scale(0, 1, LEFT + 8, WIDTH - RIGHT), Scale(0, 1, bottom, top)
    quarters = (0, 0.25, 0.5, 0.75, 1)
    marks = [_line("grid-line", LEFT + 8, up(share), WIDTH - RIGHT, up(share)) for share in quarters]
    marks += [_text("tick end", LEFT + 2, up(share) + 4, _percent(share)) for share in quarters]
    ends: dict[float, str] = {0: "tick", 1: "tick end"}
    marks += [
        _text(ends.get(share, "tick middle"), along(share), bottom + 16, _percent(share))
        for share in (0, 0.5, 1)
    ]
    marks += [
        _line("reference", along(0), up(0), along(1), up(1)),
        _path("line", [(along(x), up(y)) for x, y in [(0.0, 0.0), *thinned(shares)]]),
        _text("tick middle", along(0.5), bottom + 32, heads[0]),
    ]
    held = held_by(shares, marked)
    beside = along(marked) + 10
    marks += [
        _dot("dot accent", along(marked), up(held), 5),
        _text("value", beside, up(held) + 16, _percent(held)),
    ]
    table = Table(
        title,
        [Head(heads[0]), Head(heads[1], True)],
        [[_percent(x), _percent(held_by(shares, x))] for x in SHARES],
    )
    words = _("The busiest %(part)s hold %(held)s.") % {"part": _percent(marked), "held": _percent(held)}
    return Plot(title, words, table, bottom + 40, marks, note, name)


def held_by(shares: Sequence[tuple[float, float]], part: float) -> float:
    """The share held by the busiest `part`, in a straight line between the points given."""
    before = (0.0, 0.0)
    for x, y in shares:
        if x >= part:
            width = x - before[0]
            return y if width <= 0 else before[1] + (y - before[1]) * (part - before[0]) / width
        before = (x, y)
    return before[1]


def thinned(shares: Sequence[tuple[float, float]], keep: int = 120) -> list[tuple[float, float]]:
    """At most `keep` points: more cannot be seen, and 30,000 cells would make a heavy page."""
    if len(shares) <= keep:
        return list(shares)
    return [shares[round(step * (len(shares) - 1) / (keep - 1))] for step in range(keep)]


def _percent(share: float) -> str:
    return _("%(n)s%%") % {"n": number(share * 100, 0 if share * 100 >= 1 or share == 0 else 1)}


def _anchored(x: float) -> str:
    """The look of words at a line that stay inside the drawing, near an edge too."""
    return "tick" if x < NEAR_AN_EDGE else "tick end" if x > WIDTH - NEAR_AN_EDGE else "tick middle"


def _fitted(name: str) -> str:
    """A name that leaves room for the number at the end of its line; the table has it whole."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _tick_decimals(scale: Scale) -> int:
    step = scale.ticks[1] - scale.ticks[0]
    return max(0, -math.floor(math.log10(step) + 1e-9))


def _upright_grid(scale: Scale, top: float, bottom: float, *, decimals: int) -> list[Mark]:
    marks = [_line("grid-line", scale(tick), top, scale(tick), bottom + 2) for tick in scale.ticks]
    for tick in scale.ticks:
        place = "tick" if tick == scale.ticks[0] else "tick end" if tick == scale.ticks[-1] else "tick middle"
        marks.append(_text(place, scale(tick), bottom + 15, number(tick, decimals)))
    return marks


def _level_grid(scale: Scale, left: float, *, decimals: int) -> list[Mark]:
    marks = [_line("grid-line", left, scale(tick), WIDTH - RIGHT, scale(tick)) for tick in scale.ticks]
    marks += [_text("tick end", left - 5, scale(tick) + 4, number(tick, decimals)) for tick in scale.ticks]
    return marks


def _line(look: str, x1: float, y1: float, x2: float, y2: float) -> Mark:
    return Mark("line", look, {"x1": f"{x1:g}", "y1": f"{y1:g}", "x2": f"{x2:g}", "y2": f"{y2:g}"})


def _rect(look: str, x: float, y: float, width: float, height: float) -> Mark:
    at = {"x": f"{x:g}", "y": f"{y:g}", "width": f"{width:g}", "height": f"{height:g}", "rx": "2"}
    return Mark("rect", look, at)


def _dot(look: str, x: float, y: float, radius: float = 5) -> Mark:
    return Mark("circle", look, {"cx": f"{x:g}", "cy": f"{y:g}", "r": f"{radius:g}"})


def _path(look: str, points: Sequence[tuple[float, float]], *, closed: bool = False) -> Mark:
    run = "L".join(f"{x:g} {y:g}" for x, y in points)
    return Mark("path", look, {"d": f"M{run}{'Z' if closed else ''}" if points else ""})


def _text(look: str, x: float, y: float, words: str) -> Mark:
    return Mark("text", look, {"x": f"{x:g}", "y": f"{y:g}"}, words)
