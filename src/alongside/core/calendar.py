"""Where quarters begin. Said once: two accounts of a quarter mean the same days."""

from datetime import date, timedelta


def quarter_of(day: date) -> date:
    """The first day of a date's quarter."""
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def next_quarter(day: date) -> date:
    """The first day after a date's quarter."""
    return quarter_of(quarter_of(day) + timedelta(days=92))
