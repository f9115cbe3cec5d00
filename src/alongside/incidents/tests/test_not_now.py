"""An import that could not be read just now waits with its files; one that is over leaves none behind."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from alongside.agencies.models import Agency, User
from alongside.core import clock, data
from alongside.incidents import actions, lake
from alongside.incidents.jobs import give_up
from alongside.incidents.models import Import, State
from alongside.incidents.tests.reading_help import HEADING, row
from alongside.jobs import worker
from alongside.jobs.models import Job
from alongside.jobs.models import State as JobState
from alongside.outside import apart, readers

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]

FORTY = (HEADING + "".join(row(f"R-{at}") for at in range(40))).encode()


@pytest.fixture
def draft(riverbend: Agency, ada: User) -> Import:
    return actions.upload(riverbend, [SimpleUploadedFile("calls.csv", FORTY)], by=ada)


@contextmanager
def ended_by_the_machine() -> Iterator[None]:
    """Each reading is ended as a machine does that has no memory left."""

    def run(*_args: object, **_how: object) -> None:
        raise apart.EndedByOthers("its process ended with -9")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apart, "run", run)
        yield


@contextmanager
def all_busy() -> Iterator[None]:
    turns = readers._Turns()
    for line, most in ((turns.reading, readers.AT_ONCE), (turns.waiting, readers.WAITING)):
        for _place in range(most):
            line.acquire(blocking=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readers, "_turns", turns)
        yield


@pytest.mark.parametrize(
    ("moment", "said"), [(all_busy, "being read just now"), (ended_by_the_machine, "Nothing is wrong with")]
)
def test_a_large_file_need_not_be_sent_twice(
    moment: Callable[[], AbstractContextManager[None]],
    said: str,
    riverbend: Agency,
    ada: User,
    client_for: ClientFor,
) -> None:
    client = client_for(ada)
    with moment():
        sent = client.post(
            reverse("incidents:upload", args=["riverbend"]),
            {"uploaded": SimpleUploadedFile("calls.csv", FORTY)},
        )
        waits = client.get(sent.url)
        assert waits.status_code == 503
        assert "Your files are here" in waits.text
        assert said in waits.text
        assert "calls.csv" in waits.text
    assert '<option value="Date Occurred" selected>' in client.get(sent.url).text


def test_columns_are_looked_into_once(
    draft: Import, ada: User, client_for: ClientFor, riverbend: Agency
) -> None:
    """And so what a person chose is not lost while other files are read."""
    with all_busy():
        page = client_for(ada).post(
            reverse("incidents:columns", args=["riverbend", draft.public_id]),
            {"occurred": "Date Occurred", "latitude": "Latitude", "longitude": "Longitude", "category": ""},
        )
    assert page.status_code == 422
    assert "being read just now" in page.text
    assert page.context["form"]["occurred"].value() == "Date Occurred"
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def its_turn_comes() -> Job:
    Job.objects.filter(state=JobState.WAITING).update(run_after=clock.now())
    worker.drain()
    return Job.objects.get(name="incidents.import")


def test_a_reading_that_the_machine_ended_is_begun_again(draft: Import, ada: User) -> None:
    actions.start(draft, by=ada, given=None)
    with ended_by_the_machine():
        job = its_turn_comes()
    draft.refresh_from_db()
    assert (job.state, draft.state) == (JobState.WAITING, State.WAITING)
    assert "Nothing is wrong with what was sent." in str(job.error)
    assert its_turn_comes().state == JobState.DONE
    draft.refresh_from_db()
    assert draft.report["kept"] == 40
    assert not actions._upload_folder(draft).exists()


def test_waiting_for_another_import_is_no_attempt(draft: Import, ada: User, riverbend: Agency) -> None:
    actions.start(draft, by=ada, given=None)
    with actions._alone(riverbend):
        for _time in range(9):
            job = its_turn_comes()
            assert (job.state, job.attempts) == (JobState.WAITING, 0)
    assert its_turn_comes().state == JobState.DONE
    assert lake.Lake(riverbend).total == 40


def test_one_that_was_killed_waits_for_its_worker_while_others_are_read(
    draft: Import, ada: User, riverbend: Agency
) -> None:
    by_command = Import.objects.create(agency=riverbend, state=State.RUNNING, names=["other.csv"])
    Import.objects.filter(pk=draft.pk).update(state=State.RUNNING)
    other = actions.upload(riverbend, [SimpleUploadedFile("more.csv", FORTY)], by=ada)
    actions.start(other, by=ada, given=None)
    its_turn_comes()
    draft.refresh_from_db()
    by_command.refresh_from_db()
    assert draft.state == State.WAITING
    assert (by_command.state, str(by_command.error)) == (
        State.FAILED,
        "It was interrupted. Import the files again.",
    )


def test_no_upload_stays_of_an_import_that_is_over(draft: Import, ada: User) -> None:
    """Names and addresses lie in it: also where a worker was killed between its work and its word."""
    actions.start(draft, by=ada, given=None)
    Import.objects.filter(pk=draft.pk).update(state=State.DONE)
    its_turn_comes()
    assert not actions._upload_folder(draft).exists()


def test_nor_of_one_that_was_given_up(draft: Import) -> None:
    give_up(import_id=draft.pk)
    draft.refresh_from_db()
    assert draft.state == State.FAILED
    assert not actions._upload_folder(draft).exists()


def test_nor_of_one_that_nobody_knows_of(draft: Import) -> None:
    uploads = data.folder("uploads", "incidents")
    old, new = uploads / "nobodys", uploads / "arriving"
    for folder in (old, new):
        folder.mkdir()
    long_ago = time.time() - timedelta(hours=30).total_seconds()
    for folder in (old, actions._upload_folder(draft)):
        os.utime(folder, (long_ago, long_ago))
    actions.forget_old_drafts()
    assert {folder.name for folder in uploads.iterdir()} == {"arriving", draft.public_id}
