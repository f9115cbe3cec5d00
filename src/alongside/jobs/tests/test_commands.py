"""The command line shows what waits and what failed, and runs it again."""

import json

import pytest
from click.testing import CliRunner

from alongside.jobs import actions, commands
from alongside.jobs.models import Job, State
from alongside.jobs.worker import drain

pytestmark = pytest.mark.django_db


@pytest.fixture
def dead(declare):
    declare("import", attempts=1)(lambda: 1 / 0)
    job = actions.enqueue("import")
    drain()
    return job


def call(*arguments):
    return CliRunner().invoke(commands.jobs, arguments)


def test_what_failed_is_listed_with_its_last_words(dead):
    answer = call().output
    assert dead.public_id in answer
    assert "ZeroDivisionError" in answer
    [job] = json.loads(call("--json").stdout)["jobs"]
    assert (job["name"], job["state"], job["attempts"]) == ("import", "dead", 1)


def test_nothing_to_list_is_said_too(declare):
    assert "Nothing" in call().output


def test_what_failed_is_run_again_by_its_id_and_nothing_else_is(dead):
    assert "tried again" in call("again", dead.public_id).output
    assert Job.objects.get().state == State.WAITING
    assert isinstance(call("again", "nosuchjob").exception, commands.NoSuchJob)
