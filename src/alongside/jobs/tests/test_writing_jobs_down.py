"""A job exists exactly when the work that asked for it does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from alongside.core import clock
from alongside.jobs import actions, registry
from alongside.jobs.models import Job, State
from alongside.jobs.worker import drain

pytestmark = pytest.mark.django_db


@pytest.fixture
def greeted(declare):
    greeted = []
    declare("greet")(lambda *, who: greeted.append(who))
    return greeted


def test_a_job_that_was_asked_for_is_run_once(greeted):
    actions.enqueue("greet", who="Ben")
    drain()
    drain()
    assert greeted == ["Ben"]


def test_a_job_asked_for_in_work_that_failed_is_never_run(greeted):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.enqueue("greet", who="Ben")
        raise ZeroDivisionError
    drain()
    assert greeted == []
    assert not Job.objects.exists()


def test_the_same_key_is_the_same_job_and_another_key_another(greeted):
    first = actions.enqueue("greet", key="rsvp-1", who="Ben")
    again = actions.enqueue("greet", key="rsvp-1", who="Ben")
    actions.enqueue("greet", key="rsvp-2", who="Cleo")
    assert first.pk == again.pk
    drain()
    assert actions.enqueue("greet", key="rsvp-1", who="Ben").state == State.DONE
    drain()
    assert greeted == ["Ben", "Cleo"]


def test_asking_twice_does_not_break_the_transaction_it_is_asked_in(greeted):
    with transaction.atomic():
        actions.enqueue("greet", key="k", who="Ben")
        actions.enqueue("greet", key="k", who="Ben")
        assert Job.objects.count() == 1


def test_a_job_for_later_waits_for_its_time(greeted, later):
    actions.enqueue("greet", run_after=clock.now() + timedelta(hours=1), who="Ben")
    drain()
    assert greeted == []
    later(hours=1)
    drain()
    assert greeted == ["Ben"]


def test_a_mistyped_name_is_refused_where_it_is_written(greeted):
    with pytest.raises(registry.NoSuchJob, match="gret"):
        actions.enqueue("gret", who="Ben")


@pytest.mark.parametrize("args", [{}, {"who": "Ben", "loud": True}, {"who": object()}, {"who": float("nan")}])
def test_arguments_a_job_does_not_take_are_refused_where_they_are_written(greeted, args):
    with pytest.raises(registry.BadArguments, match="greet"):
        actions.enqueue("greet", **args)
    assert not Job.objects.exists()


def test_two_rooms_cannot_declare_one_name(declare):
    declare("forget")(lambda: None)
    from alongside.jobs import jobs

    with pytest.raises(ValueError, match="forget"):
        declare("forget")(jobs.forget)


def test_the_database_refuses_a_job_that_is_held_by_nobody(greeted):
    job = actions.enqueue("greet", who="Ben")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(state=State.RUNNING)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(state=State.DONE)
