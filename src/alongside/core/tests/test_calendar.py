"""Weeks, months and quarters meet: what one ends, the next begins."""

from datetime import date, timedelta

import pytest

from alongside.core import calendar

DAYS = [date(2024, 1, 1) + timedelta(days=number) for number in range(4 * 366)]  # with a February of 29 days
FIRST_AND_NEXT = [
    (calendar.week_of, calendar.next_week, 7, 7),
    (calendar.month_of, calendar.next_month, 28, 31),
    (calendar.quarter_of, calendar.next_quarter, 90, 92),
]


@pytest.mark.parametrize(("first", "after", "shortest", "longest"), FIRST_AND_NEXT)
def test_every_day_lies_in_one(first, after, shortest, longest):
    for day in DAYS:
        begins, ends = first(day), after(day)
        assert begins <= day < ends
        assert first(begins) == begins
        assert first(ends) == ends
        assert first(ends - timedelta(days=1)) == begins
        assert shortest <= (ends - begins).days <= longest


def test_quarters_are_those_of_the_year():
    assert {calendar.quarter_of(day).month for day in DAYS} == {1, 4, 7, 10}
    assert calendar.quarter_of(date(2026, 11, 30)) == date(2026, 10, 1)
    assert calendar.week_of(date(2026, 3, 8)) == date(2026, 3, 2), "a Sunday belongs to the Monday before"
