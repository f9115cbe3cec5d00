"""Days, hours and lengths as `core.formats` and `core.measures` write them. Every template has these filters."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from alongside.core import formats, measures

register = template.Library()

NO_BREAK = "\N{NO-BREAK SPACE}"
LONELY_DOT = re.compile(r"(?:^|\s+)·(?:\s+|$)")


def _filter(name: str, write: Callable[[Any], str]) -> None:
    """Nothing is written of nothing, so that `default` and `if` can follow."""

    def written(value: date | time | None) -> str:
        if not value:
            return ""
        return write(value if isinstance(value, time) else formats.by_the_clock_here(value))

    written.__doc__ = write.__doc__
    register.filter(name, written)


for _name in ("day", "short_day", "month_day", "month", "weekday", "hour", "moment"):
    _filter(_name, getattr(formats, _name))


@register.simple_block_tag
def dotted(content: str) -> str:
    """Facts of one line, with a dot between them: a line may end with one, and never begins with one."""
    parts = [SafeString(part) for part in LONELY_DOT.split(content.strip()) if part]
    return format_html_join(f"{NO_BREAK}· ", "{}", ((part,) for part in parts))


@register.filter
def unbroken(said: Any) -> str:
    """No line ends between an hour and its half of the day: {{ gathering.when|unbroken }}."""
    text = str(said)
    for half in formats.halves_of_the_day() or ():
        text = text.replace(f" {half}", NO_BREAK + half.replace(" ", NO_BREAK))
    return text


register.filter("as_times", formats.times)
register.filter("degrees", measures.degrees)
register.filter("wind", measures.wind)


@register.filter
def distance(metres: float, agency: Any) -> str:
    """In the agency's own units: {{ way.metres|distance:agency }}."""
    return measures.distance(metres, agency.units)


@register.filter
def kilometers(km: float, agency: Any) -> str:
    """The same of a length that is given in kilometers."""
    return measures.distance(1000 * km, agency.units)


@register.filter
def square_kilometers(km2: float, agency: Any) -> str:
    """An area that is given in square kilometers, in the agency's own units."""
    return measures.area(km2, agency.units)
