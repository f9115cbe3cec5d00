"""Mail that comes back is known again, and its address written off; nobody else's word does that."""

import base64
import imaplib
import socket
import subprocess
import sys
import time
from dataclasses import replace
from email.mime.application import MIMEApplication
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.parser import BytesParser, Parser

import pytest

from alongside.jobs.actions import enqueue
from alongside.jobs.models import Job
from alongside.jobs.models import State as JobState
from alongside.jobs.worker import drain
from alongside.outreach import reports, returns
from alongside.outreach.models import Mail, State
from alongside.outreach.tests.cast import BEN, a_mail
from alongside.outside import mailbox
from alongside.outside.models import Circuit

pytestmark = pytest.mark.django_db
NOBODY = "smtp; 550 5.1.1 <ben@neighbors.example>: Recipient address rejected: User unknown"


@pytest.fixture
def mail(riverbend, post_office):
    """One that was sent."""
    mail = a_mail(riverbend)
    drain()
    mail.refresh_from_db()
    assert mail.state == State.SENT
    return mail


@pytest.fixture
def sent(post_office, mail):
    """As it travelled."""
    return post_office.taken[0][2].as_bytes()


def a_report(
    original=None,
    *,
    action="failed",
    status="5.1.1",
    said=NOBODY,
    to="walks@riverbend.example",
    headers_only=False,
):
    """As a mail server writes it (RFC 3464)."""
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"], report["To"], report["Auto-Submitted"] = "MAILER-DAEMON@mx.example", to, "auto-replied"
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report.attach(MIMEText("I'm sorry to have to inform you that your message could not be delivered."))
    told = f"Final-Recipient: rfc822; {BEN}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: {said}\n"
    status_part = Parser().parsestr(
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\nArrival-Date: now\n\n{told}\n"
    )
    report.attach(status_part)
    if original is not None and headers_only:
        head = MIMEText(original.replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode())
        head.replace_header("Content-Type", "text/rfc822-headers")
        report.attach(head)
    elif original is not None:
        report.attach(MIMEMessage(BytesParser().parsebytes(original)))
    return report


def forever(_raw):
    while True:
        pass


def state(mail):
    mail.refresh_from_db()
    return mail.state, mail.refused_at is not None


