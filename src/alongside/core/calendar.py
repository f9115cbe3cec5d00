"""Where weeks, months and quarters begin. Said once: two accounts of a quarter mean the same days."""

from datetime import date, timedelta

WEEK = timedelta(weeks=1)


def week_of(day: date) -> date:
    """The Monday of a date's week."""
    return day - timedelta(days=day.weekday())


def month_of(day: date) -> date:
    """The first day of a date's month."""
    return day.replace(day=1)


def quarter_of(day: date) -> date:
    """The first day of a date's quarter."""
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def next_week(day: date) -> date:
    """The Monday after a date's week."""
    return week_of(day) + WEEK


def next_month(day: date) -> date:
    """The first day after a date's month."""
    return month_of(month_of(day) + timedelta(days=31))


def next_quarter(day: date) -> date:
    """The first day after a date's quarter."""
    return quarter_of(quarter_of(day) + timedelta(days=92))
