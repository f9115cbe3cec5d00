"""How all of them stand, as one bar: its parts in the order in which the sentence tells them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import ngettext, pgettext_lazy

from alongside.followthrough.public.listing import KEPT, LATE, NOT_KEPT, OPEN_STILL, PASSED, Counts

WIDE = 1000


@dataclass(frozen=True)
class Part:
    name: str
    count: int
    x: int
    width: int
    words: str


def bar(counts: Counts) -> list[Part]:
    """Those of which there are any."""
    parts, x = [], 0.0
    for name in (KEPT, LATE, OPEN_STILL, NOT_KEPT, PASSED):
        count = counts.of[name]
        width = WIDE * count / counts.all if counts.all else 0.0
        if count:
            parts.append(Part(name, count, round(x), max(1, round(width)), _says(name, count)))
        x += width
    return parts


def finding(counts: Counts) -> str:
    """“42 kept · 3 late · 8 open”: kept, late and open are told also where there is none."""
    told = (KEPT, LATE, OPEN_STILL, NOT_KEPT, PASSED)
    always = {KEPT, LATE, OPEN_STILL}
    said = [_says(name, counts.of[name]) for name in told if counts.of[name] or name in always]
    return " · ".join(said)


def _says(name: str, n: int) -> str:
    said = {
        KEPT: ngettext("%(n)d kept", "%(n)d kept", n),
        LATE: ngettext("%(n)d late", "%(n)d late", n),
        OPEN_STILL: ngettext("%(n)d open", "%(n)d open", n),
        NOT_KEPT: ngettext("%(n)d not done", "%(n)d not done", n),
        PASSED: ngettext("%(n)d passed on", "%(n)d passed on", n),
    }
    return said[name] % {"n": n}


SHEET = {
    LATE: pgettext_lazy("on a sheet", "Late: the day has passed"),
    OPEN_STILL: pgettext_lazy("on a sheet", "Open"),
    KEPT: pgettext_lazy("on a sheet", "Done, the latest first"),
    NOT_KEPT: pgettext_lazy("on a sheet", "Not done, and why"),
    PASSED: pgettext_lazy("on a sheet", "Passed to another body"),
}