class TestReports:
    @pytest.mark.parametrize("headers_only", [True, False])
    def test_one_that_returns_our_mail(self, mail, sent, headers_only):
        assert returns.look_after(a_report(sent, headers_only=headers_only).as_bytes())
        assert state(mail) == (State.FAILED, True)
        assert "550 5.1.1" in str(mail.error)
        assert BEN not in str(mail.error)

    def test_one_that_somebody_passed_on(self, mail, sent):
        passed_on = MIMEMultipart()
        passed_on.attach(MIMEText("I found this in the other mailbox."))
        passed_on.attach(MIMEMessage(a_report(sent)))
        assert returns.look_after(passed_on.as_bytes())
        assert state(mail) == (State.FAILED, True)

    def test_one_without_our_headers_is_known_by_the_address_it_came_to(self, mail):
        name = mail.message_id.strip("<>").partition("@")[0]
        assert returns.look_after(a_report(to=f"returns+{name}@riverbend.example").as_bytes())
        assert state(mail) == (State.FAILED, True)

    @pytest.mark.parametrize("packed", ["global", "base64", "in brackets why", "latin-1"])
    def test_however_it_is_packed(self, mail, sent, packed):
        raw = a_report(sent).as_bytes()
        head = b"Content-Type: message/delivery-status\n"
        start = raw.index(b"Reporting-MTA")
        body = raw[start : raw.index(b"\n--", start)]
        replaced = {
            "global": (b"message/delivery-status", b"message/global-delivery-status"),
            "base64": (
                head + b"\n" + body,
                head + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(body),
            ),
            "in brackets why": (b"Action: failed", b"Action: FAILED (no such user)"),
            "latin-1": (b"User unknown", "Nadie está".encode("latin-1")),
        }
        assert replaced[packed][0] in raw, "the premise"
        assert returns.look_after(raw.replace(*replaced[packed]))
        assert state(mail) == (State.FAILED, True)

    def test_one_about_an_address_that_was_taken_back_brings_nothing_of_it_back(self, mail, sent):
        Mail.objects.filter(pk=mail.pk).update(to="", facts=None)
        assert returns.look_after(a_report(sent, said="smtp; 550 5.1.1 ben(at)neighbors.example").as_bytes())
        assert state(mail) == (State.FAILED, False)
        assert not str(mail.error)

    def test_the_finer_code_of_the_answer_counts_where_the_report_has_none(self, mail, sent):
        returns.look_after(a_report(sent, status="5.0.0").as_bytes())
        assert state(mail) == (State.FAILED, True)

    @pytest.mark.parametrize(
        ("status", "said"),
        [
            ("5.2.2", "smtp; 552 5.2.2 Mailbox full"),
            ("5.7.1", "smtp; 550 5.7.1 Blocked by policy"),
            ("4.4.7", "smtp; 421 4.4.7 Delivery time expired"),
            ("5.0.0", ""),
        ],
    )
    def test_a_mail_that_failed_for_another_reason_leaves_its_address_alive(self, mail, sent, status, said):
        assert returns.look_after(a_report(sent, status=status, said=said).as_bytes())
        assert state(mail) == (State.FAILED, False)

    @pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", "Delayed "])
    def test_late_is_not_failed(self, mail, sent, action):
        assert returns.look_after(a_report(sent, action=action, status="4.4.1").as_bytes()), (
            "nobody need read it"
        )
        assert state(mail) == (State.SENT, False)

    def test_what_a_server_said_is_one_line_that_any_database_keeps(self, mail, sent):
        odd = b"a\0b \xff \xed\xa0\x80 \xe2\x80\xae\x0b\x1f=?utf-8?q?=00?= "
        said = b"550 5.1.1 " + odd + b"\xf0\x9f\xa6\x8a" * 9000
        raw, told = a_report(sent).as_bytes(), b"550 5.1.1"
        assert raw.count(told) == 1, "the premise"
        assert returns.look_after(raw.replace(told, said))
        assert state(mail) == (State.FAILED, True)
        assert str(mail.error).isprintable()
        assert str(mail.error).startswith("smtp; 550 5.1.1 a b")

    def test_the_same_report_twice_is_one(self, mail, sent):
        raw = a_report(sent).as_bytes()
        assert returns.look_after(raw)
        assert returns.look_after(raw)
        assert state(mail) == (State.FAILED, True)

    def test_nobody_can_guess_the_name_of_a_mail(self, mail):
        name = mail.message_id.strip("<>").partition("@")[0]
        assert len(name.partition(".")[2]) == 16


class TestOthers:
    def stays(self, mail, raw):
        assert not returns.look_after(raw)
        assert state(mail) == (State.SENT, False)

    def test_a_report_that_knows_only_the_address_silences_nobody(self, mail):
        """Anybody can write one, about anybody."""
        self.stays(mail, a_report().as_bytes())

    def test_one_with_a_name_that_was_guessed(self, mail, sent):
        name = mail.message_id.strip("<>").partition("@")[0]
        forged = sent.replace(name.encode(), mail.public_id.encode() + b".0123456789abcdef")
        self.stays(mail, a_report(forged).as_bytes())
        self.stays(mail, a_report(to=f"returns+{mail.public_id}@riverbend.example").as_bytes())

    def test_one_by_the_name_of_her_own_mail_silences_eve_and_nobody_else(self, mail, riverbend, post_office):
        hers = a_mail(riverbend, "eve@elsewhere.example")
        drain()
        assert returns.look_after(
            a_report(post_office.taken[-1][2].as_bytes()).as_bytes()
        )  # it names Ben's address
        assert state(hers) == (State.FAILED, True)
        assert state(mail) == (State.SENT, False)

    def test_one_that_names_two_of_our_mails_says_nothing_of_either(self, mail, sent, riverbend, post_office):
        a_mail(riverbend, "eve@elsewhere.example")
        drain()
        report = a_report(sent)
        report.attach(MIMEMessage(post_office.taken[-1][2]))
        self.stays(mail, report.as_bytes())

    def test_one_that_says_nothing_that_we_can_read(self, mail, sent):
        self.stays(mail, a_report(sent, action="fehlgeschlagen").as_bytes())

    def test_an_answer_from_holidays(self, mail, sent):
        away = MIMEText("I am away until Monday.\n\n> " + sent.decode().replace("\n", "\n> "))
        away["In-Reply-To"], away["Auto-Submitted"] = mail.message_id, "auto-replied"
        away["Subject"] = "Undelivered: out of office"
        self.stays(mail, away.as_bytes())

    def test_that_it_was_read(self, mail, sent):
        read = MIMEMultipart("report", report_type="disposition-notification")
        read.attach(MIMEText("Your message was displayed."))
        part = Parser().parsestr(
            "Content-Type: message/disposition-notification\n\n"
            f"Original-Message-ID: {mail.message_id}\nAction: failed\nDisposition: manual-action; displayed\n"
        )
        read.attach(part)
        self.stays(mail, read.as_bytes())

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"\0\xff" * 1000,
            b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n",
            b"Content-Type: message/delivery-status\n\nAction: failed\n\nAction: failed\nStatus: \xff\n",
            b"Content-Type: multipart/report\n\nno boundary",
            b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000)),
            b"Content-Type: message/rfc822\n\n" * 3000,
            b"A: " + b"<7fq2mz9k4b@" * 100_000 + b"\n\n",
        ],
        ids=range(8),
    )
    def test_what_is_broken_stays_for_a_person(self, mail, raw):
        began = time.monotonic()
        self.stays(mail, raw)
        assert time.monotonic() - began < 5


