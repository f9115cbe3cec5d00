"""What is due by itself runs once a slot, however many workers ask, also on the days the clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from alongside.jobs import actions, registry
from alongside.jobs.models import Job
from alongside.jobs.schedule import Schedule
from alongside.jobs.worker import drain

LOUISVILLE = ZoneInfo("America/New_York")


def daily(at):
    return Schedule.of(period=timedelta(), day_at=at)


def slots(schedule, start, end, step=timedelta(minutes=10)):
    """Every slot that somebody who asks every ten minutes would see, in order, with its instant."""
    seen = {}
    while start < end:
        instant, name = schedule.latest(start, LOUISVILLE)
        assert instant <= start
        assert seen.setdefault(name, instant) == instant
        start += step
    return seen


def test_every_five_minutes_is_twelve_slots_an_hour():
    schedule = Schedule.of(period=timedelta(minutes=5), day_at=None)
    start = datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert len(slots(schedule, start, start + timedelta(hours=1), timedelta(seconds=20))) == 12


@pytest.mark.parametrize(
    ("at", "day", "expected"),
    [
        ("09:00", (2026, 6, 4), "2026-06-04T13:00:00+00:00"),
        ("02:30", (2026, 3, 8), "2026-03-08T07:30:00+00:00"),  # half past two does not exist that night
        ("01:30", (2026, 11, 1), "2026-11-01T05:30:00+00:00"),  # half past one comes twice; the first counts
    ],
)
def test_a_daily_slot_is_once_a_calendar_day(at, day, expected):
    noon = datetime(*day, 12, tzinfo=LOUISVILLE)
    seen = slots(daily(at), noon - timedelta(days=2), noon + timedelta(days=2))
    assert len(seen) == 5
    assert seen["-".join(f"{part:02}" for part in day)].isoformat() == expected


@pytest.mark.parametrize("times", [{}, {"minutes": 5, "day_at": "03:00"}])
def test_a_schedule_is_one_thing_or_the_other(times):
    with pytest.raises(ValueError, match="either"):
        registry.every(**times)


@pytest.mark.django_db
class TestOnAWorker:
    @pytest.fixture
    def ran(self, declare):
        ran = []

        @declare("sweep")
        @registry.every(minutes=5)
        def sweep():
            ran.append(1)

        return ran

    def test_a_slot_is_run_once_however_often_it_is_asked_for(self, ran):
        now = datetime(2026, 6, 1, 12, 1, tzinfo=UTC)
        for _ in range(3):
            actions.enqueue_due(now)
            drain()
        assert len(ran) == 1
        actions.enqueue_due(now + timedelta(minutes=5))
        drain()
        assert len(ran) == 2

    def test_slots_missed_while_nothing_ran_are_made_up_once(self, ran):
        now = datetime(2026, 6, 1, 12, tzinfo=UTC)
        actions.enqueue_due(now)
        drain()
        actions.enqueue_due(now + timedelta(hours=6))
        drain()
        assert len(ran) == 2

    def test_a_schedule_never_queues_behind_itself(self, ran):
        now = datetime(2026, 6, 1, 12, tzinfo=UTC)
        actions.enqueue_due(now)
        actions.enqueue_due(now + timedelta(minutes=5))
        assert Job.objects.count() == 1
        drain()
        actions.enqueue_due(now + timedelta(minutes=5))
        assert Job.objects.count() == 2
