"""A job that fails is tried again, and one that cannot be done is given up where people see it."""

from datetime import timedelta

import pytest
from django.utils import translation

from alongside.core import clock
from alongside.jobs import actions
from alongside.jobs.models import Job, State
from alongside.jobs.registry import SLOW
from alongside.jobs.worker import drain, run

pytestmark = pytest.mark.django_db


def claim(**more):
    return actions.claim(lane="quick", worker="one", **more)


def test_a_failed_job_waits_twice_as_long_each_time_and_then_is_given_up(declare, later):
    tried, given_up = [], []
    declare(
        "knock", attempts=3, backoff=timedelta(seconds=10), when_dead=lambda *, door: given_up.append(door)
    )(lambda *, door: tried.append(door) or 1 / 0)
    job = actions.enqueue("knock", door=5)
    waits = []
    for _ in range(3):
        drain()
        job.refresh_from_db()
        waits.append((job.run_after - clock.now()).total_seconds())
        later(minutes=1)
    assert tried == [5, 5, 5]
    assert 4 <= waits[0] <= 15
    assert 9 <= waits[1] <= 30
    assert job.state == State.DEAD
    assert "ZeroDivisionError" in str(job.error)
    assert given_up == [5]
    drain()
    assert tried == [5, 5, 5]


def test_a_job_that_knows_no_attempt_will_help_is_given_up_at_once(declare):
    def refuse():
        raise actions.GiveUp("The address does not exist.")

    declare("send", attempts=5)(refuse)
    job = actions.enqueue("send")
    drain()
    job.refresh_from_db()
    assert (job.state, job.attempts, str(job.error)) == (State.DEAD, 1, "The address does not exist.")


def test_a_job_may_say_when_to_try_again(declare):
    def busy():
        raise actions.TryLater("Greylisted.", after=timedelta(minutes=7))

    declare("send")(busy)
    job = actions.enqueue("send")
    drain()
    job.refresh_from_db()
    assert job.state == State.WAITING
    assert abs((job.run_after - clock.now()).total_seconds() - 420) < 5


def test_a_room_that_cannot_hear_of_its_dead_job_stops_nobody(declare):
    declare("knock", attempts=1, when_dead=lambda: 1 / 0)(lambda: 1 / 0)
    job = actions.enqueue("knock")
    drain()
    job.refresh_from_db()
    assert job.state == State.DEAD


def test_a_dead_job_is_run_again_when_somebody_asks_and_a_done_one_is_not(declare):
    broken = [True]

    def knock():
        if broken:
            raise actions.GiveUp("no")

    declare("knock")(knock)
    dead = actions.enqueue("knock")
    drain()
    broken.clear()
    actions.run_again(dead)
    drain()
    dead.refresh_from_db()
    assert dead.state == State.DONE
    with pytest.raises(actions.NotDead):
        actions.run_again(dead)


def test_only_one_worker_holds_a_job_until_it_stops_saying_it_is_alive(declare, later):
    declare("long")(lambda: None)
    actions.enqueue("long")
    first = claim()
    assert claim() is None
    later(seconds=20)
    actions.renew(first)
    later(seconds=20)
    assert claim() is None, "forty seconds on, but it said twenty seconds ago that it is alive"
    later(seconds=11)
    second = claim()
    assert second.pk == first.pk
    assert second.attempts == 2


def test_a_worker_that_lost_its_job_has_no_more_say_in_it(declare, later):
    declare("long")(lambda: None)
    actions.enqueue("long")
    first = claim()
    later(seconds=31)
    second = claim()
    for too_late in (actions.renew, actions.finish, actions.release, lambda job: actions.report(job, done=1)):
        with pytest.raises(actions.LeaseLost):
            too_late(first)
    actions.finish(second)
    assert Job.objects.get().state == State.DONE


def test_the_effect_of_an_atomic_job_goes_with_its_lease(declare, later):
    """Two workers ran it, one had lost it: its row is rolled back, the other's stays."""

    def write(*, job):
        Job.objects.create(name=f"effect of {job.lease}")

    declare("write", atomic=True)(write)
    actions.enqueue("write")
    first = claim()
    later(seconds=31)
    second = claim()
    run(first)
    assert not Job.objects.filter(name__startswith="effect").exists()
    run(second)
    assert Job.objects.filter(name__startswith="effect").count() == 1


def test_a_job_whose_worker_dies_every_time_is_given_up(declare, later):
    calls = []
    declare("fatal", attempts=2, when_dead=lambda: calls.append("dead"))(lambda: None)
    job = actions.enqueue("fatal")
    for _ in range(2):
        assert claim() is not None
        later(seconds=31)
    assert claim() is None
    job.refresh_from_db()
    assert job.state == State.DEAD
    assert calls == ["dead"]


def test_a_job_handed_back_is_not_an_attempt(declare):
    declare("long", attempts=1)(lambda: None)
    actions.enqueue("long")
    actions.release(claim())
    assert claim().attempts == 1


def test_quick_jobs_never_wait_behind_slow_ones(declare):
    declare("import", lane=SLOW)(lambda: None)
    declare("mail")(lambda: None)
    actions.enqueue("import")
    actions.enqueue("mail")
    assert claim().name == "mail"
    assert claim() is None
    assert actions.claim(lane="slow", worker="one").name == "import"


def test_pages_see_how_far_a_job_is(declare):
    seen = []

    def count(*, job):
        actions.report(job, done=30, total=100)
        seen.append(Job.objects.get().percent)
        actions.report(job, done=31, total=100)  # half a second has not passed: not worth a write
        seen.append(Job.objects.get().percent)
        actions.report(job, done=100, total=100)
        seen.append(Job.objects.get().percent)

    declare("count")(count)
    job = actions.enqueue("count")
    assert job.percent is None
    drain()
    assert seen == [30, 30, 100]


def test_one_job_does_not_colour_the_language_of_the_next(declare):
    spoken = []
    declare("spanish")(lambda: translation.activate("es"))
    declare("plain")(lambda: spoken.append(translation.get_language()))
    actions.enqueue("spanish")
    actions.enqueue("plain")
    drain()
    assert spoken == ["en"]


def test_a_job_that_an_upgrade_removed_waits_and_is_not_lost(declare):
    declare("mail")(lambda: None)
    Job.objects.create(name="gone")
    assert drain() == []
    assert Job.objects.get().kind is None


def test_done_jobs_are_forgotten_and_waiting_ones_never(declare, later):
    from alongside.jobs import jobs

    declare("greet")(lambda: None)
    actions.enqueue("greet")
    drain()
    actions.enqueue("greet", run_after=clock.now() + timedelta(days=400))
    jobs.forget()
    assert Job.objects.count() == 2
    later(days=15)
    jobs.forget()
    assert [job.state for job in Job.objects.all()] == [State.WAITING]