# Nobody guesses its password: it is hashed once, not half a million times at each login.
A_SERVER = """
import sys
from pymap.main import main
from pysasl.hashing import BuiltinHash

BuiltinHash.__init__.__kwdefaults__["rounds"] = 1
sys.argv[0] = "pymap"
main()
"""


@pytest.fixture
def imap(settings):
    """A real IMAP server on this machine, with an empty mailbox: (where it is, how to put a letter in)."""
    pytest.importorskip("pymap", reason="the IMAP server of requirements/test.txt is not installed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ["--no-service", "admin", "--host", "127.0.0.1", "--port", str(port), "--no-tls", "dict"]
    server = subprocess.Popen(
        [sys.executable, "-c", A_SERVER, *words, "--demo-user", "returns", "--demo-password", "pw"]
    )
    for _ in range(200):
        try:
            people = imaplib.IMAP4("127.0.0.1", port)
            break
        except OSError:
            time.sleep(0.05)
    people.login("returns", "pw")
    url = f"imap://returns:pw@127.0.0.1:{port}/INBOX"
    settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"imap_url": url})
    yield people
    people.logout()
    server.terminate()
    server.wait()


def put(imap, *letters):
    for letter in letters:
        raw = letter if isinstance(letter, bytes) else letter.as_bytes()
        kind, said = imap.append("INBOX", None, None, raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        assert kind == "OK", said


def left(imap):
    """What people find in the mailbox: the subjects of letters that are there, and of those that are unread."""
    imap.select("INBOX")
    subjects = {}
    for which in ("UNDELETED", "UNSEEN UNDELETED"):
        numbers = imap.search(None, *which.split())[1][0].split()
        heads = [
            imap.fetch(n, "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1][0][1].decode().strip() for n in numbers
        ]
        subjects[which] = [head.removeprefix("Subject: ") for head in heads]
    return subjects["UNDELETED"], subjects["UNSEEN UNDELETED"]


def a_letter(subject):
    letter = MIMEText("Will there be coffee?")
    letter["Subject"] = subject
    return letter


def test_a_letter_without_end_costs_itself_alone(mail, sent, monkeypatch):
    """Its process is ended, it stays for a person, and the next is read."""
    reading = reports.REPORT
    monkeypatch.setattr(returns, "REPORT", replace(reading, parse=forever, seconds=0.5))
    assert not returns.look_after(b"Subject: a loop\n\n")
    monkeypatch.setattr(returns, "REPORT", reading)
    assert returns.look_after(a_report(sent).as_bytes())


class TestMailbox:
    def test_what_came_back_is_read_by_the_clock_and_what_people_wrote_stays_for_people(
        self, mail, sent, imap
    ):
        put(imap, a_letter("A question"), a_report(sent), b"broken \xff", a_letter("Another"))
        job = enqueue("outreach.read_returns")
        drain()
        assert Job.objects.get(pk=job.pk).state == JobState.DONE
        assert state(mail) == (State.FAILED, True)
        there, unread = left(imap)
        assert there == ["A question", "", "Another"]
        assert unread == [], "this server keeps no marks but its own: what was looked at counts as seen"

    def test_nothing_is_looked_at_twice(self, imap):
        put(imap, a_letter("A question"), a_letter("Another"))
        looked = []
        for _ in range(2):
            mailbox.read(mailbox.box(), lambda raw: looked.append(raw) or False, at_most=10)
        assert len(looked) == 2

    def test_a_full_mailbox_is_read_in_portions_the_oldest_first(self, imap):
        put(imap, *(a_letter(f"Letter {number}") for number in range(25)))
        looked = []

        def look(raw):
            looked.append(raw.split(b"Subject: ")[1].split(b"\r\n")[0].decode())
            return False

        assert [mailbox.read(mailbox.box(), look, at_most=10) for _ in range(4)] == [10, 10, 5, 0]
        assert looked == [f"Letter {number}" for number in range(25)]

    def test_of_a_huge_letter_the_beginning_is_read(self, mail, sent, imap):
        report = a_report(sent)
        report.attach(MIMEApplication(b"x" * 3_000_000))
        put(imap, report)
        sizes = []
        mailbox.read(mailbox.box(), lambda raw: sizes.append(len(raw)) or returns.look_after(raw), at_most=10)
        assert sizes == [mailbox.LARGEST]
        assert state(mail) == (State.FAILED, True)

    def test_who_dies_in_the_middle_gets_the_letter_again(self, imap):
        put(imap, a_letter("First"), a_letter("Second"))
        seen = []

        def dies(raw):
            seen.append(raw)
            if len(seen) == 2:
                raise ZeroDivisionError
            return False

        with pytest.raises(ZeroDivisionError):
            mailbox.read(mailbox.box(), dies, at_most=10)
        assert mailbox.read(mailbox.box(), lambda raw: seen.append(raw) or False, at_most=10) == 1
        assert seen[1] == seen[2]

    def test_a_wrong_password_is_told_without_it(self, imap, settings):
        url = settings.ALONGSIDE.imap_url.replace(":pw@", ":secret@")
        settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"imap_url": url})
        job = enqueue("outreach.read_returns")
        drain()
        job.refresh_from_db()
        assert job.state == JobState.DONE, "it is asked again at the next look"
        why = str(Circuit.objects.get(what__contains="mailbox").why)
        assert "did not answer" in why
        assert "secret" not in why


