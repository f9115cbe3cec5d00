"""Moments as the agency's own clocks and calendars show them, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django import template

from alongside.agencies.models import Agency
from alongside.core import formats

register = template.Library()


@register.filter
def local_time(moment: datetime | None, agency: Agency) -> str:
    """Day and hour: {{ recap.approved_at|local_time:agency }}."""
    return _shown(moment, agency, formats.moment)


@register.filter
def local_day(moment: datetime | None, agency: Agency) -> str:
    """The day alone: {{ rules.set_at|local_day:agency }}."""
    return _shown(moment, agency, formats.day)


@register.filter
def local_month_day(moment: datetime | None, agency: Agency) -> str:
    """The day without its year, of a thing that is near."""
    return _shown(moment, agency, formats.month_day)


def _shown(moment: datetime | None, agency: Agency, write: Callable[[datetime], str]) -> str:
    return write(agency.local(moment)) if moment else ""
