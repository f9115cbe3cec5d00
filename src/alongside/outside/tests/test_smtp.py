"""Hand mail over: encrypted where that is offered, many in one conversation, and every no for what it is."""

import socket
import ssl

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from alongside.outside import circuits, smtp, tls
from alongside.outside.errors import Away, Resting, Unsure
from alongside.outside.servers import Server
from alongside.outside.tests.certificates import a_certificate

pytestmark = pytest.mark.django_db
MAIL = b"Subject: Thursday\r\n\r\nSee you at six.\r\n"


class Office:
    """Takes mail, says what it is told to, and counts the conversations."""

    def __init__(self):
        self.taken, self.conversations, self.answers = [], set(), {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.conversations.add(session.peer)
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        (to,) = envelope.rcpt_tos
        if to.startswith("gone"):
            server.transport.abort()
        if to.startswith("spam"):
            return "554 5.7.1 Looks like spam"
        self.taken.append((to, session.ssl is not None, session.authenticated))
        return "250 OK"


@pytest.fixture
def begin():
    running = []

    def begin(**words):
        office = Office()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        controller = Controller(office, hostname="127.0.0.1", port=port, **words)
        controller.start()
        running.append(controller)
        office.port = port
        return office

    yield begin
    for controller in running:
        controller.stop()


def hand_over(office, to="ben@neighbors.example", *, user="", encrypted=False):
    server = Server(
        "localhost" if encrypted else "127.0.0.1", office.port, user, "pw" * bool(user), encrypted
    )
    smtp.hand_over(MAIL, sender="walks@riverbend.example", to=to, server=server)


def test_one_conversation_carries_many(begin):
    office = begin()
    for _ in range(5):
        hand_over(office)
    assert len(office.taken) == 5
    assert len(office.conversations) == 1


def test_a_conversation_that_the_server_ended_is_begun_again(begin):
    office = begin()
    hand_over(office)
    (idle,) = smtp._idle[Server("127.0.0.1", office.port, "", "", False)]
    idle.sock.shutdown(socket.SHUT_RDWR)
    hand_over(office)
    assert len(office.taken) == 2
    assert circuits.down() == []


def test_after_a_no_the_conversation_goes_on(begin):
    office = begin()
    office.answers["nobody@neighbors.example"] = "550 5.1.1 User unknown"
    with pytest.raises(smtp.Permanent):
        hand_over(office, "nobody@neighbors.example")
    hand_over(office)
    with pytest.raises(smtp.Permanent):
        hand_over(office, "spam@neighbors.example")
    hand_over(office)
    assert len(office.taken) == 2
    assert len(office.conversations) == 1


@pytest.mark.parametrize(
    ("answer", "nobody_there"),
    [
        ("550 5.1.1 User unknown", True),
        ("550 5.1.10 Recipient not found", True),
        ("553 5.1.3 Bad address", True),
        ("550 5.2.1 Mailbox closed", True),
        ("550 No such user here", True),
        ("552 5.2.2 Mailbox full", False),
        ("550 5.7.1 Relaying denied", False),
        ("554 Relay access denied", False),
        ("550 Blocked, see spamhaus", False),
        ("550 Sender policy", False),
    ],
)
def test_what_a_no_says_of_the_address(begin, answer, nobody_there):
    office = begin()
    office.answers["x@neighbors.example"] = answer
    with pytest.raises(smtp.Permanent) as refused:
        hand_over(office, "x@neighbors.example")
    assert refused.value.nobody_there == nobody_there
    assert circuits.down() == []


@pytest.mark.parametrize(
    "answer", ["421 4.3.2 Closing", "530 5.7.0 Sign in first", "535 5.7.8 Sign in first"]
)
def test_a_no_to_us_is_none_to_the_mail(begin, answer):
    office = begin()
    office.answers["x@neighbors.example"] = answer
    for _ in range(circuits.OPENS_AFTER):
        with pytest.raises(Away):
            hand_over(office, "x@neighbors.example")
    with pytest.raises(Resting):
        hand_over(office)


def test_a_server_that_hangs_up_over_the_mail_may_have_taken_it(begin):
    with pytest.raises(Unsure):
        hand_over(begin(), "gone@neighbors.example")


def checks(_server, _session, _envelope, _mechanism, given):
    return AuthResult(success=(given.login, given.password) == (b"ben", b"pw"), handled=False)


class TestEncryption:
    @pytest.fixture
    def trusted(self, tmp_path, monkeypatch):
        file, encrypted = a_certificate(tmp_path, "localhost")
        monkeypatch.setattr(tls, "context", lambda: ssl.create_default_context(cafile=file))
        return encrypted

    def test_from_the_start(self, begin, trusted):
        office = begin(ssl_context=trusted)
        hand_over(office, encrypted=True)
        hand_over(office, encrypted=True)
        assert len(office.taken) == 2
        assert len(office.conversations) == 1

    def test_where_the_server_offers_it(self, begin, trusted):
        office = begin(tls_context=trusted, authenticator=checks, auth_require_tls=True)
        server = Server("localhost", office.port, "ben", "pw", tls_from_the_start=False)
        smtp.hand_over(MAIL, sender="walks@riverbend.example", to="x@neighbors.example", server=server)
        assert office.taken == [("x@neighbors.example", True, True)]

    @pytest.mark.parametrize("words", ["ssl_context", "tls_context"])
    def test_not_with_a_server_that_cannot_prove_its_name(self, begin, tmp_path, words):
        _file, encrypted = a_certificate(tmp_path, "localhost")
        office = begin(**{words: encrypted})
        server = Server("localhost", office.port, "", "", tls_from_the_start=words == "ssl_context")
        with pytest.raises(Away, match="certificate"):
            smtp.hand_over(MAIL, sender="walks@riverbend.example", to="x@neighbors.example", server=server)
        assert office.taken == []

    def test_a_wrong_password_is_told_without_it(self, begin, trusted):
        office = begin(tls_context=trusted, authenticator=checks, auth_require_tls=True)
        server = Server("localhost", office.port, "ben", "sesame", tls_from_the_start=False)
        with pytest.raises(Away) as refused:
            smtp.hand_over(MAIL, sender="walks@riverbend.example", to="x@neighbors.example", server=server)
        assert "535" in str(refused.value)
        assert "sesame" not in f"{refused.value} {server}"