class WithMarks:
    """What is said to a server that keeps whatever mark it is given."""

    capabilities = ("IMAP4REV1",)

    def __init__(self):
        self.said = []

    def response(self, _code):
        return "PERMANENTFLAGS", [rb"(\Seen \Deleted \*)"]

    def uid(self, *words):
        self.said.append(" ".join(words))
        found = {"SEARCH": [b"7 3"], "FETCH": [(b"1 (BODY[]<0> {2}", b"hi"), b")"], "STORE": [None]}
        return "OK", found[words[0]]


def test_where_a_server_keeps_our_mark_a_letter_stays_unread_for_people():
    line = WithMarks()
    assert mailbox._read(line, lambda raw: raw != b"hi", 10) == 2
    assert line.said[0] == "SEARCH UNDELETED UNKEYWORD AlongsideRead"
    assert [each for each in line.said if "STORE" in each] == [
        "STORE 3 +FLAGS.SILENT (AlongsideRead)",
        "STORE 7 +FLAGS.SILENT (AlongsideRead)",
    ]


def test_without_a_mailbox_nothing_is_read():
    job = enqueue("outreach.read_returns")
    drain()
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_each_mail_comes_back_to_a_name_of_its_own_where_the_server_takes_such(
    riverbend, post_office, settings
):
    settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"mail_returns": "returns+*@riverbend.example"})
    mail = a_mail(riverbend)
    drain()
    name = mail.message_id.strip("<>").partition("@")[0]
    assert post_office.taken[0][0] == f"returns+{name}@riverbend.example"
    assert Mail.objects.get().state == State.SENT
