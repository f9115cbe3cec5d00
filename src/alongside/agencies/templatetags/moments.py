"""Moments as the agency's own clocks and calendars show them, in the reader's language."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.formats import date_format

from alongside.agencies.models import Agency

register = template.Library()


@register.filter
def local_time(moment: datetime | None, agency: Agency) -> str:
    """Day and hour: {{ recap.approved_at|local_time:agency }}."""
    return _shown(moment, agency, "DATETIME_FORMAT")


@register.filter
def local_day(moment: datetime | None, agency: Agency) -> str:
    """The day alone: {{ rules.set_at|local_day:agency }}."""
    return _shown(moment, agency, "DATE_FORMAT")


@register.filter
def local_month_day(moment: datetime | None, agency: Agency) -> str:
    """The day without its year, of a thing that is near."""
    return _shown(moment, agency, "MONTH_DAY_FORMAT")


def _shown(moment: datetime | None, agency: Agency, form: str) -> str:
    return date_format(agency.local(moment), form) if moment else ""
