"""Whoever speaks gets in, however many are silent. Over real sockets, to the server as `serve` runs it."""

import asyncio
import resource
import socket
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace

import pytest

from alongside.cli import connections
from alongside.cli.connections import Config, Lobby, Rules, Server, places

PLACES, SHARE = 12, 8


class App:
    """Answers at once; `/stream` is open for as long as the test wants; `/large` is more than a socket holds."""

    def __init__(self):
        self.heads = []
        self.end = threading.Event()

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            for _ in range(2):
                await send({"type": f"{(await receive())['type']}.complete"})
            return
        while (message := await receive()).get("more_body"):
            pass
        if message["type"] == "http.disconnect":
            return
        self.heads.append(dict(scope["headers"]))
        body = b"x" * 20_000_000 if scope["path"] == "/large" else b"here you are"
        await send({"type": "http.response.start", "status": 200})
        if scope["path"] == "/stream":
            await send({"type": "http.response.body", "body": b"open", "more_body": True})
            while not self.end.is_set():
                await asyncio.sleep(0.02)
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
def house(monkeypatch):
    """(app, port, lobby) of a server with few places and little patience."""
    monkeypatch.setattr(connections, "EVERY", 1)
    app, lobby = App(), Lobby(Rules(places=PLACES, share=SHARE, head=0.5, idle=1, leaving=0.5, unread=8192))
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server = Server(Config(app, lobby))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield app, port, lobby
    app.end.set()
    server.should_exit = True
    thread.join()


@contextmanager
def caller(port, said=b"", address="127.0.0.1"):
    with socket.create_connection(("127.0.0.1", port), 5, source_address=(address, 0)) as one:
        one.sendall(said)
        yield one


def asks(path="/", more=b""):
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n".encode() + more + b"\r\n"


def hears(one, seconds=5):
    """What it is told first; b"" when it has been hung up on; None while nothing happens."""
    one.settimeout(seconds)
    try:
        return one.recv(4096)
    except TimeoutError:
        return None
    except ConnectionResetError:
        return b""


def answered(port, path="/", address="127.0.0.1"):
    with caller(port, asks(path), address) as one:
        return hears(one).startswith(b"HTTP/1.1 200")


def seconds_until_let_go(one):
    began = time.monotonic()
    while hears(one):
        pass
    return time.monotonic() - began


@pytest.mark.parametrize(
    "said",
    [b"", b"G", b"\r\n" * 9, asks()[:-2], asks() + b"GET / HT"],
    ids=["nothing", "G", "blank", "head", "second"],
)
def test_a_head_that_is_never_whole_is_let_go(house, said):
    _app, port, _lobby = house
    with caller(port, said) as one:
        assert 0.3 < seconds_until_let_go(one) < 3


def test_a_head_that_comes_letter_by_letter_has_no_more_time(house):
    _app, port, _lobby = house
    with caller(port, asks()[:-2] + b"X-Slow: ") as one, pytest.raises(OSError):
        for _ in range(60):
            one.sendall(b"x")
            time.sleep(0.05)


def test_who_has_an_answer_and_asks_no_more_is_let_go(house):
    _app, port, _lobby = house
    with caller(port, asks()) as one:
        assert hears(one).startswith(b"HTTP/1.1 200")
        assert 0.5 < seconds_until_let_go(one) < 4


def test_who_takes_no_answer_is_let_go(house):
    _app, port, lobby = house
    with caller(port, asks("/large")) as one:
        eventually(lambda: lobby.everyone)
        one.shutdown(socket.SHUT_WR)
        eventually(lambda: not lobby.everyone)


def test_who_speaks_gets_in_though_every_place_is_taken(house):
    app, port, lobby = house
    with ExitStack() as stack:
        silent = [
            stack.enter_context(caller(port, b"GET", f"127.0.{1 + number % 3}.1")) for number in range(PLACES)
        ]
        eventually(lambda: len(lobby.everyone) == PLACES)
        assert all(answered(port, address="127.0.9.1") for _ in range(5))
        assert hears(silent[0], 0.1) == b"", "the premise: who had been silent for longest has gone"
        assert app.heads


def test_who_is_being_answered_stays(house):
    app, port, lobby = house
    with ExitStack() as stack:
        streams = [
            stack.enter_context(caller(port, asks("/stream"), f"127.0.{1 + number % 3}.1"))
            for number in range(PLACES)
        ]
        assert all(hears(one).startswith(b"HTTP/1.1 200") for one in streams)
        with caller(port, asks(), "127.0.9.1") as late:
            assert hears(late).startswith(b"HTTP/1.1 503"), "nobody is silent, so nobody has to go"
        app.end.set()
        assert all(b"here you are" in heard_all(one) for one in streams)
    eventually(lambda: len(lobby.everyone) == 0)


def test_a_network_that_has_its_share_makes_room_itself(house):
    _app, port, lobby = house
    with ExitStack() as stack:
        stranger = stack.enter_context(caller(port, b"GET", "127.0.1.1"))
        eventually(lambda: len(lobby.everyone) == 1)
        crowd = [
            stack.enter_context(caller(port, b"GET", f"127.0.2.{number}")) for number in range(1, SHARE + 3)
        ]
        assert hears(crowd[0], 0.2) == hears(crowd[1], 0.2) == b""
        assert hears(stranger, 0.01) is None, "the premise: there was room for this one"
        assert lobby.held["127.0.2.0/24"] == SHARE


