"""Mail leaves exactly when the news it carries is true, also when the mail server has a bad day."""

import smtplib
import socket

import pytest
from django.core.mail import send_mail
from django.db import transaction

from alongside.core.readers import NobodyReads
from alongside.jobs.models import Job
from alongside.jobs.worker import drain
from alongside.outreach import actions, jobs
from alongside.outreach.models import Mail, State
from alongside.outreach.tests.cast import BEN, a_mail
from alongside.outside import errors, smtp
from alongside.outside.servers import Server

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(riverbend):
    def write(to=BEN, **words):
        return a_mail(riverbend, to, **words)

    return write


@pytest.fixture
def hurry(later):
    """Let retries become due, again and again."""

    def hurry(times=12):
        for _ in range(times):
            drain()
            later(hours=2)

    return hurry


def state(mail):
    mail.refresh_from_db()
    return mail.state


def test_ben_gets_his_mail_as_it_was_written(post_office, write, riverbend):
    riverbend.contact_email = "walks@riverbend.gov"
    riverbend.save()
    link = "https://walks.example/riverbend/leave/abc/"
    mail = write(
        subject="Peace Walk: ¡nos vemos!", text="Nos vemos a las seis, ñandú.\n", unsubscribe_url=link
    )
    drain()
    assert state(mail) == State.SENT
    [(sender, recipients, message)] = post_office.taken
    assert sender == "walks@riverbend.example"
    assert recipients == [BEN]
    assert message["From"] == "Riverbend Police <walks@riverbend.example>"
    assert message["Reply-To"] == "walks@riverbend.gov"
    assert message["Message-ID"] == mail.message_id
    assert message["List-Unsubscribe"] == f"<{link}>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_payload(decode=True).decode() == "Nos vemos a las seis, ñandú.\r\n"


def test_mail_about_work_that_failed_never_leaves(post_office, write):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write()
        raise ZeroDivisionError
    drain()
    assert post_office.taken == []


def test_the_same_news_is_told_once(post_office, write):
    assert write(once="rsvp-5-confirmed").pk == write(once="rsvp-5-confirmed").pk
    drain()
    write(once="rsvp-5-confirmed")
    drain()
    assert len(post_office.taken) == 1


def test_a_letter_says_in_which_language_it_is(post_office, riverbend):
    mail = a_mail(riverbend, subject="Nos vemos", text="A las seis.", language="es")
    assert mail.language == "es"
    drain()
    [(_sender, _recipients, message)] = post_office.taken
    assert message["Content-Language"] == "es"


def test_a_letter_that_nobody_reads_is_a_slip(riverbend):
    """Every letter of every room passes here: whoever forgets its reader is told by the first test that sends it."""
    with pytest.raises(NobodyReads):
        a_mail(riverbend, language="")


def test_two_agencies_may_use_the_same_key(post_office, write, elsewhere):
    write(once="welcome")
    a_mail(elsewhere, once="welcome")
    drain()
    assert len(post_office.taken) == 2


@pytest.mark.parametrize("where", ["RCPT", "DATA"])
def test_not_now_is_tried_again_later(post_office, write, hurry, where):
    post_office.answers[where] = ["451 Greylisted, come back", "421 Busy"]
    mail = write()
    drain()
    assert state(mail) == State.WAITING
    assert "451 Greylisted" in str(mail.error)
    assert post_office.taken == []
    hurry(3)
    assert state(mail) == State.SENT
    assert len(post_office.taken) == 1


@pytest.mark.parametrize("where", ["RCPT", "DATA"])
def test_never_is_not_tried_again_and_is_shown(post_office, write, hurry, where):
    post_office.answers[where] = ["550 No such user here"]
    mail = write()
    hurry(3)
    assert state(mail) == State.FAILED
    assert "550 No such user" in str(mail.error)
    assert post_office.taken == []


def test_a_server_that_hangs_up_in_the_middle_is_tried_again(post_office, write, hurry):
    post_office.hang_up_in_data = 1
    mail = write()
    drain()
    assert state(mail) == State.WAITING
    hurry(2)
    assert state(mail) == State.SENT
    assert len(post_office.taken) == 1


def test_a_second_copy_can_be_told_from_a_second_mail(post_office, write, hurry):
    """The server took it and was gone before it said so: nobody can know, so it is sent again, under its own id."""
    post_office.accept_and_hang_up = 1
    mail = write()
    hurry(2)
    assert state(mail) == State.SENT
    first, second = [message for _from, _to, message in post_office.taken]
    assert first["Message-ID"] == second["Message-ID"] == mail.message_id
    assert first.as_bytes() == second.as_bytes()


def test_a_server_that_is_away_for_the_night_ends_in_a_failure_people_see(settings, write, hurry):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{nobody.getsockname()[1]}"
        settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"smtp_url": url})
        mail = write()
        drain()
        assert state(mail) == State.WAITING
        hurry(12)
    assert state(mail) == State.FAILED
    assert "did not answer" in str(mail.error)
    assert Job.objects.dead().count() == 1


