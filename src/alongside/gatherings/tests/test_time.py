"""A date keeps its wall time, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from alongside.core import clock
from alongside.gatherings import actions, walltime
from alongside.gatherings.models import Status
from alongside.gatherings.tests.cast import a_draft, a_gathering, answer, day

pytestmark = pytest.mark.django_db
SPRING, AUTUMN = day("2027-03-14"), day("2027-11-07")  # the clocks of New York jump, and fall back


@pytest.fixture(autouse=True)
def in_january(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 1, 5, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("on", "utc"),
    [(day("2027-03-13"), 23), (SPRING, 22), (day("2027-11-06"), 22), (AUTUMN, 23)],
)
def test_six_in_the_evening_stays_six_in_the_evening(riverbend, on, utc):
    walk = a_gathering(riverbend, on=on, at=time(18))
    assert walk.starts.astimezone(UTC) == datetime(on.year, on.month, on.day, utc, tzinfo=UTC)
    assert "6 p.m." in walk.when


def test_an_hour_that_the_clocks_skip_is_refused(riverbend):
    with pytest.raises(actions.NoSuchTime, match="skip"):
        a_draft(riverbend, on=SPRING, at=time(2, 30))
    assert a_draft(riverbend, on=SPRING, at=time(3, 0)).starts.utcoffset() == timedelta(hours=-4)


def test_an_hour_that_comes_twice_means_its_first_time(riverbend):
    walk = a_draft(riverbend, on=AUTUMN, at=time(1, 30))
    assert walk.starts.astimezone(UTC) == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)


def test_ninety_minutes_are_ninety_minutes_through_the_jump(riverbend):
    walk = a_draft(riverbend, on=SPRING, at=time(1, 0), minutes=90)
    assert walk.ends.astimezone(UTC) - walk.starts.astimezone(UTC) == timedelta(minutes=90)
    assert walk.ends.time() == time(3, 30)


def test_wall_times_that_exist_are_known(riverbend):
    assert walltime.exists(date(2027, 7, 1), time(2, 30), "America/New_York")
    assert not walltime.exists(SPRING, time(2, 30), "America/New_York")
    assert walltime.exists(SPRING, time(2, 30), "America/Phoenix")


def test_answers_are_taken_until_the_end_or_the_hour_that_was_set(riverbend, monkeypatch):
    walk = a_gathering(riverbend, on=day("2027-01-09"), at=time(18))
    strict = a_gathering(
        riverbend, on=day("2027-01-09"), at=time(18), rsvp_closes=datetime(2027, 1, 8, 17, tzinfo=UTC)
    )
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 1, 8, 18, tzinfo=UTC))
    assert answer(walk)
    with pytest.raises(actions.TooLate):
        answer(strict)
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 1, 10, 1, tzinfo=UTC))
    with pytest.raises(actions.TooLate):
        answer(walk)


def test_a_date_that_has_passed_is_not_published(riverbend):
    draft = a_draft(riverbend, on=day("2027-01-04"))
    with pytest.raises(actions.NotNow, match="passed"):
        actions.publish(draft, by=None)


def test_it_is_held_only_after_it_began(riverbend, ada, monkeypatch):
    walk = a_gathering(riverbend, on=day("2027-01-09"), at=time(18))
    with pytest.raises(actions.NotNow):
        actions.mark_held(walk, came=22, by=ada)
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 1, 10, 1, tzinfo=UTC))
    held = actions.mark_held(walk, came=22, by=ada)
    assert (held.status, held.came) == (Status.HELD, 22)