def test_a_body_on_its_way_is_not_a_head_that_is_late(house):
    app, port, _lobby = house
    with caller(port, b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 12\r\n\r\n") as one:
        for _ in range(12):
            time.sleep(0.1)
            one.sendall(b"x")
        assert hears(one).startswith(b"HTTP/1.1 200")
    assert len(app.heads) == 1


def test_what_follows_a_body_is_not_a_header(house):
    """Or it would be read as one that a proxy has looked at."""
    app, port, _lobby = house
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Early: yes\r\nTransfer-Encoding: chunked\r\n\r\n"
    with caller(port, head + b"1\r\nx\r\n0\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n") as one:
        assert hears(one).startswith(b"HTTP/1.1 200")
    assert app.heads[0][b"x-early"] == b"yes"
    assert b"x-forwarded-for" not in app.heads[0]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (asks(more=b"X-Long: " + b"x" * 300_000), b"HTTP/1.1 431"),
        (asks(more=b"X-Short: x\r\n" * 30_000), b"HTTP/1.1 431"),
        (b"\r\n" * 150_000, b""),
        (asks() + b"\r\n" * 150_000, b"HTTP/1.1 200"),
        (
            b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Long: "
            + b"x" * 300_000,
            b"",
        ),
    ],
    ids=["one long", "many", "blank lines", "blank after", "after a body"],
)
def test_a_head_has_an_end(house, said, told):
    _app, port, lobby = house
    lobby.rules = replace(lobby.rules, head=60, idle=60)
    with caller(port) as one:
        with suppress(OSError):
            one.sendall(said)
        # Who is still sending when we hang up may find the answer gone.
        assert (hears(one) or b"")[:12] in {told, b""}
        eventually(lambda: not lobby.everyone)


def test_who_asks_ahead_is_answered_in_order(house):
    app, port, lobby = house
    with caller(port, asks() * (lobby.rules.ahead + 1)) as one:
        heard = b""
        while heard.count(b"here you are") <= lobby.rules.ahead:
            heard += hears(one)
    assert len(app.heads) == lobby.rules.ahead + 1


def test_nobody_asks_without_end_before_they_are_answered(house):
    """One reading of the socket holds ten thousand requests, and each would cost some kilobytes until its turn."""
    app, port, lobby = house
    with caller(port) as one:
        with suppress(OSError):
            one.sendall(b"GET / HTTP/1.1\r\n\r\n" * 50_000)
        with suppress(ConnectionResetError):
            heard_all(one)
        eventually(lambda: not lobby.everyone)
    assert len(app.heads) <= lobby.rules.ahead + 1


def test_a_body_is_not_wrapped_in_more_than_itself_without_end(house):
    app, port, lobby = house
    lobby.rules = replace(lobby.rules, head=60, idle=60)
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    with caller(port, head) as one, suppress(OSError):
        for _ in range(40):
            one.sendall(b"1;x\r\nx\r\n" * 1_000)
        one.sendall(b"0\r\n\r\n")
        hears(one)
    eventually(lambda: not lobby.everyone)
    assert not app.heads
    with caller(port, head + b"1\r\nx\r\n" * 1_000 + b"0\r\n\r\n") as honest:
        assert hears(honest).startswith(b"HTTP/1.1 200")


def test_who_asks_for_another_protocol_is_answered_in_this_one(house, caplog):
    _app, port, _lobby = house
    with caller(port, asks(more=b"Connection: Upgrade\r\nUpgrade: websocket\r\n")) as one:
        assert hears(one).startswith(b"HTTP/1.1 200")
    assert not caplog.messages


def eventually(true, seconds=5):
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.01)


def heard_all(one):
    pieces = []
    while piece := hears(one):
        pieces.append(piece)
    return b"".join(pieces)


# --- what needs no socket


@pytest.mark.parametrize("descriptors", [256, 1024, 4096, 20_000, 1_048_576])
@pytest.mark.parametrize("threads", [1, 8, 64])
def test_the_house_keeps_room_for_itself(descriptors, threads):
    there_are = places(15_000, descriptors, threads)
    assert 0 < there_are <= 15_000
    assert descriptors - there_are >= min(descriptors // 2, 192 + 8 * threads)


def test_a_hall_and_a_carrier_are_not_felt():
    """2,300 phones behind one address, three connections each, on a system that allows 20,000 open files."""
    there_are = places(15_000, 20_000, 8)
    assert there_are * 50 // 100 >= 2300 * 3


def test_descriptors_are_claimed_up_to_what_is_allowed(monkeypatch):
    claimed = []
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (256, 1024))
    monkeypatch.setattr(resource, "setrlimit", lambda _which, limits: claimed.append(limits))
    assert connections.claim_descriptors(15_000, 8) == 1024 - 256
    assert connections.claim_descriptors(500, 8) == 500
    assert claimed == [(1024, 1024), (756, 1024)]


class Still:
    """As much of a connection as a lobby needs."""

    def __init__(self, network, lobby):
        self.network, self.lobby = network, lobby

    def drop(self):
        self.lobby.leave(self)


def test_who_said_something_last_goes_last():
    lobby = Lobby(Rules(places=3, share=3))
    first, second, third = [Still("a", lobby) for _ in range(3)]
    assert all(lobby.enter(one) for one in (first, second, third))
    lobby.heard(first)
    assert lobby.enter(Still("b", lobby))
    assert second not in lobby.everyone
    assert {first, third} < lobby.everyone


def test_nothing_is_kept_of_who_has_gone():
    lobby = Lobby(Rules(places=1000, share=1000))
    everyone = [Still(f"network {number % 50}", lobby) for number in range(500)]
    for one in everyone:
        lobby.enter(one)
        lobby.answering(one)
        lobby.heard(one)
    for one in everyone:
        lobby.leave(one)
        lobby.heard(one)
    assert not lobby.everyone
    assert not lobby.held
    assert not lobby.silent