def test_goodbye_gone_wrong_does_not_send_twice(post_office, write, monkeypatch, hurry):
    def rude(self):
        raise smtplib.SMTPServerDisconnected("bye")

    monkeypatch.setattr(smtplib.SMTP, "quit", rude)
    mail = write()
    hurry(2)
    assert state(mail) == State.SENT
    assert len(post_office.taken) == 1


def test_a_password_is_not_sent_in_the_open(monkeypatch):
    class Plain:
        def ehlo_or_helo_if_needed(self): ...
        def has_extn(self, name):
            return False

        def login(self, *_):
            raise AssertionError("the password left")

    far = Server("mail.example", 587, "ben", "secret", tls_from_the_start=False)
    with pytest.raises(errors.Away, match="password"):
        smtp._greet(Plain(), far)


@pytest.mark.parametrize(
    "to",
    ["", "ben", "ben@x\nBcc: all@x.example", "ben@neighbors.example\r\n", "a@b.example, c@d.example", "🙂@x"],
)
def test_what_is_no_address_is_refused(write, to):
    with pytest.raises(actions.BadAddress):
        write(to=to)
    assert not Mail.objects.exists()


@pytest.mark.parametrize("subject", ["", "  ", "Walk\nBcc: eve@x.example", "Walk\r\n\r\nNew body", "a\0b"])
def test_a_subject_smuggles_nothing_in(write, subject):
    with pytest.raises(actions.BadMail):
        write(subject=subject)
    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "https://x.example/\r\nBcc: eve@x.example", "mailto:a@b.c>"]
)
def test_a_link_to_leave_is_a_web_address(write, link):
    with pytest.raises(actions.BadMail):
        write(unsubscribe_url=link)


def test_a_link_on_this_machine_is_fine_for_trying_things_out(write):
    assert write(unsubscribe_url="http://localhost:8000/riverbend/leave/abc/").unsubscribe_url


def test_facts_and_links_are_gone_once_sent_and_the_address_when_its_time_is_up(
    post_office, write, later, riverbend
):
    mail = write(text="Cancel here: https://x.example/secret", html="<p>secret</p>")
    drain()
    mail.refresh_from_db()
    assert mail.facts is None
    assert mail.to == BEN
    later(days=riverbend.contact_retention_days - 1)
    jobs.erase()
    mail.refresh_from_db()
    assert mail.to == BEN
    later(days=2)
    jobs.erase()
    mail.refresh_from_db()
    assert mail.to == ""
    assert mail.subject == "Your walk on Thursday"


def test_without_a_mail_server_mail_waits_and_goes_when_there_is_one(write, settings, post_office):
    with_server = settings.ALONGSIDE
    settings.ALONGSIDE = with_server.model_copy(update={"smtp_url": ""})
    mail = write()
    drain()
    assert state(mail) == State.WAITING
    assert not Job.objects.exists()
    settings.ALONGSIDE = with_server
    jobs.sweep()
    drain()
    assert state(mail) == State.SENT


def test_old_news_is_not_sent(write, settings, post_office, later):
    with_server = settings.ALONGSIDE
    settings.ALONGSIDE = with_server.model_copy(update={"smtp_url": ""})
    mail = write()
    settings.ALONGSIDE = with_server
    later(days=3)
    jobs.sweep()
    drain()
    assert state(mail) == State.FAILED
    assert post_office.taken == []


def test_ada_sends_a_failed_mail_again_and_a_sent_one_not(post_office, write, ada):
    post_office.answers["RCPT"] = ["550 Mailbox full for ever"]
    mail = write()
    drain()
    assert state(mail) == State.FAILED
    actions.send_again(mail, by=ada)
    drain()
    assert state(mail) == State.SENT
    with pytest.raises(actions.NothingToTryAgain):
        actions.send_again(mail, by=ada)
    assert len(post_office.taken) == 1


def test_djangos_own_mail_goes_through_the_outbox_and_shows_in_no_workspace(
    post_office, settings, ada, riverbend
):
    settings.EMAIL_BACKEND = "alongside.outreach.backend.Outbox"
    send_mail("New password", "https://x.example/reset", None, [BEN])
    drain()
    assert post_office.subjects == ["New password"]
    assert not Mail.objects.visible_to(ada, at=riverbend).exists()


def test_coordinators_see_the_outbox_of_their_agency_and_nobody_elses(
    write, riverbend, elsewhere, ada, officer, eve
):
    mail = write()
    assert mail in Mail.objects.visible_to(ada, at=riverbend)
    assert mail not in Mail.objects.visible_to(officer, at=riverbend)
    assert mail not in Mail.objects.visible_to(eve, at=riverbend)
    assert mail not in Mail.objects.visible_to(eve, at=elsewhere)
    assert mail.masked_to == "b…@neighbors.example"
