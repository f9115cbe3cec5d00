"""Which day stands for which, where a day would tell when somebody spoke: rules 2 and 4 of docs/methods/concerns.md."""

from __future__ import annotations

from datetime import date, timedelta

from alongside.core.calendar import next_week, week_of

SUNDAY, A_DAY = 6, timedelta(days=1)


def heard_up_to(today: date, days: int) -> date:
    """Rule 2: the last day on which what stands on the list was said: a Sunday, so that whole weeks join it."""
    if not days:
        return today
    return week_of(week_of(today) - timedelta(days=days - 1)) - A_DAY


def joins_on(heard_on: date, days: int) -> date:
    """Rule 2: the Monday on which a day's week joins the list."""
    if not days:
        return heard_on
    return next_week(end_of_week(heard_on) + timedelta(days=days - 1))


def end_of_week(day: date) -> date:
    return day + timedelta(days=SUNDAY - day.weekday())
