"""A name becomes an address once; what is not the public internet is not called, however it is written."""

import socket
import threading
import time
from contextlib import contextmanager
from ipaddress import IPv4Address, ip_address

import pytest

from alongside.outside import addresses
from alongside.outside.errors import Away, Forbidden, TooSlow


@pytest.fixture
def allow(settings):
    def allow(*hosts):
        settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"outside_allow": list(hosts)})

    return allow


@contextmanager
def a_server(family=socket.AF_INET):
    """Somebody who listens on this machine and says nothing."""
    with socket.create_server(
        ("127.0.0.1" if family == socket.AF_INET else "::1", 0), family=family
    ) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        str(IPv4Address(0)),
        "0.1.2.3",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "100.64.0.1",
        "100.127.255.254",
        "169.254.169.254",
        "192.0.0.192",
        "192.88.99.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::1",
        "2002:a00:1::",
        "2001:0:7f00:1::",
        "2606:4700::5efe:127.0.0.1",
        "2606:4700::200:5efe:10.0.0.1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
    ],
)
def test_what_is_not_public_is_refused(address):
    assert addresses.refusal(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "172.32.0.1",
        "100.128.0.1",
        "192.0.1.1",
        "2606:4700::1111",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
    ],
)
def test_what_is_public_is_not(address):
    assert addresses.refusal(ip_address(address)) is None


def test_an_address_of_this_machine_that_looks_public_is_refused(monkeypatch):
    monkeypatch.setattr(addresses, "NOT_PUBLIC", [])
    assert "this machine" in str(addresses.refusal(ip_address("127.0.0.1")))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]"]
)
def test_this_machine_is_refused_by_every_name(host):
    with a_server() as port, pytest.raises((Forbidden, Away)) as refused:
        addresses.connect(host, port, seconds=2)
    assert host == "[::1]" or isinstance(refused.value, Forbidden)


@pytest.mark.parametrize("allowed", ["127.0.0.1", "127.0.0.1:{port}"])
def test_one_that_the_operator_named_is_called(allow, allowed):
    with a_server() as port:
        allow(allowed.format(port=port))
        with addresses.connect("127.0.0.1", port, seconds=2) as line:
            assert line.getpeername() == ("127.0.0.1", port)


@pytest.mark.parametrize("allowed", ["127.0.0.1:1", "localhost", "127.0.0.10", "0.0.1"])
def test_by_another_name_it_is_not(allow, allowed):
    allow(allowed)
    with a_server() as port, pytest.raises(Forbidden):
        addresses.connect("127.0.0.1", port, seconds=2)


def test_the_name_is_asked_for_once_and_the_line_goes_there(monkeypatch, allow):
    """Whoever owns a name could answer otherwise when it is asked for again: this machine, the second time."""
    asked = []

    def getaddrinfo(host, port, **_more):
        asked.append(host)
        where = "8.8.8.8" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (where, port))]

    went = []
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(addresses, "_line_to", lambda place, seconds: went.append(place.where))
    addresses.connect("rebinds.example", 80, seconds=2)
    assert (asked, went) == (["rebinds.example"], [("8.8.8.8", 80)])


def test_of_several_addresses_only_the_public_ones_are_called(monkeypatch):
    found = [(socket.AF_INET, 1, 6, "", (where, 80)) for where in ("127.0.0.1", "8.8.8.8", "10.0.0.1")]
    went = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    monkeypatch.setattr(addresses, "_line_to", lambda place, seconds: went.append(place.where))
    addresses.connect("mixed.example", 80, seconds=2)
    assert went == [("8.8.8.8", 80)]


@pytest.mark.parametrize("host", ["nobody.invalid", "a" * 300, "ü" * 80 + ".example", ""])
def test_a_name_that_is_none(host):
    with pytest.raises((Away, Forbidden)):
        addresses.connect(host, 80, seconds=5)


def test_a_name_that_nobody_answers_for_does_not_hold_us_up(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: time.sleep(3) or [])
    began = time.monotonic()
    with pytest.raises(TooSlow):
        addresses.connect("slow.example", 80, seconds=0.2)
    assert time.monotonic() - began < 1


class TestCuttingOff:
    def test_who_says_a_letter_at_a_time_is_cut_off(self, allow):
        def drip(server):
            line, _where = server.accept()
            with line:
                for _letter in range(100):
                    try:
                        line.send(b"x")
                    except OSError:
                        return
                    time.sleep(0.05)

        allow("127.0.0.1")
        with socket.create_server(("127.0.0.1", 0)) as server:
            threading.Thread(target=drip, args=[server], daemon=True).start()
            line = addresses.connect("127.0.0.1", server.getsockname()[1], seconds=2)
            began = time.monotonic()
            with line, pytest.raises(TooSlow), addresses.cut_off(line, seconds=0.3):
                while line.recv(1):
                    pass
            assert 0.2 < time.monotonic() - began < 1.5

    def test_a_line_that_is_done_in_time_goes_on(self, allow):
        allow("127.0.0.1")
        with a_server() as port, addresses.connect("127.0.0.1", port, seconds=2) as line:
            with addresses.cut_off(line, seconds=0.1):
                pass
            time.sleep(0.2)
            assert line.send(b"still here")

    def test_what_went_wrong_in_time_is_told_as_it_is(self, allow):
        allow("127.0.0.1")
        with (
            a_server() as port,
            addresses.connect("127.0.0.1", port, seconds=2) as line,
            pytest.raises(ZeroDivisionError),
            addresses.cut_off(line, seconds=5),
        ):
            raise ZeroDivisionError
