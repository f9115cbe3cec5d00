"""Staff see what was sent, what waits and what failed, and can try it again; others see none of it."""

import pytest
from django.urls import reverse

from alongside.agencies.models import AuditEntry
from alongside.jobs.actions import GiveUp, enqueue
from alongside.jobs.models import Job
from alongside.jobs.models import State as JobState
from alongside.jobs.worker import drain
from alongside.outreach import actions
from alongside.outreach.models import Mail, State
from alongside.outreach.tests.cast import a_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(riverbend):
    return a_mail(riverbend, subject="See you Thursday", text="Open https://x.example/leave")


@pytest.fixture
def failed_mail(mail):
    actions.mark_failed(mail, "550 No such user here")
    return mail


@pytest.fixture
def dead_job(riverbend, elsewhere, monkeypatch):
    from alongside.jobs import registry

    def fail():
        raise GiveUp("The file is gone.")

    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    registry.job("test.import")(fail)
    enqueue("test.import", agency_id=elsewhere.pk)
    job = enqueue("test.import", agency_id=riverbend.pk)
    drain()
    return job


def page(name, *args):
    return reverse(f"outreach:{name}", args=["riverbend", *args])


def test_ada_sees_the_mail_and_neither_its_words_nor_the_whole_address(client_for, ada, mail):
    answer = client_for(ada).get(page("mail")).content.decode()
    assert "See you Thursday" in answer
    assert "b…@neighbors.example" in answer
    assert "ben@neighbors.example" not in answer
    assert "x.example/leave" not in answer
    assert "Mail (not sent)" in answer


def test_in_the_demo_city_the_words_are_there_to_be_read(client_for, ada, mail, monkeypatch):
    monkeypatch.setattr("alongside.core.demo.is_on", lambda: True)
    answer = client_for(ada).get(page("mail")).content.decode()
    assert "Mail (not sent: demo)" in answer
    assert "https://x.example/leave" in answer


def test_only_some_states_are_shown_when_asked(client_for, ada, mail):
    assert "See you Thursday" in client_for(ada).get(page("mail"), {"state": "waiting"}).content.decode()
    assert "See you Thursday" not in client_for(ada).get(page("mail"), {"state": "sent"}).content.decode()


def test_an_empty_outbox_says_so(client_for, ada):
    assert "No mail yet" in client_for(ada).get(page("mail")).content.decode()


@pytest.mark.parametrize("who", ["officer", "eve"])
def test_others_do_not_see_the_mail_nor_send_it(client_for, failed_mail, who, request):
    client = client_for(request.getfixturevalue(who))
    assert client.get(page("mail")).status_code in {403, 404}
    assert client.post(page("mail-again", failed_mail.public_id)).status_code in {403, 404}
    failed_mail.refresh_from_db()
    assert failed_mail.state == State.FAILED


def test_eve_cannot_reach_our_mail_through_her_own_agency(client_for, failed_mail, eve):
    own = reverse("outreach:mail-again", args=["elsewhere", failed_mail.public_id])
    assert client_for(eve).post(own).status_code == 404


def test_ada_tries_a_failed_mail_again_and_it_is_written_down(client_for, ada, failed_mail):
    client = client_for(ada)
    assert "550 No such user here" in client.get(page("mail")).content.decode()
    assert client.get(page("mail-again", failed_mail.public_id)).status_code == 405
    client.post(page("mail-again", failed_mail.public_id))
    failed_mail.refresh_from_db()
    assert failed_mail.state == State.WAITING
    assert AuditEntry.objects.filter(verb="sent again", actor=ada).exists()
    again = client.post(page("mail-again", failed_mail.public_id), follow=True).content.decode()
    assert "cannot be sent again" in again


def test_the_list_of_mail_asks_the_database_the_same_however_long_it_is(
    client_for, ada, riverbend, django_assert_max_num_queries
):
    for number in range(30):
        a_mail(riverbend, subject=f"News {number}")
    client = client_for(ada)
    client.get(page("mail"))
    with django_assert_max_num_queries(10):
        client.get(page("mail"))


def test_an_administrator_sees_failed_work_and_runs_it_again(client_for, administrator, dead_job):
    client = client_for(administrator)
    listed = client.get(page("work")).content.decode()
    assert listed.count("test.import</a>") == 1, "ours, and not the other agency's"
    assert "The file is gone." in client.get(page("work-detail", dead_job.public_id)).content.decode()
    client.post(page("work-again", dead_job.public_id))
    dead_job.refresh_from_db()
    assert dead_job.state == JobState.WAITING
    assert AuditEntry.objects.filter(verb="ran again", actor=administrator).exists()


def test_done_work_is_not_run_again(client_for, administrator, dead_job):
    Job.objects.filter(pk=dead_job.pk).update(state=JobState.DONE)
    answer = client_for(administrator).post(page("work-again", dead_job.public_id), follow=True)
    assert "done already" in answer.content.decode()
    assert not AuditEntry.objects.filter(verb="ran again").exists()


def test_running_work_shows_how_far_it_is(client_for, administrator, dead_job):
    from alongside.jobs import actions as jobs
    from alongside.jobs.actions import claim

    jobs.run_again(dead_job)
    job = claim(lane="quick", worker="one")
    jobs.report(job, done=30, total=100)
    answer = client_for(administrator).get(page("work-detail", job.public_id)).content.decode()
    assert 'value="30" max="100"' in answer


@pytest.mark.parametrize("who", ["ada", "eve"])
def test_background_work_is_for_our_administrator(client_for, dead_job, who, request):
    client = client_for(request.getfixturevalue(who))
    for address in (page("work"), page("work-detail", dead_job.public_id)):
        assert client.get(address).status_code in {403, 404}
    assert client.post(page("work-again", dead_job.public_id)).status_code in {403, 404}
    dead_job.refresh_from_db()
    assert dead_job.state == JobState.DEAD
    assert not Mail.objects.exists()
